# %% [raw]
# kind: wrong
# why: two sums and no activation at all
# rest: solved
# points: {tanh-network-test: 0}
# messages: {tanh-network-test: "como una red sin activación"}

# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    hidden = X @ W_hidden + theta
    return hidden @ W_out
