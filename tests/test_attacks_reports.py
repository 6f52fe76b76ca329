"""What students can put into feedback, the formgrader, spreadsheets and archives: it shows, and does nothing."""

import csv
import gzip
import io
import lzma
import random
import re
import tarfile
import time
import zipfile
from html.parser import HTMLParser

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter

from grader.lms.unpack import unpack
from grader.notebooks.clean import clean_notebook
from grader.office.sheets import harmless
from grader.pages.results import _take_title, _title

from .course import (
    attacks,
    command,
    full_points,
    fuzz_seeds,
    grade,
    hand_in,
    handed,
    new_course,
    notebook,
    position,
    solved,
)

ASSIGNMENT = "neuron"
FULL = full_points(ASSIGNMENT)
ATTACKS = attacks("reports", ASSIGNMENT)
MARKDOWN = """
# Título <script>alert(1)</script>
<img src="x" onerror="alert(2)"> <svg onload="alert(3)"></svg> <iframe src="https://evil.example"></iframe>
<a href="javascript:alert(4)">uno</a> [dos](javascript:alert(5)) [tres](data:text/html;base64,PHNjcmlwdD4=)
<a href="jav&#x09;ascript:alert(6)">cuatro</a> <math><mtext></mtext><style><img src=x onerror=alert(7)></style></math>
<form action="https://evil.example"><input autofocus onfocus="alert(8)"></form> <style>body { display: none }</style>
<base href="https://evil.example/"> <meta http-equiv="refresh" content="0; url=https://evil.example">
![espía](https://evil.example/pixel.png) <object data="https://evil.example"></object>
<!-- <script>alert(9)</script> -->

| a | b |
|---|--:|
| 1 | $x < y$ |

<details open><summary>Pista</summary>

`código < aquí` y $\\sum_i w_i x_i$

</details>

$\\text{<script>alert(40)</script>}$ $<img src=x onerror=alert(41)>$ $\\href{javascript:alert(42)}{x}$
$\\style{position:fixed}{x}$ $\\color{red" onload="alert(43)}{x}$ $\\newcommand{\\a}{x}\\a$
<span class="formula"><b onload="alert(44)">
"""
EVIL_PLACES = "evil.example"
ODD = {  # student folders and what a spreadsheet would make of them
    "=cmd|' calc'!A0": "'=cmd|' calc'!A0",
    "+1, -1": "'+1, -1",
    '@SUM(1),"x"': '\'@SUM(1),"x"',
    "[red]ana": "[red]ana",
    "[bold] \x1b[2J": None,
}


class Page(HTMLParser):
    """Collects what a page would run or load."""

    def __init__(self, text):
        super().__init__()
        self.handlers, self.addresses, self.pictures, self.tags, self.scripts = [], [], [], [], []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._script = tag == "script"
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.pictures += [value or "" for name, value in attrs if (tag, name) == ("img", "src")]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "data", "action", "srcset")]

    def handle_endtag(self, tag):
        self._script = False

    def handle_data(self, data):
        if self._script:
            self.scripts.append(data)


def evil():
    nb = handed(ATTACKS["evil"])
    after = position(nb, "setup") + 1
    nb.cells[after:after] = [nbformat.v4.new_markdown_cell(MARKDOWN), nb.cells.pop()]
    picture = nbformat.v4.new_markdown_cell("![pegada](attachment:a.png)")
    picture["attachments"] = {"a.png": {"image/png": "iVBORw0KGgo="}}
    raw = nbformat.v4.new_raw_cell("<script>alert(33)</script>", metadata={"raw_mimetype": "text/html"})
    nb.cells += [picture, raw, nbformat.v4.new_code_cell("### BEGIN HIDDEN TESTS\n'<script>alert(34)</script>'")]
    for cell in nb.cells:
        cell.metadata["tags"] = ['x" onload="alert(35)']
        cell.metadata["magics_language"] = '"><script>alert(36)</script>'
    nb.metadata["title"] = "</title><script>alert(37)</script>"
    nb.metadata["language_info"] = {"name": "python", "pygments_lexer": '"><script>alert(38)</script>'}
    state = {"state": {"</script><script>alert(39)</script>": {}}, "version_major": 2, "version_minor": 0}
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": state}
    return nb


