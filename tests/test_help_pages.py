"""Help before anything else: first steps, numbers and lines, for a parent or a child who reads, in one tap."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from babel.dates import format_skeleton
from bs4 import BeautifulSoup, Tag
from flask import Flask

from quizapp import create_app
from quizapp.model import Content, HelpLine, Kind
from quizapp.pages.site import Site
from tests.conftest import ANSWERS, FAMILY, PageClient

LANGUAGES = ("en", "es")
COUNTRIES = ("us", "uk", "ca", "ie", "au", "nz", "other")
# Of the places that the help lines are for, in the order in which they are printed.
NUMBERS = ["tel:911", "tel:999", "tel:112", "tel:000", "tel:111"]


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def told(app: Flask, lang: str) -> Content:
    """The content as it is told in a language."""
    content: Content = app.extensions["quizapp"].languages[lang].content
    return content


def lines(content: Content, country: str) -> list[HelpLine]:
    """What may be shown: an editor has verified it."""
    return [line for line in content.countries[country].lines if line.verified]


def shown_lines(page: BeautifulSoup) -> list[str]:
    return [words(line.b) for line in page.select("#lines .line")]


def own_lines(page: BeautifulSoup) -> list[str]:
    """What a child is told to call or write to."""
    return [words(line.b) for line in page.select("#me .line")]


def month(checked: str, lang: str) -> str:
    """A month such as 2026-11 in words."""
    return str(format_skeleton("yMMMM", date.fromisoformat(f"{checked}-01"), locale=lang))


@pytest.fixture
def edit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., HelpLine]:
    """Changes the first line of a country for which something holds; gives that line as it was."""

    def change(country: str, holds: Callable[[HelpLine], bool], **changes: object) -> HelpLine:
        site: Site = app.extensions["quizapp"]
        english = site.languages["en"]
        there = english.content.countries[country]
        line = next(line for line in there.lines if holds(line))
        changed = tuple(replace(other, **changes) if other is line else other for other in there.lines)
        countries = {**english.content.countries, country: replace(there, lines=changed)}
        edited = replace(english, content=replace(english.content, countries=countries))
        languages = {**site.languages, "en": edited}
        monkeypatch.setitem(app.extensions, "quizapp", replace(site, languages=languages, stills={}))
        return line

    return change


def test_the_countries_tested_here_are_those_that_are_shipped(content: Content) -> None:
    assert set(content.countries) == set(COUNTRIES)


# The way to help, and away from it


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/", 200),
        ("/en/quiz", 200),
        ("/en/agreement", 200),
        ("/en/signs", 200),
        ("/en/signs/8-10", 200),
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


@pytest.mark.parametrize("path", ["/es/", "/es/quiz", "/es/agreement", "/es/signs", "/es/evidence"])
def test_help_is_in_the_language_of_the_page_that_leads_to_it(client: PageClient, path: str) -> None:
    assert client.get(path).select_one("header a.bar__help")["href"] == "/es/help"


def test_help_is_one_tap_away_from_a_result_and_an_agreement(client: PageClient) -> None:
    result = client.get(client.redirect("/en/quiz", ANSWERS))
    agreement = client.post("/en/agreement", FAMILY | {"do": "page"})
    for page in (result, agreement):
        assert page.select_one("header a.bar__help")["href"] == "/en/help"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["help", "help/us", "agreement", "result"])
def test_whoever_should_not_be_seen_with_a_page_can_leave_it(
    app: Flask, client: PageClient, lang: str, path: str
) -> None:
    result = client.redirect(f"/{lang}/quiz", ANSWERS) if path == "result" else ""
    page = client.get(result or f"/{lang}/{path}")
    (leave,) = page.select("a[data-leave]")
    assert leave["href"] == app.extensions["quizapp"].config.LEAVE_TO
    assert "noreferrer" in leave["rel"]
    assert words(leave)
    assert page.select_one("script[src$='/leave.js']")


def test_leaving_leads_to_the_page_that_the_operator_chose(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path, "LEAVE_TO": "https://example.org/recipes"})
    page = BeautifulSoup(app.test_client().get("/en/help").text, "html.parser")
    app.extensions["quizapp"].close()
    assert page.select_one("a[data-leave]")["href"] == "https://example.org/recipes"


def test_leaving_promises_no_more_than_it_does(client: PageClient) -> None:
    leave = client.get("/en/help").select_one(".leave")
    assert "Shift three times" in words(leave)
    assert "It does not clear your history." in words(leave)


# Numbers for danger now


@pytest.mark.parametrize("path", ["/en/help", "/es/help", "/en/help/other"])
def test_before_a_country_five_numbers_stand_with_the_places_that_they_serve(client: PageClient, path: str) -> None:
    main = client.get(path).main
    numbers = {str(link["href"]): words(link.parent) for link in main.select(".emergency a")}
    assert list(numbers) == NUMBERS
    for number, served in numbers.items():
        assert re.fullmatch(rf"{number.removeprefix('tel:')} \D{{6,}}", served), "each number says where it works"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", [country for country in COUNTRIES if country != "other"])
def test_with_a_country_its_own_number_stands_alone(
    client: PageClient, content: Content, lang: str, country: str
) -> None:
    main = client.get(f"/{lang}/help/{country}").main
    assert not main.select(".emergency")
    assert words(main.select_one(".emergency-one")) == content.countries[country].emergency
    dialled = {str(link["href"]).removeprefix("tel:") for link in main.select(".emergency-one a")}
    assert dialled
    assert dialled <= set(content.countries[country].emergency.split(" / "))


@pytest.mark.parametrize("path", ["/en/help", *(f"/en/help/{country}" for country in COUNTRIES)])
def test_every_number_on_the_page_can_be_dialled(client: PageClient, path: str) -> None:
    calls = [str(link["href"]) for link in client.get(path).select("a[href^='tel:']")]
    assert calls
    assert [call for call in calls if not re.fullmatch(r"tel:\+?\d+", call)] == []


@pytest.mark.parametrize("path", ["/en/help", "/en/help/us"])
def test_the_number_for_danger_is_the_first_thing_to_tap(client: PageClient, path: str) -> None:
    links = [str(link["href"]) for link in client.get(path).main.select("a")]
    assert links[0] == "tel:911"


# Two doors, and first steps


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", ["", "/us", "/other"])
def test_two_doors_lead_to_the_steps_for_a_parent_and_for_a_child(
    app: Flask, client: PageClient, lang: str, place: str
) -> None:
    main = client.get(f"/{lang}/help{place}").main
    doors = {words(door): str(door["href"]) for door in main.select(".doors a")}
    titles = [told(app, lang).first_steps[name].title for name in ("child", "me")]
    assert doors == dict(zip(titles, ("#child", "#me"), strict=True))
    assert [main.select_one(door).h2.text for door in doors.values()] == titles


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", ["", "/uk"])
@pytest.mark.parametrize("door", ["child", "me"])
def test_first_steps_stand_in_the_order_in_which_they_are_taken(
    app: Flask, client: PageClient, lang: str, place: str, door: str
) -> None:
    behind = client.get(f"/{lang}/help{place}").find(id=door)
    chapter = told(app, lang).first_steps[door]
    assert chapter.lead in words(behind)
    assert [words(step) for step in behind.select("ol.now li")] == [sign.text for sign in chapter.signs]


@pytest.mark.parametrize("door", ["child", "me"])
def test_each_step_tells_who_says_so_out_of_the_way(client: PageClient, content: Content, door: str) -> None:
    details = client.get("/en/help").find(id=door).details
    told_by = details.select("ol > li")
    steps = content.first_steps[door].signs
    assert not details.has_attr("open")
    assert len(told_by) == len(steps)
    for entry, step in zip(told_by, steps, strict=True):
        organisations = {content.sources[content.factors[name].source].organisation for name in step.factors}
        assert {link.text.split(" · ")[0] for link in entry.select("a")} == organisations


def test_steps_stand_above_all_lines(client: PageClient, content: Content) -> None:
    places = [words(heading) for heading in client.get("/en/help/us").select("main > section > h2")]
    titles = [chapter.title for chapter in content.first_steps.values()]
    assert places == [*titles, f"Help lines: {content.countries['us'].name}"]


def test_nobody_is_blamed_and_nobody_is_told(client: PageClient) -> None:
    page = client.get("/en/help")
    assert "It is not your fault" in words(page.select_one("#me"))
    assert "It is not your fault" in words(page.select_one("#child"))
    assert "Nobody has been told what you answered." in words(page.main)


@pytest.mark.parametrize("step", ["Do not pay", "Stop replying", "not your fault", "Never copy, screenshot or forward"])
def test_a_parent_is_told_what_to_do_first(client: PageClient, step: str) -> None:
    assert step in words(client.get("/en/help").select_one("#child"))


# Whom a child may call alone


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_child_is_shown_only_lines_that_it_may_call_alone(
    app: Flask, client: PageClient, lang: str, country: str
) -> None:
    its = {line.name: line for line in lines(told(app, lang), country) if line.children}
    entries = client.get(f"/{lang}/help/{country}").select("#me .line")
    assert entries
    for entry in entries:
        line = its[words(entry.b)]
        assert words(entry).startswith(f"{line.feel}:")
        calls = [link["href"] for link in entry.select("a")]
        assert calls == ([f"tel:{line.call}"] if line.call else []) or calls == [line.url]
        assert line.message in words(entry)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_child_is_shown_one_line_for_each_need(app: Flask, client: PageClient, lang: str, country: str) -> None:
    entries = client.get(f"/{lang}/help/{country}").select("#me .line")
    needs = [words(entry).split(":")[0] for entry in entries]
    assert sorted(needs) == sorted({line.feel for line in lines(told(app, lang), country) if line.children} - {""})


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_child_is_shown_danger_first_and_reports_after_despair(
    app: Flask, client: PageClient, lang: str, country: str
) -> None:
    kinds = {line.name: list(Kind).index(line.kind) for line in lines(told(app, lang), country)}
    order = [kinds[name] for name in own_lines(client.get(f"/{lang}/help/{country}"))]
    assert order == sorted(order)


def test_a_child_without_a_country_is_led_to_the_choice_of_one(client: PageClient) -> None:
    page = client.get("/en/help")
    assert not own_lines(page)
    assert page.select_one("#me a[href='#where']")
    assert page.find(id="where").find_parent("nav").select(".countries a")


def test_a_line_that_is_not_for_children_alone_is_not_shown_to_them(
    client: PageClient, edit: Callable[..., HelpLine]
) -> None:
    line = edit("us", lambda line: line.kind == Kind.SUPPORT and line.children, children=False)
    page = client.get("/en/help/us")
    assert line.name not in own_lines(page)
    assert line.name in shown_lines(page)


# The lines of a country


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_country_can_be_chosen(app: Flask, client: PageClient, lang: str) -> None:
    links = client.get(f"/{lang}/help").select(".countries a")
    assert {str(link["href"]): words(link) for link in links} == {
        f"/{lang}/help/{country.id}": country.name for country in told(app, lang).countries.values()
    }


def test_no_lines_are_shown_before_a_country_is_chosen(client: PageClient) -> None:
    assert not client.get("/en/help").select("#lines")


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_chosen_country_is_marked_and_its_lines_are_one_tap_away(client: PageClient, country: str) -> None:
    page = client.get(f"/en/help/{country}")
    assert page.select_one("[aria-current=page]")["href"] == f"/en/help/{country}"
    assert page.select_one(".where a[href='#lines']")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_country_shows_every_line_that_was_verified(app: Flask, client: PageClient, lang: str, country: str) -> None:
    shown = shown_lines(client.get(f"/{lang}/help/{country}"))
    assert sorted(shown) == sorted(line.name for line in lines(told(app, lang), country))


def test_a_line_that_nobody_verified_is_never_shown(client: PageClient, edit: Callable[..., HelpLine]) -> None:
    line = edit("us", lambda line: line.children and line.kind == Kind.SUPPORT, verified=False)
    page = client.get("/en/help/us")
    assert line.name not in shown_lines(page)
    assert line.name not in own_lines(page)
    assert len(shown_lines(page)) > 3


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_line_says_how_to_reach_it_whom_it_is_for_and_when_it_was_checked(
    app: Flask, client: PageClient, lang: str, country: str
) -> None:
    shown = {words(line.b): line for line in client.get(f"/{lang}/help/{country}").select("#lines .line")}
    for line in lines(told(app, lang), country):
        entry = shown[line.name]
        for text in (line.who, month(line.checked, lang), line.message, line.what):
            assert text in words(entry)
        links = {str(link["href"]): words(link) for link in entry.select("a")}
        assert line.phone == links.get(f"tel:{line.call}", "")
        assert not line.url or line.url in links


def test_the_month_of_a_check_is_said_in_words(client: PageClient, edit: Callable[..., HelpLine]) -> None:
    edit("us", lambda line: True, checked="2026-03")
    assert "Checked in March 2026." in words(client.get("/en/help/us").select_one("#lines .line"))


def test_the_month_of_a_check_is_said_in_spanish_on_a_spanish_page(client: PageClient, content: Content) -> None:
    checked = {line.checked for line in lines(content, "us")}
    text = words(client.get("/es/help/us").select_one("#lines"))
    assert all(month(one, "es") in text for one in checked)
    assert not [one for one in checked if month(one, "en") in text]


@pytest.mark.parametrize("country", COUNTRIES)
def test_danger_and_despair_come_before_reports(client: PageClient, country: str) -> None:
    order = ["In danger now", "When it all feels too much", "Stop it and report it"]
    order += ["Get a picture taken down", "Someone to talk to"]
    titles = [words(title) for title in client.get(f"/en/help/{country}").select("#lines h3")]
    assert titles == [title for title in order if title in titles]
    assert titles


@pytest.mark.parametrize(("lang", "first"), [("en", False), ("es", True)])
def test_lines_in_the_language_of_the_page_stand_first(app: Flask, client: PageClient, lang: str, first: bool) -> None:
    spanish = {line.name for line in lines(told(app, lang), "us") if line.language == "es"}
    crisis = [line.name for line in lines(told(app, lang), "us") if line.kind == Kind.CRISIS]
    shown = [name for name in shown_lines(client.get(f"/{lang}/help/us")) if name in crisis]
    assert len(spanish) > 1
    assert set(shown[: len(spanish)] if first else shown[-len(spanish) :]) == spanish


def test_a_child_who_reads_spanish_is_given_the_spanish_line(app: Flask, client: PageClient) -> None:
    spanish = next(line for line in lines(told(app, "es"), "us") if line.id == "us.988-es")
    english = next(line for line in lines(told(app, "es"), "us") if line.id == spanish.instead_of)
    shown = own_lines(client.get("/es/help/us"))
    assert spanish.name in shown
    assert english.name not in shown


@pytest.mark.parametrize("country", ["xx", "US", "usa", "..", "%00", "<script>"])
def test_an_unknown_country_still_leads_to_help(client: PageClient, country: str) -> None:
    page = client.get(f"/en/help/{country}", 404)
    assert words(page.h1) == "There is no such page"
    assert page.select_one("header a.bar__help")["href"] == "/en/help"


# What others get to know


@pytest.mark.parametrize("path", ["/en/help", "/en/help/us", "/es/help/us"])
def test_help_needs_no_script_and_tells_no_other_site(client: PageClient, path: str) -> None:
    page = client.get(path)
    assert [str(script["src"]).split("/")[-1] for script in page.select("script")] == ["leave.js"]
    assert not page.select("img, iframe, form, main [hidden]")
    outside = page.select("a[href^=http]")
    assert outside
    assert all("noreferrer" in link["rel"] for link in outside)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("place", ["", "/us"])
def test_help_opens_again_that_day_without_a_network(client: PageClient, lang: str, place: str) -> None:
    response = client.flask.get(f"/{lang}/help{place}")
    assert response.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize("country", [*COUNTRIES, "Zyxwelda"])
def test_where_help_was_looked_for_comes_into_no_log(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], country: str
) -> None:
    caplog.set_level(logging.DEBUG)
    for lang in LANGUAGES:
        app.test_client().get(f"/{lang}/help/{country}")
    assert caplog.text + "".join(capfd.readouterr()) == ""
