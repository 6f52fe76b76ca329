# %% [raw]
# kind: right
# why: a scikit-learn pipeline with MLPClassifier, which takes the cultivators by their own numbers
# rest: solved

# %% network
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.2, SEED)
pipeline = make_pipeline(
    StandardScaler(), MLPClassifier(hidden_layer_sizes=(20,), solver="lbfgs", alpha=0.1, max_iter=1000, random_state=SEED)
)
pipeline.fit(raw[FEATURES].iloc[train_rows], t[train_rows])

# %% predict-cultivator
def predict_cultivator(df):
    return pipeline.predict(df[FEATURES])
