"""HTML: the Nu checker, which is the W3C's, asked over loopback for as long as the checker lives."""

import json
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

JAR = Path(__file__).parents[1] / "node_modules/vnu-jar/build/dist/vnu.jar"
ADDRESS = "127.0.0.1"
# It refuses a request that does not name its program.
HEADERS = {"Content-Type": "text/html; charset=utf-8", "User-Agent": "tests"}


class NuChecker:
    """A context manager: one Java process, asked about any number of pages."""

    def __enter__(self) -> Self:
        self._port = _free_port()
        self._started = False
        self._known: dict[str, list[str]] = {}
        self._java = subprocess.Popen(
            [
                "java",
                # Java's default is too little for reading its schemas, on some starts and not on others.
                "-Xss16m",
                # As much as it needs: left alone it takes a quarter of the machine, once for each worker of the tests.
                "-Xmx512m",
                f"-Dnu.validator.servlet.bind-address={ADDRESS}",
                "-cp",
                JAR,
                "nu.validator.servlet.Main",
                str(self._port),
            ],
            stdout=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self._java:  # which waits for its end
            self._java.terminate()

    def problems(self, html: str) -> list[str]:
        """Each error and each warning, with the line it is about; empty when the page is valid.

        Many tests load the same page: what was asked before is not asked again.
        """
        if html not in self._known:
            self._known[html] = self._asked(html)
        return self._known[html]

    def _asked(self, html: str) -> list[str]:
        self._wait_for_start()
        with closing(HTTPConnection(ADDRESS, self._port)) as connection:
            connection.request("POST", "/?out=json", html.encode(), HEADERS)
            messages = json.load(connection.getresponse())["messages"]
        return [_problem(message) for message in messages if _is_problem(message)]

    def _wait_for_start(self) -> None:
        """It reads its schemas for some seconds before it listens: time for its maker to do other things."""
        while not self._started:
            try:
                ended = self._java.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                self._started = _listens(self._port)
            else:
                raise RuntimeError(f"the HTML checker ended with {ended}; see its own words above")


def _is_problem(message: dict[str, Any]) -> bool:
    """Everything but the notes, which only tell: they are of type info and have no subtype."""
    return bool(message["type"] != "info" or message.get("subType"))


def _problem(message: dict[str, Any]) -> str:
    kind = message.get("subType") or message["type"]
    near = f" Near: {message['extract']!r}" if "extract" in message else ""
    return f"line {message.get('lastLine', '?')}: {kind}: {message['message']}{near}"


def _free_port() -> int:
    with closing(socket.create_server((ADDRESS, 0))) as server:
        return int(server.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((ADDRESS, port)) == 0


if __name__ == "__main__":
    with NuChecker() as checker:
        checked = {name: checker.problems(Path(name).read_text()) for name in sys.argv[1:]}
    for name, problems in checked.items():
        print("FAIL" if problems else "PASS", name, *(f"\n  {problem}" for problem in problems))
    sys.exit(any(checked.values()))
