"""Finds every `Text` inside a noun, and makes the same noun with other words: how content is translated."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from quizapp.model import Text

T = TypeVar("T")


def texts(value: object) -> Iterator[str]:
    """Every text that people read in a noun and in the nouns inside it; empty ones are left out."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    reworded(value, keep)
    return iter(found)


def reworded(value: T, word: Callable[[str], str]) -> T:
    """The same noun, with `word` applied to every text in it."""
    changes = {
        name: _reworded(getattr(value, name), hint, word)
        for name, hint in _hints(type(value)).items()  # type: ignore[arg-type]  # every class can be hashed
        if _holds_text(hint)
    }
    return replace(value, **changes)  # type: ignore[type-var]  # only nouns, which are dataclasses, come here


def _reworded(value: Any, hint: Any, word: Callable[[str], str]) -> Any:
    if hint is Text:
        return Text(word(value)) if value else value
    if isinstance(value, tuple):
        return tuple(_reworded(item, get_args(hint)[0], word) for item in value)
    if isinstance(value, Mapping):
        return {key: _reworded(item, get_args(hint)[1], word) for key, item in value.items()}
    return reworded(value, word)


@cache
def _hints(noun: type) -> dict[str, Any]:
    hints = get_type_hints(noun)
    return {field.name: hints[field.name] for field in fields(noun)}


@cache
def _holds_text(hint: Any) -> bool:
    if hint is Text:
        return True
    if is_dataclass(hint):
        return any(_holds_text(inner) for inner in _hints(hint).values())  # type: ignore[arg-type]  # a class here
    return get_origin(hint) is not None and any(_holds_text(inner) for inner in get_args(hint))
