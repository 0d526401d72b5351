"""The agreement: four lines suggested, nine written, one sheet a child, and nothing that could tell a result."""

import ast
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp import agreement
from quizapp.agreement import (
    MOST_CHOSEN,
    MOST_OWN,
    another,
    blanks_in,
    by_hand,
    choosable,
    core,
    filled_in,
    help_card,
    only_sheet,
    second_home,
    show_blanks,
    suggest,
    write,
)
from quizapp.content import read
from quizapp.model import Band, Blank, Card, Child, Content, Family, Ink, Line, Paper, Piece, Room, Sheet, Size

CONTENT = read()
CORE = ("tell", "no-trouble", "body", "secrets", "help")
CHOOSABLE = ("contact", "strangers", "age-true", "night", "talk", "practice")
FILLING = ("talk", "practice", "contact", "night", "strangers", "age-true")
# Points that a habit can cost, the more protective habit first, as a result holds them.
COSTS = {name: sorted({answer.points for answer in CONTENT.questions[name].answers}) for name in CONTENT.quiz.priority}
Gaps = Mapping[str, int]


def every_gaps() -> Iterator[Gaps]:
    for points in product(*COSTS.values()):
        yield dict(zip(COSTS, points, strict=True))


def child(name: str = "Leo", band: Band = Band.MIDDLE, clauses: tuple[str, ...] = (), **more: Any) -> Child:
    return replace(Child(name, band, clauses), **more)


def family(*children: Child, country: str = "us") -> Family:
    return Family("Rivera", ("Ana", "Tom"), children, country, date(2026, 11, 22), date(2027, 2, 21), Paper.LETTER)


def sheet(content: Content, one: Child, country: str = "us") -> Sheet:
    [written] = write(content, family(one, country=country)).sheets
    return written


def words(line: Line) -> str:
    """A line as it reads, with a rule as ____."""
    return "".join("____" if piece.rule else piece.text for piece in line.pieces)


def test_five_lines_are_core_and_the_others_can_be_chosen_for_every_age(content: Content) -> None:
    assert tuple(clause.id for clause in core(content)) == CORE
    for band in Band:
        others = tuple(clause.id for clause in choosable(content, band))
        assert others[: len(CHOOSABLE)] == CHOOSABLE
        assert others == tuple(c.id for c in content.clauses.values() if band in c.lines and not c.core)


def test_a_line_without_words_for_an_age_cannot_be_chosen_there(content: Content) -> None:
    night = content.clauses["night"]
    lines = {band: text for band, text in night.lines.items() if band is not Band.EARLY}
    without = replace(content, clauses={**content.clauses, "night": replace(night, lines=lines)})
    assert "night" not in [clause.id for clause in choosable(without, Band.EARLY)]
    assert "night" not in suggest(without, Band.EARLY, {"night": 2})
    assert "night" in suggest(without, Band.MIDDLE, {"night": 2})


@pytest.mark.parametrize("band", Band)
def test_four_lines_are_suggested_whatever_the_gaps(band: Band) -> None:
    there = {clause.id for clause in choosable(CONTENT, band)}
    for gaps in every_gaps():
        found = suggest(CONTENT, band, gaps)
        assert len(set(found)) == len(found) == MOST_CHOSEN
        assert set(found) <= there
        assert list(found) == sorted(found), "an order could show what is worst"


@pytest.mark.parametrize("band", Band)
def test_the_widest_gaps_are_answered_first_and_defaults_fill_up(band: Band) -> None:
    for gaps in every_gaps():
        answering = sorted((name for name in gaps if gaps[name] and name in CHOOSABLE), key=lambda name: -gaps[name])
        filling = [name for name in FILLING if name not in answering]
        assert set(suggest(CONTENT, band, gaps)) == set([*answering, *filling][:MOST_CHOSEN]), gaps


def test_no_gap_left_out_is_wider_than_one_that_is_answered() -> None:
    for gaps in every_gaps():
        found = suggest(CONTENT, Band.MIDDLE, gaps)
        left_out = max((gaps[name] for name in CHOOSABLE if name not in found), default=0)
        assert left_out <= min((gaps[name] for name in found if gaps[name]), default=3)


@pytest.mark.parametrize("gaps", [{}, dict.fromkeys(COSTS, 0), {"promise": 3}, {"unknown": 3}])
def test_without_gaps_to_answer_the_lines_are_those_of_the_age(gaps: Gaps) -> None:
    assert suggest(CONTENT, Band.TEEN, gaps) == ("contact", "night", "practice", "talk")


