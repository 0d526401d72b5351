"""Help before anything else: first steps, numbers and lines, for a parent or a child who reads, in one tap."""

from dataclasses import replace

import pytest
from bs4 import Tag
from flask import Flask

from quizapp.model import Content, HelpLine
from tests.conftest import ANSWERS, FAMILY, PageClient

COUNTRIES = ("us", "uk", "ca", "ie", "au", "nz", "other")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def lines(content: Content, country: str) -> list[HelpLine]:
    """What may be shown: an editor has verified it."""
    return [line for line in content.countries[country].lines if line.verified]


def test_the_countries_tested_here_are_those_that_are_shipped(content: Content) -> None:
    assert set(content.countries) == set(COUNTRIES)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/", 200),
        ("/en/quiz", 200),
        ("/en/agreement", 200),
        ("/en/evidence", 200),
        ("/en/help", 200),
        ("/en/nowhere", 404),
        ("/en/result/x", 404),
        ("/en/agreement/x", 404),
        ("/nowhere/", 404),
    ],
)
def test_help_is_one_tap_away_without_script(client: PageClient, path: str, status: int) -> None:
    link = client.get(path, status).select_one("header a.bar__help")
    assert link["href"] == "/en/help"
    assert words(link) == "Need help now?"


def test_help_is_one_tap_away_from_a_result_and_an_agreement(client: PageClient) -> None:
    result = client.get(client.redirect("/en/quiz", ANSWERS))
    agreement = client.post("/en/agreement", FAMILY | {"do": "page"})
    for page in (result, agreement):
        assert page.select_one("header a.bar__help")["href"] == "/en/help"


@pytest.mark.parametrize("path", ["/en/help", *(f"/en/help/{country}" for country in COUNTRIES)])
def test_help_begins_with_numbers_and_two_doors(client: PageClient, path: str) -> None:
    main = client.get(path).main
    numbers = {link["href"]: words(link.parent) for link in main.select(".emergency a")}
    assert list(numbers) == ["tel:911", "tel:999", "tel:112", "tel:000", "tel:111"]
    assert all(len(served) > len("000 ") for served in numbers.values()), "each number says where it works"
    doors = main.select("nav a")
    assert [words(door) for door in doors] == ["It is my child", "It is me"]
    assert [main.select_one(str(door["href"])).h2.text for door in doors] == ["It is my child", "It is me"]


def test_numbers_and_first_steps_stand_above_all_lines(client: PageClient) -> None:
    places = [words(heading) for heading in client.get("/en/help/us").select("main h2")]
    assert places == ["It is my child", "It is me", "Help lines by country", "United States"]


def test_nobody_is_blamed_and_nobody_is_told(client: PageClient) -> None:
    page = client.get("/en/help")
    assert "It is not your fault" in words(page.select_one("#me"))
    assert "It is not your fault" in words(page.select_one("#child"))
    assert "Nobody has been told what you answered." in words(page.main)


@pytest.mark.parametrize("step", ["Do not pay", "Stop replying", "not your fault", "Never copy, screenshot or forward"])
def test_a_parent_is_told_what_to_do_first(client: PageClient, step: str) -> None:
    assert step in words(client.get("/en/help").select_one("#child"))


def test_every_country_can_be_chosen(client: PageClient, content: Content) -> None:
    links = client.get("/en/help").select("#country a")
    assert {str(link["href"]): words(link) for link in links} == {
        f"/en/help/{country.id}#lines": country.name for country in content.countries.values()
    }


def test_no_lines_are_shown_before_a_country_is_chosen(client: PageClient) -> None:
    assert not client.get("/en/help").select("#lines")


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_country_shows_every_line_that_was_verified(client: PageClient, content: Content, country: str) -> None:
    page = client.get(f"/en/help/{country}")
    shown = [words(line.b) for line in page.select("#lines .line")]
    assert sorted(shown) == sorted(line.name for line in lines(content, country))
    assert page.select_one("[aria-current=page]")["href"] == f"/en/help/{country}#lines"


def test_a_line_that_nobody_verified_is_never_shown(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = app.extensions["quizapp"]
    english = site.languages["en"]
    us = english.content.countries["us"]
    doubtful = replace(us, lines=(replace(us.lines[0], verified=False), *us.lines[1:]))
    content = replace(english.content, countries=english.content.countries | {"us": doubtful})
    changed = replace(site, languages={"en": replace(english, content=content)}, stills={})
    monkeypatch.setitem(app.extensions, "quizapp", changed)
    shown = [words(line.b) for line in client.get("/en/help/us").select("#lines .line")]
    assert us.lines[0].name not in shown
    assert us.lines[1].name in shown


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_line_says_how_to_reach_it_whom_it_is_for_and_when_it_was_checked(
    client: PageClient, content: Content, country: str
) -> None:
    shown = {words(line.b): line for line in client.get(f"/en/help/{country}").select("#lines .line")}
    for line in lines(content, country):
        entry = shown[line.name]
        assert f"For {line.who}. Checked {line.checked}." in words(entry)
        assert line.message in words(entry)
        links = {str(link["href"]): words(link) for link in entry.select("a")}
        assert line.phone == links.get(f"tel:{line.call}", "")
        assert not line.url or line.url in links


@pytest.mark.parametrize("country", COUNTRIES)
def test_danger_and_despair_come_before_reports(client: PageClient, country: str) -> None:
    order = ["In danger now", "When it all feels too much", "Stop it and report it"]
    order += ["Get a picture taken down", "Someone to talk to"]
    titles = [words(title) for title in client.get(f"/en/help/{country}").select("#lines h3")]
    assert titles == [title for title in order if title in titles]
    assert titles


@pytest.mark.parametrize("country", ["xx", "US", "usa", "..", "%00", "<script>"])
def test_an_unknown_country_still_leads_to_help(client: PageClient, country: str) -> None:
    page = client.get(f"/en/help/{country}", 404)
    assert words(page.h1) == "There is no such page"
    assert page.select_one("header a.bar__help")["href"] == "/en/help"


@pytest.mark.parametrize("path", ["/en/help", "/en/help/us"])
def test_help_needs_no_script_and_tells_no_other_site(client: PageClient, path: str) -> None:
    page = client.get(path)
    assert not page.select("script, img, iframe")
    assert all(link["rel"] == ["noreferrer"] for link in page.select("a[href^=http]"))


def test_help_opens_again_that_day_without_a_network(client: PageClient) -> None:
    assert client.flask.get("/en/help").headers["Cache-Control"] == "public, max-age=86400"
    assert client.flask.get("/en/help/us").headers["Cache-Control"] == "public, max-age=86400"
