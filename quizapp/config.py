"""Every setting with its default. Nothing else reads the environment; the names there begin with QUIZAPP_."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Config:
    """The defaults are safe for one machine."""

    # Where the program may keep a file of its own: only the key, when none is given.
    INSTANCE: Path = Path(__file__).parent.parent / "instance"
    # The keys that seal links, newest first, separated by commas. Older ones still open what they sealed.
    SECRET_KEY: str = ""
    # Days that the link of a result works.
    LINK_DAYS: int = 30
    # The address that people know this site by, printed on the sheet. Empty: taken from the request.
    PUBLIC_URL: str = ""
    # Languages that are delivered; the first one is the fallback.
    LANGUAGES: tuple[str, ...] = ("en", "es")
    # Where the translations are.
    TRANSLATIONS: Path = Path(__file__).parent / "translations"
    # Where "Leave this page" leads: a page that anyone might look at.
    LEAVE_TO: str = "https://www.bbc.com/weather"
    # Processes that print, for each web process.
    PRINT_PROCESSES: int = 1
    # PDFs that may wait for a printing process; the next one is asked to come back.
    PRINT_QUEUE: int = 8
    # Seconds from the press of the button to the PDF, waiting included.
    PRINT_SECONDS: int = 20
    # PDFs after which a printing process is replaced by a fresh one.
    PRINT_RECYCLE: int = 500
    # MB above which a printing process is replaced as well.
    PRINT_MEMORY: int = 300
    # A Redis through which Celery workers print (python -m quizapp.worker). Empty: the processes of this machine print.
    BROKER_URL: str = ""
    # The largest form: six children with every line said in their own words are about 100 KB, in letters of two bytes.
    FORM_BYTES: int = 384 * 1024
    # Fields of the largest form: six children with some eighty fields each.
    FORM_FIELDS: int = 1000
    # The largest PDF that is opened again; ours have about 100 KB.
    OPEN_BYTES: int = 2 * 1024 * 1024
    # Seconds in which it must be read.
    OPEN_SECONDS: int = 2
    # The database of schools and their counters, as postgresql://user@host/name. Empty: a SQLite file in INSTANCE.
    DATABASE_URL: str = ""
    # Seconds that a page of schools waits for it. The quiz never does.
    DATABASE_SECONDS: int = 3
    # Whether anyone may make a link for a school: 1, or 0 where only the operator does (flask --app wsgi schools new).
    SELF_SERVICE: int = 1
    # Links for schools that may be made from one network in an hour.
    LINKS_PER_HOUR: int = 20
    # Where that is counted: memory:// for each web process, or redis://host:6379 for all of them.
    LIMITER_URL: str = "memory://"
    # Quizzes of one school from one network in an hour, above which they are counted apart until the operator looks.
    BURST: int = 30
    # Finished quizzes that wait to be counted while the database is away; of more, only their number is kept.
    COUNTS_WAITING: int = 10_000
    # Proxies in front of us whose word about a visitor's address we take.
    PROXIES: int = 0

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Raises ValueError, naming the setting, when a number is not a number."""
        given = {}
        for setting in fields(cls):
            name = f"QUIZAPP_{setting.name}"
            if name in environ:
                given[setting.name] = _read(name, environ[name], setting.default)
        return cls(**given)


def _read(name: str, text: str, default: Any) -> Any:
    if isinstance(default, int):
        if not (text.isascii() and text.isdigit()):
            raise ValueError(f"{name}: expected a whole number, found {text!r}")
        return int(text)
    if isinstance(default, tuple):
        parts = tuple(part.strip() for part in text.split(",") if part.strip())
        if not parts:
            raise ValueError(f"{name}: expected names separated by commas, found {text!r}")
        return parts
    return type(default)(text) if not isinstance(default, Path) else Path(text)
