# %% [raw]
# kind: wrong
# why: softmax for things that may be in a photo together, or none of them
# rest: solved
# points: {output-activation-test: 0}
# messages: {output-activation-test: "photo («softmax»): puede haber varias cosas a la vez"}

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "sigmoid",
    "baby_cry": "softmax",
    "photo": "softmax",
    "rain": "relu",
    "steering": "tanh",
}
