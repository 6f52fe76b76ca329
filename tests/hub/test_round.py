"""From release to feedback and back, as an instructor and two students live it: real hub, real users, real browser.

The tests are one story and run in this order; each continues where the one before ended.
"""

import re
import shlex
import time

import nbformat
import pytest
from playwright.sync_api import expect

from grader.calibration.known import build, reference

from ..course import notebook
from ..guides import commands
from .browser import SECONDS, picture
from .conftest import COLLEAGUE
from .server import CLOSED, unit

ASSIGNMENT = "neuron"
SOLVED = build(reference(ASSIGNMENT), notebook("source", ASSIGNMENT), notebook("release", ASSIGNMENT))
EXERCISE = "weighted-sum"  # what a student leaves for last here, and another one gets wrong
SELF_CHECK = "Ejercicio 1 · weighted_sum"
TOTAL = 10


def solution(nb):
    """Return the cell in which the exercise is solved."""
    return next(cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == EXERCISE)


def leave(student, source):
    """Put a solved notebook with another `source` of the exercise into the student's fetched assignment."""
    nb = nbformat.from_dict(SOLVED)
    solution(nb).source = source
    path = student.home / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    assert path.is_file(), "what is fetched lies in the student's home"
    path.write_text(nbformat.writes(nb), "utf-8")  # the file stays the student's own


@pytest.fixture(scope="module")
def round_trip(hub, instructor):
    """A function that runs the instructor's documented command that begins with these words, in their own terminal."""
    todo = commands("operator.md", "The round")
    folder = todo.pop(0)
    assert folder.startswith("cd ")

    def run(words):
        command = next(line for line in todo if line.startswith(words))
        todo.remove(command)
        return instructor.run(f"{folder} && {command}", hub.environment(instructor), timeout=180)

    run.todo = todo
    return run


