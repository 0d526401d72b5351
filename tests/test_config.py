"""Settings: a safe default, or a value of the environment, or a failure that names the setting."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

import quizapp
from quizapp.config import Config

PACKAGE = Path(quizapp.__file__).parent


def test_without_an_environment_the_defaults_hold() -> None:
    assert Config.from_environment({}) == Config()
    assert Config.from_environment({"PATH": "/bin", "LINK_DAYS": "3", "quizapp_link_days": "3"}) == Config()


def test_the_defaults_run_on_one_machine_and_give_away_nothing() -> None:
    config = Config()
    assert config.SECRET_KEY == "", "a key that stands in the code is no key"
    assert config.LANGUAGES == ("en", "es")
    assert config.LEAVE_TO.startswith("https://")
    assert config.LINK_DAYS == 30
    assert config.TRANSLATIONS.parent.name == "quizapp"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("LINK_DAYS", "7", 7),
        ("LINK_DAYS", "0", 0),
        ("PRINT_PROCESSES", "4", 4),
        ("SECRET_KEY", " as it is, ", " as it is, "),
        ("PUBLIC_URL", "https://example.org", "https://example.org"),
        ("LANGUAGES", "en, es ,fr", ("en", "es", "fr")),
        ("LANGUAGES", "es", ("es",)),
        ("LANGUAGES", "en,,", ("en",)),
        ("INSTANCE", "/var/lib/quizapp", Path("/var/lib/quizapp")),
        ("TRANSLATIONS", "words", Path("words")),
    ],
)
def test_a_setting_is_read_as_what_it_is(name: str, text: str, value: object) -> None:
    config = Config.from_environment({f"QUIZAPP_{name}": text})
    assert getattr(config, name) == value
    others = [field.name for field in fields(Config) if field.name != name]
    assert all(getattr(config, other) == getattr(Config(), other) for other in others)


NUMBERS = [field.name for field in fields(Config) if isinstance(field.default, int)]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("text", ["", "many", "-1", "1.5", "1 000", "0x10", "²"])
def test_a_number_that_is_none_is_told_with_its_setting(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=rf"^QUIZAPP_{name}: expected a whole number, found "):
        Config.from_environment({f"QUIZAPP_{name}": text})


@pytest.mark.parametrize("text", ["", " , "])
def test_without_any_language_there_is_nothing_to_start(text: str) -> None:
    with pytest.raises(ValueError, match="QUIZAPP_LANGUAGES"):
        Config.from_environment({"QUIZAPP_LANGUAGES": text})


def reads_of_the_environment(code: str) -> list[str]:
    """What in a module reads the environment; setting a variable for a library is no read."""
    tree = ast.parse(code)
    written = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del)
    }
    found = [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "environb", "getenv", "getenvb"}
        and node not in written
    ]
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    return found + [name for name in imported if name in {"environ", "environb", "getenv", "getenvb"}]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_settings_read_the_environment(path: Path) -> None:
    found = reads_of_the_environment(path.read_text(encoding="utf-8"))
    assert bool(found) == (path.name == "config.py"), found


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("import os\nprint(os.environ['HOME'])", True),
        ("import os\nos.environ.get('HOME')", True),
        ("import os\nos.getenv('HOME')", True),
        ("from os import getenv", True),
        ("import os\nos.environ['SOURCE_DATE_EPOCH'] = '0'", False),
        ("import os\nos.nice(5)", False),
    ],
)
def test_a_read_of_the_environment_would_be_found(code: str, reads: bool) -> None:
    assert bool(reads_of_the_environment(code)) is reads
