# %% [raw]
# kind: right
# why: looks around, and reads the file that lies beside it

# %% look

# %% first
import os, socket

look(
    network=lambda: socket.create_connection(("1.1.1.1", 53), 1),
    course=lambda: os.path.exists(f"{ROOT}/gradebook.db"),
    pid=os.getpid,
    graded=lambda: "NBGRADER_EXECUTION" in os.environ,
    place=os.getcwd,
)

# %% last
print(open("mío.txt").read())
