# %% [raw]
# kind: wrong
# why: the network has been asked once, and the function only interpolates in its answers
# rest: solved
# points: {approximate-basic-test: 0, approximate-test: 0}
# messages: {approximate-basic-test: "le pregunte a ella con predict cada vez", approximate-test: "no sale de una red entrenada"}

# %% approximate
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

mlp = MLPRegressor(hidden_layer_sizes=20, activation="tanh", solver="lbfgs", max_iter=2000, random_state=SEED)
model = TransformedTargetRegressor(make_pipeline(StandardScaler(), mlp), transformer=StandardScaler())
model.fit(hours[:, None], temperature)
minutes = np.linspace(0, 24, 1441)
degrees = model.predict(minutes[:, None])


def approximate(hours):
    return np.interp(hours, minutes, degrees)
