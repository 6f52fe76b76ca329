# %% [raw]
# kind: right
# why: changes points, other students' work, the grader, and leaves files

# %% look

# %% first
import os, sys
from pathlib import Path
import numpy as np

look(
    gradebook=lambda: open(f"{ROOT}/gradebook.db", "ab").write(b"x"),
    autograded=lambda: os.makedirs(f"{ROOT}/autograded/writer2/neuron"),
    other=lambda: open(f"{ROOT}/submitted/honest/neuron/neuron.ipynb", "w").write("[]"),
    result=lambda: open("/scratch/sockets/x", "w").write("x"),
    package=lambda: open(sys.modules["grader.questions.student"].__file__, "a").write("# x"),
    library=lambda: open(np.__file__, "a").write("# x"),
    link=lambda: os.link("/etc/hosts", "hosts"),
)
os.symlink(f"{ROOT}/gradebook.db", "enlace.db")
Path("dejado.txt").write_text("dejado aquí")
