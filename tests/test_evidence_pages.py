"""Where every point comes from: each habit, factor and source, with year and grade, in plain sight."""

import pytest
from bs4 import BeautifulSoup, Tag

from quizapp.agreement import show_blanks
from quizapp.model import Content, Question
from tests.conftest import PageClient

HABITS = ("promise", "contact", "talk", "strangers", "practice", "night", "age-true")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def section(page: BeautifulSoup, title: str) -> Tag:
    return next(section for section in page.select("section") if words(section.h2) == title)


def finding(content: Content, name: str) -> str:
    """A factor as the page must show it."""
    factor = content.factors[name]
    source = content.sources[factor.source]
    dated = str(source.year) if source.year else f"undated, read {source.read}"
    return f"{factor.says} {factor.grade} · {source.organisation}, {source.document} · {dated}"


@pytest.fixture
def page(client: PageClient) -> BeautifulSoup:
    return client.get("/en/evidence")


def habit(content: Content, name: str) -> Question:
    return content.questions[name]


def test_the_habits_tested_here_are_those_that_are_scored(content: Content) -> None:
    assert content.quiz.priority == HABITS


@pytest.mark.parametrize("name", HABITS)
def test_a_habit_shows_its_weight_answer_by_answer(page: BeautifulSoup, content: Content, name: str) -> None:
    question = habit(content, name)
    shown = words(section(page, question.habit))
    assert question.text in shown
    for answer in question.answers:
        assert f"{answer.text}: {answer.points}" in shown


@pytest.mark.parametrize("name", HABITS)
def test_a_habit_shows_what_it_rests_on_with_grade_source_and_year(
    page: BeautifulSoup, content: Content, name: str
) -> None:
    shown = [words(entry) for entry in section(page, habit(content, name).habit).select("li")]
    rests_on = dict.fromkeys([*habit(content, name).factors, content.steps[name].factor])
    for factor in rests_on:
        assert finding(content, factor) in shown


def test_what_is_asked_but_never_counted_shows_its_sources_too(page: BeautifulSoup, content: Content) -> None:
    asked = section(page, "Asked, but never counted")
    for name in ("urgent", "signs"):
        assert content.questions[name].text in words(asked)
        assert all(finding(content, factor) in words(asked) for factor in content.questions[name].factors)


def test_every_line_of_the_agreement_shows_its_sources(page: BeautifulSoup, content: Content) -> None:
    shown = words(section(page, "Lines of the agreement"))
    for clause in content.clauses.values():
        assert show_blanks(clause.lines["11-13"]) in shown
        assert all(finding(content, factor) in shown for factor in clause.factors)


def test_every_factor_on_the_page_can_be_linked_to(page: BeautifulSoup, content: Content) -> None:
    places = {tag["id"] for tag in page.select("li[id]")}
    assert places
    for factor in places:
        assert words(page.find(id=factor)) == finding(content, str(factor))


@pytest.mark.parametrize("grade", ["A", "B", "C", "D"])
def test_every_grade_is_explained(page: BeautifulSoup, grade: str) -> None:
    grades = {words(term): words(term.find_next("dd")) for term in page.select(".grades dt")}
    assert len(grades[grade]) > 10


def test_weights_are_called_what_they_are(page: BeautifulSoup) -> None:
    assert "How much a habit counts is our own judgement." in words(page.main)


def test_the_page_says_what_the_score_is_not_and_what_is_never_asked(page: BeautifulSoup, content: Content) -> None:
    assert all(limit in words(section(page, "What the score is not")) for limit in content.quiz.limits)
    never = [words(topic) for topic in section(page, "What we never ask").select("li")]
    assert never == list(content.quiz.never_asked)
