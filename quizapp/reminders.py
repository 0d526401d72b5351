"""The dates of a family as a calendar file (RFC 5545), in a given language. No name comes in, so none can go out.

Others may look at a family's calendar: a title tells nothing of what the talks are about.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from babel.support import NullTranslations
from icalendar import Calendar, Event

from quizapp.model import Band, Content
from quizapp.signs import starter

WEEKS = 12

_MAKER = "-//One minute for your family//Family dates//EN"
# What ids are made in: any number will do that never changes.
_IDS = UUID("5f0c1c39-6a0e-4a3b-9d52-7d6a4b8f2e11")


def to_ics(
    content: Content,
    bands: Collection[Band],
    made: date,
    review: date,
    stamp: datetime,
    translations: NullTranslations,
) -> bytes:
    """The day of the review, and a question for each of the weeks after the day the agreement was made.

    `bands` are those of the children; `stamp` is now, in UTC.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _MAKER)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", translations.gettext("Our family dates"))
    for event in (_review(content, review, translations), *_weeks(content, bands, made, translations)):
        event.add("dtstamp", stamp)
        calendar.add_component(event)
    ics: bytes = calendar.to_ical()
    return ics


def _review(content: Content, day: date, translations: NullTranslations) -> Event:
    title = translations.gettext("We look at our family page again")
    return _event(f"review {day}", day, title, content.wording.review)


def _weeks(content: Content, bands: Collection[Band], made: date, translations: NullTranslations) -> Iterator[Event]:
    title = translations.gettext("Five minutes for our family")
    for number in range(1, WEEKS + 1):
        day = made + timedelta(weeks=number)
        # The same question belongs to all days of a week, and so does the id.
        monday = day - timedelta(days=day.weekday())
        yield _event(f"week {monday}", day, title, _questions(content, bands, day))


def _questions(content: Content, bands: Collection[Band], day: date) -> list[str]:
    """The question of a week for each age, with the ages where there are several."""
    asked = {band: starter(content, band, day).text for band in Band if band in bands}
    if len(asked) == 1:
        return list(asked.values())
    return [f"{band.replace('-', '–')}: {text}" for band, text in asked.items()]


def _event(what: str, day: date, title: str, lines: Collection[str]) -> Event:
    """A whole day. It has the same id whenever it is made, so that a second file changes it and adds no double."""
    event = Event()
    event.add("uid", str(uuid5(_IDS, what)))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", "\n".join(lines))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
