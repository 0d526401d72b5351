"""The application as `make run` serves it, asked over loopback for as long as the server lives."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
# For a busy machine, which may take longer than a family would wait.
PATIENT = {"QUIZAPP_PRINT_SECONDS": "120", "QUIZAPP_DATABASE_SECONDS": "60"}


@contextmanager
def serving(instance: Path, config: str = "deploy/gunicorn.conf.py", **settings: str) -> Iterator[str]:
    """The address of a server with a folder of its own, and with these settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [Path(sys.executable).with_name("gunicorn"), "--config", config, "wsgi:app"],
        cwd=ROOT,
        env=os.environ | {"PORT": str(port), "QUIZAPP_INSTANCE": str(instance)} | PATIENT | settings,
    )
    address = f"http://127.0.0.1:{port}"
    _wait_for(address, process)
    yield address
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Ask until the server answers; a server that ended will never do so."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5) as response:  # noqa: S310 - our own address
                assert response.read() == b"ok\n"
                return
        except OSError:
            continue
    raise AssertionError(f"the server ended with {process.returncode}")
