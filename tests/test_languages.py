"""Every word that a visitor reads can be translated, and translators are told what is missing."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from babel.dates import format_date, format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from babel.support import NullTranslations
from bs4 import BeautifulSoup, Comment, Doctype, Tag
from flask import Flask
from pypdf import PdfReader
from werkzeug.test import TestResponse

from quizapp import agreement, create_app, languages
from quizapp.config import Config
from quizapp.content import ROOT, ContentError
from quizapp.languages import (
    DOMAIN,
    TEMPLATE,
    Width,
    bring_up_to_date,
    catalogue,
    content_in,
    day_in,
    extracted,
    missing,
    month_in,
    own_name,
    problems,
    template_text,
    translated,
)
from quizapp.model import Band, Card, Child, Content, Family, HelpLine, Paper
from quizapp.pages.site import Language
from quizapp.printing import Busy, parent
from quizapp.printing.sheets import Tongue, to_html
from quizapp.result import explain
from quizapp.texts import texts
from tests.conftest import ANSWERS, FAMILY, PageClient

# A language that exists, has two plural forms like English, and is delivered nowhere.
PSEUDO = "eo"
# Both are capital: whatever changes the case of a translated text is found.
OPEN, CLOSE = "⟦Ŝ", "Ŝ⟧"
PLACEHOLDER = re.compile(r"(%\(\w+\)s|\{[\w-]+\})")
BLANK = re.compile(r"\{[\w-]+\}")
# Attributes that people see or hear.
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-words", "data-more", "data-once")
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


# What is missing


def catalog_of(
    translations: Mapping[str | tuple[str, str], str | tuple[str, ...]], fuzzy: tuple[str, ...] = (), locale: str = "es"
) -> Catalog:
    catalog = Catalog(locale=locale, fuzzy=False)
    for text, translation in translations.items():
        catalog.add(text, translation, flags=["fuzzy"] if text in fuzzy else [])
    return catalog


def put(catalog: Catalog, folder: Path) -> Path:
    """The folder, with the catalogue as the file that translators edit."""
    file = languages.file_of(str(catalog.locale), folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as po:
        write_po(po, catalog)
    return folder


WANTED = catalog_of({"Yes": "", "No": "", ("%(n)s day", "%(n)s days"): ("", "")})
DONE = {"Yes": "Sí", "No": "No", ("%(n)s day", "%(n)s days"): ("%(n)s día", "%(n)s días")}


@pytest.mark.parametrize(
    ("there", "lacking"),
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
def test_what_a_language_lacks_is_found(there: Catalog, lacking: list[str], tmp_path: Path) -> None:
    found = missing(translated("es", put(there, tmp_path)), WANTED)
    assert len(found) == len(lacking)
    assert all(text in told for text, told in zip(lacking, found, strict=True))


def test_a_language_without_a_file_lacks_everything(tmp_path: Path) -> None:
    assert len(missing(translated("es", tmp_path), WANTED)) == len(DONE)
    assert problems("es", tmp_path) == []


def test_a_guess_is_not_shown(tmp_path: Path) -> None:
    words = catalogue("es", put(catalog_of(DONE, fuzzy=("Yes",)), tmp_path))
    assert words.gettext("Yes") == "Yes"
    assert words.ngettext("%(n)s day", "%(n)s days", 2) == "%(n)s días"


# What is wrong


@pytest.mark.parametrize(
    ("text", "translation", "placeholder"),
    [
        pytest.param("I tell {adult-one}.", "Se lo digo.", "{adult-one}", id="a lost blank"),
        pytest.param("I tell you.", "Se lo digo a {adult-two}.", "{adult-two}", id="a blank too many"),
        pytest.param("Use %(most)s letters.", "Use menos letras.", "%(most)s", id="a lost name"),
        pytest.param("Use fewer letters.", "Use %(most)s letras.", "%(most)s", id="a name too many"),
        pytest.param(
            ("%(n)s day", "%(n)s days"), ("un día", "%(n)s días"), "%(n)s", id="a name lost in one form of a plural"
        ),
    ],
)
def test_a_placeholder_that_is_lost_or_too_many_is_told(
    tmp_path: Path, text: str | tuple[str, str], translation: str | tuple[str, str], placeholder: str
) -> None:
    (told,) = problems("es", put(catalog_of({**DONE, text: translation}), tmp_path))
    assert told.startswith(f"es/LC_MESSAGES/{DOMAIN}.po: ")
    assert (text if isinstance(text, str) else text[0]) in told
    assert placeholder in told
    with pytest.raises(ContentError) as refused:
        create_app({"INSTANCE": tmp_path, "TRANSLATIONS": tmp_path})
    assert refused.value.problems == (told,)


def test_a_placeholder_with_a_slip_of_the_pen_is_told_as_lost_and_as_too_many(tmp_path: Path) -> None:
    told = problems("es", put(catalog_of({"I tell {adult-one}.": "Se lo digo a {adult-uno}."}), tmp_path))
    assert ["{adult-one}" in told[0], "{adult-uno}" in told[1]] == [True, True]
    assert len(told) == 2


def test_a_plural_may_leave_out_what_its_text_leaves_out_in_one_form(tmp_path: Path) -> None:
    text = ("One change to %(name)s", "%(count)s changes to %(name)s")
    translation = ("Un cambio: %(name)s", "%(count)s cambios: %(name)s")
    assert problems("es", put(catalog_of({text: translation}), tmp_path)) == []


@pytest.mark.parametrize("translation", ["{b} y %(n)s y {a}", "{a}{a} %(n)s {b}"])
def test_placeholders_may_stand_in_any_order(tmp_path: Path, translation: str) -> None:
    assert problems("es", put(catalog_of({"{a} and {b} and %(n)s": translation}), tmp_path)) == []


def test_a_sign_that_would_break_every_page_is_told(tmp_path: Path) -> None:
    told = problems("es", put(catalog_of({"Go to the content": "Ir al 100 % del contenido"}), tmp_path))
    assert ["Go to the content" in line for line in told] == [True]


@pytest.mark.parametrize(
    ("saved", "expected"),
    [
        ('msgid "a"\nmsgstr "ñ"\n'.encode("latin-1"), "save the file as UTF-8"),
        (b'msgid "a"\nmsgstr "b\n', "line 2: expected a text between two"),
        (b'msgid "a"\nmsgstr "say "b""\n', "line 2: expected a text between two"),
        (b'hello\nmsgid "a"\nmsgstr "b"\n', "line 1: Unknown or misformatted keyword: hello. Lines begin with msgid"),
        (b'msgid "a"\n\nmsgid "b"\nmsgstr "c"\n', "line 1: missing msgstr for msgid 'a'. Lines begin with msgid"),
        (b'msgid "a"\nmsgstr "so \\qui"\n', "line 2: expected a text between two"),
        (b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 'msgid "a" stands 2 times: keep one of them'),
        (b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=n gt 1;\\n"\n', "its head, below the first msgid: "),
        (b'msgid ""\nmsgstr "Plural-Forms: nplurals=two; plural=n>1;\\n"\n', "its head, below the first msgid: "),
        (b'msgid ""\nmsgstr "Content-Type: text/plain; charset=latin-1"\n', "its head must say charset=utf-8"),
    ],
    ids=[
        *(
            "latin letters",
            "no mark at the end",
            "marks inside",
            "a word astray",
            "no translation",
            "a stray backslash",
        ),
        *("twice", "no rule for plurals", "no number of plurals", "another head"),
    ],
)
def test_a_catalogue_that_cannot_be_read_is_told_in_one_line(saved: bytes, expected: str, tmp_path: Path) -> None:
    file = languages.file_of("fr", tmp_path)
    file.parent.mkdir(parents=True)
    file.write_bytes(saved)
    [told] = languages.problems("fr", tmp_path)
    assert told.startswith(f"fr/LC_MESSAGES/messages.po: cannot be read as a catalogue: {expected}")
    assert "\n" not in told


def test_a_catalogue_saved_by_the_editor_of_windows_is_read(tmp_path: Path) -> None:
    file = languages.file_of("fr", tmp_path)
    file.parent.mkdir(parents=True)
    file.write_bytes(b'\xef\xbb\xbfmsgid "a"\r\nmsgstr "b"\r\n')
    assert languages.problems("fr", tmp_path) == []
    assert languages.catalogue("fr", tmp_path).gettext("a") == "b"


def test_a_catalogue_that_nobody_may_open_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", closed)
    [told] = languages.problems("fr", tmp_path)
    assert told.endswith("cannot be read as a catalogue: expected a file that can be opened, found: Permission denied")


@pytest.mark.parametrize(
    ("translation", "expected"),
    [("<b>Sí</b>", "translations are words, without HTML"), ("Sí ", "the translation has spaces at its ends")],
)
def test_a_translation_that_is_more_than_words_is_told(tmp_path: Path, translation: str, expected: str) -> None:
    [told] = problems("es", put(catalog_of({"Yes": translation}), tmp_path))
    assert expected in told


def test_a_folder_that_is_named_after_no_language_is_told(tmp_path: Path) -> None:
    assert languages.problems("french", tmp_path) == [
        "french: no language has this code. Name the folder as in fr, pt_BR or zh_Hans"
    ]


def test_what_nobody_has_translated_yet_is_not_wrong(tmp_path: Path) -> None:
    guessed = catalog_of({"I tell {adult-one}.": "Se lo digo.", "{a}": ""}, fuzzy=("I tell {adult-one}.",))
    assert problems("es", put(guessed, tmp_path)) == []


# The command for translators


def run_command(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-W", "error", "-m", "quizapp.languages"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={"QUIZAPP_TRANSLATIONS": str(folder)}, check=False
    )


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy of the shipped catalogues, to be changed."""
    return Path(shutil.copytree(Config().TRANSLATIONS, tmp_path / "translations"))


