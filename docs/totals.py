"""Writes docs/totals.md: how schools' totals are counted, and what each known attack learns. `make totals`.

Every figure is added up from the code that counts; tests/test_attacks.py plays the same attacks against it.
"""

import sys
from collections.abc import Iterable
from functools import cache
from math import log
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # this file is run by its path, and the application is not installed

from quizapp.schools.totals import BATCH, ENOUGH, TRUTH, reach  # noqa: E402 - found by the line above
from tests.tools.guessing import Pair, batch, counted, success  # noqa: E402 - found by the same line

FILE = Path(__file__).parent / "totals.md"
HABITS = 7
LOSS = log(TRUTH / (1 - TRUTH))
SHOWN = (10, 30, 70, 200, 1000)
VISITS = (5, 10)
ALONE: Pair = (counted([True]), counted([False]))


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head)]
    lines += [["---"] * len(lines[0]), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def share(part: float) -> str:
    return f"{100 * part:.1f} %"


def nine(needs: int) -> Pair:
    """A batch in which so many of nine known quizzes have a need."""
    return batch([number < needs for number in range(BATCH - 1)])


@cache
def both(needs: int, batches: int = 1) -> tuple[str, str]:
    """How often the best guess among nine such quizzes is right about one habit, and about the whole profile."""
    pairs = [nine(needs)] * batches
    return share(success(pairs)), share(success(pairs * HABITS))


def best() -> tuple[str, str]:
    """The same with the nine that tell the most."""
    every = [both(needs) for needs in range(BATCH)]
    return max(one for one, _ in every), max(whole for _, whole in every)


def attacks() -> str:
    nothing = (share(0.5), share(0.5))
    thief = (share(success([ALONE])), share(success([ALONE] * HABITS)))
    rows = [
        ("Send nine known quizzes, and wait for the tenth", *both(0)),
        ("The same, with the nine that tell the most", *best()),
        ("Nine friends who tell each other everything", *both(4)),
        ("Subtract the totals before a release from those after it", *both(0)),
        ("Ask for totals every second: they change with the tenth quiz, whatever it says", *nothing),
        ("Look for the only family of its language, before ten have answered in it", *nothing),
        ("Wait for a new habit or language, which closes on ten of its own", *both(0)),
        ("Fill the batch in a burst from one network, which is counted apart", *nothing),
        ("The family stands in such a burst, and the operator accepts it", *both(0)),
        ("Two schools put their totals together, and the family answered for both", *both(0, 2)),
        *((f"A family that answers {visits} times, each time among nine known", *both(0, visits)) for visits in VISITS),
        ("A thief copies the database right before and right after a visit", *thief),
        ("Somebody reads what waits in memory while the database is away", *thief),
    ]
    return table(["Attack", "One habit", "Whole profile"], rows)


def ranges() -> str:
    rows = [(quizzes, f"± {100 * reach(quizzes):.0f} points") for quizzes in SHOWN]
    return table(["Quizzes", "Range around an estimate"], rows)


def written() -> str:
    return f"""# What schools learn, and what nobody does

Made by `make totals` from the code that counts; a test fails when it is out of date.

## How a quiz is counted

1. A finished quiz becomes {HABITS} answers, one for each habit: the family would like help (a gap, or "not sure"),
   or not.
2. Each answer is drawn: in {TRUTH:.0%} of cases it is counted as it is, in the others the other way round. Each has a
   draw of its own, from the system's generator, before anything is stored or waits in memory. This is randomised
   response (S. L. Warner, *Journal of the American Statistical Association* 60, 1965, 63-69).
3. It is added to a counter of the school, the language and the habit. There is no row for a quiz, and no time.
4. Totals are shown in closed batches of {BATCH} quizzes. An open batch is never shown.
5. Since the odds of a draw are known, sums can be read: the share of families with a need is
   (counted needs / quizzes - {1 - TRUTH}) / {2 * TRUTH - 1}. The number of quizzes is true.

Never counted: the age, the question about a threat, signs, the level, points, which answer was given, visits to the
help page, a quiz that led to help, an address, a time, a device.

## Privacy loss

Whoever sees one drawn answer can change their odds about the true one by a factor of {TRUTH / (1 - TRUTH):.0f}. This is
a loss of ln 3 = {LOSS:.2f} an answer; for all {HABITS} of a quiz it is {HABITS * LOSS:.2f} at most, against someone
who sees the counters right before and right after. Nobody with a key does, as batches are closed. A family that answers
again is drawn again, and its losses add up.

## Attacks

How often the best guess between two families is right, when each is as likely as the other beforehand: a coin is right
in 50 %. *One habit*: does the family need help with it? *Whole profile*: does it need help with all {HABITS} habits, or
with none? No two families differ more, so any others are harder to tell apart. The attacker knows all other answers of
a batch. `tests/test_attacks.py` plays each attack against the draw and the database, and once more without the draw,
where it succeeds.

{attacks()}

Read honestly: among ten, a key holder who knows all other answers learns next to nothing of one habit. Between the two
families that differ the most, the guess is right in seven cases of ten in the place of five. Who answers again and
again can be told in the end, and so can a family whose visit a thief inside the machine watches. Totals that change
also tell that a tenth quiz was finished, and when.

## How wide a range is

It holds the true share in at least 95 cases of 100, whatever that share is; tests add up every case. From {ENOUGH}
quizzes on it is narrower than 60 points, and the page puts it into words; before, it says that it is too early to tell.

{ranges()}

The range is about the families who answered, not about all families of a school.
"""


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
