# %% [raw]
# kind: wrong
# why: a steering wheel that only turns to the right
# rest: solved
# points: {output-activation-test: 0}
# messages:
#   output-activation-test: "steering («sigmoid»): esa activación puede dar giros"

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "sigmoid",
    "baby_cry": "softmax",
    "photo": "sigmoid",
    "rain": "softplus",
    "steering": "sigmoid",
}
