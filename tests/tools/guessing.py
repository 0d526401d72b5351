"""The best guess about a family from what was counted, and how often it is right: added up, without any chance.

A guess is between two families, of which each is as likely as the other before anything was counted. Without counters
it is right in one case of two. tests/test_attacks.py plays the guesses; docs/totals.py prints their figures.
"""

from collections.abc import Iterable, Sequence
from math import log, prod

from quizapp.schools import totals

# How often each number of needs is counted, from none on.
Chances = Sequence[float]
# The chances of one number if the first family sent the quiz, and if the other one did.
Pair = tuple[Chances, Chances]
# Odds are told apart to one part in two hundred, and not beyond 3,000 to one: so sums of many stay short.
_STEP, _FAR = 0.005, 8.0


def counted(needs: Iterable[bool]) -> list[float]:
    """How often each number of needs is counted when these are the true ones."""
    chances = [1.0]
    for need in needs:
        up = totals.TRUTH if need else 1 - totals.TRUTH
        chances = [stay * (1 - up) + less * up for stay, less in zip([*chances, 0.0], [0.0, *chances], strict=True)]
    return chances


def batch(others: Sequence[bool]) -> Pair:
    """A batch of these and of one more, which is a need or none."""
    return counted([*others, True]), counted([*others, False])


def success(pairs: Iterable[Pair]) -> float:
    """How often the best guess between two families is right, who sees one number of each of these pairs."""
    odds = {0: (1.0, 1.0)}
    for pair in pairs:
        odds = _multiplied(odds, pair)
    return sum(max(one, other) for one, other in odds.values()) / 2


def _multiplied(odds: dict[int, tuple[float, float]], pair: Pair) -> dict[int, tuple[float, float]]:
    found: dict[int, tuple[float, float]] = {}
    for place, (one, other) in odds.items():
        for by_one, by_other in zip(*pair, strict=True):
            there = place + round(log(by_one / by_other) / _STEP)
            there = max(min(there, round(_FAR / _STEP)), -round(_FAR / _STEP))
            sum_one, sum_other = found.get(there, (0.0, 0.0))
            found[there] = sum_one + one * by_one, sum_other + other * by_other
    return found


def guess(pairs: Iterable[Pair], seen: Iterable[int], coin: float) -> bool:
    """Whether the first family is the likelier one, by the numbers that were seen; `coin` decides between equals."""
    numbers = list(zip(pairs, seen, strict=True))
    one = prod(pair[0][number] for pair, number in numbers)
    other = prod(pair[1][number] for pair, number in numbers)
    return coin < 0.5 if one == other else one > other
