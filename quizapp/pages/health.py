"""The front door, and what an operator's machines ask for."""

from collections.abc import Callable, Mapping
from threading import Lock, Thread
from time import monotonic

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.config import Config
from quizapp.pages import site as here

bp = Blueprint("health", __name__)

# Seconds that a part has to answer, and for which its answer holds.
_SECONDS, _FRESH = 1.0, 2.0
# Without these nobody gets what they came for. Without a database, or without a Redis for limits, quiz and paper go on.
NEEDED = frozenset({"content", "printing"})
_EXTENSION = "quizapp.health"


class Check:
    """A question to a part, asked in a thread of its own. Of what hangs there is one thread, which nobody waits for."""

    def __init__(self, question: Callable[[], object]) -> None:
        """The part answers when the question comes to an end; raising, or a False, says that it does not."""
        self._question = question
        self._changing = Lock()
        self._thread: Thread | None = None
        self._began = float("-inf")
        self._is_good = False

    def begin(self) -> None:
        """Ask, unless it was just asked, or the last question is still on its way."""
        with self._changing:
            if self._thread and (self._thread.is_alive() or monotonic() < self._began + _FRESH):
                return
            self._began = monotonic()
            self._thread = Thread(target=self._ask, name="check", daemon=True)
            self._thread.start()

    def is_good(self) -> bool:
        """After a second from when it was asked, at the latest. To be called after `begin`."""
        thread = self._thread
        if thread is None:
            return False
        thread.join(max(0.0, self._began + _SECONDS - monotonic()))
        return self._is_good and not thread.is_alive()

    def _ask(self) -> None:
        try:
            self._is_good = self._question() is not False
        except Exception:
            self._is_good = False


def init_app(app: Flask) -> None:
    def site() -> here.Site:
        found: here.Site = app.extensions["quizapp"]
        return found

    config = site().config
    questions: dict[str, Callable[[], object]] = {
        "content": lambda: all(there.content.questions for there in site().languages.values()),
        "printing": lambda: site().printer.answers(),
        "database": lambda: site().office.register.find(""),
    }
    if config.BROKER_URL:
        questions["broker"] = lambda: site().printer.ping()
    if config.LIMITER_URL != Config.LIMITER_URL:
        questions["limiter"] = lambda: site().links._shared.storage.check()
    app.extensions[_EXTENSION] = {name: Check(question) for name, question in questions.items()}


def _parts() -> Mapping[str, Check]:
    found: Mapping[str, Check] = current_app.extensions[_EXTENSION]
    return found


@bp.get("/")
def front_door() -> ResponseReturnValue:
    """To the start page in the language that the browser asks for."""
    languages = here.site().config.LANGUAGES
    lang = request.accept_languages.best_match(languages, languages[0])
    response = redirect(url_for("quiz.home", lang=lang))
    response.headers["Vary"] = "Accept-Language"
    return response


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Search engines may read it all. What they must not show says so itself, in a header."""
    response = Response("User-agent: *\nAllow: /\n", mimetype="text/plain")
    response.headers["Cache-Control"] = f"public, max-age={here.DAY}"
    return response


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Says ok as soon as pages can be served."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Whether visitors should be sent here. Which part does not answer is told where METRICS is set, and no more."""
    parts = _parts()
    for part in parts.values():
        part.begin()
    good = {name: part.is_good() for name, part in parts.items()}
    is_ready = all(good[name] for name in NEEDED)
    told: dict[str, object] = {"status": _status(is_ready, all(good.values()))}
    if here.site().config.METRICS:
        told["parts"] = {name: "ok" if is_good else "away" for name, is_good in good.items()}
    response = jsonify(told)
    response.status_code = 200 if is_ready else 503
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """For Prometheus, where METRICS is set; elsewhere there is no such page."""
    found = here.site().metrics
    if found is None:
        abort(404)
    from quizapp.metrics import CONTENT_TYPE

    response = Response(found.text(), content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _status(is_ready: bool, is_whole: bool) -> str:
    if not is_ready:
        return "not ready"
    return "ready" if is_whole else "degraded"
