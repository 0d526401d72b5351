"""Every setting with its default. Nothing else reads the environment; the names there begin with QUIZAPP_."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class SettingsError(ValueError):
    """The settings cannot be used. `problems` holds one line for each: the setting, what is allowed, what was found."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Review(NamedTuple):
    """Who has read the words in a language, and in which month, as in 2026-11."""

    lang: str
    who: str
    month: str


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
    # Names that this site may be asked by, separated by commas; one that begins with a dot stands for all below it. The
    # one of PUBLIC_URL is always among them. Empty: any, as on a machine of one's own.
    HOSTS: tuple[str, ...] = ()
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
    # Whether /metrics answers, and /readyz tells of each part: 1 where a proxy keeps both from the public, else 0.
    METRICS: int = 0
    # Proxies in front of us whose word about a visitor's address we take.
    PROXIES: int = 0
    # Who runs this site, as its privacy page says. Empty: the page says that nobody is named yet.
    OPERATOR: str = ""
    # Where visitors can write to: an e-mail address, or the web address of a form.
    CONTACT: str = ""
    # Who has read the words, in which language and month: "en: Jane Doe, school counsellor, 2026-10; es: ...".
    REVIEWED: tuple[str, ...] = ()
    # Points of the launch check-list (flask --app wsgi launch) that you confirm, by name.
    CONFIRMED: tuple[str, ...] = ()

    @property
    def reviews(self) -> tuple[Review, ...]:
        """Those of REVIEWED, in its order."""
        found = (_REVIEW.fullmatch(entry) for entry in self.REVIEWED)
        return tuple(Review(*entry.groups()) for entry in found if entry)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Raises SettingsError, with a line for each setting that cannot be used."""
        given: dict[str, Any] = {}
        problems = list(_unknown(environ))
        for setting in fields(cls):
            name = f"QUIZAPP_{setting.name}"
            if name in environ:
                try:
                    given[setting.name] = _read(setting.name, environ[name], setting.default)
                except ValueError as error:
                    problems.append(f"{name}: expected {error}, found {environ[name]!r}")
        config = cls(**given)
        if problems := [*problems, *_problems(config, given)]:
            raise SettingsError(problems)
        return config


def _unknown(environ: Mapping[str, str]) -> Iterator[str]:
    """A line for each name of ours that is no setting: a slip in it would leave a default in force unseen."""
    known = [f"QUIZAPP_{setting.name}" for setting in fields(Config)]
    for name in environ:
        if name.upper().startswith("QUIZAPP_") and name not in known:
            closest = ", ".join(get_close_matches(name.upper(), known, 3, 0))
            yield f"{name}: no setting is called so. The closest are: {closest}"


# How a setting is read


def _read(name: str, text: str, default: Any) -> Any:
    """Raises ValueError that says what is allowed."""
    if isinstance(default, int):
        if not (text.isascii() and text.isdigit()):
            raise ValueError("a whole number")
        return int(text)
    if isinstance(default, tuple):
        parts = tuple(part.strip() for part in text.split(_SEPARATORS.get(name, ",")) if part.strip())
        if default and not parts:
            raise ValueError("names separated by commas")
        return parts
    return type(default)(text) if not isinstance(default, Path) else Path(text)


# Who reviewed is told with commas.
_SEPARATORS = {"REVIEWED": ";"}
_REVIEW = re.compile(r"([a-z]{2,3}(?:_[A-Za-z]+)*): *(\S.*?), *(\d{4}-(?:0[1-9]|1[0-2]))")


# What is allowed


def _problems(config: Config, given: Mapping[str, Any]) -> Iterator[str]:
    """A line for each of the settings that were given and are not as they must be. What may be secret is not shown."""
    # The folder is needed whether it was given or not.
    for name, value in {"INSTANCE": config.INSTANCE, **given}.items():
        if name in _NUMBERS and not _NUMBERS[name][0] <= value <= _NUMBERS[name][1]:
            least, most = _NUMBERS[name]
            yield f"QUIZAPP_{name}: expected a whole number from {least} to {most}, found {value}"
        if name in _RULES and not _RULES[name][1](config):
            yield f"QUIZAPP_{name}: expected {_RULES[name][0]}, found {_shown(name, value)}"
    if unknown := [lang for lang in config.LANGUAGES if not _is_language(config, lang)]:
        known = sorted({"en", *(path.name for path in config.TRANSLATIONS.glob("*/"))})
        yield (
            f"QUIZAPP_LANGUAGES: expected some of {', '.join(known)}, found {', '.join(unknown)}. "
            f"A new language begins with a folder in {config.TRANSLATIONS}, named by its code"
        )


def _shown(name: str, value: Any) -> str:
    """A value as a log may hold it: keys never, and of an address that may hold a password only its beginning."""
    if name not in _SECRET:
        return repr("; ".join(value) if isinstance(value, tuple) else str(value))
    kind, colon, _rest = value.partition("://")
    return f"{kind}://... (the rest may be secret and is not shown)" if colon else "something else (not shown)"


def _is_language(config: Config, lang: str) -> bool:
    """English stands in the code; every other language has a folder."""
    return lang == "en" or (lang.replace("_", "").isalpha() and (config.TRANSLATIONS / lang).is_dir())


def _is_writable(folder: Path) -> bool:
    """A folder that is not there yet is made in the nearest one that is."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _is_address(text: str, *kinds: str) -> bool:
    """Whether it begins with one of these and names a host, where this kind has one. Passwords may hold any letter."""
    kind, _colon, rest = text.partition("://")
    try:
        parts = urlsplit(f"{kind}://{rest.rpartition('@')[2]}")
        _port = parts.port  # raises ValueError for one that is no number
    except ValueError:
        return False
    return kind in kinds and text.isprintable() and " " not in text and bool(parts.hostname or kind in _WITHOUT_HOST)


