"""How requests go, told to the operator, and nothing of whoever asked."""

import logging
from collections.abc import Iterable
from random import getrandbits
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from flask import Flask

from quizapp import logs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

# Our own number of a request, in the answer, in each line of the log about it, and on the page that tells of a fault.
HEADER = "X-Request-ID"
# Seconds above which a request is told of. Paper takes a moment, and waits for others in a rush.
SLOW = 5.0
# Anyone may send another word in the place of a method.
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
# The page of every address that leads nowhere.
NOWHERE = "none"


class Listener(Protocol):
    """What is told of each request."""

    def request(self, endpoint: str, method: str, status: str, seconds: float) -> None:
        """`status`: its first digit."""


def init_app(app: Flask, listener: Listener | None) -> None:
    app.logger.addFilter(logs.without_words)
    app.jinja_env.globals["request_number"] = logs.REQUEST.get
    app.wsgi_app = Watched(app.wsgi_app, listener)  # type: ignore[method-assign]  # Flask's own way


class Watched:
    """Gives each request a number, counts it, and writes a line about one that was slow or went wrong on our side.

    Every page pays for it: what only some requests need stands outside of `__call__`.
    """

    def __init__(self, app: "WSGIApplication", listener: Listener | None) -> None:
        self._app = app
        self._listener = listener

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        began = perf_counter()
        number = f"{getrandbits(64):016x}"
        logs.REQUEST.set(number)
        status, endpoint = "500", None

        def start(line: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
            nonlocal status, endpoint
            # Flask takes the request away before it returns.
            status, endpoint = line, environ["werkzeug.request"].endpoint
            headers.append((HEADER, number))
            return start_response(line, headers, error)

        try:
            return self._app(environ, start)
        finally:
            seconds = perf_counter() - began
            if self._listener:
                self._listener.request(endpoint or NOWHERE, _method(environ), status[0], seconds)
            if status[0] == "5" or seconds > SLOW:
                _tell(endpoint or NOWHERE, _method(environ), status, seconds)
            logs.REQUEST.set("")


def _method(environ: "WSGIEnvironment") -> str:
    method: str = environ["REQUEST_METHOD"]
    return method if method in METHODS else "other"


def _tell(endpoint: str, method: str, status: str, seconds: float) -> None:
    fields = {
        "endpoint": endpoint,
        "method": method,
        "status": int(status[:3]),
        "milliseconds": round(1000 * seconds),
    }
    log.log(logging.ERROR if status[:3] == "500" else logging.WARNING, "request", extra={"fields": fields})