def test_the_command_finds_the_shipped_catalogues_whole_and_leaves_them_as_they_are(shipped: Path) -> None:
    done = run_command(shipped)
    assert done.stderr == ""
    assert done.stdout.splitlines()[1:] == ["es: 0 missing, 0 wrong"]
    assert done.returncode == 0
    for file in shipped.rglob(f"{DOMAIN}.po*"):
        assert file.read_bytes() == (Config().TRANSLATIONS / file.relative_to(shipped)).read_bytes()


def test_the_command_fails_and_names_each_gap(shipped: Path, template: Catalog, content: Content) -> None:
    catalog = translated("es", shipped)
    empty, guessed = content.clauses["tell"].promise, "Go to the content"
    broken, blank = next((str(m.id), *found) for m in template if len(found := BLANK.findall(str(m.id))) == 1)
    catalog[empty].string = ""
    catalog[guessed].flags.add("fuzzy")
    catalog[broken].string = "nada"
    done = run_command(put(catalog, shipped))
    assert done.returncode == 1
    assert "es: 2 missing, 1 wrong" in done.stdout
    assert all(text in done.stdout for text in (empty, f"{guessed} (marked fuzzy: ", broken, blank))


def test_a_language_that_nobody_has_begun_is_written_out_to_be_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], template: Catalog
) -> None:
    config = Config(TRANSLATIONS=tmp_path, LANGUAGES=("en", "fr"))
    monkeypatch.setattr(languages.Config, "from_environment", lambda: config)
    assert languages.main() == 1
    assert f"fr: {len(template)} missing, 0 wrong" in capsys.readouterr().out
    assert len(translated("fr", tmp_path)) == len(template)