def _is_site(text: str) -> bool:
    """The address of a whole site: nothing follows its host."""
    return _is_address(text, "https", "http") and not re.search(r"[/?#]", text.partition("://")[2].rstrip("/"))


def _is_contact(text: str) -> bool:
    return bool(re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", text)) or _is_address(text, "https", "http")


# Databases and sockets of this machine.
_WITHOUT_HOST = {"sqlite", "postgresql", "postgresql+psycopg", "memory", "redis+unix"}
_SECRET = {"SECRET_KEY", "DATABASE_URL", "BROKER_URL", "LIMITER_URL"}

# The least and the most of each number. No time to print is what a test of ours asks for.
_NUMBERS = {
    "LINK_DAYS": (1, 366),
    "PRINT_PROCESSES": (1, 64),
    "PRINT_QUEUE": (1, 10_000),
    "PRINT_SECONDS": (0, 600),
    "PRINT_RECYCLE": (1, 1_000_000),
    "PRINT_MEMORY": (200, 100_000),
    "FORM_BYTES": (100 * 1024, 100 * 1024**2),
    "FORM_FIELDS": (100, 100_000),
    "OPEN_BYTES": (200 * 1024, 100 * 1024**2),
    "OPEN_SECONDS": (1, 600),
    "DATABASE_SECONDS": (1, 600),
    "SELF_SERVICE": (0, 1),
    "LINKS_PER_HOUR": (1, 1_000_000_000),
    "BURST": (1, 1_000_000_000),
    "COUNTS_WAITING": (1, 10_000_000),
    "METRICS": (0, 1),
    "PROXIES": (0, 10),
}

# Of each other setting that can be wrong: what is allowed, and whether a value is. Empty means the default.
_RULES: Mapping[str, tuple[str, Callable[[Config], bool]]] = {
    "INSTANCE": ("a folder that can be written to", lambda c: _is_writable(c.INSTANCE)),
    "SECRET_KEY": (
        "keys of 32 characters or more, separated by commas",
        lambda c: all(len(key.strip()) >= 32 for key in c.SECRET_KEY.split(",") if key.strip()),
    ),
    "PUBLIC_URL": (
        "the address of the whole site, such as https://example.org",
        lambda c: not c.PUBLIC_URL or _is_site(c.PUBLIC_URL),
    ),
    "HOSTS": (
        "names such as example.org, without https://",
        lambda c: all(re.fullmatch(r"\.?[\w-]+(?:\.[\w-]+)*", name) for name in c.HOSTS),
    ),
    "TRANSLATIONS": ("a folder", lambda c: c.TRANSLATIONS.is_dir()),
    "LEAVE_TO": ("an address that begins with https://", lambda c: _is_address(c.LEAVE_TO, "https")),
    "BROKER_URL": (
        "the address of a Redis, such as redis://host:6379",
        lambda c: not c.BROKER_URL or _is_address(c.BROKER_URL, "redis", "rediss"),
    ),
    "DATABASE_URL": (
        "an address such as postgresql://user@host/name",
        lambda c: not c.DATABASE_URL or _is_address(c.DATABASE_URL, "sqlite", "postgresql", "postgresql+psycopg"),
    ),
    "LIMITER_URL": (
        "memory:// or an address such as redis://host:6379",
        lambda c: _is_address(c.LIMITER_URL, "memory", "redis", "rediss", "redis+unix"),
    ),
    "OPERATOR": (
        "a name of at most 200 letters, on one line",
        lambda c: len(c.OPERATOR) <= 200 and c.OPERATOR.isprintable(),
    ),
    "CONTACT": (
        "an e-mail address, or a web address that begins with https://",
        lambda c: not c.CONTACT or _is_contact(c.CONTACT),
    ),
    "REVIEWED": (
        "a delivered language, who, and the month, such as: en: Jane Doe, school counsellor, 2026-10; es: ...",
        lambda c: len(c.reviews) == len(c.REVIEWED) and {review.lang for review in c.reviews} <= {*c.LANGUAGES},
    ),
}
