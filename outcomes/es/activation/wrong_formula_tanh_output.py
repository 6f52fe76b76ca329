# %% [raw]
# kind: wrong
# why: a tanh in the output too, which cannot leave -1 to 1
# rest: solved
# points: {tanh-network-test: 0}
# messages: {tanh-network-test: "le pones una tanh a la salida"}

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    hidden = np.tanh(X @ W_hidden + theta)
    return np.tanh(hidden @ W_out)
