"""Answers -> everything that a result shows. Pure; the words and the ids come from `Content`."""

from collections.abc import Mapping
from datetime import date

from quizapp.agreement import answering, choosable
from quizapp.model import Answer, Assessment, Band, Change, Clause, Content, Level, Result
from quizapp.scoring import AGE, assess, chosen, what_if
from quizapp.signs import for_age, starter, to_say


def explain(content: Content, answers: Mapping[str, str], day: date) -> Result:
    """The result of a whole set of answers, seen on a day. Raises KeyError for a missing or unknown answer."""
    assessment = assess(content, answers)
    band = Band(answers[AGE])
    changes = what_if(content, answers)
    return Result(
        band=band,
        assessment=assessment,
        given={name: chosen(content, answers, name) for name in content.questions},
        level=_level(content, assessment),
        better=_level(content, assess(content, _after(answers, changes))) if changes else None,
        changes=changes,
        starter=starter(content, band, day, softly=assessment.signs != "no"),
        warning=for_age(content.signs["warning"], band),
        to_say=to_say(content),
        lines=_lines(content, assessment, band),
    )


def aim(content: Content, change: Change) -> Answer:
    """The answer that a change leads to."""
    return chosen(content, {change.question: change.answer}, change.question)


def _after(answers: Mapping[str, str], changes: tuple[Change, ...]) -> Mapping[str, str]:
    return {**answers, **{change.question: change.answer for change in changes}}


def _level(content: Content, assessment: Assessment) -> Level | None:
    return next((level for level in content.quiz.levels if level.id == assessment.level), None)


def _lines(content: Content, assessment: Assessment, band: Band) -> dict[str, Clause]:
    by_gap = answering(choosable(content, band))
    return {name: by_gap[name] for name in assessment.steps if name in by_gap}
