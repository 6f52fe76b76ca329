"""What hidden tests measure, kept for the calibration of their targets (docs/calibration/)."""

import contextlib
import contextvars
from collections.abc import Iterator
from typing import SupportsFloat, TypeVar

_notes: contextvars.ContextVar[dict[str, dict[str, float]] | None] = contextvars.ContextVar("notes", default=None)
_Value = TypeVar("_Value", bound=SupportsFloat)


def measured(name: str, value: _Value, target: SupportsFloat) -> _Value:
    """Note that a hidden test measured `value` of what it calls `name` ("MSE", "F1") against `target`; return value."""
    notes = _notes.get()
    if notes is not None:
        notes[name] = {"value": float(value), "target": float(target)}
    return value


@contextlib.contextmanager
def noting() -> Iterator[dict[str, dict[str, float]]]:
    """Collect what is measured in this context: yields {name: {"value", "target"}}, filled as tests run."""
    notes: dict[str, dict[str, float]] = {}
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)
