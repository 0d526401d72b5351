"""What the processes that work for us do. A web process names these functions and stays free of their libraries."""

import gc
import logging
import os
import resource
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from quizapp import logs
from quizapp.content import ROOT
from quizapp.printing import Output

if TYPE_CHECKING:
    from quizapp.printing.pdf import Press

log = logging.getLogger(__name__)

FONTS = ROOT / "agreement_templates" / "fonts" / "fonts.conf"
# A web page is asked for by many at once; paper can wait a little.
_NICENESS = 10
# A file that unpacks into more memory than this is no file of ours. Python and its libraries are in it. Of files and
# connections, those that are open stay so.
_READING_LIMITS = {resource.RLIMIT_AS: 512 * 1024 * 1024, resource.RLIMIT_NOFILE: 3, resource.RLIMIT_FSIZE: 0}


def begin_printing() -> None:
    """Make this process a printing process."""
    logs.begin(logs.alone_on_stderr())
    os.nice(_NICENESS)
    press()
    # What is loaded stays for good: the garbage collector need not look at it again with every sheet.
    gc.collect()
    gc.freeze()


def print_html(html: str, saved: bytes = b"", output: Output = Output.PDF) -> bytes:
    """An HTML document -> a PDF, which carries the family's own data where there are any; or a picture.

    What fails is told here, where its place is known.
    """
    try:
        pdf = press().print(html, saved)
        return pdf if output is Output.PDF else camera()(pdf)
    except Exception as error:
        logs.fault(log, "a sheet could not be made", error)
        raise


@cache
def press() -> "Press":
    """The press of this process. Fontconfig is told about our fonts, and no others, before it is loaded.

    The same HTML gives the same bytes: fonts are stamped with a fixed date, and every date on paper is in the HTML.
    """
    os.environ["FONTCONFIG_FILE"] = str(FONTS)
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    from quizapp.printing.pdf import Press

    return Press()


@cache
def camera() -> Callable[[bytes], bytes]:
    """What takes pictures in this process. It is loaded with the first one: most processes are never asked for any."""
    from quizapp.printing.picture import first_page

    return first_page


def begin_reading() -> None:
    """Make this process one that reads files from outside: it gets no more memory than that takes, and nothing else.

    It can open no file and no connection any more, writes to none, and no setting is told to it.
    """
    logs.begin(logs.alone_on_stderr())
    os.nice(_NICENESS)
    reader()
    os.environ.clear()
    for limit, most in _READING_LIMITS.items():
        resource.setrlimit(limit, (most, most))
    # What is odd about a file is nobody's business but that of whoever sent it.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(pdf: bytes) -> bytes:
    """A PDF from outside -> the family's own data inside it. Raises Failed when there are none."""
    return reader()(pdf)


@cache
def reader() -> Callable[[bytes], bytes]:
    """What reads in this process. It is loaded before the first file comes, whose deadline that would use up."""
    from quizapp.printing.attachment import attached, warm_up

    warm_up()
    return attached
