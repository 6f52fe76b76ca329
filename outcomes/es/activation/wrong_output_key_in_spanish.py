# %% [raw]
# kind: wrong
# why: two keys translated, so that two tasks have no answer
# rest: solved
# points: {output-activation-test: 0}
# messages: {output-activation-test: "falta la clave «photo»"}

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "sigmoid",
    "baby_cry": "softmax",
    "foto": "sigmoid",
    "lluvia": "softplus",
    "steering": "tanh",
}
