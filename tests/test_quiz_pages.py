"""The minute as a visitor meets it: ten questions in one form that keeps every answer, in every language."""

import re
from collections.abc import Mapping

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from quizapp.model import Band, Content
from quizapp.texts import texts
from tests.conftest import ANSWERS, PageClient
from tests.test_result_pages import TITLE, WORST, words

QUESTIONS = tuple(ANSWERS)


def checked(page: BeautifulSoup) -> dict[str, str]:
    """The answers that a form shows as given."""
    return {str(tag["name"]): str(tag["value"]) for tag in page.select("input[type=radio][checked]")}


def spanish(app: Flask) -> Content:
    """The content in Spanish, as it is shipped."""
    found: Content = app.extensions["quizapp"].languages["es"].content
    return found


# The form


def test_all_ten_questions_stand_in_one_form(client: PageClient, content: Content) -> None:
    fieldsets = client.get("/en/quiz").select("form[method=post] > fieldset")
    assert [words(fieldset.select_one("legend h2")) for fieldset in fieldsets] == [
        question.text for question in content.questions.values()
    ]
    assert len(fieldsets) == 10


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_offers_its_answers_to_tap_on_their_words(
    client: PageClient, content: Content, question: str
) -> None:
    labels = client.get("/en/quiz").select(f"[data-question={question}] label")
    offered = {str(label.input["value"]): words(label) for label in labels}
    assert offered == {answer.id: answer.text for answer in content.questions[question].answers}
    assert {label.input["name"] for label in labels} == {question}


def test_no_answer_is_given_for_the_visitor(client: PageClient) -> None:
    assert checked(client.get("/en/quiz")) == {}


def test_why_we_ask_stands_closed_under_each_question(client: PageClient, content: Content) -> None:
    for fieldset in client.get("/en/quiz").select("fieldset"):
        why = fieldset.select_one("details:not([open])")
        assert words(why.summary) == "Why we ask"
        assert content.questions[str(fieldset["data-question"])].why in words(why)


def test_the_quiz_works_without_script(client: PageClient) -> None:
    page = client.get("/en/quiz")
    form = page.select_one("form")
    assert form["action"] == "/en/quiz"
    buttons = [button for button in form.select("button:not([type=button])") if not button.has_attr("hidden")]
    assert [words(button) for button in buttons] == ["See what it says"]
    assert not [tag for tag in form.select("fieldset, .choices, input") if tag.has_attr("hidden")]


def test_what_only_script_can_use_stays_hidden_without_it(client: PageClient) -> None:
    form = client.get("/en/quiz").select_one("form")
    for name in ("progress", "maybe", "back", "forward", "missing"):
        assert all(tag.has_attr("hidden") for tag in form.select(f"[data-{name}]")), name


# Answers that are complete, and answers that are not


def test_a_complete_quiz_leads_to_a_result_whose_address_tells_nothing(client: PageClient) -> None:
    address = client.redirect("/en/quiz", ANSWERS)
    assert re.fullmatch(r"/en/result/[\w-]{200,300}", address)
    assert client.get(address).title.text == TITLE


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("given", [None, "", "nonsense", "<b>"])
def test_a_missing_or_unknown_answer_is_said_beside_it_and_on_top(
    client: PageClient, question: str, given: str | None
) -> None:
    others = {name: answer for name, answer in ANSWERS.items() if name != question}
    page = client.post("/en/quiz", others if given is None else others | {question: given}, 422)
    assert page.title.text.startswith("Error: ")
    assert "Choose one answer." in words(page.select_one(f"[data-question={question}] #{question}-wrong"))
    assert [link["href"] for link in page.select(".problems a")] == [f"#{question}-0"]
    assert page.select_one(f"#{question}-0")["name"] == question
    assert checked(page) == others


