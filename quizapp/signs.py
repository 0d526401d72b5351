"""What to know and what to say, by age. Pure."""

from datetime import date

from quizapp.model import Band, Chapter, Content, Sign

EASIEST = 4
MOST_TO_SAY = 4
# Weeks are counted from Monday, 1 January of the year 1, so that a new year repeats nothing.
DAYS_OF_WEEK = 7


def for_age(chapter: Chapter, band: Band | None) -> tuple[Sign, ...]:
    """The signs of a chapter that are about an age; all of them for None."""
    return tuple(sign for sign in chapter.signs if band is None or not sign.ages or band in sign.ages)


def to_say(content: Content) -> tuple[Sign, ...]:
    """What to say first when a child tells something hard: few enough to keep in mind."""
    return content.signs["adult-says"].signs[:MOST_TO_SAY]


def starter(content: Content, band: Band, day: date, softly: bool = False) -> Sign:
    """The sentence to begin a talk with in the week of a day: another one each week, until all were there.

    The chapter runs from the easiest to the hardest; `softly` keeps to the easiest.
    """
    fitting = for_age(content.signs["starters"], band)
    if softly:
        fitting = fitting[:EASIEST]
    return fitting[(day.toordinal() - 1) // DAYS_OF_WEEK % len(fitting)]
