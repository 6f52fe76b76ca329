"""Generated notebooks, outputs and archives: each is graded, shown or refused, in bounded time, and harms nothing.

FUZZ=500 pytest tests/test_fuzz.py tests/test_answers.py draws 500 new seeds of each kind, an hour's work.
"""

import copy
import gzip
import io
import json
import logging
import random
import re
import string
import tarfile
import time
import warnings
import zipfile

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.lms.unpack import BoundedExtractor
from grader.notebooks.clean import clean_notebook
from grader.notebooks.released import from_release, with_wanted
from grader.notebooks.repair import repaired
from grader.notebooks.submitted import stage
from grader.pages.feedback import FeedbackExporter
from grader.pages.results import Results

from .course import cell, fuzz_seeds
from .test_attacks_reports import Page

SECONDS = 30  # of the processor, for one of anything below; usual is less than one
ANSWER = "def doble(x):\n    return 2 * x  # ñ €"
TEST = "# Objetivo: el doble.\n### BEGIN HIDDEN TESTS\nfrom grader import student\nassert student.doble(1) == 2\n"
TEST += "### END HIDDEN TESTS"
ODD = (
    *(
        None,
        True,
        -1,
        3,
        2**70,
        1.5,
        float("inf"),
        "",
        "x",
        "\x00",
        "\ud800",
        "á\u202e",
        "<b>",
        "%s{}",
        "../x",
        "a" * 5000,
    ),
    *([], {}, [None], {"": None}, {"a": {"b": []}}, [[[]]], ["x", 3]),
)


# --- Notebooks ---


def released():
    """Return an assignment of one exercise, as students get it."""
    nb = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    nb.cells = [
        new_markdown_cell("# Doble\n\n## Ejercicio 1"),
        cell(new_code_cell, "import math", "setup", locked=True),
        cell(new_code_cell, "def doble(x):\n    raise NotImplementedError", "doble", solution=True),
        cell(new_code_cell, TEST, "doble-test", grade=True, locked=True, points=1),
    ]
    return nb


def plain(rng):
    """Return a notebook with an answer, as parsed JSON."""
    nb = json.loads(nbformat.writes(released()))
    nb["cells"][2]["source"] = ANSWER if rng.random() < 0.5 else ANSWER.splitlines(keepends=True)
    return nb


def harmless(rng, nb):
    """Change, add or remove what holds no work: JupyterLab opens such a notebook, or mends it."""
    keys = ("id", "metadata", "outputs", "execution_count", "attachments", "color", "execution_state", "isComment")
    for _ in range(rng.randint(1, 8)):
        one, key, odd = rng.choice(nb["cells"]), rng.choice(keys), copy.deepcopy(rng.choice(ODD))
        match rng.randrange(5):
            case 0:
                one[key] = odd
            case 1:
                one.pop(key, None)
            case 2:
                nb[rng.choice(["nbformat_minor", "metadata", "signature", "worksheets"])] = odd
            case 3:
                metadata = one.get("metadata")
                if isinstance(metadata, dict):
                    metadata[rng.choice(["nbgrader", "tags", "grader", "jupyter", "id", "name", "scrolled"])] = odd
            case 4:
                nb["cells"].insert(rng.randrange(5), {"cell_type": "markdown", "source": "", "metadata": {}, key: odd})
    if nb.get("worksheets"):  # a notebook of both formats may be read as either
        nb["worksheets"] = []


def nodes(value):
    """Return all (container, key) in a JSON value."""
    found = []
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += nodes(inner)
    return found


def harmful(rng, nb):
    """Return the bytes of a notebook of which anything can be gone or another thing."""
    for _ in range(rng.randint(1, 5)):
        container, key = rng.choice(nodes(nb) or [(nb, "x")])
        if rng.random() < 0.3 and isinstance(container, dict):
            del container[key]
        else:
            container[key] = copy.deepcopy(rng.choice(ODD))
    data = bytearray(json.dumps(nb).encode(rng.choice(["utf-8", "utf-8-sig", "utf-16", "utf-32"])))
    for _ in range(rng.choice([0, 0, 1, 5])):
        at = rng.randrange(len(data))
        data[at : at + rng.randrange(3)] = bytes(rng.randrange(256) for _ in range(rng.randrange(3)))
    return bytes(data[: rng.choice([len(data), len(data), rng.randrange(len(data))])])


