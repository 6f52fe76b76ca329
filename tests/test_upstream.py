"""What rests on private names of others' packages: a sentence for whoever raises a pin under which one has changed."""

import ast
import importlib
import inspect
import re
from importlib.metadata import version

import pytest

from .course import ROOT

# package, version seen in, module, name in it, its parameters (None: it is no function), what rests on it
RESTS_ON = [
    (
        "nbclient",
        "0.11.0",
        "nbclient.client",
        "NotebookClient._async_check_alive",
        "self",
        "execute.py: a kernel that ends",
    ),
    (
        *("nbclient", "0.11.0", "nbclient.client", "NotebookClient._async_handle_timeout"),
        *("self timeout cell", "execute.py: a cell that takes too long"),
    ),
    ("nbconvert", "7.17.2", "nbconvert.exporters.exporter", "Exporter._init_preprocessors", "self", "staging.py"),
    (
        "nbgrader",
        "0.9.6",
        "nbgrader.converters",
        "Autograde._sanitizing",
        None,
        "staging.py: which folder is the source",
    ),
    ("nbconvert", "7.17.2", "nbconvert.exporters.exporter", "Exporter()._preprocessors", None, "staging.py"),
    (
        *("nbconvert", "7.17.2", "nbconvert.exporters.exporter", "Exporter._init_resources"),
        *("self resources", "pages/feedback.py"),
    ),
    (
        *("nbgrader", "0.9.6", "nbgrader.converters.base", "BaseConverter._format_source"),
        *("self assignment_id student_id escape", "office/freshness.py, office/release.py"),
    ),
    (
        *("nbgrader", "0.9.6", "nbgrader.converters.base", "BaseConverter._format_dest"),
        *("self assignment_id student_id escape", "office/freshness.py, pages/feedback.py"),
    ),
    (
        *("nbgrader", "0.9.6", "nbgrader.exchange.default.collect", "ExchangeCollect._path_to_record"),
        *("self path", "exchange.py: whose a submission is"),
    ),
    (
        *("nbgrader", "0.9.6", "nbgrader.preprocessors", "ClearHiddenTests._remove_hidden_test_region"),
        *("self cell", "notebooks/released.py"),
    ),
    (
        *("jupyter_client", "8.10.0", "jupyter_client.asynchronous.client", "AsyncZMQSocketChannel._recv"),
        *("self kwargs", "kernel/provisioner.py: what a notebook sends is counted before it is read"),
    ),
    (
        *("jupyter_client", "8.10.0", "jupyter_client.client", "KernelClient()._created_context"),
        *(None, "kernel/provisioner.py: who closes the context"),
    ),
    (
        *("ipykernel", "7.4.0", "ipykernel.iostream", "OutStream._rotate_buffers"),
        *("self", "kernel/shell.py: how much of the output waits"),
    ),
    (
        *("ipykernel", "7.4.0", "ipykernel.zmqshell", "ZMQInteractiveShell._showtraceback"),
        *("self etype evalue stb", "kernel/shell.py: errors that fit in a message"),
    ),
    ("numpy", "2.4.6", "numpy.lib", "_datasource", None, "kernel/paths.py: files that are somewhere else"),
]
PYTHONS = {
    "_exit",
    "_fields",
    "_getframe",
    "_lru_cache_wrapper",
    "_resource_tracker",
    "_pid",
}  # its own, documented or old
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in sorted((ROOT / "grader").rglob("*.py"))
    if path.stem not in ("__main__", "warm")
]


@pytest.mark.parametrize("row", RESTS_ON, ids=lambda row: row[3])
def test_it_is_still_there(row):
    package, seen, module, name, parameters, where = row
    said = (
        f"grader/{where} rests on {module}.{name}({parameters or ''}), as it was in {package} {seen}. "
        f"In {version(package)}, which is here, it is another: look at what it does now, adapt what rests on it, and "
        "then this table."
    )
    found = importlib.import_module(module)
    try:
        for part in name.split("."):
            found = getattr(found, part.removesuffix("()"))
            found = found() if part.endswith("()") else found
    except AttributeError:
        pytest.fail(said)
    if parameters is not None:
        assert " ".join(inspect.signature(found).parameters) == parameters, said


def test_nothing_else_rests_on_a_private_name():
    used, own = {}, set()
    for file in (ROOT / "grader").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                own.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                own.add(node.id)
            elif isinstance(node, ast.Attribute) and node.attr.startswith("_") and not node.attr.startswith("__"):
                if isinstance(node.ctx, ast.Store):
                    own.add(node.attr)
                else:
                    used[node.attr] = f"{file.relative_to(ROOT)}:{node.lineno}"
    known = PYTHONS | {row[3].rpartition(".")[2] for row in RESTS_ON} | own
    unknown = {name: where for name, where in used.items() if name not in known}
    assert not unknown, f"private names of others, to be entered in RESTS_ON with the version seen: {unknown}"


def test_nothing_else_takes_the_place_of_a_private_name():
    """A method of ours that overrides one of theirs is called by them, and no more once they have renamed it."""
    known, unknown = {row[3].rpartition(".")[2] for row in RESTS_ON}, set()
    for module in map(importlib.import_module, MODULES):
        for ours in filter(inspect.isclass, vars(module).values()):
            theirs = [base for base in ours.__mro__ if not base.__module__.startswith("grader.")]
            for name, method in vars(ours).items() if ours.__module__ == module.__name__ else ():
                written = inspect.isfunction(method) and method.__module__ == module.__name__
                if written and re.match("_[a-z]", name) and any(name in vars(base) for base in theirs):
                    unknown |= {f"{ours.__qualname__}.{name}"} if name not in known else set()
    assert not unknown, f"private names of others, to be entered in RESTS_ON with the version seen: {unknown}"
