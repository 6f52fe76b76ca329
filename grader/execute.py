"""Execute a notebook for grading: its cells in a kernel, its hidden tests here, with the class's limits.

`CourseExecute` takes the place of nbgrader's own `Execute` preprocessor (nbgrader_config.py), so that
`nbgrader autograde`, the formgrader's button and `grader autograde` all run a notebook in the same way.
"""

import asyncio
import signal
import time
from queue import Empty

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from nbgrader import utils
from nbgrader.preprocessors import Execute
from traitlets import Bool, Dict

from . import wire
from .provisioner import SandboxKernelManager
from .sandbox import Limits
from .student import StudentError, unpack
from .verdict import error_output, is_test, judge

STOPPED = {
    "cell": "Esta celda ha pasado de {cell_seconds} s y no atiende a la interrupción",
    "wall": "El cuaderno entero ha pasado de {wall_seconds} s",
    "cpu": "El cuaderno ha usado más de {cpu_seconds} s de procesador",
    "memory": "El cuaderno ha usado más de {memory_mb} MB de memoria",
    "processes": "El cuaderno ha abierto más de {processes} procesos o hilos",
    "output": "El cuaderno ha escrito más de {output_mb} MB de salida",
    "dead": "El proceso que ejecuta tu cuaderno se ha cerrado (¿exit(), o un fallo grave?)",
}


class CourseExecute(Execute):
    """nbgrader's Execute with hidden tests outside the kernel, a sandbox, and limits for the whole notebook."""

    limits = Dict(help="Limits of one notebook, by the field names of grader.sandbox.Limits.").tag(config=True)
    sandbox = Bool(True, help="Run notebooks in the sandbox; False executes students' code as you.").tag(config=True)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("kernel_manager_class", SandboxKernelManager)
        super().__init__(*args, **kwargs)

    def preprocess(self, nb, resources=None, km=None):
        """Execute `nb` in place and return it with `resources`; never raises for what a student's code does."""
        self.bounds = Limits(**self.limits)
        self.started = time.monotonic()
        self.reason = None  # a key of STOPPED, once nothing more can run
        self.written = 0
        self.timeout_func = self._seconds_left
        self.error_on_timeout = {"ename": "Tiempo", "evalue": "", "traceback": [
            f"\x1b[1;31m❌ Esta celda ha pasado de {self.bounds.cell_seconds} s y se ha interrumpido. "
            "¿Termina su bucle? ¿Puedes entrenar con menos épocas o menos datos?\x1b[0m"]}  # fmt: skip
        nb, resources = super().preprocess(nb, resources, km)
        seconds = round(time.monotonic() - self.started, 2)
        nb.metadata["grader"] = {"seconds": seconds, "stopped": self.reason or ""}
        return nb, resources

    def preprocess_cell(self, cell, resources, index):
        """Run one cell, or judge it if it holds hidden tests."""
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
            cell.outputs.append(error_output("Detenido", self._message()))
        return cell, resources

    def ask(self, path, args, kwargs):
        """Put a question to the kernel and return the answer (see grader.student). Raises StudentError."""
        question = wire.dumps({"path": path, "args": args, "kwargs": kwargs})
        call = f"__import__('grader.student', fromlist=['*']).Reply.to({question!r}, get_ipython())"
        try:
            if self.reason is None:
                reply = run_sync(self._request)("", user_expressions={"reply": call})
                if reply is None and not self._responds():
                    self._stop("cell")
        except DeadKernelError:
            self._stop("dead")
        if self.reason is not None:
            raise StudentError(self._message())
        if reply is None:
            raise StudentError(f"`{path}` no ha contestado en {self.bounds.question_seconds} s.")
        try:
            text = reply["content"]["user_expressions"]["reply"]["data"]["text/plain"]
        except (KeyError, TypeError):
            raise StudentError(f"La respuesta de `{path}` no se puede leer.") from None
        return unpack(path, text)

    async def _request(self, code, **kwargs):
        """Send a silent request, interrupt it after question_seconds; return the reply, or None without one."""
        msg_id = self.kc.execute(code, silent=True, store_history=False, stop_on_error=False, **kwargs)
        deadline = time.monotonic() + min(self.bounds.question_seconds, max(self._seconds_left(None), 1))
        while time.monotonic() < deadline:
            try:
                message = await self.kc.shell_channel.get_msg(timeout=1)
            except Empty:
                await self._async_check_alive()
                continue
            if message["parent_header"].get("msg_id") == msg_id:
                return message
        await self.km.interrupt_kernel()
        return None

    def _responds(self, seconds=10):
        """Tell whether the kernel still answers, after an interrupt."""

        async def answers():
            msg_id = self.kc.kernel_info()
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                try:
                    message = await self.kc.shell_channel.get_msg(timeout=1)
                except Empty:
                    if not await self.kc.is_alive():
                        return False
                    continue
                if message["parent_header"].get("msg_id") == msg_id:
                    return True
            return False

        return run_sync(answers)()

    def process_message(self, msg, cell, cell_index):
        """Count what the notebook writes, and end it when it is too much."""
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data", "error"):
            content = msg["content"]
            self.written += len(content.get("text", "")) + sum(len(str(v)) for v in content.get("data", {}).values())
            if self.written > self.bounds.output_mb * 2**20:
                if self.reason is None:
                    self.reason = "output"
                    asyncio.ensure_future(self.km.signal_kernel(signal.SIGKILL))
                return None
        return super().process_message(msg, cell, cell_index)

    def _seconds_left(self, cell):
        left = self.started + self.bounds.wall_seconds - time.monotonic()
        return max(min(left, self.bounds.cell_seconds), 0)

    def _stop(self, why):
        """Nothing more can run: keep the reason, the limit that was hit if one was, and end the kernel."""
        self.reason = self.reason or getattr(self.km.provisioner, "limit_hit", None) or why
        run_sync(self.km.signal_kernel)(signal.SIGKILL)

    def _message(self):
        return f"{STOPPED[self.reason].format(**vars(self.bounds))}; desde ahí no se ha podido corregir nada más."
