"""A worker of gunicorn whose threads never wait for a visitor: a request waits in the loop until all of it is there.

Gunicorn's own gives a connection to a thread at its first byte, so that a few dozen visitors who send a byte a second
hold every thread. Here they hold some memory, for half a minute at most. Nor does a thread wait for who takes an answer
a byte at a time: the system keeps it for them.
"""

import re
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

# Seconds in which a request must have come, its form and its file included: 2 MB by a slow line.
ARRIVES_IN = 30
# Seconds that a connection stays half open after the last answer, so that this answer is not cut off.
LEAVES_IN = 5
# Seconds in which a visitor must take in a next piece of an answer. A thread waits no longer for one to send, either.
TAKES_IN = 20
# Bytes of an answer that the system keeps for a visitor who takes them slowly. A zip with all that a school hands out
# is not longer. By itself it keeps some 80 KB.
ANSWER = 512 * 1024
# A longer head is refused here; a longer body by the application, by its head alone. Nobody reads the rest.
LONGEST_HEAD = 64 * 1024
LONGEST_BODY = 3 * 1024 * 1024
# Bytes of requests that a process keeps; above them the longest one that is still arriving is let go.
KEPT = 64 * 1024 * 1024
_PIECE = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE)
_ANY_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_REFUSED = "HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass(eq=False)
class Arriving:
    """What has come of a request so far, and when the rest must have come."""

    conn: TConn
    until: float
    received: bytearray = field(default_factory=bytearray)
    # Bytes of the whole request, once its head tells.
    length: int | None = None

    @property
    def is_too_long(self) -> bool:
        return (self.length or len(self.received)) > LONGEST_HEAD + LONGEST_BODY

    def is_enough(self) -> bool:
        """Whether it is whole, or so much of it that will be refused."""
        if self.length is None:
            self.length = length_of(self.received)
        return self.is_too_long or len(self.received) >= (self.length or LONGEST_HEAD)


def length_of(received: bytes | bytearray) -> int | None:
    """Bytes of a request by its head, or None while that is not all there."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = _LENGTH.search(received[: end + 2])
    return end + 4 + (int(length[1]) if length else 0)


def refusal(received: bytes | bytearray) -> str | None:
    """The status for what nobody knows the length of. No browser sends such a head, nor a form in chunks.

    Gunicorn reads some lengths that `length_of` does not, such as one of thirty digits: it would begin too soon.
    """
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return "431 Request Header Fields Too Large"
    head = received[: end + 2]
    if _CHUNKED.search(head):
        return "411 Length Required"
    lengths = len(_ANY_LENGTH.findall(head))
    return "400 Bad Request" if lengths > 1 or (lengths and not _LENGTH.search(head)) else None


class WholeRequests(ThreadWorker):  # type: ignore[misc]  # gunicorn is not annotated
    """All of this runs in the loop's own thread. Both tables are in the order of their deadlines."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._arriving: dict[TConn, Arriving] = {}
        self._leaving: dict[TConn, float] = {}
        # Bytes of requests that wait for a thread, or have one.
        self._handed: dict[TConn, int] = {}

    def enqueue_req(self, conn: TConn) -> None:
        """A new connection, or one that sends a next request."""
        if self.cfg.is_ssl:
            super().enqueue_req(conn)  # What comes cannot be read before a thread has agreed on a cipher.
            return
        arriving = Arriving(conn, time.monotonic() + ARRIVES_IN)
        if conn.parser:
            arriving.received += conn.parser.unreader.take_buffered()
        else:
            for waits in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
                conn.sock.setsockopt(socket.SOL_SOCKET, waits, struct.pack("ll", TAKES_IN, 0))
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ANSWER)
        if arriving.is_enough():
            self._to_a_thread(arriving)
            return
        self._arriving[conn] = arriving
        self._watch(conn, partial(self._more, arriving))

    def finish_request(self, conn: TConn, done: Any) -> None:
        """Gunicorn would wait for a visitor to hang up, and all others with it."""
        self._handed.pop(conn, None)
        if done.cancelled() or done.exception() or done.result():
            super().finish_request(conn, done)
            return
        self._hang_up(conn)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Gunicorn would wait here, too, for the rest of what was refused by its head."""
        return super()._keepalive_after(conn, keepalive and getattr(conn, "came_whole", True))

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Gunicorn would write the address of whoever sent nonsense to the log."""
        super().handle_error(req, client, ("someone",), exc)

    def murder_pending(self) -> None:
        super().murder_pending()
        now = time.monotonic()
        # A process that is to end waits for nobody who has only just come.
        patience = 0 if self.alive else ARRIVES_IN - LEAVES_IN
        late = [one.conn for one in takewhile(lambda one: one.until < now + patience, self._arriving.values())]
        gone = [conn for conn, _until in takewhile(lambda one: one[1] < now, self._leaving.items())]
        for conn in late + gone:
            self._let_go(conn)

    def _more(self, arriving: Arriving, sock: socket.socket) -> None:
        piece = _received(sock)
        if piece is None:
            return
        arriving.received += piece
        if not piece:
            self._let_go(arriving.conn)
        elif arriving.is_enough():
            self._forget(arriving.conn)
            self._to_a_thread(arriving)
        elif self._kept() > KEPT:
            self._let_go(max(self._arriving.values(), key=lambda one: len(one.received)).conn)

    def _kept(self) -> int:
        return sum(len(one.received) for one in self._arriving.values()) + sum(self._handed.values())

    def _to_a_thread(self, arriving: Arriving) -> None:
        conn = arriving.conn
        if status := refusal(arriving.received):
            with suppress(OSError):
                conn.sock.send(_REFUSED.format(status).encode())
            self._hang_up(conn)
            return
        conn.init()
        conn.came_whole = not arriving.is_too_long
        conn.parser.unreader.unread(bytes(arriving.received))
        self._handed[conn] = len(arriving.received)
        super().enqueue_req(conn)

    def _hang_up(self, conn: TConn) -> None:
        """After the last answer; what still comes is thrown away for a moment, so that the answer is not cut off."""
        with suppress(OSError):
            conn.sock.shutdown(socket.SHUT_WR)
        self._leaving[conn] = time.monotonic() + LEAVES_IN
        self._watch(conn, partial(self._drain, conn))

    def _drain(self, conn: TConn, sock: socket.socket) -> None:
        if _received(sock) == b"":
            self._let_go(conn)

    def _watch(self, conn: TConn, event: Callable[[socket.socket], None]) -> None:
        conn.sock.setblocking(False)
        self.poller.register(conn.sock, EVENT_READ, event)

    def _forget(self, conn: TConn) -> None:
        self._arriving.pop(conn, None)
        self._leaving.pop(conn, None)
        self.poller.unregister(conn.sock)

    def _let_go(self, conn: TConn) -> None:
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()


def _received(sock: socket.socket) -> bytes | None:
    """A piece; b"" when the visitor has gone, None when nothing has come after all."""
    try:
        return sock.recv(_PIECE)
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:
        return b""
