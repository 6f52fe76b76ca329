"""Classifiers that classify nothing: constants, tables of answers, forged networks; all in one class of `wine`."""

import csv

import pytest

from .course import ROOT, attacks, grade, hand_in, handed, new_course, solved

ASSIGNMENT = "wine"
ATTACKS = attacks("forge", ASSIGNMENT)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = new_course(tmp_path_factory.mktemp("wines"), [ASSIGNMENT])
    hand_in(course, "honest", ASSIGNMENT, solved(ASSIGNMENT))
    for name, attack in ATTACKS.items():
        hand_in(course, name, ASSIGNMENT, handed(attack, ROOT=course.root))
    students = {(ASSIGNMENT, name): attack for name, attack in ATTACKS.items()}
    return grade(course, students=students, feedback=ASSIGNMENT)


def test_who_trains_a_network_gets_all(graded):
    graded.check(ASSIGNMENT, "honest")


@pytest.mark.parametrize("student", ATTACKS)
def test_no_points_for_predicting_without_learning(graded, student):
    graded.check(ASSIGNMENT, student)


def test_the_held_out_wines_are_out_of_reach(graded):
    came = graded.found(ASSIGNMENT, "search")
    assert {path.rsplit("/", 1)[-1] for path in came["files"] if "/notebook/" in path} == {"wine_shuffled.data"}
    assert came["columns"] and "Cultivator" not in came["columns"] and came["place"] is None
    assert "FileNotFoundError" in dict(graded.verdicts(ASSIGNMENT, "search"))["predict-f1-test"][1]


@pytest.mark.parametrize("student", ["honest", *ATTACKS])
def test_no_label_of_a_held_out_wine_is_shown(graded, student):
    with (ROOT / "data" / "hidden" / "wine_hidden.csv").open(newline="") as file:
        rows = [",".join(row) for row in csv.reader(file)][1:]
    assert len(rows) == 36
    for text in (graded.said(ASSIGNMENT, student), graded.feedback(ASSIGNMENT, student)):
        assert not [row for row in rows if row in text]
