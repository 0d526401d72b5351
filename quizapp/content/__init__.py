"""Content files to one checked `Content`.

Shape first, by the annotations of the nouns; then sense, across files. Everything that is wrong is found in
one go and told in the words of the person who edits the files: file, key, what was found, what is allowed.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from quizapp.content.sense import Problems, problems_of, text_problems
from quizapp.model import (
    Band,
    Chapter,
    Clause,
    Content,
    Country,
    Disagreement,
    Factor,
    LeftOut,
    Question,
    Quiz,
    Source,
    Step,
    Wording,
)

ROOT = Path(__file__).parents[2]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Folder:
    """Where nouns of a kind stand: one a file, or several as [[table]] tables."""

    name: str
    kind: type
    table: str = ""
    # Whether a number stands before each name, and gives the order.
    numbered: bool = False


# Both tables go by the fields of `Content`, in the order in which problems are told.
_FILES: Mapping[str, tuple[str, type]] = {
    "quiz": ("questions/quiz.toml", Quiz),
    "wording": ("agreement_templates/wording.toml", Wording),
}
_FOLDERS: Mapping[str, _Folder] = {
    "questions": _Folder("questions", Question, numbered=True),
    "steps": _Folder("questions/steps", Step),
    "sources": _Folder("questions/sources", Source),
    "countries": _Folder("questions/help", Country),
    "clauses": _Folder("agreement_templates/clauses", Clause, numbered=True),
    "factors": _Folder("questions/factors", Factor, table="factor"),
    "signs": _Folder("questions/signs", Chapter, numbered=True),
    "first_steps": _Folder("questions/first-steps", Chapter, numbered=True),
    "disagreements": _Folder("questions/disagreements", Disagreement, numbered=True),
    "left_out": _Folder("questions/left-out", LeftOut, numbered=True),
}


class ContentError(Exception):
    """The content cannot be used. `problems` holds one line for each thing to mend."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read(root: Path = ROOT) -> Content:
    """Read and check every content file below `root`. Raises ContentError that lists all problems."""
    reader = _Reader(root)
    nouns: dict[str, Any] = {field: reader.one(name, kind) for field, (name, kind) in _FILES.items()}
    nouns |= {field: reader.all_in(folder) for field, folder in _FOLDERS.items()}
    if reader.problems:
        raise ContentError(reader.problems + reader.slips)
    content = Content(**nouns | {"countries": _in_order(nouns["countries"])})
    found = [*problems_of(content), *_without_picture(content)]
    problems = reader.slips + [f"{reader.place(noun)}: {says}" for noun, says in found]
    if problems:
        raise ContentError(problems)
    return content


def _in_order(countries: Mapping[str, Country]) -> dict[str, Country]:
    return dict(sorted(countries.items(), key=lambda item: item[1].order))


def _without_picture(content: Content) -> Problems:
    """The pictures lie where pages find them too, whatever folder the words come from."""
    for clause in content.clauses.values():
        picture = f"static/pictures/{clause.id}.svg"
        # In a folder that may not be opened, this is False; `is_file` of the path would not answer at all.
        if Band.EARLY in clause.lines and not os.path.isfile(ROOT / picture):
            yield clause, f"lines: {Band.EARLY} needs a picture: draw {picture}, or leave this age out"


