"""Jupyter's side of a sandboxed kernel: provisioner, client and manager.

with Slot() as slot:
    km = SandboxKernelManager(slot=slot, limits=Limits(), files={"data.csv": b"..."})
    NotebookClient(nb, km=km).execute()
    km.limit_hit, km.usage  # why it was stopped, if it was; what it took
"""

import asyncio
import signal
import typing
from queue import Empty

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Any, Instance, default

from .limits import MESSAGE_MB, Limits, Stop
from .slot import PORTS, Slot, default_slot
from .watch import Kernel, Usage

LOOK_SECONDS = 0.25  # between two looks at the kernel's clock
MESSAGES = 32  # that wait in this process; more wait in the kernel's own, limited memory


class SandboxProvisioner(KernelProvisionerBase):
    """Makes a Slot fork a kernel and stands between Jupyter and it. Entry point: grader-sandbox."""

    parent: typing.Any  # a SandboxKernelManager
    kernel: Kernel | None = None
    _running = False

    @property
    def limit_hit(self) -> Stop | None:
        """Why the kernel was stopped, None if it was not."""
        return self.kernel.limit_hit if self.kernel else None

    @property
    def has_process(self) -> bool:
        """Tell whether there is a kernel that has not been waited for."""
        return self._running

    async def launch_kernel(self, cmd: list[str], **kwargs: typing.Any) -> KernelConnectionInfo:
        """Fork a kernel; `cmd` and the rest are of no use here. Returns Jupyter's connection info."""
        km: SandboxKernelManager = self.parent
        key = km.session.key
        self.kernel = await asyncio.to_thread(km.slot.fork, km.limits, km.files, key.decode())
        self._running = True
        ports = {f"{name}_port": port for name, port in PORTS.items()}
        info = {"transport": "ipc", "ip": self.kernel.address, "key": key, **ports}
        self.connection_info = typing.cast(KernelConnectionInfo, info)
        self.connection_info["signature_scheme"] = km.session.signature_scheme
        return self.connection_info

    async def pre_launch(self, **kwargs: typing.Any) -> dict[str, typing.Any]:
        """Return the arguments of `launch_kernel`."""
        return await super().pre_launch(cmd=[], **kwargs)

    async def poll(self) -> int | None:
        """Return None while the kernel runs, else its exit code."""
        return self.kernel.exit_code if self.kernel and self._running else 0

    async def wait(self) -> int | None:
        """Wait for the kernel's end; return its exit code."""
        while self.kernel and self._running and not self.kernel.ended.is_set():
            await asyncio.sleep(0.02)
        self._running = False
        return self.kernel.exit_code if self.kernel else None

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel's process group; SIGKILL ends all its processes."""
        if self.kernel and self._running:
            self.kernel.kill() if signum == signal.SIGKILL else self.kernel.interrupt(signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill all processes of the kernel."""
        if self.kernel and self._running:
            self.kernel.kill()

    terminate = kill

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Do not wait for a notebook to end by itself."""
        await self.kill()

    async def cleanup(self, restart: bool = False) -> None:
        """Remove what is left of the kernel on the host."""
        if self.kernel is not None:
            await asyncio.to_thread(self.kernel.close)
            self._running = False


class _Channel(AsyncZMQSocketChannel):
    """Counts the bytes of a kernel's output before they are parsed, and takes note of a message that is too long."""

    kernel: Kernel

    async def get_msg(  # type: ignore[override]  # as in AsyncZMQSocketChannel
        self, timeout: float | None = None
    ) -> dict[str, typing.Any]:
        """Return the next message; raises queue.Empty after `timeout` seconds."""
        watch = asyncio.ensure_future(self._watch_connection())
        try:
            return await super().get_msg(timeout)
        finally:
            watch.cancel()

    async def _watch_connection(self) -> None:
        # On a message longer than it may be, ZeroMQ hangs up and says nothing else.
        await self.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED).poll()
        if not await asyncio.to_thread(self.kernel.ended.wait, 2) and self.kernel.is_alive():
            self.kernel.kill(Stop.OUTPUT)

    async def _recv(  # type: ignore[override]  # as in AsyncZMQSocketChannel
        self, **kwargs: typing.Any
    ) -> dict[str, typing.Any]:
        frames = await self.socket.recv_multipart(**kwargs)
        self.kernel.count_output(sum(map(len, frames)))
        _, frames = self.session.feed_identities(frames)
        return self.session.deserialize(frames)


class _Replies(AsyncZMQSocketChannel):
    """Waits for replies by the kernel's own clock: what other programs take of the machine is not the notebook's."""

    kernel: Kernel

    async def get_msg(  # type: ignore[override]  # as in AsyncZMQSocketChannel
        self, timeout: float | None = None
    ) -> dict[str, typing.Any]:
        """Return the next message; raises queue.Empty after `timeout` seconds of the kernel's Clock, busy_factor times
        as many real ones, or once the kernel has ended."""
        start = self.kernel.now()
        while True:
            try:
                return await super().get_msg(timeout if timeout is None else min(timeout, LOOK_SECONDS))
            except Empty:
                assert timeout is not None  # without one, it waits on
                passed = self.kernel.now().since(start)
                over = passed.over(timeout, self.kernel.limits.busy_factor)
                if over or timeout <= LOOK_SECONDS or self.kernel.ended.is_set():
                    raise


class SandboxClient(AsyncKernelClient):
    """A client that refuses messages of more than MESSAGE_MB, has the kernel's output counted, and its time too."""

    parent: typing.Any  # a SandboxKernelManager
    iopub_channel_class = _Channel
    shell_channel_class = _Replies

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        self._created_context = True
        return _context()

    @property
    def iopub_channel(self) -> typing.Any:
        channel = super().iopub_channel
        channel.kernel = self.parent.provisioner.kernel
        return channel

    @property
    def shell_channel(self) -> typing.Any:
        channel = super().shell_channel
        channel.kernel = self.parent.provisioner.kernel
        return channel


class SandboxKernelManager(AsyncKernelManager):
    """Starts kernels in `slot`, whatever kernel the notebook names, without a kernel spec on disk."""

    provisioner: SandboxProvisioner | None
    slot = Instance(Slot, help="Where kernels are forked; by default one sandboxed Slot for this process.")
    limits = Instance(Limits, ())
    files = Any(None, help="The notebook's files: {relative name: their bytes, or where they are}; None for no files.")
    client_class = f"{__name__}.SandboxClient"
    client_factory = SandboxClient

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one kernel spec there is, in memory."""
        provisioner = {"provisioner_name": "grader-sandbox"}
        return KernelSpec(display_name="Python", language="python", metadata={"kernel_provisioner": provisioner})

    @property
    def limit_hit(self) -> Stop | None:
        """Why the kernel was stopped, None if it was not."""
        return self.provisioner.limit_hit if self.provisioner else None

    @property
    def usage(self) -> Usage:
        """What the kernel has taken, as Usage."""
        return self.provisioner.kernel.usage if self.provisioner and self.provisioner.kernel else Usage()

    @default("slot")
    def _slot_default(self) -> Slot:
        return default_slot()

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        self._created_context = True
        return _context()

    def write_connection_file(self, **kwargs: typing.Any) -> None:
        """Write nothing: the kernel learns its key and sockets from the warm process."""


def _context() -> zmq.asyncio.Context:
    context = zmq.asyncio.Context()
    context.maxmsgsize = MESSAGE_MB * 2**20  # of every socket made in it
    context.rcvhwm = MESSAGES
    return context
