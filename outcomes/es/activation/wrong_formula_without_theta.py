# %% [raw]
# kind: wrong
# why: the thresholds are passed and never used
# rest: solved
# points: {tanh-network-test: 0}
# messages: {tanh-network-test: "lo mismo con theta que sin theta"}

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return np.tanh(X @ W_hidden) @ W_out
