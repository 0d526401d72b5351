"""What a log may say: one JSON object a line, of what happened, where and of which kind; never what a family typed.

The words of an error often quote the value that caused it, and those of a library an address or a name, so they stay
out. What is left of either is its kind and its place in the code.
"""

import json
import logging
import os
import sys
import threading
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

# The number of the request that this thread works on, made by us; none outside of one.
REQUEST: ContextVar[str] = ContextVar("request", default="")
OURS = "quizapp"
LIBRARY = "message of a library"
# What libraries say that an operator has to know, by the words in their code, and how we say it. Nothing that stands
# in for a %s is told but numbers.
KNOWN = {
    "Worker (pid:%s) was sent %s! Perhaps out of memory?": "a process was killed, perhaps for want of memory",
    "Worker (pid:%s) was sent %s!": "a process was ended by a signal",
    "Worker (pid:%s) exited with code %s.": "a process ended with an error",
    "WORKER TIMEOUT (pid:%s)": "a process hung and is ended",
    "Hard time limit (%ss) exceeded for %s[%s]": "a job was ended at its deadline",
}
# Of a fault, so many places: those nearest to it; and so many errors that led to each other.
_PLACES, _KINDS = 20, 5
_STDERR = 2

log = logging.getLogger(__name__)


def begin(stream: TextIO | None = None) -> None:
    """From now on everything that this process says goes to stderr in this form, whoever says it."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    # For a library that keeps its log to itself and has nobody who writes it down.
    logging.lastResort = handler
    # Else a message that cannot be put together would be shown with all its words.
    logging.raiseExceptions = False
    warnings.showwarning = _warned  # type: ignore[assignment]  # what it leaves out, it does not use
    threading.excepthook = lambda ended: fault(log, "a thread ended in a fault", ended.exc_value)
    sys.unraisablehook = lambda ended: fault(log, "a fault that nobody could catch", ended.exc_value)


def alone_on_stderr() -> TextIO:
    """Stderr for ourselves: what libraries in C write there from now on, which no form holds for, is dropped."""
    ours = open(os.dup(_STDERR), "w", buffering=1, encoding="utf-8")  # noqa: SIM115 - open to the end
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDERR)
    os.close(nowhere)
    return ours


class Lines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": LIBRARY,
            "process": record.process,
        }
        if request := REQUEST.get():
            line["request"] = request
        return json.dumps(line | _told(record) | getattr(record, "fields", {}) | _fault(record))


def fault(there: logging.Logger, event: str, error: BaseException | None) -> None:
    """Tell of an error without its words. `event` is ours, and the same each time."""
    there.error(event, extra={"fields": _kinds_and_places(error, error.__traceback__ if error else None)})


def without_words(record: logging.LogRecord) -> bool:
    """A filter for Flask's own log, which tells of every fault of ours, with the address that was asked for."""
    if record.exc_info:
        _kind, error, places = record.exc_info
        fields = _kinds_and_places(error, places)
        record.msg, record.args, record.exc_info = "a request ended in a fault", (), None
        record.exc_text = "\n".join((*fields["places"], *fields["kinds"]))
        record.fields = fields
    return True


def _told(record: logging.LogRecord) -> dict[str, object]:
    if f"{record.name}.".startswith(f"{OURS}."):
        return {"event": record.getMessage()}
    told: dict[str, object] = {"logger": record.name, "at": _place(record.pathname, record.lineno)}
    if isinstance(record.msg, str) and record.msg in KNOWN:
        return told | {"event": KNOWN[record.msg], "numbers": [one for one in _args(record) if isinstance(one, int)]}
    return told


def _args(record: logging.LogRecord) -> Iterable[object]:
    return record.args if isinstance(record.args, tuple) else ()


def _fault(record: logging.LogRecord) -> dict[str, list[str]]:
    if not record.exc_info:
        return {}
    _kind, error, places = record.exc_info
    return _kinds_and_places(error, places)


def _kinds_and_places(error: BaseException | None, places: TracebackType | None) -> dict[str, list[str]]:
    """The kind of an error and of those behind it, and where in the code it came up, the place itself last."""
    frames = traceback.extract_tb(places)[-_PLACES:] if places else []
    return {
        "kinds": [type(one).__qualname__ for one in _behind(error)][:_KINDS],
        "places": [_place(frame.filename, frame.lineno or 0) for frame in frames],
    }


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _place(path: str, line: int) -> str:
    """Without the folders that only this machine has."""
    roots = [root for root in sys.path if root and path.startswith(f"{root}/")]
    return f"{path.removeprefix(max(roots, key=len, default='')).lstrip('/')}:{line}"


def _warned(message: Warning | str, category: type[Warning], filename: str, lineno: int, *_where: object) -> None:
    """Its words may quote what it warns of."""
    log.warning("warning", extra={"fields": {"kinds": [category.__qualname__], "places": [_place(filename, lineno)]}})
