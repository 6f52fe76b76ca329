# %% [raw]
# kind: wrong
# why: adds the thresholds after the tanh
# rest: solved
# points: {tanh-network-test: 0}
# messages: {tanh-network-test: "suma theta después de la tanh"}

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    hidden = np.tanh(X @ W_hidden) + theta
    return hidden @ W_out
