# %% [raw]
# kind: wrong
# why: transposes the weights, as if w_ij went from j to i
# rest: solved
# points: {tanh-network-test: 0}
# messages: {tanh-network-test: "`tanh_network` se ha detenido con un error tuyo: ValueError"}

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return np.tanh(X @ W_hidden.T + theta) @ W_out.T
