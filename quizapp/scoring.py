"""Answers -> Assessment. Pure: the same answers always give the same result, and nothing else decides it."""

from collections.abc import Mapping

from quizapp.model import Answer, Assessment, Content, Outcome, Question

MOST_STEPS = 3
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