TITLE = "</title><meta http-equiv=refresh content='0;url=https://evil.example'><style>body{display:none}</style>"
OWN_PAGE = "<script>document.title = 'ran'</script><h1>10 de 10 puntos</h1>"


def costly():
    """A notebook whose parts cost the square of their size in what nbgrader and nbconvert use by themselves."""
    nb = handed(ATTACKS["costly"])
    texts = ("\\begin{a}" * 20_000, "<div>" * 25_000 + "$x$", "*a " * 30_000, "![a](" * 30_000, "$a" * 50_000)
    nb.cells += [nbformat.v4.new_markdown_cell(text) for text in texts]
    nb.cells += [nbformat.v4.new_code_cell(text) for text in ("a." * 40_000 + "b", "0." * 40_000)]
    return nb


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("reports"), [ASSIGNMENT])
    hand_in(course, "honest", ASSIGNMENT, solved(ASSIGNMENT))
    hand_in(course, "evil", ASSIGNMENT, evil())
    titled = solved(ASSIGNMENT)
    titled.cells.insert(0, nbformat.v4.new_markdown_cell(f"# `{TITLE}`"))
    folder = hand_in(course, "titled", ASSIGNMENT, titled).parent
    for name in ("index.html", f"{ASSIGNMENT}.html", "deep/index.html"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(OWN_PAGE, "utf-8")
    hand_in(course, "costly", ASSIGNMENT, costly())
    for student in ODD:  # no notebook under the right name: each is listed in the summary, with odd names of files
        path = hand_in(course, student, ASSIGNMENT, "hola")
        path.rename(path.with_name("[link=evil.example].ipynb"))
        (path.parent / "\x1b[2J.txt").touch()
    students = {(ASSIGNMENT, name): attack for name, attack in ATTACKS.items()}
    return grade(course, students=students, feedback=ASSIGNMENT, expected=1)


def check_harmless(text, scripts):
    """Assert that the page runs no other than these `scripts` of its own, and loads nothing of a student's."""
    page = Page(text)
    assert page.handlers == []
    assert [script for script in page.scripts if script not in scripts] == []
    assert not {"iframe", "object", "embed", "form", "input", "base", "svg"} & set(page.tags)
    for address in page.addresses:
        address = re.sub(r"[\x00-\x20]", "", address).lower()
        assert not address.startswith(("javascript:", "data:text", "vbscript:")) and EVIL_PLACES not in address, address


def test_nothing_of_a_student_runs_in_feedback(graded):
    text = graded.feedback(ASSIGNMENT, "evil")
    check_harmless(text, set())
    assert "script" not in Page(text).tags and "\x1b" not in text
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in text
    assert not re.search(r"<m[a-z]+[^>]* (href|class|style)=", text)  # of formulas
    assert "&lt;script&gt;alert(40)&lt;/script&gt;" in text  # as text


def test_the_same_notebook_would_run_without_this_course(graded):
    """The attacks of this file are real: nbconvert's own page of the graded notebook runs the student's script."""
    text, _ = HTMLExporter().from_notebook_node(evil())
    with pytest.raises(AssertionError):
        check_harmless(text, set())


def test_nothing_of_a_student_runs_in_the_formgrader(graded):
    path = graded.course.folder("autograded", ASSIGNMENT, "evil") / f"{ASSIGNMENT}.ipynb"
    exporter = HTMLExporter(config=graded.course.config, template_name="classic")
    base, _ = exporter.from_filename(
        str(graded.course.folder("autograded", ASSIGNMENT, "honest") / f"{ASSIGNMENT}.ipynb")
    )
    check_harmless(exporter.from_filename(str(path))[0], set(Page(base).scripts))


def test_what_is_meant_to_be_seen_survives(graded):
    text = graded.feedback(ASSIGNMENT, "evil")
    for part in (
        *(
            '<details open=""><summary>Pista</summary>',
            "<code>código &lt; aquí</code>",
            "<mi>x</mi><mo>&lt;</mo><mi>y</mi>",
            "<mo>∑</mo>",
        ),
        *(
            '<table tabindex="0">',
            '<td style="text-align:right',
            "<b>negrita</b>",
            "<strong>fuerte</strong>",
            "vino</th>",
        ),
        *('alt="una figura vacía"', "data:image/png;base64,iVBORw0KGgo="),
        "rojo",
    ):
        assert part in text, part
    assert ".dataframe" not in text.split("</head>")[1]  # the style of pandas' tables, taken out, not shown


def test_what_is_meant_to_be_seen_survives_in_the_course_itself(graded):
    """The whole notebook as released: every hint, table and heading is still in its feedback page."""
    release = notebook("release", ASSIGNMENT)
    exporter = HTMLExporter(config=graded.course.config, template_name="classic")
    cleaned, plain = (Page(e.from_notebook_node(release)[0]) for e in (exporter, HTMLExporter(template_name="classic")))
    for tag in ("details", "summary", "table", "td", "th", "h1", "h2", "h3", "code", "strong", "em", "li", "a", "p"):
        assert cleaned.tags.count(tag) == plain.tags.count(tag), tag
    assert cleaned.tags.count("details") > 3


def visited(window, path):
    """Open a page in Chromium; return what it asked for, what it was let to load, its dialogs, the page, and how many
    things lie over it."""
    page, asked, loaded, dialogs = window(), set(), set(), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.add(request.url.split(",")[0]))
    page.on("requestfinished", lambda request: loaded.add(request.url.split(",")[0]))
    page.goto(path.as_uri(), wait_until="domcontentloaded")
    page.wait_for_timeout(1500)
    over = "[...document.querySelectorAll('body *')].filter(e => getComputedStyle(e).position === 'fixed').length"
    return asked, loaded, dialogs, page, page.evaluate(over)


