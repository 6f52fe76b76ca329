"""Execute a notebook for grading: its cells in a sandboxed kernel, its hidden tests here, within limits.

`CourseExecute` takes the place of nbgrader's own `Execute` preprocessor (nbgrader_config.py), so that
`nbgrader autograde`, the formgrader's button and `grader autograde` all run a notebook in the same way.
"""

import asyncio
import contextlib
import copy
import signal
import time
from collections import defaultdict
from queue import Empty
from typing import Any, NoReturn

import nbformat
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Instance, List, Unicode

from .course import Course
from .ground.files import working_files
from .judging import verdict
from .kernel.limits import Limits, Stop
from .kernel.provisioner import LOOK_SECONDS, SandboxKernelManager
from .kernel.slot import STACK, Slot, default_slot
from .kernel.watch import START_SECONDS, Kernel, StartError, Usage
from .notebooks.clean import clean_notebook
from .notebooks.placing import ANSWER, MOST_PLACES, PLACES
from .notebooks.skipping import better, credit, execute_all, in_doubt
from .notebooks.tests import is_test
from .notebooks.verdicts import Kind
from .office.freshness import digests
from .questions.student import StudentError
from .verdict import error_output

STOPPED = {
    Stop.CELL: "Una celda ha pasado de {over} y no atiende a la interrupción",
    Stop.QUESTION: "Una respuesta ha pasado de {over} y no atiende a la interrupción",
    Stop.WALL: "El cuaderno entero ha pasado de {over}",
    Stop.CPU: "El cuaderno ha usado más de {cpu_seconds:g} s de procesador",
    Stop.MEMORY: "El cuaderno ha usado más de {memory_mb:g} MB de memoria",
    Stop.PROCESSES: "El cuaderno ha abierto más de {processes:g} procesos o hilos",
    Stop.OUTPUT: "El cuaderno ha enviado más de {output_wall_mb:g} MB de salida",
    Stop.DEAD: "El proceso que ejecuta tu cuaderno se ha cerrado (¿exit(), o un fallo grave?)",
    Stop.GARBLED: "El cuaderno ha enviado mensajes que no son de Jupyter",
}
ENDED = {  # the same for the instructor, in a few words
    Stop.CELL: "a cell ran on, interrupted or not",
    Stop.QUESTION: "an answer ran on, interrupted or not",
    Stop.WALL: "it took longer than wall_seconds",
    Stop.CPU: "it took more of the processor than cpu_seconds",
    Stop.MEMORY: "it took more than memory_mb",
    Stop.PROCESSES: "it started more than `processes`",
    Stop.OUTPUT: "it sent far more than output_mb",
    Stop.DEAD: "its kernel ended: exit(), or a crash",
    Stop.GARBLED: "it sent messages that are none of Jupyter's",
}
INTERRUPT_SECONDS = 10  # of the kernel's clock, to answer an interrupt


class _Deaf(CellTimeoutError):
    """The kernel does not answer an interrupt."""


