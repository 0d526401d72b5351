"""docs/settings.md tells of every setting what it is, and tells it as it is."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from quizapp.config import _NUMBERS, Config
from quizapp.content import ROOT

DOC = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
CODE = (ROOT / "quizapp/config.py").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^### `QUIZAPP_(\w+)`\n(.*?)(?=^##|\Z)", DOC, re.MULTILINE | re.DOTALL))
NAMES = [setting.name for setting in fields(Config)]


def written(value: object) -> str:
    """A default as the page shows it."""
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT).as_posix()}`"
    text = ",".join(value) if isinstance(value, tuple) else str(value)
    return f"`{text}`" if text else "empty"


def test_every_setting_has_its_entry_and_every_entry_its_setting() -> None:
    assert sorted(ENTRIES) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_tells_what_it_is_its_default_an_example_when_to_change_it_and_what_goes_wrong(name: str) -> None:
    entry = ENTRIES[name]
    assert re.match(r"\n[A-Z][^`]", entry), "it begins with what the setting is"
    assert re.findall(r"^- ([^:]+):", entry, re.MULTILINE) == ["Default", "Example", "Change it", "If it is wrong"]
    default = re.search(r"^- Default: (`[^`]*`|\w+)", entry, re.MULTILINE)
    assert default
    assert default[1] == written(getattr(Config(), name))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_a_value_that_can_be_used(name: str) -> None:
    example = re.search(r"^- Example: `QUIZAPP_(\w+)=(.*)`$", ENTRIES[name], re.MULTILINE)
    assert example
    assert example[1] == name
    Config.from_environment({f"QUIZAPP_{name}": example[2]})  # raises SettingsError for one that cannot


@pytest.mark.parametrize("name", [name for name in _NUMBERS if name != "SELF_SERVICE"])
def test_an_entry_of_a_number_tells_the_least_and_the_most(name: str) -> None:
    least, most = _NUMBERS[name]
    assert f"From {least:,} to {most:,}." in " ".join(ENTRIES[name].split())


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_comment_in_the_code(name: str) -> None:
    assert re.search(rf"^    # .+\n    {name}: ", CODE, re.MULTILINE)


def test_the_readme_leads_to_the_settings() -> None:
    assert "[docs/settings.md](docs/settings.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
