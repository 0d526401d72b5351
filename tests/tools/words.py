"""How easy our words read: `make words`.

English: the school grades of Flesch and Kincaid (https://apps.dtic.mil/sti/citations/ADA006655) and, on a page of
thirty sentences and more, of SMOG (McLaughlin 1969). Spanish: INFLESZ, which is Szigriszt's formula with the scale of
Barrio-Cantalejo and others 2008; higher is easier, and 65 is where "fairly easy" begins. Names of organisations are
left out of the count: nobody can put them in shorter words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import textstat
from bs4 import BeautifulSoup
from flask import Flask

from quizapp import create_app
from quizapp.content import read
from quizapp.model import Band, Content
from quizapp.pages.site import Language
from quizapp.schools.totals import Count

HARDEST_GRADE = 6
HARDEST_SMOG = 8
SMOG_SENTENCES = 30
LEAST_INFLESZ = 65
CHILD_GRADES = {Band.EARLY: 2, Band.MIDDLE: 4, Band.TWEEN: 5, Band.TEEN: 6}
MOST_QUIZ_WORDS = 125
# Words a minute to plan with (Brysbaert 2019: adults read 238 on average, most of them 175 to 300), and seconds a tap.
PACE = 200
TAP = 2

BLOCKS = "h1, h2, h3, p, li, dt, dd, th, td, label, legend, summary, option, .door, .button"
# What is no sentence of ours: who said it, a number to dial, an address, what only a screen reader is told.
ASIDE = "small, .cite, .cited, .line__call, .line__url, svg, [hidden], script, .switch, option, .age, table"
EASY = "I say so."

PARENT = {"urgent": "no", "signs": "no"}
WORST = {
    "contact": "anyone",
    "strangers": "often",
    "age-true": "no",
    "night": "bedroom",
    "talk": "rarely",
    "promise": "not-yet",
    "practice": "not-yet",
}
BEST = {
    "contact": "known",
    "strangers": "no",
    "age-true": "yes",
    "night": "outside",
    "talk": "weekly",
    "promise": "yes",
    "practice": "yes",
}
RESULTS = {
    "result, all to do": {"age": "11-13", **PARENT, **WORST},
    "result, nothing to do": {"age": "8-10", **PARENT, **BEST},
    "result, maybe": {"age": "4-7", **PARENT, **WORST, "urgent": "maybe"},
    "result, a little": {"age": "14-17", **PARENT, **WORST, "signs": "little", "contact": "not-sure"},
    "result, clearly": {"age": "11-13", **PARENT, **WORST, "signs": "clearly", "promise": "not-sure"},
}


@dataclass(frozen=True)
class Measured:
    """How a text reads. `inflesz` for Spanish, the grades for English; `smog` only where there are enough sentences."""

    name: str
    sentences: int
    words: int
    grade: float | None = None
    smog: float | None = None
    inflesz: float | None = None

    @property
    def is_plain(self) -> bool:
        grade_fits = self.grade is None or self.grade <= HARDEST_GRADE
        smog_fits = self.smog is None or self.smog <= HARDEST_SMOG
        return grade_fits and smog_fits and (self.inflesz is None or self.inflesz >= LEAST_INFLESZ)


def measured(name: str, sentences: Sequence[str], lang: str) -> Measured:
    text = " ".join(sentences)
    counted = sum(len(_sentences(sentence)) for sentence in sentences)
    words = len(text.split())
    if lang == "es":
        return Measured(name, counted, words, inflesz=round(inflesz(sentences), 1))
    textstat.set_lang("en_US")
    smog = round(textstat.smog_index(text), 1) if counted >= SMOG_SENTENCES else None
    return Measured(name, counted, words, grade=round(textstat.flesch_kincaid_grade(text), 1), smog=smog)


def inflesz(sentences: Iterable[str]) -> float:
    """206.835 - 62.3 x syllables a word - words a sentence."""
    parts = [part for sentence in sentences for part in _sentences(sentence)]
    words = [word for part in parts for word in re.findall(r"[^\W\d_]+", part)]
    spoken = sum(syllables(word) for word in words)
    return 206.835 - 62.3 * spoken / len(words) - len(words) / len(parts)


def syllables(word: str) -> int:
    """Of a Spanish word: a syllable for each strong vowel, and for a group of weak ones that stands alone.

    textstat counts where a word may be hyphenated, and so misses every syllable that is one vowel at an edge.
    """
    word = re.sub(r"([qg])u(?=[eiéí])", r"\1", word.lower())
    groups = re.findall(r"[aeiouáéíóúü]+", re.sub(r"y(?![aeiouáéíóú])", "i", word))
    return max(1, sum(len(re.findall("[aeoáéíóú]", group)) or 1 for group in groups))


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?:…])[”’)]*\s+", text) if re.search(r"\w", part)]


def sentences_of(page: BeautifulSoup, names: Iterable[str]) -> list[str]:
    """The sentences that a page says in its own words: the text of each block that holds no other block."""
    main = page.main
    assert main, "a page without a main part"
    for aside in main.select(ASIDE):
        aside.extract()
    blocks = [block for block in main.select(BLOCKS) if not block.select(BLOCKS)]
    texts = [" ".join(block.get_text().split()) for block in blocks]
    return [ended(without_names(text, names)) for text in texts if re.search(r"[^\W\d_]{2}", text)]


def ended(text: str) -> str:
    """A title, too, ends somewhere."""
    return text if re.search(r"[.?!:…][”’)]*$", text) else f"{text}."


def without_names(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "Ann", text)
    return text


def names_in(content: Content) -> set[str]:
    """Names of organisations, and of their services and laws."""
    lines = {line.name for country in content.countries.values() for line in country.lines}
    return {source.organisation for source in content.sources.values()} | lines | {"Report Remove", "Take It Down"}


# What is measured


def pages(app: Flask, lang: str) -> Iterator[tuple[str, BeautifulSoup]]:
    """Every page that a parent may read, by name."""
    client = app.test_client()

    def page(path: str) -> BeautifulSoup:
        return BeautifulSoup(client.get(f"/{lang}{path}").text, "html.parser")

    fixed = ["/", "/quiz", "/agreement", "/signs", *(f"/signs/{band}" for band in Band), "/evidence", "/help"]
    fixed += ["/privacy", "/accessibility"]
    content = app.extensions["quizapp"].languages[lang].content
    for path in [*fixed, *(f"/help/{country}" for country in content.countries), "/nowhere"]:
        yield path, page(path)
    for name, answers in RESULTS.items():
        yield name, BeautifulSoup(client.post(f"/{lang}/quiz", data=answers, follow_redirects=True).text, "html.parser")
    yield from totals_pages(app, lang)


def totals_pages(app: Flask, lang: str) -> Iterator[tuple[str, BeautifulSoup]]:
    """The form for a school's key, and its totals with nothing, with little and with much counted."""
    client, office = app.test_client(), app.extensions["quizapp"].office
    school, key = office.register.make("Hill School", "", [lang], date(2026, 11, 22))
    path = f"/{lang}/schools/{school.id}/totals"
    yield "totals, the form", BeautifulSoup(client.get(path).text, "html.parser")
    for name, more in (("empty", 0), ("early", 20), ("full", 80)):
        office.counters.add([Count(school.id, lang, dict.fromkeys(PARENT | WORST, True))] * more)
        yield f"totals, {name}", BeautifulSoup(client.post(path, data={"key": key}).text, "html.parser")


