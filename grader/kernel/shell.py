"""IPython's kernel as it grades: it answers questions whatever the notebook did to its names, and shows no more than
it may.

Forked by `grader.kernel.warm`. Nothing here protects the grader: a notebook can change all of it. What comes from a
kernel is counted and judged outside (provisioner, student.unpack); this is what keeps honest notebooks within those
walls.
"""

import builtins
import contextlib
import json
import re
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

from ipykernel.iostream import OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import DELIM, Session
from traitlets import Integer

from ..questions.names import names
from ..questions.student import answer, covered, covered_by, told
from .limits import MESSAGE_MB

LEFT_OUT = "⚠ Aquí había una salida de {size}: se ha dejado fuera, no cuenta para la nota."
ALWAYS = ("status", "execute_input", "iopub_welcome")  # a client waits for them; they hold nothing of a notebook's
EXTRA = 20_000  # bytes that each cell may show even where all is used up: of its numbers, and as many of its errors
ENVELOPE = 4000  # bytes of a message around a printed text
HEAD = 2000  # characters that are shown of a printed text that is left out
MOST_INPUTS = 100  # that are answered, by nothing
PREPARING = ("conda", "config", "load_ext", "mamba", "matplotlib", "micromamba", "pip", "pylab", "reload_ext", "uv")
_GIVEN = re.compile(r"^(?:def +|class +)?([^\W\d]\w*)(?= *[(=:])", re.MULTILINE)  # by a cell that cannot be read
ERROR_LINE, ERROR_LINES = 20_000, 200  # characters of one line of a traceback, and its lines


class Outlet:
    """What stands between a kernel and its output channel: lets output pass up to a limit, and in its place a note.

    send: takes the frames of a message; session: that makes them; limit: bytes of the whole notebook.
    """

    def __init__(self, send: Callable[..., Any], session: Session, limit: int) -> None:
        self._send, self._session, self._limit = send, session, limit
        self.left = limit
        self.muted = False  # during a question: nobody sees what is shown then
        self._left_out: Counter[str | None] = Counter()  # {request: bytes}
        # {(request, whether of its errors): bytes}: prints leave room for the last error
        self._extra: Counter[tuple[str | None, bool]] = Counter()

    def __call__(self, frames: list[Any], *args: Any, **kwargs: Any) -> None:
        """Send a message, or leave it out; before the end of a request, send what was left out of it."""
        kind, parent, state = self._facts(frames)
        if kind == "status" and state == "idle" and (size := self._left_out.pop(parent.get("msg_id"), 0)):
            self._note(size, parent)
        size = sum(memoryview(frame).nbytes for frame in frames)
        if kind in ALWAYS:
            self._send(frames, *args, **kwargs)
        elif self.fits(size, parent, error := kind == "error") and not self.muted:
            if size <= self.left:
                self.left -= size
            else:
                self._extra[parent.get("msg_id"), error] += size
            self._send(frames, *args, **kwargs)
        else:
            self.leave_out(size, parent)

    def fits(self, size: int, parent: dict[str, Any], error: bool = False) -> bool:
        """Tell whether `size` more bytes may be shown, in one message, of the request with the header `parent`.

        error: whether they are those of an error.
        """
        extra = EXTRA - self._extra[parent.get("msg_id"), error]
        return size <= min(max(self.left, extra), 0.9 * MESSAGE_MB * 2**20)

    def leave_out(self, size: int, parent: dict[str, Any]) -> None:
        """Note that output of `size` bytes is not shown. parent: header of the request it belongs to."""
        if not self.muted:
            self._left_out[parent.get("msg_id")] += size

    def _facts(self, frames: list[Any]) -> tuple[str | None, dict[str, Any], str | None]:
        """Return a message's type, its parent's header and, of a status, the state."""
        try:
            start = frames.index(DELIM) + 2
            kind = self._session.unpack(frames[start])["msg_type"]
            parent = self._session.unpack(frames[start + 1])
            state = self._session.unpack(frames[start + 3])["execution_state"] if kind == "status" else None
            return kind, parent, state
        except (ValueError, LookupError, TypeError):  # made by the notebook itself
            return None, {}, None

    def _note(self, size: int, parent: dict[str, Any]) -> None:
        content = {"data": {"text/plain": LEFT_OUT.format(size=megabytes(size))}, "metadata": {}, "transient": {}}
        message = self._session.msg("display_data", content, parent=parent)
        self._send(self._session.serialize(message, ident=b"display_data"))


