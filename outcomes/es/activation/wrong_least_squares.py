# %% [raw]
# kind: wrong
# why: NumPy alone, random tanh neurons and an output by least squares, where a network trained with Keras is asked
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "no sale de una red entrenada", approximate-test: "no sale de una red entrenada"}

# %% approximate
rng = np.random.default_rng(SEED)
slopes = rng.uniform(0.3, 0.8, (1, 60)) * rng.choice([-1, 1], (1, 60))
thresholds = -slopes[0] * np.linspace(0, 24, 60)  # cada neurona cambia de signo a una hora distinta


def hidden_layer(hours):
    neurons = np.tanh(np.reshape(hours, (-1, 1)) @ slopes + thresholds)
    return np.hstack([neurons, np.ones((len(neurons), 1))])


# Los pesos de salida que hacen mínimo el error; un poco de freno para que no crezcan.
A = hidden_layer(hours)
output_weights = np.linalg.solve(A.T @ A + 1e-4 * np.eye(61), A.T @ temperature)


def approximate(hours):
    return hidden_layer(hours) @ output_weights
