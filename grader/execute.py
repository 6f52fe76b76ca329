"""Execute a notebook for grading: its cells in a sandboxed kernel, its hidden tests here, within limits.

`CourseExecute` takes the place of nbgrader's own `Execute` preprocessor (nbgrader_config.py), so that
`nbgrader autograde`, the formgrader's button and `grader autograde` all run a notebook in the same way.
"""

import asyncio
import contextlib
import copy
import signal
import time
from pathlib import Path
from queue import Empty

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict, Instance

from .clean import clean_notebook
from .provisioner import SandboxKernelManager
from .sandbox import Limits
from .skipping import execute_all, in_doubt
from .slot import Usage, default_slot
from .student import StudentError, question, unpack
from .verdict import error_output, is_test, judge

STOPPED = {
    "cell": "Una celda ha pasado de {cell_seconds:g} s y no atiende a la interrupción",
    "wall": "El cuaderno entero ha pasado de {wall_seconds:g} s",
    "cpu": "El cuaderno ha usado más de {cpu_seconds:g} s de procesador",
    "memory": "El cuaderno ha usado más de {memory_mb:g} MB de memoria",
    "processes": "El cuaderno ha abierto más de {processes:g} procesos o hilos",
    "output": "El cuaderno ha escrito más de {output_mb:g} MB de salida",
    "dead": "El proceso que ejecuta tu cuaderno se ha cerrado (¿exit(), o un fallo grave?)",
    "garbled": "El cuaderno ha enviado mensajes que no son de Jupyter",
}


