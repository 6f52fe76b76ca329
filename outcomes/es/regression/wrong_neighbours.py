# %% [raw]
# kind: wrong
# why: five neighbours among 200 000 examples in place of a network; the second target is out of their reach
# rest: solved
# points: {multiply-first-test: 0, multiply-test: 0, multiply-rho-test: 0}
# messages:
#   multiply-first-test: "no sale de una red entrenada"
#   multiply-rho-test: "no sale de una red entrenada"

# %% multiply
from sklearn.neighbors import KNeighborsRegressor

multiply = KNeighborsRegressor(5, weights="distance").fit(*make_products(200_000, np.random.default_rng(SEED))).predict