@pytest.mark.parametrize("student", ["evil", "titled", "costly"])
def test_in_a_browser_feedback_asks_for_nothing_and_stays_where_it_is(graded, window, student):
    path = graded.course.folder("feedback", ASSIGNMENT, student) / f"{ASSIGNMENT}.html"
    asked, loaded, dialogs, page, covering = visited(window, path)
    assert {address for address in loaded if not address.startswith("data:")} == {path.as_uri()}
    assert not [address for address in asked if not address.startswith(("data:", path.parent.as_uri()))]
    assert dialogs == [] and page.url == path.as_uri() and covering == 0
    assert page.locator(".score").is_visible() and "de 10 puntos" in page.locator(".score").inner_text()
    if student == "evil":  # links in a student's text lead to places of that text, at most
        page.get_by_role("link", name="uno").or_(page.get_by_text("uno", exact=True)).first.click()
        assert page.url.split("#")[0] == path.as_uri() and dialogs == []


def test_in_a_browser_the_formgrader_s_page_asks_for_no_more_than_an_honest_one(graded, window, tmp_path):
    exporter = HTMLExporter(config=graded.course.config, template_name="classic")
    seen = {}
    for student in ("honest", "evil"):
        notebook = graded.course.folder("autograded", ASSIGNMENT, student) / f"{ASSIGNMENT}.ipynb"
        page = tmp_path / f"{student}.html"
        page.write_text(exporter.from_filename(str(notebook))[0], "utf-8")
        asked, _, dialogs, opened, _ = visited(window, page)
        seen[student] = {address for address in asked if not address.startswith(("data:", "file:"))}
        assert dialogs == [] and opened.url == page.as_uri()
    assert seen["evil"] <= seen["honest"]


def test_a_title_is_text(graded):
    text = graded.feedback(ASSIGNMENT, "titled")
    check_harmless(text, set())
    head = BeautifulSoup(text, "html.parser").head
    assert TITLE in head.title.get_text()
    assert [meta["http-equiv"] for meta in head.find_all("meta", {"http-equiv": True})] == ["Content-Security-Policy"]
    assert "display:none" not in head.style.get_text() and len(head.find_all("style")) == 1


def test_only_the_grader_s_page_lies_in_feedback(graded):
    folder = graded.course.folder("feedback", ASSIGNMENT, "titled")
    assert [path.name for path in folder.rglob("*")] == [f"{ASSIGNMENT}.html"]
    assert OWN_PAGE not in graded.feedback(ASSIGNMENT, "titled")


