"""Draw the font "Family Marks": the few signs of the printed sheet that text fonts lack.

    python make_marks.py

writes FamilyMarks-Regular.ttf beside this script. Needs fonttools.

The sheet's marks are an empty circle to tick by pen, a filled one, three faces to colour
in, a check mark, and a plain square that stands for an emoji no font here has. The faces
are for children who cannot read yet: a smile agrees, a raised brow asks, and a wavy mouth
wants a change. Nobody frowns, because to disagree is allowed.
Every line is drawn as the outline of its stroke. Points are complex numbers: x + y * 1j.
"""

import cmath
import math
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

OUT = Path(__file__).resolve().parent / "FamilyMarks-Regular.ttf"
FAMILY, STYLE = "Family Marks", "Regular"
ASCENT, DESCENT = 800, -200  # less than any text font's, so that a mark never parts the lines
MIDDLE = 334  # half the height of a capital letter in the text font
BORN = 3_850_000_000  # seconds since 1904: a fixed day, so that the same script gives the same file

Step = tuple[complex, float, float, float]  # centre, radius, from angle, to angle (degrees)


def outline(pen: TTGlyphPen, *steps: Step) -> None:
    """One closed contour: arcs one after another, joined by straight lines."""
    started = False
    for centre, radius, start, end in steps:
        count = max(1, math.ceil(abs(end - start) / 30))
        turn = math.radians(end - start) / count
        bulge = radius / math.cos(turn / 2)
        points = [centre + cmath.rect(radius, math.radians(start))]
        for i in range(count):
            angle = math.radians(start) + i * turn
            points.append(centre + cmath.rect(bulge, angle + turn / 2))
            points.append(centre + cmath.rect(radius, angle + turn))
        flat = [(round(p.real), round(p.imag)) for p in points]
        if started:
            pen.lineTo(flat[0])
        else:
            pen.moveTo(flat[0])
        started = True
        for off, on in zip(flat[1::2], flat[2::2], strict=True):
            pen.qCurveTo(off, on)
    pen.closePath()


def disc(pen: TTGlyphPen, centre: complex, radius: float, hole: bool = False) -> None:
    outline(pen, (centre, radius, 0, 360) if hole else (centre, radius, 360, 0))


def ring(pen: TTGlyphPen, centre: complex, radius: float, stroke: float) -> None:
    disc(pen, centre, radius)
    disc(pen, centre, radius - stroke, hole=True)


def square(pen: TTGlyphPen, centre: complex, half: float, radius: float, stroke: float) -> None:
    """A square with rounded corners: outside clockwise, inside the other way round."""
    corners = ((1 + 1j, 0), (-1 + 1j, 90), (-1 - 1j, 180), (1 - 1j, 270))
    at = [(centre + (half - radius) * corner, angle) for corner, angle in corners]
    outline(pen, *((c, radius, angle + 90, angle) for c, angle in reversed(at)))
    outline(pen, *((c, radius - stroke, angle, angle + 90) for c, angle in at))


def arc(pen: TTGlyphPen, centre: complex, radius: float, middle: float, half_angle: float, stroke: float) -> None:
    """A part of a circle with round ends, as far to both sides of the angle in its middle."""
    start, stop, end = middle - half_angle, middle + half_angle, stroke / 2
    outline(
        pen,
        (centre, radius + end, stop, start),
        (centre + cmath.rect(radius, math.radians(start)), end, start, start - 180),
        (centre, radius - end, start, stop),
        (centre + cmath.rect(radius, math.radians(stop)), end, stop + 180, stop),
    )


def bar(pen: TTGlyphPen, a: complex, b: complex, stroke: float) -> None:
    """A straight stroke with round ends."""
    half, angle = stroke / 2, math.degrees(cmath.phase(b - a))
    outline(pen, (b, half, angle + 90, angle - 90), (a, half, angle - 90, angle - 270))


