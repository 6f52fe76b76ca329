"""The names that a notebook's cell gives to other cells, and those that it can take from them, as Python compiles it.

What is taken errs on the safe side: a function may be called at any time, so that whatever its bytecode looks up among
the global names counts, also what it declares `global`, looks for under `except NameError`, or the cell gives as well.
Only code that runs in order, at the top of a cell, does not take what has surely been given above it in the same cell.
"""

import ast
import dis
import re
import symtable
import types
import warnings
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager

# With these, code can take a name that is not written in it.
_FUNCTIONS = {"In", "Out", "__import__", "compile", "eval", "exec", "get_ipython", "globals", "import_module", "locals"}
_FUNCTIONS |= {"dir", "vars", "__builtins__"}
_METHODS = {"__dict__", "__globals__", "eval", "exec", "f_back", "f_globals", "f_locals", "import_module", "modules"}
_METHODS |= {"query", "user_ns", "__getattribute__"}
_MODULES = {"__main__", "builtins", "inspect", "gc"}
_HARMLESS = {"autoreload", "config", "load_ext", "matplotlib", "precision"}  # magics of one line that use no name
_CELL_MAGIC = re.compile(r"\A[ \t\n]*%%(time|timeit|capture|prun)\b[^\n]*\n")  # what is below it is Python
_MAGIC = re.compile(r"^[ \t]*[%!?]|[?!%][ \t]*$|=[ \t]*[%!]", re.MULTILINE)
MOST_MAGICS = 20  # of one cell
LONGEST = 200_000  # characters of one cell
_WORD = re.compile(r"[^\W\d]\w*")
_HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|_[dio]h")  # IPython's
_LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "DELETE_GLOBAL", "DELETE_NAME"}
_BINDS = (ast.Assign, ast.AugAssign, ast.Import, ast.ImportFrom)
_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CHANGEABLE = (ast.List, ast.Dict, ast.Set, ast.Call, ast.ListComp, ast.DictComp, ast.SetComp)
_CHANGES = {"add", "append", "appendleft", "clear", "extend", "fit", "insert", "partial_fit", "pop", "popitem"}
_CHANGES |= {"popleft", "remove", "reverse", "send", "setdefault", "sort", "train_on_batch", "update", "write"}
_LATER = (*_DEFINES, ast.Lambda, ast.GeneratorExp)


class Names(NamedTuple):
    """What a cell has to do with others by name.

    defines: those it gives by def or class; hollow: those it gives as what waits for an answer alone; words: all that
    stand in its strings, some of which it might take; roundabout: it may give or take names that are not written in it,
    or its functions may remember how often they were called.
    """

    gives: frozenset[str] = frozenset()
    defines: frozenset[str] = frozenset()
    hollow: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    roundabout: bool = False


