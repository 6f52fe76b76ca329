"""What one notebook may use."""

from dataclasses import dataclass
from enum import StrEnum

MESSAGE_MB = 34  # the longest message taken from a kernel: an answer of wire.MAX_BYTES, its quotes escaped


class Stop(StrEnum):
    """Why a notebook was ended. The first five are limits that are watched from outside, by grader.kernel.watch."""

    WALL = "wall"
    CPU = "cpu"
    MEMORY = "memory"
    PROCESSES = "processes"
    OUTPUT = "output"
    DEAD = "dead"  # its kernel ended by itself, or could not be watched
    CELL = "cell"  # a cell over its seconds, deaf to an interrupt
    QUESTION = "question"  # an answer, the same
    GARBLED = "garbled"  # its messages are none of Jupyter's


@dataclass(frozen=True)
class Limits:
    """What one notebook may use; wall, cell and question seconds by watch.Clock, which other programs do not use up."""

    wall_seconds: float = 600  # of the whole notebook, from the kernel's start
    cell_seconds: float = 180  # of one cell (enforced by whoever executes the cells)
    cpu_seconds: float = 900  # of all its processes together
    memory_mb: float = 4096  # of all its processes together, files in scratch not included
    processes: int = 256  # threads count
    file_mb: float = 100  # of one file
    scratch_mb: float = 500  # of all its files, /tmp and /dev/shm included
    output_mb: float = 10  # of all it prints and displays; more is left out
    question_seconds: float = 60  # of one answer to a hidden test (enforced by whoever asks)
    busy_factor: float = 3  # by how much real time may exceed the three limits in seconds on a busy machine

    @property
    def output_wall_mb(self) -> float:
        """What a kernel may send before it is ended: the kernel itself leaves output out long before."""
        return 4 * self.output_mb + 16
