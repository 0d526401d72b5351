"""Families that sheets are printed for, and their sheets as HTML, in one language or side by side."""

from dataclasses import replace
from datetime import date

from babel.support import NullTranslations

from quizapp import languages
from quizapp.agreement import choosable, write
from quizapp.config import Config
from quizapp.model import Band, Child, Content, Family
from quizapp.printing.sheets import Tongue, to_html

ADDRESS = "quiz.example/en/evidence"
CAPITALS = (
    "OMA MARGARETE UND OPA WILHELM MECKLENBURG WENN SIE DA SIND UND SONST TANTE WILHELMINE DIE NEBENAN WOHNT UND KOMMT"
)
LONG_NAMES = ("Maria-Magdalena Hohenstaufen-Mecklenburg von Großmannsdorf-W",) * 4
LOUD_NAME = "WILHELMINE MARGARETE MECKLENBURG-HOHENSTAUFEN VON GROSSMANN"
CHILD = Child(
    name="Leo",
    band=Band.MIDDLE,
    clauses=("contact", "night", "practice", "talk"),
    blanks={"adult-one": "Mum", "night-time": "8 o’clock"},
    own=("I feed the cat first",),
)
RIVERA = Family(
    name="Rivera",
    adults=("Ana Rivera", "Tom Rivera"),
    children=(CHILD,),
    country="us",
    made=date(2026, 11, 22),
    review=date(2027, 2, 22),
)


def html_of(content: Content, family: Family, translations: NullTranslations | None = None) -> str:
    return to_html([Tongue(write(content, family), "en", translations or NullTranslations())], ADDRESS)


def worst(content: Content, band: Band) -> Child:
    """Everything filled in to the last letter."""
    line = ("Wir machen es so: " + "maximal Mümmelmann " * 10)[:120]
    return Child(
        name=f"{band} Maximiliane Wilhelmine Hohenstaufen-Mecklenburg Großmannsdorf"[:60],
        band=band,
        clauses=tuple(clause.id for clause in choosable(content, band))[:4],
        words={clause.id: line for clause in choosable(content, band)},
        blanks={blank.id: "Mümmelmann und Maximilian Mecklenburg-Mü"[:40] for blank in content.wording.blanks},
        own=(line,) * 3,
    )


def usual(content: Content, band: Band) -> Child:
    return replace(CHILD, name=f"Leo{band[0]}", band=band)


def short(content: Content, band: Band) -> Child:
    return replace(CHILD, band=band, blanks={}, own=())


def loud(content: Content, band: Band) -> Child:
    """All of it in capitals, which are wider."""
    blanks = {blank.id: CAPITALS[:40].strip() for blank in content.wording.blanks}
    words = dict.fromkeys((clause.id for clause in choosable(content, band)), CAPITALS)
    return replace(worst(content, band), name=LOUD_NAME, words=words, blanks=blanks, own=(CAPITALS,) * 3)


def in_tongues(content: Content, family: Family, *codes: str) -> str:
    """The family's sheets in one language, or in two side by side."""
    return to_html([_tongue(content, family, code) for code in codes], ADDRESS)


def _tongue(content: Content, family: Family, code: str) -> Tongue:
    spoken = languages.catalogue(code, Config().TRANSLATIONS)
    written = write(languages.content_in(content, spoken), replace(family, language=code))
    return Tongue(written, code, spoken)
