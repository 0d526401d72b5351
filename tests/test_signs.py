"""What to know and what to say by age, and another sentence to begin a talk with each week."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from quizapp.model import Band, Chapter, Content, Sign
from quizapp.signs import EASIEST, MOST_TO_SAY, for_age, starter, to_say

ALL = Sign(text="for all", factors=("a",))
YOUNG = Sign(text="for the young", factors=("a",), ages=(Band.EARLY, Band.MIDDLE))
TEENS = Sign(text="for teens", factors=("a",), ages=(Band.TEEN,))
CHAPTER = Chapter(id="chapter", title="A chapter", lead="To know", signs=(TEENS, ALL, YOUNG))
MONDAY = date(2026, 11, 23)
# 2026 has a week 53, after which the weeks are counted from 1 again.
TURN_OF_YEAR = date(2026, 11, 30)
SOFTLY = [pytest.param(True, id="softly"), pytest.param(False, id="any")]


def weeks(content: Content, band: Band, first: date, count: int, softly: bool = False) -> list[Sign]:
    return [starter(content, band, first + timedelta(weeks=week), softly) for week in range(count)]


@pytest.mark.parametrize(
    ("band", "signs"),
    [
        (None, (TEENS, ALL, YOUNG)),
        (Band.EARLY, (ALL, YOUNG)),
        (Band.MIDDLE, (ALL, YOUNG)),
        (Band.TWEEN, (ALL,)),
        (Band.TEEN, (TEENS, ALL)),
    ],
)
def test_an_age_gets_what_is_about_it_or_about_all_in_the_order_written(
    band: Band | None, signs: tuple[Sign, ...]
) -> None:
    assert for_age(CHAPTER, band) == signs


def test_a_chapter_about_other_ages_says_nothing() -> None:
    assert for_age(replace(CHAPTER, signs=(TEENS,)), Band.EARLY) == ()


@pytest.mark.parametrize("band", Band)
def test_no_shipped_sign_is_lost_between_the_ages(content: Content, band: Band) -> None:
    for chapter in content.signs.values():
        left_out = [sign for sign in chapter.signs if sign not in for_age(chapter, band)]
        assert all(sign.ages and band not in sign.ages for sign in left_out), chapter.id


def test_what_to_say_to_a_child_that_tells_is_the_beginning_of_its_chapter(content: Content) -> None:
    said = to_say(content)
    assert said == content.signs["adult-says"].signs[: len(said)]
    assert len(said) == MOST_TO_SAY


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("softly", SOFTLY)
def test_the_sentence_of_every_week_fits_the_age(content: Content, band: Band, softly: bool) -> None:
    fitting = for_age(content.signs["starters"], band)
    assert set(weeks(content, band, MONDAY, 60, softly)) <= set(fitting)


@pytest.mark.parametrize("band", Band)
def test_the_sentence_stays_from_monday_to_sunday(content: Content, band: Band) -> None:
    days = [MONDAY + timedelta(days=day) for day in range(7)]
    assert len({starter(content, band, day) for day in days}) == 1


@pytest.mark.parametrize("first", [MONDAY, TURN_OF_YEAR, date(2027, 12, 20)], ids=str)
@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("softly", SOFTLY)
def test_each_week_brings_another_sentence(content: Content, band: Band, softly: bool, first: date) -> None:
    said = weeks(content, band, first, 8, softly)
    assert not [sign.text for sign, following in pairwise(said) if sign == following]


@pytest.mark.parametrize("band", Band)
def test_all_sentences_of_an_age_come_round_in_turn(content: Content, band: Band) -> None:
    fitting = for_age(content.signs["starters"], band)
    assert set(weeks(content, band, date(2027, 1, 4), len(fitting))) == set(fitting)


@pytest.mark.parametrize("band", Band)
def test_a_worried_parent_begins_with_the_easiest_sentences(content: Content, band: Band) -> None:
    fitting = for_age(content.signs["starters"], band)
    assert set(weeks(content, band, date(2027, 1, 4), 30, softly=True)) == set(fitting[:EASIEST])


def test_an_age_with_few_sentences_always_has_one(content: Content) -> None:
    few = replace(content, signs={**content.signs, "starters": replace(CHAPTER, signs=(ALL, TEENS))})
    assert set(weeks(few, Band.EARLY, MONDAY, 60)) == {ALL}