class CourseExecute(Execute):
    """nbgrader's Execute with hidden tests outside the kernel, a sandbox, and limits for the whole notebook."""

    limits = Dict(help="Limits of one notebook, by the field names of grader.sandbox.Limits.").tag(config=True)
    sandbox = Bool(True, help="Run notebooks in the sandbox; False executes students' code as you.").tag(config=True)
    files = Instance(dict, allow_none=True, help="{name: bytes} of the working folder; by default its folder.")

    def preprocess(self, nb, resources=None, km=None):
        """Execute `nb` in place and return it with `resources`; never raises for what a student's code does.

        If cells are left out (grader.skipping) and points are lost, it is executed once more, whole: that counts.
        nb.metadata.grader gets what it took: seconds, cpu_seconds, memory_mb, `executions`, and `stopped`, a key of
        STOPPED or "".
        """
        whole = copy.deepcopy(nb)
        left_out = execute_all(whole)
        nb, resources = self._execute(nb, resources, km)
        if left_out and in_doubt(nb):
            first = nb.metadata.grader
            again, resources = self._execute(whole, resources)
            for name in ("seconds", "cpu_seconds"):
                again.metadata.grader[name] = round(again.metadata.grader[name] + first[name], 2)
            nb.cells, nb.metadata = again.cells, again.metadata
            nb.metadata.grader["executions"] = 2
        return nb, resources

    def _execute(self, nb, resources, km=None):
        """Execute `nb` once."""
        self.bounds = Limits(**self.limits)
        self.started = time.monotonic()
        self.reason = None  # a key of STOPPED, once nothing more can run
        self.timeout_func = self._seconds_left
        late = f"Esta celda ha pasado de {self.bounds.cell_seconds:g} s y se ha interrumpido."
        hint = "¿Termina su bucle? ¿Puedes entrenar con menos épocas o con menos datos?"
        self.error_on_timeout = {**error_output("Tiempo", f"{late} {hint}")}
        self.kernel = None
        nb, resources = super().preprocess(nb, resources, km)
        clean_notebook(nb)
        usage = self.kernel.usage if self.kernel else Usage()
        nb.metadata["grader"] = {
            "seconds": round(time.monotonic() - self.started, 2),
            "cpu_seconds": round(usage.cpu_seconds, 2),
            "memory_mb": round(usage.peak_memory_mb),
            "stopped": self.reason or "",
            "executions": 1,
        }
        return nb, resources

    def create_kernel_manager(self):
        """Return the manager of this notebook's kernel, in the warm slot of this process."""
        files = self.files
        if files is None:
            files = working_files(self.resources.get("metadata", {}).get("path") or ".")
        self.km = SandboxKernelManager(slot=default_slot(self.sandbox), limits=self.bounds, files=files)
        return self.km

    def preprocess_cell(self, cell, resources, index):
        """Run one cell, or judge it if it holds hidden tests."""
        self.kernel = self.km.provisioner.kernel
        if cell.cell_type != "code":
            return cell, resources
        if self.reason is None and self._seconds_left(cell) <= 0:
            self._stop("wall")
        if self.reason is not None:
            cell.outputs = [error_output("Detenido", self._message())] if utils.is_grade(cell) else []
            return cell, resources
        try:
            if is_test(cell):
                cell.outputs = judge(cell, self)
                return cell, resources
            cell, resources = super().preprocess_cell(cell, resources, index)
            if any(output.get("ename") == "Tiempo" for output in cell.outputs) and not self._responds():
                self._stop("cell")
        except (DeadKernelError, CellTimeoutError) as error:
            self._stop("cell" if isinstance(error, CellTimeoutError) else "dead")
        except Exception:  # a notebook can forge the kernel's messages, and break in any way the client that reads them
            self.log.exception("garbled messages")
            self._stop("garbled")
        if self.reason is not None:
            cell.outputs = [*cell.get("outputs", []), error_output("Detenido", self._message())]
        return cell, resources

    def ask(self, path, args, kwargs, seed=None):
        """Put a question to the kernel and return the answer (see grader.student). Raises StudentError."""
        text = question(path, args, kwargs, seed)
        call = f"__import__('grader.student', fromlist=['*']).Reply.to({text!r}, get_ipython())"
        reply = None
        try:
            if self.reason is None:
                reply = run_sync(self._request)("", user_expressions={"reply": call})
                if reply is None and not self._responds():
                    self._stop("cell")
        except DeadKernelError:
            self._stop("dead")
        except Exception:  # as in preprocess_cell
            self.log.exception("garbled messages")
            self._stop("garbled")
        if self.reason is not None:
            raise StudentError(self._message())
        if reply is None:
            raise StudentError(f"`{path}` no ha contestado en {self.bounds.question_seconds:g} s.")
        try:
            text = reply["content"]["user_expressions"]["reply"]["data"]["text/plain"]
        except (KeyError, TypeError):
            text = ""
        return unpack(path, text if isinstance(text, str) else "")

    async def _request(self, code, **kwargs):
        """Send a silent request, interrupt it after question_seconds; return the reply, or None without one."""
        msg_id = self.kc.execute(code, silent=True, store_history=False, stop_on_error=False, **kwargs)
        reply = await self._reply(msg_id, min(self.bounds.question_seconds, max(self._seconds_left(None), 1)))
        if reply is None:
            await self.km.interrupt_kernel()
        return reply

    async def _reply(self, msg_id, seconds):
        """Return the reply to a request, or None if it does not come in time. Raises DeadKernelError."""
        deadline = time.monotonic() + seconds
        drain = asyncio.ensure_future(self._drain())
        try:
            while time.monotonic() < deadline:
                try:
                    message = await self.kc.shell_channel.get_msg(timeout=0.5)
                except Empty:
                    await self._async_check_alive()
                    continue
                if message["parent_header"].get("msg_id") == msg_id:
                    return message
            return None
        finally:
            drain.cancel()

    async def _drain(self):
        """Read what the kernel displays during a question, only to count it: else it would pile up in memory."""
        while True:
            with contextlib.suppress(Empty):
                await self.kc.iopub_channel.get_msg(timeout=1)

    def _responds(self, seconds=10):
        """Tell whether the kernel still answers, as it should after an interrupt."""
        return run_sync(self._reply)(self.kc.kernel_info(), seconds) is not None

    def _seconds_left(self, cell):
        left = self.started + self.bounds.wall_seconds - time.monotonic()
        return max(min(left, self.bounds.cell_seconds), 0)

    def _stop(self, why):
        """Nothing more can run: keep the reason, the limit that was hit if one was, and end the kernel."""
        self.reason = self.kernel.limit_hit or why
        run_sync(self.km.signal_kernel)(signal.SIGKILL)

    def _message(self):
        return f"{STOPPED[self.reason].format(**vars(self.bounds))}; desde ahí no se ha podido corregir nada más."


def working_files(folder):
    """Return {relative name: bytes} of what a notebook finds beside it: not notebooks, they hold hidden tests."""
    folder = Path(folder)
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())
    files = (file for file in files if file.suffix != ".ipynb" and file.name != "timestamp.txt")
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
