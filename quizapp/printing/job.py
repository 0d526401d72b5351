"""What a printing process does. A web process only names these functions and stays free of WeasyPrint."""

import gc
import os
from functools import cache
from typing import TYPE_CHECKING

from quizapp.content import ROOT

if TYPE_CHECKING:
    from quizapp.printing.pdf import Press

FONTS = ROOT / "agreement_templates" / "fonts" / "fonts.conf"
# A web page is asked for by many at once; paper can wait a little.
_NICENESS = 5


def begin() -> None:
    """Make this process a printing process."""
    os.nice(_NICENESS)
    press()
    # What is loaded stays for good: the garbage collector need not look at it again with every sheet.
    gc.collect()
    gc.freeze()


def print_html(html: str) -> bytes:
    """An HTML document -> a PDF."""
    return press().print(html)


@cache
def press() -> "Press":
    """The press of this process. Fontconfig is told about our fonts, and no others, before it is loaded.

    The same HTML gives the same bytes: fonts are stamped with a fixed date, and every date on paper is in the HTML.
    """
    os.environ["FONTCONFIG_FILE"] = str(FONTS)
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    from quizapp.printing.pdf import Press

    return Press()