def test_a_catalogue_saved_where_nobody_reads_it_is_told_with_its_place(shipped: Path) -> None:
    languages.file_of("es", shipped).rename(shipped / "es/es.po")
    done = run_command(shipped)
    assert done.returncode == 1
    assert f"es/es.po: is not read. Move it to es/LC_MESSAGES/{DOMAIN}.po" in done.stdout


def test_a_translation_that_is_taken_out_is_shown_once_more(shipped: Path) -> None:
    catalog = translated("es", shipped)
    catalog.add("We listen, and stay calm.", "Escuchamos con calma.")
    done = run_command(put(catalog, shipped))
    assert "“We listen, and stay calm.”, translated as “Escuchamos con calma.”" in done.stdout
    assert done.returncode == 0
    assert b"Escuchamos con calma." not in languages.file_of("es", shipped).read_bytes()


def test_a_folder_that_cannot_be_written_to_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / languages.TEMPLATE).mkdir()
    monkeypatch.setattr(languages.Config, "from_environment", lambda: Config(TRANSLATIONS=tmp_path))
    monkeypatch.setattr(languages, "extracted", lambda: WANTED)
    assert languages.main() == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path / languages.TEMPLATE}: cannot be written: ")


def test_bringing_up_to_date_keeps_what_is_translated_and_guesses_nothing(tmp_path: Path) -> None:
    put(catalog_of({"Yes": "Sí", "No way": "De ningún modo", "Old": "Viejo"}), tmp_path)
    bring_up_to_date("es", tmp_path, WANTED)
    catalog = translated("es", tmp_path)
    assert {message.id for message in catalog if message.id} == set(DONE)
    assert [catalog["Yes"].string, catalog["No"].string] == ["Sí", ""]
    assert not any(message.fuzzy for message in catalog)


