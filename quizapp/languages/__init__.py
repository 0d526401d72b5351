"""Catalogues by language, the same content in another language, and the texts that translators see.

Code, templates and content share one catalogue, read from the file that translators edit: there is nothing to
compile. A locale is always given here, never taken from a request.

`python -m quizapp.languages` brings the catalogues up to date and reports, per language, what is missing or wrong.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from gettext import c2py
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from babel.support import NullTranslations, Translations

from quizapp import content as contents
from quizapp.config import Config, SettingsError
from quizapp.model import Content
from quizapp.texts import reworded, texts

DOMAIN = "messages"
TEMPLATE = f"{DOMAIN}.pot"
METHODS = [
    ("quizapp/**.py", "python"),
    ("quizapp/templates/**.html", "jinja2"),
    ("agreement_templates/sheets/**.html", "jinja2"),
    ("questions/**.toml", "quizapp.languages:texts_of_file"),
    ("agreement_templates/**.toml", "quizapp.languages:texts_of_file"),
]

# As many missing texts are shown; a language that was just begun lacks them all.
_SHOWN = 20
_QUOTED = re.compile(r'(msg[a-z_]+(\[\d+\])?\s+)?"([^"\\]|\\["\\nrt])*"')
_ENTRY = re.compile(r'^(?:msgctxt (.+)\n)?msgid (".*"(?:\n".*")*)', re.MULTILINE)
_PLACEHOLDER = re.compile(r"%\(\w+\)s|\{[\w-]+\}")


@cache
def catalogue(locale: str, folder: Path) -> NullTranslations:
    """The catalogue of a locale; one that translates nothing when there is none (English)."""
    if not file_of(locale, folder).exists():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, translated(locale, folder))
    compiled.seek(0)
    return Translations(compiled, DOMAIN)


def file_of(locale: str, folder: Path) -> Path:
    return folder / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def translated(locale: str, folder: Path) -> Catalog:
    """The catalogue as translators left it, to be read; an empty one when there is none. Raises ValueError."""
    try:
        return _parsed(file_of(locale, folder).read_bytes(), locale)
    except FileNotFoundError:
        return Catalog(locale=locale, domain=DOMAIN, fuzzy=False)
    except OSError as error:
        raise ValueError(f"expected a file that can be opened, found: {error.strerror}") from error


@lru_cache(1)
def _parsed(data: bytes, locale: str) -> Catalog:
    """A start checks a catalogue, and then takes its texts: one reading is enough."""
    text = _checked(data)
    try:
        catalog = read_po(BytesIO(text.encode()), locale, DOMAIN, abort_invalid=True)
        c2py(catalog.plural_expr)
    except PoFileError as error:
        says = f"{str(error).rpartition(' on ')[0]}: {error.line}".strip(": ")
        raise ValueError(f'line {error.lineno + 1}: {says}. Lines begin with msgid, msgstr, " or #') from error
    except ValueError as error:
        example = "Plural-Forms: nplurals=2; plural=(n > 1);"
        raise ValueError(f"its head, below the first msgid: {error}. Expected such as {example}") from error
    return catalog


def _checked(data: bytes) -> str:
    """What Babel passes over, or reads as other letters than were meant."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("save the file as UTF-8") from error
    if charset := re.search(r"(?i)charset=(?!utf-?8\b)([\w-]+)", text):
        raise ValueError(f"its head must say charset=utf-8, found charset={charset[1]}")
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(('"', "msg")) and not _QUOTED.fullmatch(line.rstrip()):
            raise ValueError(f'line {number}: expected a text between two ", and \\" for one inside it, found: {line}')
    for (_context, entry), times in Counter(_ENTRY.findall("\n".join(text.splitlines()))).items():
        if times > 1:
            raise ValueError(f"msgid {entry} stands {times} times: keep one of them")
    return text


