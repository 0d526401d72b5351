"""Agreement -> the HTML that is printed, in one language or in two. Nothing here can reach an answer or a result."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.support import NullTranslations
from jinja2.environment import TemplateModule

from quizapp.model import Agreement
from quizapp.printing.words import environment

# What stands beside a line for agree, ask and change: circles to tick, or faces to colour in.
CIRCLES = ("\N{WHITE CIRCLE}",) * 3
FACES = ("\N{WHITE SMILING FACE}", "\N{THINKING FACE}", "\N{CONFUSED FACE}")


@dataclass(frozen=True, slots=True)
class Tongue:
    """An agreement in one language."""

    agreement: Agreement
    locale: str
    translations: NullTranslations

    @property
    def lang(self) -> str:
        """The language as HTML names it."""
        return self.locale.replace("_", "-")

    def say(self) -> TemplateModule:
        """What stands on a sheet, block by block, in this language."""
        return environment(self.locale, self.translations).get_template("blocks.html").module


def to_html(tongues: Sequence[Tongue], address: str) -> str:
    """The whole agreement as one HTML document, an article for each sheet: in one language, or in two side by side.

    `address` is where the wording can be checked; it is printed in the footer. It may be empty.
    """
    first = tongues[0]
    words = environment(first.locale, first.translations)
    return words.get_template("agreement.html").render(
        agreement=first.agreement,
        lang=first.lang,
        tongues=[{"lang": tongue.lang, "agreement": tongue.agreement, "say": tongue.say()} for tongue in tongues],
        circles=CIRCLES,
        faces=FACES,
        address=address,
    )
