"""Every finding that was collected reaches a reader, and whatever is not printed has its reason."""

from quizapp.content import read
from quizapp.content.coverage import unused, uses

CONTENT = read()


def test_every_finding_is_used_by_something() -> None:
    assert unused(CONTENT) == [], "let something rest on it, or move it to questions/left-out"


def test_every_use_leads_to_a_finding() -> None:
    assert set(uses(CONTENT)) == set(CONTENT.factors)


def test_a_use_is_told_by_the_name_of_what_rests_on_it() -> None:
    places = uses(CONTENT)["khurana-2015.bedroom"]
    assert {"question night", "step night", "clause night"} <= set(places)


def test_whatever_is_left_out_has_a_topic_a_reason_and_a_source_and_stands_nowhere_else() -> None:
    ids = [item.id for group in CONTENT.left_out.values() for item in group.items]
    assert len(ids) == len(set(ids))
    assert not set(ids) & set(CONTENT.factors)
    for group in CONTENT.left_out.values():
        assert group.reason.endswith(".")
        assert all(item.what and item.source in CONTENT.sources for item in group.items)


def test_what_we_never_ask_is_among_what_we_left_out_with_its_reason() -> None:
    words = " ".join(item.what for item in CONTENT.left_out["never-asked"].items).lower()
    for topic in ("money", "past", "health"):
        assert topic in words
