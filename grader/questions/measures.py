"""What hidden tests measure, kept for the calibration of their targets (docs/calibration/)."""

import contextlib
import contextvars

_notes = contextvars.ContextVar("notes", default=None)


def measured(name, value, target):
    """Note that a hidden test measured `value` of what it calls `name` ("MSE", "F1") against `target`; return value."""
    notes = _notes.get()
    if notes is not None:
        notes[name] = {"value": float(value), "target": float(target)}
    return value


@contextlib.contextmanager
def noting():
    """Collect what is measured in this context: yields {name: {"value", "target"}}, filled as tests run."""
    notes = {}
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)
