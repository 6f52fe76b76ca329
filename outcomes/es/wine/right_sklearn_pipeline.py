# %% [raw]
# kind: right
# why: scikit-learn's network in a pipeline that standardises by itself; the best of a search, three of them that vote
# rest: solved

# %% network
from sklearn.ensemble import VotingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
pipelines = [
    (str(m), make_pipeline(StandardScaler(), MLPClassifier((n,), solver="lbfgs", alpha=1, max_iter=300, random_state=SEED + m)))
    for m, n in enumerate((8, 12, 16))
]
network = VotingClassifier(pipelines, voting="soft").fit(X[train_rows], t[train_rows])

# %% predict-cultivator
def predict_cultivator(df):
    return network.predict(df[FEATURES].to_numpy())