def problems(locale: str, folder: Path) -> list[str]:
    """What would break a page: a line for each translation with a placeholder too few or too many, or a stray %."""
    try:
        Locale.parse(locale)
    except (ValueError, UnknownLocaleError):
        return [f"{locale}: no language has this code. Name the folder as in fr, pt_BR or zh_Hans"]
    file = file_of(locale, folder).relative_to(folder)
    try:
        catalog = translated(locale, folder)
    except ValueError as error:
        return [f"{file}: cannot be read as a catalogue: {error}"]
    there = [message for message in catalog if message.id and message.string and not message.fuzzy]
    return [f"{file}: {says}" for message in there for says in _slips(message)]


def strays(locale: str, folder: Path) -> list[str]:
    """A line for each catalogue that an editor saved where nobody reads it."""
    place = file_of(locale, folder)
    others = sorted(path for path in (folder / locale).rglob("*.po") if path != place)
    there = place.relative_to(folder)
    return [f"{path.relative_to(folder)}: is not read. Move it to {there}, or take it away" for path in others]


def _slips(message: Message) -> Iterator[str]:
    """A placeholder may be left out where one plural form of the text leaves it out, too."""
    said = _forms(message.id)
    found = [set(_PLACEHOLDER.findall(text)) for text in said]
    needed, known = set.intersection(*found), set.union(*found)
    for string in _forms(message.string):
        there = set(_PLACEHOLDER.findall(string))
        for name in sorted(needed - there):
            yield f"“{said[0]}”: the translation has lost {name}: “{string}”"
        for name in sorted(there - known):
            yield f"“{said[0]}”: the translation has {name}, which the text does not have: “{string}”"
        if re.search("[<>]", string) and not re.search("[<>]", said[0]):
            yield f"“{said[0]}”: translations are words, without HTML: “{string}”"
        if string != string.strip() and said[0] == said[0].strip():
            yield f"“{said[0]}”: the translation has spaces at its ends: “{string}”"
        if _is_formatted(message) and "%" in _PLACEHOLDER.sub("", string).replace("%%", ""):
            yield f"“{said[0]}”: write %% for a percent sign here: “{string}”"


def _is_formatted(message: Message) -> bool:
    """Texts of code and templates are filled in with %; those of content files are printed as they are."""
    return not message.locations or any(not file.endswith(".toml") for file, _ in message.locations)


def _forms(words: Any) -> list[str]:
    """A text, or each of its plural forms."""
    return [words] if isinstance(words, str) else [form for form in words if form]


def own_name(locale: str) -> str:
    """The name of a language in that language: Español."""
    name = Locale.parse(locale).get_display_name(locale) or locale
    return name[:1].upper() + name[1:]


class Width(StrEnum):
    """How much room the name of a month takes."""

    SHORT = "yMMM"  # Nov 2026
    FULL = "yMMMM"  # November 2026


def day_in(locale: str, day: date) -> str:
    """A day as people say it: 23 de noviembre de 2026."""
    return format_date(day, "long", locale=locale)


def month_in(locale: str, month: str, width: Width) -> str:
    """A month such as 2026-11 as people say it: noviembre de 2026."""
    year, number = month.split("-")
    return format_skeleton(width, date(int(year), int(number), 1), locale=locale)


def content_in(content: Content, translations: NullTranslations) -> Content:
    """The same content with every text translated."""
    return reworded(content, translations.gettext)