def child_lines(content: Content, band: Band) -> list[str]:
    """All lines of an age on paper, with a name in each blank."""
    lines = [clause.lines[band] for clause in content.clauses.values() if band in clause.lines]
    lines.append(content.wording.aloud[band])
    if band in (Band.TWEEN, Band.TEEN):
        lines += content.wording.plan
    return [ended(re.sub(r"\{[^}]*\}", "Mum", line)) for line in lines]


def quiz_words(content: Content, band: Band) -> int:
    """What there is to read in the quiz: every question and every answer."""
    asked = [question.text_for.get(band) or question.text for question in content.questions.values()]
    answers = [answer.text for question in content.questions.values() for answer in question.answers]
    return sum(len(text.split()) for text in [*asked, *answers])


def quiz_seconds(content: Content, band: Band) -> int:
    return round(quiz_words(content, band) * 60 / PACE + TAP * len(content.questions))


def of_language(app: Flask, lang: str) -> Iterator[Measured]:
    """Each page, then the lines of each age."""
    language: Language = app.extensions["quizapp"].languages[lang]
    names = names_in(language.content) | names_in(read())
    for name, page in pages(app, lang):
        yield measured(name, sentences_of(page, names), lang)
    for band in Band:
        yield measured(f"a child’s lines, {band}", child_lines(language.content, band), lang)


def main() -> None:
    with TemporaryDirectory() as folder:
        app = create_app({"INSTANCE": Path(folder)})
        for lang, language in app.extensions["quizapp"].languages.items():
            print(f"\n{language.name}")
            print(f"{'':28}{'sentences':>10}{'words':>8}{'F-K':>7}{'SMOG':>7}{'INFLESZ':>9}")
            for found in of_language(app, lang):
                figures = [found.grade, found.smog, found.inflesz]
                shown = [f"{figure:.1f}" if figure is not None else "" for figure in figures]
                print(f"{found.name:28}{found.sentences:>10}{found.words:>8}{shown[0]:>7}{shown[1]:>7}{shown[2]:>9}")
            for band in Band:
                words, seconds = quiz_words(language.content, band), quiz_seconds(language.content, band)
                print(f"the quiz, {band:18}{words:>10} words, about {seconds} seconds")
        app.extensions["quizapp"].close()


if __name__ == "__main__":
    main()
