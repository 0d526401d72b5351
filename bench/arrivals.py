"""Who comes in a rush, when, and what each one does: pure, so that the real run and the model meet the same visitors.

A newsletter goes out and is opened within the hour. How many open it at a moment follows a gamma density of shape 2:
it rises steeply, is highest after PEAK_MINUTES, and has a long tail. The hour is compressed into the seconds of a run,
and so is the time that visitors take to read and type.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp
from random import Random

HOUR = 3600
PEAK_MINUTES = 6
FINISH = 0.7
PRINT = 0.4


class Step(StrEnum):
    """What a visitor asks for, in this order."""

    LANDING = "landing page"
    QUIZ = "quiz"
    ANSWERS = "answers sent"
    RESULT = "result"
    BUILDER = "builder"
    PAPER = "paper"


QUIZ_STEPS = (Step.LANDING, Step.QUIZ, Step.ANSWERS, Step.RESULT)
# Seconds between a page and the next step, about; a redirect is followed at once.
THINKS = {Step.LANDING: 10, Step.QUIZ: 60, Step.ANSWERS: 0, Step.RESULT: 40, Step.BUILDER: 180, Step.PAPER: 0}


@dataclass(frozen=True)
class Visitor:
    """`at`: seconds after the run begins. `thinks`: seconds after each of `steps`."""

    number: int
    at: float
    steps: tuple[Step, ...]
    thinks: tuple[float, ...]
    children: int


def density(minute: float) -> float:
    """The share of all visitors that comes in one minute of the hour, around this one."""
    return minute / PEAK_MINUTES**2 * exp(-minute / PEAK_MINUTES)


def peak_to_mean() -> float:
    """How much more comes at the peak than on average over the hour."""
    return density(PEAK_MINUTES) * HOUR / 60


def moments(number: int, seconds: float, random: Random) -> list[float]:
    """When so many visitors come, in order, with the hour compressed into `seconds`."""
    found: list[float] = []
    while len(found) < number:
        minute = random.gammavariate(2, PEAK_MINUTES)
        if minute < HOUR / 60:
            found.append(minute * 60 * seconds / HOUR)
    return sorted(found)


def visitors(number: int, seconds: float, seed: int = 1, printing: bool = True) -> tuple[Visitor, ...]:
    """The same for the same seed. Without `printing` those who would print stop before the button."""
    random = Random(seed)
    return tuple(
        _visitor(who, at, seconds / HOUR, random, printing) for who, at in enumerate(moments(number, seconds, random))
    )


def _visitor(number: int, at: float, compressed: float, random: Random, printing: bool) -> Visitor:
    finishes, prints = random.random() < FINISH, random.random() < PRINT
    thinks = tuple(think * compressed * random.uniform(0.5, 1.5) for think in THINKS.values())
    children = random.choice((1, 2))
    return Visitor(number, at, _steps(finishes, prints, printing), thinks, children)


def _steps(finishes: bool, prints: bool, printing: bool) -> tuple[Step, ...]:
    if not finishes:
        return (Step.LANDING, Step.QUIZ)
    if not prints:
        return QUIZ_STEPS
    return tuple(Step) if printing else (*QUIZ_STEPS, Step.BUILDER)


def how_many(pdfs_a_second: float, seconds: float, over: float) -> int:
    """Visitors with whom, at the peak, `over` times as many PDFs are asked for as can be printed."""
    return round(over * pdfs_a_second * seconds / (peak_to_mean() * FINISH * PRINT))


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of all values does not exceed: 0.5 gives the median. 0 where there are none."""
    there = sorted(values)
    return there[min(len(there) - 1, int(part * len(there)))] if there else 0.0
