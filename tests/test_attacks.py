"""What an attacker learns of one family from a school's totals: named attacks, each played many times.

Every attack goes through the draw and the counters on SQLite that the application uses, and guesses between two
families as well as anyone can. Beside it stands how often that guess must be right, added up exactly. The same attack
with the draw switched off is right nearly always: so it is a real one, and the test can fail.

Each try is a language of its own in one school: languages close their batches by themselves. docs/totals.md has the
figures.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise, product
from math import sqrt
from pathlib import Path
from random import Random
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp.schools import Unavailable, totals
from quizapp.schools.counters import Counters
from quizapp.schools.counting import Counting
from quizapp.schools.database import Database, address
from quizapp.schools.register import Register
from quizapp.schools.tables import counts
from quizapp.schools.totals import BATCH, Count, Tally, drawn
from tests.tools.guessing import Pair, batch, counted, guess, success

# One quiz, as it truly is: habit -> need.
Quiz = dict[str, bool]
HABITS = ("promise", "contact", "talk", "strangers", "practice", "night", "age-true")
TRIES = 600
# What each attacker may reach, in cases of 100: the exact figures, rounded up. A coin reaches 50.
STATED = {
    "one habit of one of ten": 58,
    "the whole profile of one of ten": 70,
    "one habit in two batches": 61,
    "the whole profile in two batches": 76,
    "one habit, counters before and after": 75,
    "the whole profile, counters before and after": 93,
}


@pytest.fixture(params=[True, False], ids=["drawn", "control"])
def is_drawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether answers are drawn, as they are, or counted as they were given, for a control."""
    if not request.param:
        monkeypatch.setattr(totals, "TRUTH", 1.0)
    return bool(request.param)


class Place:
    """A school with an attacker in front of it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.counters = Counters(database)
        register = Register(database)
        self.school, self.other = (register.make(name, "", ["en"], date(2026, 11, 22))[0].id for name in "ab")
        self.chance = Random(1965)

    def send(self, lang: str, *quizzes: Quiz, apart: bool = False, school: str = "") -> None:
        """Finished quizzes, counted as the application counts them."""
        school = school or self.school
        self.counters.add([Count(school, lang, drawn(quiz, self.chance.random), apart) for quiz in quizzes])

    def seen(self, school: str = "") -> dict[str, dict[str, int]]:
        """What the page of totals tells: language -> habit -> needs."""
        found: dict[str, dict[str, int]] = {}
        for one in self.counters.totals(school or self.school):
            found.setdefault(one.lang, {})[one.habit] = one.needs
        return found

    def stolen(self) -> dict[tuple[str, str], int]:
        """What a copy of the database tells: the counters of open batches."""
        with self.database.reading() as db:
            return {(row.lang, row.habit): row.open_needs + row.closed_needs for row in db.execute(select(counts))}

    def families(self) -> dict[str, bool]:
        """A try each, with its secret: whether the family is the first one of the two."""
        return {f"t{number}": self.chance.random() < 0.5 for number in range(TRIES)}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    database = Database(address("", tmp_path))
    yield Place(database)
    database.close()


def quiz(need: bool, habits: Sequence[str] = HABITS) -> Quiz:
    return dict.fromkeys(habits, need)


def nine(needs: int, habits: Sequence[str] = HABITS) -> list[Quiz]:
    """Nine known quizzes, of which so many have every need and the others none."""
    return [quiz(number < needs, habits) for number in range(9)]


def known(needs: int) -> Pair:
    """The chances of a batch of nine such quizzes and the family's."""
    return batch([number < needs for number in range(9)])


def check(right: int, tries: int, exact: Callable[[], float], stated: int, is_drawn: bool) -> None:
    """The guesses were right as often as they must be, which is no more than stated; a control is nearly always."""
    if not is_drawn:
        assert right > 0.98 * tries
        return
    expected = exact()
    assert 100 * expected <= stated < 100 * expected + 1.5, f"{expected:.3f} of guesses are right"
    assert abs(right / tries - expected) < 3.3 * sqrt(expected * (1 - expected) / tries)


