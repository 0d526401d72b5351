"""Printing on other machines: jobs go through Redis to Celery workers, and no word of a family lies readable in it.

A job and its PDF are sealed before they leave a process. The PDF comes back through a list of its own that expires, not
through Celery's results: there a web process would hold one connection in which the answers to all its threads mix.
"""

import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from signal import SIGKILL
from time import monotonic
from typing import Any, Protocol
from uuid import uuid4

from celery import Celery
from celery.app.amqp import AMQP
from celery.exceptions import CeleryError
from celery.signals import worker_process_init
from celery.worker.request import Request
from kombu.asynchronous import get_event_loop
from kombu.connection import Connection
from kombu.exceptions import KombuError
from kombu.transport.virtual import QoS
from redis import ConnectionPool, Redis, RedisError

from quizapp.printing import Busy, Failed, Output

log = logging.getLogger(__name__)

TASK = "print"
QUEUE = "print"
# Seconds for Redis to take a connection, and to answer what it has the answer to.
_CONNECT, _ANSWER = 0.5, 1.5
# Seconds that a PDF waits for a visitor who has gone.
EXPIRES = 60
# A worker that vanished is given up this many seconds after its job's deadline.
_SLACK = 5
# Seconds in which a worker hears what has become of its processes.
_MOMENT = 1
_DONE, _FAILED = b"+", b"-"
# Where Kombu keeps jobs that a worker has taken.
_UNACKED = ("unacked", "unacked_index")


class Box(Protocol):
    """Closes what passes through other hands, and opens it again. `open` raises ValueError for what is not ours."""

    def close(self, data: bytes) -> bytes: ...

    def open(self, closed: bytes, seconds: int) -> bytes: ...


class Broker:
    """Prints through workers elsewhere, as `quizapp.printing.pool.Workers` does through processes of this machine.

    `queue`: jobs that may wait. `seconds`: from the press of the button to the PDF.
    """

    def __init__(self, url: str, box: Box, *, queue: int, seconds: int) -> None:
        self._box = box
        self._most = queue
        self._seconds = seconds
        self._celery = _celery(url, seconds)
        self._redis = Redis(connection_pool=_connections(url))

    def warm_up(self, *job: object) -> None:
        """Workers are ready before they take their first job."""

    def run(self, html: str, saved: bytes = b"", output: Output = Output.PDF) -> bytes:
        """Raises Busy, also when the broker is away, or Failed."""
        end = monotonic() + self._seconds
        reply = f"reply:{uuid4()}"
        try:
            if int(self._redis.llen(QUEUE)) >= self._most:  # type: ignore[arg-type]  # its types allow for asyncio
                raise Busy
            self._send(self._box.close(_packed(html, saved, output)), reply)
            try:
                answer = self._answer(reply, end)
            finally:
                self._let_expire()
        except (RedisError, KombuError, CeleryError, OSError) as error:
            log.error("the broker is away: %s", type(error).__name__)
            raise Busy from error
        return self._opened(answer)

    def ping(self) -> bool:
        try:
            return bool(self._redis.ping())
        except (RedisError, OSError):
            return False

    def close(self) -> None:
        self._celery.close()
        self._redis.connection_pool.disconnect()

    def _send(self, job: bytes, reply: str) -> None:
        """What nobody waits for any more is not begun."""
        self._celery.send_task(TASK, (job.decode(), reply), queue=QUEUE, expires=self._seconds, retry=False)
        self._let_expire()

    def _let_expire(self) -> None:
        """What no worker takes, or the one that took it never puts down, goes when nobody can wait for it any more."""
        with self._redis.pipeline(transaction=False) as pipeline:
            for key in (QUEUE, *_UNACKED):
                pipeline.expire(key, self._seconds + _SLACK)
            pipeline.execute()

    def _answer(self, reply: str, end: float) -> bytes:
        """Ask in short turns, so that a broker that stops answering is noticed."""
        while (left := end - monotonic()) > 0:
            if found := self._redis.blpop([reply], min(left, _ANSWER / 3)):
                return bytes(found[1])  # type: ignore[index]  # as above
        raise Busy

    def _opened(self, answer: bytes) -> bytes:
        try:
            told = self._box.open(answer, EXPIRES)
        except ValueError as error:
            raise Failed("the answer is not from one of our workers") from error
        if told[:1] != _DONE:
            raise Failed("the job could not be done")
        return told[1:]


