"""nbgrader_config.py read with care: what is wrong in it is one sentence, with its line and the right name."""

import ast
import contextlib
import difflib
import math
import traceback
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from importlib import import_module
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from traitlets import TraitError
from traitlets.config import Config, Configurable
from traitlets.config.loader import LazyConfigValue, PyFileConfigLoader

from .kernel.limits import Limits

FILE = "nbgrader_config.py"
EXECUTE = "grader.execute.CourseExecute"
REPLACED = {"LateSubmissionPlugin", "AssignLatePenalties"}  # nbgrader's, by late.LATE
MOVED = (
    " It may have moved with an upgrade: this course's own nbgrader_config.py has the names, CHANGELOG.md says which."
)
OURS = {"Course": ("taught",), "Report": ("weights", "formgrader")}  # settings that are no traits of a class


class SettingError(Exception):
    """Something in nbgrader_config.py that cannot be meant; the message says where, and what is right."""


def read_settings(root: str | Path) -> Config:
    """Return the configuration in the folder `root`. Raises SettingError."""
    path = Path(root) / FILE
    try:
        with contextlib.chdir(root):
            config = PyFileConfigLoader(FILE, path=str(root)).load_config()
    except (Exception, SystemExit) as error:
        passed = [e.lineno for e in traceback.extract_tb(error.__traceback__) if e.filename.endswith(FILE)]
        line = error.lineno if isinstance(error, SyntaxError) else passed[-1] if passed else 0
        what = error.msg if isinstance(error, SyntaxError) else error
        name = error.name if isinstance(error, NameError) else None
        hint = _close(name, ("c", "get_config", "EDITION", "Path", "duedates")) if name else ""
        if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "grader":
            hint = MOVED
        raise SettingError(f"{_where(line)} {type(error).__name__}: {what}.{hint} Mend it first.") from None
    source = path.read_text("utf-8")
    lines = _lines(source)
    if EXECUTE not in config.Autograde.get("autograde_preprocessors", ()):
        raise SettingError(
            f"{FILE} in {root} does not set {EXECUTE} among c.Autograde.autograde_preprocessors: nothing would be "
            "graded in the sandbox. Take over that part of this course's own nbgrader_config.py."
        )
    _check_modules(config, source)
    _check_names(config, lines)
    _check_limits(config.CourseExecute.get("limits"), lines)
    _check_preload(config.CourseExecute.get("preload", []), lines)
    return config


def _where(line: int | None) -> str:
    return f"{FILE}, line {line}:" if line else f"{FILE}:"


def _lines(source: str) -> dict[str, int]:
    """Return {dotted name, or dotted name["key"]: line} of what is assigned in a source, the last one of each."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found[ast.unparse(target).replace("'", '"')] = target.lineno
                for key in node.value.keys if isinstance(node.value, ast.Dict) else ():
                    if isinstance(key, ast.Constant):
                        found[f'{ast.unparse(target)}["{key.value!s}"]'] = key.lineno
    return found


def _check_limits(limits: object, lines: Mapping[str, int]) -> None:
    """Raise SettingError unless limits are those that there are, in numbers."""
    name = "c.CourseExecute.limits"
    known = [field.name for field in fields(Limits)]
    if not isinstance(limits, dict):
        raise SettingError(f"{_where(lines.get(name))} {name} is one dict of numbers, with {', '.join(known)}.")
    for limit, value in limits.items():
        where = _where(lines.get(f'{name}["{limit}"]') or lines.get(name))
        if limit not in known:
            raise SettingError(f"{where} {limit} is no limit.{_close(limit, known)} There are: {', '.join(known)}.")
        least = 1 if limit == "cpu_seconds" else 0  # which Linux counts whole
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value) or value <= 0 or value < least:
            unit = limit.rpartition("_")[2]
            unit = f" of {'MB' if unit == 'mb' else unit}" if unit in ("seconds", "mb") else ""
            usual, number = getattr(Limits, limit), "number that is 1 or more," if least else "positive number"
            raise SettingError(f"{where} {limit} is {value!r}: it is a {number}{unit}, as {usual:g}.")
        if isinstance(value, float) and limit == "processes":
            raise SettingError(f"{where} {limit} is {value!r}: it is a whole number, as {Limits.processes}.")


def _check_preload(modules: object, lines: Mapping[str, int]) -> None:
    """Raise SettingError unless these are names of modules that can be imported, as far as the first part tells."""
    name = "c.CourseExecute.preload"
    if isinstance(modules, LazyConfigValue):  # of .append() and the like, to the usual ones
        modules = modules.get_value([])
    if not isinstance(modules, (list, tuple)) or not all(isinstance(module, str) for module in modules):
        raise SettingError(f'{_where(lines.get(name))} {name} is a list of names of modules, as ["keras"].')
    for module in modules:
        first = module.partition(".")[0]
        if not first.isidentifier() or find_spec(first) is None:
            close = _close(first, [*packages_distributions()])
            raise SettingError(f"{_where(lines.get(name))} {name}: there is no module {module!r}.{close}")


def _check_modules(config: Config, source: str) -> None:
    """Raise SettingError for a name of this package that is not there."""
    for section, settings in config.items():
        for setting, value in settings.items() if section[:1].isupper() else ():
            for text in _texts(value):
                module = text.rpartition(".")[0]
                if text.startswith("grader.") and not _is_there(module):
                    line = next((n for n, written in enumerate(source.splitlines(), 1) if text in written), None)
                    raise SettingError(f"{_where(line)} c.{section}.{setting}: there is no module {module}.{MOVED}")


def _texts(value: Any) -> list[str]:
    """Return the texts in a setting's value, those in its lists and dicts included."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # what it is in
        return False


