"""The family's own data as the PDF carries it: what was typed and chosen, and the lines as they read at the time.

No answer and no result is in it: it is made of a `Family`, which has none. A file stays readable for good: what is
added to `Saved`, or to the nouns in it, has a default, and `FORMAT` changes when that is not enough.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from quizapp.agreement import MOST_ADULTS, MOST_CHILDREN, MOST_OWN, lines_of
from quizapp.model import Content, Family
from quizapp.printing import Failed

NAME = "family-agreement.json"
FORMAT: Final = 1
# Far more than the largest form.
MOST_BYTES = 1024 * 1024
# Letters of a text, of what was typed into a blank of one, and entries of a list or a table: more than a family can
# type, and few enough that a file which somebody made by hand unfolds into no more than some megabytes.
_MOST_LETTERS, _MOST_IN_A_BLANK, _MOST_ENTRIES = 500, 100, 60


@dataclass(frozen=True, slots=True)
class Saved:
    """`said` holds, for each child, the wording of each line of the sheet by clause id, in the family's language."""

    format: Literal[1]
    wording: str
    family: Family
    said: tuple[Mapping[str, str], ...]


_SHAPE = TypeAdapter(Saved)


def pack(content: Content, family: Family) -> bytes:
    """The data of a family that writes in the language of `content`. The same family gives the same bytes."""
    said = tuple(
        {clause.id: clause.lines[child.band] for clause in lines_of(content, child)} for child in family.children
    )
    return _SHAPE.dump_json(Saved(FORMAT, content.wording.version, family, said), indent=1)


def unpack(data: bytes) -> Saved:
    """Raises Failed when this is not what `pack` makes, or more than a family can type."""
    try:
        saved = _SHAPE.validate_json(data)
    except ValidationError as error:
        raise Failed("no data of a family of ours") from error
    if not _is_possible(saved):
        raise Failed("more than a family can type")
    return saved


def _is_possible(saved: Saved) -> bool:
    family = saved.family
    return (
        0 < len(family.children) == len(saved.said) <= MOST_CHILDREN
        and max(len(family.adults), len(family.second_home)) <= MOST_ADULTS
        and all(len(child.own) <= MOST_OWN for child in family.children)
        and all(len(typed) <= _MOST_IN_A_BLANK for child in family.children for typed in child.blanks.values())
        and _is_small(_SHAPE.dump_python(saved))
    )


def _is_small(value: object) -> bool:
    """Whether each text, list and table in it is."""
    if isinstance(value, str):
        return len(value) <= _MOST_LETTERS
    if isinstance(value, Mapping):
        return _is_small([*value]) and _is_small([*value.values()])
    if isinstance(value, list | tuple):
        return len(value) <= _MOST_ENTRIES and all(map(_is_small, value))
    return True
