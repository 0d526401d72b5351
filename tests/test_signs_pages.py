"""Know the signs: everything that we say is documented, by age, with or without script."""

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from quizapp.model import Band, Chapter, Content, Sign, Source
from quizapp.signs import for_age
from tests.conftest import PageClient
from tests.test_journey import PHONE, looks, looks_right, looks_right_without_script, opened
from tests.test_result_pages import words

LANGUAGES = ("en", "es")


def content_in(app: Flask, lang: str) -> Content:
    found: Content = app.extensions["quizapp"].languages[lang].content
    return found


def chapters(content: Content, band: Band | None) -> list[tuple[Chapter, tuple[Sign, ...]]]:
    """The chapters that say anything about an age, each with what it says."""
    there = [(chapter, for_age(chapter, band)) for chapter in content.signs.values()]
    return [(chapter, signs) for chapter, signs in there if signs]


def entries(page: BeautifulSoup) -> list[list[Tag]]:
    """What stands in each chapter of a page."""
    return [chapter.select("ul > li") for chapter in page.select("details.chapter")]


def dated(source: Source) -> str:
    return f"{source.organisation} · {source.year or f'undated, read {source.read}'}"


# What stands on the pages


@pytest.mark.parametrize("band", [None, *Band])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_chapter_stands_with_its_title_and_all_that_is_about_the_age(
    app: Flask, client: PageClient, lang: str, band: Band | None
) -> None:
    page = client.get(f"/{lang}/signs/{band}" if band else f"/{lang}/signs")
    expected = chapters(content_in(app, lang), band)
    titles = [words(summary) for summary in page.select("details.chapter > summary")]
    assert titles == [f"{chapter.title} {chapter.lead}" for chapter, _ in expected]
    for found, (_, signs) in zip(entries(page), expected, strict=True):
        assert [sign.text in words(entry) for entry, sign in zip(found, signs, strict=True)] == [True] * len(signs)


@pytest.mark.parametrize("band", Band)
def test_nothing_is_said_that_is_about_another_age(client: PageClient, content: Content, band: Band) -> None:
    page = words(client.get(f"/en/signs/{band}").main)
    others = [sign for chapter in content.signs.values() for sign in chapter.signs if sign.ages]
    assert not [sign.text for sign in others if band not in sign.ages and sign.text in page]


def test_every_sign_names_who_documented_it_and_when(client: PageClient, content: Content) -> None:
    page = client.get("/en/signs")
    for found, chapter in zip(entries(page), content.signs.values(), strict=True):
        for entry, sign in zip(found, chapter.signs, strict=True):
            sources = {content.factors[name].source for name in sign.factors}
            cited = {words(link) for link in entry.select(".cited a")}
            assert cited == {dated(content.sources[source]) for source in sources}, sign.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sign_leads_to_its_place_on_the_evidence_page(app: Flask, client: PageClient, lang: str) -> None:
    signs = {
        name for chapter in content_in(app, lang).signs.values() for sign in chapter.signs for name in sign.factors
    }
    links = {str(link["href"]) for link in client.get(f"/{lang}/signs").select(".cited a")}
    places = {f"/{lang}/evidence#{tag['id']}" for tag in client.get(f"/{lang}/evidence").select("[id]")}
    assert links <= places & {f"/{lang}/evidence#{name}" for name in signs}


def test_an_undated_page_says_that_it_is_undated(client: PageClient, content: Content) -> None:
    undated = {source.id: source for source in content.sources.values() if source.year is None}
    rests = {content.factors[n].source for c in content.signs.values() for sign in c.signs for n in sign.factors}
    page = words(client.get("/en/signs").main)
    assert rests & set(undated)
    assert not [name for name in rests & set(undated) if dated(undated[name]) not in page]


def test_the_ages_of_a_sign_stand_beside_it(client: PageClient, content: Content) -> None:
    for found, chapter in zip(entries(client.get("/en/signs")), content.signs.values(), strict=True):
        for entry, sign in zip(found, chapter.signs, strict=True):
            ages = [words(age) for age in entry.select(".age")]
            first_and_last = [f"{sign.ages[0].split('-')[0]}–{sign.ages[-1].split('-')[1]}"] if sign.ages else []
            assert ages == first_and_last, sign.text


@pytest.mark.parametrize("band", Band)
def test_a_page_about_one_age_repeats_it_nowhere_but_in_its_heading(client: PageClient, band: Band) -> None:
    page = client.get(f"/en/signs/{band}")
    assert band.replace("-", "–") in words(page.h1)
    assert not page.select(".chapter .age")


def test_what_is_going_on_stands_under_the_words_of_the_other_side(client: PageClient, content: Content) -> None:
    page = words(client.get("/en/signs").main)
    notes = [f"{sign.text} {sign.note}" for c in content.signs.values() for sign in c.signs if sign.note]
    assert notes
    assert not [note for note in notes if note not in page]


