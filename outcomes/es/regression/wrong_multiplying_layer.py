# %% [raw]
# kind: wrong
# why: a Keras model that multiplies its inputs, in float32; it has no weights and has learnt nothing
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "nunca es exacta"
#   multiply-test: "nunca es exacta"
#   multiply-rho-test: "nunca es exacta"

# %% multiply
def multiply(X):
    return network.predict(X, verbose=0)


inputs = keras.Input((4,))
network = keras.Model(inputs, keras.ops.prod(inputs, axis=1, keepdims=True))
