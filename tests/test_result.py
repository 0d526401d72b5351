"""Answers -> everything that a result shows: read back, told how to get better, and given something to say."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product

import pytest

from quizapp.model import Band, Content, Outcome, Result
from quizapp.result import aim, explain
from quizapp.scoring import assess, scored, what_if
from quizapp.signs import for_age, to_say
from tests.conftest import ANSWERS

DAY = date(2026, 11, 23)
SIGNS = ("no", "little", "clearly")


def habits(content: Content) -> Iterator[dict[str, str]]:
    """Every way to answer the questions about habits."""
    questions = scored(content)
    for given in product(*([answer.id for answer in question.answers] for question in questions)):
        yield {question.id: answer for question, answer in zip(questions, given, strict=True)}


@pytest.fixture(scope="module", params=SIGNS)
def results(request: pytest.FixtureRequest, content: Content) -> list[tuple[dict[str, str], Result]]:
    """Every outcome for a child of 11 to 13, with the answers that lead to it."""
    rest = {"age": "11-13", "urgent": "no", "signs": request.param}
    return [(rest | given, explain(content, rest | given, DAY)) for given in habits(content)]


def following(content: Content, answers: Mapping[str, str], result: Result) -> Result:
    """The result of the same family once it has made the changes that it was told."""
    return explain(content, {**answers, **{change.question: change.answer for change in result.changes}}, DAY)


@pytest.mark.parametrize("band", Band)
def test_a_result_says_what_the_answers_say(content: Content, band: Band) -> None:
    answers = ANSWERS | {"age": band.value}
    result = explain(content, answers, DAY)
    assert result.assessment == assess(content, answers)
    assert result.band is band
    assert result == explain(content, dict(answers), DAY)


def test_every_answer_is_read_back(content: Content) -> None:
    given = explain(content, ANSWERS, DAY).given
    assert {name: answer.id for name, answer in given.items()} == ANSWERS


@pytest.mark.parametrize("question", ANSWERS)
def test_a_missing_or_unknown_answer_gives_no_result(content: Content, question: str) -> None:
    missing = {name: answer for name, answer in ANSWERS.items() if name != question}
    for answers in (missing, missing | {question: "nonsense"}):
        with pytest.raises((KeyError, ValueError)):
            explain(content, answers, DAY)


def test_every_outcome_names_its_level_and_a_check_in_none(
    content: Content, results: list[tuple[dict[str, str], Result]]
) -> None:
    names = {level.id: level for level in content.quiz.levels}
    for answers, result in results:
        assert result.level == names.get(str(result.assessment.level)), answers
        assert (result.level is None) == (result.assessment.outcome is Outcome.CHECK_IN), answers


def test_whoever_makes_the_changes_reaches_the_level_that_was_promised(
    content: Content, results: list[tuple[dict[str, str], Result]]
) -> None:
    levels = list(content.quiz.levels)
    for answers, result in results:
        assert result.changes == what_if(content, answers)
        assert bool(result.better) == bool(result.changes), answers
        if result.better and result.level:
            assert following(content, answers, result).level == result.better, answers
            assert levels.index(result.better) < levels.index(result.level), answers


def test_a_change_leads_to_an_answer_that_a_family_can_aim_for(
    content: Content, results: list[tuple[dict[str, str], Result]]
) -> None:
    for answers, result in results:
        changed = [change.question for change in result.changes]
        assert len(set(changed)) == len(changed) <= 2, answers
        for change in result.changes:
            assert aim(content, change).aim
            assert aim(content, change).points < result.given[change.question].points, answers


def test_one_change_is_told_wherever_one_is_enough(
    content: Content, results: list[tuple[dict[str, str], Result]]
) -> None:
    by_answers = {tuple(answers.values()): result.assessment.level for answers, result in results}
    aims = [(q.id, answer.id) for q in scored(content) for answer in q.answers if answer.aim]
    levels = [level.id for level in content.quiz.levels]
    for answers, result in results:
        reached = [by_answers[tuple((answers | {name: answer}).values())] for name, answer in aims]
        one_is_enough = any(level and levels.index(level) < levels.index(result.level.id) for level in reached)
        assert one_is_enough == (len(result.changes) == 1), answers


def test_every_step_has_the_line_of_the_agreement_that_answers_it(
    content: Content, results: list[tuple[dict[str, str], Result]]
) -> None:
    answered = {clause.gap for clause in content.clauses.values() if clause.gap and Band.TWEEN in clause.lines}
    for answers, result in results:
        assert set(result.lines) == answered.intersection(result.assessment.steps), answers
        assert all(clause.gap == name and result.band in clause.lines for name, clause in result.lines.items())


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("signs", SIGNS)
def test_each_week_has_a_sentence_for_the_age(content: Content, band: Band, signs: str) -> None:
    answers = ANSWERS | {"age": band.value, "signs": signs}
    said = [explain(content, answers, DAY + timedelta(weeks=week)).starter for week in range(4)]
    assert set(said) <= set(for_age(content.signs["starters"], band))
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("band", Band)
def test_a_result_tells_what_to_look_out_for_at_the_age_and_what_to_say(content: Content, band: Band) -> None:
    result = explain(content, ANSWERS | {"age": band.value}, DAY)
    assert result.warning == for_age(content.signs["warning"], band) != ()
    assert result.to_say == to_say(content)


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("signs", ["little", "clearly"])
def test_signs_of_worry_bring_an_easier_sentence(content: Content, band: Band, signs: str) -> None:
    answers = ANSWERS | {"age": band.value}
    fitting = [sign.text for sign in for_age(content.signs["starters"], band)]
    days = [date(2027, 1, 4) + timedelta(weeks=week) for week in range(len(fitting))]
    hardest = {
        signs: max(fitting.index(explain(content, answers | {"signs": signs}, day).starter.text) for day in days)
        for signs in ("no", signs)
    }
    assert hardest[signs] < hardest["no"] == len(fitting) - 1