def wave(pen: TTGlyphPen, middle: complex, radius: float, half_angle: float, stroke: float) -> None:
    """A hill and then a valley that meet in the middle, with round ends."""
    half, up, down = stroke / 2, (90 + half_angle, 90 - half_angle), (270 - half_angle, 270 + half_angle)
    to_join = cmath.rect(radius, math.radians(up[1]))
    hill, valley = middle - to_join, middle + to_join
    outline(
        pen,
        (hill, radius + half, *up),
        (valley, radius - half, *down),
        (valley + cmath.rect(radius, math.radians(down[1])), half, half_angle + 90, half_angle - 90),
        (valley, radius + half, *reversed(down)),
        (hill, radius - half, *reversed(up)),
        (hill + cmath.rect(radius, math.radians(up[0])), half, half_angle - 90, half_angle - 270),
    )


def face(pen: TTGlyphPen, eyes: float) -> complex:
    """A head with two eyes, which stand as high above the middle as told; its middle."""
    middle = 490 + MIDDLE * 1j
    ring(pen, middle, 430, 38)
    for x in (-145, 145):
        disc(pen, middle + x + eyes * 1j, 46)
    return middle


def check(pen: TTGlyphPen, a: complex, b: complex, c: complex, stroke: float) -> None:
    """Two strokes a-b and b-c that meet at the foot b, all ends round."""
    half = stroke / 2
    down, up = math.degrees(cmath.phase(b - a)), math.degrees(cmath.phase(c - b))
    inner_turn = math.radians(up - down)
    inner = b + cmath.rect(half / math.cos(inner_turn / 2), math.radians((down + up) / 2 + 90))
    outline(
        pen,
        (c, half, up + 90, up - 90),
        (b, half, up - 90, down - 90),
        (a, half, down - 90, down - 270),
        (inner, 0, 0, 0),
    )


def main() -> None:
    widths = {
        ".notdef": 800,
        "space": 260,
        "square": 800,
        "circle": 980,
        "disc": 980,
        "smile": 980,
        "brow": 980,
        "wave": 980,
        "check": 800,
    }
    characters = {
        0x20: "space",
        0x25A1: "square",
        0x25CB: "circle",
        0x25CF: "disc",
        0x263A: "smile",  # WHITE SMILING FACE
        0x2713: "check",
        0x1F615: "wave",  # CONFUSED FACE
        0x1F914: "brow",  # THINKING FACE
    }

    pens = {name: TTGlyphPen(None) for name in widths}
    square(pens[".notdef"], 400 + MIDDLE * 1j, 310, 80, 52)
    square(pens["square"], 400 + MIDDLE * 1j, 310, 80, 52)
    ring(pens["circle"], 490 + MIDDLE * 1j, 430, 38)
    disc(pens["disc"], 490 + MIDDLE * 1j, 430)
    arc(pens["smile"], face(pens["smile"], 120) - 10j, 240, 270, 62, 46)
    middle = face(pens["brow"], 50)
    arc(pens["brow"], middle - 145 - 5j, 160, 90, 36, 46)
    arc(pens["brow"], middle + 145 + 110j, 130, 90, 50, 46)
    bar(pens["brow"], middle - 120 - 195j, middle + 120 - 165j, 46)
    wave(pens["wave"], face(pens["wave"], 120) - 150j, 120, 58, 46)
    check(pens["check"], 130 + 300j, 320 + 90j, 680 + 620j, 84)

    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(pens))
    builder.setupCharacterMap(characters)
    builder.setupGlyf({name: pen.glyph() for name, pen in pens.items()})
    glyphs = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (width, getattr(glyphs[name], "xMin", 0)) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupNameTable(
        {
            "familyName": FAMILY,
            "styleName": STYLE,
            "fullName": f"{FAMILY} {STYLE}",
            "psName": "FamilyMarks-Regular",
            "uniqueFontIdentifier": "FamilyMarks-Regular 1.0",
            "version": "Version 1.000",
        },
        mac=False,
    )
    builder.setupOS2(
        sTypoAscender=ASCENT,
        sTypoDescender=DESCENT,
        usWinAscent=ASCENT,
        usWinDescent=-DESCENT,
        sCapHeight=2 * MIDDLE,
        sxHeight=496,
        usWeightClass=400,
        fsSelection=0x40,
        fsType=0,
    )
    builder.font["OS/2"].recalcUnicodeRanges(builder.font)
    builder.setupPost()
    builder.updateHead(created=BORN, modified=BORN, fontRevision=1.0)
    builder.font.recalcTimestamp = False
    builder.save(OUT)


if __name__ == "__main__":
    main()