def _check_names(config: Config, lines: Mapping[str, int]) -> None:
    """Raise SettingError for a setting that nothing reads, if it is close to one that is read."""
    if set(config.CourseExecute) - {"limits", "preload"}:
        import_module("grader.execute")  # its names are known then; without need, it is not loaded
    late = import_module("grader.office.late")  # by name, as nbgrader does: it imports the course, which imports this

    classes = _classes()
    for section, settings in config.items():
        if not section[:1].isupper():
            continue
        known: Collection[str] | None
        known = OURS.get(section) or (classes[section].class_trait_names() if section in classes else None)
        first = next((line for name, line in lines.items() if name.startswith(f"c.{section}.")), 0)
        if section in REPLACED and late.LATE in config.Autograde.get("autograde_preprocessors", ()):
            raise SettingError(
                f"{_where(first)} c.{section} is read by nothing: c.LatePolicy says what late work costs."
            )
        if known is None:
            if hint := _close(section, [*classes, *OURS]):
                raise SettingError(f"{_where(first)} c.{section} is read by nothing.{hint}")
            continue
        for setting, value in settings.items():
            where = _where(lines.get(f"c.{section}.{setting}", first))
            if setting not in known:
                hint = _close(setting, known) or f" There are: {', '.join(sorted(known))}."
                raise SettingError(f"{where} c.{section}.{setting} is read by nothing.{hint}")
            if section == "LatePolicy" and (why := _wrong_value(late.LatePolicy, setting, value)):
                raise SettingError(f"{where} c.{section}.{setting} is {value!r}: {why}")


def _wrong_value(policy: type[Configurable], setting: str, value: Any) -> str:
    """Return what a setting of the LatePolicy is to be, "" if `value` is."""
    trait: Any = policy.class_traits()[setting]
    try:
        if isinstance(value, bool) or value != value:  # True, nan
            raise TraitError
        policy(**{setting: value})
    except TraitError:
        if not hasattr(trait, "min"):
            return "it is a text."
        is_open = trait.max in (None, float("inf"))
        return f"it is a number {f'of {trait.min:g} or more' if is_open else f'from {trait.min:g} to {trait.max:g}'}."
    except ValueError as error:
        return str(error)
    return ""


def _classes() -> dict[str, type[Configurable]]:
    """Return {name: class} of all classes with settings that have been imported."""
    found: dict[str, type[Configurable]] = {}
    todo = [Configurable]
    while todo:
        for one in todo.pop().__subclasses__():
            found[one.__name__] = one
            todo.append(one)
    return found


def _close(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, 1, 0.75)
    return f" Do you mean {close[0]}?" if close else ""