@lru_cache(maxsize=4096)
def names(source: str, trusted: bool = False) -> Names:
    """Return the Names of a cell; none if it is not Python, since then nothing of it is executed.

    What a cell changes in place counts as given, and for a hidden test `f` in `student.f` and `student["f"]` as taken.
    trusted: it is the course's own, whose functions find what they use, whose loops run and whose errors are not
    hidden.
    """
    # Each magic costs IPython a look at the whole cell.
    if len(source) > LONGEST or len(_MAGIC.findall(source)) > MOST_MAGICS:
        return Names(roundabout=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = TransformerManager().transform_cell(_CELL_MAGIC.sub("", source, count=1))
            tree = ast.parse(code)
            found = _Taken(trusted)
            found.run(tree.body, frozenset())
            gives, defines = _given(code, tree)
    except SyntaxError:
        return Names()
    except Exception:  # too deep, or whatever else can break in the analysis of a stranger's code
        return Names(roundabout=True)
    taken = {name for name in found.taken if not name.endswith("__")}  # __name__ and the like are everywhere
    roundabout = any(map(_HISTORY.fullmatch, taken)) or _is_roundabout(tree) or (not trusted and _remembers(tree))
    hollow, words = frozenset(_hollow(tree)), frozenset(found.words)
    return Names(frozenset(gives), frozenset(defines), hollow, frozenset(taken), words, roundabout)


def _given(code: str, tree: ast.Module) -> tuple[set[str], set[str]]:
    """Return the names that the module binds, anywhere, or whose value it changes in place; those by def or class."""
    given: set[str] = set()
    tables = [symtable.symtable(code, "cell", "exec")]
    defined = {s.get_name() for s in tables[0].get_symbols() if s.is_namespace()}
    while tables:
        table = tables.pop()
        module = table.get_type() == "module"
        given |= {s.get_name() for s in table.get_symbols() if (module or s.is_declared_global()) and _is_bound(s)}
        tables += table.get_children()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(ast.Name(name)) | ast.Subscript(ast.Name(name)) if not isinstance(node.ctx, ast.Load):
                given.add(name)
    return given, defined


def _hollow(tree: ast.Module) -> set[str]:
    """Return the names that the module binds to what waits for an answer alone: a function that does nothing but raise
    NotImplementedError, None or an ellipsis."""
    hollow: set[str] = set()
    others: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef(name, body=body) if all(map(_does_nothing, body)):
                hollow.add(name)
            case ast.Assign([ast.Name(name)], ast.Constant(value)) if value is None or value is ...:
                hollow.add(name)
            case _:
                others |= _stored(node) | {child.name for child in ast.walk(node) if isinstance(child, _DEFINES)}
    return hollow - others


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(ast.Constant()):
            return True
        case ast.Raise(ast.Name("NotImplementedError") | ast.Call(ast.Name("NotImplementedError"))):
            return True
    return False


def _remembers(tree: ast.Module) -> bool:
    """Tell whether a function in the module may, by what is written in it, answer otherwise the next time: for it,
    a self-check that is left out and calls it makes a difference."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)):
        if any(isinstance(default, _CHANGEABLE) for default in (*function.args.defaults, *function.args.kw_defaults)):
            return True
        body = function.body if isinstance(function.body, list) else [function.body]
        inside = [child for statement in body for child in ast.walk(statement)]
        own = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
        own |= {child.id for child in inside if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)}
        for child in inside:
            match child:
                case ast.Global() | ast.Nonlocal():
                    return True
                case ast.Attribute(ast.Name(name)) | ast.Subscript(ast.Name(name)) if name not in own:
                    changes = isinstance(child, ast.Attribute) and child.attr in _CHANGES
                    if changes or not isinstance(child.ctx, ast.Load):
                        return True
                case ast.Call(ast.Name("next"), [ast.Name(name), *_]) if name not in own:
                    return True
    return False


def _is_bound(symbol: symtable.Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()


def _is_roundabout(tree: ast.Module) -> bool:
    harmless: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Call(shell), "run_line_magic"), [ast.Constant(magic), *_]):
                harmless |= {id(shell)} if magic in _HARMLESS else set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(name) if name in _FUNCTIONS and id(node) not in harmless:
                return True
            case ast.Attribute(_, name) if name in _METHODS:
                return True
            case ast.Constant(str(text)) if "__main__" in text:
                return True
            case ast.Import(aliases) if any(alias.name.split(".")[0] in _MODULES for alias in aliases):
                return True
            case ast.ImportFrom(str(module), aliases):
                taken = {alias.name for alias in aliases} & (_FUNCTIONS | _METHODS | {"*"})
                if taken or module.split(".")[0] in _MODULES:
                    return True
    return False


class _Taken:
    """Collects in `taken` what statements can take from outside of the cell, in `words` what is in their strings."""

    def __init__(self, trusted: bool) -> None:
        self.taken: set[str] = set()
        self.words: set[str] = set()
        self.trusted = trusted

    def run(self, statements: Iterable[ast.stmt], bound: frozenset[str]) -> frozenset[str]:
        """Go through statements that run in order; return what is surely bound after them, `bound` included."""
        for statement in statements:
            bound = bound | self._statement(statement, bound)
        return bound

    def _statement(self, node: ast.stmt, bound: frozenset[str]) -> frozenset[str]:
        """Look through one statement; return what it surely binds."""
        match node:
            case ast.If():
                self._now(node.test, bound)
                return self.run(node.body, bound) & self.run(node.orelse, bound)
            case ast.For() | ast.AsyncFor():
                self._now(node.iter, bound)
                self._now(node.target, bound)
                inside = self.run(node.body, bound | _stored(node.target))
                self.run(node.orelse, bound)
                return inside if self.trusted else frozenset()  # there may be nothing to go through
            case ast.While():
                self._now(node.test, bound)
                self.run(node.body, bound)
                self.run(node.orelse, bound)
                return frozenset()
            case ast.With() | ast.AsyncWith():
                inside = bound
                for item in node.items:
                    self._now(item.context_expr, inside)
                    if item.optional_vars is not None:
                        self._now(item.optional_vars, inside)
                        inside = inside | _stored(item.optional_vars)
                inside = self.run(node.body, inside)
                return inside if self.trusted else frozenset()  # the manager may swallow an error
            case ast.Try() | ast.TryStar():
                tried = self.run(node.orelse, self.run(node.body, bound))
                for handler in node.handlers:
                    if handler.type is not None:
                        self._now(handler.type, bound)
                    self.run(handler.body, bound | ({handler.name} if handler.name else frozenset()))
                return self.run(node.finalbody, tried if self.trusted else bound)
            case ast.Match():
                self._now(node.subject, bound)
                for case in node.cases:
                    self._now(case.pattern, bound)
                    if case.guard is not None:
                        self._now(case.guard, bound | _stored(case.pattern))
                    self.run(case.body, bound | _stored(case.pattern))
                return frozenset()
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._later(node, bound)
                return frozenset({node.name})
            case ast.AugAssign():
                self._now(node, bound)
                self.taken |= _stored(node.target) - bound
            case ast.Delete():
                self.taken |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
                return frozenset()
            case _:
                self._now(node, bound)
        return _stored(node) if isinstance(node, _BINDS) else frozenset()

    def _now(self, node: ast.AST, bound: frozenset[str]) -> None:
        """Look through what is evaluated on the spot."""
        match node:
            case ast.Expr(ast.Constant(str())):
                return  # a docstring
            case ast.Constant(str(text)):
                self.words |= set(_WORD.findall(text))
            case ast.Name(name, ast.Load()):
                self.taken |= {name} - bound
            case ast.Attribute(ast.Name("student"), name):
                self.taken |= {"student", name} - bound
            case ast.Subscript(ast.Name("student"), ast.Constant(str(path))):
                self.taken |= {"student", path.split(".")[0]} - bound
            case ast.ListComp() | ast.SetComp() | ast.DictComp():
                for generator in node.generators:
                    self._now(generator.iter, bound)
                    bound = bound | _stored(generator.target)
                    for condition in generator.ifs:
                        self._now(condition, bound)
                for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
                    self._now(part, bound)
            case _ if isinstance(node, _LATER):
                self._later(node, bound)
            case _:
                for child in ast.iter_child_nodes(node):
                    self._now(child, bound)

    def _later(self, node: ast.stmt | ast.expr, bound: frozenset[str]) -> None:
        """Look through what may run at any time: all global names count that its bytecode looks up."""
        body: list[ast.stmt] = [node] if isinstance(node, ast.stmt) else [ast.Expr(node)]
        code = compile(ast.fix_missing_locations(ast.Module(body, [])), "cell", "exec")
        outside, *inside = _codes(code)
        self.taken |= _loads(outside) - bound  # decorators, defaults, base classes
        for inner in inside:
            self.taken |= _loads(inner) - bound if self.trusted else _loads(inner)
        docstrings = _docstrings(node)
        for child in ast.walk(node):
            match child:
                case ast.Attribute(ast.Name("student"), name):
                    self.taken.add(name)
                case ast.Subscript(ast.Name("student"), ast.Constant(str(path))):
                    self.taken.add(path.split(".")[0])
                case ast.Constant(str(text)) if child not in docstrings:
                    self.words |= set(_WORD.findall(text))


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _loads(code: types.CodeType) -> set[str]:
    return {step.argval for step in dis.get_instructions(code) if step.opname in _LOADS}


def _docstrings(node: ast.AST) -> set[ast.Constant]:
    """Return the docstrings of `node` and all that is defined in it."""
    bodies = (child.body for child in ast.walk(node) if isinstance(child, _DEFINES))
    expressions = (statement for body in bodies for statement in body if isinstance(statement, ast.Expr))
    return {expression.value for expression in expressions if isinstance(expression.value, ast.Constant)}


def _stored(node: ast.AST) -> frozenset[str]:
    """Return the names that are bound by a statement, or by the targets in an expression or a pattern."""
    found: set[str] = set()
    for child in ast.walk(node):
        match child:
            case ast.Name(name, ast.Store()):
                found.add(name)
            case ast.alias(name, alias):
                found.add(alias or name.split(".")[0])
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
    return frozenset(found)