def test_equal_gaps_give_way_to_the_more_protective_habit() -> None:
    widest = dict.fromkeys(COSTS, 2)
    assert suggest(CONTENT, Band.MIDDLE, widest) == ("contact", "practice", "strangers", "talk")


@settings(deadline=None)
@given(st.fixed_dictionaries({name: st.sampled_from(costs) for name, costs in COSTS.items()}))
def test_how_wide_gaps_are_shows_nowhere_while_all_of_them_are_answered(gaps: dict[str, int]) -> None:
    narrower = {name: min(points, 1) for name, points in gaps.items()}
    if sum(bool(gaps[name]) for name in CHOOSABLE) <= MOST_CHOSEN:
        assert suggest(CONTENT, Band.TWEEN, narrower) == suggest(CONTENT, Band.TWEEN, gaps)


def test_there_is_one_sheet_a_child_in_the_order_typed(content: Content) -> None:
    names = ["Zoe", "Adam", "Mia", "Zoe"]
    written = write(content, family(*(child(name, band) for name, band in zip(names, Band, strict=True))))
    assert [sheet.child for sheet in written.sheets] == names
    assert [sheet.band for sheet in written.sheets] == list(Band)


def test_the_agreement_bears_what_the_family_typed_and_the_version_of_the_words(content: Content) -> None:
    written = write(content, family(child()))
    assert (written.family, written.adults) == ("Rivera", ("Ana", "Tom"))
    assert (written.made, written.review) == (date(2026, 11, 22), date(2027, 2, 21))
    assert (written.paper, written.version) == (Paper.LETTER, content.wording.version)
    assert written.review_prompts == content.wording.review


@pytest.mark.parametrize("band", Band)
def test_core_lines_stand_first_then_the_chosen_ones_in_print_order(content: Content, band: Band) -> None:
    expected = [content.clauses[name] for name in (*CORE, "contact", "night", "talk", "practice")]
    for order in permutations(("talk", "practice", "contact", "night")):
        lines = sheet(content, child(band=band, clauses=order)).lines
        assert [words(line) for line in lines] == [show_blanks(clause.lines[band]) for clause in expected]
        assert [line.icon for line in lines] == [clause.icon for clause in expected]


@pytest.mark.parametrize("clauses", [("tell", "body"), ("unknown",), ("talk", "talk"), ()])
def test_a_line_stands_once_and_only_when_it_exists(content: Content, clauses: tuple[str, ...]) -> None:
    lines = [words(line) for line in sheet(content, child(clauses=clauses)).lines]
    assert len(lines) == len(set(lines)) == len(CORE) + ("talk" in clauses)


@settings(deadline=None)
@given(st.sampled_from(Band), st.lists(st.sampled_from(CHOOSABLE), unique=True, max_size=MOST_CHOSEN))
def test_adults_promise_something_for_each_line_and_nothing_twice(band: Band, clauses: list[str]) -> None:
    promises = sheet(CONTENT, child(band=band, clauses=tuple(clauses))).promises
    assert len(promises) == len(set(promises))
    expected = {CONTENT.clauses[name].promise for name in (*CORE, *clauses)} | set(CONTENT.wording.promises)
    assert set(promises) == expected


def test_adults_promise_to_listen_before_anything_else(content: Content) -> None:
    promises = sheet(content, child(clauses=("night",))).promises
    assert promises[0] == content.clauses["tell"].promise
    assert promises[1] == content.clauses["no-trouble"].promise


def test_a_promise_of_two_lines_is_made_once(content: Content) -> None:
    night = replace(content.clauses["night"], promise=content.clauses["talk"].promise)
    twice = replace(content, clauses={**content.clauses, "night": night})
    promises = sheet(twice, child(clauses=("night", "talk"))).promises
    assert promises.count(night.promise) == 1


@pytest.mark.parametrize(("band", "full"), [("4-7", False), ("8-10", False), ("11-13", True), ("14-17", True)])
@pytest.mark.parametrize("country", CONTENT.countries)
def test_the_plan_and_the_full_card_come_with_eleven(content: Content, country: str, band: str, full: bool) -> None:
    written = sheet(content, child(band=Band(band)), country)
    assert written.plan == (content.wording.plan if full else ())
    card = Card.FULL if full else Card.YOUNG
    lines = [line for line in content.countries[country].lines if line.verified and card in line.cards]
    assert written.help_lines == tuple(line for line in lines if not line.language)
    assert len(written.help_lines) > 1 if full else len(written.help_lines) == 1


