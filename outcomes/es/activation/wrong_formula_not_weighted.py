# %% [raw]
# kind: wrong
# why: adds up the hidden neurons without the weights of the output
# rest: solved
# points: {tanh-network-test: 0}
# messages: {tanh-network-test: "se esperaban números con forma (40, 2)"}

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return np.tanh(X @ W_hidden + theta).sum(axis=1)
