"""The builder and the agreement on screen: one form that does everything, and never loses what was typed."""

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_date
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pypdf import PdfReader
from werkzeug import formparser

from quizapp import letters
from quizapp.agreement import choosable, filled_in, suggest
from quizapp.forms import family_form
from quizapp.model import Band, Content
from quizapp.printing import Busy, Failed, Overdue, savefile
from quizapp.signs import starter
from quizapp.texts import texts
from tests.conftest import ANSWERS, FAMILY, REVIEW, PageClient, check_response
from tests.test_savefile import OLD_FAMILY, OLD_FILE
from tests.tools import files
from tests.tools.family_file import family_file

Typed = dict[str, list[str]]

# What may be typed for a child of 8 to 10, and what for a family.
OF_CHILD = (
    "name",
    "blanks-adult-one",
    "blanks-adult-two",
    "blanks-night-time",
    "blanks-night-place",
    "blanks-talk-when",
    "blanks-outside-one",
    "blanks-outside-two",
    "words-contact",
    "words-talk",
    "own-0",
    "own-1",
    "own-2",
)
OF_FAMILY = ("family", "adults-0", "adults-1", "review")
# As a browser keeps them: no text field holds the end of a line, and no page holds the character null.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0")
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# For each of several buttons, which all lead to the same form: together they are more than many.
EACH = settings(MANY, max_examples=25)


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def fields(page: BeautifulSoup) -> Typed:
    """What a browser sends of the form on a page, whatever button is pressed."""
    found: Typed = {}
    for tag in page.select("main form [name]:not(button):not(select), main form option[selected]"):
        if tag.get("type") not in ("checkbox", "radio") or tag.has_attr("checked"):
            name = tag["name"] if tag.name == "input" else tag.find_parent("select")["name"]
            found.setdefault(str(name), []).append(str(tag.get("value", "")))
    return found


def sent(page: BeautifulSoup) -> Typed:
    """The same without the fields that are empty."""
    return typed(fields(page))


def typed(data: Mapping[str, Any]) -> Typed:
    """What was filled in of a form that was posted."""
    as_lists = {name: sorted(value) if isinstance(value, list) else [value] for name, value in data.items()}
    return {name: values for name, values in as_lists.items() if name != "do" and any(values)}


def child(number: int, name: str) -> dict[str, Any]:
    """A child of 8 to 10 as a browser posts it, with something of its own in every kind of field."""
    own = dict.fromkeys(OF_CHILD, "") | {
        "name": name,
        "band": "8-10",
        "clauses": ["contact", "talk"],
        "blanks-adult-one": f"{name}’s adult",
        "words-talk": f"{name} talks",
        "own-0": f"{name}’s rule",
    }
    return {f"children-{number}-{part}": value for part, value in own.items()}


def family(*names: str) -> dict[str, Any]:
    """A family with children of these names and nothing wrong."""
    shared = {name: value for name, value in FAMILY.items() if not name.startswith("children")}
    return shared | {part: value for number, name in enumerate(names) for part, value in child(number, name).items()}


def messages(page: BeautifulSoup) -> list[str]:
    """What the summary of problems says, each with the place that it leads to."""
    return [f"{link['href']} {words(link)}" for link in page.select(".problems a")]


def builder_of(client: PageClient, answers: Mapping[str, str]) -> str:
    """The address of the builder that a result leads to."""
    result = client.get(client.redirect("/en/quiz", answers))
    return str(result.select_one("a[href^='/en/agreement/']")["href"])


@dataclass
class StubPrinter:
    """Prints nothing: keeps what it was given, or fails as a printer may."""

    failure: Exception | None = None
    printed: list[str] = field(default_factory=list)
    # What the papers were to carry.
    saved: list[bytes] = field(default_factory=list)

    def run(self, html: str, saved: bytes = b"") -> bytes:
        self.printed.append(html)
        self.saved.append(saved)
        if self.failure:
            raise self.failure
        return b"%PDF-1.7"


def put_in(app: Flask, printer: StubPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "quizapp", replace(app.extensions["quizapp"], printer=printer, blanks={}))


@pytest.fixture
def printer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> StubPrinter:
    """A printer that keeps what it was given to print."""
    stub = StubPrinter()
    put_in(app, stub, monkeypatch)
    return stub


