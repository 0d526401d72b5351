"""What a school hands out: its link as a code to scan, words for a newsletter, lines for its own site, one zip.

Everything is made of the link, the school's name and a language; nothing of a family is in it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

# As dark on white as on our pages, in light and in dark: a phone reads it best this way round.
_DARK, _LIGHT = "#1d2b33", "#ffffff"
# Squares that stay empty around a code, as its standard (ISO/IEC 18004) asks.
_QUIET = 4
# Pixels for a square: sharp on paper up to a hand's breadth.
_SVG_SCALE, _PNG_SCALE = 8, 20
# The first day that a zip can name, so that the same files give the same bytes.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16

# HTML for mail programs and sites of others; everything put into it is escaped.
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates" / "kit"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


class Length(StrEnum):
    """Of a newsletter text: about 25, 70 or 140 words."""

    SHORT = "short"
    MIDDLE = "middle"
    LONG = "long"


def title(_: Callable[[str], str]) -> str:
    """What is handed on, in a line."""
    return _("One minute for your family’s online safety")


def paragraphs(length: Length, school: str, _: Callable[[str], str]) -> tuple[str, ...]:
    """What a school tells its families, in the language that `_` translates into. The link comes after it."""
    return {Length.SHORT: _short, Length.MIDDLE: _middle, Length.LONG: _long}[length](school, _)


def _short(school: str, _: Callable[[str], str]) -> tuple[str, ...]:
    return (
        _(
            "How is your family doing online? Ten quick questions take one minute. Then write a page of promises "
            "together. No account. Nothing is kept."
        ),
    )


def _middle(school: str, _: Callable[[str], str]) -> tuple[str, ...]:
    return (
        _(
            "How is your family doing online? Ten quick questions take about a minute. You see what already goes "
            "well, and up to three small steps to try next. Then you and your child can write a page of promises "
            "together, print it and put it on the fridge."
        ),
        _("There is no account, and nothing that you answer is kept. %(school)s never sees the answers of a family.")
        % {"school": school},
    )


def _long(school: str, _: Callable[[str], str]) -> tuple[str, ...]:
    return (
        _("Dear families,"),
        _(
            "Much of our children’s lives happens online. Small habits at home can help, and you may have many of "
            "them already. We would like to pass on a short quiz that shows you yours."
        ),
        _(
            "It has ten quick questions about one child and takes about a minute. You see what already goes well, and "
            "up to three small steps to try next. Then you and your child can write a page of promises together, "
            "print it and sign it."
        ),
        _(
            "There is no account, and nothing that you answer is kept. %(school)s never learns what any one family "
            "said. We only see estimates, for groups of ten."
        )
        % {"school": school},
        _(
            "If something online worries you or your child right now, help is one tap away on every page. Whatever "
            "happened, it is not your child’s fault."
        ),
    )


def as_text(said: Sequence[str], link: str) -> str:
    return "\n\n".join([*said, link]) + "\n"


def as_mail(said: Sequence[str], link: str, lang: str, _: Callable[[str], str]) -> str:
    """A whole HTML document that a mail program shows as it is; the link is its only address."""
    words = {"title": title(_), "text": _("Start the minute")}
    return _html("mail.html", lang=lang, paragraphs=said, link=link, **words)


def button(link: str, _: Callable[[str], str]) -> str:
    """HTML as a text to copy: on a page of ours it is escaped as any text is."""
    return _html("button.html", link=link, text=title(_))


def embed(source: str, link: str, _: Callable[[str], str]) -> str:
    """The quiz inside a page of the school, and under it a link for those who cannot see it there."""
    words = {"title": title(_), "text": _("Open the quiz on a page of its own")}
    return _html("embed.html", source=source, link=link, **words)


def _html(template: str, **values: object) -> str:
    return _templates.get_template(template).render(**values) + "\n"


def code(link: str) -> list[list[bool]]:
    """The rows of the QR code, True where it is dark, with what stays empty around it."""
    return [[bool(square) for square in row] for row in _code(link).matrix_iter(border=_QUIET)]


def code_as_svg(link: str, said: str) -> bytes:
    """`said` is what a screen reader says in the place of the code."""
    out = BytesIO()
    _code(link).save(
        out, kind="svg", border=_QUIET, scale=_SVG_SCALE, dark=_DARK, light=_LIGHT, title=said, svgclass=None
    )
    return out.getvalue()


def code_as_png(link: str) -> bytes:
    out = BytesIO()
    _code(link).save(out, kind="png", border=_QUIET, scale=_PNG_SCALE, dark=_DARK, light=_LIGHT)
    return out.getvalue()


def _code(link: str) -> segno.QRCode:
    return segno.make_qr(link, error="m", boost_error=False)


def zipped(files: Mapping[str, bytes]) -> bytes:
    """All files in one, in the order given."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as together:
        for name, file in files.items():
            together.writestr(_entry(name), file)
    return out.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _NO_DAY)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = _READABLE
    return entry
