"""The schools and their keys. Every method raises Unavailable."""

import re
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from hmac import compare_digest
from secrets import choice, token_urlsafe
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from quizapp.model import School
from quizapp.schools.database import Database
from quizapp.schools.tables import schools

# Without vowels, so that no id is a word, and without what is read in two ways: 282 thousand million ids.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_ID_LENGTH = 8
_ID = re.compile(f"[{_LETTERS}]{{{_ID_LENGTH}}}")
# 192 bits.
_KEY_BYTES = 24


def is_id(text: str) -> bool:
    """Whether a school could have it: for what is none, no database need be asked."""
    return bool(_ID.fullmatch(text))


class Register:
    """All schools of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, name: str, town: str, languages: Sequence[str], made: date) -> tuple[School, str]:
        """A new school, and the key for its totals, which is not kept and cannot be had again."""
        key = token_urlsafe(_KEY_BYTES)
        school = School("".join(choice(_LETTERS) for _ in range(_ID_LENGTH)), name, town, tuple(languages))
        values = _row_of(school) | {"id": school.id, "key_hash": _hash(key), "made": made}
        with self._database.writing() as db:
            db.execute(insert(schools).values(values))
        return school, key

    def find(self, id_: str) -> School | None:
        with self._database.reading() as db:
            row = db.execute(select(schools).where(schools.c.id == id_)).first()
        return _school(row) if row else None

    def all(self) -> list[tuple[School, date]]:
        """Every school with the day it was made, in the order they were made."""
        with self._database.reading() as db:
            rows = db.execute(select(schools).order_by(schools.c.made, schools.c.id)).all()
        return [(_school(row), row.made) for row in rows]

    def change(self, school: School) -> None:
        """Everything about a school but its id, its key and its day."""
        with self._database.writing() as db:
            db.execute(update(schools).where(schools.c.id == school.id).values(_row_of(school)))

    def delete(self, id_: str) -> None:
        """The school and all its counters."""
        with self._database.writing() as db:
            db.execute(delete(schools).where(schools.c.id == id_))

    def new_key(self, id_: str) -> str:
        """A key in the place of a lost one, which opens nothing from now on."""
        key = token_urlsafe(_KEY_BYTES)
        with self._database.writing() as db:
            db.execute(update(schools).where(schools.c.id == id_).values(key_hash=_hash(key)))
        return key

    def is_key(self, id_: str, key: str) -> bool:
        """Compared in constant time, also where there is no such school."""
        with self._database.reading() as db:
            kept = db.execute(select(schools.c.key_hash).where(schools.c.id == id_)).scalar()
        return compare_digest(kept or "", _hash(key))


def _row_of(school: School) -> dict[str, object]:
    return {
        "name": school.name,
        "town": school.town,
        "languages": " ".join(school.languages),
        "contact": school.contact,
        "blocked": school.blocked,
    }


def _school(row: Row[Any]) -> School:
    return School(row.id, row.name, row.town, tuple(row.languages.split()), row.contact, row.blocked)


def _hash(key: str) -> str:
    """Enough for a key that nobody can guess: there is no short password behind it to try."""
    return sha256(key.encode()).hexdigest()