class _Connection(Connection):
    """It is tried again every second: Celery would wait longer each time, for half a minute in the end."""

    def ensure_connection(self, *given: Any, **named: Any) -> Any:
        every_second = {"interval_start": 1, "interval_step": 0, "interval_max": 1}
        return super().ensure_connection(*given, **every_second | named)  # type: ignore[no-untyped-call]  # not annotated


class _Amqp(AMQP):  # type: ignore[misc]  # Celery comes without types
    Connection = _Connection


class _Given(Request):  # type: ignore[misc]  # Celery comes without types
    """A job in a worker's hands, which it puts down even when Redis cannot be told so.

    Otherwise it would count as being worked on for ever, and the worker would take no other. A process that does not
    even begin with it is ended: Celery's own limit starts only when a process does.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        # The worker's own loop: it hears of a beginning, and asks nobody while it has lost its broker.
        if loop := get_event_loop():
            later: Callable[..., object] = loop.call_later
            later(self.app.conf.task_time_limit, later, _MOMENT, self._end_who_never_began)

    def _end_who_never_began(self) -> None:
        result = self._apply_result() if self._apply_result else None
        process = result and (result._write_to or result._scheduled_for)
        if process and self.time_start is None:
            log.error("a printing process that took no job was ended")
            with suppress(ProcessLookupError):
                os.kill(process.pid, SIGKILL)

    def acknowledge(self) -> None:
        super().acknowledge()
        self._put_down()

    def reject(self, requeue: bool = False) -> None:
        super().reject(requeue)
        self._put_down()

    def _put_down(self) -> None:
        QoS.ack(self.message.channel.qos, self.message.delivery_tag)  # type: ignore[no-untyped-call]  # as above


def workers(
    url: str,
    box: Box,
    work: Callable[..., bytes],
    begin: Callable[[], None],
    *,
    seconds: int,
    recycle: int,
    memory: int,
) -> Celery:
    """The application that Celery's worker processes run. `memory`: MB above which one is replaced by a fresh one."""
    from celery.concurrency.asynpool import AsynPool

    # A process that was ended at its deadline has a successor after a second; Celery would look after five.
    AsynPool.timers = property(lambda pool: {pool.maintain_pool: _MOMENT})
    app = _celery(url, seconds)
    app.conf.update(worker_max_tasks_per_child=recycle, worker_max_memory_per_child=memory * 1024)
    connections = _connections(url)

    def print_(job: str, reply: str) -> None:
        answer = box.close(_worked(box, work, job.encode(), seconds))
        with Redis(connection_pool=connections) as redis, redis.pipeline() as pipeline:
            pipeline.rpush(reply, answer).expire(reply, EXPIRES).execute()

    def ready(**_given: object) -> None:
        begin()

    # Not shared: every other application of Celery in this process would have this task, too.
    app.task(name=TASK, shared=False, ignore_result=True, Request=_Given)(print_)
    worker_process_init.connect(ready, weak=False)
    return app


def _worked(box: Box, work: Callable[..., bytes], job: bytes, seconds: int) -> bytes:
    """What went wrong stays here: the words of an error may quote the family's."""
    try:
        return _DONE + work(*_unpacked(box.open(job, seconds)))
    except Exception as error:
        log.error("a job could not be done: %s", type(error).__name__)
        return _FAILED


def _packed(html: str, saved: bytes, output: Output) -> bytes:
    return json.dumps([html, b64encode(saved).decode(), output]).encode()


def _unpacked(job: bytes) -> tuple[str, bytes, Output]:
    html, saved, output = json.loads(job)
    return html, b64decode(saved), Output(output)


def _celery(url: str, seconds: int) -> Celery:
    app = Celery("quizapp", broker=url, amqp=_Amqp, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        # A job whose process or machine dies is done again; a job that hangs is ended.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=seconds,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        broker_connection_timeout=_CONNECT,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": seconds + _SLACK,
            "socket_connect_timeout": _CONNECT,
            "socket_timeout": _ANSWER,
            "max_retries": 0,
        },
    )
    return app


def _connections(url: str) -> ConnectionPool:
    return ConnectionPool.from_url(url, socket_connect_timeout=_CONNECT, socket_timeout=_ANSWER)