# The shipped catalogues


@pytest.mark.parametrize("locale", Config().LANGUAGES[1:])
def test_a_shipped_catalogue_is_complete_seen_by_a_person_and_right(template: Catalog, locale: str) -> None:
    catalog = translated(locale, Config().TRANSLATIONS)
    assert missing(catalog, template) == []
    assert [message.id for message in catalog if message.fuzzy] == []
    assert problems(locale, Config().TRANSLATIONS) == []


@pytest.mark.parametrize(
    ("locale", "name"), [("en", "English"), ("es", "Español"), ("fr", "Français"), ("uk", "Українська")]
)
def test_a_language_is_called_what_its_speakers_call_it(locale: str, name: str) -> None:
    assert own_name(locale) == name


@pytest.mark.parametrize(("locale", "said"), [("en", "November 22, 2026"), ("es", "22 de noviembre de 2026")])
def test_a_day_is_put_into_the_words_of_a_language(locale: str, said: str) -> None:
    assert day_in(locale, date(2026, 11, 22)) == said


@pytest.mark.parametrize(
    ("locale", "width", "said"),
    [
        ("en", Width.SHORT, "Nov 2026"),
        ("en", Width.FULL, "November 2026"),
        ("es", Width.SHORT, "nov 2026"),
        ("es", Width.FULL, "noviembre de 2026"),
    ],
)
def test_a_month_is_put_into_the_words_of_a_language(locale: str, width: Width, said: str) -> None:
    assert month_in(locale, "2026-11", width) == said


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


def test_a_translation_leaves_the_names_of_documents_and_tells_the_limits_of_studies(
    content: Content, pseudo: "Pseudo"
) -> None:
    for source, ours in zip(pseudo.content.sources.values(), content.sources.values(), strict=True):
        assert source == replace(ours, size=wrapped(ours.size), limits=wrapped(ours.limits))


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
    said = [message.id for message in template if message.id]
    words = {text: (wrapped(text[1]),) * 2 if isinstance(text, tuple) else wrapped(text) for text in said}
    put(catalog_of(words, locale=PSEUDO), folder)
    app = create_app({"INSTANCE": folder, "TRANSLATIONS": folder, "LANGUAGES": ("en", PSEUDO)})
    language = app.extensions["quizapp"].languages[PSEUDO]
    yield Pseudo(app, language.content, language.translations)
    app.extensions["quizapp"].close()


def month(checked: str, length: str) -> str:
    """A month such as 2026-11 in words."""
    return str(format_skeleton(length, date.fromisoformat(f"{checked}-01"), locale=PSEUDO))


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
    for line in (line for country in content.countries.values() for line in country.lines):
        yield from (month(line.checked, "yMMMM"), month(line.checked, "yMMM"))
    yield from map(own_name, ("en", PSEUDO))
    yield f"http://localhost/{PSEUDO}/"
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
        for name in ("us", "uk", "ca", "ie", "au", "nz", "other")
    },
    "signs": lambda site: site.get("/signs"),
    **{f"signs {band}": (lambda site, band=band: site.get(f"/signs/{band}")) for band in Band},
    "evidence": lambda site: site.get("/evidence"),
    "example": lambda site: site.get("/example"),
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
    "too large": lambda site: site.post("/agreement", {"family": "x" * 450_000}, 413),
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
    def busy(html: str, *more: bytes) -> bytes:
        raise Busy

    monkeypatch.setattr(pseudo.app.extensions["quizapp"].printer, "run", busy)
    html = pseudo.post("/agreement", FORM | {"do": "pdf"}, 503)
    assert untranslated(html, pseudo.content) == []