def test_a_line_that_nobody_verified_stands_on_no_card(content: Content) -> None:
    country = content.countries["us"]
    unverified = replace(country, lines=tuple(replace(line, verified=False) for line in country.lines))
    without = replace(content, countries={**content.countries, "us": unverified})
    assert [help_card(without, "us", card, "en") for card in Card] == [(), ()]


def test_a_line_in_the_language_of_the_paper_takes_the_place_of_the_one_it_stands_for(content: Content) -> None:
    english, spanish = ([line.id for line in help_card(content, "us", Card.FULL, lang)] for lang in ("en", "es"))
    at = english.index("us.988")
    assert "us.988-es" not in english
    assert spanish == [*english[:at], "us.988-es", *english[at + 1 :]]


def test_help_lines_are_those_of_the_country_that_was_chosen(content: Content) -> None:
    cards = {country: sheet(content, child(band=Band.TEEN), country).help_lines for country in content.countries}
    assert len(set(cards.values())) == len(content.countries)


def test_a_blank_holds_what_was_typed_or_is_a_line_to_write_on(content: Content) -> None:
    tell = replace(content.clauses["tell"], lines={Band.EARLY: "I tell {adult-one} or {adult-two}."})
    content = replace(content, clauses={**content.clauses, "tell": tell})
    line = sheet(content, child(band=Band.EARLY, blanks={"adult-one": "Mum"})).lines[0]
    assert line.pieces == (
        Piece("I tell "),
        Piece("Mum", typed=True),
        Piece(" or "),
        Piece(rule=Room.MIDDLE),
        Piece("."),
    )


@pytest.mark.parametrize("blank", CONTENT.wording.blanks, ids=lambda blank: blank.id)
@pytest.mark.parametrize("typed", ["Mum", "{adult-one}", "{}", "a { brace", "%s", "<b>"])
def test_every_blank_prints_what_was_typed_as_it_was_typed(content: Content, blank: Blank, typed: str) -> None:
    every = tuple(clause.id for clause in choosable(content, Band.TEEN))
    one = child(band=Band.TEEN, clauses=every, blanks={blank.id: typed})
    written = sheet(content, one)
    pieces = [piece for line in (*written.lines, written.aloud, *written.outside) for piece in line.pieces]
    assert Piece(typed, typed=True) in pieces
    ours = [piece for line in sheet(content, replace(one, blanks={})).lines for piece in line.pieces if piece.text]
    assert all(piece in pieces for piece in ours)


def test_the_line_to_say_aloud_and_the_adults_outside_can_be_filled(content: Content) -> None:
    blanks = {"my-no": "Not my thing.", "outside-one": "Aunt Mia"}
    written = sheet(content, child(band=Band.TEEN, blanks=blanks))
    assert words(written.aloud) == "Not my thing."
    assert [words(line) for line in written.outside] == ["Aunt Mia", "____"]
    assert [piece.rule for piece in written.outside[1].pieces] == [Room.LONG]


@pytest.mark.parametrize("band", Band)
def test_the_familys_own_words_stand_in_place_of_ours(content: Content, band: Band) -> None:
    one = child(band=band, clauses=("night", "talk"), words={"night": "All screens off at eight", "contact": "Unused"})
    lines = [words(line) for line in sheet(content, one).lines]
    assert lines[len(CORE)] == "All screens off at eight"
    assert "Unused" not in lines
    assert lines[len(CORE) + 1] == show_blanks(content.clauses["talk"].lines[band])


@pytest.mark.parametrize("typed", ["I like {cats}", "{}", "{", "}{", "{{x}}", "{adult-one", "100 % {a} {b}"])
def test_braces_in_a_familys_own_words_are_printed_as_typed(content: Content, typed: str) -> None:
    lines = sheet(content, child(clauses=("night",), words={"night": typed})).lines
    assert words(lines[len(CORE)]) == typed


