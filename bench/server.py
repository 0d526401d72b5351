"""The application as it is run in production, on a free port and with a folder of its own for its key and files."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
ADDRESS = "127.0.0.1"
COMMAND = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
START_SECONDS = 60
# How exactly the first answer is met.
GLANCE_SECONDS = 0.005
# Longer than deploy/gunicorn.conf.py gives the jobs in hand.
STOP_SECONDS = 40


@dataclass(frozen=True)
class Server:
    """A server that was started, and may not answer yet. `began`: when, by the clock of time.perf_counter."""

    port: int
    process: subprocess.Popen[bytes]
    began: float

    def first(self, path: str) -> bytes:
        """The first whole answer with status 200. Raises RuntimeError when none comes."""
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError, HTTPException):
                return self._page(path)
            time.sleep(GLANCE_SECONDS)
        raise RuntimeError("the server did not start; see its own words above")

    def _page(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path) as answer:  # noqa: S310 - our own address
            return bytes(answer.read())

    @property
    def address(self) -> str:
        return f"http://{ADDRESS}:{self.port}"


@contextmanager
def serving(**settings: str) -> Iterator[int]:
    """The port where the application answers. `settings` are for its environment, such as QUIZAPP_PUBLIC_URL."""
    with starting(**settings) as server:
        server.first("/healthz")
        yield server.port


@contextmanager
def starting(**settings: str) -> Iterator[Server]:
    """The server from its first moment on."""
    port = _free_port()
    with TemporaryDirectory(prefix="quizapp-") as instance:
        environment = os.environ | {"PORT": str(port), "QUIZAPP_INSTANCE": instance} | settings
        began = time.perf_counter()
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=environment, start_new_session=True)
        try:
            yield Server(port, process, began)
        finally:
            _stop(process)


def _free_port() -> int:
    with closing(socket.create_server((ADDRESS, 0))) as server:
        return int(server.getsockname()[1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """It ends its own processes; one that hangs is ended with all of its group."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
