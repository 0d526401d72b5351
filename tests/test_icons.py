"""Every drawing that a line can name is there, for the screen and for paper; small children have a picture a line."""

import re
import runpy
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

from quizapp.model import Icon

ROOT = Path(__file__).parent.parent
FONTS = ROOT / "agreement_templates" / "fonts"
PICTURES = sorted((ROOT / "static" / "pictures").iterdir())
TOLD_TO_SMALL_CHILDREN = {
    path.stem.partition("-")[2]
    for path in (ROOT / "agreement_templates" / "clauses").glob("*.toml")
    if "4-7" in tomllib.loads(path.read_text())["lines"]
}
SHAPES = {"path", "circle", "rect"}
STYLE = {"fill", "stroke", "stroke-width"}
GEOMETRY = {"d", "cx", "cy", "r", "x", "y", "width", "height", "rx"}
FACES = {"agree": "\N{WHITE SMILING FACE}", "ask": "\N{THINKING FACE}", "change": "\N{CONFUSED FACE}"}


def drawing(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text())  # noqa: S314 - Our own file, nobody sends it.


@pytest.mark.parametrize("icon", Icon)
def test_a_line_can_show_its_drawing_on_screen_and_on_paper(icon: Icon) -> None:
    assert (ROOT / "static" / "icons" / f"{icon}.svg").read_text().startswith("<svg")
    assert f'.icon--{icon} {{ mask-image: url("icons/{icon}.svg") }}' in (ROOT / "static" / "app.css").read_text()
    assert (
        f'td.line--{icon} {{ background-image: url("../static/icons/{icon}.svg") }}'
        in (ROOT / "agreement_templates" / "print.css").read_text()
    )


def test_each_line_for_small_children_has_a_picture_and_no_picture_is_left_over() -> None:
    assert {path.name for path in PICTURES} == {f"{clause}.svg" for clause in TOLD_TO_SMALL_CHILDREN}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_a_small_line_drawing_in_the_one_style(path: Path) -> None:
    assert path.stat().st_size <= 2500
    root = drawing(path)
    assert root.attrib == {
        "viewBox": "0 0 64 64",
        "width": "64",
        "height": "64",
        "fill": "none",
        "stroke": "#0b5a5e",
        "stroke-width": "2.4",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    for shape in root:
        assert shape.tag.partition("}")[2] in SHAPES
        assert shape.attrib.keys() <= STYLE | GEOMETRY
        assert shape.get("fill", "#fff") == "#fff"
        assert shape.get("stroke", "#c9871f") in {"#c9871f", "#fff"}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_tells_its_line_without_a_word(path: Path) -> None:
    assert "".join(drawing(path).itertext()).strip() == ""
    assert not re.search(r"<(text|title|style|script|image|use)|\bid=|href|url\(", path.read_text())


@pytest.mark.parametrize("face", FACES.values(), ids=FACES)
def test_a_face_to_colour_in_is_a_ring_with_two_eyes_and_a_mouth_of_its_own(face: str) -> None:
    with TTFont(FONTS / "FamilyMarks-Regular.ttf") as font:
        glyphs = font.getGlyphSet()
        drawn = {mark: font["glyf"][font.getBestCmap()[ord(mark)]] for mark in [*FACES.values(), "○"]}
        edges = {}
        for mark in (face, "○"):
            pen = BoundsPen(glyphs)
            glyphs[font.getBestCmap()[ord(mark)]].draw(pen)
            edges[mark] = pen.bounds
    assert edges[face] == edges["○"]
    assert drawn[face].numberOfContours >= 5
    assert [other for other, glyph in drawn.items() if glyph == drawn[face]] == [face]


def test_the_font_of_the_marks_is_what_its_script_draws(tmp_path: Path) -> None:
    script = runpy.run_path(str(FONTS / "make_marks.py"))
    script["main"].__globals__["OUT"] = tmp_path / "marks.ttf"
    script["main"]()
    assert (tmp_path / "marks.ttf").read_bytes() == (FONTS / "FamilyMarks-Regular.ttf").read_bytes()