def test_what_costs_the_square_of_its_size_is_shown_as_text(graded):
    graded.check(ASSIGNMENT, "costly")
    path = graded.course.folder("autograded", ASSIGNMENT, "costly") / f"{ASSIGNMENT}.ipynb"
    assert path.stat().st_size < 8e6
    text = graded.feedback(ASSIGNMENT, "costly")
    assert "10</strong> de 10 puntos" in text
    assert "Resultados por ejercicio" in text
    assert graded.feedback_seconds < 400  # as it was, hours


def test_headings_cost_what_their_length_does():
    source = "# a" + " #" * 400_000 + "x\n```\n"
    cells = [nbformat.v4.new_markdown_cell(source), nbformat.v4.new_markdown_cell("# b" + " " * 400_000 + "(x")]
    started = time.process_time()
    assert [_title(cell, "") for cell in cells] == ["a", "b"]
    assert len(_take_title(cells)) <= 500
    assert time.process_time() - started < 2


@pytest.mark.parametrize("seed", fuzz_seeds(11))
def test_no_text_costs_far_more_than_its_size(seed):
    """Fragments of HTML, Markdown, colours and code in any order, many times over: four times as many may take about
    four times as long. A growth with the square is found here whatever the fragment is."""
    rng = random.Random(seed)
    html = ("<", "<b ", "<b class={}>", "<div>", "</div>", "<p>", "<style", "<script>", "</script", "<!--", "<a b='")
    html += ("<table>", "<svg>", "<i>", "</i>", "&")
    text = ("*", "_", "`", "$", "[", "](", "![", "\n", "> ", "- ", "|", "\\begin{a}", "~~", "\x1b[3m", "\x1b[", "\\")
    code = ("a.", "0.", "'", '"', "f'{", "%%", "!", "(", "x", " ")
    pattern = [rng.choice(html + text + code) for _ in range(rng.randint(1, 4))]

    def seconds(times):
        text = "".join("".join(pattern).replace("{}", str(n)) for n in range(times))
        nb = nbformat.v4.new_notebook(metadata={"language_info": {"name": "python"}})
        html = nbformat.v4.new_output("display_data", {"text/html": text, "text/plain": text})
        stream = nbformat.v4.new_output("stream", text=text)
        nb.cells = [nbformat.v4.new_markdown_cell(text), nbformat.v4.new_code_cell(text, outputs=[html, stream])]
        started = time.process_time()
        clean_notebook(nb)
        exporter = HTMLExporter(
            filters={name: f"grader.notebooks.clean.{name}" for name in ("markdown2html", "highlight_code")}
        )
        exporter.from_notebook_node(nb)
        return time.process_time() - started

    small, large = seconds(2_500), seconds(10_000)
    assert large < 10 * small + 12, f"{pattern}: {small:.1f} s, and {large:.1f} s for four times as much"


def test_hostile_output_costs_no_points(graded):
    graded.check(ASSIGNMENT, "evil")
    graded.check(ASSIGNMENT, "honest")


def test_the_summary_obeys_no_name(graded):
    assert "\x1b[2J" not in graded.printed and "Traceback" not in graded.printed
    assert "[red]ana" in graded.printed and "[link=evil.example]" in graded.printed
    brackets = sum("[" in student for student in ODD)  # nbgrader takes these for patterns: refused, in a sentence
    assert graded.printed.count("unreadable") >= len(ODD) - brackets and graded.printed.count("failed") >= brackets
    assert "\x1b" not in (graded.course.root / ".grading" / "nbgrader.log").read_text("utf-8")


