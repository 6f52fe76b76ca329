# %% [raw]
# kind: right
# why: three functional networks that vote, trained in plain loops; wine by wine in Python
# rest: solved

# %% network
X, t = load_wines("wine_shuffled.data")
train_rows, test_rows = stratified_split(t, 0.25, SEED)
X_train, X_test = standardise(X[train_rows], X[test_rows])
keras.utils.set_random_seed(SEED)
networks = []
for neurons in (6, 10, 14):
    inputs = keras.Input((13,))
    hidden = keras.layers.Dense(neurons, activation="softplus")(inputs)
    one = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(hidden))
    one.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
    for epoch in range(15):
        one.fit(X_train, t[train_rows] - 1, batch_size=8, verbose=0)
    networks.append(one)

# %% predict-cultivator
def predict_cultivator(df):
    _, wines_std = standardise(X[train_rows], df[FEATURES].to_numpy())
    answers = []
    for probabilities in zip(*[one.predict(wines_std, verbose=0) for one in networks]):
        answers.append([1, 2, 3][int(np.argmax(sum(probabilities)))])
    return answers