class Stream(OutStream):
    """stdout or stderr that does not even collect what would not be shown: an endless loop that prints would fill the
    memory faster than messages are made of it."""

    _waiting = 0  # bytes

    def write(self, string: str) -> int | None:  # type: ignore[override]  # as OutStream's own
        """Write `string`, or leave it out but for its beginning; return its length."""
        outlet = getattr(self.pub_thread, "send_multipart", None)
        if not isinstance(outlet, Outlet) or not isinstance(string, str):  # closed, or an error
            return super().write(string)
        length = len(string)
        if length > HEAD and not self._fits(outlet, string):
            outlet.leave_out(length, self.parent_header)
            string = string[:HEAD] + "…\n"
        if self._fits(outlet, string):
            self._waiting += _size(string)
            super().write(string)
        else:
            outlet.leave_out(len(string), self.parent_header)
        return length

    def _fits(self, outlet: Outlet, string: str) -> bool:
        room, parent = self._waiting + ENVELOPE, self.parent_header
        return outlet.fits(room + len(string), parent) and outlet.fits(room + _size(string), parent)

    def _rotate_buffers(self) -> Any:
        self._waiting = 0
        return super()._rotate_buffers()


class Shell(ZMQInteractiveShell):
    """IPython's shell whose errors are never too long for a message, and in which a magic that only prepares, and that
    there is not here, as of Colab or for a window, does not stop its cell."""

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic of one line; one that prepares, or is unknown, goes on where it fails."""
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as error:
            if magic_name not in PREPARING and self.find_line_magic(magic_name):
                raise
            print(f"⚠ `%{magic_name} {line}` no funciona al corregir ({type(error).__name__}): se sigue sin ella.")

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a magic of a whole cell; of one that is unknown, the cell without it."""
        if self.find_cell_magic(magic_name) or self.find_line_magic(magic_name):
            return super().run_cell_magic(magic_name, line, cell)
        print(f"⚠ `%%{magic_name}` no existe al corregir: la celda se ejecuta sin ella.")
        self.run_cell(cell)

    def should_run_async(self, raw_cell: str, **kwargs: Any) -> bool:
        """Tell whether a cell awaits; one that is too deep to be compiled does not: it fails when it is run, and not,
        as in IPython's own, without an answer."""
        try:
            return super().should_run_async(raw_cell, **kwargs)
        except RecursionError:
            return False

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.kernel.mend_streams()
        super()._showtraceback(etype, evalue, self.kernel.shorten(stb))


