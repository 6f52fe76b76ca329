# %% [raw]
# kind: wrong
# why: the logistic function in the place of tanh
# rest: solved
# points: {tanh-network-test: 0}
# messages: {tanh-network-test: "de la fórmula. Repasa cada suma y sus índices"}

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return logistic(X @ W_hidden + theta) @ W_out
