# %% [raw]
# kind: wrong
# why: a random forest answers; the network is trained and asked, and its vote never counts
# rest: solved
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-any-table-test: "no sale de una red entrenada", predict-f1-test: "no sale de una red entrenada"}

# %% network
from sklearn.ensemble import RandomForestClassifier

X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
forest = RandomForestClassifier(200, random_state=SEED).fit(X, t)
network = MLPClassifier((8,), max_iter=50, random_state=SEED).fit(standardise(X, X)[0], t)

# %% predict-cultivator
def predict_cultivator(df):
    wines = df[FEATURES].to_numpy()
    votes = 10 * forest.predict_proba(wines) + 0.1 * network.predict_proba(standardise(X, wines)[1])
    return votes.argmax(axis=1) + 1