@pytest.mark.parametrize("band", Band)
@pytest.mark.parametrize("name", ["Rivera", ""])
def test_every_word_of_a_sheet_can_be_translated(pseudo: Pseudo, band: Band, name: str) -> None:
    child = Child("Leo", band, ("contact", "night", "practice", "talk"), own=("I feed the cat first",))
    family = Family(name, ("Ana Rivera",) if name else (), (child,), "us", date.today(), TOMORROW)
    html = to_html([Tongue(agreement.write(pseudo.content, family), PSEUDO, pseudo.translations)], "en/evidence")
    assert [text for text in untranslated(html, pseudo.content) if "en/evidence" not in text] == []


@pytest.mark.parametrize("answers", RESULTS.values(), ids=RESULTS)
@pytest.mark.parametrize("country", ["us", None])
def test_every_word_of_the_adults_sheet_can_be_translated(
    pseudo: Pseudo, answers: dict[str, str], country: str | None
) -> None:
    result = explain(pseudo.content, ANSWERS | answers, date.today())
    place = pseudo.content.countries[country] if country else None
    words = (pseudo.content, result, place, Paper.A4, date.today(), PSEUDO, pseudo.translations)
    assert untranslated(parent.to_html(*words), pseudo.content) == []


def test_a_page_says_its_language(pseudo: Pseudo) -> None:
    assert BeautifulSoup(pseudo.get("/"), "html.parser").html["lang"] == PSEUDO


def test_an_untranslated_word_would_be_found(content: Content) -> None:
    html = f"<p>{OPEN}one{CLOSE}</p><p aria-label='two'>3 · Letter</p><p>{OPEN}four{CLOSE} five</p><style>six</style>"
    assert untranslated(html, content) == [f"{OPEN}four{CLOSE} five", "two"]


# Days and numbers


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@pytest.fixture
def spanish(app: Flask) -> Language:
    found: Language = app.extensions["quizapp"].languages["es"]
    return found


class SomeDay(date):
    """A calendar on which it is always the same day."""

    @classmethod
    def today(cls) -> "SomeDay":
        return cls(2026, 11, 22)


