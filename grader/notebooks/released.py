"""What was released: the cells of a notebook as the gradebook and the release know them."""

import ast
import builtins
import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from traitlets.config import Configurable

from ..questions.names import names


@dataclass(eq=False)
class Released:
    """A cell as it was released; grade_id and marks, nbgrader's metadata, are "" and None of an unmarked one."""

    grade_id: str
    cell_type: str
    source: str  # what is put back: with hidden tests, where it is known
    visible: str  # what students got
    cell_id: str = ""
    marks: dict[str, Any] | None = None
    wanted: frozenset[str] = frozenset()  # the names that an answer defines, or that a test asks for
    stub: frozenset[str] = frozenset()  # those of an answer that stand in what students got
    answer: "Released | None" = None  # of a test, the answer before it

    def _is(self, mark: str) -> bool:
        return bool(self.marks and self.marks.get(mark))

    locked = property(lambda self: self._is("locked"))
    graded = property(lambda self: self._is("grade") or self._is("task"))
    solution = property(lambda self: self._is("solution"))

    @cached_property
    def text(self) -> str:
        """What is compared of it."""
        return plain(self.visible)

    def is_as_released(self, cell: NotebookNode) -> bool:
        """Tell whether a submitted cell says what this one does."""
        return plain(cell.source) == self.text


@lru_cache(maxsize=4096)
def plain(source: str) -> str:
    """Return a source without empty lines and blanks at the end of lines."""
    return "\n".join(line for line in map(str.rstrip, source.splitlines()) if line)


def marked_cells(notebook: Any, parent: Configurable | None = None) -> list[Released]:
    """Return the Released cells that the gradebook's `notebook` knows, without their places."""
    tasks = {cell.name for cell in notebook.task_cells}
    points = {cell.name: cell.max_score for cell in (*notebook.grade_cells, *notebook.task_cells)}
    solutions = {cell.name for cell in notebook.solution_cells}
    clear = ClearHiddenTests(parent=parent)
    found = []
    for cell in notebook.source_cells:
        marks = {
            "grade_id": cell.name,
            "grade": cell.name in points and cell.name not in tasks,
            "solution": cell.name in solutions,
            "locked": cell.locked,
            "checksum": cell.checksum,
            "cell_type": cell.cell_type,
            "schema_version": 3,
            "task": cell.name in tasks,
            **({"points": points[cell.name]} if cell.name in points else {}),
        }
        seen = nbformat.v4.new_code_cell(cell.source)
        clear._remove_hidden_test_region(seen)
        found.append(Released(cell.name, cell.cell_type, cell.source, seen.source, marks=marks))
    return found


def in_release(known: list[Released], release: NotebookNode) -> list[Released]:
    """Return the Released cells `known`, and those without marks, in the order of the `release` notebook."""
    left = {one.grade_id: one for one in known}
    result = []
    for cell in release.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        one = left.pop(grade_id, None)
        if one is None:
            one = Released("", cell.cell_type, cell.source, cell.source)
        one.visible, one.cell_id = cell.source, cell.get("id", "")
        result.append(one)
    return [*result, *left.values()]


def from_release(release: NotebookNode) -> list[Released]:
    """Return the Released cells of a `release` notebook alone, without its hidden tests."""
    found = []
    for cell in release.cells:
        marks = cell.metadata.get("nbgrader")
        name = marks.grade_id if marks else ""
        found.append(Released(name, cell.cell_type, cell.source, cell.source, cell.get("id", ""), marks))
    return with_wanted(found)


def with_wanted(released: list[Released]) -> list[Released]:
    """Fill in `wanted` of a notebook's Released cells, in place, and return them."""
    code = [known for known in released if known.cell_type == "code"]
    helpers = frozenset().union(*(names(known.visible).gives for known in code if not known.solution))
    answers = [known for known in code if known.solution]
    for known in answers:
        known.wanted = known.stub = names(known.visible).gives
    answer = None
    for known in code:
        if known.solution:
            answer = known
        elif known.graded:
            known.wanted, known.answer = asked(known.source) - helpers, answer
            if answer:
                others = frozenset().union(*(one.stub for one in answers if one is not answer))
                answer.wanted |= known.wanted - others
    return released


def asked(source: str) -> frozenset[str]:
    """Return the names that a test asks of the student: what goes through `student`, as `student.name` and
    `student["name"]`; of `student[name]`, all that it can be. A test without the grader asks for its global names."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nodes = list(ast.walk(ast.parse(TransformerManager().transform_cell(source))))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    found: set[str] = set()
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for node in nodes:
        match node:
            case ast.Attribute(ast.Name("student"), name) | ast.Subscript(ast.Name("student"), ast.Constant(str(name))):
                found.add(name.split(".")[0])
            case ast.Subscript(ast.Name("student")) | ast.Call(ast.Name("getattr"), [ast.Name("student"), *_]):
                found |= {text.split(".")[0] for text in texts if all(map(str.isidentifier, text.split(".")))}
    if not any(_is_of_grader(node) for node in nodes):
        found |= names(source).takes - _bound(nodes) - set(dir(builtins))
    return frozenset(found)


def _is_of_grader(node: ast.AST) -> bool:
    match node:
        case ast.Import(aliases):
            return any(alias.name.split(".")[0] == "grader" for alias in aliases)
        case ast.ImportFrom(str(module)):
            return module.split(".")[0] == "grader"
    return False


def _bound(nodes: list[ast.AST]) -> set[str]:
    """Return all names that are bound anywhere in the code with these nodes, also within its functions."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(name, ast.Store()) | ast.arg(name) | ast.ExceptHandler(name=str(name)):
                found.add(name)
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                found.add(name)
            case ast.alias(name, alias):
                found.add(alias or name.split(".")[0])
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                found.add(name)
    return found
