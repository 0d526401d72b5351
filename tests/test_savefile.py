"""The family's own data: what was typed comes back, nothing else is in it, and a file opens for good."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp import letters
from quizapp.agreement import choosable, filled_in
from quizapp.content import read
from quizapp.forms import family_form, family_from, typed_again
from quizapp.forms.family import LONGEST_LINE
from quizapp.model import Band, Child, Content, Family, Ink, Paper, Size
from quizapp.printing import Failed
from quizapp.printing.savefile import MOST_BYTES, pack, unpack
from tests.test_forms import LANGUAGES
from tests.test_sheets import CHILD, RIVERA

# What a family of November 2026 took home. The file was made once, by `pack`, and is never made again.
OLD_FILE = Path(__file__).parent / "files" / "family-2026-11.json"
OLD_FAMILY = Family(
    name="Rivera <&> مريم",
    adults=("Ana Rivera", "Tom O’Connor-Ñíguez"),
    children=(
        Child(
            name="Leo 🦄",
            band=Band.MIDDLE,
            clauses=("contact", "night", "practice", "talk"),
            words={"talk": "We talk while we cook", "gifts": "Gifts are shown first"},
            blanks={"adult-one": "Mum", "night-time": "8 o’clock", "outside-one": "Aunt Jo"},
            own=("I feed the cat first",),
        ),
        Child(name="Mia", band=Band.TEEN, clauses=("strangers",), own=("One", "Two", "Three")),
    ),
    country="ie",
    made=date(2026, 11, 22),
    review=date(2027, 2, 21),
    paper=Paper.LETTER,
    language="en",
    size=Size.NORMAL,
    ink=Ink.GREY,
    beside="es",
    second_home=("Grandma Rose",),
)
CONTENT = read()
TODAY = date.today()
MANY = settings(max_examples=80, deadline=None)


def texts(longest: int) -> st.SearchStrategy[str]:
    """What may be typed in a field that is not left empty."""
    signs = st.sampled_from("aZ0 é‘“ßñ¿<&>\"'%s{}=+/\\.شר🦄")
    return st.text(signs, min_size=1, max_size=longest).map(letters.tidy).filter(bool)


def some(names: list[str], longest: int) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(names), texts(longest), max_size=4)


def children_of(band: Band) -> st.SearchStrategy[Child]:
    offered = [clause.id for clause in choosable(CONTENT, band)]
    return st.builds(
        Child,
        name=texts(60),
        band=st.just(band),
        clauses=st.sets(st.sampled_from(offered), max_size=4).map(lambda chosen: tuple(sorted(chosen))),
        words=some([clause.id for clause in CONTENT.clauses.values() if not clause.core], LONGEST_LINE),
        blanks=some([blank.id for blank in CONTENT.wording.blanks], 40),
        own=st.lists(texts(LONGEST_LINE), max_size=3).map(tuple),
    )


def names(most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(texts(60), max_size=most).map(tuple)


families = st.builds(
    Family,
    name=texts(60) | st.just(""),
    adults=names(4),
    children=st.lists(st.sampled_from(Band).flatmap(children_of), min_size=1, max_size=6).map(tuple),
    country=st.sampled_from(list(CONTENT.countries)),
    made=st.just(TODAY),
    review=st.dates(TODAY, TODAY + timedelta(days=1000)),
    paper=st.sampled_from(Paper),
    language=st.sampled_from(["en", "es"]),
    size=st.sampled_from(Size),
    ink=st.sampled_from(Ink),
    second_home=names(4),
).flatmap(lambda one: st.sampled_from([one, replace(one, language="en", beside="es", size=Size.NORMAL)]))


# There and back


@MANY
@given(family=families)
def test_what_is_packed_is_unpacked(family: Family) -> None:
    data = pack(CONTENT, family)
    assert len(data) < MOST_BYTES
    assert unpack(data).family == family
    assert data == pack(CONTENT, unpack(data).family)


@MANY
@given(family=families)
def test_a_form_filled_from_a_file_describes_the_same_family(family: Family) -> None:
    saved = unpack(pack(CONTENT, family))
    form = family_form(CONTENT, LANGUAGES)(data=form_data(CONTENT, saved.family, saved.said))
    assert form.validate(), form.errors
    assert replace(family_from(CONTENT, form.data, TODAY, "en"), review=family.review) == family


def form_data(content: Content, family: Family, said: Any) -> dict[str, Any]:
    return typed_again(content, family, said) | {"review": date.today().isoformat()}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_nothing_but_what_a_family_typed_and_read_is_in_a_file(lang: str) -> None:
    data = json.loads(pack(CONTENT, replace(OLD_FAMILY, language=lang)))
    assert set(data) == {"format", "wording", "family", "said"}
    assert set(data["family"]) == {
        *("name", "adults", "children", "country", "made", "review", "paper"),
        *("language", "size", "ink", "beside", "second_home"),
    }
    for child in data["family"]["children"]:
        assert set(child) == {"name", "band", "clauses", "words", "blanks", "own"}
    clauses = {name: set(clause.lines.values()) for name, clause in CONTENT.clauses.items()}
    assert all(text in clauses[name] for said in data["said"] for name, text in said.items())


def test_a_line_is_saved_as_it_read_with_its_blanks_unfilled() -> None:
    (said,) = unpack(pack(CONTENT, RIVERA)).said
    core = {name for name, clause in CONTENT.clauses.items() if clause.core}
    assert set(said) == core | set(CHILD.clauses)
    assert {name: CONTENT.clauses[name].lines[Band.MIDDLE] for name in said} == said
    assert "{adult-one}" in said["tell"]


# What is none of ours


def changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(pack(CONTENT, RIVERA)) | changes).encode()


def with_family(**changes: Any) -> bytes:
    return changed(family=json.loads(pack(CONTENT, RIVERA))["family"] | changes)


def with_child(count: int = 1, **changes: Any) -> bytes:
    data = json.loads(pack(CONTENT, RIVERA))
    data["family"]["children"] = [data["family"]["children"][0] | changes] * count
    return json.dumps(data | {"said": data["said"] * count}).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe{}", id="other letters"),
        pytest.param(b"Dear Grandma", id="text"),
        *(pytest.param(text, id=text.decode()) for text in (b"null", b"[]", b"{}", b"1e999", b"NaN")),
        pytest.param(b"[" * 500_000, id="nested"),
        pytest.param(b'{"family":' * 50_000, id="nested objects"),
        pytest.param(changed()[:-9], id="truncated"),
        pytest.param(changed(format=2), id="a format to come"),
        pytest.param(changed(format="1"), id="a format in letters"),
        pytest.param(changed(family=None), id="no family"),
        pytest.param(changed(said=[]), id="fewer lines than children"),
        pytest.param(changed(said=[{"night": 8}]), id="a line that is a number"),
        pytest.param(with_child(0), id="no child"),
        pytest.param(with_child(7), id="seven children"),
        pytest.param(with_child(band="5-6"), id="another age"),
        pytest.param(with_child(name=None), id="no name"),
        pytest.param(with_child(name="\ud800"), id="half a letter"),
        pytest.param(with_child(own=["x"] * 4), id="four own lines"),
        pytest.param(with_child(words=[["night", "x"]]), id="words in a list"),
        pytest.param(with_family(adults=["x"] * 5), id="five grown-ups"),
        pytest.param(with_family(second_home=["x"] * 5), id="five grown-ups there"),
        pytest.param(with_family(paper="A3"), id="another paper"),
        pytest.param(with_family(made="2026-02-30"), id="a day that is none"),
        pytest.param(with_family(name="x" * 501), id="an endless name"),
        pytest.param(with_child(own=["x" * 501]), id="an endless line"),
        pytest.param(with_child(blanks={"adult-one": "x" * 101}), id="an endless blank"),
        pytest.param(with_child(words={f"x{number}": "x" for number in range(61)}), id="endless words"),
        pytest.param(with_child(clauses=["night"] * 61), id="endless choices"),
        pytest.param(changed(said=[{"night": "{adult-one}" * 50}]), id="a line of blanks"),
        pytest.param(changed(said=[{f"x{number}": "x" for number in range(61)}]), id="endless lines"),
    ],
)
def test_what_no_family_can_have_saved_is_refused(data: bytes) -> None:
    with pytest.raises(Failed):
        unpack(data)


@pytest.mark.parametrize("count", [1, 6])
def test_what_is_changed_within_the_limits_is_still_a_file(count: int) -> None:
    assert len(unpack(with_child(count, name="Mia")).family.children) == count


def test_what_a_later_version_adds_does_not_disturb_this_one() -> None:
    assert unpack(changed(more="x")) == unpack(pack(CONTENT, RIVERA))


@pytest.mark.parametrize("name", ["formdata", "obj", "prefix", "data", "meta", "self", "cls", "x", "__class__", ""])
@pytest.mark.parametrize("part", ["words", "blanks"])
def test_a_name_that_is_none_of_ours_is_left_out(part: str, name: str) -> None:
    saved = unpack(with_child(**{part: {name: "x"}, "clauses": [name]}))
    form = family_form(CONTENT, LANGUAGES)(data=form_data(CONTENT, saved.family, saved.said))
    assert name not in form.data["children"][0][part]
    assert form.data["children"][0]["clauses"] == []


# A year later


def test_a_file_of_november_2026_opens_for_good() -> None:
    saved = unpack(OLD_FILE.read_bytes())
    assert saved.family == OLD_FAMILY
    assert saved.wording
    assert all(set(child.clauses) < set(said) for said, child in zip(saved.said, OLD_FAMILY.children, strict=True))
    assert saved.said[0]["night"] == "From {night-time}, devices charge in {night-place}."


def test_a_file_of_today_has_the_shape_of_that_one() -> None:
    """What is added needs a default and a new fixture beside the old one."""

    def shape(data: Any) -> Any:
        return {name: shape(value) for name, value in data.items()} if isinstance(data, Mapping) else type(data)

    today, then = (json.loads(data)["family"] for data in (pack(CONTENT, OLD_FAMILY), OLD_FILE.read_bytes()))
    assert shape(today) == shape(then)


def reworded(changes: Mapping[str, Mapping[Band, str] | None]) -> Content:
    """Content in which clauses read in another way, or are there no more."""
    clauses = {
        name: replace(clause, lines=changes.get(name, clause.lines))
        for name, clause in CONTENT.clauses.items()
        if changes.get(name, clause.lines) is not None
    }
    return replace(CONTENT, clauses=clauses)


def again(changes: Mapping[str, Mapping[Band, str] | None], **child: Any) -> dict[str, Any]:
    """What the form of a child holds when the wording has changed since its family printed."""
    family = replace(RIVERA, children=(replace(CHILD, **child),))
    saved = unpack(pack(CONTENT, family))
    (found,) = typed_again(reworded(changes), saved.family, saved.said)["children"]
    return dict(found)


def test_a_line_that_reads_in_another_way_now_brings_its_old_words() -> None:
    lines = CONTENT.clauses["night"].lines
    assert again({"night": lines | {Band.MIDDLE: "Phones sleep."}}, blanks={})["then"] == {"night": lines[Band.MIDDLE]}
    assert again({"night": lines | {Band.TEEN: "Phones sleep."}})["then"] == {}
    assert again({"tell": dict.fromkeys(Band, "I tell.")}, blanks={})["then"] == {
        "tell": CONTENT.clauses["tell"].lines[Band.MIDDLE]
    }


@pytest.mark.parametrize(
    ("now", "no_more"),
    [
        ("{night-time} – {night-place}", []),
        ("{night-place} from now on", ["night-time"]),
        ("Phones sleep.", ["night-time", "night-place"]),
    ],
)
def test_what_was_typed_in_a_blank_that_is_asked_for_no_more_stays_in_the_old_words(
    now: str, no_more: list[str]
) -> None:
    blanks = {"night-time": "8 o’clock", "night-place": "the {box}"}
    then = CONTENT.clauses["night"].lines[Band.MIDDLE]
    for blank in no_more:
        then = then.replace(f"{{{blank}}}", blanks[blank])
    assert again({"night": dict.fromkeys(Band, now)}, blanks=blanks)["then"] == {"night": then}


@pytest.mark.parametrize("lines", [None, {Band.TEEN: "Phones sleep."}], ids=["gone", "for other ages"])
@pytest.mark.parametrize(
    ("words", "own"),
    [
        pytest.param({}, filled_in(CONTENT.clauses["night"].lines[Band.MIDDLE], CHILD.blanks), id="our words"),
        pytest.param({"night": "Phones sleep in the hall"}, "Phones sleep in the hall", id="their words"),
    ],
)
def test_a_line_that_is_offered_no_more_becomes_one_of_the_childs_own(
    lines: Mapping[Band, str] | None, words: dict[str, str], own: str
) -> None:
    found = again({"night": lines}, words=words)
    assert found["own"] == ["I feed the cat first", own]
    assert "night" not in found["clauses"]
    assert found["then"] == {}


@pytest.mark.parametrize(("own", "kept"), [((), 3), (("a", "b"), 1), (("a", "b", "c"), 0)])
def test_lines_that_are_offered_no_more_come_as_far_as_there_is_room(own: tuple[str, ...], kept: int) -> None:
    found = again(dict.fromkeys(CHILD.clauses), own=own)["own"]
    assert found[: len(own)] == list(own)
    assert len(found) == len(own) + kept


def test_a_line_of_every_agreement_that_is_gone_becomes_one_of_the_childs_own_too() -> None:
    assert again({"tell": None})["own"][1].startswith("If something online feels scary")


def test_words_that_were_kept_and_are_longer_than_may_be_typed_are_kept_on() -> None:
    long = "We said this line with all its blanks filled. " * 3
    found = again({}, words={"night": long.strip()})
    assert found["keep"] == ["night"]
    assert found["then"] == {"night": long.strip()}
    rest = {"country": "us", "review": date.today().isoformat()}
    form = family_form(CONTENT, LANGUAGES)(data={"children": [found]} | rest)
    assert form.validate(), form.errors
    (child,) = family_from(CONTENT, form.data, TODAY, "en").children
    assert child.words == {"night": long.strip()}
