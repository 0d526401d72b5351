"""The application as it is run in production, on a free port and with a folder of its own for its key and files."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
ADDRESS = "127.0.0.1"
COMMAND = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
START_SECONDS = 60
# Longer than deploy/gunicorn.conf.py gives the jobs in hand.
STOP_SECONDS = 40


@contextmanager
def serving(**settings: str) -> Iterator[int]:
    """The port where the application answers. `settings` are for its environment, such as QUIZAPP_PUBLIC_URL."""
    port = _free_port()
    with TemporaryDirectory(prefix="quizapp-") as instance:
        environment = os.environ | {"PORT": str(port), "QUIZAPP_INSTANCE": instance} | settings
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=environment, start_new_session=True)
        try:
            _wait_for(process, port)
            yield port
        finally:
            _stop(process)


def _free_port() -> int:
    with closing(socket.create_server((ADDRESS, 0))) as server:
        return int(server.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the server did not start; see its own words above")
        time.sleep(0.05)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((ADDRESS, port)) == 0


def _stop(process: subprocess.Popen[bytes]) -> None:
    """It ends its own processes; one that hangs is ended with all of its group."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
