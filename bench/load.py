"""Asks for pages as fast as they come, over a few connections that stay open. Runs in a process of its own."""

import re
import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

CONNECTIONS = 8
# What a browser asks for; the other headers of a browser would cost both sides of a comparison the same.
REQUEST = "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\r\n"

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass
class Connection:
    """One open connection with at most one answer on its way."""

    socket: socket.socket
    received: bytes = b""

    def ask(self, request: bytes) -> None:
        self.received = b""
        self.socket.sendall(request)

    def has_answer(self) -> bool:
        """Reads what has come. True when the answer is whole; raises RuntimeError when it is not a page."""
        chunk = self.socket.recv(1 << 16)
        self.received += chunk
        head, end, body = self.received.partition(b"\r\n\r\n")
        if not chunk or (end and not head.startswith(b"HTTP/1.1 200 ")):
            raise RuntimeError(f"not a page: {head[:200]!r}")
        length = _LENGTH.search(head) if end else None
        return length is not None and len(body) == int(length[1])


def rates(address: tuple[str, int], paths: Sequence[str], rounds: int, seconds: float) -> list[tuple[float, ...]]:
    """Answers per second: for each round one number a path, measured one after the other over the same connections."""
    with ExitStack() as stack:
        ready = stack.enter_context(selectors.DefaultSelector())
        for _ in range(CONNECTIONS):
            opened = stack.enter_context(socket.create_connection(address))
            ready.register(opened, selectors.EVENT_READ, Connection(opened))
        requests = [REQUEST.format(path=path).encode() for path in paths]
        for request in requests:
            _rate(ready, request, seconds / 2)  # what is made at the first visit is there after it
        return [tuple(_rate(ready, request, seconds) for request in requests) for _ in range(rounds)]


def _rate(ready: selectors.BaseSelector, request: bytes, seconds: float) -> float:
    connections = [key.data for key in ready.get_map().values()]
    start = time.perf_counter()
    for connection in connections:
        connection.ask(request)
    waiting, answers = len(connections), 0
    while waiting:
        for key, _ in ready.select():
            if not key.data.has_answer():
                continue
            answers += 1
            if time.perf_counter() - start < seconds:
                key.data.ask(request)
            else:
                waiting -= 1
    return answers / (time.perf_counter() - start)
