# %% [raw]
# kind: right
# why: trains with Keras, takes the weights out and answers with the formula of section 6
# rest: solved

# %% approximate
keras.utils.set_random_seed(SEED)
net = keras.Sequential([keras.Input((1,)), keras.layers.Dense(20, activation="tanh"), keras.layers.Dense(1)])
net.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
net.fit((hours - 12)[:, None] / 7, (temperature - 16)[:, None] / 5, batch_size=29, epochs=160, verbose=0)
W_hidden, theta, W_out, theta_out = net.get_weights()


def approximate(hours):
    return 16 + 5 * (tanh_network(np.reshape(hours, (-1, 1)) / 7 - 12 / 7, W_hidden, theta, W_out) + theta_out)[:, 0]
