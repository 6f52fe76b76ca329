# %% [raw]
# kind: wrong
# why: threshold left out of the tanh network and of the collapsed layer; independent labels answered with softmax
# rest: solved
# points: {output-activation-test: 0, tanh-network-test: 0, collapse-test: 0}
# messages:
#   output-activation-test: "photo («softmax»)"
#   tanh-network-test: "no tiene en cuenta theta"
#   collapse-test: "el camino de b1"

# %% output-activation
output_activation = {
    "temperature": "linear",
    "galaxy": "sigmoid",
    "baby_cry": "softmax",
    "photo": "softmax",
    "rain": "relu",
    "steering": "tanh",
}


# %% tanh-network
def tanh_network(X, W_hidden, theta, W_out):
    return np.tanh(X @ W_hidden) @ W_out


# %% collapse
def collapse(W1, b1, W2, b2):
    return W1 @ W2, b2
