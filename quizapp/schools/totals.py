"""What a school learns: how many families would like help with a habit, as an estimate with its range.

Each answer is counted as it is in three cases of four, and the other way round in the fourth (randomised response,
Warner 1965, Journal of the American Statistical Association 60, 63-69). This happens before anything is stored, so no
true answer ever is; and since the odds are known, sums can be read all the same. Whoever sees one counted answer may
change their odds about the true one by a factor of three, not more: a privacy loss of ln 3, 1.1, an answer.
docs/totals.md tells what that comes to for a batch of ten and for a whole quiz.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import ceil, floor, sqrt
from secrets import SystemRandom

from quizapp.model import Assessment

# How often an answer is counted as it is.
TRUTH = 0.75
# Quizzes are shown in closed batches of this many.
BATCH = 10
# Quizzes from which on an estimate is worth a word: its range is narrower than 60 points of 100 then.
ENOUGH = 40
# Standard deviations on each side of an estimate, for a range that holds the true number in 95 cases of 100.
_SIGMAS = 2
_dice = SystemRandom()


@dataclass(frozen=True, slots=True)
class Count:
    """One finished quiz, as it may be stored. `needs`: habit -> whether help is wanted, after the draw.

    `apart`: one of very many from one network, which are counted by themselves until the operator has looked.
    """

    school: str
    lang: str
    needs: Mapping[str, bool]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Closed batches of one habit in one language: how many quizzes, and how many of them counted as a need."""

    lang: str
    habit: str
    quizzes: int
    needs: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many of all families in a tally have a need, as shares from 0 to 1. `is_early`: the range is very wide."""

    share: float
    low: float
    high: float
    is_early: bool

    @property
    def in_ten(self) -> tuple[int, int, int]:
        """About so many of ten families, between so many and so many: a range is never rounded to a narrower one."""
        return floor(10 * self.share + 0.5), floor(10 * self.low), ceil(10 * self.high)

    @property
    def in_hundred(self) -> tuple[int, int, int]:
        return floor(100 * self.share + 0.5), floor(100 * self.low), ceil(100 * self.high)


def needs(assessment: Assessment) -> dict[str, bool]:
    """Habit -> whether the answer left a gap or was "not sure". Nothing else of a quiz is ever counted."""
    return {name: bool(lost) or name in assessment.find_out for name, lost in assessment.points.items()}


def drawn(true: Mapping[str, bool], chance: Callable[[], float] = _dice.random) -> dict[str, bool]:
    """The needs as they are counted: each is turned round in one case of four, by a draw of its own."""
    return {habit: need if chance() < TRUTH else not need for habit, need in true.items()}


def estimate(quizzes: int, counted: int) -> Estimate:
    """What the counted needs of so many quizzes tell about the true ones. Raises ZeroDivisionError for none.

    The range holds the true share in at least 95 cases of 100 whatever it is (tests/test_totals.py adds up all cases):
    the draws are all that is left to chance, so their spread is known; a half is added for the step between whole
    numbers. Before it is kept between none and all, the estimate is right on average.
    """
    scale = 2 * TRUTH - 1
    middle = (counted / quizzes - (1 - TRUTH)) / scale
    share, low, high = (min(max(one, 0.0), 1.0) for one in (middle, middle - reach(quizzes), middle + reach(quizzes)))
    return Estimate(share, low, high, quizzes < ENOUGH)


def reach(quizzes: int) -> float:
    """How far a range goes on each side of its estimate, as a share. Raises ZeroDivisionError for no quizzes."""
    return (_SIGMAS * sqrt(quizzes * TRUTH * (1 - TRUTH)) + 0.5) / quizzes / (2 * TRUTH - 1)


def together(tallies: Iterable[Tally]) -> dict[str, Tally]:
    """Habit -> its tallies of all languages in one; the language of the sum is empty."""
    found: dict[str, Tally] = {}
    for one in tallies:
        sum_ = found.get(one.habit, Tally("", one.habit, 0, 0))
        found[one.habit] = Tally("", one.habit, sum_.quizzes + one.quizzes, sum_.needs + one.needs)
    return found


def commonest_first(tallies: Iterable[Tally]) -> list[Tally]:
    """The largest share of counted needs first; of those alike, in the order given."""
    return sorted(tallies, key=lambda one: -one.needs / one.quizzes)


def finished(tallies: Iterable[Tally]) -> int:
    """Quizzes in closed batches, in all languages: a true number, in tens.

    A habit that was asked about for a shorter time has seen fewer of them, so the most of each language count.
    """
    most: dict[str, int] = {}
    for one in tallies:
        most[one.lang] = max(most.get(one.lang, 0), one.quizzes)
    return sum(most.values())
