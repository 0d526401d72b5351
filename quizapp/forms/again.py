"""The form as it was when a family file was made, from what the file holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from quizapp.agreement import MOST_OWN, blanks_in, filled_in, lines_of
from quizapp.forms.family import LONGEST_LINE
from quizapp.forms.paper import languages_typed
from quizapp.model import Child, Content, Family


def typed_again(content: Content, family: Family, said: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What the form held when a family wrote in the language of `content`; the days are for the caller to set.

    `said` are the lines of each child as they read then. Lines that are worded in another way now stand beside ours;
    lines that are no longer offered become lines of the child's own, as far as there is room. Names that are none of
    ours, which only a file that somebody changed can hold, are left out.
    """
    return {
        "family": family.name,
        "adults": list(family.adults),
        "second": list(family.second_home),
        "children": [_child_again(content, *one) for one in zip(family.children, said, strict=True)],
        "country": family.country,
        "paper": family.paper,
        "size": family.size,
        "ink": family.ink,
        "language": languages_typed(family.language, family.beside),
    }


def _child_again(content: Content, child: Child, said: Mapping[str, str]) -> dict[str, Any]:
    now = {clause.id: clause.lines.get(child.band, "") for clause in lines_of(content, child)}
    gone = [child.words.get(name) or filled_in(text, child.blanks) for name, text in said.items() if name not in now]
    changed = {name: text for name, text in said.items() if now.get(name, text) != text}
    words = {name: text for name, text in child.words.items() if name in content.clauses}
    # Words of ours that were kept, with their blanks filled, can be longer than what may be typed.
    kept = {name: text for name, text in words.items() if name in now and len(text) > LONGEST_LINE}
    return {
        "name": child.name,
        "band": child.band,
        "clauses": [name for name in child.clauses if name in now],
        "words": {name: text for name, text in words.items() if name not in kept},
        "blanks": {blank.id: child.blanks.get(blank.id, "") for blank in content.wording.blanks},
        "then": {name: _as_read(text, now[name], child.blanks) for name, text in changed.items()} | kept,
        "keep": list(kept),
        "own": [*child.own, *gone][:MOST_OWN],
    }


def _as_read(text: str, now: str, blanks: Mapping[str, str]) -> str:
    """A line of then, with what was typed in those of its blanks that the line of now does not ask for any more."""
    for name in set(blanks_in(text)) - set(blanks_in(now)):
        text = text.replace(f"{{{name}}}", blanks.get(name) or f"{{{name}}}")
    return text
