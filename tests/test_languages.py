"""Every word that a visitor reads can be translated, and translators are told what is missing."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from bs4 import BeautifulSoup, Comment, Doctype
from flask import Flask
from werkzeug.test import TestResponse

from quizapp import agreement, create_app, languages
from quizapp.config import Config
from quizapp.content import ROOT
from quizapp.languages import DOMAIN, TEMPLATE, catalogue, content_in, extracted, missing, template_text
from quizapp.model import Band, Child, Content, Family
from quizapp.printing import PrinterBusy
from quizapp.printing.sheets import to_html
from quizapp.texts import texts
from tests.conftest import ANSWERS, FAMILY

# A language that exists, has two plural forms like English, and is delivered nowhere.
PSEUDO = "eo"
# Both are capital: whatever changes the case of a translated text is found.
OPEN, CLOSE = "⟦Ŝ", "Ŝ⟧"
PLACEHOLDER = re.compile(r"(%\(\w+\)s|\{[\w-]+\})")
# Attributes that people see or hear.
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-words")
TOMORROW = date.today() + timedelta(days=1)
FORM = FAMILY | {"review": TOMORROW.isoformat()}


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


# The template


def test_the_template_that_translators_get_holds_the_texts_of_today(template: Catalog) -> None:
    committed = (Config().TRANSLATIONS / TEMPLATE).read_bytes()
    assert committed == template_text(template), "bring it up to date with: make languages"


def test_every_text_of_the_content_can_be_translated(template: Catalog, content: Content) -> None:
    assert [text for text in texts(content) if text not in template] == []


def spoken_in(path: Path) -> Iterator[str]:
    """What a file of code or a template marks as a text, found in a way of its own."""
    for quote, text in re.findall(r"""\b_l?\(\s*(["'])(.+?)(?<!\\)\1\s*[,)]""", path.read_text(encoding="utf-8")):
        yield text.replace(f"\\{quote}", quote)


@pytest.mark.parametrize("pattern", ["quizapp/**/*.py", "quizapp/templates/**/*.html", "agreement_templates/**/*.html"])
def test_every_text_of_code_and_templates_can_be_translated(template: Catalog, pattern: str) -> None:
    found = [text for path in ROOT.glob(pattern) for text in spoken_in(path)]
    assert found
    assert [text for text in found if text not in template] == []


def test_a_text_is_offered_with_each_place_where_it_stands(template: Catalog, content: Content) -> None:
    files = {file: (ROOT / file).read_text(encoding="utf-8") for message in template for file, _ in message.locations}
    for text in texts(content):
        places = [file for file, _ in template[text].locations]
        assert places
        assert all(text in files[file] for file in places)


def test_ids_numbers_and_addresses_are_not_offered(template: Catalog, content: Content) -> None:
    lines = [line for country in content.countries.values() for line in country.lines]
    for text in ("adult-one", "ncmec-2016", "speech", *(line.url for line in lines), *(line.call for line in lines)):
        assert not text or text not in template


def test_the_template_changes_with_its_words_alone(template: Catalog) -> None:
    text = template_text(template)
    assert text == template_text(extracted())
    assert b"POT-Creation-Date" not in text
    assert read_po(text.decode().splitlines(keepends=True)).num_plurals


def test_the_command_for_translators_runs_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "quizapp.languages"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={"QUIZAPP_TRANSLATIONS": str(tmp_path)}
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.endswith("texts to translate\n")
    assert (tmp_path / TEMPLATE).read_bytes() == (Config().TRANSLATIONS / TEMPLATE).read_bytes()


# What is missing


def catalog_of(
    translations: Mapping[str | tuple[str, str], str | tuple[str, ...]], fuzzy: tuple[str, ...] = ()
) -> Catalog:
    catalog = Catalog(locale="es")
    for text, translation in translations.items():
        catalog.add(text, translation, flags=["fuzzy"] if text in fuzzy else [])
    return catalog


WANTED = catalog_of({"Yes": "", "No": "", ("%(n)s day", "%(n)s days"): ("", "")})
DONE = {"Yes": "Sí", "No": "No", ("%(n)s day", "%(n)s days"): ("%(n)s día", "%(n)s días")}


@pytest.mark.parametrize(
    ("translated", "lacking"),
    [
        (catalog_of(DONE), []),
        (catalog_of({**DONE, "Old": "Viejo"}), []),
        (catalog_of({**DONE, "Yes": ""}), ["Yes"]),
        (catalog_of(DONE, fuzzy=("No",)), ["No"]),
        (catalog_of({name: text for name, text in DONE.items() if name != "Yes"}), ["Yes"]),
        (catalog_of({**DONE, ("%(n)s day", "%(n)s days"): ("", "")}), ["%(n)s day"]),
        (catalog_of({**DONE, ("%(n)s day", "%(n)s days"): ("%(n)s día", "")}), ["%(n)s day"]),
        (catalog_of({}), ["Yes", "No", "%(n)s day"]),
    ],
    ids=["whole", "more than asked", "empty", "a guess", "not there", "empty plural", "half a plural", "nothing"],
)
def test_what_a_language_lacks_is_found(translated: Catalog, lacking: list[str]) -> None:
    found = missing(translated, WANTED)
    assert len(found) == len(lacking)
    assert all(text in told for text, told in zip(lacking, found, strict=True))


def test_what_is_missing_is_told_for_each_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        languages.Config, "from_environment", lambda: Config(TRANSLATIONS=tmp_path, LANGUAGES=("en", "es"))
    )
    assert languages.main() == 1
    assert "es: 1 missing\n  everything" in capsys.readouterr().out


# Content in another language


def test_without_a_catalogue_the_content_stays_as_it_is(content: Content, tmp_path: Path) -> None:
    assert content_in(content, catalogue("xx", tmp_path)) == content
    assert content_in(content, NullTranslations()) == content


def test_a_translation_changes_texts_and_neither_ids_nor_numbers(content: Content, pseudo: "Pseudo") -> None:
    other = pseudo.content
    assert [*other.questions] == [*content.questions]
    for question, ours in zip(other.questions.values(), content.questions.values(), strict=True):
        assert question.text == wrapped(ours.text)
        assert [(answer.id, answer.points) for answer in question.answers] == [(a.id, a.points) for a in ours.answers]
    lines = [[(line.id, line.call, line.url) for line in country.lines] for country in other.countries.values()]
    assert lines == [
        [(line.id, line.call, line.url) for line in country.lines] for country in content.countries.values()
    ]
    assert other.sources == content.sources


def test_a_translated_line_keeps_its_blanks(content: Content, pseudo: "Pseudo") -> None:
    for clause, ours in zip(pseudo.content.clauses.values(), content.clauses.values(), strict=True):
        for band, text in clause.lines.items():
            assert agreement.blanks_in(text) == agreement.blanks_in(ours.lines[band])


# A language in which every text stands in brackets


def wrapped(text: str) -> str:
    """The text in brackets, its placeholders outside of them, so that what fills them must bear its own."""
    parts = PLACEHOLDER.split(text)
    return "".join(
        part if number % 2 or not part.strip() else f"{OPEN}{part}{CLOSE}" for number, part in enumerate(parts)
    )


@dataclass
class Pseudo:
    """The application, delivered in that language too."""

    app: Flask
    content: Content
    translations: NullTranslations

    def get(self, path: str, status: int = 200) -> str:
        return self._text(self.app.test_client().get(f"/{PSEUDO}{path}"), status)

    def post(self, path: str, data: Mapping[str, object], status: int = 200) -> str:
        return self._text(self.app.test_client().post(f"/{PSEUDO}{path}", data=data), status)

    def result(self, **answers: str) -> str:
        response = self.app.test_client().post(f"/{PSEUDO}/quiz", data=ANSWERS | answers)
        return self.get(response.headers["Location"].removeprefix(f"/{PSEUDO}"))

    def _text(self, response: TestResponse, status: int) -> str:
        assert response.status_code == status
        return response.text


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory, template: Catalog) -> Iterator[Pseudo]:
    folder = tmp_path_factory.mktemp("translations")
    translated = Catalog(locale=PSEUDO)
    for message in template:
        if message.id:
            plural = isinstance(message.id, tuple)
            text = tuple(map(wrapped, message.id)) if plural else wrapped(message.id)
            translated.add(message.id, text, flags=message.flags)
    (folder / PSEUDO / "LC_MESSAGES").mkdir(parents=True)
    with (folder / PSEUDO / "LC_MESSAGES" / f"{DOMAIN}.mo").open("wb") as file:
        write_mo(file, translated)
    app = create_app({"INSTANCE": folder, "TRANSLATIONS": folder, "LANGUAGES": ("en", PSEUDO)})
    language = app.extensions["quizapp"].languages[PSEUDO]
    yield Pseudo(app, language.content, language.translations)
    app.extensions["quizapp"].printer.close()