# The way there and on


@pytest.mark.parametrize("band", ["4-8", "8–10", "teen", "4-7/", "8-10 ", "%00", "..", "%3Cscript%3E"])
def test_an_unknown_age_is_an_unknown_page(client: PageClient, band: str) -> None:
    page = client.get(f"/en/signs/{band}", 404)
    assert words(page.h1) == "There is no such page"


@pytest.mark.parametrize("band", [None, *Band])
def test_every_age_can_be_chosen_and_the_one_shown_is_marked(client: PageClient, band: Band | None) -> None:
    links = client.get(f"/en/signs/{band}" if band else "/en/signs").select("nav.by-age a")
    addresses = ["/en/signs", *(f"/en/signs/{other}" for other in Band)]
    assert [str(link["href"]) for link in links] == addresses
    marked = [str(link["href"]) for link in links if link.get("aria-current") == "page"]
    assert marked == [f"/en/signs/{band}" if band else "/en/signs"]


@pytest.mark.parametrize("path", ["/en/", "/en/quiz", "/en/help", "/en/evidence", "/en/agreement"])
def test_every_page_leads_to_the_signs(client: PageClient, path: str) -> None:
    assert client.get(path).select_one("a[href='/en/signs']")


def test_the_signs_lead_to_the_minute_and_to_the_agreement(client: PageClient) -> None:
    page = client.get("/en/signs")
    assert page.select_one("main a.button[href='/en/quiz']")
    assert page.select_one("main a.button[href='/en/agreement']")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("band", [None, *Band])
def test_the_same_signs_can_be_read_in_the_other_language(client: PageClient, lang: str, band: Band | None) -> None:
    page = client.get(f"/{lang}/signs/{band}" if band else f"/{lang}/signs")
    (other,) = page.select("header nav a[hreflang]")
    there = client.get(str(other["href"]))
    assert there.html["lang"] == other["hreflang"] != lang
    assert [len(found) for found in entries(there)] == [len(found) for found in entries(page)]


def test_nothing_on_the_signs_needs_script(client: PageClient) -> None:
    page = client.get("/en/signs")
    assert not page.select("script")
    assert not page.main.select("[hidden]")
    assert all(chapter.name == "details" and chapter.summary for chapter in page.select(".chapter"))


# In a browser


def open_all(page: Page) -> None:
    """Every chapter by a tap on its title."""
    closed = page.locator("details.chapter:not([open]) > summary")
    while closed.count():
        closed.first.click()
    expect(page.locator("details.chapter:not([open])")).to_have_count(0)


@pytest.mark.parametrize("path", ["/en/signs", "/en/signs/11-13"])
@looks("en")
def test_every_sign_can_be_opened_and_looks_right(
    browser: Browser, served: str, path: str, size: dict[str, int], colours: str, script: bool
) -> None:
    signs_look_right(browser, served, path, size, colours, script)


@looks("es")
def test_every_sign_can_be_opened_and_looks_right_in_spanish(
    browser: Browser, served: str, size: dict[str, int], colours: str, script: bool
) -> None:
    signs_look_right(browser, served, "/es/signs", size, colours, script)


def signs_look_right(
    browser: Browser, served: str, path: str, size: dict[str, int], colours: str, script: bool
) -> None:
    with opened(browser, served, viewport=size, color_scheme=colours, java_script_enabled=script) as page:
        page.goto(path)
        looked_at = looks_right if script else looks_right_without_script
        looked_at(page)
        open_all(page)
        expect(page.locator("details.chapter li").last).to_be_visible()
        looked_at(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("name", ["warning", "adult-says", "starters", "phrases"])
def test_a_link_to_a_chapter_opens_it(browser: Browser, served: str, content: Content, name: str, script: bool) -> None:
    with opened(browser, served, viewport=PHONE, java_script_enabled=script) as page:
        page.goto(f"/en/signs#{name}")
        first = page.get_by_text(content.signs[name].signs[0].text, exact=True).first
        expect(first).to_be_visible()
        expect(first).to_be_in_viewport()


def test_a_chapter_opens_by_keyboard_alone(browser: Browser, served: str, content: Content) -> None:
    last = list(content.signs.values())[-1]
    with opened(browser, served, viewport=PHONE) as page:
        page.goto("/en/signs")
        page.locator("summary").filter(has_text=last.title).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(last.signs[0].text)).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_who_documented_a_sign_is_one_tap_away_and_open(browser: Browser, served: str, script: bool) -> None:
    with opened(browser, served, viewport=PHONE, java_script_enabled=script) as page:
        page.goto("/en/signs/14-17")
        link = page.locator("details.chapter[open] .cited a").first
        place = str(link.get_attribute("href")).split("#")[1]
        link.click()
        page.wait_for_url("**/en/evidence#*")
        expect(page.locator(f"[id='{place}']")).to_be_in_viewport()