def staged(folder, data, rng):
    """Hand in these bytes; return (readable, remark, the notebook as it would be executed)."""
    nbformat.write(released(), folder / "released.ipynb")
    name = rng.choice(
        ["doble.ipynb", "doble.ipynb", "doble (1).ipynb", "x.IPYNB", "sub/doble.ipynb", "doble.ipynb.txt"]
    )
    path = folder / "submitted" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    started = time.process_time()
    readable, remark = stage(folder / "submitted", folder / "staged", "doble", folder / "released.ipynb")
    nb = nbformat.read(folder / "staged" / "doble.ipynb", as_version=4)
    nb.cells, remarks = repaired(nb.cells, with_wanted(from_release(released())))
    nbformat.validate(nb)
    assert time.process_time() - started < SECONDS
    assert isinstance(readable, bool) and all(isinstance(text, str) for text in (remark, *remarks))
    tests = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "doble-test"]
    assert [test.source for test in tests] == [TEST] and tests[0].metadata.nbgrader.points == 1
    return readable, remark, nb


@pytest.mark.parametrize("seed", fuzz_seeds(1, 2, 3, count=20))
def test_what_holds_no_work_changes_no_work(tmp_path, seed):
    rng = random.Random(seed)
    nb = plain(rng)
    harmless(rng, nb)
    readable, _, nb = staged(tmp_path, json.dumps(nb).encode(), rng)
    answers = [n for n, c in enumerate(nb.cells) if c.cell_type == "code" and c.source == ANSWER]
    tests = [n for n, c in enumerate(nb.cells) if c.source == TEST]
    assert readable and len(answers) == 1 and answers[0] < tests[0]


@pytest.mark.parametrize("seed", fuzz_seeds(1, 2, 3, count=20))
def test_any_file_is_read_or_refused(tmp_path, seed):
    rng = random.Random(seed)
    readable, remark, nb = staged(tmp_path, harmful(rng, plain(rng)), rng)
    if not readable:
        assert remark.endswith((".", ")")) and not [c for c in nb.cells if c.source == ANSWER]


# --- Outputs ---

PIECES = (
    *("<b>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:x'>", "<!--", "-->"),
    *("<style>*{}</style>", "<svg onload=alert(1)>", "<table><tr><td>", "</div></div>", "<iframe src=//evil>", "&lt;"),
    *("\x1b[31m", "\x1b]0;x\x07", "$x^2$", "$\\frac{$", "```", "**", "|a|b|\n|-|-|", "![](https://evil/x.png)"),
    *("[a](data:text/html,x)", "<img src='//evil/x.png'>", "\n\n", "# ", "{{7*7}}", "{% raw %}", "\u202e", "\x00"),
    *("<math><mtext></p>", "<a id='resultados'>", "texto "),
)
MIMES = (
    *("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/svg+xml", "image/jpeg"),
    *(
        "application/json",
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
        "x",
        "text/vnd.mermaid",
    ),
)


def text(rng):
    return "".join(rng.choice(PIECES) for _ in range(rng.randrange(12)))


def value(rng):
    return rng.choice([text(rng), text(rng), [text(rng), text(rng)], copy.deepcopy(rng.choice(ODD))])


def output(rng):
    """Return an output as a kernel under a student's control could send it."""
    kinds = ("stream", "error", "display_data", "execute_result", "update_display_data", "x", None)
    made = {"output_type": rng.choice(kinds), "name": value(rng), "text": value(rng), "ename": value(rng)}
    made |= {"evalue": value(rng), "traceback": value(rng), "execution_count": value(rng), "metadata": value(rng)}
    made["data"] = rng.choice([{rng.choice(MIMES): value(rng) for _ in range(3)}, value(rng)])
    if rng.random() < 0.3:
        made["metadata"] = {rng.choice(MIMES): {"alt": value(rng), "width": value(rng), "isolated": True}}
    return {key: made[key] for key in made if key == "output_type" or rng.random() < 0.8}


