# %% [raw]
# kind: right
# why: a subclassed model with a direct way past the hidden layers, Huber loss and RMSprop, members of the same class
# rest: solved
# points: {}

# %% multiply
class Multiplier(keras.Model):
    def __init__(self, neurons):
        super().__init__()
        self.first = keras.layers.Dense(neurons, activation="tanh")
        self.second = keras.layers.Dense(neurons, activation="tanh")
        self.direct = keras.layers.Dense(1, use_bias=False)
        self.last = keras.layers.Dense(1)

    def call(self, z):
        return self.last(self.second(self.first(z))) + self.direct(z)


def trained_multiplier(neurons, X, t, epochs):
    model = Multiplier(neurons)
    # La tasa baja poco a poco: al final los pasos son finos.
    rate = keras.optimizers.schedules.PolynomialDecay(0.01, epochs * len(X) // 100, 0.0005)
    model.compile(optimizer=keras.optimizers.RMSprop(rate), loss=keras.losses.Huber(delta=1.0))
    model.fit(standardise(X, 5, 3), standardise(t, 600, 900), epochs=epochs, batch_size=100, verbose=0)
    return lambda X: unstandardise(model.predict(standardise(X, 5, 3), verbose=0), 600, 900)


keras.utils.set_random_seed(SEED)
multiply = trained_multiplier(32, X_train, t_train, 20)

# %% ensemble
def member_predictions(X):
    return np.concatenate([f(X) for f in multipliers], axis=1).T


def ensemble(X):
    return np.mean(member_predictions(X), axis=0, keepdims=True).T


rng = np.random.default_rng(SEED)
multipliers = [trained_multiplier(20, *make_products(4000, rng), 12) for _ in range(3)]
