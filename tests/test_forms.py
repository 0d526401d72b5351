"""The forms as values: what may be chosen and typed, and the family that a filled form describes."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from quizapp.forms import day_of, family_form, family_from, first_child, quiz_form
from quizapp.model import Band, Child, Content, Family, Paper
from tests.conftest import ANSWERS, FAMILY

TODAY = date(2026, 11, 22)
TOMORROW = date.today() + timedelta(days=1)
LANGUAGES = {"en": "English", "es": "Español"}


def filled(content: Content, changes: Mapping[str, Any]) -> Form:
    return family_form(content, LANGUAGES)(MultiDict(FAMILY | {"review": TOMORROW.isoformat()} | changes))


def family(content: Content, changes: Mapping[str, Any] | None = None, screen: str = "es") -> Family:
    return family_from(content, filled(content, changes or {}).data, TODAY, screen)


# The quiz


def test_the_quiz_asks_the_questions_of_the_content(content: Content) -> None:
    form = quiz_form(content)(MultiDict(ANSWERS))
    assert {field.name: field.label.text for field in form} == {
        question.id: question.text for question in content.questions.values()
    }
    assert form.validate()
    assert form.data == ANSWERS


@pytest.mark.parametrize("question", ANSWERS)
def test_every_offered_answer_is_accepted_and_no_other(content: Content, question: str) -> None:
    form = quiz_form(content)
    for answer in content.questions[question].answers:
        assert form(MultiDict(ANSWERS | {question: answer.id})).validate()
    for other in ("", "nonsense", content.questions[question].answers[0].id.upper() + " "):
        wrong = form(MultiDict(ANSWERS | {question: other}))
        assert not wrong.validate()
        assert list(wrong.errors) == [question]


# The family's form


def test_a_family_is_read_as_it_was_typed(content: Content) -> None:
    assert family(content, {"review": "2027-02-22"}) == Family(
        name="Rivera",
        adults=("Ana Rivera", "Tom Rivera"),
        children=(
            Child(
                name="Leo",
                band=Band.MIDDLE,
                clauses=("contact", "night", "practice", "talk"),
                blanks={"adult-one": "Mum"},
                own=("I feed the cat first",),
            ),
        ),
        country="us",
        made=TODAY,
        review=date(2027, 2, 22),
        paper=Paper.LETTER,
        language="es",
    )


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("family", 60),
        ("adults-0", 60),
        ("children-0-name", 60),
        ("children-0-blanks-night-place", 40),
        ("children-0-own-0", 120),
        ("children-0-words-talk", 120),
    ],
)
def test_a_text_may_be_as_long_as_its_place_on_the_sheet(content: Content, name: str, longest: int) -> None:
    assert filled(content, {name: "é" * longest}).validate()
    assert filled(content, {name: "  " + "e\u0301" * longest + "\t"}).validate(), "counted as it is printed"
    assert not filled(content, {name: "é" * (longest + 1)}).validate()


@pytest.mark.parametrize(("days", "accepted"), [(-1, False), (0, True), (1, True), (5 * 366, True), (1831, False)])
def test_the_day_to_look_again_lies_in_the_next_five_years(content: Content, days: int, accepted: bool) -> None:
    review = (date.today() + timedelta(days=days)).isoformat()
    assert filled(content, {"review": review}).validate() is accepted


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-02-22", date(2027, 2, 22)),
        (" 2027-02-22 ", date(2027, 2, 22)),
        ("22.2.2027", None),
        ("2027-02-30", None),
        ("٢٠٢٧-٠٢-٢٢", None),
        ("-" * 10_000, None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_as_a_browser_sends_it(typed: str | None, day: date | None) -> None:
    assert day_of(typed) == day


@pytest.mark.parametrize(("country", "paper"), [("us", Paper.LETTER), ("ca", Paper.LETTER), ("uk", Paper.A4)])
def test_the_usual_paper_is_that_of_the_country(content: Content, country: str, paper: Paper) -> None:
    assert family(content, {"country": country}).paper is paper
    assert family(content, {"country": country, "paper": "A4"}).paper is Paper.A4


def test_the_paper_may_be_in_any_language_of_the_site_each_by_its_own_name(content: Content) -> None:
    same, english, spanish, both = filled(content, {}).language.choices
    assert {choice.value: choice.label for choice in (english, spanish)} == LANGUAGES
    for choice in (same, english, spanish, both):
        assert filled(content, {"language": choice.value}).validate()


@pytest.mark.parametrize("language", ["", "fr", "EN", "es ", "<b>", "es+en", "en+", "en+en"])
def test_the_paper_is_in_no_other_language(content: Content, language: str) -> None:
    form = filled(content, {"language": language})
    assert not form.validate()
    assert list(form.errors) == ["language"]
    assert form.language.data == language


@pytest.mark.parametrize(
    ("chosen", "screen", "paper"),
    [
        ({}, "en", ("en", "")),
        ({}, "es", ("es", "")),
        ({"language": "es"}, "en", ("es", "")),
        ({"language": "en"}, "es", ("en", "")),
        ({"language": "en+es"}, "en", ("en", "es")),
        ({"language": "en+es"}, "es", ("en", "es")),
    ],
)
def test_a_paper_is_in_the_language_of_the_screen_unless_others_are_chosen(
    content: Content, chosen: Mapping[str, str], screen: str, paper: tuple[str, str]
) -> None:
    read = family(content, chosen, screen)
    assert (read.language, read.beside) == paper


def test_large_print_has_room_for_one_language(content: Content) -> None:
    form = filled(content, {"size": "large", "language": "en+es"})
    assert not form.validate()
    assert list(form.errors) == ["size"]
    assert filled(content, {"size": "large", "language": "es"}).validate()
    assert filled(content, {"size": "normal", "language": "en+es"}).validate()


def test_what_is_left_empty_is_left_out(content: Content) -> None:
    empty = {"adults-0": " ", "children-0-own-0": "\t", "children-0-blanks-adult-one": "", "family": " "}
    read = family(content, empty)
    assert read.name == ""
    assert read.adults == ("Tom Rivera",)
    assert read.children[0].own == ()
    assert read.children[0].blanks == {}


def test_lines_that_an_age_does_not_have_are_left_out(content: Content) -> None:
    chosen = family(content, {"children-0-clauses": ["night", "tell", "nonsense", "contact", "night"]})
    assert chosen.children[0].clauses == ("contact", "night")


@pytest.mark.parametrize("band", Band)
def test_a_child_begins_with_four_lines_for_its_age(content: Content, band: Band) -> None:
    form = family_form(content, LANGUAGES)(data={"children": [first_child(content, band)]})
    assert form.children[0].form.band.data == band
    assert len(form.children[0].form.clauses.data) == 4


def test_a_child_begins_with_the_lines_of_its_link(content: Content) -> None:
    assert first_child(content, Band.TEEN, ("age-true", "strangers"))["clauses"] == ["age-true", "strangers"]


def test_what_is_wrong_stays_in_its_field(content: Content) -> None:
    wrong = {"family": "x" * 200, "children-0-name": "\x07", "review": "soon"}
    form = filled(content, wrong)
    assert not form.validate()
    assert form.family.data == wrong["family"]
    assert form.children[0].form.data["name"] == wrong["children-0-name"]
    assert form.review.data == wrong["review"]
