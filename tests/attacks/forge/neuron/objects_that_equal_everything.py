# %% [raw]
# kind: wrong
# why: answers with numbers and arrays that equal all others
# points: {heaviside-test: 0, perceptron-test: 0}
# messages: {heaviside-test: "heaviside ha devuelto 7", perceptron-test: "mira el signo y el sesgo"}

# %% heaviside
class Yes(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __le__ = __ge__ = __lt__ = __gt__ = __eq__
    __hash__ = float.__hash__

    def __array__(self, *a, **k):
        return np.array(self, object)

    def __float__(self):
        return 1.0


class Array(np.ndarray):
    def __eq__(self, other):
        return np.ones(np.shape(other), bool)

    def __array_function__(self, *a, **k):
        return True

    def __array_ufunc__(self, *a, **k):
        return True


def heaviside(n):
    return Yes(7) if np.ndim(n) == 0 else np.full(np.shape(n), 7.0).view(Array)


# %% perceptron
def perceptron(x, w, b):
    return Yes(7)