@settings(deadline=None)
@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_whatever_a_family_types_is_printed(typed: str) -> None:
    one = child(typed, clauses=("night",), words={"night": typed}, blanks={"adult-one": typed}, own=(typed,))
    written = sheet(CONTENT, one)
    assert (written.child, written.own) == (typed, (typed,))
    assert Piece(typed, typed=True) in written.lines[0].pieces
    assert words(written.lines[len(CORE)]) == typed


def test_own_lines_stand_beside_the_nine(content: Content) -> None:
    own = ("I feed the cat first", "No phones at dinner", "I may call Gran")
    written = sheet(content, child(clauses=("contact", "night", "practice", "talk"), own=own))
    assert len(written.lines) == len(CORE) + MOST_CHOSEN == 9
    assert written.own == own
    assert len(own) == MOST_OWN


@pytest.mark.parametrize(("number", "expected"), [(1, ["Leo"]), (2, ["Mia"]), (0, ["Leo", "Mia"]), (3, ["Leo", "Mia"])])
def test_one_sheet_can_be_had_alone(content: Content, number: int, expected: list[str]) -> None:
    written = write(content, family(child("Leo"), child("Mia")))
    only = only_sheet(written, number)
    assert [sheet.child for sheet in only.sheets] == expected
    assert replace(only, sheets=()) == replace(written, sheets=())


def test_what_is_typed_decides_the_agreement_and_nothing_else(content: Content) -> None:
    gaps = list(every_gaps())
    by_suggestion: dict[tuple[str, ...], object] = {}
    for one in random.Random(7).sample(gaps, 400):
        chosen = suggest(content, Band.TWEEN, one)
        written = write(content, family(child(band=Band.TWEEN, clauses=chosen)))
        assert by_suggestion.setdefault(chosen, written) == written, "two results with the same lines differ on paper"
    assert 1 < len(by_suggestion) <= 15


def test_the_same_family_gets_the_same_agreement_again(content: Content) -> None:
    assert write(content, family(child(), child("Mia"))) == write(content, family(child(), child("Mia")))


def test_an_agreement_names_nothing_of_a_result(content: Content) -> None:
    children = [child(band=band, clauses=CHOOSABLE, own=("Ours",)) for band in Band]
    printed = repr(write(content, family(*children))).lower()
    told = [level.name for level in content.quiz.levels] + [question.text for question in content.questions.values()]
    told += [answer.said for question in content.questions.values() for answer in question.answers if answer.said]
    told += [step.title for step in content.steps.values()]
    assert [text for text in told if text.lower() in printed] == []


def test_the_module_knows_neither_scoring_nor_its_results() -> None:
    tree = ast.parse(Path(agreement.__file__).read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.name for alias in node.names} | {getattr(node, "module", "") or ""}
    assert {"Band", "Child", "quizapp.model"} <= names, "this test no longer reads the module"
    assert not any("scoring" in name or name in {"Assessment", "Answer", "Level", "Outcome"} for name in names)


@pytest.mark.parametrize(
    ("text", "blanks", "shown"),
    [
        ("I tell {adult-one} or {adult-two}.", ("adult-one", "adult-two"), "I tell ____ or ____."),
        ("{my-no}", ("my-no",), "____"),
        ("No blanks", (), "No blanks"),
    ],
)
def test_blanks_are_found_and_shown(text: str, blanks: tuple[str, ...], shown: str) -> None:
    assert blanks_in(text) == blanks
    assert show_blanks(text) == shown


@pytest.mark.parametrize("band", Band)
def test_what_was_not_chosen_is_parked_by_its_topic(content: Content, band: Band) -> None:
    chosen = ("night", "talk")
    parked = sheet(content, child(band=band, clauses=chosen)).parked
    assert parked == tuple(clause.topic for clause in choosable(content, band) if clause.id not in chosen)
    assert not {clause.topic for clause in core(content)} & set(parked)


def test_only_the_first_line_that_answers_a_gap_is_suggested_for_it(content: Content) -> None:
    assert suggest(content, Band.TEEN, {"strangers": 3}) == ("contact", "practice", "strangers", "talk")


# Another line in the place of one


@pytest.mark.parametrize("band", Band)
def test_another_line_is_the_next_one_in_print_order_that_was_not_chosen(content: Content, band: Band) -> None:
    there = [clause.id for clause in choosable(content, band)]
    assert another(content, band, there[:1], there[0]) == there[1]
    assert another(content, band, there[:3], there[0]) == there[3]
    assert another(content, band, there[-1:], there[-1]) == there[0], "it goes round"
    assert another(content, band, [there[0], there[-1]], there[-1]) == there[1]


