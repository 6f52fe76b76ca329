"""What a student has added to a locked cell: it is kept where the released part is still there in full."""

import ast
import re
import warnings
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager

from .released import plain

LONGEST = 100_000  # characters of a cell, beyond which it is only compared
MOST_PARSED = 50_000  # characters of a notebook's changed locked cells that are taken apart
MOST_MAGICS = 20  # lines of one cell that IPython may have to rewrite; each makes it read the whole cell anew
_ASSIGNED = re.compile(r"=[\s\\]*[%!]")  # as in `files = !ls`
_SAFE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign)


class Budget:
    """How much of one notebook may still be taken apart: what a student writes must not keep the class waiting."""

    def __init__(self, left: int = MOST_PARSED) -> None:
        self.left = left

    def allows(self, source: str) -> bool:
        """Tell whether `source` may be taken apart, and count it."""
        magics = sum(map(_is_rewritten, source.splitlines()))
        cost = len(source) * (1 + magics // 4)
        if magics > MOST_MAGICS or cost > self.left:
            return False
        self.left -= cost
        return True


class Added(NamedTuple):
    """What stands before and after the released part, and whether that was changed itself."""

    before: str = ""
    after: str = ""
    changed: bool = False


def added(source: str, visible: str, is_code: bool, budget: Budget | None = None) -> Added:
    """Return what `source` has that the `visible` released source has not; blanks and comments are nothing.

    budget: the notebook's; beyond it, what stands around the released part is kept, and all else counts as changed.
    """
    budget = budget or Budget()
    if plain(source) == plain(visible):
        return Added()
    if len(source) > LONGEST:
        return Added(changed=True)
    around = _around(source, visible)
    if around and not is_code:
        return Added(*around)
    if around and all(_stands_alone(part) for part in around):
        before, after = (part if _says_something(part, budget) else "" for part in around)
        return Added(before, after)
    return _by_statements(source, visible, budget) if is_code else Added(changed=True)


def _around(source: str, visible: str) -> tuple[str, str] | None:
    """Return the lines before and after those released, if these are there in one piece, else None."""
    lines = source.split("\n")
    filled = [(n, line.rstrip()) for n, line in enumerate(lines) if line.strip()]
    texts, wanted = [line for _, line in filled], plain(visible).split("\n")
    for start in range(len(filled) - len(wanted) + 1):
        if texts[start] == wanted[0] and texts[start : start + len(wanted)] == wanted:
            first, last = filled[start][0], filled[start + len(wanted) - 1][0]
            return "\n".join(lines[:first]).strip("\n"), "\n".join(lines[last + 1 :]).strip("\n")
    return None


def _stands_alone(part: str) -> bool:
    """Tell whether these lines were no part of a block or a text that the released ones belonged to as well."""
    quotes = part.count('"""') % 2 or part.count("'''") % 2
    return not quotes and not part[:1].isspace()


def _says_something(part: str, budget: Budget) -> bool:
    if not plain(part):
        return False
    found = _statements(part) if budget.allows(part) else None
    return found is None or bool(found)  # None: with a mistake in it, which is the student's to see


def _by_statements(source: str, visible: str, budget: Budget) -> Added:
    if not budget.allows(source):
        return Added(changed=True)
    ours, theirs = _statements(visible), _statements(source)
    if ours is None or theirs is None:
        return Added(changed=True)
    left = [dump for dump, *_ in ours]
    before: list[tuple[str, ast.stmt]] = []
    after: list[tuple[str, ast.stmt]] = []
    complete = len(left)
    for dump, text, node in theirs:
        if left and dump == left[0]:
            del left[0]
        else:
            (before if len(left) == complete and complete else after).append((text, node))
    if left:  # something released is gone or was changed: what else defines a name of its own is kept
        known = {name for *_, node in ours for name in _names(node)}
        safe = [text for text, node in before + after if isinstance(node, _SAFE) and not known & _names(node)]
        return Added("", "\n".join(safe), changed=True)
    first, last = ("\n".join(text for text, _ in part) for part in (before, after))
    return Added(first, last)


def _names(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds, where it is of a kind that is kept."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    own: set[str] = {node.name} if hasattr(node, "name") else set()
    return own | {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _statements(source: str) -> list[tuple[str, str, ast.stmt]] | None:
    """Return [(what it does, its text, its node)] of the top-level statements, or None if it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            python = TransformerManager().transform_cell(source)
            nodes = ast.parse(python).body
        lines = python.split("\n")
        return [(ast.dump(node), "\n".join(lines[_first(node) - 1 : node.end_lineno]), node) for node in nodes]
    except Exception:  # a stranger's code can break its reader in any way
        return None


def _first(node: ast.stmt) -> int:
    lines: list[int] = [node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))]
    return min(lines)


def _is_rewritten(line: str) -> bool:
    """Tell whether IPython may have to rewrite a line: a magic, a command, a question or a call without brackets."""
    line = line.strip()
    if line.startswith("#"):
        return False
    return line.startswith(("%", "!", "?", "/", ",", ";")) or line.endswith("?") or bool(_ASSIGNED.search(line))
