"""Answers and chosen lines <-> the opaque part of a link.

A sealed part is encrypted and authenticated (Fernet, https://github.com/fernet/spec): nobody reads it in a log
or a history, and a changed one does not open. Each kind of link has keys of its own, derived from the secret
key, so that the builder's link never opens a result. What is sealed has one length, so that length tells nothing.
"""

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from time import time

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from quizapp.config import SettingsError
from quizapp.model import Band, Content

_SHORTEST_KEY = 32
_LENGTH = 127
_PADDING = b" "


class Link(StrEnum):
    """The kinds of sealed links."""

    RESULT = "result"
    AGREEMENT = "agreement"
    # No link: what goes to printing processes on other machines.
    PRINT = "print"


class Broken(Exception):
    """The sealed part is not one of ours, was changed, or belongs to another kind of link."""


class Expired(Exception):
    """The sealed part was ours, and its time is over."""


class Seal:
    """Seals and opens one kind of link. `keys`: newest first; the first seals, each of them opens."""

    def __init__(self, keys: Sequence[str], link: Link, lifetime: timedelta | None = None) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key, link)) for key in keys])
        self._lifetime = lifetime

    def close(self, text: str) -> str:
        """Text of at most 127 bytes -> the opaque part of a link. Raises ValueError when it is longer."""
        if len(text.encode()) > _LENGTH:
            raise ValueError(f"at most {_LENGTH} bytes can be sealed")
        return self._fernet.encrypt(text.encode().ljust(_LENGTH, _PADDING)).decode().rstrip("=")

    def open(self, sealed: str) -> str:
        """The text that was sealed. Raises Broken or Expired."""
        token = (sealed + "=" * (-len(sealed) % 4)).encode()
        # The decoder passes over letters that are none of base64, and over spare bits: one link, one way to write it.
        with suppress(ValueError):
            if urlsafe_b64encode(urlsafe_b64decode(token)) != token:
                raise Broken
        text = self._decrypt(token, None)
        if self._lifetime is not None:
            try:
                self._decrypt(token, int(self._lifetime.total_seconds()))
            except Broken as error:
                raise Expired from error
        return text.rstrip(_PADDING.decode())

    def _decrypt(self, token: bytes, seconds: int | None) -> str:
        try:
            return _opened(self._fernet, token, seconds).decode()
        except InvalidToken as error:
            raise Broken from error


class Box:
    """Seals what passes through other hands for a moment, whatever its length. `keys`: newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key, Link.PRINT)) for key in keys])

    def close(self, data: bytes) -> bytes:
        return self._fernet.encrypt(data)

    def open(self, closed: bytes, seconds: int) -> bytes:
        """Raises ValueError for what is not ours, was changed, or is older than that."""
        try:
            return _opened(self._fernet, closed, seconds)
        except InvalidToken as error:
            raise ValueError("not sealed by us, or too long ago") from error


def _opened(fernet: MultiFernet, token: bytes, seconds: int | None) -> bytes:
    """What was sealed at most so many seconds ago. Raises InvalidToken.

    A clock that was set back is no reason to refuse a family: what was sealed later than now is as good as new.
    """
    if seconds is None:
        return fernet.decrypt(token)
    now = max(int(time()), fernet.extract_timestamp(token))
    return fernet.decrypt_at_time(token, seconds, now)


def _derived(key: str, link: Link) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"quizapp link {link}".encode())
    return urlsafe_b64encode(derivation.derive(key.encode()))


def secret_keys(setting: str, instance: Path) -> tuple[str, ...]:
    """The keys of the setting, else the one in the instance folder, made at first start with mode 600.

    Raises SettingsError for a key too short to be secret, and for one that cannot be kept or read.
    """
    if keys := tuple(key.strip() for key in setting.split(",") if key.strip()):
        if any(len(key) < _SHORTEST_KEY for key in keys):
            raise SettingsError([f"QUIZAPP_SECRET_KEY: each key needs {_SHORTEST_KEY} characters or more"])
        return keys
    kept = instance / "secret-key"
    try:
        key = _kept_key(kept)
    except OSError as error:
        raise SettingsError([f"{kept}: cannot be made or read: {error.strerror}. Let this user own it"]) from error
    except UnicodeDecodeError:
        key = ""
    if len(key) < _SHORTEST_KEY:
        says = f"{kept}: expected a key of {_SHORTEST_KEY} characters or more, found something else (not shown)"
        raise SettingsError([f"{says}. Put the file back from a copy; without one, delete it: links made so far end"])
    return (key,)


def _kept_key(kept: Path) -> str:
    instance = kept.parent
    instance.mkdir(parents=True, exist_ok=True)
    if not kept.exists():
        descriptor, draft = mkstemp(dir=instance)  # readable by its owner alone
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(draft, kept)  # atomic: of several processes that start at once, the first one wins
        os.unlink(draft)
    return kept.read_bytes().decode().strip()


# What is sealed


def answers_to_text(content: Content, answers: Mapping[str, str], school: str = "") -> str:
    """All answers as one digit a question, after a mark of the quiz that they belong to.

    The id of a school follows for whoever came by its link.
    """
    digits = [
        str([answer.id for answer in question.answers].index(answers[question.id]))
        for question in content.questions.values()
    ]
    return f"{_mark(content)}{''.join(digits)} {school}".rstrip()


def answers_from_text(content: Content, text: str) -> dict[str, str]:
    """The answers by question id. Raises Expired when the quiz has other questions by now."""
    mark, digits = text[:8], text[8:].partition(" ")[0]
    if mark != _mark(content) or len(digits) != len(content.questions):
        raise Expired
    return {
        question.id: question.answers[int(digit)].id
        for question, digit in zip(content.questions.values(), digits, strict=True)
    }


def school_from_text(text: str) -> str:
    """The id of the school by whose link the answers came; empty for none."""
    return text.partition(" ")[2]


def _mark(content: Content) -> str:
    """Tells apart quizzes that differ in a question or an answer (in ids, not in words)."""
    shape = [(question.id, [answer.id for answer in question.answers]) for question in content.questions.values()]
    return sha256(repr(shape).encode()).hexdigest()[:8]


def choice_to_text(band: Band, clauses: Sequence[str]) -> str:
    """An age band and clause ids, sorted, nothing else."""
    return " ".join([band, *sorted(clauses)])


def choice_from_text(content: Content, text: str) -> tuple[Band, tuple[str, ...]]:
    """Raises Expired when a clause of the link is no longer there."""
    band, *clauses = text.split(" ")
    if band not in set(Band) or not set(clauses) <= set(content.clauses):
        raise Expired
    return Band(band), tuple(clauses)
