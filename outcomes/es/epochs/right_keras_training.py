# %% [raw]
# kind: right
# why: Keras does the steps and the training, NumPy only the shuffling; float32 answers, an array of errors
# rest: solved

# %% mse
def mse(t, y):
    y = np.asarray(y, dtype=float)
    t = np.asarray(t, dtype=float).reshape(y.shape)
    return float(keras.ops.mean(keras.ops.square(t - y)))

# %% gradient-step
def gradient_step(X, t, w, b, learning_rate):
    layer = keras.layers.Dense(1)
    layer.build((None, X.shape[1]))
    layer.set_weights([np.reshape(w, (-1, 1)), np.reshape(b, (1,))])
    neuron = keras.Sequential([keras.Input((X.shape[1],)), layer])
    neuron.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse", run_eagerly=True)
    neuron.train_on_batch(X, np.reshape(t, (-1, 1)))
    w_new, b_new = layer.get_weights()
    return w_new[:, 0], b_new[0]

# %% batches
def batches(X, t, batch_size, rng):
    X, t = X.copy(), t.copy()
    state = rng.bit_generator.state
    rng.shuffle(X)
    # El mismo azar otra vez: t queda en el mismo orden que X.
    rng.bit_generator.state = state
    rng.shuffle(t)
    return [(X[k:k + batch_size], t[k:k + batch_size]) for k in range(0, len(t), batch_size)]

# %% train
def train(X, t, batch_size, epochs, learning_rate, rng):
    keras.utils.set_random_seed(int(rng.integers(1_000_000)))
    inputs = keras.Input((X.shape[1],))
    neuron = keras.Model(inputs, keras.layers.Dense(1, activation="linear")(inputs))
    neuron.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mean_squared_error")
    errors = []

    def note(epoch, logs):
        w, b = neuron.get_weights()
        errors.append(np.mean((X @ w + b - t[:, None]) ** 2))

    callback = keras.callbacks.LambdaCallback(on_epoch_end=note)
    neuron.fit(X, t, batch_size=batch_size, epochs=epochs, callbacks=[callback], verbose=0)
    w, b = neuron.get_weights()
    return w.ravel(), float(b[0]), np.array(errors)

# %% iterations
def iterations(N, batch_size, epochs):
    per_epoch, left_over = divmod(N, batch_size)
    if left_over:
        per_epoch += 1
    return per_epoch * epochs

# %% early-stopping
def early_stopping(val_losses, patience):
    # Una red que no aprende nada hace de maniquí: el callback de Keras solo mira los errores.
    dummy = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    stopper = keras.callbacks.EarlyStopping(monitor="val_loss", patience=patience)
    stopper.set_model(dummy)
    stopper.on_train_begin()
    dummy.stop_training = False
    for epoch, loss in enumerate(val_losses):
        stopper.on_epoch_end(epoch, {"val_loss": loss})
        if dummy.stop_training:
            break
    return epoch + 1, stopper.best_epoch + 1
