# %% [raw]
# kind: wrong
# why: softmax with a single neuron, which always answers 1
# rest: solved
# points: {output-activation-test: 0}
# messages: {output-activation-test: "galaxy («softmax»)"}

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "softmax",
    "baby_cry": "softmax",
    "photo": "sigmoid",
    "rain": "relu",
    "steering": "tanh",
}
