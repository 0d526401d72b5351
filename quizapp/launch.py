"""What to do before a copy of this is opened to families: points that settings and content tell, and points that only
a person can confirm (setting CONFIRMED). Nothing here keeps a site from starting.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from quizapp.config import Config
from quizapp.content import freshness
from quizapp.model import Content

# Different letters in a key that somebody drew by chance; "change me change me change me ..." has fewer.
_LETTERS = 10

# What only a person can know, by the name that goes into CONFIRMED.
TO_CONFIRM: Mapping[str, str] = {
    "child-safety": "Somebody who works with children at risk has read the help page, the signs and the threat plan.",
    "law": "Somebody who knows the law of your country has read the privacy page, and what you add to it fits.",
    "mailbox": "The contact on the privacy page was tried, and somebody reads what comes in.",
    "tls": "The address opens with https from outside, and its certificate renews itself.",
    "logs": "No server of yours in front of this one writes down visitors' addresses or the pages they open.",
    "backup": "The database is backed up, and a backup was put back once to try it.",
    "key-copy": "A copy of the secret key lies in a safe place, apart from the backups.",
    "phones": "The minute was taken, and a PDF made, on a real iPhone and a real Android phone.",
    "screen-reader": "Somebody who uses a screen reader every day went through the quiz, the agreement and a PDF.",
    "paper": "A sheet was printed on the paper of your country, and read by a family.",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the list. `says` is true when the point is done; `todo` is what is left, else empty."""

    name: str
    says: str
    todo: str = ""


def points(config: Config, content: Content, today: date) -> list[Point]:
    """The whole list, what can be told first."""
    return [*_of_settings(config), *_of_words(config), _of_help_lines(content, today), *_of_people(config)]


def unknown(config: Config) -> list[str]:
    """Names in CONFIRMED that are no points, as after a slip of the pen."""
    return [name for name in config.CONFIRMED if name not in TO_CONFIRM]


def _of_settings(config: Config) -> Iterator[Point]:
    for name, says, todo, is_done in _TOLD:
        yield Point(name, says, "" if is_done(config) else todo)


def _of_words(config: Config) -> Iterator[Point]:
    read = {review.lang for review in config.reviews}
    for lang in config.LANGUAGES:
        todo = f"Have somebody whose language it is read all pages, and name them in QUIZAPP_REVIEWED ({lang}: ...)."
        yield Point(f"words-{lang}", f"Somebody has read the words in {lang}.", "" if lang in read else todo)


def _of_help_lines(content: Content, today: date) -> Point:
    lines = [line for country in content.countries.values() for line in country.lines]
    unsure = sum(bool(line.recheck) for line in lines)
    old = len([*freshness.getting_old(content, today), *freshness.too_old(content, today)])
    todo = f"{unsure} lines have a field to look up again, and {old} are too old. List them with: python -m quizapp"
    return Point("help-lines", "Every help line was looked up lately.", todo if unsure or old else "")


def _of_people(config: Config) -> Iterator[Point]:
    for name, says in TO_CONFIRM.items():
        yield Point(name, says, "" if name in config.CONFIRMED else f"When it is so, add {name} to QUIZAPP_CONFIRMED.")


def _is_strong(key: str) -> bool:
    return len(set(key.strip())) >= _LETTERS


def _has_machines(config: Config) -> bool:
    """More than one, as far as settings tell."""
    return bool(config.BROKER_URL) or config.LIMITER_URL != Config.LIMITER_URL


# Name, what is true when it is done, what to do, and whether it is done.
_TOLD: tuple[tuple[str, str, str, Callable[[Config], bool]], ...] = (
    (
        "operator",
        "Visitors can read who runs this site.",
        "Set QUIZAPP_OPERATOR to your name, or that of your organisation.",
        lambda config: bool(config.OPERATOR.strip()),
    ),
    (
        "contact",
        "Visitors can read where to write to.",
        "Set QUIZAPP_CONTACT to an e-mail address or the web address of a form.",
        lambda config: bool(config.CONTACT),
    ),
    (
        "address",
        "The address that people know begins with https://.",
        "Set QUIZAPP_PUBLIC_URL, such as https://example.org. It is printed on paper.",
        lambda config: config.PUBLIC_URL.startswith("https://"),
    ),
    (
        "proxies",
        "The server in front, which speaks https, is believed what it says of visitors' addresses.",
        "Set QUIZAPP_PROXIES to the number of servers in front; without it all visitors count as one network.",
        lambda config: config.PROXIES > 0,
    ),
    (
        "hosts",
        "Nobody can have pages made under another name than yours.",
        "Set QUIZAPP_HOSTS to the name of the site, such as example.org.",
        lambda config: bool(config.HOSTS),
    ),
    (
        "secret-key",
        "The key that seals links is set, and was drawn by chance.",
        'Set QUIZAPP_SECRET_KEY to what this prints: python3 -c "import secrets; print(secrets.token_urlsafe(32))"',
        lambda config: bool(config.SECRET_KEY.strip(", ")) and _is_strong(config.SECRET_KEY.split(",")[0]),
    ),
    (
        "instance",
        "What is kept lies outside of the code, where a new version does not touch it.",
        "Set QUIZAPP_INSTANCE to a folder of its own, such as /var/lib/quizapp.",
        lambda config: config.INSTANCE != Config.INSTANCE,
    ),
    (
        "database",
        "All machines count schools in one database.",
        "Set QUIZAPP_DATABASE_URL to a PostgreSQL: several machines cannot share a SQLite file.",
        lambda config: not _has_machines(config) or config.DATABASE_URL.startswith("postgresql"),
    ),
    (
        "limits",
        "All processes count together how many links a network makes.",
        "Set QUIZAPP_LIMITER_URL to a Redis: with several machines each one counts for itself.",
        lambda config: not _has_machines(config) or config.LIMITER_URL != Config.LIMITER_URL,
    ),
)
