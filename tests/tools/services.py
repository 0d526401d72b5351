"""Real servers that tests start for themselves: PostgreSQL and Redis, on a free port, with their files in a folder."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import redis

# Who PostgreSQL runs as where tests run as root, for whom it refuses to run.
POSTGRES_USER = "postgres"
HOST = "127.0.0.1"


class Postgres:
    """A server with one empty database after the other. It can be paused, stopped and started again."""

    def __init__(self, folder: Path, fsync: str) -> None:
        self.port = free_port()
        self._fsync = fsync
        self._folder = folder
        self._made = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "--pgdata", str(folder / "data"), "--auth", "trust", "--username", "quiz", "--no-sync")
        self.start()

    def start(self) -> None:
        """Ready to answer."""
        settings = {"listen_addresses": HOST, "port": self.port, "fsync": self._fsync, "unix_socket_directories": ""}
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [*_as_user(), str(_binary("postgres")), "-D", str(self._folder / "data"), *given],
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def stop(self) -> None:
        assert self._process
        self._process.send_signal(2)  # SIGINT: at once, and in order
        self._process.wait(60)

    def signal(self, number: int) -> None:
        """To every process of the server: 19 freezes them, 18 lets them go on."""
        assert self._process
        server = psutil.Process(self._process.pid)
        for process in [*server.children(recursive=True), server]:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def database(self) -> str:
        """The address of a new, empty database."""
        self._made += 1
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE quiz{self._made}")  # type: ignore[call-overload]  # a number of ours
        return self._address(f"quiz{self._made}")

    def _address(self, name: str) -> str:
        return f"postgresql://quiz@{HOST}:{self.port}/{name}"

    def _wait(self) -> None:
        assert self._process
        while self._process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(self._address("postgres"), connect_timeout=2):
                return
        raise AssertionError(f"PostgreSQL ended with {self._process.returncode}")

    def _run(self, name: str, *arguments: str) -> None:
        subprocess.run([*_as_user(), str(_binary(name)), *arguments], check=True, capture_output=True)


@contextmanager
def postgres(fsync: str = "off") -> Iterator[Postgres]:
    """What is written is not forced to the disk unless it is asked for: no test is about a power cut."""
    # Not below the tests' own folder, which nobody else may open.
    with TemporaryDirectory(prefix="quizapp-postgres-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, POSTGRES_USER)
        server = Postgres(Path(folder), fsync)
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def redis_process() -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """A Redis that keeps nothing, and its address."""
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", HOST, "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None:
            with suppress(redis.ConnectionError), redis.Redis(HOST, port) as client:
                client.ping()
                break
        yield process, f"redis://{HOST}:{port}"
    finally:
        process.terminate()
        process.wait(60)


def free_port() -> int:
    with socket.create_server((HOST, 0)) as server:
        return int(server.getsockname()[1])


def _as_user() -> Sequence[str]:
    return (
        ("setpriv", f"--reuid={POSTGRES_USER}", f"--regid={POSTGRES_USER}", "--clear-groups") if not os.getuid() else ()
    )


def _binary(name: str) -> Path:
    """Debian keeps the programs of each version in a folder of their own."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return found[-1] if found else Path(shutil.which(name) or name)