class _Reader:
    """Reads files into nouns and remembers which noun came from which file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []
        self.places: dict[int, str] = {}
        # Of texts alone: they do not keep the nouns from being used, so that the rules across files are checked too.
        self.slips: list[str] = []

    def place(self, noun: object) -> str:
        return self.places[id(noun)]

    def one(self, name: str, kind: type[T]) -> T | None:
        data = self._load(self.root / name)
        return None if data is None else self._shape(name, "", kind, data)

    def all_in(self, folder: _Folder) -> dict[str, Any]:
        paths = list(self._paths(folder))
        if folder.table:
            return self.tables(paths, folder.name, folder.table, folder.kind)
        return self.folder(paths, folder.name, folder.kind)

    def _paths(self, folder: _Folder) -> Iterator[Path]:
        """The files of a folder, less those of the editor's own system. One that would be passed over is told."""
        alone = {self.root / file for file, _ in _FILES.values()}
        expected, example = _NAMES[folder.numbered]
        for path in self._inside(folder.name):
            if path in alone or path.name == "README.md" or path.name.startswith(".") or path.name.endswith("~"):
                continue
            if expected.fullmatch(path.name):
                yield path
            else:
                self.problems.append(
                    f"{folder.name}/{path.name}: rename it: expected a name such as {example}, in small letters "
                    "without accents, with hyphens. If it is only a copy, move it to another folder"
                )

    def _inside(self, name: str) -> list[Path]:
        """What lies in a folder, less the folders in it that hold something else."""
        try:
            there = sorted((self.root / name).iterdir())
            return [path for path in there if path.suffix or not path.is_dir()]
        except OSError as error:
            self.problems.append(f"{name}: expected a folder that can be opened, found: {error.strerror}")
            return []

    def folder(self, paths: Iterable[Path], name: str, kind: type[T]) -> dict[str, T]:
        """One noun a file. The file's name gives the order and the id: 30-contact.toml is `contact`."""
        nouns: dict[str, T] = {}
        for path in paths:
            data = self._load(path)
            identity = re.sub(r"^\d+-", "", path.stem)
            if data is None or not self._is_named(f"{name}/{path.name}", identity, data, nouns):
                continue
            noun = self._shape(f"{name}/{path.name}", "", kind, {"id": identity} | data)
            if noun is not None:
                nouns[identity] = noun
        return nouns

    def _is_named(self, file: str, identity: str, data: Mapping[str, Any], nouns: Mapping[str, object]) -> bool:
        """The id of a file is its name, and no two files of a folder share one."""
        if "id" in data:
            self.problems.append(f"{file}: id is not known here. The name of the file is the id: {identity}")
        elif identity in nouns:
            says = f"{identity} stands twice: two files have this name behind their number. Rename one"
            self.problems.append(f"{file}: {says}")
        return "id" not in data and identity not in nouns

    def tables(self, paths: Iterable[Path], name: str, key: str, kind: type[T]) -> dict[str, T]:
        """Several nouns a file, as [[key]] tables that carry their own ids."""
        nouns: dict[str, T] = {}
        for path in paths:
            file = f"{name}/{path.name}"
            loaded = self._load(path) or {}
            others = [name for name in loaded if name != key]
            self.problems += [f"{file}: {other} is not known here. There are: {key}" for other in others]
            entries = loaded.get(key, [])
            if not isinstance(entries, list):
                self.problems.append(f"{file}: {key}: expected [[{key}]] in double brackets")
                continue
            for number, data in enumerate(entries):
                noun = self._shape(file, f"{key}.{number + 1}.", kind, data)
                if noun is None:
                    continue
                if data["id"] in nouns:
                    self.problems.append(f"{name}/{path.name}: {data['id']} stands twice")
                nouns[data["id"]] = noun
        return nouns

    def _load(self, path: Path) -> dict[str, Any] | None:
        name = path.relative_to(self.root).as_posix()
        try:
            return tomllib.loads(text := _text(path))
        except FileNotFoundError:
            self.problems.append(f"{name}: the file is missing")
        except OSError as error:
            self.problems.append(f"{name}: expected a file that can be opened, found: {error.strerror}")
        except UnicodeDecodeError:
            self.problems.append(f"{name}: save the file as UTF-8")
        except tomllib.TOMLDecodeError as error:
            says = f"cannot be read as TOML: {error}{_line(text, str(error))}. {_hint(str(error))}"
            self.problems.append(f"{name}: {says}")
        return None

    def _shape(self, name: str, prefix: str, kind: type[T], data: dict[str, Any]) -> T | None:
        try:
            noun: T = _adapter(kind).validate_json(json.dumps(data, default=str), strict=True)  # type: ignore[arg-type]  # every class can be hashed
        except ValidationError as error:
            self.problems += [f"{name}: {prefix}{_explained(e, kind, not prefix)}" for e in error.errors()]
            return None
        self.places[id(noun)] = name
        self.slips += [f"{name}: {says}" for says in text_problems(noun)]
        return noun


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


