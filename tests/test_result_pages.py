"""The result as a parent meets it: what it says in which order, to whom, and for how long its link works."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask

from quizapp.model import Band, Content, Sign
from quizapp.result import explain
from quizapp.scoring import what_if
from quizapp.sealing import Seal, answers_to_text
from quizapp.signs import for_age
from tests.conftest import ANSWERS, FAMILY, PageClient

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
# Answers on both sides of where a level begins, by their points.
BY_POINTS = {
    0: BEST,
    4: BEST | {"talk": "sometimes", "promise": "not-yet"},
    5: BEST | {"night": "bedroom", "promise": "not-yet"},
    9: BEST | {"talk": "rarely", "promise": "not-yet", "contact": "anyone"},
    10: WORST | {"promise": "yes", "contact": "known", "age-true": "yes"},
    18: WORST,
}
SIGNS = ("no", "little", "clearly")
TITLE = "What your minute shows · One minute for your family"
DATED = re.compile(r" · (\d{4}|undated, read \d{4})$")
MONDAY = date(2026, 11, 23)


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def result_of(client: PageClient, answers: Mapping[str, str], lang: str = "en") -> BeautifulSoup:
    return client.get(client.redirect(f"/{lang}/quiz", answers))


def shown(page: BeautifulSoup, parts: Mapping[str, str]) -> list[str]:
    """The parts of a page that are there, as they follow each other: what is inside another one comes after it."""
    found = {id(page.select_one(selector)): name for name, selector in parts.items() if page.select_one(selector)}
    return [found[id(tag)] for tag in page.main.find_all(True) if id(tag) in found]


@pytest.fixture
def seal(app: Flask) -> Seal:
    """What seals the links of results."""
    return app.extensions["quizapp"].result_seal


# The result


PARTS = {
    "first steps": ".maybe",
    "look after your child": ".check-in",
    "what goes well": "#well",
    "level": ".level h2.headline",
    "steps": ".next",
    "find out": ".find",
    "what would change it": ".what-if",
    "words for a hard talk": ".we-say",
    "build": ".build",
    "your own sheet": ".keep",
    "how it was scored": ".scored",
}
GAPS = ANSWERS | {"night": "bedroom"}


@pytest.mark.parametrize(
    ("answers", "left_out"),
    [
        pytest.param(GAPS | {"urgent": "maybe", "signs": "little"}, set(), id="everything"),
        pytest.param(GAPS, {"first steps", "look after your child"}, id="no signs"),
        pytest.param(GAPS | {"signs": "clearly"}, {"first steps", "level", "what would change it"}, id="clear signs"),
        pytest.param(
            BEST,
            {"first steps", "look after your child", "steps", "find out", "what would change it"},
            id="all is well",
        ),
    ],
)
def test_the_result_says_what_matters_most_first(
    client: PageClient, answers: Mapping[str, str], left_out: set[str]
) -> None:
    page = result_of(client, answers)
    assert shown(page, PARTS) == [part for part in PARTS if part not in left_out]
    assert words(page.select("h2")[-1]) == "What this result is not"


def test_a_talk_for_the_week_stands_between_the_steps_and_the_agreement(client: PageClient) -> None:
    order = {"find out": ".find", "what-if": ".what-if", "starter": ".talk .say", "build": ".build"}
    assert shown(result_of(client, GAPS), order) == list(order)


def test_the_result_says_what_it_is_not(client: PageClient, content: Content) -> None:
    said = words(result_of(client, ANSWERS).select("main > section")[-1])
    assert all(limit in said for limit in content.quiz.limits)


@pytest.mark.parametrize("points", BY_POINTS)
def test_the_result_names_one_level(client: PageClient, content: Content, points: int) -> None:
    level = [level for level in content.quiz.levels if level.least <= points][-1]
    page = result_of(client, BY_POINTS[points])
    assert [words(heading) for heading in page.select("h2.headline")] == [level.name]
    assert level.line in words(page.main)


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
    expected = dict.fromkeys(HABITS, "yours") | {"night": "on the way", "talk": "to start"}
    assert states == {content.questions[name].habit: state for name, state in expected.items()}
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
def test_clear_signs_bring_a_check_in_and_no_level_anywhere(
    client: PageClient, content: Content, answers: Mapping[str, str]
) -> None:
    page = result_of(client, answers | {"signs": "clearly"})
    assert [words(heading) for heading in page.select("h2.headline")] == ["Check in with your child first"]
    assert page.select_one(".check-in a")["href"] == "/en/help"
    assert not [level.name for level in content.quiz.levels if level.name in page.get_text()]


def test_clear_signs_are_answered_before_all_else(client: PageClient) -> None:
    page = result_of(client, WORST | {"signs": "clearly"})
    assert words(page.select_one("main h2")) == "Check in with your child first"
    assert len(page.select(".check-in ~ * .next__step")) == 3


@pytest.mark.parametrize(("answers", "level"), [(BEST, 1), (WORST, 2)], ids=["no gaps", "all gaps"])
def test_small_signs_bring_a_talk_and_at_least_the_middle_level(
    client: PageClient, content: Content, answers: Mapping[str, str], level: int
) -> None:
    page = result_of(client, answers | {"signs": "little"})
    assert words(page.select_one("main h2")) == "One talk for this week"
    assert words(page.select_one("h2.headline")) == content.quiz.levels[level].name


# What would change it


def said(content: Content, question: str, answer: str) -> str:
    return next(known.text for known in content.questions[question].answers if known.id == answer)


@pytest.mark.parametrize("points", BY_POINTS)
@pytest.mark.parametrize("signs", SIGNS)
def test_changes_are_told_where_they_reach_a_better_level_and_nowhere_else(
    client: PageClient, content: Content, points: int, signs: str
) -> None:
    answers = BY_POINTS[points] | {"signs": signs}
    told = [words(entry) for entry in result_of(client, answers).select(".what-if li")]
    assert told == [
        f"{content.questions[name].habit}: from “{said(content, name, answers[name])}” to “{said(content, name, to)}”"
        for name, to in ((change.question, change.answer) for change in what_if(content, answers))
    ]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(BY_POINTS[5], id="one change"),
        pytest.param(BY_POINTS[9], id="two changes"),
        pytest.param(BY_POINTS[10], id="from the last level"),
        pytest.param(GAPS | {"signs": "little"}, id="in spite of small signs"),
    ],
)
def test_whoever_follows_the_changes_gets_the_level_that_was_promised(
    client: PageClient, content: Content, answers: Mapping[str, str]
) -> None:
    part = result_of(client, answers).select_one(".what-if")
    changed = {change.question: change.answer for change in what_if(content, answers)}
    (level,) = result_of(client, {**answers, **changed}).select("h2.headline")
    assert f"this page would say “{words(level)}”" in words(part.p)


# What to say


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("signs", SIGNS)
def test_one_sentence_for_this_week_fits_the_age(
    client: PageClient, content: Content, monkeypatch: pytest.MonkeyPatch, band: Band, signs: str
) -> None:
    answers = ANSWERS | {"age": band.value, "signs": signs}
    weeks = [MONDAY, MONDAY + timedelta(weeks=1)]
    starters = [explain(content, answers, day).starter.text for day in weeks]
    for day, starter in zip(weeks, starters, strict=True):
        on_a_day(monkeypatch, day)
        assert starter in [words(say) for say in result_of(client, answers).select(".say")]
    assert starters[0] != starters[1]


def on_a_day(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """The pages of results believe that it is this day."""
    monkeypatch.setattr("quizapp.pages.result.date", type("Day", (date,), {"today": classmethod(lambda _: day)}))


def cited(page: BeautifulSoup, content: Content, sign: Sign) -> bool:
    """Whether some entry of a page says a sign and leads to everyone who documented it."""
    places = {f"/en/evidence#{name}" for name in sign.factors}
    sources = {content.factors[name].source for name in sign.factors}
    entry = next(tag for tag in page.select("li") if sign.text in words(tag))
    links = [str(link["href"]) for link in entry.select("a")]
    return set(links) <= places and len(links) == len(sources)


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("signs", ["little", "clearly"])
def test_signs_of_worry_bring_what_to_look_out_for_at_that_age(
    client: PageClient, content: Content, band: Band, signs: str
) -> None:
    page = result_of(client, ANSWERS | {"age": band.value, "signs": signs})
    details = page.select_one(".check-in details:not([open])")
    warning = for_age(content.signs["warning"], band)
    assert content.signs["warning"].lead in words(details)
    assert len(details.select("li")) == len(warning)
    assert all(cited(details, content, sign) for sign in warning)


def test_without_signs_of_worry_nobody_is_made_to_worry(client: PageClient, content: Content) -> None:
    page = words(result_of(client, ANSWERS | {"signs": "no"}))
    assert not [sign.text for sign in content.signs["warning"].signs if sign.text in page]


@pytest.mark.parametrize("answers", [BEST, WORST | {"signs": "clearly"}], ids=["all is well", "clear signs"])
def test_four_sentences_answer_a_child_that_tells(
    client: PageClient, content: Content, answers: Mapping[str, str]
) -> None:
    page = result_of(client, answers)
    first = content.signs["adult-says"].signs[:4]
    assert [words(bubble) for bubble in page.select(".talk .bubble")] == [sign.text for sign in first]
    assert all(cited(page, content, sign) for sign in first)


@pytest.mark.parametrize("band", Band)
def test_more_to_know_is_one_tap_away_and_for_the_age(client: PageClient, band: Band) -> None:
    page = result_of(client, ANSWERS | {"age": band.value})
    assert page.select_one(f".talk a[href='/en/signs/{band}']")


# For nobody else


@pytest.mark.parametrize("signs", SIGNS)
def test_a_result_is_kept_by_no_cache_that_others_share(client: PageClient, signs: str) -> None:
    address = client.redirect("/en/quiz", ANSWERS | {"signs": signs})
    for path in (address, f"/es{address[3:]}", f"{address}/parent-sheet.pdf", f"{address[:-2]}"):
        caches = client.flask.get(path).headers["Cache-Control"]
        assert "private" in caches
        assert "public" not in caches


def test_what_was_said_stands_on_the_result_and_nowhere_further_on(client: PageClient, content: Content) -> None:
    result = result_of(client, WORST)
    assert words(result).count("Because you said") == 3
    builder = client.get(str(result.select_one(".build a.button")["href"]))
    agreement = client.post("/en/agreement", FAMILY | {"do": "page"})
    for page in (builder, agreement, client.get("/en/evidence"), client.get("/en/quiz")):
        assert "Because you said" not in words(page)


def test_the_same_result_can_be_read_in_another_language(app: Flask, client: PageClient) -> None:
    link = result_of(client, WORST).select_one("header nav a[lang=es]")
    page = client.get(str(link["href"]))
    spanish = app.extensions["quizapp"].languages["es"].content
    assert words(page.select_one("h2.headline")) == spanish.quiz.levels[-1].name
    assert [words(step) for step in page.select(".next__step h3")] == [
        spanish.steps[name].title for name in ("promise", "contact", "talk")
    ]


@pytest.mark.parametrize("answers", [BEST, WORST, WORST | {"signs": "clearly"}], ids=["best", "worst", "clear signs"])
def test_the_title_tells_no_result_in_spanish_either(
    app: Flask, client: PageClient, answers: Mapping[str, str]
) -> None:
    title, others = (result_of(client, given, "es").title.text for given in (answers, ANSWERS))
    assert title == others
    levels = app.extensions["quizapp"].languages["es"].content.quiz.levels
    assert not [level.name for level in levels if level.name in title]


@pytest.mark.parametrize("answers", [ANSWERS, WORST | {"signs": "little"}, BEST | {"signs": "clearly"}])
def test_every_link_to_evidence_leads_to_its_place(client: PageClient, answers: Mapping[str, str]) -> None:
    links = {str(link["href"]) for link in result_of(client, answers).select("main a[href*='/evidence#']")}
    places = {f"/en/evidence#{tag['id']}" for tag in client.get("/en/evidence").select("[id]")}
    assert links
    assert links <= places


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


@pytest.mark.parametrize(("days", "status"), [(-40, 200), (0, 200), (29, 200), (31, 404), (3000, 404)])
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


# The example


@pytest.mark.parametrize("lang", ["en", "es"])
def test_an_example_says_what_a_result_says_and_that_it_is_made_up(app: Flask, client: PageClient, lang: str) -> None:
    shown = app.extensions["quizapp"].languages[lang].content
    page = client.get(f"/{lang}/example")
    assert page.select_one(".notice a.button")["href"] == f"/{lang}/quiz"
    real = result_of(client, shown.quiz.example, lang)
    for part in (".level", ".talk", "section:has(.habits)", ".scored"):
        assert words(page.select_one(part)) == words(real.select_one(part))
    assert {"en": "made up", "es": "inventadas"}[lang] in words(page.select_one(".notice"))


def test_an_example_leads_to_no_sealed_link(client: PageClient) -> None:
    links = {str(link["href"]) for link in client.get("/en/example").select("a[href], form[action]")}
    assert "/en/agreement" in links
    assert not [link for link in links if "/result/" in link or link.startswith("/en/agreement/")]


def test_schools_find_the_example(client: PageClient) -> None:
    assert client.get("/en/schools").select_one("main a[href='/en/example']")
