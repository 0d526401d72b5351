"""The calendar file: thirteen whole days that every calendar reads, and that tell others nothing."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from babel.support import NullTranslations
from icalendar import Calendar

from quizapp.config import Config
from quizapp.languages import catalogue, content_in
from quizapp.model import Band, Content, Sign
from quizapp.reminders import WEEKS, to_ics
from quizapp.signs import for_age, starter

MADE = date(2026, 11, 22)
REVIEW = date(2027, 2, 22)
STAMP = datetime(2026, 11, 22, 21, 30, 5, tzinfo=UTC)
ENGLISH = NullTranslations()
FIRST_LINES = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//One minute for your family//Family dates//EN",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
    "X-WR-CALNAME:Our family dates",
    "BEGIN:VEVENT",
]
OF_EVENT = ["CLASS", "DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "SUMMARY", "TRANSP", "UID"]
# Days to begin on whose twelve weeks hold something that dates are counted wrong over.
BEGUN = [
    pytest.param(MADE, id="the end of a year"),
    pytest.param(date(2026, 12, 31), id="the last day of a year"),
    pytest.param(date(2027, 1, 17), id="clocks go forward"),
    pytest.param(date(2026, 8, 30), id="clocks go back"),
    pytest.param(date(2028, 2, 22), id="29 February"),
]
# Letters of one to four bytes, signs with a meaning in the file, and a word that is longer than a line.
HARD = "¿Qué, quién; \\n dónde: ñandú 🦄👨‍👩‍👧 " + "é" * 200


class Marked(NullTranslations):
    """Translates every text into itself with a mark."""

    def gettext(self, message: str) -> str:
        return f"¡{message}!"


def ics(
    content: Content,
    bands: Collection[Band] = (Band.MIDDLE,),
    made: date = MADE,
    review: date = REVIEW,
    stamp: datetime = STAMP,
    translations: NullTranslations = ENGLISH,
) -> bytes:
    return to_ics(content, bands, made, review, stamp, translations)


def events(file: bytes) -> list[Any]:
    """As icalendar reads them: the review, then the weeks."""
    return Calendar.from_ical(file).walk("VEVENT")


def days(file: bytes) -> list[date]:
    return [event.decoded("dtstart") for event in events(file)]


def uids(file: bytes) -> list[str]:
    return [str(event["uid"]) for event in events(file)]


def asked(file: bytes) -> list[list[str]]:
    """What is asked in each of the weeks, line by line."""
    return [str(event["description"]).split("\n") for event in events(file)[1:]]


def lines(file: bytes) -> list[str]:
    """The lines of a file as RFC 5545 joins them, without the help of a library."""
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def with_starter(content: Content, text: str) -> Content:
    """The same content with one question for all weeks."""
    chapter = replace(content.signs["starters"], signs=(Sign(text=text, factors=("a",)),))
    return replace(content, signs={**content.signs, "starters": chapter})


@pytest.fixture(scope="module")
def spanish(content: Content) -> Content:
    return content_in(content, catalogue("es", Config().TRANSLATIONS))


# The days


@pytest.mark.parametrize("made", BEGUN)
def test_there_are_twelve_weeks_after_the_day_and_the_review(content: Content, made: date) -> None:
    weeks = [date.fromordinal(made.toordinal() + 7 * number) for number in range(1, 13)]
    assert days(ics(content, made=made)) == [REVIEW, *weeks]


def test_the_days_over_the_end_of_a_year_are_these(content: Content) -> None:
    starts = [line.split(":")[1] for line in lines(ics(content)) if line.startswith("DTSTART")]
    assert starts[0] == "20270222"
    assert starts[1:7] == ["20261129", "20261206", "20261213", "20261220", "20261227", "20270103"]
    assert starts[7:] == ["20270110", "20270117", "20270124", "20270131", "20270207", "20270214"]


@pytest.mark.parametrize("made", BEGUN)
def test_every_event_is_one_whole_day_in_no_time_zone(content: Content, made: date) -> None:
    file = ics(content, made=made)
    assert [event.decoded("dtend") - event.decoded("dtstart") for event in events(file)] == [timedelta(days=1)] * 13
    times = [line for line in lines(file) if line.startswith(("DTSTART", "DTEND"))]
    assert len(times) == 26
    assert not [line for line in times if not re.fullmatch(r"DT(START|END);VALUE=DATE:\d{8}", line)]
    assert b"TZID" not in file


@pytest.mark.parametrize("review", [MADE, MADE + timedelta(weeks=1)], ids=["today", "on a day with a question"])
def test_a_review_on_a_day_of_ours_is_an_event_of_its_own(content: Content, review: date) -> None:
    file = ics(content, review=review)
    assert days(file)[0] == review
    assert len(set(uids(file))) == 13


# The words


def test_titles_are_neutral_and_the_review_has_its_questions(content: Content) -> None:
    review, *weeks = events(ics(content))
    assert review["summary"] == "We look at our family page again"
    assert str(review["description"]).split("\n") == list(content.wording.review)
    assert {str(week["summary"]) for week in weeks} == {"Five minutes for our family"}


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("made", BEGUN)
def test_each_week_asks_the_question_of_that_week_and_another_than_before(
    content: Content, band: Band, made: date
) -> None:
    file = ics(content, [band], made)
    found = asked(file)
    assert found == [[starter(content, band, day).text] for day in days(file)[1:]]
    assert len(found) == WEEKS
    assert not [week for week, following in pairwise(found) if week == following]
    assert len({text for (text,) in found}) == min(WEEKS, len(for_age(content.signs["starters"], band)))


def test_a_family_of_several_ages_has_a_question_for_each_with_the_youngest_first(content: Content) -> None:
    file = ics(content, [Band.TEEN, Band.MIDDLE, Band.TEEN])
    assert asked(file) == [
        [f"8–10: {starter(content, Band.MIDDLE, day).text}", f"14–17: {starter(content, Band.TEEN, day).text}"]
        for day in days(file)[1:]
    ]


def test_children_of_one_age_are_asked_once_and_without_it(content: Content) -> None:
    assert ics(content, [Band.EARLY, Band.EARLY]) == ics(content, [Band.EARLY])
    assert "4–7" not in ics(content, [Band.EARLY]).decode()


def test_questions_are_in_the_language_of_the_content(spanish: Content, content: Content) -> None:
    file = ics(spanish, translations=catalogue("es", Config().TRANSLATIONS))
    review = events(file)[0]
    assert str(review["description"]).split("\n") == list(spanish.wording.review)
    assert asked(file) == [[starter(spanish, Band.MIDDLE, day).text] for day in days(file)[1:]]
    assert asked(file) != asked(ics(content))


def test_titles_and_the_name_of_the_calendar_are_in_the_language_that_was_given(content: Content) -> None:
    file = ics(content, translations=Marked())
    titles = {str(event["summary"]) for event in events(file)}
    assert titles == {"¡We look at our family page again!", "¡Five minutes for our family!"}
    assert "X-WR-CALNAME:¡Our family dates!" in lines(file)


@pytest.mark.parametrize("text", [HARD, "a,b;c", "a\\nb", 'say "no": {x} %s <b>&amp;'])
def test_a_text_comes_back_as_it_was_written(content: Content, text: str) -> None:
    assert asked(ics(with_starter(content, text))) == [[text]] * WEEKS


# The file, read without icalendar


@pytest.mark.parametrize("text", ["", HARD], ids=["shipped", "hard"])
@pytest.mark.parametrize("bands", [[Band.MIDDLE], list(Band)], ids=["one age", "all ages"])
def test_lines_are_short_end_as_they_must_and_cut_no_letter(
    content: Content, spanish: Content, bands: list[Band], text: str
) -> None:
    for words in (content, spanish):
        file = ics(with_starter(words, text) if text else words, bands)
        written = file.split(b"\r\n")
        assert written.pop() == b""
        assert max(len(line) for line in written) <= 75
        assert not [line for line in written if not line.strip() or b"\r" in line or b"\n" in line]
        assert [line.decode() for line in written]


def test_the_file_begins_and_ends_as_a_published_calendar(content: Content) -> None:
    found = lines(ics(content))
    assert found[:7] == FIRST_LINES
    assert found[-2:] == ["END:VEVENT", "END:VCALENDAR"]
    assert {line for line in found if line.startswith("BEGIN")} == {"BEGIN:VCALENDAR", "BEGIN:VEVENT"}
    assert found.count("BEGIN:VEVENT") == found.count("END:VEVENT") == 13


def test_an_event_has_what_it_needs_once_and_nothing_else(content: Content) -> None:
    _, *found = "\n".join(lines(ics(content, list(Band)))).split("BEGIN:VEVENT\n")
    for event in found:
        names = [re.split("[;:]", line)[0] for line in event.split("\nEND:VEVENT")[0].split("\n")]
        assert sorted(names) == OF_EVENT


def test_an_event_takes_no_time_is_private_and_knows_when_it_was_made(content: Content) -> None:
    found = lines(ics(content))
    assert found.count("TRANSP:TRANSPARENT") == found.count("CLASS:PRIVATE") == 13
    assert found.count("DTSTAMP:20261122T213005Z") == 13


@pytest.mark.parametrize("sign", ["://", "@", "www.", "mailto", "MAILTO", "VALARM"])
def test_nothing_leads_anywhere_or_rings(content: Content, spanish: Content, sign: str) -> None:
    for words in (content, spanish):
        assert sign not in "".join(lines(ics(words, list(Band))))


# Opened again


def test_the_same_family_gets_the_same_bytes(content: Content) -> None:
    assert ics(content, list(Band)) == ics(content, list(reversed(Band)))


def test_ids_are_plain_and_each_is_there_once(content: Content) -> None:
    found = uids(ics(content))
    assert [str(UUID(uid)) for uid in found] == found
    assert {UUID(uid).version for uid in found} == {5}
    assert len(set(found)) == 13


def test_ids_stay_in_another_language_with_another_child_and_at_another_time(
    content: Content, spanish: Content
) -> None:
    first = ics(content)
    again = ics(spanish, list(Band), stamp=STAMP + timedelta(hours=1), translations=Marked())
    assert uids(again) == uids(first)
    assert asked(again) != asked(first)


@pytest.mark.parametrize(("later", "same"), [(0, 13), (6, 13), (7, 12), (13, 12), (84, 1)])
def test_a_file_made_later_moves_the_weeks_that_are_there_and_adds_no_second_one(
    content: Content, later: int, same: int
) -> None:
    monday = date(2026, 11, 23)
    first, second = (ics(content, made=monday + timedelta(days=days)) for days in (0, later))
    assert len(set(uids(first)) & set(uids(second))) == same


def test_another_day_for_the_review_is_another_review(content: Content) -> None:
    first, second = (uids(ics(content, review=REVIEW + timedelta(days=days))) for days in (0, 1))
    assert first[0] != second[0]
    assert first[1:] == second[1:]
