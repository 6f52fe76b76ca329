# %% [raw]
# kind: wrong
# why: a polynomial answers, and a network that nobody trained adds next to nothing
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "no sale de una red entrenada", approximate-test: "no sale de una red entrenada"}

# %% approximate
keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
curve = np.polynomial.Polynomial.fit(hours, temperature, 9)


def approximate(hours):
    return curve(hours) + 0.01 * net.predict(np.asarray(hours)[:, None] / 12 - 1, verbose=0)[:, 0]
