"""A family file from another day: the data in a PDF, without the sheets around it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from quizapp.model import Band, Child, Content, Family, Text
from quizapp.printing.savefile import pack
from tests.tools.files import pdf_with

LEO = Child(
    name="Leo",
    band=Band.MIDDLE,
    clauses=("contact", "night", "practice", "talk"),
    blanks={"adult-one": "Mum", "night-place": "the kitchen"},
    own=("I feed the cat first",),
)
RIVERA = Family(
    name="Rivera",
    adults=("Ana Rivera",),
    children=(LEO,),
    country="us",
    made=date(2026, 5, 1),
    review=date(2026, 8, 1),
    second_home=("Jo",),
)


def family_file(content: Content, family: Family = RIVERA) -> bytes:
    """A PDF that carries the family, from a day on which every line read in another way."""
    before = {name: replace(clause, lines=_said(clause.lines)) for name, clause in content.clauses.items()}
    return pdf_with(pack(replace(content, clauses=before), family))


def _said(lines: Mapping[Band, Text]) -> dict[Band, Text]:
    return {band: Text(f"Once: {line}") for band, line in lines.items()}