def test_a_day_is_said_as_people_say_it(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quizapp.pages.paper.date", SomeDay)
    page = client.post("/es/agreement", FORM | {"do": "page"})
    assert "22 de noviembre de 2026" in words(page.main)
    assert format_date(TOMORROW, "long", locale="es") in words(page.main)


def test_a_day_on_paper_is_said_as_people_say_it(spanish: Language) -> None:
    child = Child("Leo", Band.TEEN, ("night",))
    family = Family("Rivera", (), (child,), "us", date(2026, 11, 22), date(2027, 3, 1), language="es")
    html = to_html([Tongue(agreement.write(spanish.content, family), "es", spanish.translations)], "es/evidence")
    assert "22 de noviembre de 2026" in html
    assert "1 de marzo de 2027" in html


CHANGES = (
    "With this one change, this page would say “%(name)s”:",
    "With these %(count)s changes, this page would say “%(name)s”:",
)
HABITS = ("%(count)s of %(total)s habits is already yours.", "%(count)s of %(total)s habits are already yours.")
# Answers of which one has one change that would do, and the other one two.
ONE_CHANGE = {"contact": "no-one", "strangers": "no", "age-true": "no", "promise": "yes"}
TWO_CHANGES = ONE_CHANGE | {"strangers": "sometimes", "night": "bedroom"}


@pytest.mark.parametrize(("answers", "count"), [(ONE_CHANGE, 1), (TWO_CHANGES, 2)])
def test_one_thing_and_two_are_told_apart(
    client: PageClient, spanish: Language, answers: dict[str, str], count: int
) -> None:
    page = client.get(client.redirect("/es/quiz", ANSWERS | answers))
    one, more = (spanish.translations.ngettext(*CHANGES, number) for number in (1, 2))
    level = explain(spanish.content, ANSWERS | answers, date.today()).better
    assert one != more
    assert words(page.select_one(".what-if p")) == (one, more)[count > 1] % {"count": count, "name": level.name}


@pytest.mark.parametrize("good", range(1, 8))
def test_habits_are_counted_in_spanish(client: PageClient, spanish: Language, good: int) -> None:
    page = client.get(client.redirect("/es/quiz", ANSWERS | habits(spanish.content, good)))
    expected = spanish.translations.ngettext(*HABITS, good) % {"count": good, "total": 7}
    assert expected not in (HABITS[0], HABITS[1])
    assert expected in words(page.select_one("#well"))


@pytest.mark.parametrize(("good", "form"), [(1, "jeden"), (2, "kilka"), (4, "kilka"), (5, "wiele"), (7, "wiele")])
def test_a_language_may_count_in_forms_of_its_own(tmp_path: Path, content: Content, good: int, form: str) -> None:
    forms = tuple(f"%(count)s/%(total)s {word}" for word in ("jeden", "kilka", "wiele"))
    put(catalog_of({HABITS: forms}, locale="pl"), tmp_path)
    app = create_app({"INSTANCE": tmp_path, "TRANSLATIONS": tmp_path, "LANGUAGES": ("en", "pl")})
    answers = ANSWERS | habits(content, good)
    html = app.test_client().post("/pl/quiz", data=answers, follow_redirects=True).text
    app.extensions["quizapp"].close()
    assert f"{good}/7 {form}" in html


def habits(content: Content, good: int) -> dict[str, str]:
    """Answers of a family that has so many good habits."""
    names = content.quiz.priority
    best = {name: content.questions[name].answers[0].id for name in names[:good]}
    return best | {name: content.questions[name].answers[-1].id for name in names[good:]}


# From one language to the other


def switch(page: BeautifulSoup) -> Tag:
    """What leads to the other language; it says so in that language."""
    (found,) = page.select(".bar__languages a, .bar__languages button")
    assert words(found) == own_name(str(found["lang"]))
    return found


def fields(form: Tag) -> list[tuple[str, str]]:
    """What a browser sends of a form, whatever button is pressed."""
    found = []
    for tag in form.select("[name]:not(button):not(select), option[selected]"):
        if tag.get("type") not in ("checkbox", "radio") or tag.has_attr("checked"):
            name = tag["name"] if tag.name == "input" else tag.find_parent("select")["name"]
            found.append((str(name), str(tag.get("value", ""))))
    return sorted(found)


def pressed(client: PageClient, page: BeautifulSoup) -> BeautifulSoup:
    """The page that the button for the other language leads to, with all that the form of this one holds."""
    button = switch(page)
    data: dict[str, list[str]] = {str(button["name"]): [str(button["value"])]}
    for name, value in fields(page.find(id=button["form"])):
        data.setdefault(name, []).append(value)
    return client.post(str(button["formaction"]), data)


def shown_wrong(page: BeautifulSoup) -> list[Tag]:
    return page.select(".problems, .wrong:not([hidden]), [aria-invalid]")


@pytest.mark.parametrize("path", ["", "help", "help/us", "signs", "signs/8-10", "evidence"])
def test_a_page_leads_to_itself_in_the_other_language_and_back(client: PageClient, path: str) -> None:
    there = switch(client.get(f"/en/{path}"))
    assert there["href"] == f"/es/{path}"
    assert there["hreflang"] == "es"
    page = client.get(str(there["href"]))
    assert page.html["lang"] == "es"
    assert switch(page)["href"] == f"/en/{path}"


@pytest.mark.parametrize("path", ["nowhere", "result/x", "agreement/x", "help/xx"])
def test_a_page_that_is_not_there_can_be_read_in_the_other_language_too(client: PageClient, path: str) -> None:
    there = str(switch(client.get(f"/en/{path}", 404))["href"])
    assert there.startswith("/es/")
    assert client.flask.get(there).text.count('lang="es"')


def test_a_result_is_the_same_in_the_other_language(client: PageClient, app: Flask) -> None:
    address = client.redirect("/en/quiz", ANSWERS)
    page = client.get(str(switch(client.get(address))["href"]))
    assert switch(page)["href"] == address
    assert page.html["lang"] == "es"
    content = app.extensions["quizapp"].languages["es"].content
    level = explain(content, ANSWERS, date.today()).level
    assert words(page.select_one(".headline")) == level.name


SOME_ANSWERS = {name: ANSWERS[name] for name in ("age", "contact", "promise")}


@pytest.mark.parametrize(
    "answers", [{}, SOME_ANSWERS, ANSWERS, ANSWERS | {"urgent": "yes"}], ids=["none", "some", "all", "a cry for help"]
)
def test_a_quiz_takes_every_answer_to_the_other_language(client: PageClient, answers: dict[str, str]) -> None:
    asked = client.post("/en/quiz", answers | {"do": "update"})
    page = pressed(client, asked)
    assert page.html["lang"] == "es"
    assert fields(page.find(id="quiz")) == sorted(answers.items())
    assert not shown_wrong(page)


def test_a_quiz_without_answers_leads_to_the_other_language(client: PageClient) -> None:
    page = pressed(client, client.get("/en/quiz"))
    assert page.html["lang"] == "es"
    assert not shown_wrong(page)


def test_a_quiz_that_came_back_with_mistakes_keeps_its_answers(client: PageClient) -> None:
    page = pressed(client, client.post("/en/quiz", SOME_ANSWERS, 422))
    assert fields(page.find(id="quiz")) == sorted(SOME_ANSWERS.items())


TYPED = FORM | {
    "children-0-words-night": "<Phones> sleep & “rest” 🦊",
    "children-0-own-1": "x" * 500,
    "children-1-name": "Mía",
    "children-1-band": "14-17",
    "children-1-clauses": ["strangers"],
    "children-1-blanks-outside-one": "Tía Eva",
    "adults-2": "Oma",
    "paper": "A4",
    "language": "en",
}


def test_a_builder_takes_everything_typed_to_the_other_language(client: PageClient) -> None:
    asked = client.post("/en/agreement", TYPED | {"do": "update"})
    page = pressed(client, asked)
    assert page.html["lang"] == "es"
    assert not shown_wrong(page)
    there = fields(page.find(id="builder"))
    assert there == fields(asked.find(id="builder"))
    for name, typed in TYPED.items():
        assert [value for field, value in there if field == name] == ([typed] if isinstance(typed, str) else typed)


def test_a_builder_with_mistakes_keeps_everything_in_the_other_language(client: PageClient) -> None:
    wrong = client.post("/en/agreement", TYPED | {"do": "page"}, 422)
    assert fields(pressed(client, wrong).find(id="builder")) == fields(wrong.find(id="builder"))


def test_a_builder_of_a_result_keeps_its_lines_in_the_other_language(client: PageClient) -> None:
    result = client.get(client.redirect("/en/quiz", ANSWERS))
    builder = client.get(str(result.select_one("a[href^='/en/agreement/']")["href"]))
    assert fields(pressed(client, builder).find(id="builder")) == fields(builder.find(id="builder"))


@pytest.mark.parametrize(("language", "paper"), [("same", "es"), ("en", "en"), ("es", "es")])
def test_an_agreement_can_be_read_in_the_other_language(client: PageClient, language: str, paper: str) -> None:
    shown = client.post("/en/agreement", FORM | {"do": "page", "language": language})
    page = pressed(client, shown)
    assert page.html["lang"] == "es"
    assert fields(page.find(id="agreement")) == fields(shown.find(id="agreement"))
    assert page.select_one("main div[lang]")["lang"] == paper


def test_with_one_language_there_is_nothing_to_switch(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path, "LANGUAGES": ("en",)})
    pages = [BeautifulSoup(app.test_client().get(path).text, "html.parser") for path in ("/en/", "/en/agreement")]
    app.extensions["quizapp"].close()
    for page in pages:
        assert not page.select(".bar__languages, [name=language]")


