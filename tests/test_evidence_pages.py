"""Where every point comes from: each habit, factor and source, with year and grade, in plain sight."""

from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from quizapp.model import Band, Content, Source
from quizapp.pages.site import Language
from tests.conftest import ANSWERS, PageClient

LANGUAGES = ("en", "es")
HABITS = ("promise", "contact", "talk", "strangers", "practice", "night", "age-true")
OPEN = {"contact": "anyone", "strangers": "often", "age-true": "no", "night": "bedroom", "talk": "rarely"}
RESULTS = {
    "middle": {},
    "all open": OPEN | {"promise": "not-yet", "practice": "not-yet"},
    "some open": OPEN,
    "maybe": {"urgent": "maybe"},
    "small signs": {"signs": "little"},
    "clear signs": {"signs": "clearly"},
    **{f"aged {band}": {"age": str(band)} for band in Band},
}
PATHS = ("signs", *(f"signs/{band}" for band in Band), "help", "help/us", "help/other")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@pytest.fixture(params=LANGUAGES)
def language(app: Flask, request: pytest.FixtureRequest) -> Language:
    """The content and its translations, in each language in turn."""
    found: Language = app.extensions["quizapp"].languages[request.param]
    return found


@pytest.fixture
def told(language: Language) -> Content:
    return language.content


@pytest.fixture
def page(client: PageClient, language: Language) -> BeautifulSoup:
    return client.get(f"/{language.code}/evidence")


def dated(language: Language, source: Source) -> str:
    """The year of a document; one without a date says so."""
    return str(source.year or language.translations.gettext("undated, read %(read)s") % {"read": source.read})


def finding(language: Language, name: str) -> str:
    """A factor as the page must show it."""
    factor = language.content.factors[name]
    source = language.content.sources[factor.source]
    return f"{factor.says} {factor.grade} · {source.organisation} · {dated(language, source)}"


def findings(page: BeautifulSoup, place: str) -> list[str]:
    return [words(entry) for entry in page.select(f"[id='{place}'] .findings li")]


# The habits and their weights


def test_the_habits_tested_here_are_those_that_are_scored(content: Content) -> None:
    assert content.quiz.priority == HABITS


def test_the_habits_stand_there_the_most_protective_first(page: BeautifulSoup) -> None:
    assert [section["id"] for section in page.select("#habits section")] == [*HABITS]


@pytest.mark.parametrize("name", HABITS)
def test_a_habit_shows_its_weight_answer_by_answer(page: BeautifulSoup, told: Content, name: str) -> None:
    question = told.questions[name]
    section = page.find(id=name)
    assert words(section.h3).startswith(question.habit)
    assert str(max(answer.points for answer in question.answers)) in words(section.h3.span)
    assert question.text in words(section)
    for answer in question.answers:
        assert f"{answer.text}: {answer.points}" in words(section)


@pytest.mark.parametrize("name", HABITS)
def test_a_habit_shows_what_it_rests_on_with_grade_source_and_year(
    page: BeautifulSoup, language: Language, name: str
) -> None:
    question, step = language.content.questions[name], language.content.steps[name]
    rests_on = dict.fromkeys([*question.factors, step.factor])
    assert findings(page, name) == [finding(language, factor) for factor in rests_on]


def test_what_is_asked_but_never_counted_shows_its_sources_too(page: BeautifulSoup, language: Language) -> None:
    asked = [language.content.questions[name] for name in ("urgent", "signs")]
    assert all(question.text in words(page.select_one("#not-counted")) for question in asked)
    expected = [finding(language, factor) for question in asked for factor in question.factors]
    assert findings(page, "not-counted") == expected


def test_weights_are_called_what_they_are(client: PageClient) -> None:
    assert "How much a habit counts is our own judgement." in words(client.get("/en/evidence").main)


# Findings and sources


def test_every_finding_stands_there_with_its_grade_and_can_be_linked_to(page: BeautifulSoup, told: Content) -> None:
    places = {str(tag["id"]): tag for tag in page.select("li[id]")}
    assert places.keys() == told.factors.keys()
    for name, factor in told.factors.items():
        assert words(places[name]).startswith(f"{factor.says} {factor.grade}")


def test_every_finding_stands_once_under_the_document_that_says_it(page: BeautifulSoup, told: Content) -> None:
    listed = []
    for source in {factor.source for factor in told.factors.values()}:
        entries = findings(page, f"source-{source}")
        assert entries == [
            f"{factor.says} {factor.grade}" for factor in told.factors.values() if factor.source == source
        ]
        listed += entries
    assert len(listed) == len(page.select("#sources .findings li"))