@pytest.mark.parametrize("band", Band)
def test_swapping_one_line_on_and_on_shows_every_line_that_is_left(content: Content, band: Band) -> None:
    there = [clause.id for clause in choosable(content, band)]
    kept, line, seen = there[1:4], there[0], set()
    for _ in range(len(there) - len(kept)):
        line = another(content, band, [*kept, line], line)
        seen.add(line)
    assert seen == set(there) - set(kept)


@pytest.mark.parametrize("band", Band)
def test_a_line_stays_when_there_is_no_other(content: Content, band: Band) -> None:
    there = [clause.id for clause in choosable(content, band)]
    assert {name: another(content, band, there, name) for name in there} == {name: name for name in there}


@pytest.mark.parametrize("line", ["tell", "unknown"])
def test_a_line_that_the_age_does_not_have_gives_way_to_the_first_that_is_free(content: Content, line: str) -> None:
    first, second, *_ = (clause.id for clause in choosable(content, Band.EARLY))
    assert another(content, Band.EARLY, [line], line) == first
    assert another(content, Band.EARLY, [line, first], line) == second


# The copy for a second home


def test_only_names_of_people_are_missing_from_the_copy_for_a_second_home(content: Content) -> None:
    blanks = {blank.id: f"typed {blank.id}" for blank in content.wording.blanks}
    people = {blank.id for blank in content.wording.blanks if blank.person}
    one = child(clauses=("night",), blanks=blanks, words={"night": "Mum says so"}, own=("Ours",))
    first = replace(family(one, replace(one, name="Mia")), second_home=("Pat",))
    copy = second_home(content, first)
    assert copy.adults == ("Pat",)
    assert people == {"adult-one", "adult-two", "outside-one", "outside-two"}
    assert [set(one.blanks) for one in copy.children] == [set(blanks) - people] * 2
    restored = tuple(replace(one, blanks=blanks) for one in copy.children)
    assert replace(copy, adults=first.adults, children=restored) == first


@pytest.mark.parametrize(("size", "ink"), [(Size.LARGE, Ink.GREY), (Size.NORMAL, Ink.COLOUR)])
def test_the_agreement_is_printed_as_the_family_wants_it(content: Content, size: Size, ink: Ink) -> None:
    written = write(content, replace(family(child()), size=size, ink=ink))
    assert (written.size, written.ink, written.paper) == (size, ink, Paper.LETTER)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_help_lines_of_a_sheet_are_in_the_language_of_its_paper(content: Content, language: str) -> None:
    [written] = write(content, replace(family(child(band=Band.TEEN)), language=language)).sheets
    of_each = {code: help_card(content, "us", Card.FULL, code) for code in ("en", "es")}
    assert written.help_lines == of_each[language]
    assert of_each["en"] != of_each["es"]


@pytest.mark.parametrize("band", Band)
def test_lines_have_drawings_for_those_who_cannot_read_yet_and_for_nobody_else(content: Content, band: Band) -> None:
    one = child(band=band, clauses=("talk", "night"))
    ids = [*CORE, *(clause.id for clause in choosable(content, band) if clause.id in one.clauses)]
    assert [line.picture for line in sheet(content, one).lines] == (ids if band is Band.EARLY else [""] * len(ids))


def test_the_familys_own_words_are_told_from_ours(content: Content) -> None:
    lines = sheet(content, child(clauses=("talk",), words={"talk": "We talk on the bus"})).lines
    assert lines[-1].pieces == (Piece("We talk on the bus", typed=True),)
    assert not any(piece.typed for line in lines[:-1] for piece in line.pieces)


def test_a_line_reads_with_what_was_typed_and_with_room_for_the_rest() -> None:
    text = "{adult} puts it {place} at {hour}"
    assert filled_in(text, {"place": "in the hall", "hour": ""}) == "____ puts it in the hall at ____"


@pytest.mark.parametrize("band", Band)
def test_a_sheet_to_fill_in_by_hand_has_the_lines_of_its_age_and_no_name_or_day(content: Content, band: Band) -> None:
    blank = by_hand(content, band, "uk", Paper.LETTER, "es")
    one = Child(name="", band=band, clauses=suggest(content, band, {}))
    assert blank == Family("", (), (one,), "uk", None, None, paper=Paper.LETTER, language="es")
