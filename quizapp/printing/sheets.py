"""Agreement -> the HTML that is printed, in a given language. Nothing here can reach an answer or a result."""

from babel.support import NullTranslations

from quizapp.model import Agreement
from quizapp.printing.words import environment

# Names longer than this get smaller letters, so that the name stays on one or two lines.
_LONG_NAME = 14
_VERY_LONG_NAME = 28


def to_html(agreement: Agreement, locale: str, translations: NullTranslations, address: str) -> str:
    """The whole agreement as one HTML document, an article for each sheet.

    `address` is where the wording can be checked; it is printed in the footer. It may be empty.
    """
    words = environment(locale, translations)
    words.filters["size"] = _size
    return words.get_template("agreement.html").render(agreement=agreement, locale=locale, address=address)


def _size(name: str) -> str:
    """How large a name is printed: a word that the style sheet knows."""
    if len(name) > _VERY_LONG_NAME:
        return "very-long"
    return "long" if len(name) > _LONG_NAME else "short"
