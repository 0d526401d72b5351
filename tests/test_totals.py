"""What is counted of a quiz, and what a school may conclude from it: the mathematics, without any chance."""

from collections import Counter
from functools import cache
from itertools import accumulate, product
from random import Random
from secrets import SystemRandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.model import Assessment, Content, Outcome
from quizapp.schools import totals
from quizapp.schools.totals import BATCH, ENOUGH, TRUTH, Tally, drawn, estimate, needs
from quizapp.scoring import assess
from tests.conftest import ANSWERS
from tests.tools.guessing import counted

HABITS = {"promise", "contact", "talk", "strangers", "practice", "night", "age-true"}
SHOWN = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 150, 200, 300, 500, 1000]
# Float sums of a thousand terms.
NEARLY = 1e-9


# What is counted


def test_a_need_is_a_gap_or_not_sure(content: Content) -> None:
    found = needs(assess(content, ANSWERS))
    assert found == {
        "contact": True,
        "strangers": True,
        "age-true": False,
        "night": True,
        "talk": False,
        "promise": True,
        "practice": True,
    }


def test_an_answer_that_is_not_sure_is_a_need_even_if_it_cost_nothing() -> None:
    assert needs(Assessment(Outcome.LEVEL, points={"night": 0}, find_out=("night",))) == {"night": True}


def test_whoever_goes_to_help_is_not_counted(content: Content) -> None:
    assert needs(assess(content, ANSWERS | {"urgent": "yes"})) == {}


@pytest.mark.parametrize(("name", "answer"), [("signs", "clearly"), ("urgent", "maybe"), ("age", "14-17")])
def test_neither_signs_nor_urgent_answers_nor_ages_are_counted(content: Content, name: str, answer: str) -> None:
    assert needs(assess(content, ANSWERS | {name: answer})) == needs(assess(content, ANSWERS))
    assert needs(assess(content, ANSWERS)).keys() == HABITS


# The draw


@pytest.mark.parametrize("need", [True, False])
@pytest.mark.parametrize(("number", "stays"), [(0.0, True), (0.7499, True), (0.75, False), (0.9999, False)])
def test_three_numbers_of_four_leave_an_answer_as_it_is(need: bool, number: float, stays: bool) -> None:
    assert drawn({"night": need}, lambda: number) == {"night": need is stays}


def test_each_answer_has_a_draw_of_its_own() -> None:
    chance = Random(1965)
    found = Counter(tuple(drawn({"a": True, "b": True}, chance.random).values()) for _ in range(16_000))
    for kept in product([True, False], repeat=2):
        expected = 16_000 * (TRUTH if kept[0] else 1 - TRUTH) * (TRUTH if kept[1] else 1 - TRUTH)
        assert abs(found[kept] - expected) < 250


def test_the_draw_cannot_be_foreseen() -> None:
    (chance,) = drawn.__defaults__ or ()
    assert isinstance(chance.__self__, SystemRandom)


@given(st.dictionaries(st.sampled_from(sorted(HABITS)), st.booleans()), st.randoms())
def test_no_habit_comes_or_goes_by_the_draw(true: dict[str, bool], random: Random) -> None:
    assert drawn(true, random.random).keys() == true.keys()


# The estimate and its range


def unclipped(quizzes: int, needs: float) -> float:
    return (needs / quizzes - (1 - TRUTH)) / (2 * TRUTH - 1)


@pytest.mark.parametrize("quizzes", [10, 20, 50])
def test_the_estimate_is_right_on_average_before_it_is_kept_between_none_and_all(quizzes: int) -> None:
    for true in range(quizzes + 1):
        chances = counted([True] * true + [False] * (quizzes - true))
        average = sum(chance * unclipped(quizzes, number) for number, chance in enumerate(chances))
        assert average == pytest.approx(true / quizzes)


@given(st.integers(1, 2000).flatmap(lambda quizzes: st.tuples(st.just(quizzes), st.integers(0, quizzes))))
def test_an_estimate_stands_in_its_range_between_none_and_all(seen: tuple[int, int]) -> None:
    found = estimate(*seen)
    assert 0 <= found.low <= found.share <= found.high <= 1
    assert found.share == min(max(unclipped(*seen), 0), 1)


@cache
def up_to(quizzes: int, chance: float) -> list[float]:
    """How often at most so many of these quizzes are counted as a need, when each is with this chance."""
    row = [1.0]
    for _ in range(quizzes):
        row = [a * (1 - chance) + b * chance for a, b in zip([*row, 0.0], [0.0, *row], strict=True)]
    return list(accumulate(row))


def coverage(quizzes: int, true: int, shown: list[int]) -> float:
    """How often one of these numbers is counted: all cases of the draws, added up."""
    of_needs, of_others = up_to(true, TRUTH), up_to(quizzes - true, 1 - TRUTH)

    def others_up_to(number: int) -> float:
        return 0.0 if number < 0 else of_others[min(number, len(of_others) - 1)]

    return sum(
        (of_needs[number] - (of_needs[number - 1] if number else 0.0))
        * (others_up_to(shown[-1] - number) - others_up_to(shown[0] - 1 - number))
        for number in range(true + 1)
    )


@pytest.mark.parametrize("quizzes", SHOWN)
def test_a_range_holds_the_true_share_in_95_cases_of_100_whatever_it_is(quizzes: int) -> None:
    ranges = [estimate(quizzes, number) for number in range(quizzes + 1)]
    for true in range(0, quizzes + 1, 1 if quizzes <= 300 else 20):
        share = true / quizzes
        holding = [n for n, found in enumerate(ranges) if found.low - NEARLY <= share <= found.high + NEARLY]
        assert holding == [*range(holding[0], holding[-1] + 1)]
        assert coverage(quizzes, true, holding) >= 0.95


def test_cases_are_added_up_as_they_are() -> None:
    assert coverage(10, 4, [*range(11)]) == pytest.approx(1)
    assert coverage(10, 4, [3]) == pytest.approx(counted([True] * 4 + [False] * 6)[3])


def test_an_estimate_is_early_until_its_range_is_narrower_than_60_points() -> None:
    early = [quizzes for quizzes in SHOWN if estimate(quizzes, quizzes // 2).is_early]
    assert early == [quizzes for quizzes in SHOWN if 2 * totals.reach(quizzes) > 0.6]
    assert max(early) < ENOUGH == min(set(SHOWN) - set(early))


# Sums


def test_the_languages_of_a_habit_come_together() -> None:
    tallies = [Tally("en", "night", 30, 12), Tally("es", "night", 10, 9), Tally("es", "talk", 10, 3)]
    assert totals.together(tallies) == {"night": Tally("", "night", 40, 21), "talk": Tally("", "talk", 10, 3)}


def test_the_commonest_need_stands_first() -> None:
    tallies = [Tally("", "a", 20, 8), Tally("", "b", 10, 9), Tally("", "c", 10, 4)]
    assert [one.habit for one in totals.commonest_first(tallies)] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("tallies", "number"),
    [
        ([], 0),
        ([Tally("en", "night", 30, 12), Tally("en", "talk", 30, 5)], 30),
        ([Tally("en", "night", 30, 12), Tally("es", "night", 10, 5)], 40),
        ([Tally("en", "night", 30, 12), Tally("en", "new", 10, 5)], 30),
    ],
)
def test_a_quiz_is_finished_once_however_many_habits_it_has(tallies: list[Tally], number: int) -> None:
    assert totals.finished(tallies) == number
    assert number % BATCH == 0
