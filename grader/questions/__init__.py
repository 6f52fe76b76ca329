"""How hidden tests talk to a student's notebook: `student`, what goes over the wire, random weights, and which names a
cell gives and takes. One side of it runs in the sandbox, so that it imports NumPy at most."""
