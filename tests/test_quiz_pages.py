"""The minute as a visitor meets it: ten questions in one form, and what the result says to whom."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from quizapp.model import Content
from quizapp.sealing import Seal, answers_to_text
from quizapp.texts import texts
from tests.conftest import ANSWERS, PageClient

QUESTIONS = tuple(ANSWERS)
BEST = ANSWERS | {
    "contact": "known",
    "strangers": "no",
    "age-true": "yes",
    "night": "outside",
    "talk": "weekly",
    "promise": "yes",
    "practice": "yes",
}
WORST = ANSWERS | {
    "contact": "anyone",
    "strangers": "often",
    "age-true": "no",
    "night": "bedroom",
    "talk": "rarely",
    "promise": "not-yet",
    "practice": "not-yet",
}
HABITS = tuple(name for name in BEST if BEST[name] != WORST[name])
UNSURE = {"contact": "not-sure", "strangers": "not-sure", "age-true": "not-sure", "promise": "not-sure"}
LEVELS = ("Well under way", "A few things to add", "Start with these three")
TITLE = "What your minute shows · One minute for your family"
DATED = re.compile(r" · (\d{4}|undated, read \d{4})$")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def checked(page: BeautifulSoup) -> dict[str, str]:
    """The answers that a form shows as given."""
    return {str(tag["name"]): str(tag["value"]) for tag in page.select("input[type=radio][checked]")}


def result_of(client: PageClient, answers: Mapping[str, str]) -> BeautifulSoup:
    return client.get(client.redirect("/en/quiz", answers))


@pytest.fixture
def seal(app: Flask) -> Seal:
    """What seals the links of results."""
    return app.extensions["quizapp"].result_seal


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


def test_a_question_that_is_asked_again_keeps_the_words_for_the_age(client: PageClient) -> None:
    page = client.post("/en/quiz", {"age": "4-7"}, 422)
    assert words(page.select_one("[data-question=practice] h2")) == "Have you practised saying no to secrets?"


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


# The result


def test_the_result_begins_with_what_goes_well_and_ends_with_what_it_is_not(client: PageClient) -> None:
    page = result_of(client, ANSWERS)
    parts = [page.select_one(part) for part in ("#well", ".headline", ".next", ".find", ".build", ".scored")]
    assert parts == [tag for tag in page.main.find_all(True) if any(tag is part for part in parts)]
    assert [words(heading) for heading in (page.select("h2")[0], page.select("h2")[-1])] == [
        "What already goes well",
        "What this result is not",
    ]


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        pytest.param(BEST, LEVELS[0], id="no points"),
        pytest.param(BEST | {"talk": "sometimes", "promise": "not-yet"}, LEVELS[0], id="4 points"),
        pytest.param(BEST | {"night": "bedroom", "promise": "not-yet"}, LEVELS[1], id="5 points"),
        pytest.param(BEST | {"talk": "rarely", "promise": "not-yet", "contact": "anyone"}, LEVELS[1], id="9 points"),
        pytest.param(WORST | {"promise": "yes", "contact": "known", "age-true": "yes"}, LEVELS[2], id="10 points"),
        pytest.param(WORST, LEVELS[2], id="18 points"),
    ],
)
def test_the_result_names_one_level(client: PageClient, answers: Mapping[str, str], level: str) -> None:
    assert [words(heading) for heading in result_of(client, answers).select("h2.headline")] == [level]


@pytest.mark.parametrize("changes", [BEST, WORST, {"signs": "clearly"}, {"signs": "little"}, {"urgent": "maybe"}])
def test_the_title_never_tells_the_result(client: PageClient, changes: Mapping[str, str]) -> None:
    page = result_of(client, ANSWERS | changes)
    assert page.title.text == TITLE
    assert words(page.select_one("h1")) == "What your minute shows"


@pytest.mark.parametrize("age", ["4-7", "8-10", "11-13", "14-17"])
@pytest.mark.parametrize("habit", HABITS)
def test_a_step_tells_how_long_it_takes_why_and_who_says_so(
    client: PageClient, content: Content, habit: str, age: str
) -> None:
    page = result_of(client, BEST | {"age": age, habit: WORST[habit]})
    (step,) = page.select(".next__step")
    said = next(answer.said for answer in content.questions[habit].answers if answer.id == WORST[habit])
    assert words(step.select_one(".pill")) == content.steps[habit].time
    assert f"Because you said: {said}. {content.steps[habit].reason}" in words(step)
    assert DATED.search(words(step.select_one("a.cite")))
    assert step.select_one("a.cite")["href"] == f"/en/evidence#{content.steps[habit].factor}"


@pytest.mark.parametrize("habit", sorted({*HABITS} - {"promise"}))  # a line of every agreement answers that one
def test_a_step_shows_the_line_of_the_agreement_that_goes_with_it(
    client: PageClient, content: Content, habit: str
) -> None:
    page = result_of(client, BEST | {"age": "11-13", habit: WORST[habit]})
    line = next(clause.lines["11-13"] for clause in content.clauses.values() if clause.gap == habit)
    assert f"For your agreement: “{re.sub('{.*?}', '____', line)}”" in words(page.select_one(".next__step"))


def test_at_most_three_steps_are_asked_for_the_most_protective_first(client: PageClient, content: Content) -> None:
    steps = result_of(client, WORST).select(".next__step h3")
    assert [words(step) for step in steps] == [content.steps[name].title for name in ("promise", "contact", "talk")]


def test_a_step_for_a_young_child_is_said_for_that_age(client: PageClient, content: Content) -> None:
    (step,) = result_of(client, BEST | {"age": "4-7", "practice": "not-yet"}).select(".next__step")
    assert words(step.h3) == content.steps["practice"].title_for["4-7"]
    assert content.steps["practice"].text_for["4-7"] in words(step)


def test_not_sure_becomes_something_to_find_out_together(client: PageClient, content: Content) -> None:
    found = result_of(client, BEST | UNSURE).select(".find li")
    assert {words(entry) for entry in found} == {
        f"{content.questions[name].habit}. {content.steps[name].find_out}" for name in UNSURE
    }


def test_a_sure_family_has_nothing_to_find_out(client: PageClient) -> None:
    assert not result_of(client, WORST).select(".find")


def test_without_any_gap_nothing_is_asked(client: PageClient, content: Content) -> None:
    page = result_of(client, BEST)
    assert "7 of 7 habits are already yours." in words(page.select_one("#well"))
    assert len(page.select(".well li")) == 7
    assert not page.select(".next")
    assert "Because you said" not in words(page)


def test_without_any_good_habit_the_minute_itself_is_praised(client: PageClient) -> None:
    page = result_of(client, WORST)
    assert "You took a minute to look. That matters." in words(page.select_one("#well"))
    assert not page.select(".well")


def test_one_good_habit_is_counted_in_the_singular(client: PageClient) -> None:
    page = result_of(client, WORST | {"talk": "weekly"})
    assert "1 of 7 habits is already yours." in words(page.select_one("#well"))


def test_the_picture_says_in_words_what_it_draws(client: PageClient, content: Content) -> None:
    habits = result_of(client, BEST | {"night": "varies", "talk": "rarely"}).select(".habit")
    states = {words(habit.select_one(".habit__name")): words(habit.select_one(".habit__state")) for habit in habits}
    others = {content.questions[name].habit: "yours" for name in HABITS if name not in ("night", "talk")}
    assert states == {"Nights": "on the way", "Talking": "to start"} | others
    assert all(habit.svg["aria-hidden"] == "true" for habit in habits)


@pytest.mark.parametrize(
    ("answers", "points"), [(BEST, 0), (ANSWERS, 9), (WORST, 18), (BEST | UNSURE, 7)], ids=["0", "9", "18", "7"]
)
def test_how_this_was_scored_adds_up(client: PageClient, answers: Mapping[str, str], points: int) -> None:
    *rows, together = result_of(client, answers).select(".scored tbody tr")
    counted = [[int(number) for number in words(row.select("td")[1]).split(" of ")] for row in rows]
    assert len(rows) == 7
    assert [sum(column) for column in zip(*counted, strict=True)] == [points, 18]
    assert words(together) == f"Together {points} of 18"


def test_every_point_leads_to_where_it_comes_from(client: PageClient) -> None:
    page = result_of(client, WORST)
    evidence = {tag["id"] for tag in client.get("/en/evidence").select("[id]")}
    for row in page.select(".scored tbody tr")[:-1] + page.select(".next__step"):
        cited = [str(link["href"]).removeprefix("/en/evidence#") for link in row.select("a.cite")]
        assert cited
        assert evidence.issuperset(cited)


def test_how_this_was_scored_is_closed_until_it_is_wanted(client: PageClient) -> None:
    details = result_of(client, ANSWERS).select_one("details:has(.scored)")
    assert words(details.summary) == "How this was scored"
    assert not details.has_attr("open")


def test_the_result_can_be_taken_again_for_another_child(client: PageClient) -> None:
    links = {words(link): link["href"] for link in result_of(client, ANSWERS).select("main a[href]")}
    assert links["Start again, or take the minute for another child"] == "/en/quiz"


# Signs of worry, and a doubt


def test_maybe_opens_with_three_first_steps_and_two_ways_on(client: PageClient) -> None:
    first = result_of(client, ANSWERS | {"urgent": "maybe"}).select_one("h1").find_next_sibling()
    assert len(first.select("ol > li")) == 3
    assert {words(link): link["href"] for link in first.select("a")} == {
        "Show me what to do": "/en/help",
        "Carry on": "#well",
    }


def test_without_a_doubt_there_are_no_first_steps(client: PageClient) -> None:
    assert not result_of(client, ANSWERS).select(".maybe")


@pytest.mark.parametrize("answers", [BEST, ANSWERS, WORST], ids=["no gaps", "some gaps", "all gaps"])
def test_clear_signs_bring_a_check_in_and_no_level_anywhere(client: PageClient, answers: Mapping[str, str]) -> None:
    page = result_of(client, answers | {"signs": "clearly"})
    assert [words(heading) for heading in page.select("h2.headline")] == ["Check in with your child first"]
    assert page.select_one(".check-in a")["href"] == "/en/help"
    assert not [level for level in LEVELS if level in page.get_text()]


def test_clear_signs_are_answered_before_all_else(client: PageClient) -> None:
    page = result_of(client, WORST | {"signs": "clearly"})
    assert words(page.select_one("main h2")) == "Check in with your child first"
    assert len(page.select(".check-in ~ * .next__step")) == 3


@pytest.mark.parametrize(("answers", "level"), [(BEST, LEVELS[1]), (WORST, LEVELS[2])], ids=["no gaps", "all gaps"])
def test_small_signs_bring_a_talk_and_at_least_the_middle_level(
    client: PageClient, answers: Mapping[str, str], level: str
) -> None:
    page = result_of(client, answers | {"signs": "little"})
    assert words(page.select_one("main h2")) == "One talk for this week"
    assert words(page.select_one("h2.headline")) == level


# Links that do not open


@pytest.mark.parametrize("link", ["x", "%C3%A9", "gAAAAA", "a" * 247, "a" * 5000, "%00", "..%2F..%2Fquiz"])
def test_a_link_that_is_not_ours_is_told_in_plain_words(client: PageClient, link: str) -> None:
    page = client.get(f"/en/result/{link}", 404)
    assert words(page.select_one("main h1")) in ("This link is not whole", "There is no such page")
    assert page.select_one("main a.button")["href"] in ("/en/quiz", "/en/")


@pytest.mark.parametrize("place", [20, 100, 200, 240])
def test_a_changed_link_does_not_open(client: PageClient, place: int) -> None:
    address = client.redirect("/en/quiz", ANSWERS)
    other = "A" if address[place] != "A" else "B"
    page = client.get(address[:place] + other + address[place + 1 :], 404)
    assert words(page.select_one("h1")) == "This link is not whole"
    assert page.select_one("main a.button")["href"] == "/en/quiz"


def test_a_link_cut_short_does_not_open(client: PageClient) -> None:
    page = client.get(client.redirect("/en/quiz", ANSWERS)[:-3], 404)
    assert words(page.select_one("h1")) == "This link is not whole"


@pytest.mark.parametrize(("days", "status"), [(0, 200), (29, 200), (31, 404), (3000, 404)])
def test_a_link_works_for_thirty_days_and_then_says_so_kindly(
    client: PageClient, content: Content, seal: Seal, days: int, status: int
) -> None:
    sealed_at = int((datetime.now() - timedelta(days=days)).timestamp())
    token = seal._fernet.encrypt_at_time(answers_to_text(content, ANSWERS).ljust(127).encode(), sealed_at)
    page = client.get(f"/en/result/{token.decode().rstrip('=')}", status)
    assert ("for 30 days" in words(page)) == (status == 404)
    assert page.select_one("main a[href='/en/quiz']")


def test_a_link_of_an_older_quiz_offers_the_minute_again(client: PageClient, seal: Seal) -> None:
    page = client.get(f"/en/result/{seal.close('0badc0de' + 10 * '0')}", 404)
    assert words(page.select_one("h1")) == "This link has done its time"
    assert page.select_one("main a.button")["href"] == "/en/quiz"


def test_the_link_of_a_builder_opens_no_result(client: PageClient) -> None:
    builder = result_of(client, ANSWERS).select_one("a[href^='/en/agreement/']")["href"]
    page = client.get(str(builder).replace("/agreement/", "/result/"), 404)
    assert words(page.select_one("h1")) == "This link is not whole"


def test_a_link_that_was_sealed_over_a_cry_for_help_leads_to_help(
    client: PageClient, content: Content, seal: Seal
) -> None:
    sealed = seal.close(answers_to_text(content, ANSWERS | {"urgent": "yes"}))
    assert client.redirect(f"/en/result/{sealed}") == "/en/help"


# The start page


def test_the_start_page_leads_to_the_minute_and_to_the_agreement(client: PageClient) -> None:
    page = client.get("/en/")
    assert page.select_one("main a.button")["href"] == "/en/quiz"
    assert page.select_one("main a[href='/en/agreement']")


def test_no_page_before_the_result_tells_what_a_result_may_say(client: PageClient, content: Content) -> None:
    before = client.get("/en/").get_text() + client.get("/en/quiz").get_text()
    assert not [text for level in content.quiz.levels for text in texts(level) if text in before]
