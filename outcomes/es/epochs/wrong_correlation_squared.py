# %% [raw]
# kind: wrong
# why: gives ρ², which has lost the sign
# rest: solved
# points: {correlation-test: 0}
# messages: {correlation-test: "Con una relación directa, t e y de forma (12,) los dos, tu ρ se desvía"}

# %% correlation
def correlation(t, y):
    t, y = np.ravel(t), np.ravel(y)
    if np.ptp(t) == 0 or np.ptp(y) == 0:
        return 0.0
    return np.corrcoef(t, y)[0, 1] ** 2
