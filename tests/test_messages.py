"""What the grader says to an instructor: every command that a message advises exists, with the options it names.

That the advice helps, those tests show that follow it: test_year, test_freshness and others take commands out of
messages and run them.
"""

import ast
import re
import shlex

import click
import pytest
from nbgrader.apps.nbgraderapp import NbGraderApp

from grader.cli import main

from .course import ROOT

SOURCES = sorted((ROOT / "grader").rglob("*.py"))
COMMAND = re.compile(r"`((?:grader|nbgrader|make) [^`]+)`")
ERRORS = {"GradingError", "SheetError", "SettingError", "TimeError", "SandboxUnavailable"}


def texts(path):
    """Yield (line, text) of the strings in a module that are no docstrings, what is filled in as «x»."""
    tree = ast.parse(path.read_text("utf-8"))
    inside, docstrings = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in ast.walk(node)} - {id(node)}
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            docstrings |= {id(node.body[0].value)} if isinstance(node.body[0], ast.Expr) else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside | docstrings:
            yield node.lineno, node.value.replace("{}", "x")


ADVICE = sorted(
    {
        (re.sub(r"\{\w+\}", "x", found), path.name)
        for path in SOURCES
        for _, text in texts(path)
        for found in COMMAND.findall(text)
    }
)


def test_there_is_advice():
    assert len(ADVICE) > 25


@pytest.mark.parametrize(("advice", "module"), ADVICE, ids=[advice for advice, _ in ADVICE])
def test_what_a_message_advises_exists(advice, module):
    program, *words = shlex.split(advice)
    if program == "make":
        assert f"\n{words[0]}:" in (ROOT / "Makefile").read_text("utf-8")
    elif program == "grader":
        command, context = main, click.Context(main)
        while isinstance(command, click.Group):
            command = command.get_command(context, words.pop(0))
            assert command, advice
        if "--help" in words:
            return
        command.make_context("grader", words, resilient_parsing=False)
    else:
        app = NbGraderApp()
        while words and words[0] in (app.subcommands or {}):
            app = app.subcommands[words.pop(0)][0]()
        assert not isinstance(app, NbGraderApp), advice
        known = {
            name for names in (*app.flags, *app.aliases) for name in (names if isinstance(names, tuple) else [names])
        }
        for word in (word for word in words if word.startswith("--")):
            assert word.lstrip("-").partition("=")[0] in known, (advice, known)


def test_every_error_says_something_in_whole_sentences():
    found = 0
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            call = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ERRORS and call.args:
                argument = call.args[0]
                if isinstance(argument, ast.JoinedStr | ast.Constant):
                    last = argument.values[-1] if isinstance(argument, ast.JoinedStr) else argument
                    text = last.value if isinstance(last, ast.Constant) else "."
                    assert text.rstrip()[-1:] in ".:)`", (path.name, node.lineno, text)
                    found += 1
    assert found > 40
