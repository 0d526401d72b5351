"""Every text that people read is found in a noun and can be said in other words; nothing else is touched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from quizapp.model import Content, Text
from quizapp.texts import reworded, texts


class Colour(StrEnum):
    RED = "red"


EMPTY = Text("")


@dataclass(frozen=True)
class Leaf:
    id: str
    text: Text
    more: Text = EMPTY
    number: int = 0


@dataclass(frozen=True)
class Branch:
    leaf: Leaf
    leaves: tuple[Leaf, ...] = ()
    said: tuple[Text, ...] = ()
    by_colour: Mapping[Colour, Text] = field(default_factory=dict)
    by_name: Mapping[str, Leaf] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Stone:
    id: str


BRANCH = Branch(
    leaf=Leaf("one", Text("first")),
    leaves=(Leaf("two", Text("second"), Text("third"), 7), Leaf("three", Text("fourth"))),
    said=(Text("fifth"), Text("sixth")),
    by_colour={Colour.RED: Text("seventh")},
    by_name={"deep": Leaf("four", Text("eighth"))},
    ids=("not-a-text",),
)


def test_texts_are_found_wherever_they_stand_and_in_their_order() -> None:
    assert list(texts(BRANCH)) == ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]


@pytest.mark.parametrize("noun", [Stone("id"), Leaf("id", Text("")), Branch(Leaf("id", Text("")), said=(Text(""),))])
def test_a_noun_without_texts_has_none(noun: object) -> None:
    assert list(texts(noun)) == []


def test_reworded_says_every_text_in_other_words_and_keeps_the_rest() -> None:
    assert reworded(BRANCH, str.upper) == Branch(
        leaf=Leaf("one", Text("FIRST")),
        leaves=(Leaf("two", Text("SECOND"), Text("THIRD"), 7), Leaf("three", Text("FOURTH"))),
        said=(Text("FIFTH"), Text("SIXTH")),
        by_colour={Colour.RED: Text("SEVENTH")},
        by_name={"deep": Leaf("four", Text("EIGHTH"))},
        ids=("not-a-text",),
    )


def test_the_noun_itself_stays_as_it_was() -> None:
    before = repr(BRANCH)
    reworded(BRANCH, str.upper)
    assert repr(BRANCH) == before


def test_an_empty_text_stays_empty() -> None:
    assert reworded(Leaf("id", Text("")), lambda text: f"[{text}]") == Leaf("id", Text(""))


def test_a_noun_without_texts_comes_back_as_it_is() -> None:
    assert reworded(Stone("id"), str.upper) == Stone("id")


def test_all_words_of_the_content_are_found_and_none_of_its_ids(content: Content) -> None:
    found = set(texts(content))
    assert {content.clauses["tell"].promise, content.wording.plan[0], content.quiz.limits[0]} <= found
    assert {line.name for country in content.countries.values() for line in country.lines} <= found
    assert {factor.says for factor in content.factors.values()} <= found
    assert not found & {*content.questions, *content.clauses, *content.factors, *content.sources}


def test_rewording_the_content_with_its_own_words_changes_nothing(content: Content) -> None:
    assert reworded(content, lambda text: text) == content