def test_every_document_shows_who_made_it_and_its_year(page: BeautifulSoup, language: Language) -> None:
    for section in page.select("#sources section"):
        source = language.content.sources[str(section["id"]).removeprefix("source-")]
        assert words(section.h3) == source.organisation
        assert words(section.p) == f"{source.document} · {dated(language, source)}"


def test_documents_stand_in_the_order_of_the_alphabet(page: BeautifulSoup) -> None:
    organisations = [words(heading).casefold() for heading in page.select("#sources section h3")]
    assert organisations == sorted(organisations)


@pytest.mark.parametrize("grade", ["A", "B", "C", "D"])
def test_every_grade_is_explained(page: BeautifulSoup, grade: str) -> None:
    grades = {words(term): words(term.find_next("dd")) for term in page.select(".grades dt")}
    assert len(grades[grade]) > 10


def test_every_study_shows_its_year_its_size_and_its_limits(page: BeautifulSoup, told: Content) -> None:
    studies = [source for source in told.sources.values() if source.study]
    shown = page.select("#studies .study")
    assert studies
    for entry, study in zip(shown, studies, strict=True):
        assert words(entry).startswith(f"{study.organisation} , {study.document}")
        assert [words(fact) for fact in entry.select("dd")] == [str(study.year), study.size, study.limits]


# What is open, and what is left out


def test_every_disagreement_shows_both_sides_and_ours(page: BeautifulSoup, told: Content) -> None:
    shown = page.select("#disagreements section")
    assert told.disagreements
    for section, point in zip(shown, told.disagreements.values(), strict=True):
        assert words(section.h3) == point.topic
        assert [words(side) for side in section.select("dd")] == [point.one, point.other, point.ours]


def test_everything_left_out_shows_with_its_reason_and_where_it_stood(page: BeautifulSoup, language: Language) -> None:
    groups = language.content.left_out.values()
    for shown, group in zip(page.select("#left-out details"), groups, strict=True):
        assert words(shown.summary) == f"{group.title} ({len(group.items)})"
        assert words(shown.p) == group.reason
        sources = [language.content.sources[item.source] for item in group.items]
        assert [words(entry) for entry in shown.select("li")] == [
            f"{item.what} {source.organisation} · {dated(language, source)}"
            for item, source in zip(group.items, sources, strict=True)
        ]


def test_nothing_left_out_is_a_finding_that_anything_rests_on(page: BeautifulSoup, told: Content) -> None:
    left_out = {item.id for group in told.left_out.values() for item in group.items}
    assert left_out
    assert not left_out & told.factors.keys()
    assert not [name for name in left_out if page.find(id=name)]


def test_the_page_says_what_the_score_is_not_and_what_is_never_asked(page: BeautifulSoup, told: Content) -> None:
    assert [words(limit) for limit in page.select("#not p")] == [*told.quiz.limits]
    assert [words(topic) for topic in page.select("#never-asked li")] == [*told.quiz.never_asked]


# The way here


def leading_here(html: str) -> Iterator[tuple[str, str]]:
    """Every link of a page to a place on a page with evidence: the page, and the place."""
    for link in BeautifulSoup(html, "html.parser").select("a[href*='/evidence#']"):
        path, place = str(link["href"]).split("#")
        yield path, place


def places(page: BeautifulSoup) -> set[str]:
    return {str(tag["id"]) for tag in page.select("[id]")}


@pytest.mark.parametrize("path", PATHS)
def test_every_link_of_signs_and_help_leads_to_a_place_there(
    client: PageClient, page: BeautifulSoup, language: Language, path: str
) -> None:
    links = [*leading_here(client.flask.get(f"/{language.code}/{path}").text)]
    assert len(links) > 5
    assert {path for path, _ in links} == {f"/{language.code}/evidence"}
    assert {place for _, place in links} <= places(page)


@pytest.mark.parametrize("answers", RESULTS.values(), ids=RESULTS)
def test_every_link_of_a_result_leads_to_a_place_there(
    client: PageClient, page: BeautifulSoup, language: Language, answers: dict[str, str]
) -> None:
    result = client.flask.post(f"/{language.code}/quiz", data=ANSWERS | answers, follow_redirects=True)
    links = [*leading_here(result.text)]
    assert set(HABITS) <= {place for _, place in links}
    assert {path for path, _ in links} == {f"/{language.code}/evidence"}
    assert {place for _, place in links} <= places(page)