def guessed(
    place: Place, families: dict[str, bool], pairs: Sequence[Pair], seen: Callable[[str], Sequence[int]]
) -> int:
    """How many families are told from the other ones by what is seen of their tries."""
    guesses = {lang: guess(pairs, seen(lang), place.chance.random()) for lang in families}
    return sum(guesses[lang] is secret for lang, secret in families.items())


def play(place: Place, habits: Sequence[str], needs: int) -> int:
    """Nine known quizzes, then the family's: how many guesses are right."""
    families = place.families()
    for lang, secret in families.items():
        place.send(lang, *nine(needs, habits), quiz(secret, habits))
    seen = place.seen()
    pairs = [known(needs)] * len(habits)
    return guessed(place, families, pairs, lambda lang: [seen[lang][habit] for habit in habits])


# One key, one school


def test_nine_known_quizzes_and_a_wait_for_the_tenth(place: Place, is_drawn: bool) -> None:
    right = play(place, ["night"], 0)
    check(right, TRIES, lambda: success([known(0)]), STATED["one habit of one of ten"], is_drawn)


def test_nine_known_quizzes_and_the_whole_profile_of_the_tenth(place: Place, is_drawn: bool) -> None:
    right = play(place, HABITS, 0)
    check(right, TRIES, lambda: success([known(0)] * 7), STATED["the whole profile of one of ten"], is_drawn)


@pytest.mark.parametrize("needs", range(10))
def test_no_choice_of_the_nine_tells_more(needs: int) -> None:
    assert success([known(needs)]) < 0.58
    assert success([known(needs)] * 7) < 0.70


def test_no_choice_of_the_nine_habit_by_habit_tells_more() -> None:
    for first, second in product(range(5), repeat=2):
        assert success([known(first)] * 3 + [known(second)] * 4) < 0.70


def test_nine_quizzes_chosen_with_half_of_all_needs(place: Place, is_drawn: bool) -> None:
    right = play(place, HABITS, 4)
    check(right, TRIES, lambda: success([known(4)] * 7), STATED["the whole profile of one of ten"] - 1, is_drawn)


def test_nine_friends_who_told_each_other_that_the_tenth_has_all_needs_or_none(place: Place, is_drawn: bool) -> None:
    """They know all other answers, each its own, and that one of two families took part."""
    families = place.families()
    others = [{habit: place.chance.random() < 0.5 for habit in HABITS} for _ in range(9)]
    for lang, secret in families.items():
        place.send(lang, *others[:5], quiz(secret), *others[5:])
    pairs = [batch([other[habit] for other in others]) for habit in HABITS]
    seen = place.seen()
    right = guessed(place, families, pairs, lambda lang: [seen[lang][habit] for habit in HABITS])
    check(right, TRIES, lambda: success(pairs), STATED["the whole profile of one of ten"] - 1, is_drawn)


def test_totals_before_and_after_each_release(place: Place, is_drawn: bool) -> None:
    """What was counted before is subtracted; it tells no more of the family than its own batch does."""
    families = place.families()
    for lang in families:
        place.send(lang, *[quiz(place.chance.random() < 0.4) for _ in range(2 * BATCH)])
    before = place.seen()
    for lang, secret in families.items():
        place.send(lang, *nine(0), quiz(secret))
    after = place.seen()
    right = guessed(place, families, [known(0)] * 7, lambda lang: [after[lang][h] - before[lang][h] for h in HABITS])
    check(right, TRIES, lambda: success([known(0)] * 7), STATED["the whole profile of one of ten"], is_drawn)


def test_totals_polled_after_every_quiz_change_with_the_tenth_alone(place: Place) -> None:
    """That they change tells that a tenth quiz was finished, and when; not a word of its answers."""
    changes = {True: [], False: []}
    for secret in changes:
        place.send("en", quiz(False))
        seen = [place.seen()]
        for number in range(2, 3 * BATCH + 1):
            place.send("en", quiz(secret if number == BATCH else number % 3 == 0))
            seen.append(place.seen())
        changes[secret] = [number for number, (now, then) in enumerate(pairwise(seen), 2) if now != then]
        place.counters = Counters(place.database)
        place.school = place.other
    assert changes == {True: [10, 20, 30], False: [10, 20, 30]}


