"""Catalogues by language, the same content in another language, and the texts that translators see.

Code, templates and content share one catalogue. A locale is always given here, never taken from a request.

`python -m quizapp.languages` writes translations/messages.pot and reports, per language, what is missing.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from babel.support import NullTranslations, Translations

from quizapp import content as contents
from quizapp.config import Config
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


@cache
def catalogue(locale: str, folder: Path) -> NullTranslations:
    """The compiled catalogue of a locale; one that translates nothing when there is none (English)."""
    return Translations.load(folder, [locale], DOMAIN)


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


def missing(translated: Catalog, template: Catalog) -> list[str]:
    """The texts of the template that a translated catalogue lacks, or holds only as a guess."""
    return [str(message.id) for message in template if message.id and not _is_translated(translated.get(message.id))]


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


def main() -> int:
    config = Config.from_environment()
    template = extracted()
    (config.TRANSLATIONS / TEMPLATE).write_bytes(template_text(template))
    print(f"{len(template)} texts to translate")
    failed = False
    for language in config.LANGUAGES[1:]:
        file = config.TRANSLATIONS / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        lacking = missing(read_po(file.open("rb"), language), template) if file.exists() else ["everything"]
        print(f"{language}: {len(lacking)} missing", *lacking, sep="\n  ")
        failed = failed or bool(lacking)
    return int(failed)