# The paper's language apart from the screen's


SCREENS = [("en", "es"), ("es", "en")]
TEEN = FORM | {"children-0-band": "14-17"}


def card(content: Content, language: str) -> list[HelpLine]:
    return [*agreement.help_card(content, "us", Card.FULL, language)]


@pytest.mark.parametrize(("screen", "paper"), SCREENS)
def test_an_agreement_on_screen_is_in_the_language_of_the_paper(
    app: Flask, client: PageClient, screen: str, paper: str
) -> None:
    page = client.post(f"/{screen}/agreement", TEEN | {"language": paper, "do": "page"})
    content = app.extensions["quizapp"].languages[paper].content
    (part,) = page.select("main div[lang]")
    assert (page.html["lang"], part["lang"]) == (screen, paper)
    promises = [words(promise) for promise in part.select(".sage li")]
    assert {*content.wording.promises} <= {*promises}
    assert [step in words(part) for step in content.wording.plan] == [True] * len(content.wording.plan)
    assert format_date(TOMORROW, "long", locale=paper) in words(part)


@pytest.mark.parametrize(("screen", "paper"), SCREENS)
def test_around_an_agreement_the_page_speaks_the_language_of_the_screen(
    client: PageClient, screen: str, paper: str
) -> None:
    usual, other = (
        client.post(f"/{screen}/agreement", TEEN | {"language": lang, "do": "page"}) for lang in ("same", paper)
    )
    for page in (usual, other):
        page.select_one("main div[lang]").decompose()
        for field in page.select("[name=language]"):
            field.decompose()
    assert words(usual.body) == words(other.body)


