"""A family file from another day: the data in a PDF, without the sheets around it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from quizapp.model import Band, Content, Family, Text
from quizapp.printing.savefile import pack
from tests.tools import families
from tests.tools.families import CHILD
from tests.tools.files import pdf_with

LEO = replace(CHILD, blanks={"adult-one": "Mum", "night-place": "the kitchen"})
RIVERA = replace(
    families.RIVERA,
    adults=("Ana Rivera",),
    children=(LEO,),
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