@pytest.fixture(params=[Busy(), Failed("it died twice")], ids=["busy", "broken"])
def failing_printer(app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    put_in(app, StubPrinter(request.param), monkeypatch)


# The builder, empty and from a result


def test_a_family_may_begin_without_the_quiz(client: PageClient) -> None:
    page = client.get("/en/agreement")
    assert sent(page) == {
        "children-0-band": ["8-10"],
        "children-0-clauses": ["contact", "night", "practice", "talk"],
        "review": [(date.today() + timedelta(days=91)).isoformat()],
        "paper": ["usual"],
        "size": ["normal"],
        "ink": ["colour"],
        "language": ["same"],
    }


def test_no_country_is_guessed(client: PageClient, content: Content) -> None:
    options = client.get("/en/agreement", headers={"Accept-Language": "en-US"}).select("#country option")
    assert [option["value"] for option in options] == ["", *content.countries]
    assert words(options[0]) == "Choose a country"


def test_two_grown_ups_may_sign_and_three_lines_may_be_written(client: PageClient) -> None:
    names = {str(tag["name"]) for tag in client.get("/en/agreement").select("input[name]")}
    assert {"adults-0", "adults-1", "children-0-own-0", "children-0-own-1", "children-0-own-2"} <= names
    assert not {"adults-2", "children-0-own-3", "children-1-name"} & names


def test_every_field_of_the_builder_has_a_label(client: PageClient) -> None:
    page = client.get("/en/agreement")
    for tag in page.select("input, select"):
        label = page.select_one(f"label[for='{tag['id']}']") or tag.find_parent("label")
        assert label, tag["name"]
        assert words(label), tag["name"]


def test_the_five_lines_of_every_agreement_need_no_choice(client: PageClient, content: Content) -> None:
    page = client.get("/en/agreement")
    core = [clause for clause in content.clauses.values() if clause.core]
    lines = page.select(".child > .lines > li > span:last-of-type")
    assert [words(line) for line in lines] == [re.sub("{.*?}", "____", clause.lines["8-10"]) for clause in core]
    assert not page.select(".child > .lines input[type=checkbox]")


@pytest.mark.parametrize("band", Band)
def test_the_builder_of_a_result_opens_with_the_suggested_lines(
    client: PageClient, content: Content, band: Band
) -> None:
    page = client.get(builder_of(client, ANSWERS | {"age": band, "strangers": "often", "talk": "rarely"}))
    lost = {"promise": 2, "contact": 3, "talk": 3, "strangers": 3, "practice": 2, "night": 1}
    assert set(sent(page)["children-0-clauses"]) == set(suggest(content, band, lost))
    assert "strangers" in sent(page)["children-0-clauses"]
    assert sent(page)["children-0-band"] == [band]


@pytest.mark.parametrize("changes", [{}, {"signs": "clearly"}, {"signs": "little"}, {"urgent": "maybe"}])
def test_the_builder_tells_nothing_of_the_result_that_led_to_it(
    client: PageClient, content: Content, changes: Mapping[str, str]
) -> None:
    shown = client.flask.get(builder_of(client, ANSWERS | changes)).text
    told = [text for level in content.quiz.levels for text in texts(level)]
    told += [text for step in content.steps.values() for text in (step.title, step.reason, step.text)]
    told += [answer.said for question in content.questions.values() for answer in question.answers if answer.said]
    told += [question.text for question in content.questions.values()]
    assert not [text for text in told if text in shown]
    assert not re.search(r"because you said|\bpoints\b|\bscore|/result", shown, re.IGNORECASE)


def test_two_results_that_suggest_the_same_lines_lead_to_the_same_page(client: PageClient) -> None:
    calm = ANSWERS | {"contact": "known", "strangers": "no", "promise": "yes", "practice": "yes", "night": "outside"}
    worried = calm | {"talk": "rarely", "promise": "not-yet", "signs": "clearly", "urgent": "maybe"}
    pages = [client.flask.get(builder_of(client, answers)).text for answers in (calm, worried)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("link", ["x", "%C3%A9", "gAAAAA", "a" * 247, "a" * 5000])
def test_a_builder_link_that_is_not_ours_is_told_in_plain_words(client: PageClient, link: str) -> None:
    page = client.get(f"/en/agreement/{link}", 404)
    assert words(page.select_one("h1")) == "This link is not whole"
    assert page.select_one("main a.button")["href"] == "/en/agreement"


def test_the_link_of_a_result_opens_no_builder(client: PageClient) -> None:
    result = client.redirect("/en/quiz", ANSWERS)
    page = client.get(result.replace("/result/", "/agreement/"), 404)
    assert words(page.select_one("h1")) == "This link is not whole"


def test_a_builder_link_that_has_done_its_time_opens_the_usual_builder(app: Flask, client: PageClient) -> None:
    long_ago = int((datetime.now() - timedelta(days=31)).timestamp())
    seal = app.extensions["quizapp"].agreement_seal
    token = seal._fernet.encrypt_at_time(b"14-17 strangers".ljust(127), long_ago)
    assert sent(client.get(f"/en/agreement/{token.decode().rstrip('=')}")) == sent(client.get("/en/agreement"))


# Children and grown-ups come and go


def test_a_child_can_be_added_up_to_six(client: PageClient) -> None:
    posted = family("Leo")
    for number in range(1, 6):
        added = sent(client.post("/en/agreement", posted | {"do": "child"}))
        assert added.pop(f"children-{number}-band") == ["8-10"]
        assert added.pop(f"children-{number}-clauses") == ["contact", "night", "practice", "talk"]
        assert added == typed(posted)
        posted |= child(number, f"Child{number}")


def test_there_is_no_seventh_child(client: PageClient) -> None:
    six = family("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn")
    page = client.post("/en/agreement", six | {"do": "child"})
    assert sent(page) == typed(six)
    assert not page.select("button[value=child]")


@pytest.mark.parametrize("number", range(1, 7))
def test_taking_a_child_out_leaves_the_others_as_they_were(client: PageClient, number: int) -> None:
    names = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn"]
    page = client.post("/en/agreement", family(*names) | {"do": f"remove-{number}"})
    assert sent(page) == typed(family(*names[: number - 1], *names[number:]))


def test_the_button_that_takes_a_child_out_names_it(client: PageClient) -> None:
    page = client.post("/en/agreement", family("Ada", "Ben") | {"do": "update"})
    buttons = {button["value"]: words(button) for button in page.select("button[value^=remove]")}
    assert buttons == {"remove-1": "Take Ada’s page out", "remove-2": "Take Ben’s page out"}


def test_the_last_child_cannot_be_taken_out(client: PageClient) -> None:
    page = client.post("/en/agreement", FAMILY | {"do": "remove-1"})
    assert sent(page) == typed(FAMILY)
    assert not page.select("button[value^=remove]")


def test_a_grown_up_can_be_added_up_to_four(client: PageClient) -> None:
    page = client.post("/en/agreement", FAMILY | {"do": "adult"})
    assert page.select_one("input[name=adults-2]")
    four = FAMILY | {"adults-2": "Jo", "adults-3": "Kim"}
    page = client.post("/en/agreement", four | {"do": "adult"})
    assert sent(page) == typed(four)
    assert not page.select("input[name=adults-4], button[value=adult]")


@pytest.mark.parametrize("band", Band)
def test_another_age_brings_its_own_wording(client: PageClient, content: Content, band: Band) -> None:
    page = client.post("/en/agreement", FAMILY | {"children-0-band": band, "do": "update"})
    lines = page.select(".agree-line:not([hidden]) > span:last-of-type, .agree-line:not([hidden]) .toggle__text")
    fitting = [clause.lines[band] for clause in content.clauses.values() if band in clause.lines]
    assert {words(line) for line in lines} == {re.sub("{.*?}", "____", line) for line in fitting}
    assert sent(page)["children-0-clauses"] == FAMILY["children-0-clauses"] or band != "8-10"


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("name", ["night-time", "night-place", "talk-when", "my-no", "adult-one", "outside-two"])
def test_what_another_age_does_not_ask_for_is_not_lost(client: PageClient, band: Band, name: str) -> None:
    filled = FAMILY | {"children-0-band": band, f"children-0-blanks-{name}": "as we typed it"}
    assert sent(client.post("/en/agreement", filled | {"do": "update"})) == typed(filled)


def test_a_line_may_be_said_in_our_own_words(client: PageClient) -> None:
    ours = lines_on_paper(client, FAMILY)
    theirs = lines_on_paper(client, FAMILY | {"children-0-words-night": "Phones sleep in the hall"})
    assert [line for line in theirs if line not in ours] == ["Phones sleep in the hall"]
    assert len(theirs) == len(ours)


def test_own_words_that_were_typed_stand_open(client: PageClient) -> None:
    page = client.post("/en/agreement", FAMILY | {"children-0-words-night": "Phones sleep", "do": "update"})
    assert [words(details.label) for details in page.select("details[open]")] == ["Our words for this line"]
    assert page.select_one("details[open] input")["name"] == "children-0-words-night"


# Nothing that was typed is lost


@pytest.fixture
def flask(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """For many forms in a row, with a printer that is always busy."""
    put_in(app, StubPrinter(Busy()), monkeypatch)
    return app.test_client()


def families(letters: st.SearchStrategy[str] = LETTERS, most: int = 200) -> st.SearchStrategy[dict[str, str]]:
    """Any text in all fields of three children and their family."""
    names = [*OF_FAMILY, *(f"children-{number}-{name}" for number in range(3) for name in OF_CHILD)]
    return st.fixed_dictionaries({}, optional={name: st.text(letters, max_size=most) for name in names})


@EACH
@given(texts=families())
@pytest.mark.parametrize(
    "do", ["update", "child", "adult", "page", "pdf", "remove-9", "nonsense", "swap-1-contact", "swap-3-talk"]
)
def test_no_button_loses_a_letter_that_was_typed(flask: FlaskClient, do: str, texts: dict[str, str]) -> None:
    posted = family("Ada", "Ben", "Cleo") | texts
    response = flask.post("/en/agreement", data=posted | {"do": do})
    found = sent(BeautifulSoup(response.text, "html.parser"))
    assert response.status_code in (200, 422, 503)
    assert {name: found.get(name, [""]) for name in texts} == {name: [text] for name, text in texts.items()}


@EACH
@given(texts=families(st.sampled_from("aZ é‘“ß<&>\"'%s{}=+ش🦄"), most=40))
@pytest.mark.parametrize(("do", "status"), [("page", 200), ("pdf", 503), ("pdf-2", 503)])
def test_an_agreement_loses_no_letter_either(flask: FlaskClient, do: str, status: int, texts: dict[str, str]) -> None:
    named = {f"children-{number}-name": "x" + texts.get(f"children-{number}-name", "") for number in range(3)}
    posted = family("Ada", "Ben", "Cleo") | texts | named | {"review": FAMILY["review"]}
    response = flask.post("/en/agreement", data=posted | {"do": do})
    assert response.status_code == status
    assert sent(BeautifulSoup(response.text, "html.parser")) == typed(posted)


@MANY
@given(texts=families(), number=st.integers(1, 3))
def test_taking_a_child_out_loses_no_letter_of_the_others(
    flask: FlaskClient, texts: dict[str, str], number: int
) -> None:
    posted = family("Ada", "Ben", "Cleo") | texts
    response = flask.post("/en/agreement", data=posted | {"do": f"remove-{number}"})
    left = [index for index in range(3) if index != number - 1]
    expected = {
        name.replace(f"children-{index}", f"children-{left.index(index)}"): value
        for name, value in typed(posted).items()
        for index in [int(name.split("-")[1]) if name.startswith("children") else left[0]]
        if index in left
    }
    assert sent(BeautifulSoup(response.text, "html.parser")) == expected


@MANY
@given(texts=families(most=20))
def test_a_form_sent_on_from_the_agreement_opens_the_builder_as_it_was(
    flask: FlaskClient, texts: dict[str, str]
) -> None:
    posted = family("Ada", "Ben", "Cleo") | texts
    shown = flask.post("/en/agreement", data=posted | {"do": "page"})
    again = fields(BeautifulSoup(shown.text, "html.parser"))
    builder = flask.post("/en/agreement", data=again | {"do": "update"})
    assert sent(BeautifulSoup(builder.text, "html.parser")) == typed(posted)


# What may not be typed is said beside the field, and above


def list_of(name: str, count: int) -> dict[str, str]:
    return {f"{name}-{number}": f"Entry {number}" for number in range(count)}


TOO_LONG = "Use at most {} letters. There are {} now."
SOON = "Choose a day between today and 5 years from now."
WRONG = [
    pytest.param("children-0-name", "", "Type a name for the sheet. We do not keep it.", id="no name"),
    pytest.param("children-0-name", "\u200d", "Type a name for the sheet. We do not keep it.", id="an unseen name"),
    pytest.param("children-0-name", " \t ", "Type a name for the sheet. We do not keep it.", id="a blank name"),
    pytest.param("children-0-name", "x" * 200, TOO_LONG.format(60, 200), id="a name of 200"),
    pytest.param("family", "x" * 61, TOO_LONG.format(60, 61), id="a family of 61"),
    pytest.param("adults-0", "x" * 61, TOO_LONG.format(60, 61), id="a grown-up of 61"),
    pytest.param("children-0-blanks-adult-one", "x" * 41, TOO_LONG.format(40, 41), id="a blank of 41"),
    pytest.param("children-0-blanks-outside-two", "x" * 41, TOO_LONG.format(40, 41), id="an outsider of 41"),
    pytest.param("children-0-own-1", "x" * 121, TOO_LONG.format(120, 121), id="a line of 121"),
    pytest.param("children-0-words-talk", "x" * 121, TOO_LONG.format(120, 121), id="our words of 121"),
    pytest.param("children-0-name", "Leo\x07", "We cannot print U+0007. Please write it in another way.", id="a bell"),
    pytest.param("children-0-name", "Leo\u202e", "We cannot print U+202E.", id="a turn to the left"),
    pytest.param("adults-1", "𓀀", "We cannot print 𓀀 (egyptian hieroglyph a001).", id="a hieroglyph"),
    pytest.param("children-0-own-0", "\ue000", "We cannot print U+E000.", id="a private letter"),
    pytest.param("review", "soon", "Type the day as year-month-day, such as", id="no day"),
    pytest.param("review", "", "Type the day as year-month-day, such as", id="an empty day"),
    pytest.param("review", "2027-02-30", "Type the day as year-month-day, such as", id="a day that is none"),
    pytest.param("review", "1999-01-01", SOON, id="a day long ago"),
    pytest.param("review", (date.today() - timedelta(days=1)).isoformat(), SOON, id="yesterday"),
    pytest.param("review", (date.today() + timedelta(days=6 * 366)).isoformat(), SOON, id="in six years"),
    pytest.param("review", "9999-12-31", SOON, id="the last day"),
]


@pytest.mark.parametrize("do", ["page", "pdf", "calendar"])
@pytest.mark.parametrize(("name", "text", "message"), WRONG)
def test_what_cannot_be_printed_is_said_beside_the_field_and_on_top(
    client: PageClient, name: str, text: str, message: str, do: str
) -> None:
    # Not every such text can stand in valid HTML, so this page is only read, not checked.
    page = BeautifulSoup(client.flask.post("/en/agreement", data=FAMILY | {name: text, "do": do}).text, "html.parser")
    assert page.title.text.startswith("Error: ")
    wrong = page.select_one(f"[id='{name}-wrong']")
    assert message in words(wrong)
    assert wrong.find_next_sibling("input")["aria-describedby"] == f"{name}-wrong"
    (problem,) = messages(page)
    assert problem.startswith(f"#{name} ")
    assert message in problem
    assert sent(page) == typed(FAMILY | {name: text})


@pytest.mark.parametrize(
    ("name", "given", "target", "message"),
    [
        ("country", "", "country", "Choose the country whose help lines are printed."),
        ("country", "xx", "country", "Choose the country whose help lines are printed."),
        ("paper", "A3", "paper-0", "Choose a paper size."),
        ("children-0-band", "3", "children-0-band-0", "Choose an age."),
    ],
)
def test_a_choice_that_is_not_offered_is_asked_for_again(
    client: PageClient, name: str, given: str, target: str, message: str
) -> None:
    page = client.post("/en/agreement", FAMILY | {name: given, "do": "page"}, 422)
    assert message in words(page.select_one(f"[id='{name}-wrong']"))
    (problem,) = messages(page)
    assert problem.startswith(f"#{target} ")
    assert message in problem
    assert sent(page) == typed({part: value for part, value in FAMILY.items() if part != name})


@pytest.mark.parametrize(
    ("name", "more", "target", "message"),
    [
        ("adults", list_of("adults", 5), "adults-0", "4 grown-ups can sign. There are 5 now."),
        (
            "children-0-own",
            list_of("children-0-own", 4),
            "children-0-own-0",
            "Write at most 3 lines of your own. There are 4 now.",
        ),
        (
            "children-0-clauses",
            {"children-0-clauses": ["contact", "strangers", "night", "talk", "practice"]},
            "children-0-clauses-0",
            "Choose at most 4 lines. There are 5 now.",
        ),
        (
            "children",
            family(*"ABCDEFG"),
            "children-0-name",
            "There is room for 6 children. There are 7 now.",
        ),
    ],
)
def test_a_list_that_is_too_long_names_its_limit(
    client: PageClient, name: str, more: dict[str, Any], target: str, message: str
) -> None:
    page = client.post("/en/agreement", FAMILY | more | {"do": "page"}, 422)
    assert message in words(page.select_one(f"[id='{name}-wrong']"))
    (problem,) = messages(page)
    assert problem.startswith(f"#{target} ")
    assert message in problem
    assert sent(page) == typed(FAMILY | more)


def test_entries_of_spaces_do_not_count(client: PageClient) -> None:
    spaces = dict.fromkeys(["adults-2", "adults-3", "adults-4", "children-0-own-3"], "  ")
    page = client.post("/en/agreement", FAMILY | spaces | {"do": "page"})
    assert words(page.select_one("h1")) == "The Rivera family agreement"


def test_every_problem_is_told_at_once(client: PageClient) -> None:
    wrong = {"family": "x" * 61, "children-0-name": "", "country": "", "review": "1999-01-01"}
    page = client.post("/en/agreement", FAMILY | wrong | {"do": "pdf"}, 422)
    targets = [message.split(" ")[0] for message in messages(page)]
    assert targets == ["#family", "#children-0-name", "#country", "#review"]


@pytest.mark.parametrize("name", ["adults-1", "children-0-name", "children-0-own-0"])
def test_a_warning_sign_never_stands_without_words(client: PageClient, name: str) -> None:
    page = client.post("/en/agreement", FAMILY | {name: "x" * 200, "do": "page"}, 422)
    signs = page.select(".wrong")
    assert signs
    assert all(words(sign) for sign in signs), [sign.get("id") for sign in signs if not words(sign)]


@pytest.mark.parametrize("do", ["update", "child", "adult", "remove-1"])
def test_nobody_is_told_off_before_the_form_is_done(client: PageClient, do: str) -> None:
    page = client.post("/en/agreement", family("", "") | {"country": "", "do": do})
    assert not page.select(".problems, .wrong, [aria-invalid]")
    assert page.title.text == "Our family agreement · One minute for your family"


def test_a_form_without_any_child_asks_for_one(client: PageClient) -> None:
    page = client.post("/en/agreement", family() | {"do": "page"}, 422)
    assert messages(page) == ["#children-0-name First name or nickname: Type a name for the sheet. We do not keep it."]


# What a person could mean is shown as it was typed

MEANT = [
    pytest.param("<script>alert(1)</script>", id="markup"),
    pytest.param("=1+1", id="a formula"),
    pytest.param("{{ 7*7 }}{% raw %}", id="a template"),
    pytest.param("%s %(name)s 100%", id="percent signs"),
    pytest.param('O’Brien & "Co" \'n Sons', id="quotes"),
    pytest.param("مريم", id="arabic"),
    pytest.param("שרה לוי", id="hebrew"),
    pytest.param("प्रिया", id="hindi"),
    pytest.param("Nguyễn Thị Ánh", id="vietnamese"),
    pytest.param("Mia 🦄👨‍👩‍👧", id="emoji"),
    pytest.param("x" * 60, id="sixty letters"),
]


@pytest.mark.parametrize("text", MEANT)
@pytest.mark.parametrize(("name", "place"), [("family", "h1"), ("children-0-name", ".sheet__name")])
def test_a_name_is_shown_as_it_was_typed(client: PageClient, name: str, place: str, text: str) -> None:
    page = client.post("/en/agreement", FAMILY | {name: text, "do": "page"})
    assert text in words(page.select_one(place))
    assert not page.select("main script")


@pytest.mark.parametrize("text", MEANT[:-1])
@pytest.mark.parametrize("name", ["blanks-adult-one", "blanks-outside-one", "words-night", "own-0"])
def test_a_line_is_shown_as_it_was_typed(client: PageClient, name: str, text: str) -> None:
    page = client.post("/en/agreement", FAMILY | {f"children-0-{name}": text, "do": "page"})
    assert text in words(page.select_one(".sheet"))
    assert not page.select("main script")


@pytest.mark.parametrize(("text", "shown"), [("  Leo \t Max ", "Leo Max’s page"), ("Zoe\u0301", "Zo\u00e9’s page")])
def test_spaces_and_accents_are_tidied(client: PageClient, text: str, shown: str) -> None:
    page = client.flask.post("/en/agreement", data=FAMILY | {"children-0-name": text, "do": "page"}).text
    assert words(BeautifulSoup(page, "html.parser").select_one(".sheet__name")) == shown


# The agreement on screen


def test_the_agreement_on_screen_holds_the_form_and_the_way_to_paper(client: PageClient) -> None:
    page = client.post("/en/agreement", FAMILY | {"do": "page"})
    assert sent(page) == typed(FAMILY)
    assert {button["value"]: words(button) for button in page.select("main button[name=do]")} == {
        "pdf": "Download the PDF",
        "pdf-1": "Only Leo’s sheet",
        "second": "A copy for a second home",
        "calendar": "Add the dates to a calendar",
        "update": "Change something",
    }


def test_the_agreement_on_screen_is_a_page_for_each_child(client: PageClient) -> None:
    page = client.post("/en/agreement", family("Leo", "Mia") | {"do": "page"})
    assert [words(name) for name in page.select(".sheet__name")] == ["Leo’s page", "Mia’s page"]
    buttons = {button["value"]: words(button) for button in page.select("button[value^=pdf-]")}
    assert buttons == {"pdf-1": "Only Leo’s sheet", "pdf-2": "Only Mia’s sheet"}


def test_the_agreement_on_screen_says_what_the_family_filled_in(client: PageClient, content: Content) -> None:
    page = client.post("/en/agreement", FAMILY | {"do": "page"})
    lines = [words(line) for line in page.select(".sheet .agree-line > span:not(.icon, .marks)")]
    said = content.clauses["tell"].lines["8-10"]
    assert said.replace("{adult-one}", "Mum").replace("{adult-two}", "______ ") in lines
    assert "I feed the cat first" in lines
    assert lines[-1] == "My own rule: ______"
    assert len(lines) == 9 + 2
    assert f"on {format_date(REVIEW, 'long', locale='en')}" in words(page.main)


def test_the_grown_ups_promise_comes_before_what_the_child_does(client: PageClient, content: Content) -> None:
    sheet = client.post("/en/agreement", FAMILY | {"do": "page"}).select_one(".sheet")
    assert words(sheet.h3) == "What we grown-ups promise, and sign first"
    promises = [words(promise) for promise in sheet.select(".sage li")]
    assert content.clauses["night"].promise in promises
    assert content.clauses["strangers"].promise not in promises


@pytest.mark.parametrize(("band", "planned"), [("4-7", False), ("8-10", False), ("11-13", True), ("14-17", True)])
def test_the_plan_for_the_worst_day_is_for_older_children(
    client: PageClient, content: Content, band: str, planned: bool
) -> None:
    page = client.post("/en/agreement", FAMILY | {"children-0-band": band, "do": "page"})
    shown = words(page.select_one(".sheet"))
    assert [step in shown for step in content.wording.plan[1:]] == [planned] * (len(content.wording.plan) - 1)
    assert "not my fault" in shown


@pytest.mark.parametrize("country", ["us", "uk", "au", "other"])
def test_the_help_lines_are_those_of_the_chosen_country(client: PageClient, content: Content, country: str) -> None:
    page = client.post("/en/agreement", FAMILY | {"country": country, "children-0-band": "14-17", "do": "page"})
    shown = {words(line.b) for line in page.select(".sheet .line")}
    lines = [line for line in content.countries[country].lines if line.verified and not line.language]
    assert shown == {line.name for line in lines if "full" in line.cards}


@pytest.mark.parametrize(
    "chosen", [["gifts"], ["contact", "gifts", "night", "talk"]], ids=["one", "all there is room for"]
)
def test_chosen_lines_stand_first_and_the_others_are_open_while_there_is_room(
    client: PageClient, chosen: list[str]
) -> None:
    page = client.post("/en/agreement", FAMILY | {"children-0-clauses": chosen, "do": "update"})
    more = page.select_one("details.more")
    first = page.select("ul[id=children-0-clauses-0] [type=checkbox]")
    assert sorted(str(box["value"]) for box in first) == chosen
    assert len(more.select("[type=checkbox]")) == 30 - len(chosen)
    assert more.has_attr("open") == (len(chosen) < 4)


def test_a_line_for_other_ages_is_hidden_is_not_sent_and_keeps_its_words(client: PageClient) -> None:
    own = {"children-0-clauses": ["gifts", "younger"], "children-0-words-younger": "Zed asks", "children-0-band": "4-7"}
    page = client.post("/en/agreement", FAMILY | own | {"do": "update"})
    line = page.select_one("#children-0-clauses-younger").find_parent("li")
    assert line.has_attr("hidden")
    assert line.select_one("[type=checkbox]").has_attr("disabled")
    assert line.select_one("[type=text]")["value"] == "Zed asks"


# Another line in the place of one

NEXT = [("contact", "strangers"), ("night", "new-apps"), ("talk", "new-apps"), ("practice", "new-apps")]


@pytest.mark.parametrize(("name", "new"), NEXT)
def test_a_swap_puts_the_next_line_in_the_place_of_one_and_keeps_the_rest(
    client: PageClient, name: str, new: str
) -> None:
    page = client.post("/en/agreement", FAMILY | {"do": f"swap-1-{name}"})
    chosen = [new if other == name else other for other in FAMILY["children-0-clauses"]]
    assert sent(page) == typed(FAMILY | {"children-0-clauses": chosen})
    assert [box["id"] for box in page.select("[autofocus]")] == [f"children-0-clauses-{new}"]
    assert page.select_one("[autofocus]").find_parent("ul")["id"] == "children-0-clauses-0"


def test_a_line_swapped_again_and_again_meets_every_line_of_the_age_once(client: PageClient, content: Content) -> None:
    chosen, line, met = ["contact", "night", "talk"], "practice", ["practice"]
    there = {clause.id for clause in choosable(content, Band.MIDDLE)} - set(chosen)
    for _ in range(len(there)):
        posted = FAMILY | {"children-0-clauses": [*chosen, line], "do": f"swap-1-{line}"}
        found = sent(BeautifulSoup(client.flask.post("/en/agreement", data=posted).text, "html.parser"))
        (line,) = set(found["children-0-clauses"]) - set(chosen)
        met.append(line)
    assert sorted(met[1:]) == sorted(there)
    assert met[-1] == "practice"


@pytest.mark.parametrize("number", [1, 2])
def test_a_swap_changes_the_child_that_it_belongs_to(client: PageClient, number: int) -> None:
    posted = family("Ada", "Ben")
    page = client.post("/en/agreement", posted | {"do": f"swap-{number}-contact"})
    assert sent(page) == typed(posted | {f"children-{number - 1}-clauses": ["strangers", "talk"]})
    assert page.select_one("[autofocus]")["id"] == f"children-{number - 1}-clauses-strangers"


@pytest.mark.parametrize("band", Band)
def test_a_swap_after_a_change_of_age_brings_a_line_of_that_age(
    client: PageClient, content: Content, band: Band
) -> None:
    page = client.post("/en/agreement", FAMILY | {"children-0-band": band, "do": "swap-1-night"})
    new = page.select_one("[autofocus]")["value"]
    assert new in {clause.id for clause in choosable(content, band)} - set(FAMILY["children-0-clauses"])


def test_only_a_line_on_the_page_can_be_swapped_and_its_button_says_which(client: PageClient, content: Content) -> None:
    page = client.post("/en/agreement", FAMILY | {"children-0-clauses": ["gifts", "talk"], "do": "update"})
    buttons = {button["value"]: words(button) for button in page.select("button[value^=swap]")}
    names = {name: content.clauses[name].topic for name in ("gifts", "talk")}
    assert buttons == {f"swap-1-{name}": f"Swap this line : {topic}" for name, topic in names.items()}


@pytest.mark.parametrize(
    "target",
    [
        *["", " -", "--", "1", "1-", "0-x", "0-night", "3-night", "9-night", "9999-night", "-1-night", "x-night"],
        *["²-night", "1-nonsense", "1-tell", "1-strangers", "1-night-", "1-<b>"],
    ],
)
def test_a_swap_that_no_button_asks_for_does_no_harm(client: PageClient, target: str) -> None:
    posted = family("Ada", "Ben") | {"children-0-clauses": ["contact", "night"], "do": f"swap-{target}"}
    page = client.post("/en/agreement", posted)
    assert sent(page) == typed(posted)
    assert not page.select("[autofocus]")


# How much there is on the page, and where to go on

COUNTED = [
    pytest.param({}, 9, 1, id="a full page"),
    pytest.param({"children-0-clauses": []}, 5, 1, id="none chosen"),
    pytest.param({"children-0-clauses": ["younger", "night"], "children-0-band": "4-7"}, 6, 1, id="one for other ages"),
    pytest.param({"children-0-own-0": " \t", "children-0-own-1": "Dad asks"}, 9, 1, id="spaces"),
    pytest.param(list_of("children-0-own", 4), 9, 4, id="four of our own"),
    pytest.param({"children-0-clauses": ["contact", "gifts", "night", "rush", "talk"]}, 10, 1, id="five chosen"),
]


@pytest.mark.parametrize("do", ["update", "child", "adult"])
@pytest.mark.parametrize(("changes", "lines", "own"), COUNTED)
def test_the_page_says_without_script_how_many_lines_it_holds(
    client: PageClient, changes: dict[str, Any], lines: int, own: int, do: str
) -> None:
    page = client.post("/en/agreement", FAMILY | changes | {"do": do})
    told = words(page.select_one("#child-1 .count"))
    assert told == f"On this page now: {lines} of 9 lines, {own} of 3 of your own."


def test_there_is_room_for_a_line_while_one_is_for_other_ages(client: PageClient) -> None:
    chosen = {"children-0-clauses": ["gifts", "new-apps", "night", "younger"], "children-0-band": "4-7"}
    assert client.post("/en/agreement", FAMILY | chosen | {"do": "update"}).select_one("details.more").has_attr("open")


@pytest.mark.parametrize(
    ("posted", "do", "focused"),
    [
        (family("Ada"), "child", ["children-1-name"]),
        (family("Ada", "Ben"), "child", ["children-2-name"]),
        (FAMILY, "adult", ["adults-2"]),
        (FAMILY | {"adults-2": "Jo"}, "adult", ["adults-3"]),
        (FAMILY, "update", []),
        (family("Ada", "Ben"), "remove-1", []),
    ],
)
def test_a_new_field_is_the_one_to_go_on_with(
    client: PageClient, posted: dict[str, Any], do: str, focused: list[str]
) -> None:
    page = client.post("/en/agreement", posted | {"do": do})
    assert [field["id"] for field in page.select("[autofocus]")] == focused


# What came to the form last is kept as all the rest is

CHOSEN = {"second-0": "Jo", "second-1": "Kim", "size": "large", "ink": "grey", "language": "es"}


def test_there_are_two_fields_for_the_second_home_and_they_open_when_they_are_filled(client: PageClient) -> None:
    empty = client.get("/en/agreement").select_one("details:has([name=second-0])")
    assert [field["name"] for field in empty.select("input")] == ["second-0", "second-1"]
    assert not empty.has_attr("open")
    filled = client.post("/en/agreement", FAMILY | {"second-0": "", "second-1": "Kim", "do": "update"})
    assert filled.select_one("details:has([name=second-0])").has_attr("open")


def test_a_second_home_that_was_saved_with_one_name_has_a_second_field(client: PageClient, content: Content) -> None:
    file = BytesIO(family_file(content))
    page = client.post("/en/agreement/open", FAMILY | {"file": (file, "ours.pdf")}, content_type="multipart/form-data")
    fields_now = {field["name"]: field["value"] for field in page.select("[name^=second-], [name^=adults-]")}
    assert fields_now == {"adults-0": "Ana Rivera", "adults-1": "", "second-0": "Jo", "second-1": ""}


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("do", ["update", "child", "adult", "swap-1-none", "page"])
def test_second_home_size_ink_and_language_come_along(client: PageClient, do: str, lang: str) -> None:
    posted = FAMILY | CHOSEN
    found = sent(client.post(f"/{lang}/agreement", posted | {"do": do}))
    assert {name: found[name] for name in typed(posted)} == typed(posted)


@pytest.mark.parametrize("do", ["page", "pdf", "second", "calendar"])
def test_large_print_in_two_languages_is_refused_and_nothing_is_lost(client: PageClient, do: str) -> None:
    posted = FAMILY | {"size": "large", "language": "en+es", "second-0": "Jo"}
    page = client.post("/en/agreement", posted | {"do": do}, 422)
    told = "Large print has room for one language. Choose one, or the normal size."
    assert told in words(page.select_one("#size-wrong"))
    assert messages(page) == [f"#size-0 Size of the print: {told}"]
    assert sent(page) == typed(posted)


@pytest.mark.parametrize("then", ["update", "page"])
def test_another_language_keeps_every_field_of_the_form(client: PageClient, content: Content, then: str) -> None:
    file = BytesIO(family_file(content))
    opened = client.post("/en/agreement/open", {"file": (file, "ours.pdf")}, content_type="multipart/form-data")
    before = fields(opened) | {name: [value] for name, value in CHOSEN.items()}
    page = client.post("/es/agreement", before | {"do": then})
    assert sent(page) == typed({name: values for name, values in before.items() if name != "file"})
    assert page.select_one("button.switch")["formaction"] == "/en/agreement"


@pytest.mark.usefixtures("failing_printer")
@pytest.mark.parametrize(("do", "status"), [("page", 200), ("pdf", 503)])
def test_a_chosen_file_is_no_field_of_the_agreement(client: PageClient, do: str, status: int) -> None:
    page = client.post("/en/agreement", FAMILY | {"file": "ours.pdf", "do": do}, status)
    assert sent(page) == typed(FAMILY)
    assert not page.select("[name=file]")


# The same on screen as on paper

# What only paper has: the way to cut it, a place to draw, the head of its table, and dates in other words.
ONLY_PAPER = ".made, .cut, .draw, th.my, td.mark, small"


def said(tag: Tag) -> list[str]:
    """The texts of a sheet, without what marks or rules them."""
    return [text for part in tag.stripped_strings if (text := plain(part).lstrip("•"))]


def plain(text: str) -> str:
    """A text without its spaces: a blank to fill in is wider on paper."""
    return "".join(text.replace("www.", "").split())


@pytest.mark.parametrize(
    ("lang", "language", "adult"), [("en", "same", "Ana"), ("es", "same", ""), ("en", "en+es", "Ana")]
)
@pytest.mark.parametrize("band", Band)
def test_the_screen_says_all_that_the_paper_says(
    client: PageClient, printer: StubPrinter, band: str, lang: str, language: str, adult: str
) -> None:
    changes = {"adults-0": adult, "adults-1": "", "children-0-band": band, "children-0-words-talk": "We talk"}
    posted = FAMILY | changes | {"language": language}
    shown = plain(client.post(f"/{lang}/agreement", posted | {"do": "page"}).main.get_text())
    client.flask.post(f"/{lang}/agreement", data=posted | {"do": "pdf"})
    sheet = BeautifulSoup(printer.printed[0], "html.parser").select_one(".sheet")
    for part in sheet.select(ONLY_PAPER):
        part.extract()
    assert len(said(sheet)) > 30
    assert [text for text in said(sheet) if text not in shown] == []


def test_the_screen_says_who_signs_when_to_think_and_what_to_ask_again(client: PageClient, content: Content) -> None:
    sheet = client.post("/en/agreement", FAMILY | {"do": "page"}).select_one(".sheet")
    assert [words(line) for line in sheet.select(".signatures li")] == ["Ana Rivera, first", "Tom Rivera", "Leo"]
    assert "We think about it for one day, until ______" in words(sheet)
    asked = f"When we look at it again, on {format_date(REVIEW, 'long', locale='en')}"
    assert asked in [words(heading) for heading in sheet.select("h3")]
    assert set(content.wording.review) <= {words(line) for line in sheet.select("li")}


def test_each_line_on_screen_can_be_agreed_asked_about_or_changed(client: PageClient) -> None:
    lines = client.post("/en/agreement", FAMILY | {"do": "page"}).select(".sheet .agree-line")
    assert {words(line.select_one(".marks")) for line in lines} == {"○ agree ○ ask ○ change"}


# Files with names of their own


@pytest.mark.parametrize(
    ("do", "name"),
    [
        ("pdf", "family-agreement.pdf"),
        ("pdf-1", "family-agreement-sheet.pdf"),
        ("pdf-2", "family-agreement-sheet.pdf"),
        ("second", "family-agreement-second-home.pdf"),
        ("calendar", "family-dates.ics"),
    ],
)
@pytest.mark.usefixtures("printer")
def test_each_download_has_a_name_that_says_what_it_is(client: PageClient, do: str, name: str) -> None:
    page = client.post("/en/agreement", family("Ada", "Ben") | {"do": "page"})
    assert page.select_one(f"main button[value={do}]")
    response = client.flask.post("/en/agreement", data=fields(page) | {"do": do})
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_the_first_download_is_the_file_to_keep(client: PageClient) -> None:
    page = client.post("/en/agreement", family("Ada", "Ben") | {"do": "page"})
    first, _change, *others = page.select("main button")
    assert first["value"] == "pdf"
    assert first.find_next("p", class_="small").text.startswith("Keep the first file. It holds what you typed")
    assert [button["value"] for button in others] == ["pdf-1", "pdf-2", "second", "calendar"]


@pytest.mark.usefixtures("failing_printer")
def test_no_file_is_told_to_be_kept_while_there_is_none(client: PageClient) -> None:
    page = client.post("/en/agreement", FAMILY | {"do": "pdf"}, 503)
    assert "Keep the first file" not in words(page.main)
    assert [button["value"] for button in page.select("main button")] == ["pdf", "update", "calendar"]


# Paper


def test_the_pdf_comes_as_a_file_with_the_name_of_the_product(client: PageClient) -> None:
    response = client.flask.post("/en/agreement", data=family("Leo", "Mia") | {"do": "pdf"})
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == "attachment; filename=family-agreement.pdf"
    assert len(PdfReader(BytesIO(response.data)).pages) == 4


@pytest.mark.parametrize(
    ("do", "names"), [("pdf", ["Ada", "Ben"]), ("pdf-1", ["Ada"]), ("pdf-2", ["Ben"]), ("pdf-9", ["Ada", "Ben"])]
)
def test_paper_holds_the_sheets_that_were_asked_for(
    client: PageClient, printer: StubPrinter, do: str, names: list[str]
) -> None:
    assert client.flask.post("/en/agreement", data=family("Ada", "Ben") | {"do": do}).data == b"%PDF-1.7"
    (html,) = printer.printed
    sheets = BeautifulSoup(html, "html.parser").select(".sheet h1")
    assert [words(sheet) for sheet in sheets] == [f"{name}’s page" for name in names]


@pytest.mark.parametrize(("country", "paper"), [("us", "Letter"), ("ca", "Letter"), ("uk", "A4"), ("other", "A4")])
@pytest.mark.parametrize("chosen", ["usual", "A4", "Letter"])
def test_the_usual_paper_is_that_of_the_country(
    client: PageClient, printer: StubPrinter, country: str, paper: str, chosen: str
) -> None:
    client.flask.post("/en/agreement", data=FAMILY | {"country": country, "paper": chosen, "do": "pdf"})
    assert f"size: {paper if chosen == 'usual' else chosen} }}" in printer.printed[0]


def test_paper_says_where_its_words_can_be_checked(client: PageClient, printer: StubPrinter) -> None:
    client.flask.post("/en/agreement", data=FAMILY | {"do": "pdf"}, base_url="https://quiz.example")
    assert "check them at quiz.example/en/evidence" in printer.printed[0]


@pytest.mark.usefixtures("failing_printer")
@pytest.mark.parametrize("do", ["pdf", "pdf-2"])
def test_a_printer_that_fails_loses_nothing_and_offers_to_try_again(client: PageClient, do: str) -> None:
    posted = family("Leo", "Mia")
    page = client.post("/en/agreement", posted | {"do": do}, 503)
    assert page.title.text.startswith("Error: ")
    assert "Nothing is lost" in words(page.select_one("[role=alert]"))
    assert words(page.select_one(f"button[name=do][value={do}]")) == "Try again"
    assert sent(page) == typed(posted)


@pytest.mark.usefixtures("failing_printer")
def test_a_printer_that_fails_says_when_to_come_back(client: PageClient) -> None:
    response = client.flask.post("/en/agreement", data=FAMILY | {"do": "pdf"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


# Dates


def dates(client: PageClient, data: Mapping[str, Any], lang: str = "en") -> Calendar:
    """The calendar file for a form that was posted."""
    response = client.flask.post(f"/{lang}/agreement", data=data | {"do": "calendar"})
    assert response.status_code == 200
    return Calendar.from_ical(response.data)


def test_the_dates_come_as_a_calendar_file_with_a_name_that_tells_nothing(client: PageClient) -> None:
    response = client.flask.post("/en/agreement", data=FAMILY | {"do": "calendar"})
    check_response(response)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=family-dates.ics"
    assert "private" in response.headers["Cache-Control"]
    assert response.data.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("ahead", [0, 200], ids=["today", "later"])
def test_the_dates_are_the_review_and_the_twelve_weeks_from_today(client: PageClient, ahead: int) -> None:
    review = date.today() + timedelta(days=ahead)
    found = dates(client, FAMILY | {"review": review.isoformat()}).walk("VEVENT")
    weeks = [date.today() + timedelta(weeks=number) for number in range(1, 13)]
    assert [event.decoded("dtstart") for event in found] == [review, *weeks]
    assert {datetime.now(UTC) - event.decoded("dtstamp") < timedelta(minutes=1) for event in found} == {True}


def test_the_dates_ask_each_age_of_the_family_once(client: PageClient, content: Content) -> None:
    posted = family("Ada", "Ben", "Cleo") | {"children-0-band": "14-17"}
    _, first, *_ = dates(client, posted).walk("VEVENT")
    day = first.decoded("dtstart")
    assert str(first["description"]).split("\n") == [
        f"8–10: {starter(content, Band.MIDDLE, day).text}",
        f"14–17: {starter(content, Band.TEEN, day).text}",
    ]


@pytest.mark.parametrize(
    ("screen", "chosen", "paper"), [("en", "same", "en"), ("es", "same", "es"), ("en", "es", "es"), ("es", "en", "en")]
)
def test_the_dates_are_in_the_language_of_the_paper(
    app: Flask, client: PageClient, screen: str, chosen: str, paper: str
) -> None:
    language = app.extensions["quizapp"].languages[paper]
    review, first, *_ = dates(client, FAMILY | {"language": chosen}, screen).walk("VEVENT")
    assert review["summary"] == language.translations.gettext("We look at our family page again")
    assert str(review["description"]).split("\n") == list(language.content.wording.review)
    assert first["description"] == starter(language.content, Band.MIDDLE, first.decoded("dtstart")).text


def test_the_dates_hold_no_name_and_no_address(client: PageClient) -> None:
    data = FAMILY | {"do": "calendar"}
    file = client.flask.post("/en/agreement", data=data, base_url="https://quiz.example").text.replace("\r\n ", "")
    assert not [name for name in ("Rivera", "Ana", "Tom", "Leo", "Mum", "feed the cat", "example") if name in file]


def test_the_page_stays_and_all_that_is_typed_with_it(client: PageClient) -> None:
    posted = family("Ada", "Ben")
    page = client.post("/en/agreement", posted | {"do": "page"})
    assert dates(client, fields(page)).walk("VEVENT")
    assert sent(client.post("/en/agreement", fields(page) | {"do": "update"})) == typed(posted)


@pytest.mark.usefixtures("failing_printer")
def test_the_dates_need_no_printer(client: PageClient) -> None:
    page = client.post("/en/agreement", FAMILY | {"do": "pdf"}, 503)
    assert page.select_one("main button[value=calendar]")
    assert dates(client, fields(page)).walk("VEVENT")


# What no button of ours sends


@pytest.mark.parametrize(
    "do", ["", "-", "--", "fly", "UPDATE", "page-2", "child-7", "<script>", "🦄", "\0", "__class__"]
)
def test_a_button_that_is_not_ours_does_no_harm(client: PageClient, do: str) -> None:
    posted = family("Leo", "Mia")
    response = client.flask.post("/en/agreement", data=posted | {"do": do})
    assert response.status_code == 200
    found = sent(BeautifulSoup(response.text, "html.parser"))
    assert {name: found[name] for name in typed(posted)} == typed(posted)


@pytest.mark.parametrize("number", ["", "0", "3", "-1", "x", "²", "9999", "9" * 5000])
def test_a_child_that_is_not_there_cannot_be_taken_out(client: PageClient, number: str) -> None:
    posted = family("Leo", "Mia")
    assert sent(client.post("/en/agreement", posted | {"do": f"remove-{number}"})) == typed(posted)


@pytest.mark.parametrize("do", ["pdf-0", "pdf-", "pdf-x", "pdf--1", "pdf-999", "pdf-9999", "pdf-²", "pdf-٢"])
def test_an_odd_number_still_prints(client: PageClient, printer: StubPrinter, do: str) -> None:
    response = client.flask.post("/en/agreement", data=family("Leo", "Mia") | {"do": do})
    assert response.data == b"%PDF-1.7"


@pytest.mark.parametrize(
    "name",
    ["children-²-name", "adults-²", "children-0-own-²", f"children-{'9' * 5000}-name", f"adults-{'9' * 5000}"],
    ids=["child ²", "adult ²", "own ²", "huge child", "huge adult"],
)
@pytest.mark.parametrize("do", ["update", "page"])
def test_a_number_that_is_none_in_the_name_of_a_field_is_no_fault_of_ours(
    client: PageClient, name: str, do: str
) -> None:
    response = client.flask.post("/en/agreement", data=FAMILY | {name: "Mia", "do": do})
    assert response.status_code in (200, 413, 422)


@pytest.mark.parametrize(
    "name", ["children-99999-name", "children--1-name", "children-٣-name", "children-0-blanks-x", "adults--1", "zq"]
)
def test_a_field_that_no_page_of_ours_has_does_not_disturb_the_others(client: PageClient, name: str) -> None:
    page = client.post("/en/agreement", FAMILY | {name: "Mia", "do": "update"})
    found = sent(page)
    assert {part: found[part] for part in typed(FAMILY)} == typed(FAMILY)


# Sheets to fill in by hand


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize(("country", "size"), [("us", "Letter"), ("uk", "A4"), ("", "A4"), ("xx", "A4")])
def test_a_blank_sheet_is_printed_once_for_each_language_age_and_country(
    client: PageClient, printer: StubPrinter, lang: str, band: str, country: str, size: str
) -> None:
    answers = [client.flask.get(f"/{lang}/agreement/blank/{band}.pdf?country={country}") for _ in range(2)]
    assert [answer.mimetype for answer in answers] == ["application/pdf"] * 2
    assert answers[0].headers["Cache-Control"].startswith("public")
    assert len(printer.printed) == 1
    assert f"size: {size} }}" in printer.printed[0]
    assert f'lang="{lang}"' in printer.printed[0]


def test_a_blank_sheet_says_nothing_of_whoever_asked_for_it_first(client: PageClient, printer: StubPrinter) -> None:
    client.flask.get("/en/agreement/blank/8-10.pdf", headers={"Host": "zyxwelda.example"})
    assert "zyxwelda" not in printer.printed[0]


def test_a_blank_sheet_is_asked_for_by_age_and_country(client: PageClient, content: Content) -> None:
    form = client.get("/en/agreement").select_one("form[method=get]")
    assert [option["value"] for option in form.select("[name=band] option")] == list(Band)
    assert [option["value"] for option in form.select("[name=country] option")] == list(content.countries)
    there = client.redirect(f"{form['action']}?band=11-13&country=ie")
    assert there == "/en/agreement/blank/11-13.pdf?country=ie"


@pytest.mark.parametrize("path", ["blank", "blank?band=x", "blank/5-6.pdf", "blank?band=//evil.example"])
def test_an_unknown_age_has_no_blank_sheet(client: PageClient, path: str) -> None:
    client.get(f"/en/agreement/{path}", 404)


def test_a_busy_printer_asks_to_come_back_for_the_blank_sheet(client: PageClient, printer: StubPrinter) -> None:
    printer.failure = Busy()
    page = client.get("/es/agreement/blank/8-10.pdf?country=us", 503)
    assert page.select_one("main a")["href"] == "/es/agreement/blank/8-10.pdf?country=us"


# The family file is opened again


def opened(
    client: PageClient, pdf: bytes, posted: Mapping[str, Any] | None = None, status: int = 200, lang: str = "en"
) -> BeautifulSoup:
    """The builder after a file was chosen in a form that holds `posted`."""
    body, kind = files.sent_with(pdf, {**(posted or {}), "do": "open"})
    return client.post(f"/{lang}/agreement/open", body, status, content_type=kind)


def pdf_of(client: PageClient, posted: Mapping[str, Any], do: str = "pdf") -> bytes:
    response = client.flask.post("/en/agreement", data=posted | {"do": do})
    assert response.status_code == 200
    return response.data


def attachments(pdf: bytes) -> list[str]:
    return list(PdfReader(BytesIO(pdf)).attachments)


PRINTED = [
    pytest.param(FAMILY | {"paper": "Letter", "language": "en"}, id="usual"),
    pytest.param(
        family("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn")
        | {f"children-{number}-band": band for number, band in enumerate(["4-7", "11-13", "14-17"])}
        | {
            "adults-2": "Jo",
            "adults-3": "Kim",
            "second-0": "Rose",
            "second-1": "Al",
            "second-2": "Di",
            "second-3": "Bo",
        }
        | {"paper": "A4", "language": "en+es", "ink": "grey", "country": "uk"},
        id="everything",
    ),
    pytest.param(
        family("مريم <b>🦄</b>", "{{ 7*7 }} %s")
        | {"family": 'Ñíguez & "Co" \'n Sons', "children-0-blanks-outside-two": "שרה", "children-1-own-1": "</p>"}
        | {"paper": "A4", "language": "es", "size": "large", "country": "other"},
        id="large and odd",
    ),
]


@pytest.mark.parametrize("posted", PRINTED)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_family_file_brings_back_every_field(client: PageClient, posted: dict[str, Any], lang: str) -> None:
    page = opened(client, pdf_of(client, posted), {"family": "to be replaced"}, lang=lang)
    assert sent(page) == typed(posted | {"review": (date.today() + timedelta(days=91)).isoformat()})
    assert page.select_one("main .notice[role=status]")
    assert not page.select(".problems, .wrong, .changed")


def test_what_was_chosen_as_usual_comes_back_as_what_it_was(client: PageClient) -> None:
    found = sent(opened(client, pdf_of(client, FAMILY), lang="es"))
    assert (found["paper"], found["language"]) == (["Letter"], ["en"])


def test_a_file_says_when_it_was_written(client: PageClient) -> None:
    page = opened(client, files.pdf_with(OLD_FILE.read_bytes()))
    assert "This is what you wrote on November 22, 2026." in words(page.select_one("main .notice"))
    assert sent(page)["children-1-name"] == [OLD_FAMILY.children[1].name]


def test_the_same_family_gets_the_same_file(client: PageClient) -> None:
    assert pdf_of(client, FAMILY) == pdf_of(client, FAMILY)


def test_a_file_that_was_opened_is_printed_and_opened_once_more(client: PageClient) -> None:
    first = sent(opened(client, pdf_of(client, FAMILY)))
    assert sent(opened(client, pdf_of(client, first))) == first


@pytest.mark.parametrize("do", ["pdf-1", "second"])
def test_no_other_paper_of_a_family_holds_its_data(client: PageClient, do: str) -> None:
    assert attachments(pdf_of(client, FAMILY)) == [savefile.NAME]
    assert attachments(pdf_of(client, FAMILY, do)) == []


def test_no_paper_without_a_family_holds_data(client: PageClient) -> None:
    sheet = client.redirect("/en/quiz", ANSWERS) + "/parent-sheet.pdf"
    found = [client.flask.get(path).data for path in ("/en/agreement/blank/8-10.pdf", sheet)]
    assert [attachments(pdf) for pdf in found] == [[], []]


@pytest.mark.parametrize("do", ["pdf", "pdf-1", "second", "calendar"])
def test_the_name_of_a_file_tells_no_name(client: PageClient, printer: StubPrinter, do: str) -> None:
    told = client.flask.post("/en/agreement", data=FAMILY | {"do": do}).headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=family-(agreement(-sheet|-second-home)?\.pdf|dates\.ics)", told)


# What is no family file leaves the builder as it was

NOT_READ = "We could not read this file. Choose the family file, the one with every child’s page."
SPOILED = {
    "an attachment that is not json": lambda: files.pdf_with(b"Dear Grandma"),
    "another format": lambda: files.pdf_with(OLD_FILE.read_bytes().replace(b'"format": 1', b'"format": 2')),
    "another age": lambda: files.pdf_with(OLD_FILE.read_bytes().replace(b'"8-10"', b'"5-6"')),
    "nested json": lambda: files.pdf_packing(b"[" * 500_000),
}


def check_refused(page: BeautifulSoup, message: str, posted: Mapping[str, Any]) -> None:
    assert page.title.text.startswith("Error: ")
    assert messages(page) == [f"#file The PDF: {message}"]
    assert words(page.select_one("#file-wrong")) == message
    assert "file-wrong" in page.select_one("input[type=file]")["aria-describedby"]
    assert page.select_one("input[type=file]").find_parent("details").has_attr("open")
    assert sent(page) == typed(posted)


@pytest.mark.parametrize("name", [name for name in files.ODD if name != "empty"] + list(SPOILED))
def test_what_is_no_family_file_is_told_and_loses_nothing(client: PageClient, name: str) -> None:
    posted = family("Ada", "Ben") | {"second-0": "Rose", "family": "x" * 200}
    check_refused(opened(client, (files.ODD | SPOILED)[name](), posted, 422), NOT_READ, posted)


def test_a_file_is_chosen_before_it_is_opened(client: PageClient) -> None:
    check_refused(opened(client, b"", FAMILY, 422), "Choose the PDF first.", FAMILY)
    page = client.post("/en/agreement/open", FAMILY | {"file": "family-agreement.pdf"}, 422)
    check_refused(page, "Choose the PDF first.", FAMILY)


def test_a_file_that_is_too_large_is_told_how_large_it_may_be(client: PageClient) -> None:
    page = opened(client, bytes(2 * 1024**2 + 1), FAMILY, 422)
    check_refused(page, "This file is larger than 2 MB. Ours are much smaller.", FAMILY)


@dataclass
class StubReader:
    """Reads nothing: fails as a reader may."""

    failure: Exception

    def run(self, pdf: bytes) -> bytes:
        raise self.failure


@pytest.fixture
def fail_to_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    def fail(failure: Exception) -> None:
        site = replace(app.extensions["quizapp"], reader=StubReader(failure))
        monkeypatch.setitem(app.extensions, "quizapp", site)

    return fail


def test_when_many_files_come_in_nothing_is_lost(client: PageClient, fail_to_read: Callable[[Exception], None]) -> None:
    fail_to_read(Busy())
    body, kind = files.sent_with(b"%PDF", FAMILY)
    response = client.flask.post("/en/agreement/open", data=body, content_type=kind)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    message = "Many files come in right now. Please choose yours again in a moment."
    check_refused(BeautifulSoup(response.text, "html.parser"), message, FAMILY)


def test_a_file_that_takes_too_long_is_told_as_one_that_cannot_be_read(
    client: PageClient, fail_to_read: Callable[[Exception], None]
) -> None:
    fail_to_read(Overdue())
    check_refused(opened(client, b"%PDF", FAMILY, 422), NOT_READ, FAMILY)


# What is sent stays in memory


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No temporary file can be made."""

    def make(*_: object, **__: object) -> None:
        raise AssertionError("something is written to a disk")

    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile", "mkstemp", "mkdtemp"):
        monkeypatch.setattr(tempfile, name, make)
    monkeypatch.setattr(formparser, "SpooledTemporaryFile", make)


@pytest.mark.usefixtures("no_disk")
@pytest.mark.parametrize(
    ("path", "size", "more", "status"),
    [
        pytest.param("/en/agreement/open", 1_900_000, 0, 422, id="a large file"),
        pytest.param("/en/agreement/open", 1_900_000, 300_000, 422, id="a large file and a large form"),
        pytest.param("/en/agreement/open", 5_000_000, 0, 413, id="a file that is too large"),
        pytest.param("/en/agreement", 100_000, 200_000, 200, id="a file that no one asked for"),
        pytest.param("/en/agreement", 1_000, 450_000, 413, id="a form that is too large"),
        pytest.param("/en/quiz", 300_000, 0, 422, id="a file for the quiz"),
    ],
)
def test_nothing_that_is_sent_touches_a_disk(client: PageClient, path: str, size: int, more: int, status: int) -> None:
    body, kind = files.sent_with(bytes(size), FAMILY | {"children-0-own-0": "x" * more})
    assert client.flask.post(path, data=body, content_type=kind).status_code == status


# A year later, when lines read in another way


@pytest.fixture
def reword(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives lines other words, or takes them out, for as long as a test runs."""

    def reword(**lines: str | None) -> None:
        site = app.extensions["quizapp"]
        english = site.languages["en"]
        clauses = dict(english.content.clauses)
        for name, line in lines.items():
            clause = clauses.pop(name)
            if line:
                clauses[name] = replace(clause, lines=dict.fromkeys(Band, line))
        content = replace(english.content, clauses=clauses)
        new = replace(english, content=content, family_form=family_form(content, dict.fromkeys(site.languages, "x")))
        languages = dict(site.languages) | {"en": new}
        monkeypatch.setitem(app.extensions, "quizapp", replace(site, languages=languages))

    return reword


NIGHT = "Phones sleep in {night-place}."
FILLED = FAMILY | {"children-0-blanks-night-place": "the blue box", "children-0-blanks-night-time": "8 o’clock"}
Reword = Callable[..., None]


def saved_pdf(client: PageClient, printer: StubPrinter, posted: Mapping[str, Any] = FILLED) -> bytes:
    client.flask.post("/en/agreement", data=posted | {"do": "pdf"})
    return files.pdf_with(printer.saved[-1])


def both(page: BeautifulSoup) -> list[tuple[str, str]]:
    """What stood there and what stands there now, of each line that reads in another way."""
    return [tuple(words(text) for text in line.select("dd")) for line in page.select(".changed")]


def lines_on_paper(client: PageClient, posted: Mapping[str, Any]) -> list[str]:
    page = client.post("/en/agreement", posted | {"do": "page"})
    return [words(line) for line in page.select(".sheet .agree-line > span:not(.icon):not(.marks)")]


def test_a_line_that_reads_in_another_way_is_shown_in_both(
    client: PageClient, content: Content, printer: StubPrinter, reword: Reword
) -> None:
    pdf = saved_pdf(client, printer)
    reword(night=NIGHT)
    page = opened(client, pdf)
    time = {"night-time": "8 o’clock"}  # for which the new words have no blank
    assert both(page) == [(filled_in(content.clauses["night"].lines["8-10"], time), filled_in(NIGHT, {}))]
    assert [words(name) for name in page.select(".changed dt")] == ["Before", "Now"]
    (box,) = page.select(".changed [type=checkbox]")
    assert (box["name"], box["value"], box.has_attr("checked")) == ("children-0-keep", "night", False)
    assert words(box.find_parent("label")) == "Keep the words we had"
    assert "Phones sleep in the blue box ." in lines_on_paper(client, fields(page))


def test_words_that_are_kept_are_printed_as_they_were(
    client: PageClient, content: Content, printer: StubPrinter, reword: Reword
) -> None:
    blanks = {"night-place": "the blue box", "night-time": "8 o’clock"}
    old = filled_in(content.clauses["night"].lines["8-10"], blanks)
    pdf = saved_pdf(client, printer)
    reword(night=NIGHT)
    posted = fields(opened(client, pdf)) | {"children-0-keep": ["night"]}
    found = lines_on_paper(client, posted)
    assert "____" not in old
    assert old in found
    assert not [line for line in found if line.startswith("Phones sleep")]
    again = opened(client, saved_pdf(client, printer, posted))
    assert old in lines_on_paper(client, fields(again))


def test_a_line_of_every_agreement_is_shown_in_both_and_reads_as_it_does_now(
    client: PageClient, printer: StubPrinter, reword: Reword
) -> None:
    pdf = saved_pdf(client, printer)
    reword(tell="I tell {adult-one} at once.")
    page = opened(client, pdf)
    assert [now for _then, now in both(page)] == ["I tell ____ at once."]
    assert not page.select(".changed [type=checkbox]")
    found = lines_on_paper(client, fields(page) | {"children-0-keep": ["tell"]})
    assert "I tell Mum at once." in found


def test_a_line_that_is_gone_becomes_one_of_our_own(client: PageClient, printer: StubPrinter, reword: Reword) -> None:
    pdf = saved_pdf(client, printer)
    reword(night=None, talk=None, practice=None)
    page = opened(client, pdf)
    own = [field["value"] for field in page.select("[name^=children-0-own-]")]
    assert own[0] == "I feed the cat first"
    assert "the blue box" in own[1]
    assert len(own) == 3
    assert sent(page)["children-0-clauses"] == ["contact"]


THEN = {"children-0-then-night": "Phones slept in {night-place}.", "children-0-keep": ["night"]}


@pytest.mark.parametrize("do", ["update", "child", "adult", "remove-2", "page", "pdf", "nonsense", "swap-1-talk"])
@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.usefixtures("failing_printer")
def test_no_button_loses_the_words_that_stood_there(client: PageClient, do: str, lang: str) -> None:
    for wrong in ({}, {"country": ""}):
        posted = family("Ada", "Ben") | THEN | wrong | {"do": do}
        response = client.flask.post(f"/{lang}/agreement", data=posted)
        found = sent(BeautifulSoup(response.text, "html.parser"))
        assert {name: found.get(name) for name in THEN} == typed(THEN)


def test_a_file_that_is_refused_loses_no_words_that_stood_there(client: PageClient) -> None:
    assert sent(opened(client, b"x", FAMILY | THEN, 422)) == typed(FAMILY | THEN)


def test_words_that_stood_there_go_with_their_child(client: PageClient) -> None:
    second = {name.replace("-0-", "-1-"): value for name, value in THEN.items()}
    found = sent(client.post("/en/agreement", family("Ada", "Ben") | second | {"do": "remove-1"}))
    assert {name: found.get(name) for name in THEN} == typed(THEN)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_address_of_an_opened_file_leads_to_the_builder(client: PageClient, lang: str) -> None:
    assert client.redirect(f"/{lang}/agreement/open") == f"/{lang}/agreement"


def test_a_chinese_name_without_its_fonts_is_named_and_loses_nothing(
    client: PageClient, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(letters._read.cache_clear)
    monkeypatch.setattr(letters, "CJK", Path("/missing/NotoSansCJK-Regular.ttc"))
    letters._read.cache_clear()
    chinese = FAMILY | {"children-0-name": "王小明", "children-0-own-0": "先写作业"}
    page = client.post("/en/agreement", chinese | {"do": "pdf"}, 422)
    assert "We cannot print 王 (cjk unified ideograph-738b), 小" in words(page.select_one(".problems"))
    assert sent(page) == typed(chinese)
