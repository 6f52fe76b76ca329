# %% [raw]
# kind: wrong
# why: six hidden neurons, enough for the first target and ρ; more epochs do not help them to the second
# rest: solved
# points: {multiply-test: 0}
# messages:
#   multiply-test: "más neuronas o más datos"

# %% multiply
def multiply(X):
    return unstandardise(network.predict(standardise(X, *x_scale), verbose=0)[:, 0], *t_scale)


x_scale, t_scale = mean_and_sigma(X_train), mean_and_sigma(t_train)
keras.utils.set_random_seed(SEED)
network = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(6, activation="tanh"),
    keras.layers.Dense(1),
])
network.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse")
network.fit(standardise(X_train, *x_scale), standardise(t_train, *t_scale), epochs=20, batch_size=200, verbose=0)