@pytest.mark.parametrize(("screen", "paper"), SCREENS)
def test_the_card_for_help_has_the_lines_for_readers_of_the_paper(
    app: Flask, client: PageClient, screen: str, paper: str
) -> None:
    page = client.post(f"/{screen}/agreement", TEEN | {"language": paper, "do": "page"})
    content = app.extensions["quizapp"].languages[paper].content
    entries = page.select("main div[lang] li.line")
    assert [words(entry.b) for entry in entries] == [line.name for line in card(content, paper)]
    assert any("AYUDA" in words(entry) for entry in entries) is (paper == "es")


@pytest.mark.parametrize(("screen", "paper"), SCREENS)
def test_a_pdf_is_in_the_language_of_the_paper(app: Flask, client: PageClient, screen: str, paper: str) -> None:
    response = client.flask.post(f"/{screen}/agreement", data=TEEN | {"language": paper, "do": "pdf"})
    pdf = PdfReader(BytesIO(response.data))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    language: Language = app.extensions["quizapp"].languages[paper]
    assert pdf.trailer["/Root"]["/Lang"] == paper
    assert pdf.metadata.title == language.translations.gettext("Family agreement")
    assert language.translations.gettext("If someone threatens me") in text
    assert [line.name in text for line in card(language.content, paper)] == [True] * len(card(language.content, paper))
    assert ("AYUDA" in text) is (paper == "es")
    assert format_date(TOMORROW, "long", locale=paper) in text
    assert f"/{paper}/evidence" in text


def test_a_line_in_the_language_of_the_paper_stands_in_the_place_of_the_other_one(app: Flask) -> None:
    content = app.extensions["quizapp"].languages["es"].content
    spoken, usual = ([line.id for line in card(content, lang)] for lang in ("es", "en"))
    replaced = {line.id: line.instead_of or line.id for line in content.countries["us"].lines}
    assert "us.988-es" in spoken
    assert sorted(replaced[name] for name in spoken) == sorted(usual)


@pytest.mark.parametrize("language", ["", "fr", "<b>"])
def test_a_paper_in_a_language_that_is_not_offered_is_asked_for_again(client: PageClient, language: str) -> None:
    page = client.post("/en/agreement", FORM | {"language": language, "do": "pdf"}, 422)
    assert page.select(".problems a[href='#language-0']")
    assert page.find(id="language-wrong")
