# %% [raw]
# kind: wrong
# why: sorts the wines by cultivator
# rest: solved
# points: {load-wines-test: 0}
# messages: {load-wines-test: "no van en el orden del archivo"}

# %% load-wines
def load_wines(path):
    df = pd.read_csv(path).sort_values("Cultivator")
    return df[FEATURES].to_numpy(), df["Cultivator"].to_numpy()