def test_the_only_family_of_its_language(place: Place) -> None:
    """Until ten have answered in it, a language is not there; what others answer does not bring it out."""
    for number, secret in enumerate([True, False]):
        for others in range(9):
            place.send(f"alone{number}{others}", *[quiz(secret)] * (others + 1))
    place.send("en", *[quiz(False)] * 30)
    assert place.seen().keys() == {"en"}
    assert totals.finished(place.counters.totals(place.school)) == 30


def test_a_language_or_a_habit_that_comes_later_closes_on_its_own_ten(place: Place) -> None:
    """Nine quizzes without the new habit are no cover for the tenth, so it waits for nine others that have it."""
    place.send("en", *nine(0, ["night"]), quiz(True, ["night", "new"]))
    assert place.seen()["en"].keys() == {"night"}
    place.send("en", *[quiz(True, ["night", "new"])] * 8)
    assert place.seen()["en"].keys() == {"night"}
    place.send("en", quiz(True, ["night", "new"]))
    assert {(one.habit, one.quizzes) for one in place.counters.totals(place.school)} == {("night", 10), ("new", 10)}


def test_a_new_habit_tells_no_more_of_a_family_than_an_old_one(place: Place, is_drawn: bool) -> None:
    """Batches of two habits that do not close together are two numbers with a draw each, as ever."""
    families = place.families()
    for lang, secret in families.items():
        place.send(lang, *nine(0, ["night"])[:4], *nine(0, ["night", "new"])[:5])
        place.send(lang, quiz(secret, ["night", "new"]), *nine(0, ["night", "new"])[:4])
    seen = place.seen()
    right = guessed(place, families, [known(0)] * 2, lambda lang: [seen[lang]["night"], seen[lang]["new"]])
    check(right, TRIES, lambda: success([known(0)] * 2), STATED["one habit in two batches"], is_drawn)


# Several keys, several visits


@pytest.mark.parametrize("habits", [("night",), HABITS], ids=["one habit", "the whole profile"])
def test_two_schools_that_share_their_totals_and_a_family_in_both(
    place: Place, is_drawn: bool, habits: Sequence[str]
) -> None:
    families = place.families()
    for lang, secret in families.items():
        for school in (place.school, place.other):
            place.send(lang, *nine(0, habits), quiz(secret, habits), school=school)
    both = [place.seen(place.school), place.seen(place.other)]
    pairs = [known(0)] * len(habits) * 2
    right = guessed(place, families, pairs, lambda lang: [seen[lang][habit] for seen in both for habit in habits])
    stated = STATED["one habit in two batches" if len(habits) == 1 else "the whole profile in two batches"]
    check(right, TRIES, lambda: success(pairs), stated, is_drawn)


@pytest.mark.parametrize(("visits", "stated"), [(5, 67), (10, 73)])
def test_a_family_that_comes_again_and_again(place: Place, is_drawn: bool, visits: int, stated: int) -> None:
    """Each visit is drawn anew, and stands in a batch with nine that are known: so what is learned adds up."""
    families = place.families()
    for number in range(visits):
        for lang, secret in families.items():
            place.send(f"{lang}.{number}", *nine(0, ["night"]), quiz(secret, ["night"]))
    seen = place.seen()
    pairs = [known(0)] * visits
    right = guessed(
        place, families, pairs, lambda lang: [seen[f"{lang}.{number}"]["night"] for number in range(visits)]
    )
    check(right, TRIES, lambda: success(pairs), stated, is_drawn)


# Bursts


def test_nine_from_one_network_are_no_batch_for_the_family(place: Place) -> None:
    """A flood that is counted apart waits there, and the family's batch stays open."""
    for secret in (True, False):
        place.send("en" if secret else "es", *nine(0), apart=True)
        place.send("en" if secret else "es", quiz(secret))
    assert place.seen() == {}
    place.counters.accept_bursts(place.school)
    assert place.seen() == {}


