"""The printed sheet as HTML: what a child and its grown-ups read, and nothing of any result."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from babel.dates import format_skeleton
from babel.support import NullTranslations
from bs4 import BeautifulSoup, Tag
from flask import Flask

from quizapp import agreement as rules
from quizapp import languages, scoring
from quizapp.config import Config
from quizapp.model import Band, Child, Content, Paper
from quizapp.texts import texts
from tests.conftest import ANSWERS, FAMILY
from tests.tools.families import ADDRESS, CHILD, RIVERA, html_of

ROOT = Path(__file__).parents[1]
# What knows answers, points and levels.
FORBIDDEN = ("quizapp.scoring", "quizapp.sealing", "quizapp.forms", "quizapp.pages")
FULL = (Band.TWEEN, Band.TEEN)


def page_of(content: Content, child: Child, **family: Any) -> BeautifulSoup:
    """The sheet of one child of the family Rivera."""
    return BeautifulSoup(html_of(content, replace(RIVERA, children=(child,), **family)), "html.parser")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def lines(page: BeautifulSoup) -> list[str]:
    return [words(cell) for cell in page.select(".lines tbody td.line")]


# What stands on a sheet


@pytest.mark.parametrize("band", Band)
def test_a_sheet_begins_with_its_child_and_what_grown_ups_promise(content: Content, band: Band) -> None:
    page = page_of(content, replace(CHILD, band=band))
    assert [words(heading) for heading in page.select("h1, h2")][:3] == [
        "Leo’s page",
        "What we grown-ups promise, and sign first",
        "What I do",
    ]
    promised = [words(promise).removeprefix("• ") for promise in page.select(".promises li")]
    for name in ("tell", "no-trouble", "body", "secrets", "help", *CHILD.clauses):
        assert content.clauses[name].promise in promised
    assert set(content.wording.promises) <= set(promised)
    assert len(promised) == len(set(promised))


@pytest.mark.parametrize("band", Band)
def test_a_sheet_holds_five_lines_then_the_chosen_ones_then_those_of_the_child(content: Content, band: Band) -> None:
    shown = lines(page_of(content, replace(CHILD, band=band, blanks={})))
    core = [clause for clause in content.clauses.values() if clause.core]
    chosen = [clause for clause in content.clauses.values() if clause.id in CHILD.clauses]
    starts = [clause.lines[band].split("{")[0].strip() for clause in (*core, *chosen)]
    assert [line[: len(start)] for line, start in zip(shown[:9], starts, strict=True)] == starts
    assert shown[9:] == ["I feed the cat first", "My own rule:"]


def test_blanks_hold_what_was_typed_or_a_ruled_line(content: Content) -> None:
    page = page_of(content, CHILD)
    tell, night = (page.select(".lines td.line")[number] for number in (0, 6))
    said = content.clauses["tell"].lines[CHILD.band]
    assert words(tell) == said.replace("{adult-one}", "Mum").replace("{adult-two}", "")
    assert [words(typed) for typed in (tell.b, night.b)] == ["Mum", "8 o’clock"]
    assert len(tell.select(".rule")) == len(night.select(".rule")) == 1


def test_a_line_in_the_words_of_the_family_replaces_ours(content: Content) -> None:
    ours = lines(page_of(content, CHILD))
    theirs = lines(page_of(content, replace(CHILD, words={"night": "Phones sleep in the hall"})))
    assert theirs == ["Phones sleep in the hall" if "8 o’clock" in line else line for line in ours]
    assert theirs != ours


@pytest.mark.parametrize("text", ["{night-place}", "{no blank}", "{{ 7 * 7 }}", "100 % {}", "{% raw %}"])
def test_the_words_of_the_family_are_printed_as_they_are(content: Content, text: str) -> None:
    assert text in lines(page_of(content, replace(CHILD, words={"night": text})))


def test_each_line_can_be_marked_and_the_marks_are_text(content: Content) -> None:
    table = page_of(content, CHILD).select_one(".lines table")
    heads = [(words(head), head["scope"]) for head in table.select("thead th")]
    assert heads == [("my lines", "col"), ("agree", "col"), ("ask", "col"), ("change", "col")]
    for row in table.select("tbody tr"):
        assert [words(mark) for mark in row.select("td.mark")] == ["○", "○", "○"]


@pytest.mark.parametrize(
    ("adults", "signed"),
    [
        ((), ["A grown-up, first", "Leo"]),
        (("Ana",), ["Ana, first", "Leo"]),
        (("Ana", "Tom", "Jo", "Kim"), ["Ana, first", "Tom", "Jo", "Kim", "Leo"]),
    ],
)
def test_grown_ups_sign_first_then_the_child_with_a_day_to_think(
    content: Content, adults: tuple[str, ...], signed: list[str]
) -> None:
    page = page_of(content, CHILD, adults=adults)
    assert [words(place) for place in page.select(".sign td")] == signed
    assert words(page.select_one(".sign .day")) == "We think about it for one day, until"


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("country", ["us", "uk", "ca", "ie", "au", "nz", "other"])
def test_the_help_card_holds_the_lines_of_the_country_for_the_age(content: Content, country: str, band: Band) -> None:
    card = "full" if band in FULL else "young"
    rows = page_of(content, replace(CHILD, band=band), country=country).select(".help tr")
    lines = [line for line in content.countries[country].lines if not line.language]
    expected = [line for line in lines if line.verified and card in line.cards]
    assert expected
    assert [words(row.b) for row in rows] == [line.name for line in expected]
    for row, line in zip(rows, expected, strict=True):
        assert line.phone in words(row)
        assert f"checked in {format_skeleton('yMMM', date.fromisoformat(f'{line.checked}-01'))}" in words(row)


def test_a_line_that_nobody_verified_is_not_printed(content: Content) -> None:
    country = content.countries["us"]
    doubtful = replace(country, lines=tuple(replace(line, verified=False) for line in country.lines))
    changed = replace(content, countries={"us": doubtful})
    assert page_of(content, CHILD).select(".help tr")
    assert not page_of(changed, CHILD).select(".help tr")


@pytest.mark.parametrize("band", Band)
def test_the_plan_for_the_worst_day_carries_no_marks(content: Content, band: Band) -> None:
    page = page_of(content, replace(CHILD, band=band))
    plan = content.wording.plan if band in FULL else ()
    assert [words(step) for step in page.select(".plan li")] == [f"• {step}" for step in plan]
    assert "not my fault" in words(page.select_one(".card"))
    assert not page.select(".card .mark")


@pytest.mark.parametrize("band", Band)
def test_one_line_is_said_out_loud(content: Content, band: Band) -> None:
    said = page_of(content, replace(CHILD, band=band, blanks={"my-no": "Nope, not me"})).select_one(".aloud p")
    assert words(said).strip("“ ”") == content.wording.aloud[band].replace("{my-no}", "Nope, not me")


def test_two_grown_ups_outside_stand_there_or_can_be_written(content: Content) -> None:
    empty = page_of(content, CHILD).select(".outside")
    filled = page_of(content, replace(CHILD, blanks={"outside-one": "Aunt Mia", "outside-two": "Coach Sam"}))
    assert [words(place) for place in empty] == ["", ""]
    assert [words(place) for place in filled.select(".outside")] == ["Aunt Mia", "Coach Sam"]


def test_the_review_slip_asks_its_questions_with_room_to_write(content: Content) -> None:
    slip = page_of(content, CHILD).select_one(".review")
    assert words(slip.h2) == "When we look at it again, on February 22, 2027"
    assert [words(prompt) for prompt in slip.select(".prompt")] == list(content.wording.review)


def test_the_review_slip_names_what_is_parked_and_where_to_tear(content: Content) -> None:
    slip = page_of(content, CHILD).select_one(".review")
    assert words(slip.p) == "Tear off here"
    parked = [clause.topic for clause in rules.choosable(content, CHILD.band) if clause.id not in CHILD.clauses]
    assert words(slip.select_one(".parked")) == f"Parked for another time: {' · '.join(parked)}"


def test_the_footer_says_which_words_these_are_and_where_to_check_them(content: Content) -> None:
    foot = page_of(content, CHILD).article["data-foot"]
    assert foot == f"Words of {content.wording.version} · check them at {ADDRESS} · Leo"


@pytest.mark.parametrize(("name", "shown"), [("Rivera", "The Rivera family agreement"), ("", "Our family agreement")])
def test_the_family_and_its_days_stand_under_the_name(content: Content, name: str, shown: str) -> None:
    made = words(page_of(content, CHILD, name=name).select_one(".made"))
    assert made == f"{shown} · made together on November 22, 2026 · we look at it again on February 22, 2027"


def test_every_child_has_a_sheet_in_the_order_in_which_they_were_typed(content: Content) -> None:
    children = tuple(replace(CHILD, name=name, band=band) for name, band in zip("DBCA", Band, strict=True))
    page = BeautifulSoup(html_of(content, replace(RIVERA, children=children)), "html.parser")
    assert [words(sheet.h1) for sheet in page.select("article")] == ["D’s page", "B’s page", "C’s page", "A’s page"]


@pytest.mark.parametrize("paper", Paper)
def test_the_paper_is_the_one_that_was_chosen(content: Content, paper: Paper) -> None:
    assert f"size: {paper} }}" in words(page_of(content, CHILD, paper=paper).style)


class Marked(NullTranslations):
    """Marks whatever comes from the catalogue."""

    def gettext(self, message: str) -> str:
        return f"¿{message}"

    ugettext = gettext  # as the templates call it


def test_every_word_of_ours_comes_from_the_catalogue_of_the_language(content: Content) -> None:
    page = BeautifulSoup(html_of(content, RIVERA, Marked()), "html.parser")
    ours = page.select("h1, h2, h3, thead th, .made, .sign .day, title")
    assert not [words(tag) for tag in ours if not words(tag).startswith("¿")]


# Typed text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<b>Leo</b>", '"><img src=x>', "&amp;", "</title>"])
def test_typed_markup_stays_text(content: Content, text: str) -> None:
    blanks = dict.fromkeys(("adult-one", "night-place", "outside-one"), text)
    child = replace(CHILD, name=text, blanks=blanks, own=(text,), words={"talk": text})
    plain, page = page_of(content, CHILD), page_of(content, child, name=text, adults=(text, text))
    assert words(page.h1) == f"{text}’s page"
    for tag in ("script", "img", "title", "style", "h1"):
        assert len(page.select(tag)) == len(plain.select(tag))


def test_an_emoji_becomes_a_square_wherever_it_is_typed(content: Content) -> None:
    emoji = "Mia 🦄👨‍👩‍👧"
    blanks = dict.fromkeys(("adult-one", "night-place", "talk-when", "outside-one", "outside-two"), emoji)
    child = replace(CHILD, name=emoji, blanks=blanks, own=(emoji,), words={"contact": emoji})
    page = page_of(content, child, name=emoji, adults=(emoji, emoji))
    assert str(page).count("Mia □□") == 13
    assert "🦄" not in str(page)


@pytest.mark.parametrize(("name", "size"), [("Leo", "short"), ("Maximilian-Theo", "long"), ("M" * 29, "very-long")])
def test_a_longer_name_is_printed_smaller(content: Content, name: str, size: str) -> None:
    assert page_of(content, replace(CHILD, name=name)).h1["class"] == ["name", f"name--{size}"]


# Nothing of the result


def suggestions(content: Content, band: Band) -> set[tuple[str, ...]]:
    """The lines that can be suggested to a child of this age, over every way to answer."""
    habits = scoring.scored(content)
    ways = product(*({answer.points for answer in habit.answers} for habit in habits))
    lost = ({habit.id: points for habit, points in zip(habits, way, strict=True)} for way in ways)
    return {rules.suggest(content, band, points) for points in lost}


def told_by_a_result(content: Content) -> list[str]:
    """Every text of a result, and every question."""
    told = [text for level in content.quiz.levels for text in texts(level)]
    told += [text for step in content.steps.values() for text in (step.title, step.time, step.reason, step.find_out)]
    told += [answer.said for question in content.questions.values() for answer in question.answers]
    told += [text for question in content.questions.values() for text in (question.text, question.why)]
    return [text for text in told if text]


@pytest.mark.parametrize("band", Band)
def test_no_sheet_tells_a_level_a_point_a_question_or_a_reason(content: Content, band: Band) -> None:
    told = [*told_by_a_result(content), "Because you said", "points", "score", "result"]
    chosen = suggestions(content, band)
    assert len(chosen) > 10
    for clauses in chosen:
        shown = html_of(content, replace(RIVERA, children=(replace(CHILD, band=band, clauses=clauses),)))
        assert not [text for text in told if text in shown]


@pytest.mark.parametrize("band", Band)
def test_every_suggestion_makes_a_sheet_of_the_same_size(content: Content, band: Band) -> None:
    for clauses in suggestions(content, band):
        page = page_of(content, replace(CHILD, band=band, clauses=clauses))
        assert len(page.select(".lines tbody tr")) == 5 + 4 + 2


@dataclass
class KeepingPrinter:
    """Prints nothing, and keeps what it was given."""

    printed: list[str] = field(default_factory=list)

    def run(self, html: str, *more: bytes) -> bytes:
        self.printed.append(html)
        return b"%PDF"


def print_what_is_suggested(app: Flask, answers: Mapping[str, str]) -> None:
    """The shortest way from answers to paper, with the lines that the builder suggests."""
    flask = app.test_client()
    result = BeautifulSoup(flask.get(flask.post("/en/quiz", data=answers).headers["Location"]).text, "html.parser")
    link = str(result.select_one("a[href^='/en/agreement/']")["href"])
    builder = BeautifulSoup(flask.get(link).text, "html.parser")
    clauses = [str(tag["value"]) for tag in builder.select("[name=children-0-clauses][checked]")]
    flask.post("/en/agreement", data=FAMILY | {"children-0-clauses": clauses, "do": "pdf"})


def test_two_results_that_suggest_the_same_lines_print_the_same_sheet(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer = KeepingPrinter()
    monkeypatch.setitem(app.extensions, "quizapp", replace(app.extensions["quizapp"], printer=printer))
    calm = {"contact": "known", "strangers": "no", "promise": "yes", "practice": "yes", "night": "outside"}
    worried = calm | {"talk": "rarely", "promise": "not-yet", "signs": "clearly", "urgent": "maybe"}
    for answers in (calm, worried):
        print_what_is_suggested(app, ANSWERS | answers)
    assert len(printer.printed) == 2
    assert printer.printed[0] == printer.printed[1]


# Every outcome of the quiz that suggests lines, each with the same habits and so with the same lines.
OUTCOMES = {
    "first level": {"signs": "no", "urgent": "no"},
    "second level": {"signs": "little", "urgent": "maybe"},
    "check-in": {"signs": "clearly", "urgent": "maybe"},
}


def printed_after(app: Flask, answers: Mapping[str, str], lang: str, paper: str) -> str:
    """The sheet as it is printed after a quiz, by the links that the pages show."""
    flask, printer = app.test_client(), KeepingPrinter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(app.extensions, "quizapp", replace(app.extensions["quizapp"], printer=printer))
        address = flask.post(f"/{lang}/quiz", data=answers).headers["Location"]
        result = BeautifulSoup(flask.get(address).text, "html.parser")
        link = str(result.select_one(f"a[href^='/{lang}/agreement/']")["href"])
        builder = flask.get(link).text
        assert address.rsplit("/", 1)[-1] not in builder
        assert not BeautifulSoup(builder, "html.parser").select("a[href*='/result/']")
        assert flask.get(f"/{lang}/result/{link.rsplit('/', 1)[-1]}").status_code == 404
        chosen = BeautifulSoup(builder, "html.parser").select("[name=children-0-clauses][checked]")
        data = {"children-0-band": answers["age"], "children-0-clauses": [tag["value"] for tag in chosen]}
        flask.post(f"/{lang}/agreement", data=FAMILY | data | {"do": "pdf", "language": paper})
    [html] = printer.printed
    return html


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize(("lang", "paper"), [("en", "same"), ("es", "same"), ("en", "en+es")])
def test_every_outcome_with_the_same_lines_prints_the_same_sheet_and_slip(
    app: Flask, content: Content, band: Band, lang: str, paper: str
) -> None:
    sheets = {printed_after(app, ANSWERS | more | {"age": band}, lang, paper) for more in OUTCOMES.values()}
    assert len(sheets) == 1
    [html] = sheets
    spanish = languages.content_in(content, languages.catalogue("es", Config().TRANSLATIONS))
    told = [text for spoken in (content, spanish) for text in told_by_a_result(spoken)]
    assert not [text for text in told if text in html]


def imported(path: Path) -> set[str]:
    """The modules that a file names in its imports."""
    tree = ast.walk(ast.parse(path.read_text()))
    found: set[str] = set()
    for node in tree:
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names} | {str(node.module)}
    return found


def test_what_makes_and_prints_a_childs_sheet_cannot_reach_a_result() -> None:
    theirs = [path for path in (ROOT / "quizapp/printing").glob("*.py") if path.name != "parent.py"]
    waiting, seen = {ROOT / "quizapp/agreement.py", *theirs}, {ROOT / "quizapp/__init__.py"}
    assert len(waiting) > 5
    while waiting:
        path = waiting.pop()
        seen.add(path)
        names = imported(path)
        assert not [name for name in names if name.startswith(FORBIDDEN)], path
        modules = [ROOT / name.replace(".", "/") for name in names]
        there = {file for module in modules for file in (module.with_suffix(".py"), module / "__init__.py")}
        waiting |= {file for file in there - seen if file.exists()}
