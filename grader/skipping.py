"""Leave out of grading what no verdict depends on: the course's own drawings, examples and self-checks.

The instructor tags such a cell `skip-grading` in source/. It is left out of a submission where it is as it was
released and no cell that is executed takes a name that it gives; else it is executed like any other.
"""

import ast
import warnings
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from pyflakes import checker, messages

TAG = "skip-grading"
SKIPPED = "skip-execution"  # nbclient's own tag
LONGEST = 100_000  # characters of a student's own code, beyond which nothing is left out
# With these, code can take a name that is not written in it; `query` is pandas', as in `frame.query("x > @limit")`.
_FUNCTIONS = {"In", "Out", "__import__", "compile", "eval", "exec", "get_ipython", "globals", "import_module", "locals"}
_FUNCTIONS |= {"dir", "vars"}
_METHODS = {"__dict__", "eval", "exec", "f_globals", "import_module", "modules", "query", "user_ns"}
_UNDEFINED = messages.UndefinedName, messages.UndefinedLocal, messages.ImportStarUsage


class Names(NamedTuple):
    """What a cell has to do with others by name; roundabout: it may give or take names that are not written in it."""

    gives: frozenset
    takes: frozenset
    roundabout: bool = False


class SkipCells(NbGraderPreprocessor):
    """Tag for nbclient what need not be executed; runs when the hidden tests are back, which may take any name."""

    def preprocess(self, nb, resources):
        """Return `nb`, its cells tagged in place, and `resources`."""
        where = resources["nbgrader"]
        course = CourseDirectory(parent=self)
        path = Path(
            course.format_path(course.release_directory, ".", where["assignment"]), f"{where['notebook']}.ipynb"
        )
        tag(nb, *(_released(path, path.stat().st_mtime_ns) if path.is_file() else ((), ())))
        return nb, resources


def tag(notebook, released, skippable):
    """Tag the cells of `notebook` that need not be executed with SKIPPED, and no others; return them.

    released, skippable: the sources of all code cells and of those tagged TAG, as they were released.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in code:
        tags = cell.metadata.pop("tags", None)
        if isinstance(tags, list) and any(name != SKIPPED for name in tags):
            cell.metadata["tags"] = [name for name in tags if name != SKIPPED]
    own = [cell.source for cell in code if cell.source not in released]
    if sum(map(len, own)) > LONGEST or any(names(source).roundabout for source in own):
        return []
    optional = [cell for cell in code if cell.source in skippable and not is_solution(cell) and not is_grade(cell)]
    optional = {id(cell) for cell in optional if not names(cell.source).roundabout}
    executed = {id(cell) for cell in with_givers(code, [cell for cell in code if id(cell) not in optional])}
    skipped = [cell for cell in code if id(cell) not in executed]
    for cell in skipped:
        cell.metadata["tags"] = [*cell.metadata.get("tags", []), SKIPPED]
    return skipped


def with_givers(cells, wanted):
    """Return `wanted` and those of `cells` that give a name that one of them takes, and so on, in their order."""
    known = {id(cell): names(cell.source) for cell in cells}
    ids = {id(cell) for cell in wanted}
    while True:
        taken = set().union(*(known[i].takes for i in ids))
        givers = {i for i, cell in known.items() if i not in ids and cell.gives & taken}
        if not givers:
            return [cell for cell in cells if id(cell) in ids]
        ids |= givers


@lru_cache(maxsize=4096)
def names(source):
    """Return the Names of a cell; none if it is not Python, since then nothing of it is executed.

    What a cell changes in place counts as given, and for a hidden test `f` in `student.f` as taken.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(TransformerManager().transform_cell(source))
        found = checker.Checker(tree)
    except SyntaxError:
        return Names(frozenset(), frozenset())
    except Exception:  # too deep, or whatever else can break in the analysis of a stranger's code
        return Names(frozenset(), frozenset(), roundabout=True)
    module = next(scope for scope in found.deadScopes if isinstance(scope, checker.ModuleScope))
    gives = {name for name, binding in module.items() if not isinstance(binding, checker.Builtin)}
    takes = {message.message_args[0] for message in found.messages if isinstance(message, _UNDEFINED)}
    functions = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    methods = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name("student"), name):
                takes.add(name)
            case ast.Attribute(ast.Name(name)) | ast.Subscript(ast.Name(name)) if not isinstance(node.ctx, ast.Load):
                gives.add(name)
    star = any(name.endswith(".*") for name in gives)
    history = any(name.startswith("_") for name in takes)  # `_`, `_3`, `_i`, `_oh`: IPython's
    roundabout = star or history or "__main__" in source or functions & _FUNCTIONS or methods & _METHODS
    return Names(frozenset(gives), frozenset(takes), bool(roundabout))


@lru_cache(maxsize=64)
def _released(path, _modified):
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    tagged = (cell.source for cell in code if TAG in cell.metadata.get("tags", []))
    return frozenset(cell.source for cell in code), frozenset(tagged)