def test_instructor_generates_in_the_formgrader_and_releases(visitor, instructor, round_trip):
    formgrader = visitor(instructor)
    formgrader.open_formgrader("manage_assignments", f"tr:has-text('{ASSIGNMENT}')")
    assert "Successfully created" in formgrader.press(ASSIGNMENT, "assign")
    assert (instructor.home / "redes-neuronales" / "release" / "es" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").is_file()
    round_trip("grader release")
    round_trip("nbgrader release_assignment")


def test_a_student_comes_in_on_the_index(visitor, people):
    ada = visitor(people["ada"])
    ada.open("", ".jp-NotebookPanel")
    index = ada.page.get_by_role("heading", name="Redes neuronales artificiales")
    expect(index).to_be_visible(timeout=60 * SECONDS)
    assert (people["ada"].home / "index.ipynb").is_file()


def test_student_fetches_solves_validates_and_submits(visitor, people):
    ada = visitor(people["ada"])
    ada.open_lab()
    ada.fetch(ASSIGNMENT)
    released = solution(notebook("release", ASSIGNMENT)).source
    leave(people["ada"], released)  # all else is done

    ada.unfold(ASSIGNMENT)
    picture(ada.page, "asignaciones")
    ada.open_notebook(ASSIGNMENT)
    said = ada.validate()
    assert "The following cell failed" in said and f"{SELF_CHECK}: sin hacer todavía" in said
    picture(ada.page, "validar")
    ada.close_dialog()

    ada.write("def weighted_sum", solution(SOLVED).source)
    ada.menu("Run", "Run All Cells")
    check = ada.page.get_by_text(f"✅ {SELF_CHECK}")
    expect(check).to_be_attached(timeout=120 * SECONDS)
    ada.wait_until_idle()
    expect(ada.bring(check)).to_be_in_viewport()
    picture(ada.page, "ejercicio")
    figure = ada.page.locator(".jp-Notebook").get_by_role("img", name=re.compile("^Tres gráficos de barras en cascada"))
    expect(ada.bring(figure)).to_be_visible()  # by its alternative text, as a screen reader has it
    assert "Success! Your notebook passes all the tests." in ada.validate()
    ada.close_dialog()
    ada.submit(ASSIGNMENT)


KERNELS = """
    async user => {
        const token = document.cookie.match(/_xsrf=([^;]*)/)[1];
        const answer = await fetch(`/user/${user}/api/kernels`, {headers: {"X-XSRFToken": token}});
        return (await answer.json()).map(kernel => kernel.id);
    }
"""


def test_a_restart_of_the_hub_ends_nobodys_session(hub, visitor, people):
    page, name, (server,) = visitor(people["ada"]).page, people["ada"].name, hub.servers(people["ada"])
    before = page.evaluate(KERNELS, name)
    assert before
    hub.stop()
    assert page.evaluate(KERNELS, name) == before  # through the proxy, which goes on
    hub.start()
    assert hub.servers(people["ada"]) == [server]
    page.goto(f"{hub.url}/hub/user-redirect/lab")
    expect(page.locator(".jp-FileBrowser").first).to_be_visible(timeout=60 * SECONDS)  # and no login on the way
    assert page.evaluate(KERNELS, name) == before

    assert unit("hub")["PartOf"] == "redes-neuronales-proxy.service"  # whose restart is the hub's, too
    hub.stop()
    hub.start_proxy()
    hub.start()
    page.goto(f"{hub.url}/hub/user-redirect/lab")
    expect(page.locator(".jp-FileBrowser").first).to_be_visible(timeout=60 * SECONDS)
    assert hub.servers(people["ada"]) == [server] and page.evaluate(KERNELS, name) == before


def test_another_student_submits_a_mistake(visitor, people):
    bruno = visitor(people["bruno"])
    bruno.open_lab()
    bruno.fetch(ASSIGNMENT)
    leave(people["bruno"], "def weighted_sum(x, w, b):\n    return np.dot(x, w)  # sin el sesgo")
    bruno.submit(ASSIGNMENT)


def submitted(hub, student):
    """Return the folder in the exchange that the student has submitted."""
    (folder,) = hub.exchange.glob(f"*/inbound/{student.name}+*")
    return folder


def test_students_cannot_reach_what_others_share(hub, people):
    course, bruno = hub.exchange / "redes-neuronales", people["bruno"]
    for closed in (course / "inbound", people["ada"].home, *CLOSED):
        bruno.run(f"ls {closed}", expected=2)
    bruno.run(f"touch {course}/outbound/{ASSIGNMENT}/{ASSIGNMENT}.ipynb", expected=1)
    bruno.run(f"mv {course} {course}-old", expected=1)
    work = submitted(hub, people["ada"]) / f"{ASSIGNMENT}.ipynb"
    bruno.run(f"echo x >> {shlex.quote(str(work))}", expected=1)


def test_a_student_submits_in_the_name_of_another(hub, people):
    own = submitted(hub, people["bruno"])
    forged = own.with_name(f"{people['ada'].name}+{ASSIGNMENT}+2100-01-01 00:00:00.000000 UTC+forged")
    # Newer than hers: the grades below tell whether it was taken for hers.
    people["bruno"].run(f"cp -r {shlex.quote(str(own))} {shlex.quote(str(forged))}")


def test_instructor_collects_and_grades(visitor, people, instructor, round_trip):
    said = round_trip("nbgrader collect").stderr
    assert "Processing 2 submissions" in said
    assert f"names {people['ada'].name} but was written by {people['bruno'].name}" in said
    formgrader = visitor(instructor)
    formgrader.open_formgrader(f"manage_submissions/{ASSIGNMENT}", f"tr:has-text('{people['ada'].name}')")
    said = formgrader.press(people["ada"].name, "autograde", seconds=180)
    assert "Successfully autograded" in said, said
    printed = round_trip("grader autograde").stdout
    assert "1 graded, 1 skipped" in printed  # the one from the formgrader stays

    formgrader.open_formgrader(f"manage_submissions/{ASSIGNMENT}", f"tr:has-text('{people['bruno'].name}')")
    scores = {name: formgrader.page.locator("tr", has_text=people[name].name).locator(".score") for name in people}
    expect(scores["ada"]).to_have_text(f"{TOTAL} / {TOTAL}")
    expect(scores["bruno"]).not_to_have_text(f"{TOTAL} / {TOTAL}")
    picture(formgrader.page, "formgrader")


def test_another_instructor_reads_a_graded_notebook_of_the_same_class(visitor, people):
    formgrader = visitor(people[COLLEAGUE])
    formgrader.open_formgrader(f"gradebook/{ASSIGNMENT}/{ASSIGNMENT}", "tr:has-text('Submission')")
    formgrader.page.locator("td a", has_text="Submission").first.click()
    expect(formgrader.page.get_by_text("weighted_sum").first).to_be_visible()


def test_students_fetch_and_read_their_own_feedback(visitor, people, round_trip):
    round_trip("nbgrader generate_feedback")
    round_trip("nbgrader release_feedback")
    mistake = "Parece que falta el sesgo"
    right = visitor(people["ada"]).read_feedback(ASSIGNMENT)
    expect(right).to_contain_text("La neurona artificial")
    expect(right).not_to_contain_text(mistake)
    bruno = visitor(people["bruno"])
    wrong = bruno.read_feedback(ASSIGNMENT)
    expect(wrong).to_contain_text(mistake)
    picture(bruno.page, "informe")


def test_instructor_reads_the_report(visitor, people, instructor, round_trip):
    round_trip("grader report")
    report = visitor(instructor)
    report.open("files/redes-neuronales/report.html", "h1")
    expect(report.page.locator("body")).to_contain_text(people["bruno"].name)


def test_every_documented_command_was_run(round_trip):
    assert not round_trip.todo


def test_idle_servers_are_ended(hub, people):
    assert any(hub.servers(user) for user in people.values())
    hub.stop()
    hub.start(COURSE_IDLE_MINUTES="0.1")
    deadline = time.monotonic() + 120
    while left := [user.name for user in people.values() if hub.servers(user)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.5)
