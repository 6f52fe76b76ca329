# %% [raw]
# kind: wrong
# why: looks for the held-out wines, and for their labels in what it is asked
# points: {predict-any-table-test: 0, predict-f1-test: 0}
# messages: {predict-f1-test: FileNotFoundError}

# %% look

# %% network
network = history = None
X, t = load_wines("wine_shuffled.data")
train_rows = test_rows = np.arange(len(t))

# %% predict-cultivator
asked = []


def predict_cultivator(df):
    asked.append(sorted(map(str, df.columns)))
    rows = open(f"{ROOT}/data/hidden/wine_hidden.csv").read()
    return np.array([int(line.split(",")[-1]) for line in rows.split()[1:]])


# %% last
import os

look(
    files=lambda: [os.path.join(top, name) for top, _, names in os.walk("/scratch") for name in names],
    columns=lambda: sorted({column for columns in asked for column in columns}),
    place=lambda: os.environ.get("GRADER_HIDDEN_DATA"),
)
