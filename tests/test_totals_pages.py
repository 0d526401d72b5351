"""The page of a school's totals: only for whoever has the key, honest about what is not known, and kept by nobody."""

import csv
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.test import TestResponse

from quizapp import create_app
from quizapp.model import Content
from quizapp.schools import Unavailable
from quizapp.schools.database import SQLITE_FILE, Database, address
from quizapp.schools.office import Office
from quizapp.schools.register import Register
from quizapp.schools.totals import Count
from tests.conftest import PATIENT, PageClient
from tests.test_journey import CUT_OFF, DESK, PHONE, looks_right, opened
from tests.tools import words
from tests.tools.nu import NuChecker
from tests.tools.server import serving

HABITS = ("promise", "contact", "talk", "strangers", "practice", "night", "age-true")
EVIL = '=HYPERLINK("http://x")<b>&\''


@dataclass(frozen=True)
class Known:
    """A school with its key."""

    office: Office
    id: str
    key: str

    @property
    def path(self) -> str:
        return f"/en/schools/{self.id}/totals"

    def count(self, number: int, needs: int, lang: str = "en", apart: bool = False, more: str = "") -> None:
        """So many quizzes of which the first ones were counted as a need, in every habit."""
        habits = (*HABITS, more) if more else HABITS
        counts = [Count(self.id, lang, dict.fromkeys(habits, n < needs), apart) for n in range(number)]
        self.office.counters.add(counts)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with a database of its own, which may take its time on a busy machine."""
    app = create_app({"INSTANCE": tmp_path_factory.mktemp("totals")} | PATIENT)
    yield app
    app.extensions["quizapp"].close()


@pytest.fixture
def client(app: Flask, nu: NuChecker) -> PageClient:
    return PageClient(app.test_client(), nu)


def new_school(app: Flask, name: str = "Hill School") -> Known:
    found: Office = app.extensions["quizapp"].office
    school, key = found.register.make(name, "Springfield", ["en", "es"], date(2026, 11, 22))
    return Known(found, school.id, key)


@pytest.fixture
def school(app: Flask) -> Known:
    return new_school(app)


def shown(client: PageClient, school: Known) -> BeautifulSoup:
    return client.post(school.path, {"key": school.key})


def text(tag: Tag | None) -> str:
    assert tag
    return " ".join(tag.get_text(" ").split())


# The key


def test_the_form_asks_for_the_key_without_having_it_remembered(client: PageClient, school: Known) -> None:
    page = client.get(school.path)
    field = page.select_one("input[name=key]")
    assert (field["autocomplete"], field["spellcheck"], field["value"]) == ("off", "false", "")
    assert page.select_one("form[method=post]")["action"] == school.path
    assert "Hill School" in text(page.main)


@pytest.mark.parametrize("around", ["{}", "  {}\r\n", "\t{} "])
def test_a_key_opens_with_what_was_copied_along(client: PageClient, school: Known, around: str) -> None:
    page = client.post(school.path, {"key": around.format(school.key)})
    assert "Nothing to show yet" in text(page.main)


@pytest.mark.parametrize("wrong", ["x", "{key}x", "'; drop table schools", "\0x", "ключ", "x" * 100_000])
def test_a_wrong_key_shows_the_form_again_with_what_is_wrong(client: PageClient, school: Known, wrong: str) -> None:
    school.count(50, 20)
    page = client.post(school.path, {"key": wrong.replace("{key}", school.key)}, 403)
    assert page.title.text.startswith("Error:")
    assert "does not open" in text(page.select_one("#key-wrong"))
    assert page.select_one("#key")["aria-invalid"] == "true"
    assert not page.select(".chart, .numbers")


def test_no_key_is_asked_for_again(client: PageClient, school: Known) -> None:
    page = client.post(school.path, {"key": "  "}, 422)
    assert "Paste your key" in text(page.select_one("#key-wrong"))


def test_the_key_of_another_school_opens_nothing(client: PageClient, app: Flask, school: Known) -> None:
    school.count(50, 20)
    page = client.post(school.path, {"key": new_school(app, "Valley School").key}, 403)
    assert not page.select(".chart, .numbers")


def test_a_lost_key_opens_nothing_any_more(client: PageClient, school: Known) -> None:
    new = school.office.register.new_key(school.id)
    client.post(school.path, {"key": school.key}, 403)
    client.post(school.path, {"key": new})


def test_a_key_in_the_address_opens_nothing(client: PageClient, school: Known) -> None:
    school.count(50, 20)
    assert not client.get(f"{school.path}?key={school.key}").select(".chart, .numbers")


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_school_that_is_not_there_has_no_totals(client: PageClient, way: str) -> None:
    answer = getattr(client.flask, way)("/en/schools/zzzzzzzz/totals")
    assert answer.status_code == 404


# Who may keep what


def answers(client: PageClient, school: Known) -> list[TestResponse]:
    forms = [{"key": school.key}, {"key": school.key, "do": "csv"}, {"key": "wrong"}, {"key": ""}]
    return [client.flask.post(school.path, data=form) for form in forms]


def test_nobody_keeps_an_answer_that_holds_a_key_or_totals(client: PageClient, school: Known) -> None:
    school.count(40, 20)
    found = answers(client, school)
    assert [answer.status_code for answer in found] == [200, 200, 403, 422]
    assert {answer.headers["Cache-Control"] for answer in found} == {"no-store"}


def test_the_key_stands_in_no_header_no_link_and_no_log(
    client: PageClient, school: Known, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    school.count(40, 20)
    for answer in answers(client, school):
        assert school.key not in str(answer.headers)
        page = BeautifulSoup(answer.text, "html.parser")
        assert not [tag for tag in page.select("[href], [action], [src]") if school.key in str(tag.attrs)]
    assert school.key not in caplog.text


# What the page says


def test_before_the_first_ten_there_is_nothing_to_see(client: PageClient, school: Known) -> None:
    school.count(9, 9)
    page = shown(client, school)
    assert "Nothing to show yet" in text(page.main)
    assert not page.select(".chart, table, details")


def test_quizzes_are_counted_in_tens(client: PageClient, school: Known) -> None:
    school.count(59, 30)
    school.count(15, 5, "es")
    assert "60 quizzes are finished" in text(shown(client, school).main)


def test_with_few_quizzes_it_is_too_early_to_tell(client: PageClient, school: Known) -> None:
    school.count(30, 20)
    page = shown(client, school)
    assert "Too early to tell. From 40 quizzes on" in text(page.select_one("#needs"))
    assert not page.select(".chart, #evening")
    assert len(page.select("#numbers tbody tr")) == 7


def needing(school: Known) -> None:
    """A hundred quizzes in which each habit is counted as a need more often than the one before."""
    for number in range(100):
        needs = {habit: number < 25 + 7 * place for place, habit in enumerate(reversed(HABITS))}
        school.office.counters.add([Count(school.id, "en", needs)])


def test_the_commonest_need_stands_first_in_words_and_as_a_chart(
    client: PageClient, school: Known, content: Content
) -> None:
    needing(school)
    page = shown(client, school)
    names = [text(entry.h3) for entry in page.select(".need")]
    assert names == [content.questions[habit].habit for habit in HABITS]
    assert text(page.select_one(".need p")) == "About 8 in 10 families, between 6 and 10 in 10."
    mark, bar = page.select_one(".chart__mark"), page.select_one(".chart__range")
    assert (float(mark["x"]), bar["x"], bar["width"]) == (83.25, "65", "35")


def test_the_commonest_needs_bring_ideas_for_an_evening(client: PageClient, school: Known, content: Content) -> None:
    needing(school)
    evenings = [text(entry) for entry in shown(client, school).select(".evening")]
    expected = [content.questions[habit] for habit in HABITS[:3]]
    assert evenings == [f"{each.habit} {each.text} {each.evening}" for each in expected]


def test_a_need_that_perhaps_nobody_has_brings_no_evening(client: PageClient, school: Known) -> None:
    school.count(100, 26)
    assert not shown(client, school).select("#evening")


def test_each_language_has_a_table_where_there_are_several(client: PageClient, school: Known) -> None:
    school.count(20, 10)
    assert [text(heading) for heading in shown(client, school).select("#numbers h3")] == []
    school.count(10, 5, "es")
    page = shown(client, school)
    assert [text(heading) for heading in page.select("#numbers h3")] == ["All languages", "English", "Español"]
    counted = [text(row.td) for row in page.select("#numbers tbody tr")]
    assert counted == ["15 of 30"] * 7 + ["10 of 20"] * 7 + ["5 of 10"] * 7


def test_a_habit_that_the_quiz_does_not_have_any_more_is_left_out(client: PageClient, school: Known) -> None:
    school.count(50, 20, more="gone")
    page = shown(client, school)
    assert len(page.select("#numbers tbody tr")) == 7
    assert "gone" not in text(page.main)


def test_quizzes_of_a_burst_wait_to_be_looked_at(client: PageClient, school: Known) -> None:
    school.count(20, 10, apart=True)
    assert "20 quizzes came in quick succession" in text(shown(client, school).main)
    school.office.counters.accept_bursts(school.id)
    page = shown(client, school)
    assert "quick succession" not in text(page.main)
    assert "20 quizzes are finished" in text(page.main)


def test_the_name_of_a_school_is_text(client: PageClient, app: Flask) -> None:
    known = new_school(app, EVIL)
    assert EVIL in text(client.get(known.path).main)
    assert EVIL in text(shown(client, known).main)


# The table for a spreadsheet


def lines(client: PageClient, school: Known) -> list[list[str]]:
    answer = client.flask.post(school.path, data={"key": school.key, "do": "csv"})
    assert answer.headers["Content-Disposition"] == "attachment; filename=totals.csv"
    assert answer.mimetype == "text/csv"
    return [*csv.reader(StringIO(answer.data.decode("utf-8-sig")))]


def test_the_table_has_the_numbers_of_the_page(client: PageClient, school: Known) -> None:
    needing(school)
    head, first, *rest = lines(client, school)
    cells = [text(cell) for cell in shown(client, school).select_one("#numbers tbody tr").select("th, td")]
    assert len(head) == len(first) == 8
    assert first[:3] == ["Hill School", "All languages", cells[0]]
    assert [f"{first[4]} of {first[3]}", f"{first[5]} ({first[6]}–{first[7]})"] == cells[1:]
    assert len(rest) == 6


def test_the_table_has_every_language(client: PageClient, school: Known) -> None:
    school.count(10, 5)
    school.count(10, 5, "es")
    found = [line[1] for line in lines(client, school)[1:]]
    assert found == ["All languages"] * 7 + ["English"] * 7 + ["Español"] * 7


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1", "\r=1", "\n=1", EVIL])
def test_no_cell_is_a_formula(client: PageClient, app: Flask, name: str) -> None:
    known = new_school(app, name)
    known.count(10, 5)
    cells = [cell for line in lines(client, known) for cell in line]
    assert f"'{name}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_a_plain_name_stands_in_the_table_as_it_is(client: PageClient, app: Flask) -> None:
    known = new_school(app, 'St. Mary’s, "Hill"')
    known.count(10, 5)
    assert {line[0] for line in lines(client, known)[1:]} == {'St. Mary’s, "Hill"'}


# Without a database


@pytest.mark.parametrize("way", ["get", "post"])
def test_while_the_database_is_away_the_form_is_still_there(
    client: PageClient, school: Known, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    def away(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(school.office, "find", away)
    answer = getattr(client.flask, way)(school.path, data={"key": school.key})
    page = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "15")
    assert "Nothing that was counted is lost" in text(page.select_one("[role=alert]"))
    assert page.select_one("#key")["value"] == (school.key if way == "post" else "")


def test_a_database_that_goes_away_between_two_questions_is_no_fault(
    client: PageClient, school: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(school.path)

    def away(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(school.office.counters, "totals", away)
    assert "back soon" in text(client.post(school.path, {"key": school.key}, 503).select_one("[role=alert]"))


# How it reads, and how it looks


@pytest.mark.parametrize("quizzes", [0, 20, 100])
def test_the_page_is_plain(client: PageClient, school: Known, content: Content, quizzes: int) -> None:
    school.count(quizzes, quizzes // 2)
    for page in (client.get(school.path), shown(client, school)):
        sentences = words.sentences_of(page, words.names_in(content))
        assert words.measured(school.path, sentences, "en").is_plain


@dataclass(frozen=True)
class Served:
    address: str
    schools: dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with three schools: with nothing, with little, and with much counted; their paths and keys."""
    folder: Path = tmp_path_factory.mktemp("served-totals")
    with serving(folder) as at:
        database = Database(address("", folder))
        asked = Office(database, 1)
        schools = {}
        for name, quizzes in (("empty", 0), ("early", 20), ("full", 100)):
            made, key = Register(database).make(
                f"School {name} " + "Llanfairpwllgwyngyll" * 3, "", ["en"], date.today()
            )
            known = Known(asked, made.id, key)
            known.count(quizzes, quizzes * 6 // 10)
            known.count(quizzes // 2, quizzes // 4, "es")
            known.count(quizzes // 5, 0, apart=True)
            schools[name] = known.path, key
        assert (folder / SQLITE_FILE).exists()
        yield Served(at, schools)
        asked.close()


@pytest.mark.parametrize("name", ["empty", "early", "full"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_it_looks_right(browser: Browser, served: Served, name: str, scheme: str, size: dict[str, int]) -> None:
    """In the light in English, in the dark in Spanish."""
    path, key = served.schools[name]
    with opened(browser, served.address, viewport=size, color_scheme=scheme) as page:
        page.goto(path if scheme == "light" else path.replace("/en/", "/es/"))
        looks_right(page)
        page.fill("#key", "wrong")
        page.click("main form button")
        page.get_by_role("alert").wait_for()
        looks_right(page)
        page.fill("#key", key)
        page.click("main form button")
        page.get_by_role("alert").wait_for(state="detached")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        looks_right(page)
        assert page.evaluate(CUT_OFF) == []


def test_the_table_is_downloaded_from_the_page(browser: Browser, served: Served) -> None:
    path, key = served.schools["full"]
    with opened(browser, served.address, viewport=PHONE, accept_downloads=True) as page:
        page.goto(path)
        page.get_by_label("Your key").fill(key)
        page.keyboard.press("Enter")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as a table").click()
        assert download.value.suggested_filename == "totals.csv"
        assert key not in page.url
