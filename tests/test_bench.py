"""What the benchmark writes down, and that what it compares has the same words."""

from io import BytesIO

import docx
import pytest
from bs4 import BeautifulSoup

from bench import figures, office, others, sample
from bench.table import Figure

MISSED = Figure("PDF to the floor", "3.10", "at most 3.00", False, brief=True)
OURS = others.Measured("ours", seconds=0.12, ours_to_it=1, size=51200, aloud="yes")


def test_the_office_prints_the_words_of_the_sheets_in_their_order() -> None:
    html = sample.two_children()
    made = docx.Document(BytesIO(office.document(html)))
    shown = [text.text for text in made.element.body.iter() if text.tag.endswith("}t")]
    page = BeautifulSoup(html, "html.parser")
    assert "".join("".join(shown).split()) == "".join("".join(a.get_text() for a in page.select("article")).split())


def test_the_office_is_told_which_rows_are_headings() -> None:
    made = docx.Document(BytesIO(office.document(sample.two_children())))
    marked = [bool(table.rows[0]._tr.xpath("w:trPr/w:tblHeader")) for table in made.tables]
    assert marked == [True, False, False] * 2


def test_figures_stand_between_their_marks_and_nothing_else_changes() -> None:
    text = f"before\n{figures.BEGIN}\nold\n{figures.END}\nafter\n"
    assert figures.between(text, "new") == text.replace("old", "new")


@pytest.mark.parametrize("text", ["", figures.BEGIN, f"{figures.END} {figures.BEGIN}"])
def test_a_text_without_a_place_for_figures_is_not_touched(text: str) -> None:
    with pytest.raises(ValueError, match="no place between"):
        figures.between(text, "new")


def test_the_brief_table_says_which_aim_was_missed_and_leaves_out_the_rest() -> None:
    told = figures.brief("a machine", [MISSED, Figure("left out", "1")], [OURS])
    assert "| PDF to the floor | 3.10 | at most 3.00 (missed) |" in told
    assert "| ours | 120 | 1.00 | 50 | yes |" in told
    assert "left out" not in told


def test_the_whole_table_holds_every_figure_and_what_the_rush_printed() -> None:
    told = figures.whole("a machine", [MISSED, Figure("all others", "1")], [OURS], "visitors  7\n")
    assert "| all others | 1 |  |  |" in told
    assert "```text\nvisitors  7\n```" in told


def test_the_readme_has_a_place_for_figures() -> None:
    assert figures.between(figures.README.read_text(encoding="utf-8"), "new")


@pytest.mark.parametrize(
    ("without", "with_setting", "said"),
    [(True, True, "yes"), (False, True, "only when asked to"), (False, False, "no")],
)
def test_a_pdf_can_be_read_aloud_at_once_or_when_asked_or_not(without: bool, with_setting: bool, said: str) -> None:
    assert others._aloud(without, with_setting) == said