@pytest.mark.parametrize("seed", fuzz_seeds(1, 98084, 596981, count=10))
def test_any_output_is_shown_and_does_nothing(seed):
    rng = random.Random(seed)
    nb = new_notebook()
    outputs = [nbformat.from_dict(output(rng)) for _ in range(12)]
    nb.cells = [new_markdown_cell(text(rng) + text(rng)), new_code_cell(text(rng))]
    nb.cells[1]["outputs"] = outputs
    nb.cells[1]["execution_count"] = copy.deepcopy(rng.choice(ODD))
    started = time.process_time()
    clean_notebook(nb)
    nbformat.validate(nb)
    nb = nbformat.reads(json.dumps(nb), as_version=4)
    shown = Results(text(rng).replace("\n", " "), [], 1, 2, 0, 0, "", text(rng), "")
    facts = {"results": shown, "grades": "", "metadata": {"name": "a"}}
    filters = {name: f"grader.notebooks.clean.{name}" for name in ("markdown2html", "highlight_code")}
    feedback, _ = FeedbackExporter(filters=filters).from_notebook_node(nb, facts)
    body = HTMLExporter(filters=filters, template_name="basic").from_notebook_node(nb)[0]
    assert time.process_time() - started < SECONDS
    for page in (Page(feedback), Page(body)):
        assert not page.handlers and not page.scripts, (page.handlers, page.scripts)
        assert not {"script", "iframe", "object", "embed", "form", "base", "link"} & set(page.tags)
        foreign = [a for a in page.addresses if re.match(r"\s*(javascript|data:text|vbscript)", a, re.IGNORECASE)]
        assert not foreign, foreign
        assert not [a for a in page.pictures if re.match(r"\s*([a-z]+:)?//", a, re.IGNORECASE)], page.pictures


# --- Archives ---


def name(rng):
    parts = (
        "doble.ipynb",
        "a.zip",
        "..",
        ".",
        "",
        "/",
        "sub",
        "ñ €",
        "\\..\\x",
        "C:",
        "x" * 300,
        "\x1b[2J",
        "con\n",
        "a.tar",
    )
    return "/".join(rng.choice(parts) for _ in range(rng.randint(1, 3))) or "a"


def packed(rng, depth=0):
    """Return (ending, bytes) of an archive of any kind, in part damaged."""
    data, ending = io.BytesIO(), rng.choice([".zip", ".tar", ".tar.gz", ".tgz"])
    content = {name(rng): rng.randbytes(rng.randrange(300)) for _ in range(rng.randint(0, 5))}
    if depth < 4 and rng.random() < 0.5:
        inner = packed(rng, depth + 1)
        content["inner" + inner[0]] = inner[1]
    if ending == ".zip":
        with (
            warnings.catch_warnings(action="ignore"),
            zipfile.ZipFile(data, "w", rng.choice([0, 8, 12, 14])) as archive,
        ):
            for one, what in content.items():
                info = zipfile.ZipInfo(one, (rng.randint(1980, 2107), rng.randint(0, 15), rng.randint(0, 31), 1, 1, 1))
                info.external_attr = rng.choice([0, 0, 0o100644, 0o120777, 0o060000, 0o100000]) << 16
                archive.writestr(info, what)
    else:
        with tarfile.open(fileobj=data, mode="w") as archive:
            for one, what in content.items():
                info = tarfile.TarInfo(one)
                info.type = rng.choice(
                    [tarfile.REGTYPE] * 4 + [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, b"S"]
                )
                info.size = len(what) if info.isreg() else 0
                info.linkname, info.mode = rng.choice(["", "../x", "/etc/passwd", "a"]), rng.choice([0, 0o644, 0o7777])
                info.mtime = rng.choice([0, 1, 2**33, -1])
                archive.addfile(info, io.BytesIO(what))
    made = bytearray(data.getvalue() if ending in (".zip", ".tar") else gzip.compress(data.getvalue()))
    for _ in range(rng.choice([0, 0, 1, 20])):
        made[rng.randrange(len(made))] = rng.randrange(256)
    return ending, bytes(made[: rng.choice([len(made), len(made), rng.randrange(len(made))])])


@pytest.mark.parametrize("seed", fuzz_seeds(1, 2, 12278, 218346, count=10))
def test_any_archive_is_unpacked_in_its_folder_or_left_out(tmp_path, seed):
    rng = random.Random(seed)
    archives, extracted = tmp_path / "in" / "archives", tmp_path / "out" / "extracted"
    archives.mkdir(parents=True)
    for n in range(6):
        ending, data = packed(rng)
        (archives / f"{rng.choice(string.ascii_letters)}{n}{ending}").write_bytes(data)
    before = {path: path.read_bytes() for path in archives.iterdir()}
    started = time.process_time()
    extractor = BoundedExtractor()
    extractor.log = logging.getLogger("fuzz")
    extractor.extract(str(archives), str(extracted))
    assert time.process_time() - started < SECONDS
    assert {path: path.read_bytes() for path in archives.iterdir()} == before
    assert {path.name for path in tmp_path.iterdir()} <= {"in", "out"} and list(archives.parent.iterdir()) == [archives]
    assert all(path.name == "extracted" for path in (tmp_path / "out").iterdir())
    assert not [path for path in extracted.rglob("*") if path.is_symlink() or not (path.is_file() or path.is_dir())]