def test_export_is_harmless_and_can_be_read_back(graded):
    command("nbgrader", "export", folder=graded.course.root)
    with (graded.course.root / "grades.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {text for text in ODD.values() if text and "[" not in text} <= set(rows)
    assert float(rows["honest"]["score"]) == float(rows["honest"]["max_score"]) == 10
    assert float(rows["evil"]["score"]) == 10 - FULL["heaviside-test"]
    for row in rows.values():
        assert None not in row and not any(value.startswith(("=", "+", "@")) for value in row.values()), row


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1", "'=1"), ("-2+3", "'-2+3"), (" =1", "' =1"), ("\t=1", "'\t=1"), (-2.5, -2.5), (None, None), ("a,b", "a,b")],
)
def test_formulas_are_text(value, shown):
    assert harmless(value) == shown


@pytest.mark.parametrize("bomb", ["folders", "folders in xz", "headers"])
def test_an_archive_of_nothing_but_headers_is_refused_at_once(tmp_path, bomb):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for n in range(30_000):
            info = tarfile.TarInfo(f"{n}")
            info.type = tarfile.DIRTYPE if bomb.startswith("folders") else tarfile.REGTYPE
            info.pax_headers = {} if info.isdir() else {"comment": "x" * 5000}
            archive.addfile(info)
            if bomb == "headers" and n == 1999:
                break
    packed = lzma.compress(data.getvalue()) if bomb == "folders in xz" else data.getvalue()
    (tmp_path / "bomb.tgz").write_bytes(gzip.compress(packed))
    started = time.process_time()
    with pytest.raises((ValueError, tarfile.TarError)):
        unpack(tmp_path / "bomb.tgz", tmp_path / "folder", 10**8, 2000)
    assert time.process_time() - started < 5


def archives(folder):
    """Write archives as students might hand them in: honest, climbing out, linked, swollen, damaged."""
    good = nbformat.writes(solved(ASSIGNMENT))
    with zipfile.ZipFile(folder / "ana.zip", "w") as archive:
        archive.writestr("neuron.ipynb", good)
    with zipfile.ZipFile(folder / "climb.zip", "w") as archive:
        archive.writestr("../../../../fuera.txt", "x")
        archive.writestr("/tmp/fuera-absoluto.txt", "x")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("neuron.ipynb", bytes(300 * 2**20))
    with zipfile.ZipFile(folder / "crowd.zip", "w") as archive:
        for n in range(21_000):
            archive.writestr(f"{n}", "")
    with tarfile.open(folder / "links.tar.gz", "w:gz") as archive:
        for name, kind, target in (("a", tarfile.SYMTYPE, "/etc/passwd"), ("b", tarfile.LNKTYPE, "../../x")):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, target
            archive.addfile(link)
        pipe = tarfile.TarInfo("neuron.ipynb")
        pipe.type = tarfile.FIFOTYPE
        archive.addfile(pipe)
        dots = tarfile.TarInfo("../../../fuera.txt")
        archive.addfile(dots, io.BytesIO())
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 no")
    (folder / "broken.tar.gz").write_bytes(b"\x1f\x8b no")


def test_archives_unpack_in_their_place(graded, tmp_path):
    root = graded.course.root
    folder = root / "downloaded" / ASSIGNMENT / "archive"
    folder.mkdir(parents=True)
    archives(folder)
    pattern = r"c.FileNameCollectorPlugin.named_regexp = r'.*/(?P<student_id>\w+)/(?P<file_id>neuron)\.ipynb'"
    pattern += "\nc.ZipCollectApp.collector_plugin = 'nbgrader.plugins.FileNameCollectorPlugin'"
    config = root / "nbgrader_config.py"
    config.write_text(f"{config.read_text('utf-8')}\n{pattern}\n", "utf-8")
    done = command("nbgrader", "zip_collect", ASSIGNMENT, folder=root)
    extracted = root / "downloaded" / ASSIGNMENT / "extracted"
    assert [str(p.relative_to(extracted)) for p in extracted.rglob("*") if not p.is_dir()] == ["ana/neuron.ipynb"]
    assert (graded.course.folder("submitted", ASSIGNMENT, "ana") / "neuron.ipynb").is_file()
    assert not list(root.parent.rglob("fuera*")) and not list(root.rglob("fuera*"))
    for name in ("climb.zip", "bomb.zip", "crowd.zip", "links.tar.gz", "broken.zip", "broken.tar.gz"):
        assert re.search(rf"Left out: .*{re.escape(name)}", done.stderr + done.stdout), name