def texts_of_file(
    file: BinaryIO, keywords: Iterable[str], comment_tags: Iterable[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's way to read messages from a content file: (line, function, text, comments) for each text."""
    source = file.read().decode()
    for text in dict.fromkeys(_texts_in(tomllib.load(BytesIO(source.encode())))):
        line = source[: source.find(text)].count("\n") + 1
        yield line, "gettext", text, []


def _texts_in(data: object) -> Iterator[str]:
    """Every value of a file that is a text of the content; ids, numbers and addresses are not."""
    if isinstance(data, str) and data in _all_texts():
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from _texts_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts_in(value)


@cache
def _all_texts() -> frozenset[str]:
    return frozenset(texts(contents.read()))


def extracted(root: Path = contents.ROOT) -> Catalog:
    """All texts of code, templates and content as a catalogue to translate from."""
    catalog = Catalog(project="quizapp", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        root,
        METHODS,
        keywords=DEFAULT_KEYWORDS | {"_l": None},
        options_map={"**.html": {"trimmed": "true"}},
        directory_filter=lambda folder: Path(folder).name not in {".venv", "node_modules", ".git", ".cache"},
    )
    for file, line, message, comments, context in found:
        catalog.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalog


def missing(catalog: Catalog, template: Catalog) -> list[str]:
    """The texts of the template that a translated catalogue lacks, or holds only as a guess."""
    found = [(message, catalog.get(message.id)) for message in template if message.id]
    return [_named(message, there) for message, there in found if not _is_translated(there)]


def _named(message: Message, found: Message | None) -> str:
    text = str(_forms(message.id)[0])
    marked = found is not None and found.fuzzy and found.string
    return f"{text} (marked fuzzy: take the mark away when the words are right)" if marked else text


def taken_out(catalog: Catalog, template: Catalog) -> list[str]:
    """What was translated and stands in no text of today, with its translation: words to use again, or a slip."""
    gone = [message for message in catalog if message.id and template.get(message.id) is None]
    return [
        f"taken out, for no text says it now: “{_forms(message.id)[0]}”, translated as “{_forms(message.string)[0]}”"
        for message in gone
        if any(_forms(message.string))
    ]


def _is_translated(found: Message | None) -> bool:
    """A text, or each of its plural forms, in words that a person has seen."""
    if found is None or found.fuzzy or not found.string:
        return False
    return all(found.string) if found.pluralizable else True


def template_text(catalog: Catalog) -> bytes:
    """The catalogue as a .pot file, without a date, so that only words change it."""
    out = BytesIO()
    write_po(out, catalog, omit_header=True, sort_by_file=True, include_lineno=False)
    return out.getvalue()


def bring_up_to_date(locale: str, folder: Path, template: Catalog) -> Catalog:
    """Write the catalogue again with the texts of today. A text that changed is a new one, never a guess."""
    catalog = deepcopy(translated(locale, folder))
    made = catalog.creation_date
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.creation_date = made
    file = file_of(locale, folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as po:
        write_po(po, catalog, sort_by_file=True, include_lineno=False, width=0)
    return catalog


def main() -> int:
    try:
        config = Config.from_environment()
        template = extracted()
        (config.TRANSLATIONS / TEMPLATE).write_bytes(template_text(template))
        print(f"{len(template)} texts to translate")
        whole = [_looked_at(language, config.TRANSLATIONS, template) for language in config.LANGUAGES[1:]]
    except (SettingsError, contents.ContentError) as error:
        print(error)
        return 1
    except OSError as error:
        print(f"{error.filename}: cannot be written: {error.strerror}. Let your user own it")
        return 1
    return int(not all(whole))


def _looked_at(language: str, folder: Path, template: Catalog) -> bool:
    """Bring a catalogue up to date and print what it lacks; whether that is nothing."""
    wrong = [*problems(language, folder), *strays(language, folder)]
    # A file that cannot be read whole is not written again: what stands in it would be lost.
    if any(": cannot be read" in line or ": no language" in line for line in wrong):
        print(f"{language}: not looked at", *wrong, sep="\n  ")
        return False
    gone = taken_out(translated(language, folder), template)
    lacking = missing(bring_up_to_date(language, folder, template), template)
    more = [f"... and {len(lacking) - _SHOWN} more, in {file_of(language, folder)}"]
    shown = lacking[:_SHOWN] + more * (len(lacking) > _SHOWN)
    print(f"{language}: {len(lacking)} missing, {len(wrong)} wrong", *wrong, *gone, *shown, sep="\n  ")
    return not (lacking or wrong)
