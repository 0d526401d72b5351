"""What was counted for schools, in closed batches and in the one that is open. Every method raises Unavailable."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import case, delete, false, literal, select, update

from quizapp.schools.database import Database
from quizapp.schools.tables import counts, schools
from quizapp.schools.totals import BATCH, Count, Tally


class Counters:
    """The counters of all schools of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, added: Sequence[Count]) -> None:
        """Count all of these quizzes, or none; but for those of schools that are not there, or are blocked."""
        with self._database.writing() as db:
            welcome = select(schools.c.id).where(schools.c.id.in_({one.school for one in added}), ~schools.c.blocked)
            there = set(db.execute(welcome).scalars())
            # In one order everywhere, so that two processes never wait for each other in a circle.
            for one in sorted((one for one in added if one.school in there), key=_order):
                db.execute(self._upsert, [_counted(one, habit) for habit in sorted(one.needs)])

    def totals(self, id_: str) -> list[Tally]:
        """The closed batches of a school."""
        return self._tallies(id_, apart=False)

    def bursts(self, id_: str) -> list[Tally]:
        """The closed batches that wait for the operator."""
        return self._tallies(id_, apart=True)

    def accept_bursts(self, id_: str) -> None:
        """The closed batches of bursts are counted with the others. An open one waits until it is full."""
        here, there = counts.alias(), counts.c
        closed = [here.c.closed_quizzes, here.c.closed_needs]
        moved = select(here.c.school, here.c.lang, false(), here.c.habit, literal(0), literal(0), *closed)
        waiting = moved.where(here.c.school == id_, here.c.apart, here.c.closed_quizzes > 0)
        merged = self._database.insert(counts).from_select(list(there.keys()), waiting)
        with self._database.writing() as db:
            db.execute(
                merged.on_conflict_do_update(
                    index_elements=list(counts.primary_key),
                    set_={
                        "closed_quizzes": there.closed_quizzes + merged.excluded.closed_quizzes,
                        "closed_needs": there.closed_needs + merged.excluded.closed_needs,
                    },
                )
            )
            db.execute(update(counts).where(there.school == id_, there.apart).values(closed_quizzes=0, closed_needs=0))

    def drop_bursts(self, id_: str) -> None:
        """What came in bursts is forgotten."""
        with self._database.writing() as db:
            db.execute(delete(counts).where(counts.c.school == id_, counts.c.apart))

    def _tallies(self, id_: str, apart: bool) -> list[Tally]:
        closed = select(counts).where(counts.c.school == id_, counts.c.apart == apart, counts.c.closed_quizzes > 0)
        with self._database.reading() as db:
            rows = db.execute(closed.order_by(counts.c.lang, counts.c.habit)).all()
        return [Tally(row.lang, row.habit, row.closed_quizzes, row.closed_needs) for row in rows]

    @cached_property
    def _upsert(self) -> Any:
        """Adds a quiz to the open batch of each habit, and closes the batch when it is the last one of it."""
        adding = self._database.insert(counts)
        now, new = counts.c, adding.excluded
        is_last = now.open_quizzes + new.open_quizzes >= BATCH
        return adding.on_conflict_do_update(
            index_elements=list(counts.primary_key),
            set_={
                "open_quizzes": case((is_last, 0), else_=now.open_quizzes + new.open_quizzes),
                "open_needs": case((is_last, 0), else_=now.open_needs + new.open_needs),
                "closed_quizzes": case((is_last, now.closed_quizzes + BATCH), else_=now.closed_quizzes),
                "closed_needs": case(
                    (is_last, now.closed_needs + now.open_needs + new.open_needs), else_=now.closed_needs
                ),
            },
        )


def _order(one: Count) -> tuple[str, str, bool]:
    return one.school, one.lang, one.apart


def _counted(one: Count, habit: str) -> dict[str, object]:
    """The row that a quiz would be alone."""
    return {
        "school": one.school,
        "lang": one.lang,
        "apart": one.apart,
        "habit": habit,
        "open_quizzes": 1,
        "open_needs": int(one.needs[habit]),
        "closed_quizzes": 0,
        "closed_needs": 0,
    }
