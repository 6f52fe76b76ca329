"""Grading as a user who is not root: each kernel is a user of its own there, too, where the machine has numbers."""

import pwd
import shlex
import shutil

from ..course import BIN, cannot_test
from .conftest import INSTRUCTOR

KERNELS = """
import psutil
from grader.kernel.measuring import held, held_within
from grader.kernel.bubblewrap import ways
from grader.kernel.limits import Limits
from grader.kernel.slot import Slot

with Slot() as slot:
    kernels = [slot.fork(Limits(), None, "key") for _ in range(2)]
    trees = [[psutil.Process(pid) for pid in kernel._pids] for kernel in kernels]
    for tree in trees:
        print("users", *{uid for process in tree for uid in process.uids()})
        print("held", held_within(slot.process.pid, tree[1:], 60), held(tree[1:], 60))
    for kernel in kernels:
        kernel.close()
    print("left", *psutil.wait_procs(sum(trees, []), timeout=30)[1], *(slot.folder / "kernels").iterdir())
print(ways()[0])
"""


def test_a_kernel_has_a_user_of_its_own(people):
    if shutil.which("newuidmap") is None:
        cannot_test(["There is no newuidmap: install uidmap."])
    user = people[INSTRUCTOR]
    said = user.run(f"{shlex.quote(str(BIN / 'python'))} -P -c {shlex.quote(KERNELS)}", timeout=300).stdout
    lines = [line.split() for line in said.splitlines()]
    own = [int(uid) for kind, *uids in lines for uid in uids if kind == "users"]
    known = {entry.pw_uid for entry in pwd.getpwall()}
    assert len(own) == len(set(own)) == 2 and not known & set(own), said
    for within, without in [map(float, sizes) for kind, *sizes in lines if kind == "held"]:
        assert within < 20e6 < without, said  # what cannot be looked into counts with all that it may have
    assert ["left"] in lines and "Users: each kernel is one of its own." in said
