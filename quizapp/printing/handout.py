"""What is printed for schools to hand out: a flyer with a code to scan, and a picture that names no school."""

from collections.abc import Iterable, Iterator

from babel.support import NullTranslations

from quizapp.model import Paper, School
from quizapp.printing.words import environment

# Letters of name, town and contact together, above which they are set smaller.
_LONG_NAME = 90


def flyer(
    school: School,
    paper: Paper,
    address: str,
    code: Iterable[Iterable[bool]],
    locale: str,
    translations: NullTranslations,
) -> str:
    """One page. `address` is printed as people type it; `code` holds the rows of the QR code, True where it is dark."""
    rows = [list(row) for row in code]
    return (
        environment(locale, translations)
        .get_template("flyer.html")
        .render(
            school=school,
            paper=paper,
            address=address.split("://")[-1],
            side=len(rows),
            path="".join(_path(rows)),
            is_long=len(school.name + school.town + school.contact) > _LONG_NAME,
            lang=locale.replace("_", "-"),
        )
    )


def picture(locale: str, translations: NullTranslations) -> str:
    """1200 x 630 px, which is what social networks show."""
    return environment(locale, translations).get_template("picture.html").render(lang=locale.replace("_", "-"))


def _path(rows: list[list[bool]]) -> Iterator[str]:
    """An SVG path round each run of dark squares."""
    for y, row in enumerate(rows):
        start = 0
        for x, dark in enumerate([*row, False]):
            if dark:
                continue
            if x > start:
                yield f"M{start} {y}h{x - start}v1h{start - x}z"
            start = x + 1
