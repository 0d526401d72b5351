"""The adult's own sheet: two pages for every result, country and language, and never a part of the agreement."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from quizapp.agreement import help_card, show_blanks, suggest
from quizapp.model import Band, Card, Content, Paper, Result
from quizapp.pages.site import Language
from quizapp.printing import Busy, Failed
from quizapp.printing.parent import to_html
from quizapp.result import explain
from quizapp.sealing import Seal, answers_to_text
from quizapp.signs import for_age
from quizapp.texts import texts
from tests.conftest import ANSWERS, PageClient
from tests.test_agreement_pages import StubPrinter, put_in
from tests.test_result_pages import BEST, SIGNS, UNSURE, WORST, words
from tests.tools.families import CHILD, RIVERA, html_of
from tests.tools.paper import OUR_FONTS, SIZES, edges, embedded, fonts, read, text_of
from tests.tools.verapdf import PdfUaChecker

COUNTRIES = ("us", "uk", "ca", "ie", "au", "nz", "other")
LETTER = ("us", "ca")
LANGUAGES = ("en", "es")
# A day in the week whose sentence is read with the sheets here.
DAY = date(2026, 11, 23)
# The fullest first page: three habits that go well, three steps, three things to find out.
MIXED = BEST | UNSURE | {"promise": "yes", "practice": "not-yet"}
FAMILIES = {"best": BEST, "worst": WORST, "unsure": WORST | UNSURE, "mixed": MIXED}
EMERGENCY = ("911", "999", "112", "000", "111")
MARGIN = 14 * 72 / 25.4
BUSY = [pytest.param(Busy(), id="busy"), pytest.param(Failed("it died twice"), id="broken")]


@pytest.fixture
def languages(app: Flask) -> Mapping[str, Language]:
    found: Mapping[str, Language] = app.extensions["quizapp"].languages
    return found


def sheet_of(language: Language, answers: Mapping[str, str], country: str = "us", paper: Paper = Paper.A4) -> str:
    """The sheet as HTML, as it is sent to the printer."""
    content = language.content
    result = explain(content, answers, DAY)
    there = content.countries.get(country)
    return to_html(content, result, there, paper, DAY, language.code, language.translations)


def page_of(language: Language, answers: Mapping[str, str], country: str = "us") -> BeautifulSoup:
    return BeautifulSoup(sheet_of(language, answers, country), "html.parser")


def paper_of(country: str) -> Paper:
    return Paper.LETTER if country in LETTER else Paper.A4


# What stands on it


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sheet_holds_what_an_adult_needs_in_the_week(
    languages: Mapping[str, Language], lang: str, band: Band
) -> None:
    content = languages[lang].content
    answers = WORST | {"age": band.value}
    found, page = explain(content, answers, DAY), words(page_of(languages[lang], answers))
    assert found.level
    said = [found.level.name, found.level.line, found.starter.text, content.signs["warning"].lead]
    said += [sign.text for sign in for_age(content.signs["warning"], band)]
    said += [sign.text for sign in content.signs["adult-says"].signs[:4]]
    said += content.quiz.limits
    assert not [text for text in said if text not in page]


@pytest.mark.parametrize("band", Band)
def test_each_step_says_how_long_it_takes_why_who_says_so_and_the_line(
    content: Content, app: Flask, band: Band
) -> None:
    answers = WORST | {"age": band.value}
    result = explain(content, answers, DAY)
    shown = page_of(app.extensions["quizapp"].languages["en"], answers).select(".parent__step")
    assert len(shown) == len(result.assessment.steps) == 3
    for entry, name in zip(shown, result.assessment.steps, strict=True):
        step = content.steps[name]
        source = content.sources[content.factors[step.factor].source]
        said = [step.title_for.get(band) or step.title, step.time, step.text_for.get(band) or step.text, step.reason]
        said += [source.organisation, str(source.year or source.read), *line_of(result, name)]
        assert not [text for text in said if text not in words(entry)]


def line_of(result: Result, name: str) -> list[str]:
    """The line of the agreement that goes with a step, where there is one."""
    return [show_blanks(result.lines[name].lines[result.band])] if name in result.lines else []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_the_sheet_names_the_lines_of_the_country_that_speak_the_language(
    languages: Mapping[str, Language], lang: str, country: str
) -> None:
    shown = [words(row.b) for row in page_of(languages[lang], WORST, country).select(".help tr")]
    card = help_card(languages[lang].content, country, Card.FULL, lang)
    assert shown == [line.name for line in card]
    assert shown


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", ["", "xx", "US"])
def test_without_a_country_the_sheet_gives_emergency_numbers(
    languages: Mapping[str, Language], lang: str, country: str
) -> None:
    page = page_of(languages[lang], WORST, country)
    assert not page.select(".help")
    assert not [number for number in EMERGENCY if number not in words(page.select_one(".card"))]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("answers", FAMILIES.values(), ids=FAMILIES)
def test_a_check_in_names_no_level_on_paper_either(
    languages: Mapping[str, Language], lang: str, answers: Mapping[str, str]
) -> None:
    page = words(page_of(languages[lang], answers | {"signs": "clearly"}))
    assert not [level.name for level in languages[lang].content.quiz.levels if level.name in page]


def test_the_sheet_tells_what_to_find_out_and_what_would_change_the_level(content: Content, app: Flask) -> None:
    result = explain(content, MIXED, DAY)
    page = words(page_of(app.extensions["quizapp"].languages["en"], MIXED))
    assert result.better
    assert f"“{result.better.name}”" in page
    assert len(result.assessment.find_out) == 3
    assert not [name for name in result.assessment.find_out if content.steps[name].find_out not in page]


def test_the_sheet_has_the_sentence_of_its_week(content: Content, languages: Mapping[str, Language]) -> None:
    sheets = [
        to_html(content, explain(content, BEST, day), None, Paper.A4, day, "en", languages["en"].translations)
        for day in (DAY, DAY + timedelta(weeks=1))
    ]
    starters = [explain(content, BEST, day).starter.text for day in (DAY, DAY + timedelta(weeks=1))]
    assert [[starter in sheet for starter in starters] for sheet in sheets] == [[True, False], [False, True]]


# Two pages, for everyone to read


# Every result meets the longest card, which is Canada's, on the shorter paper. No words come from a country and a
# result together, so other cards and none meet every result at one age each; all of them meet the fullest one below.
PLACES = [*((band, "ca") for band in Band), (Band.EARLY, "uk"), (Band.MIDDLE, ""), (Band.TWEEN, "us")]


@pytest.mark.parametrize(("band", "country"), PLACES)
@pytest.mark.parametrize("signs", SIGNS)
@pytest.mark.parametrize("answers", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_result_is_two_accessible_pages(
    languages: Mapping[str, Language],
    printed: Callable[[str], bytes],
    pdfua: PdfUaChecker,
    lang: str,
    band: Band,
    answers: Mapping[str, str],
    signs: str,
    country: str,
) -> None:
    answers = answers | {"age": band.value, "signs": signs}
    pdf = printed(sheet_of(languages[lang], answers, country, paper_of(country)))
    first, second = (" ".join(page.extract_text().split()) for page in read(pdf).pages)
    starter = explain(languages[lang].content, answers, DAY).starter.text
    assert starter in second
    assert starter not in first
    assert fonts(pdf) <= embedded(OUR_FONTS)
    assert pdfua.problems(pdf) == []


@pytest.mark.parametrize("signs", ["little", "clearly"])
@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_country_leaves_two_pages_that_end_at_the_margin(
    languages: Mapping[str, Language],
    printed: Callable[[str], bytes],
    lang: str,
    country: str,
    paper: Paper,
    signs: str,
) -> None:
    pdf = printed(sheet_of(languages[lang], MIXED | {"age": "14-17", "signs": signs}, country, paper))
    pages = read(pdf).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [SIZES[paper]] * 2
    assert not [(edge, word) for edge, word in edges(pdf) if edge > SIZES[paper][0] - MARGIN + 1]


@pytest.mark.parametrize("week", range(0, 53, 4))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_of_a_week_makes_a_third_page(
    languages: Mapping[str, Language], printed: Callable[[str], bytes], lang: str, week: int
) -> None:
    language, day = languages[lang], DAY + timedelta(weeks=week)
    found = explain(language.content, MIXED | {"age": "14-17"}, day)
    us = language.content.countries["us"]
    html = to_html(language.content, found, us, Paper.LETTER, day, lang, language.translations)
    assert len(read(printed(html)).pages) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_properties_name_the_language_and_no_result(
    languages: Mapping[str, Language], printed: Callable[[str], bytes], lang: str
) -> None:
    pdfs = [read(printed(sheet_of(languages[lang], answers))) for answers in (BEST, WORST)]
    assert [pdf.trailer["/Root"]["/Lang"] for pdf in pdfs] == [lang, lang]
    assert pdfs[0].metadata == pdfs[1].metadata
    assert pdfs[0].metadata
    assert not list(pdfs[0].attachments)


# As a parent downloads it


@pytest.fixture
def address(client: PageClient) -> str:
    """The address of a result."""
    return client.redirect("/en/quiz", WORST)


def downloaded(client: PageClient, address: str) -> TestResponse:
    response = client.flask.get(address)
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.headers["Content-Disposition"] == "attachment; filename=my-sheet.pdf"
    assert "private" in response.headers["Cache-Control"]
    return response


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_sheet_is_on_the_paper_that_the_country_has_at_home(
    client: PageClient, address: str, content: Content, country: str
) -> None:
    pdf = downloaded(client, f"{address}/parent-sheet.pdf?country={country}").data
    pages = read(pdf).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [
        SIZES[paper_of(country)]
    ] * 2
    (first, *_) = help_card(content, country, Card.FULL, "en")
    assert first.name in text_of(pdf)


@pytest.mark.parametrize(
    "query",
    ["", "?country=", "?country=xx", "?country=US", "?country=%00", "?country=%3Cb%3E", "?country=us%20", "?x=1"],
)
def test_an_unknown_country_gets_emergency_numbers_on_a4(client: PageClient, address: str, query: str) -> None:
    pdf = downloaded(client, f"{address}/parent-sheet.pdf{query}").data
    assert not [number for number in EMERGENCY if number not in text_of(pdf)]
    assert round(read(pdf).pages[0].mediabox.width) == SIZES[Paper.A4][0]


def test_the_page_offers_the_sheet_for_every_country(client: PageClient, address: str, content: Content) -> None:
    form = client.get(address).select_one("form.parent-sheet")
    assert (form["method"], form["action"]) == ("get", f"{address}/parent-sheet.pdf")
    offered = {str(option["value"]): words(option) for option in form.select("select[name=country] option")}
    assert {country.id: country.name for country in content.countries.values()}.items() <= offered.items()


def test_a_sheet_in_spanish_comes_from_a_result_in_spanish(
    client: PageClient, address: str, languages: Mapping[str, Language]
) -> None:
    text = text_of(downloaded(client, f"/es{address[3:]}/parent-sheet.pdf?country=us").data)
    assert languages["es"].content.quiz.levels[-1].name in text
    assert languages["en"].content.quiz.levels[-1].name not in text


def test_the_same_result_gives_the_same_bytes_on_a_day(client: PageClient, address: str) -> None:
    first, again = (downloaded(client, f"{address}/parent-sheet.pdf?country=uk").data for _ in range(2))
    assert first == again


# When there is no sheet to give


@pytest.fixture
def seal(app: Flask) -> Seal:
    """What seals the links of results."""
    return app.extensions["quizapp"].result_seal


def test_the_sheet_of_a_cry_for_help_is_help(client: PageClient, content: Content, seal: Seal) -> None:
    sealed = seal.close(answers_to_text(content, ANSWERS | {"urgent": "yes"}))
    assert client.redirect(f"/en/result/{sealed}/parent-sheet.pdf?country=us") == "/en/help"


@pytest.mark.parametrize("sealed", ["x", "gAAAAA", "a" * 247, "%C3%A9"])
def test_the_sheet_of_a_broken_link_is_the_page_that_says_so(client: PageClient, sealed: str) -> None:
    page = client.get(f"/en/result/{sealed}/parent-sheet.pdf", 404)
    assert words(page.select_one("h1")) == words(client.get(f"/en/result/{sealed}", 404).select_one("h1"))
    assert page.select_one("main a.button")["href"] == "/en/quiz"


def test_the_sheet_of_an_old_link_offers_the_minute_again(client: PageClient, content: Content, seal: Seal) -> None:
    sealed_at = int((datetime.now() - timedelta(days=31)).timestamp())
    token = seal._fernet.encrypt_at_time(answers_to_text(content, ANSWERS).ljust(127).encode(), sealed_at)
    page = client.get(f"/en/result/{token.decode().rstrip('=')}/parent-sheet.pdf", 404)
    assert "for 30 days" in words(page)
    assert page.select_one("main a.button")["href"] == "/en/quiz"


@pytest.mark.parametrize("failure", BUSY)
def test_a_printer_that_cannot_leaves_the_result_and_a_way_to_try_again(
    app: Flask, client: PageClient, address: str, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    put_in(app, StubPrinter(failure), monkeypatch)
    page = client.get(f"{address}/parent-sheet.pdf?country=ie", 503)
    whole = client.get(address)
    assert page.title.text == f"Error: {whole.title.text}"
    assert page.select_one(".problems[role=alert]")
    assert words(page.select_one(".level")) == words(whole.select_one(".level"))
    assert page.select_one("form.parent-sheet button")
    assert page.select_one("form.parent-sheet")["action"] == f"{address}/parent-sheet.pdf"


@pytest.mark.parametrize("failure", BUSY)
def test_a_printer_that_cannot_says_when_to_try_again(
    app: Flask, client: PageClient, address: str, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    put_in(app, StubPrinter(failure), monkeypatch)
    response = client.flask.get(f"{address}/parent-sheet.pdf?country=ie")
    assert int(response.headers["Retry-After"]) > 0
    assert "private" in response.headers["Cache-Control"]


def test_whoever_tries_again_has_chosen_the_country_before(
    app: Flask, client: PageClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(app, StubPrinter(Busy()), monkeypatch)
    page = client.get(f"{address}/parent-sheet.pdf?country=ie", 503)
    assert [option["value"] for option in page.select("form.parent-sheet option[selected]")] == ["ie"]


# Never a part of the agreement


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("signs", SIGNS)
def test_the_sheet_of_the_child_holds_nothing_of_the_result(content: Content, band: Band, signs: str) -> None:
    result = explain(content, WORST | {"age": band.value, "signs": signs}, DAY)
    child = replace(CHILD, band=band, clauses=suggest(content, band, result.assessment.points), blanks={}, own=())
    sheet = words(BeautifulSoup(html_of(content, replace(RIVERA, children=(child,))), "html.parser"))
    told = [text for level in content.quiz.levels for text in texts(level)]
    told += [result.given[name].said for name in result.assessment.points]
    told += [sign.text for name in ("warning", "starters", "adult-says") for sign in content.signs[name].signs]
    for name in result.assessment.steps:
        told += [content.steps[name].title, content.steps[name].text, content.steps[name].reason]
    assert not [text for text in told if text in sheet]