def proper_names(content: Content) -> Iterator[str]:
    """What stays as it is in every language: names of documents, what was typed, addresses, paper sizes, dates."""
    for source in content.sources.values():
        yield from (source.document, source.organisation)
    for country in content.countries.values():
        for line in country.lines:
            address = line.url.removeprefix("https://")
            yield from (address, address.replace("www.", ""))
            yield from re.findall(r"\b[A-Z]+\b", line.phone)  # a number spelled in letters
    for typed in FORM.values():
        yield from [typed] if isinstance(typed, str) else typed
    for day in (date.today(), TOMORROW, date.today() + timedelta(days=91)):
        yield format_date(day, "long", locale=PSEUDO)
    yield from ("A4", "Letter", "Mia", "x" * 61, "not a day")


def untranslated(html: str, content: Content) -> list[str]:
    """Every piece of text on a page, seen or heard, that stands outside of brackets and is no proper name."""
    page = BeautifulSoup(html, "html.parser")
    pieces = [node for node in page.find_all(string=True) if not isinstance(node, Comment | Doctype)]
    texts = [str(node) for node in pieces if node.parent and node.parent.name not in ("style", "script")]
    texts += [
        tag[name] for tag in page.find_all() for name in tag.attrs if name in SPOKEN or name.startswith("data-for")
    ]
    names = sorted(filter(None, proper_names(content)), key=len, reverse=True)
    left = []
    for text in texts:
        rest = PLACEHOLDER.sub("", re.sub(rf"{OPEN}.*?{CLOSE}", "", text, flags=re.DOTALL))
        for name in names:
            rest = rest.replace(name, "")
        left += [text.strip()] if re.search(r"[^\W\d_]{2,}", rest) else []
    return left


