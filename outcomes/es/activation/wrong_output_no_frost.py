# %% [raw]
# kind: wrong
# why: temperatures that can never fall below 0
# rest: solved
# points: {output-activation-test: 0}
# messages: {output-activation-test: "temperature («relu»)"}

# %% output-activation
output_activation = {
    "temperature": "relu",
    "galaxy": "sigmoid",
    "baby_cry": "softmax",
    "photo": "sigmoid",
    "rain": "relu",
    "steering": "tanh",
}