# What a file is called: without a number, and with one.
_NAMES = (
    (re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.toml"), "contact.toml"),
    (re.compile(r"\d+(-[a-z0-9]+)+\.toml"), "30-contact.toml"),
)


# What the parser says -> what to look for. Its line is where it stumbled: the slip can stand just before it.
_HINTS: Mapping[str, str] = {
    "Cannot declare": "The same [name] stands twice: write [[name]] for each entry of a list",
    "Cannot overwrite": "The same key stands twice there, or [name] where it is [[name]]",
    "Invalid statement": "Each line is a key = a value, or a [name] in brackets",
    "Expected '='": "Each line is a key = a value, with nothing but ordinary spaces between",
    "Unclosed array": 'A list stands in square brackets, with a comma between its texts: ["one", "two"]',
    "Unescaped": "Write another word or sign in place of the backslash (\\)",
}
_QUOTES = (
    'Does each text stand on one line, with a straight quotation mark (") at both ends and none inside? '
    "A number is whole, and has no marks"
)
# As many letters of a line, or of a value that was found, are shown.
_SHOWN = 60


def _text(path: Path) -> str:
    """The text of a file. Raises UnicodeDecodeError when it is not UTF-8."""
    # Windows' editor begins a file with a mark (BOM), which -sig takes away.
    text = path.read_text(encoding="utf-8-sig")
    # In UTF-16 every second byte of English is a zero, which UTF-8 has as well.
    if "\0" in text:
        raise UnicodeDecodeError("utf-8", b"", 0, 0, "zeros")
    return text


def _line(text: str, error: str) -> str:
    """The line that the parser names, as an editor sees it."""
    number = re.search(r"\(at line (\d+)", error)
    return f": {_cut(text.splitlines()[int(number[1]) - 1].strip())}" if number else ""


def _cut(shown: str) -> str:
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _hint(error: str) -> str:
    return next((hint for beginning, hint in _HINTS.items() if error.startswith(beginning)), _QUOTES)


# Shape, in an editor's words

_WORDS: Mapping[str, str] = {
    "string_type": "expected text in quotes",
    # The whole of a table that was written with single brackets.
    "table_alone": "expected [[{table}]] in double brackets",
    "table_in_list": "expected [{table}] in single brackets",
    "int_type": "expected a whole number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list in square brackets",
    "dict_type": "expected a table",
    "dataclass_type": "expected a table",
    "greater_than_equal": "expected {ge} or more",
    "less_than_equal": "expected {le} or less",
    "too_short": "expected at least {min_length}",
    "string_too_short": "expected at least {min_length} letters",
    "enum": "expected {expected}",
}
# A table with the wrong number of brackets.
_BRACKETS: Mapping[tuple[str, type], str] = {
    ("tuple_type", dict): "table_alone",
    ("dict_type", list): "table_in_list",
}


def _explained(error: ErrorDetails, kind: type, id_is_name: bool) -> str:
    """One of pydantic's findings as `key: expected ..., found ...`, counting list entries from 1."""
    trail = [str(part + 1) if isinstance(part, int) else part for part in error["loc"] if part != "[key]"]
    key = ".".join(trail)
    if error["type"] == "missing":
        return f"{key} is missing"
    if len(trail) > 1 and _is_unknown(error) and trail[-1] in {field.name for field in fields(kind)}:
        return f"{key} is not known here. Move the line with {trail[-1]} up, above the first line in brackets"
    if error["type"] == "unexpected_keyword_argument":
        names = {field.name for field in fields(_noun_at(kind, error["loc"][:-1]))}
        allowed = ", ".join(sorted(names - ({"id"} if id_is_name and len(trail) == 1 else set())))
        return f"{key} is not known here. There are: {allowed}"
    found = _BRACKETS.get((error["type"], type(error["input"])), error["type"])
    expected = _WORDS.get(found, error["msg"]).format(**error.get("ctx", {}), table=trail[-1] if trail else "")
    return f"{key}: {expected}, found {_cut(json.dumps(error['input'], ensure_ascii=False))}"


def _is_unknown(error: ErrorDetails) -> bool:
    """Whether a key is one too many: in a noun, or in a table by ages."""
    return error["type"] == "unexpected_keyword_argument" or error["loc"][-1] == "[key]"


def _noun_at(kind: Any, trail: Iterable[str | int]) -> Any:
    """The noun that stands at a place inside a noun: ("answers", 0) in a question is an answer."""
    for part in trail:
        kind = get_args(kind)[0] if isinstance(part, int) else get_type_hints(kind)[part]
    return kind
