# %% [raw]
# kind: right
# why: looks for files, variables, processes and texts of the tests

# %% look

# %% first
import glob, os, sys
from pathlib import Path

look(
    files=lambda: sorted(str(p) for p in Path().rglob("*")),
    source=lambda: open(f"{ROOT}/source/es/neuron/neuron.ipynb").read(),
    gradebook=lambda: open(f"{ROOT}/gradebook.db", "rb").read(),
    other=lambda: open(f"{ROOT}/submitted/honest/neuron/diary.txt").read(),
    autograded=lambda: os.listdir(f"{ROOT}/autograded"),
    staging=lambda: os.listdir(f"{ROOT}/.grading"),
    hidden=lambda: open(f"{ROOT}/data/hidden/wine_hidden.csv").read(),
    repository=lambda: os.listdir(f"{REPOSITORY}/source"),
    environ=lambda: dict(os.environ),
    processes=lambda: [int(p) for p in os.listdir("/proc") if p.isdigit()],
    others_environ=lambda: [
        open(p, "rb").read().decode(errors="replace")
        for p in glob.glob("/proc/[0-9]*/environ")
        if os.access(p, os.R_OK) and p != f"/proc/{os.getpid()}/environ"
    ],
    parents_memory=lambda: open(f"/proc/{os.getppid()}/mem", "rb").read(1),
    parents_files=lambda: os.listdir(f"/proc/{os.getppid()}/fd"),
    connections=lambda: [
        p
        for top in ("scratch", "tmp", "run", "home", "root", "var")
        for p in glob.glob(f"/{top}/**/kernel-*.json", recursive=True)
    ],
    sockets=lambda: sorted(os.listdir("/scratch/sockets")),
    tmp=lambda: [p for p in os.listdir("/tmp") if p.startswith(("grader-", "hidden-"))],
    history=lambda: [text for text in In if "grader" in text and "look(" not in text],
    stack=lambda: [f.f_code.co_filename for f in sys._current_frames().values() if "hidden" in f.f_code.co_filename],
)

# %% last
import re

# The memory of the kernel after all its questions. The patterns do not match themselves.


def scan(pattern):
    hits = 0
    with open("/proc/self/mem", "rb") as memory:
        for line in open("/proc/self/maps").read().split("\n"):
            place = re.match("(\\w+)-(\\w+) rw", line)
            if place:
                start, end = (int(n, 16) for n in place.groups())
                try:
                    memory.seek(start)
                    hits += len(re.findall(pattern, memory.read(end - start)))
                except (OSError, ValueError, OverflowError):
                    pass
    return hits


control = "".join(["señuelo ", "en memoria"])
look(
    control=lambda: scan(rb"uelo en memori[a]"),
    tests=lambda: scan(rb"BEGIN HIDDEN TEST[S]"),
    lines=lambda: scan(rb"Compara tu condici[\xc3]"),
    calls=lambda: scan(rb"student[.]heaviside[(]n[)]"),
)
