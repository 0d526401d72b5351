"""What was counted for schools, in closed batches and in the one that is open. Every method raises Unavailable."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
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
            for rows in _rows([one for one in added if one.school in there and one.needs]):
                db.execute(self._upsert, rows)

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
        """Adds a quiz to the open batch of each habit and closes one that is full; or adds whole batches."""
        adding = self._database.insert(counts)
        now, new = counts.c, adding.excluded
        is_last = now.open_quizzes + new.open_quizzes >= BATCH
        return adding.on_conflict_do_update(
            index_elements=list(counts.primary_key),
            set_={
                "open_quizzes": case((is_last, 0), else_=now.open_quizzes + new.open_quizzes),
                "open_needs": case((is_last, 0), else_=now.open_needs + new.open_needs),
                "closed_quizzes": now.closed_quizzes + new.closed_quizzes + case((is_last, BATCH), else_=0),
                "closed_needs": now.closed_needs
                + new.closed_needs
                + case((is_last, now.open_needs + new.open_needs), else_=0),
            },
        )


def _rows(added: Sequence[Count]) -> Iterator[list[dict[str, object]]]:
    """What to add, one step after the other: ten that came together are a batch, the others go one by one.

    In one order everywhere, so that two processes never wait for each other in a circle.
    """
    for place, group in groupby(sorted(added, key=_place), key=_place):
        some = list(group)
        whole = len(some) - len(some) % BATCH
        if whole:
            yield _step(place, some[:whole], "closed")
        for one in some[whole:]:
            yield _step(place, [one], "open")


def _place(one: Count) -> tuple[str, str, bool, tuple[str, ...]]:
    """Quizzes with other habits, as before and after a change of the questions, are never summed up."""
    return one.school, one.lang, one.apart, tuple(sorted(one.needs))


def _step(place: tuple[str, str, bool, tuple[str, ...]], some: Sequence[Count], batch: str) -> list[dict[str, object]]:
    """The rows, one a habit, that these quizzes would be alone, in a batch that is open or closed."""
    school, lang, apart, habits = place
    nothing = {f"{which}_{what}": 0 for which in ("open", "closed") for what in ("quizzes", "needs")}
    return [
        nothing
        | {"school": school, "lang": lang, "apart": apart, "habit": habit}
        | {f"{batch}_quizzes": len(some), f"{batch}_needs": sum(one.needs[habit] for one in some)}
        for habit in habits
    ]