RESULTS = {
    "a result": {},
    "all well": {"contact": "known", "strangers": "no", "night": "outside", "promise": "yes", "practice": "yes"},
    "nothing well": {
        "contact": "not-sure", "strangers": "not-sure", "age-true": "not-sure", "night": "bedroom", "talk": "rarely",
    },
    "a maybe": {"urgent": "maybe", "signs": "little"},
    "clear signs": {"signs": "clearly", "age": "4-7"},
}  # fmt: skip
PAGES: dict[str, Callable[[Pseudo], str]] = {
    "start": lambda site: site.get("/"),
    "quiz": lambda site: site.get("/quiz"),
    "help": lambda site: site.get("/help"),
    **{
        f"help {name}": (lambda site, name=name: site.get(f"/help/{name}"))
        for name in ("us", "uk", "ie", "nz", "other")
    },
    "evidence": lambda site: site.get("/evidence"),
    "builder": lambda site: site.get("/agreement"),
    **{name: (lambda site, answers=answers: site.result(**answers)) for name, answers in RESULTS.items()},
    "agreement": lambda site: site.post("/agreement", FORM | {"do": "page"}),
    "agreement of two": lambda site: site.post(
        "/agreement", FORM | {"do": "page", "family": "", "children-1-name": "Mia", "children-1-band": "14-17"}
    ),
    "builder of two": lambda site: site.post("/agreement", FORM | {"do": "child"}),
    "quiz with mistakes": lambda site: site.post("/quiz", {"age": "8-10"}, 422),
    "builder with mistakes": lambda site: site.post(
        "/agreement",
        {
            "do": "page",
            "family": "x" * 61,
            "review": "not a day",
            "children-0-clauses": ["contact", "night", "practice", "talk", "strangers"],
            **{f"children-0-own-{number}": "Mia" for number in range(4)},
            **{f"adults-{number}": "Mia" for number in range(5)},
            "children-0-blanks-adult-one": "\x07",
        },
        422,
    ),
    "builder with a day too far": lambda site: site.post(
        "/agreement",
        FORM | {"do": "page", "review": "2099-01-31"} | {f"children-{n}-name": "Mia" for n in range(7)},
        422,
    ),
    "unknown page": lambda site: site.get("/nowhere", 404),
    "broken result": lambda site: site.get("/result/broken", 404),
    "broken builder": lambda site: site.get("/agreement/broken", 404),
    "too large": lambda site: site.post("/agreement", {"family": "x" * 300_000}, 413),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_word_of_a_page_can_be_translated(pseudo: Pseudo, name: str) -> None:
    html = PAGES[name](pseudo)
    assert OPEN in html
    assert untranslated(html, pseudo.content) == []


def test_a_result_whose_time_is_over_is_told_in_the_language(pseudo: Pseudo) -> None:
    sealed = pseudo.app.extensions["quizapp"].result_seal.close("another quiz")
    html = pseudo.get(f"/result/{sealed}", 404)
    assert untranslated(html, pseudo.content) == []


def test_a_busy_printer_is_told_in_the_language(pseudo: Pseudo, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(html: str) -> bytes:
        raise PrinterBusy

    monkeypatch.setattr(pseudo.app.extensions["quizapp"].printer, "print", busy)
    html = pseudo.post("/agreement", FORM | {"do": "pdf"}, 503)
    assert untranslated(html, pseudo.content) == []


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("name", ["Rivera", ""])
def test_every_word_of_a_sheet_can_be_translated(pseudo: Pseudo, band: Band, name: str) -> None:
    child = Child("Leo", band, ("contact", "night", "practice", "talk"), own=("I feed the cat first",))
    family = Family(name, ("Ana Rivera",) if name else (), (child,), "us", date.today(), TOMORROW)
    html = to_html(agreement.write(pseudo.content, family), PSEUDO, pseudo.translations, "en/evidence")
    assert [text for text in untranslated(html, pseudo.content) if "en/evidence" not in text] == []


def test_a_page_says_its_language(pseudo: Pseudo) -> None:
    assert BeautifulSoup(pseudo.get("/"), "html.parser").html["lang"] == PSEUDO


def test_an_untranslated_word_would_be_found(content: Content) -> None:
    html = f"<p>{OPEN}one{CLOSE}</p><p aria-label='two'>3 · Letter</p><p>{OPEN}four{CLOSE} five</p><style>six</style>"
    assert untranslated(html, content) == [f"{OPEN}four{CLOSE} five", "two"]