def test_a_family_in_a_burst_that_is_accepted(place: Place, is_drawn: bool) -> None:
    families = place.families()
    for lang, secret in families.items():
        place.send(lang, *nine(0, ["night"]), quiz(secret, ["night"]), apart=True)
    assert place.seen() == {}
    place.counters.accept_bursts(place.school)
    seen = place.seen()
    right = guessed(place, families, [known(0)], lambda lang: [seen[lang]["night"]])
    check(right, TRIES, lambda: success([known(0)]), STATED["one habit of one of ten"], is_drawn)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(1, 14), st.booleans()),
        st.tuples(st.sampled_from(["accept", "drop"]), st.just(0), st.just(False)),
    ),
    max_size=14,
)


@settings(deadline=None)
@given(STEPS)
def test_whatever_the_operator_does_totals_grow_by_whole_batches(
    counters_of_many: Counters, steps: list[tuple[str, int, bool]]
) -> None:
    school = Register(counters_of_many._database).make("c", "", ["en"], date(2026, 11, 22))[0].id
    for what, number, apart in steps:
        before = _quizzes(counters_of_many.totals(school))
        if what == "send":
            counters_of_many.add([Count(school, "en", {"night": True}, apart)] * number)
        elif what == "accept":
            counters_of_many.accept_bursts(school)
        else:
            counters_of_many.drop_bursts(school)
        shown = [*counters_of_many.totals(school), *counters_of_many.bursts(school)]
        assert all(one.quizzes % BATCH == 0 for one in shown)
        assert _quizzes(counters_of_many.totals(school)) >= before


def _quizzes(tallies: Sequence[Tally]) -> int:
    return sum(one.quizzes for one in tallies)


@pytest.fixture(scope="module")
def counters_of_many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counters]:
    database = Database(address("", tmp_path_factory.mktemp("many")))
    yield Counters(database)
    database.close()


# The machine itself


@pytest.mark.parametrize("habits", [("night",), HABITS], ids=["one habit", "the whole profile"])
def test_a_thief_who_copies_the_database_before_and_after_a_visit(
    place: Place, is_drawn: bool, habits: Sequence[str]
) -> None:
    """The worst case: nobody else's answers stand between. Each answer is still its own draw."""
    families = place.families()
    before = place.stolen()
    for lang, secret in families.items():
        place.send(lang, quiz(secret, habits))
    after = place.stolen()
    pairs = [(counted([True]), counted([False]))] * len(habits)
    right = guessed(place, families, pairs, lambda lang: [after[lang, h] - before.get((lang, h), 0) for h in habits])
    name = "one habit" if len(habits) == 1 else "the whole profile"
    check(right, TRIES, lambda: success(pairs), STATED[f"{name}, counters before and after"], is_drawn)


def test_the_odds_of_an_answer_change_by_three_at_most() -> None:
    """Whatever is seen: of one answer, or of any batch that it stands in."""
    for others in range(10):
        pair = batch([number < others for number in range(9)])
        alone = counted([True]), counted([False])
        for ours, theirs in [*zip(*pair, strict=True), *zip(*alone, strict=True)]:
            assert 1 / 3 - 1e-9 <= ours / theirs <= 3 + 1e-9


def test_what_waits_in_memory_is_drawn_already(is_drawn: bool) -> None:
    """While the database is away, whoever reads the memory of the process sees what the thief would see."""
    asked = Event()

    def away(_some: Sequence[Count]) -> None:
        asked.set()
        raise Unavailable

    chance, waiting = Random(1965), Counting(away, TRIES, soon=60)
    secrets = [chance.random() < 0.5 for _ in range(TRIES)]
    for secret in secrets:
        waiting.add(Count("s", "en", drawn(quiz(secret, ["night"]), chance.random)))
    assert asked.wait(30)
    guesses = [one.needs["night"] for one in waiting._waiting]
    waiting.close(30)
    right = sum(one is secret for one, secret in zip(guesses, secrets, strict=True))
    check(right, TRIES, lambda: 0.75, STATED["one habit, counters before and after"], is_drawn)
