# %% [raw]
# kind: right
# why: answers with arrays of np.float32, also where one number is asked for

# %% heaviside
def heaviside(n):
    return (np.asarray(n) >= 0).astype(np.float32)


# %% weighted-sum
def weighted_sum(x, w, b):
    return np.array([np.dot(x, w) + b], np.float32)


# %% layer
def layer(X, W, theta, f):
    return np.asarray(f(np.asarray(X) @ W + theta), np.float32)
