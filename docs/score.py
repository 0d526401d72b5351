"""Writes docs/score.md: what the score does over every set of answers, and how far each weight moves it. `make score`.

Nothing in it is typed by hand: change a weight in questions/, and the tables follow.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # this file is run by its path, and the application is not installed

from quizapp.content import read  # noqa: E402 - found by the line above
from quizapp.model import Answer, Content, Outcome, Question  # noqa: E402 - the path to it is set above
from quizapp.scoring import AGE, SIGNS, SIGNS_FLOOR, URGENT, assess, scored, what_if  # noqa: E402 - the path to it is set above

FILE = Path(__file__).parent / "score.md"
Answers = Mapping[str, str]


def every_habit(content: Content) -> Iterator[dict[str, str]]:
    """Each set of answers about habits, with nothing else said."""
    questions = scored(content)
    for ids in product(*([answer.id for answer in question.answers] for question in questions)):
        habits = dict(zip((question.id for question in questions), ids, strict=True))
        yield habits | {AGE: "8-10", URGENT: "no", SIGNS: "no"}


def levels_of(content: Content) -> list[int]:
    """The level of each set of habits, counted from 0, in the order of `every_habit`."""
    ids = [level.id for level in content.quiz.levels]
    return [ids.index(str(assess(content, answers).level)) for answers in every_habit(content)]


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = [list(head)]
    lines += [["---"] * len(lines[0]), *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def outcomes(content: Content) -> str:
    """How many sets of all answers lead where. Age decides nothing, so each counts once for every age."""
    counted: Counter[str] = Counter()
    names = {level.id: level.name for level in content.quiz.levels}
    for answers in every_habit(content):
        for urgent, signs in product(("no", "maybe", "yes"), SIGNS_FLOOR):
            found = assess(content, {**answers, URGENT: urgent, SIGNS: signs})
            where = {Outcome.HELP: "Help at once", Outcome.CHECK_IN: "Check in with your child first"}
            counted[where.get(found.outcome) or names[str(found.level)]] += len(content.questions[AGE].answers)
    total = counted.total()
    rows = [(name, f"{count:,}", share(count, total)) for name, count in counted.most_common()]
    return table(["Outcome", "Sets of answers", "Share"], [*rows, ("Together", f"{total:,}", "")])


def levels(content: Content) -> str:
    found = Counter(levels_of(content))
    points = [level.least for level in content.quiz.levels]
    ends = [*(least - 1 for least in points[1:]), 18]
    rows = [
        (level.name, f"{points[number]} to {ends[number]}", f"{found[number]:,}", share(found[number], found.total()))
        for number, level in enumerate(content.quiz.levels)
    ]
    return table(["Level", "Points", "Sets of habits", "Share"], rows)


def weights(content: Content) -> str:
    """For each habit: how many sets of habits get another level when what it costs changes by one point."""
    usual = levels_of(content)

    def moved(question: Question, by: int) -> str:
        other = levels_of(_changed(content, question, lambda answer: _more(question, answer, by)))
        return share(sum(a != b for a, b in zip(usual, other, strict=True)), len(usual))

    def left_out(question: Question) -> str:
        other = levels_of(_changed(content, question, lambda answer: 0))
        return share(sum(a != b for a, b in zip(usual, other, strict=True)), len(usual))

    rows = [
        (
            question.habit,
            max(answer.points for answer in question.answers),
            moved(question, -1),
            moved(question, 1),
            left_out(question),
        )
        for question in scored(content)
    ]
    return table(["Habit", "At most", "One point less", "One point more", "Left out"], rows)


def _more(question: Question, answer: Answer, by: int) -> int:
    """The points of the answer that costs the most, changed; other answers keep theirs."""
    most = max(other.points for other in question.answers)
    return answer.points + by if answer.points == most else answer.points


def _changed(content: Content, question: Question, points: Callable[[Answer], int]) -> Content:
    answers = tuple(replace(answer, points=points(answer)) for answer in question.answers)
    return replace(content, questions={**content.questions, question.id: replace(question, answers=answers)})


def cuts(content: Content) -> str:
    """How many sets of habits get another level when a level begins one point earlier or later."""
    usual = levels_of(content)
    rows = []
    for number, level in list(enumerate(content.quiz.levels))[1:]:
        row: list[object] = [level.name, level.least]
        for by in (-1, 1):
            begun = replace(level, least=level.least + by)
            changed = (*content.quiz.levels[:number], begun, *content.quiz.levels[number + 1 :])
            other = levels_of(replace(content, quiz=replace(content.quiz, levels=changed)))
            row.append(share(sum(a != b for a, b in zip(usual, other, strict=True)), len(usual)))
        rows.append(row)
    return table(["Level", "Begins at", "One point earlier", "One point later"], rows)


def gap_count(content: Content) -> str:
    """A plain count of gaps (0 to 1, 2 to 4, 5 to 7) beside the points."""
    ends = (1, 4, 7)
    apart: Counter[int] = Counter()
    for answers, level in zip(every_habit(content), levels_of(content), strict=True):
        gaps = sum(1 for points in assess(content, answers).points.values() if points)
        apart[abs(level - next(number for number, end in enumerate(ends) if gaps <= end))] += 1
    rows = [(difference, f"{count:,}", share(count, apart.total())) for difference, count in sorted(apart.items())]
    return table(["Levels apart", "Sets of habits", "Share"], rows)


def changes(content: Content) -> str:
    """How many changes "What would change it" offers, by level."""
    counted: Counter[tuple[int, int]] = Counter()
    for answers, level in zip(every_habit(content), levels_of(content), strict=True):
        counted[level, len(what_if(content, answers))] += 1
    rows = [
        (content.quiz.levels[level].name, *(f"{counted[level, number]:,}" for number in (1, 2, 0)))
        for level in range(1, len(content.quiz.levels))
    ]
    return table(["Level", "One change is enough", "Two are", "Takes more"], rows)


def written(content: Content) -> str:
    return f"""# What the score does

Made by `make score` from the files in `questions/`; a test fails when it is out of date.

The weights and the cut-offs are our own judgement. These tables show what depends on them. A set of habits is one way
to answer the seven scored questions: there are {sum(1 for _ in every_habit(content)):,}. They are counted alike, as
nobody knows how many families give which.

## Where all answers lead

With age, the question about a threat, and signs. *Yes* to a threat leads to help whatever else is answered; clear signs
lead to a talk first, and no level is named.

{outcomes(content)}

## Levels, by habits alone

{levels(content)}

## How far each weight moves the level

The share of sets of habits that would get another level if the worst answer cost one point less or more, and if the
habit were not counted at all.

{weights(content)}

## How far each cut-off moves it

{cuts(content)}

## Beside a plain count of gaps

Counting gaps (0 to 1, 2 to 4, 5 to 7) in the place of points gives the same level in most cases.

{gap_count(content)}

## What would change it

How often one change of habits, or two, lead to a better level. Online friends are never offered as a change: the step
for them is a talk, not the end of a friendship.

{changes(content)}
"""


if __name__ == "__main__":
    FILE.write_text(written(read()), encoding="utf-8")
