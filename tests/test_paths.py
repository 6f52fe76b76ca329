"""Data files under paths of another computer, found beside the notebook."""

import io
import types
from pathlib import Path

import pandas as pd
import pytest

from grader.kernel import paths

from .course import command, hand_in, new_course, solved

FOREIGN = [
    "/content/drive/MyDrive/redes/numbers.csv",
    "C:\\Users\\ana\\numbers.csv",
    "../data/numbers.csv",
    "D:numbers/numbers.csv",
    Path("/home/ana/numbers.csv"),
    b"/content/numbers.csv",
]
READ = r"""
import pathlib
with open("/content/numbers.csv") as file:
    ways = {file.read(), pathlib.Path("/home/ana/numbers.csv").read_text()}
with open(r"C:\Users\ana\numbers.csv", "rb") as file:
    ways.add(file.read().decode())
tables = [np.array(pd.read_csv("/content/drive/MyDrive/numbers.csv")),
          np.genfromtxt("/content/numbers.csv", delimiter=",", skip_header=1),
          np.loadtxt(r"C:\numbers.csv", delimiter=",", skiprows=1)]
print("SAME", len(ways), [table.tolist() for table in tables])
try:
    open("/home/ana/numbers.csv", "w")
except FileNotFoundError:
    print("NOT WRITTEN")
import os, shutil
with open("/content/drive/MyDrive/numbers.csv") as file, open("numbers.csv", "w") as same:
    same.write(file.read())
for copy in (shutil.copy, shutil.copy2, shutil.copyfile):
    copy("/content/drive/MyDrive/numbers.csv", "numbers.csv")
    copy("/content/drive/MyDrive/numbers.csv", "other.csv")
shutil.copy("/content/drive/MyDrive/numbers.csv", ".")
print("COPIED", [open(name).read() for name in ("numbers.csv", "other.csv")])
os.remove("other.csv")
paths = ["/content/numbers.csv", "C:\\numbers.csv", "/content/others.csv", "/content"]
print("THERE", [(os.path.exists(p), os.path.isfile(p), pathlib.Path(p).exists()) for p in paths])
open("/content/own.csv", "w").write("1")
open("/content/drive/MyDrive/redes/saved.csv", "w").write("2")
print("WRITTEN", open("own.csv").read(), open("/content/drive/MyDrive/redes/saved.csv").read())
os.chdir("/content/drive/Otra")
import matplotlib
matplotlib.use("TkAgg")
plt.switch_backend("Qt5Agg")
print("DRAWS", matplotlib.get_backend(), plt.figure().number > 0)
import google.colab
from google.colab import drive, files, userdata
from google.colab.patches import cv2_imshow
drive.mount("/content/drive", force_remount=True)
google.colab.data_table.enable_dataframe_formatter()
print("UPLOADED", files.upload(), files.download("x"), userdata.get("KEY"))
here = os.listdir("/content/drive/none")
print("DRIVE", [name for name in os.listdir("/content/drive/MyDrive") if "num" in name], "numbers.csv" in here)
with open("/content/drive/MyDrive/numbers.csv") as file, open("numbers.csv", "w") as same:
    same.write(file.read())
print("STILL", open("numbers.csv").read() == open("/content/drive/MyDrive/redes/numbers.csv").read() != "")
for way in ("!wget -q -O {} https://example.org/n.csv", "!cat /content/no/n.csv > {}"):
    get_ipython().run_cell(way.format("/content/numbers.csv"))
emptied = open("/content/numbers.csv").read() == open("numbers.csv").read() != ""
with open("/content/numbers.csv", "wb") as new, open("/content/drive/MyDrive/redes/numbers.csv", "rb") as old:
    new.write(old.read())
import glob
for drive_path in ("/", "..", "/etc", "numbers.csv", "/content/drive/MyDrive", "/content/drive"):
    drive.mount(drive_path)
listed = [open(name).read() for name in glob.glob("/content/drive/MyDrive/none/*.csv")]
print("SAFE", emptied, open("/content/numbers.csv").read() == open("numbers.csv").read(), len(listed) > 0)
os.environ["KEY"] = userdata.get("KEY")
try:
    open("/content/others.csv")
except FileNotFoundError as error:
    print("MISSING", error.filename)
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n")
    return tmp_path


@pytest.mark.parametrize("path", FOREIGN, ids=str)
def test_a_path_of_another_computer_gives_the_file_of_that_name(folder, path):
    with paths.finding(io.open, folder)(path) as file:
        assert file.read() == "a,b\n1,2\n"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/content/drive/MyDrive/redes/datos/numbers.csv", "datos/numbers.csv"),
        ("..\\datos\\numbers.csv", "datos/numbers.csv"),
        ("/content/numbers.csv", "numbers.csv"),
        ("../otros/numbers.csv", "numbers.csv"),
        ("/content/only.csv", "datos/deeper/only.csv"),
        ("../../deeper/only.csv", "datos/deeper/only.csv"),
        ("/content/twice.csv", None),
        ("/content/deeper/twice.csv", None),
        ("/content/none.csv", None),
        ("/content/NUMBERS.CSV", "numbers.csv"),
        ("D:\\Datos\\Numbers.csv", "datos/numbers.csv"),
        ("/content/n\u0303u.csv", "ñu.csv"),
    ],
)
def test_the_folders_of_a_path_count_as_far_as_they_are_there(folder, path, expected):
    (folder / "datos" / "deeper").mkdir(parents=True)
    for name in ("ñu.csv", "datos/numbers.csv", "datos/deeper/only.csv", "datos/twice.csv", "datos/deeper/twice.csv"):
        (folder / name).write_text(name)
    found = paths.beside(path, folder)
    assert found == (expected and folder / expected)


def test_a_file_that_exists_is_the_one_that_is_read(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "numbers.csv"
    other.write_text("other")
    assert paths.finding(io.open, folder)(other).read() == "other"


@pytest.mark.parametrize("mode", ["w", "a", "x", "r+"])
def test_nothing_is_written_beside_the_notebook_for_a_foreign_path(folder, mode):
    with pytest.raises(FileNotFoundError):
        paths.finding(io.open, folder)("/content/numbers.csv", mode)
    assert (folder / "numbers.csv").read_text() == "a,b\n1,2\n"


@pytest.mark.parametrize("path", ["/content/none.csv", "/content/", "..", "/content/..", ""])
def test_what_is_nowhere_is_not_found(folder, path):
    with pytest.raises((FileNotFoundError, IsADirectoryError)):
        paths.finding(io.open, folder)(path)


def test_copies_for_colab_leave_the_notebook_its_room(folder, monkeypatch):
    paths.copy_files(folder, folder / "all")
    assert (folder / "all" / "numbers.csv").read_text() == "a,b\n1,2\n"
    (folder / "file").touch()
    paths.copy_files(folder, folder / "file" / "none")  # where no folder can be made
    monkeypatch.setattr(paths.shutil, "disk_usage", lambda _: types.SimpleNamespace(free=70))
    paths.copy_files(folder, folder / "some")
    assert not list((folder / "some").iterdir())


def test_in_a_graded_notebook(tmp_path):
    course = new_course(tmp_path, ["neuron"])
    data = pd.DataFrame({"a": [1.0], "b": [2.0]}).to_csv(index=False)
    submission = solved("neuron", last="import numpy as np, pandas as pd" + READ)
    path = hand_in(course, "ana", "neuron", submission)
    (path.parent / "numbers.csv").write_text(data)
    command("grader", "autograde", folder=course.root)
    graded = (course.folder("autograded", "neuron", "ana") / "neuron.ipynb").read_text()
    assert "SAME 1 [[[1.0, 2.0]], [1.0, 2.0], [1.0, 2.0]]" in graded
    assert "THERE [(True, True, True), (True, True, True), (False, False, False), (True, False, True)]" in graded
    assert r"COPIED ['a,b\\n1.0,2.0\\n', 'a,b\\n1.0,2.0\\n']" in graded
    assert "WRITTEN 1 2" in graded and "DRIVE ['numbers.csv'] True" in graded and "STILL True" in graded
    assert "La carpeta /content/drive/Otra no está" in graded and "no hay ventanas" in graded and "DRAWS" in graded
    assert (
        "en tu Drive está lo que acompaña a tu cuaderno" in graded and "colab.data_table.enable_dataframe_f" in graded
    )
    assert r"UPLOADED {'numbers.csv': b'a,b\\n1.0,2.0\\n'} None " in graded and "SAFE True True True" in graded
    assert "NOT WRITTEN" in graded and "MISSING /content/others.csv" in graded