def test_the_summary_names_every_question_that_has_no_answer(client: PageClient, content: Content) -> None:
    page = client.post("/en/quiz", {}, 422)
    assert [words(link) for link in page.select(".problems a")] == [
        f"{question.text}: Choose one answer." for question in content.questions.values()
    ]
    assert len(page.select("fieldset .wrong:not([hidden])")) == 10


def test_a_question_without_an_answer_says_so_to_a_screen_reader(client: PageClient) -> None:
    page = client.post("/en/quiz", ANSWERS | {"night": ""}, 422)
    assert {tag["aria-describedby"] for tag in page.select("[name=night]")} == {"night-wrong"}
    assert not page.select("[name=talk][aria-describedby]")


def test_a_question_that_is_asked_again_keeps_the_words_for_the_age(client: PageClient, content: Content) -> None:
    page = client.post("/en/quiz", {"age": "4-7"}, 422)
    asked = content.questions["practice"].text_for[Band.EARLY]
    assert words(page.select_one("[data-question=practice] h2")) == asked


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(ANSWERS, id="everything answered"),
        pytest.param(WORST | {"signs": "clearly"}, id="the worst answers"),
        pytest.param({}, id="nothing else answered"),
        pytest.param({"age": "4-7"}, id="some answered"),
        pytest.param(dict.fromkeys(QUESTIONS, "nonsense"), id="nonsense"),
        pytest.param({"do": "\x00", "age": "é" * 999, "signs": "<script>"}, id="hostile"),
    ],
)
def test_someone_in_trouble_goes_to_help_whatever_else_is_answered(
    client: PageClient, others: Mapping[str, str]
) -> None:
    assert client.redirect("/en/quiz", {**others, "urgent": "yes"}) == "/en/help"


# Another language


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({}, id="none"),
        pytest.param({"age": "4-7", "night": "bedroom"}, id="some"),
        pytest.param(ANSWERS, id="all"),
        pytest.param(ANSWERS | {"urgent": "yes"}, id="a cry for help"),
    ],
)
@pytest.mark.parametrize(("there", "here"), [("en", "es"), ("es", "en")])
def test_a_change_of_language_keeps_every_answer_and_finds_no_mistake(
    client: PageClient, there: str, here: str, given: Mapping[str, str]
) -> None:
    button = client.get(f"/{there}/quiz").select_one("header button[formaction]")
    page = client.post(str(button["formaction"]), {**given, str(button["name"]): str(button["value"])})
    assert page.html["lang"] == button["lang"] == here
    assert checked(page) == given
    assert not page.select(".problems, fieldset .wrong:not([hidden])")


def test_the_questions_are_asked_in_the_language(app: Flask, client: PageClient, content: Content) -> None:
    asked = [words(heading) for heading in client.get("/es/quiz").select("fieldset legend h2")]
    assert asked == [question.text for question in spanish(app).questions.values()]
    assert not set(asked) & {question.text for question in content.questions.values()}


def test_a_quiz_in_spanish_leads_to_a_result_in_spanish(app: Flask, client: PageClient) -> None:
    page = client.get(client.redirect("/es/quiz", WORST))
    assert [words(heading) for heading in page.select("h2.headline")] == [spanish(app).quiz.levels[-1].name]


def test_a_cry_for_help_in_spanish_leads_to_help_in_spanish(client: PageClient) -> None:
    assert client.redirect("/es/quiz", {"urgent": "yes"}) == "/es/help"


# The start page


def test_the_start_page_leads_to_the_minute_and_to_the_agreement(client: PageClient) -> None:
    page = client.get("/en/")
    assert page.select_one("main a.button")["href"] == "/en/quiz"
    assert page.select_one("main a[href='/en/agreement']")


def test_no_page_before_the_result_tells_what_a_result_may_say(client: PageClient, content: Content) -> None:
    before = client.get("/en/").get_text() + client.get("/en/quiz").get_text()
    assert not [text for level in content.quiz.levels for text in texts(level) if text in before]