class Kernel(IPythonKernel):
    """IPython's kernel that also takes a question_request {"question": text}, which it answers by a question_reply
    {"answer": text (see grader.questions.student), "lost": names that cells of the notebook have deleted}."""

    shell: Any  # a Shell
    session: Any  # a Session
    shell_class = Shell
    msg_types: ClassVar[list[str]] = [  # type: ignore[misc]  # ipykernel's is none, but as little of an instance
        *IPythonKernel.msg_types,
        "question_request",
    ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._streams: dict[str, Any] = {"stdout": sys.stdout, "stderr": sys.stderr}
        self._builtins = dict(vars(builtins))
        self._lost: set[str] = set()
        # {name: how the cell that gives it has stopped}, of those that have not given it since
        self._stopped: dict[str, str] = {}
        self._asked = 0

    def raw_input(self, prompt: str = "") -> Any:
        """Answer `input()` with nothing, as long as that is no loop that waits for an answer."""
        self._asked += 1
        if self._asked > MOST_INPUTS:
            return super().raw_input(prompt)
        print(f"{prompt}\n⚠ Al corregir nadie contesta: input() da un texto vacío.")
        return ""

    async def question_request(self, socket: Any, ident: Any, parent: dict[str, Any]) -> None:
        """Answer a question from the notebook's names, through none of them."""
        outlet = self.iopub_thread.send_multipart
        outlet.muted = True
        try:
            text = answer(self.shell.user_ns, parent["content"]["question"], self._how_stopped)
            self._close_figures()
        except Exception:  # by a notebook that has reached into this: without a reply, whoever asks waits to the limit
            text = ""
        finally:
            outlet.muted = False
            self.mend_streams()
        lost = sorted(self._lost - self.shell.user_ns.keys())[:500]
        self.session.send(socket, "question_reply", {"answer": text, "lost": lost}, parent, ident=ident)

    async def do_execute(self, code: str, silent: bool, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run a cell; keep what the kernel itself needs from its ravages."""
        self._give_back_names()
        before = self._names()
        try:
            reply: dict[str, Any] = await super().do_execute(code, silent, *args, **kwargs)
        finally:
            self._give_back_builtins()
            self._lost |= before - self._names()
            self._note_stop(code)
            self.mend_streams()
        if reply["status"] == "error":
            reply["ename"], reply["evalue"] = self.shorten([reply["ename"], reply["evalue"]])
            reply["traceback"] = self.shorten(reply["traceback"])
        reply["payload"] = []  # for a pager, as of `?`: it can be of any length
        return reply

    def _note_stop(self, code: str) -> None:
        """Note for the names that a cell gives that it has stopped, and where, or that it has not."""
        with contextlib.suppress(Exception):  # the notebook's IPython, in whatever state
            result = self.shell.last_execution_result
            error = result.error_before_exec or result.error_in_exec
            if result.info.raw_cell != code or not (error or self._stopped):
                return
            gives = names(code).gives or _GIVEN.findall(code)
            for name in gives:
                self._stopped.pop(name, None)
            if error:
                self._stopped |= dict.fromkeys(gives, _how(error))

    def _how_stopped(self, name: str | None) -> str:
        """Return a sentence on how the cell that gives `name` has stopped; "" if none has."""
        return f"La celda que da `{name}` {self._stopped[name]}" if name in self._stopped else ""

    def mend_streams(self) -> None:
        """Put the kernel's own stdout and stderr back where a notebook has left what cannot be flushed: the kernel
        flushes them after each request, before it says that it is done. One that takes text stays as it is."""
        for name, stream in self._streams.items():
            if stream.closed:
                stream.pub_thread = self.iopub_thread
            try:
                current = getattr(sys, name)
                usable = not getattr(current, "closed", False)
                current.flush()
            except Exception:
                usable = False
            if not usable:
                setattr(sys, name, stream)
            stream.flush()

    @staticmethod
    def shorten(lines: list[str]) -> list[str]:
        """Return the lines of an error short enough for a message."""
        if len(lines) > ERROR_LINES:
            lines = [*lines[: ERROR_LINES // 2], "…", *lines[-ERROR_LINES // 2 :]]
        return [line if len(line) <= ERROR_LINE else line[:ERROR_LINE] + "…" for line in map(str, lines)]

    def _names(self) -> set[str]:
        """Return the names that cells have defined."""
        hidden = self.shell.user_ns_hidden
        return {name for name in list(self.shell.user_ns) if name not in hidden and not str(name).startswith("_")}

    def _give_back_names(self) -> None:
        """Give IPython's own names back, of which its history and its display make use."""
        shell = self.shell
        if not {"In", "Out", "_ih", "_oh", "_dh", "get_ipython", "__name__"} <= shell.user_ns.keys():
            kept = dict(shell.user_ns)
            shell.init_user_ns()
            shell.user_ns.setdefault("__name__", "__main__")
            shell.user_ns.update(kept)

    def _give_back_builtins(self) -> None:
        """Give back of Python's own functions those that are gone, or are none any more: the kernel needs them."""
        for name, value in self._builtins.items():
            if callable(value) and not callable(vars(builtins).get(name)):
                vars(builtins)[name] = value

    @staticmethod
    def _close_figures() -> None:
        """Close the figures that a function has opened, as the end of a cell does: each takes its memory."""
        with contextlib.suppress(Exception):  # the notebook's Matplotlib, in whatever state
            sys.modules["matplotlib.pyplot"].close("all")


class KernelApp(IPKernelApp):
    """Starts a Kernel whose output passes through an Outlet."""

    output_bytes = Integer(help="What a notebook may show, in bytes.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(kernel_class=Kernel, outstream_class=f"{__name__}.Stream", **kwargs)

    def init_iopub(self, context: Any) -> None:
        """Start the thread that sends output, an Outlet in front of it."""
        super().init_iopub(context)
        self.iopub_thread.send_multipart = Outlet(self.iopub_thread.send_multipart, self.session, self.output_bytes)


def _how(error: BaseException) -> str:
    """Return how a cell has stopped, as the end of a Spanish sentence."""
    steps = [step for step in traceback.extract_tb(error.__traceback__) if step.name == "<module>" and step.line]
    if isinstance(error, SyntaxError) and not steps:
        return f"no ha llegado a empezar: {error.msg} (línea {error.lineno})."
    where = (
        f"se ha detenido en su línea {steps[0].lineno}, «{(steps[0].line or '')[:200]}»" if steps else "se ha detenido"
    )
    if isinstance(error, NotImplementedError):
        return f"{where}: bórrala cuando esté todo."
    if isinstance(error, KeyboardInterrupt):
        return f"{where}: ha tardado demasiado."
    why = f" {covered_by(hidden)}" if (hidden := covered(error)) else ""
    return f"{where}, con {type(error).__name__}: {told(error)[:500].rstrip('.')}.{why}"


def _size(string: str) -> int:
    return len(json.dumps(string, ensure_ascii=False).encode("utf-8", "replace"))


def megabytes(size: float) -> str:
    """Return a number of bytes as people read it, in Spanish."""
    number = size / 2**20
    if number < 0.05:
        return "menos de 0,1 MB"
    return f"{number:.0f} MB" if number >= 9.95 else f"{number:.1f} MB".replace(".", ",")
