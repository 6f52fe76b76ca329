"""`nbgrader collect` where any user may put anything: their own files are collected, and nobody else's."""

import os
import pwd
import re
import subprocess

import nbformat
import pytest
from nbformat.v4 import new_notebook

from .course import ASSIGNMENTS, LIGHT, ROOT, command, new_course

ME = pwd.getpwuid(os.getuid()).pw_name
NOTEBOOK = nbformat.writes(new_notebook())
CONFIG = f"""{LIGHT}
c.ExchangeFactory.collect = "grader.exchange.OwnersCollect"
c.ExchangeFactory.release_feedback = "grader.exchange.OwnersReleaseFeedback"
c.Exchange.root = {{root!r}}
"""


@pytest.fixture
def course(tmp_path):
    course = new_course(tmp_path, [], CONFIG.format(root=str(tmp_path / "exchange")))
    (tmp_path / "exchange" / "redes-neuronales" / "inbound").mkdir(parents=True)
    return course


def submission(course, name, files):
    folder = course.root / "exchange" / "redes-neuronales" / "inbound" / name
    folder.mkdir()
    for file, text in files.items():
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text, "utf-8")
    return folder


def collect(course, *options):
    done = command("nbgrader", "collect", "neuron", *options, folder=course.root)
    assert "Traceback" not in done.stderr
    taken = course.folder("submitted", "neuron", ME)
    return {str(p.relative_to(taken)): p.read_text("utf-8") for p in taken.rglob("*") if p.is_file()}, done.stderr


def test_links_special_and_foreign_files_are_left_out(course):
    secret = course.root / "secret.csv"
    secret.write_text("of the instructor")
    (course.root / "private").mkdir()
    (course.root / "private" / "solved.ipynb").write_text("the instructor's")
    own = {"neuron.ipynb": NOTEBOOK, "datos/mío.csv": "1,2", "timestamp.txt": "2026-02-01 10:00:00 UTC"}
    folder = submission(course, f"{ME}+neuron+2026-02-01 10:00:00 UTC+abc", own)
    (folder / "link.csv").symlink_to(secret)
    (folder / "dangling").symlink_to("nowhere")
    (folder / "folder").symlink_to(course.root / "private")
    os.mkfifo(folder / "pipe")
    (folder / "huge.bin").touch()
    os.truncate(folder / "huge.bin", 300 * 2**20)
    left_out = ["link.csv", "dangling", "folder", "pipe", "huge.bin"]
    if os.getuid() == 0:
        (folder / "foreign.csv").write_text("of another student")
        os.chown(folder / "foreign.csv", 65534, 65534)
        left_out.append("foreign.csv")
    else:
        (folder / "unreadable").write_text("")
        (folder / "unreadable").chmod(0)
        left_out.append("unreadable")
    taken, said = collect(course)
    assert taken == own
    for name in left_out:
        assert re.search(rf"Left out: .*{name}:", said), name


def test_a_bad_folder_does_not_stop_the_others(course):
    submission(course, f"{ME}+neuron+2026-02-01 10:00:00 UTC+abc", {"neuron.ipynb": NOTEBOOK})
    for name in ("bea+neuron+not a time", "carl+neuron+2026-13-45 99:99:99 UTC+x", "dora+neuron+\udcff"):
        submission(course, name, {"neuron.ipynb": "{}"})
    inbound = course.root / "exchange" / "redes-neuronales" / "inbound"
    (course.root / "solved").mkdir()
    (course.root / "solved" / "neuron.ipynb").write_text("the instructor's")
    (inbound / f"{ME}+neuron+2999-01-01 10:00:00 UTC+x").symlink_to(course.root / "solved")
    (inbound / "eva+neuron+2026-01-01 10:00:00 UTC+x").write_text("no folder")
    taken, said = collect(course)
    assert taken == {"neuron.ipynb": NOTEBOOK, "timestamp.txt": "2026-02-01 10:00:00 UTC"}
    assert said.count("Left out") == 5
    assert [path.name for path in (course.root / "submitted").iterdir()] == [ME]


def test_folders_without_end_are_left_out(course):
    folder = submission(course, f"{ME}+neuron+2026-02-01 10:00:00 UTC+abc", {"neuron.ipynb": NOTEBOOK, "a/b.csv": "1"})
    here = os.open(folder / "a", os.O_RDONLY)
    for _ in range(1500):  # by hand, since such a path is too long to be written
        os.mkdir("d", dir_fd=here)
        here, above = os.open("d", os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(here)
    taken, said = collect(course)
    subprocess.run(["rm", "-r", folder], check=True)  # Python's own functions cannot even go through it
    assert {"neuron.ipynb", "a/b.csv"} < set(taken)
    assert "Left out" in said and "folders one in another" in said


@pytest.mark.parametrize("foul", [b"gestern", b"\xff\xfe", b""])
def test_a_time_that_is_none_does_not_stop_the_next_collect(course, foul):
    first = submission(course, f"{ME}+neuron+2026-02-01 10:00:00 UTC+abc", {"neuron.ipynb": "{}"})
    (first / "timestamp.txt").write_bytes(foul)
    assert collect(course)[0]["timestamp.txt"] == "2026-02-01 10:00:00 UTC"  # of its name
    (course.folder("submitted", "neuron", ME) / "timestamp.txt").write_bytes(foul)  # it came another way
    submission(course, f"{ME}+neuron+2026-02-02 10:00:00 UTC+abc", {"neuron.ipynb": NOTEBOOK})
    taken, said = collect(course, "--update")
    assert taken == {"neuron.ipynb": NOTEBOOK, "timestamp.txt": "2026-02-02 10:00:00 UTC"}
    assert "holds no time" in said


def test_feedback_is_released_to_all_who_can_have_it(course):
    for student in ("ana", "bea", "carl"):
        folder = course.folder("feedback", "neuron", student)
        folder.mkdir(parents=True)
        (folder / "neuron.html").write_text("<p>10")
        (folder / "submission_secret.txt").write_bytes({"bea": b"\xff"}.get(student, student.encode()))
    (course.folder("feedback", "neuron", "carl") / "submission_secret.txt").unlink()
    done = command("nbgrader", "release_feedback", "neuron", folder=course.root)
    assert "Traceback" not in done.stderr and done.stderr.count("Not released") == 2
    released = course.root / "exchange" / "redes-neuronales" / "feedback"
    assert [page.suffix for page in released.iterdir()] == [".html"]


LISTED = """
import os, sys
from traitlets.config import PyFileConfigLoader
PyFileConfigLoader(sys.argv[1]).load_config()
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList
lists = AssignmentList()
lists.root_dir = os.getcwd()
for listed in (lists.list_released_assignments(), lists.list_assignments()):
    print([one["assignment_id"] for one in listed["value"]] if listed["success"] else listed["value"])
"""


def test_on_a_hub_assignments_are_listed_in_the_order_of_the_course(course):
    for name in (*ASSIGNMENTS, "extra"):
        folder = course.root / "exchange" / "redes-neuronales" / "outbound" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(NOTEBOOK)
    home = course.root / "home"
    home.mkdir()
    (home / "nbgrader_config.py").write_text(f"c = get_config()\nc.Exchange.root = {str(course.root / 'exchange')!r}\n")
    done = command(
        *("python", "-c", LISTED, ROOT / "hub" / "jupyter" / "jupyter_server_config.py"), folder=home, HOME=str(home)
    )
    order = ["neuron", "activation", "epochs", "regression", "wine", "extra"]
    assert done.stdout.splitlines() == [str(order)] * 2, done.stdout + done.stderr
    assert (home / "index.ipynb").is_file()
