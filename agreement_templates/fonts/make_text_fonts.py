"""Make the text fonts of the printed sheet: one plain TrueType file per weight.

The npm packages hold each font cut into pieces (latin, latin-ext, vietnamese); a
printed sheet needs them whole, so the pieces are joined again here. The Noto fonts
are already whole: they only lose their screen hinting, which paper does not use.

    python make_text_fonts.py FRAUNCES ATKINSON [NOTO]

FRAUNCES and ATKINSON are the unpacked npm packages, NOTO is the folder of the .ttf
files in Debian's package. The fonts are written beside this script.
Needs fonttools and brotli.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
PIECES = ("latin", "latin-ext", "vietnamese")
NOTO = [
    f"NotoSans{script}-{style}.ttf"
    for script in ("", "Arabic", "Hebrew", "Devanagari")
    for style in ("Regular", "Bold")
]


def keep(font: TTFont, characters: set[int]) -> TTFont:
    """Cut a font down to some characters, with all their features and no hinting."""
    options = Options(
        hinting=False,
        layout_features=["*"],
        layout_scripts=["*"],
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
        glyph_names=True,
        recalc_timestamp=False,
    )
    options.drop_tables += ["STAT", "gasp"]
    subsetter = Subsetter(options)
    if characters == set(font.getBestCmap()):
        subsetter.populate(unicodes=characters, glyphs=font.getGlyphOrder())
    else:
        subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return font


def join(package: Path, stem: str, weight: int, family: str, style: str) -> None:
    """Join the pieces of one weight; where two hold a character, the first one's stays."""
    seen: set[int] = set()
    with TemporaryDirectory() as folder:
        pieces: list[str] = []
        for piece in PIECES:
            source = package / "files" / f"{stem}-{piece}-{weight}-normal.woff2"
            if not source.exists():
                continue
            font = TTFont(source, recalcTimestamp=False)
            new = set(font.getBestCmap()) - seen
            seen |= new
            font.flavor = None
            pieces.append(f"{folder}/{piece}.ttf")
            if len(pieces) == 1:
                dates = font["head"].created, font["head"].modified
            keep(font, new).save(pieces[-1])
        merged = Merger().merge(pieces)

    full_name = f"{family} {style}"
    basic = style in ("Regular", "Bold")  # other styles need the long family names as well
    names = {
        1: family if basic else full_name,
        2: style if basic else "Regular",
        4: full_name,
        6: full_name.replace(f" {style}", f"-{style}").replace(" ", ""),
        16: None if basic else family,
        17: None if basic else style,
    }
    table = merged["name"]
    table.names = [name for name in table.names if name.nameID < 256]
    for name_id, text in names.items():
        table.removeNames(nameID=name_id)
        if text:
            table.setName(text, name_id, 3, 1, 0x409)
    merged["OS/2"].usWeightClass = weight
    merged["OS/2"].recalcUnicodeRanges(merged)
    merged["head"].created, merged["head"].modified = dates  # the same input, the same file
    merged.recalcTimestamp = False
    merged.save(HERE / f"{names[6]}.ttf")


def main() -> None:
    fraunces, atkinson, *noto = map(Path, sys.argv[1:])
    join(fraunces, "fraunces", 600, "Fraunces", "SemiBold")
    for weight, style in ((400, "Regular"), (700, "Bold")):
        stem = "atkinson-hyperlegible-next"
        join(atkinson, stem, weight, "Atkinson Hyperlegible Next", style)
    for folder in noto:
        for name in NOTO:
            font = TTFont(folder / name, recalcTimestamp=False)
            keep(font, set(font.getBestCmap())).save(HERE / name)


if __name__ == "__main__":
    main()
