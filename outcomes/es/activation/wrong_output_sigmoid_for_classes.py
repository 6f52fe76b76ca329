# %% [raw]
# kind: wrong
# why: four probabilities for one single cause which need not add up to 1
# rest: solved
# points: {output-activation-test: 0}
# messages: {output-activation-test: "¿cuánto tienen que sumar las cuatro probabilidades?"}

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "sigmoid",
    "baby_cry": "sigmoid",
    "photo": "sigmoid",
    "rain": "softplus",
    "steering": "tanh",
}
