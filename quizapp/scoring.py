"""Answers -> Assessment. Pure: the same answers always give the same result, and nothing else decides it."""

from collections.abc import Iterable, Mapping
from itertools import combinations

from quizapp.model import Answer, Assessment, Change, Content, Outcome, Question

MOST_STEPS = 3
MOST_CHANGES = 2
URGENT, SIGNS, AGE = "urgent", "signs", "age"
# The level, counted from 0, that signs lead to at the least (scoring rule 10: they are never added up).
SIGNS_FLOOR = {"no": 0, "little": 1, "clearly": 2}


def scored(content: Content) -> tuple[Question, ...]:
    """The questions about habits, most protective first."""
    return tuple(content.questions[name] for name in content.quiz.priority)


def chosen(content: Content, answers: Mapping[str, str], question: str) -> Answer:
    """The answer given to a question. Raises KeyError when there is none or the quiz has no such answer."""
    given = answers[question]
    for answer in content.questions[question].answers:
        if answer.id == given:
            return answer
    raise KeyError(given)


def is_urgent(answers: Mapping[str, str]) -> bool:
    """Help comes before the quiz, whatever else was answered or left out."""
    return answers.get(URGENT) == "yes"


def assess(content: Content, answers: Mapping[str, str]) -> Assessment:
    """Answers by question id -> what they say. Raises KeyError for a missing or unknown answer."""
    if is_urgent(answers):
        return Assessment(Outcome.HELP)
    given = {question.id: chosen(content, answers, question.id) for question in scored(content)}
    points = {name: answer.points for name, answer in given.items()}
    signs = chosen(content, answers, SIGNS).id
    level = max(_level_from(content, sum(points.values())), SIGNS_FLOOR[signs])
    gaps = sorted((name for name in points if points[name]), key=lambda name: -points[name])
    check_in = signs == "clearly"
    return Assessment(
        outcome=Outcome.CHECK_IN if check_in else Outcome.LEVEL,
        maybe=chosen(content, answers, URGENT).id == "maybe",
        signs=signs,
        points=points,
        level=None if check_in else content.quiz.levels[level].id,
        well=tuple(name for name in points if not points[name]),
        steps=tuple(gaps[:MOST_STEPS]),
        find_out=tuple(name for name in points if given[name].unsure),
    )


def _level_from(content: Content, points: int) -> int:
    """The number of the level that these points lead to, counted from 0."""
    return max(number for number, level in enumerate(content.quiz.levels) if level.least <= points)


def what_if(content: Content, answers: Mapping[str, str]) -> tuple[Change, ...]:
    """The one or two changes that reach a better level: the fewest, then those that move the fewest points.

    Empty where there are none: at the best level, where signs set the level, where no level is named, and where
    two changes are not enough. Only answers that are an `aim` are offered: nobody is told to end a friendship.
    """
    assessment = assess(content, answers)
    if assessment.level is None:
        return ()
    changes = _changes(content, assessment)
    for count in range(1, MOST_CHANGES + 1):
        reaching = [some for some in combinations(changes, count) if _reaches_more(content, answers, some)]
        if reaching:
            return min(reaching, key=lambda some: sum(changes[change] for change in some))
    return ()


def _changes(content: Content, assessment: Assessment) -> dict[Change, int]:
    """Every aim that costs fewer points than the answer given, with the points it moves, by protection."""
    return {
        Change(name, answer.id): lost - answer.points
        for name, lost in assessment.points.items()
        for answer in content.questions[name].answers
        if answer.aim and answer.points < lost
    }


def _reaches_more(content: Content, answers: Mapping[str, str], changes: Iterable[Change]) -> bool:
    """Whether these changes lead to a better level. Two answers to one question count as the second."""
    other = {change.question: change.answer for change in changes}
    levels = [level.id for level in content.quiz.levels]
    before, after = (assess(content, given).level for given in (answers, {**answers, **other}))
    return levels.index(str(after)) < levels.index(str(before))