class CourseExecute(Execute):
    """nbgrader's Execute with hidden tests outside the kernel, a sandbox, and limits for the whole notebook."""

    limits = Dict(help="Limits of one notebook, by the field names of grader.kernel.limits.Limits.").tag(config=True)
    sandbox = Bool(True, help="Run notebooks in the sandbox; False executes students' code as you.").tag(config=True)
    preload = List(
        Unicode(),
        list(STACK),
        help="Modules that are imported once for all notebooks: others wait for each import of theirs.",
    ).tag(config=True)
    files = Instance(dict, allow_none=True, help="{name: bytes} of the working folder; by default its folder.")

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, km: SandboxKernelManager | None = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Execute `nb` in place and return it with `resources`; never raises for what a student's code does.

        If cells are left out and points are lost, it is executed once more, whole (grader.notebooks.skipping.better).
        nb.metadata.grader gets what it took: seconds, cpu_seconds, memory_mb, `executions`, and `stopped`, a Stop or
        "".
        """
        whole = copy.deepcopy(nb)
        left_out = execute_all(whole)
        nb, resources = self._execute(nb, resources, km)
        if left_out and in_doubt(nb):
            first = copy.deepcopy(nb)
            again, resources = self._execute(whole, resources)
            facts = {**again.metadata.grader, "executions": 2}
            for name in ("seconds", "cpu_seconds"):
                facts[name] = round(facts[name] + first.metadata.grader[name], 2)
            if facts["stopped"] and not first.metadata.grader["stopped"]:  # by what the course's own cells took
                better(again, first)
                again, facts["stopped"] = first, ""
            else:
                better(first, again)
            nb.cells, nb.metadata = again.cells, again.metadata
            nb.metadata.grader = nbformat.from_dict(facts)
        nb.metadata.grader.update(self._digests(resources))
        return nb, resources

    def _digests(self, resources: dict[str, Any]) -> dict[str, str]:
        """Return what `grader autograde` notes of work and tests, where nbgrader itself grades; else {}."""
        converter = getattr(self.parent, "parent", None)
        if not isinstance(converter, Autograde):
            return {}
        where = resources["nbgrader"]
        return digests(Course(converter.coursedir.root), where["assignment"], where["student"])

    def _execute(
        self, nb: NotebookNode, resources: dict[str, Any] | None, km: SandboxKernelManager | None = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Execute `nb`; once more if the kernel was killed by somebody else, as Linux does where memory is short."""
        fresh = copy.deepcopy(nb)
        try:
            nb, resources = self._execute_once(nb, resources, km)
            if not self._killed():
                return nb, resources
        except StartError:
            raise
        except (DeadKernelError, RuntimeError):  # jupyter_client and nbclient: while it started
            if self.kernel is not None:
                raise
            self.log.exception("a kernel died while it started")
        nb, resources = self._execute_once(fresh, resources)
        slot = self.kernel.slot if self.kernel is not None else None
        if self._killed() and isinstance(slot, Slot) and not slot.is_alive():
            raise RuntimeError("the process that runs the notebooks was killed, twice")
        return nb, resources

    def _killed(self) -> bool:
        """Tell whether something that is not a limit has killed the kernel: the notebook itself, or not."""
        kernel = self.kernel
        return kernel is not None and kernel.exit_code == -signal.SIGKILL and self.reason in (Stop.DEAD, Stop.GARBLED)

    def _execute_once(
        self, nb: NotebookNode, resources: dict[str, Any] | None, km: SandboxKernelManager | None = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        self.bounds = Limits(**self.limits)
        started = time.monotonic()
        self.reason: Stop | None = None  # once nothing more can run
        self.judged = 0.0  # seconds that its hidden tests have taken
        self.over = ""  # the last limit in seconds that was reached, as Moment.over puts it
        self.timeout_func = lambda cell: self.bounds.cell_seconds
        self.iopub_timeout = int(INTERRUPT_SECONDS * self.bounds.busy_factor)  # for what was shown, after the reply
        self.startup_timeout = self.timeout = START_SECONDS  # for the kernel's first answers
        self.kernel: Kernel | None = None
        # {grade_id: {id of a cell, None for its own place: the judged test}}
        self.verdicts: defaultdict[str, dict[str | None, NotebookNode]] = defaultdict(dict)
        # {id of a cell: lists of an answer's tests, that are judged after it too}
        self.elsewhere: defaultdict[str | None, list[list[NotebookNode]]] = defaultdict(list)
        groups: defaultdict[str, list[NotebookNode]] = defaultdict(list)  # {grade_id of an answer: its tests}
        for cell in filter(is_test, nb.cells):
            groups[cell.metadata.get(ANSWER, cell.metadata.nbgrader.grade_id)].append(cell)
        for tests in groups.values():  # all of an answer's at the same places
            places = dict.fromkeys(place for test in tests for place in test.metadata.get(PLACES, []))
            for place in list(places)[:MOST_PLACES]:
                self.elsewhere[place].append(tests)
        known = {name: nb.metadata.get("grader", {}).get(name, "") for name in ("started", "release")}  # see repair
        noted = bool(nb.cells) and nb.cells[0].metadata.get("grader") == "note"  # see submitted.OURS
        nb, resources = super().preprocess(nb, resources, km)
        for tests in groups.values():
            self._choose_place(tests)
        clean_notebook(nb)
        usage = self.kernel.usage if self.kernel else Usage()
        nb.metadata["grader"] = {
            **known,
            "seconds": round(time.monotonic() - (self.kernel.started if self.kernel else started), 2),
            "cpu_seconds": round(usage.cpu_seconds, 2),
            "memory_mb": round(usage.peak_memory_mb),
            "stopped": str(self.reason or ""),
            "executions": 1,
            "noted": noted,
        }
        return nb, resources

    def create_kernel_manager(self) -> SandboxKernelManager:
        """Return the manager of this notebook's kernel, in the warm slot of this process."""
        files = self.files
        if files is None:
            files = working_files(self.resources.get("metadata", {}).get("path") or ".")
        self.km = SandboxKernelManager(slot=default_slot(self.sandbox, self.preload), limits=self.bounds, files=files)
        return self.km

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell, or judge it if it holds hidden tests."""
        assert self.km.provisioner is not None
        self.kernel = self.km.provisioner.kernel
        assert self.kernel is not None
        if cell.cell_type != "code":
            return cell, resources
        if self.reason is not None:
            cell.outputs = [error_output(Kind.STOPPED, self._message())] if utils.is_grade(cell) else []
            return cell, resources
        self.began = self.kernel.now()
        try:
            if is_test(cell):
                cell.outputs = self._judge(cell)
                self.verdicts[cell.metadata.nbgrader.grade_id][None] = cell
                return cell, resources
            cell, resources = super().preprocess_cell(cell, resources, index)
            for tests in self.elsewhere.get(cell.get("id"), []):
                for test in [] if all(map(self._has_passed, tests)) else tests:
                    probe = copy.deepcopy(test)
                    probe.outputs = self._judge(probe)
                    self.verdicts[test.metadata.nbgrader.grade_id][cell.id] = probe
        except _Deaf:
            self._stop(Stop.CELL)
        except DeadKernelError:
            self._stop(Stop.DEAD)
        except Exception:  # a notebook can forge the kernel's messages, and break in any way the client that reads them
            self.log.exception("garbled messages")
            self._stop(Stop.GARBLED)
        if self.reason is not None:
            cell.outputs = [*cell.get("outputs", []), error_output(Kind.STOPPED, self._message())]
        return cell, resources

    def _has_passed(self, test: NotebookNode) -> bool:
        """Tell whether a test has been judged in its own place, with nothing to say."""
        return None in self.verdicts[test.metadata.nbgrader.grade_id] and not test.outputs

    def _choose_place(self, tests: list[NotebookNode]) -> None:
        """Give the tests of an answer their verdicts at the place where they get the most points together."""
        at = [self.verdicts[test.metadata.nbgrader.grade_id] for test in tests]

        def points(place: str | None) -> float:
            return sum(credit(found[place]) for found in at if place in found)

        places = dict.fromkeys([None, *(place for found in at for place in found)])
        best = max(places, key=points)  # the first of equals: its own
        for found, test in zip(at, tests, strict=True):
            if best in found:
                test.outputs, test.metadata["measured"] = found[best].outputs, found[best].metadata.get("measured", {})

    def _judge(self, cell: NotebookNode) -> list[NotebookNode]:
        """Return the verdict on a cell; the notebook's clock stands still, but for the answers."""
        assert self.kernel is not None
        self.kernel.idle = True
        started = time.monotonic()
        seconds = min(self.bounds.cell_seconds, max(self.bounds.wall_seconds - self.judged, 1))
        try:
            outputs, cell.metadata["measured"] = verdict(cell, self.answer, seconds, self.bounds.busy_factor)
            return outputs
        finally:
            self.judged += time.monotonic() - started
            self.kernel.idle = False

    async def _async_handle_timeout(self, timeout: int, cell: NotebookNode | None = None) -> dict[str, Any] | None:
        """Interrupt a cell, as nbclient does, and give it INTERRUPT_SECONDS to reply. By itself nbclient waits for
        four real ones, and then ends the notebook. Raises _Deaf or DeadKernelError."""
        reply: dict[str, Any] | None
        if cell is None:
            reply = await super()._async_handle_timeout(timeout)
            return reply
        self.over = self._limit(self.bounds.cell_seconds)
        hint = "¿Termina su bucle? ¿Puedes entrenar con menos épocas o con menos datos?"
        late = error_output(Kind.TIME, f"Esta celda ha pasado de {self.over} y se ha interrumpido. {hint}")
        self.error_on_timeout = {**late}
        reply = await super()._async_handle_timeout(timeout, cell)
        assert self.kernel is not None
        start = self.kernel.now()
        while not await self.kc.shell_channel.msg_ready():
            if self.kernel.now().since(start).over(INTERRUPT_SECONDS, self.bounds.busy_factor):
                raise _Deaf("no answer to an interrupt")
            await self._async_check_alive()
            await asyncio.sleep(0.05)
        return reply

    def _limit(self, seconds: float) -> str:
        """Return the limit that a cell or an answer has just reached, as Moment.over puts it; seconds: of the clock."""
        assert self.kernel is not None
        over = self.kernel.now().since(self.began).over(seconds, self.bounds.busy_factor)
        return over or f"{seconds:g} s de reloj"

    def answer(self, path: str, text: str) -> tuple[str, list[Any]]:
        """Put a question to the kernel; return the answer as text, and the names that the notebook has deleted.

        path: dotted name that it is about; text: see grader.questions.student. Raises StudentError.
        """
        assert self.kernel is not None
        reply, self.began = None, self.kernel.now()
        self.kernel.idle = False
        try:
            if self.reason is None:
                reply = run_sync(self._request)(text)
                if reply is None and not self._responds():
                    self._stop(Stop.QUESTION)
        except DeadKernelError:
            self._stop(Stop.DEAD)
        except Exception:  # as in preprocess_cell
            self.log.exception("garbled messages")
            self._stop(Stop.GARBLED)
        finally:
            self.kernel.idle = True
        if self.reason is not None:
            raise StudentError(self._message())
        if reply is None:
            raise StudentError(f"`{path}` no ha contestado en {self.over}.")
        content = reply["content"] if isinstance(reply["content"], dict) else {}
        given, lost = content.get("answer"), content.get("lost")
        return given if isinstance(given, str) else "", lost if isinstance(lost, list) else []

    async def _request(self, question: str) -> dict[str, Any] | None:
        """Ask the kernel (see grader.kernel.shell); interrupt it after question_seconds. Return the reply, or None."""
        message = self.kc.session.msg("question_request", {"question": question})
        self.kc.shell_channel.send(message)
        reply = await self._reply(message["header"]["msg_id"], self.bounds.question_seconds)
        if reply is None:
            self.over = self._limit(self.bounds.question_seconds)
            await self.km.interrupt_kernel()
        return reply

    async def _reply(self, msg_id: str, seconds: float) -> dict[str, Any] | None:
        """Return the reply to a request, or None if it does not come in time. Raises DeadKernelError."""
        assert self.kernel is not None
        start = self.kernel.now()
        drain = asyncio.ensure_future(self._drain())
        try:
            while not self.kernel.now().since(start).over(seconds, self.bounds.busy_factor):
                try:
                    message: dict[str, Any] = await self.kc.shell_channel.get_msg(timeout=LOOK_SECONDS)
                except Empty:
                    await self._async_check_alive()
                    continue
                if message["parent_header"].get("msg_id") == msg_id:
                    return message
            return None
        finally:
            drain.cancel()

    async def _drain(self) -> NoReturn:
        """Read what the kernel displays during a question, only to count it: else it would pile up in memory."""
        while True:
            with contextlib.suppress(Empty):
                await self.kc.iopub_channel.get_msg(timeout=1)

    def _responds(self, seconds: float = INTERRUPT_SECONDS) -> bool:
        """Tell whether the kernel still answers, as it should after an interrupt."""
        return run_sync(self._reply)(self.kc.kernel_info(), seconds) is not None

    def _stop(self, why: Stop) -> None:
        """Nothing more can run: keep the reason, the limit that was hit if one was, and end the kernel."""
        assert self.kernel is not None
        self.reason = self.kernel.limit_hit or why
        self.over = self.kernel.limit_text or self.over
        run_sync(self.km.signal_kernel)(signal.SIGKILL)

    def _message(self) -> str:
        assert self.reason is not None
        facts = {**vars(self.bounds), "output_wall_mb": self.bounds.output_wall_mb, "over": self.over}
        return f"{STOPPED[self.reason].format(**facts)}; desde ahí no se ha podido corregir nada más."
