# %% [raw]
# kind: right
# why: has names of its own, and an error in the last cell

# %% first
mis_notas = 1

# %% heaviside
umbral = 0


def mi_funcion(x):
    return (np.array(x) >= umbral) * 1


heaviside = mi_funcion

# %% last
1 / 0
