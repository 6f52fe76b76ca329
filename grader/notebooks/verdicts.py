"""The kinds of errors that grading itself writes into a notebook: the only place where they are named."""

from enum import StrEnum


class Kind(StrEnum):
    """What an error output's `ename` says; its `evalue` is a sentence for the student."""

    ANSWER = "Respuesta"  # there is none, or nothing can be done with it
    CHECK = "Comprobación"  # it is not right
    BROKEN_TEST = "CorrecciónRota"  # the hidden test broke: no student's fault
    TIME = "Tiempo"  # this cell was interrupted
    STOPPED = "Detenido"  # a limit ended the notebook, here or above
