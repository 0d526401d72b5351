"""Settings: a safe default, or a value of the environment, or a failure that names the setting."""

import ast
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

import quizapp
from quizapp.config import _NUMBERS, Config, Review, SettingsError

PACKAGE = Path(quizapp.__file__).parent


def test_without_an_environment_the_defaults_hold() -> None:
    assert Config.from_environment({}) == Config()
    assert Config.from_environment({"PATH": "/bin", "LINK_DAYS": "3"}) == Config()


def test_the_defaults_run_on_one_machine_and_give_away_nothing() -> None:
    config = Config()
    assert config.SECRET_KEY == "", "a key that stands in the code is no key"
    assert config.LANGUAGES == ("en", "es")
    assert config.LEAVE_TO.startswith("https://")
    assert config.LINK_DAYS == 30
    assert config.TRANSLATIONS.parent.name == "quizapp"


KEY = "k3y-of-thirty-two-letters-or-more"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("LINK_DAYS", "7", 7),
        ("LINK_DAYS", "1", 1),
        ("PRINT_PROCESSES", "4", 4),
        ("SECRET_KEY", f" {KEY}, {KEY} ,", f" {KEY}, {KEY} ,"),
        ("SECRET_KEY", "", ""),
        ("PUBLIC_URL", "https://example.org", "https://example.org"),
        ("LANGUAGES", "es , en", ("es", "en")),
        ("LANGUAGES", "es", ("es",)),
        ("LANGUAGES", "en,,", ("en",)),
        ("INSTANCE", "not/there/yet", Path("not/there/yet")),
        ("TRANSLATIONS", "quizapp/translations", Path("quizapp/translations")),
        ("DATABASE_URL", "postgresql://me:p#a@db:5432/quiz", "postgresql://me:p#a@db:5432/quiz"),
        ("DATABASE_URL", "postgresql:///quiz", "postgresql:///quiz"),
        ("DATABASE_URL", "sqlite:////var/lib/schools.sqlite", "sqlite:////var/lib/schools.sqlite"),
        ("BROKER_URL", "rediss://:word@[::1]:6379/1", "rediss://:word@[::1]:6379/1"),
        ("OPERATOR", "Müller & Söhne <e. V.>", "Müller & Söhne <e. V.>"),
        ("CONTACT", "hello@example.org", "hello@example.org"),
        ("CONTACT", "https://example.org/write", "https://example.org/write"),
        ("CONFIRMED", "law, tls", ("law", "tls")),
        ("CONFIRMED", "", ()),
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


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_has_a_least_and_a_most_and_a_default_between_them(name: str) -> None:
    least, most = _NUMBERS[name]
    assert least <= getattr(Config(), name) <= most
    for wrong in {least - 1, most + 1} - {-1}:
        with pytest.raises(
            SettingsError, match=rf"^QUIZAPP_{name}: expected .* from {least} to {most}, found {wrong}$"
        ):
            Config.from_environment({f"QUIZAPP_{name}": str(wrong)})


@pytest.mark.parametrize(
    ("name", "text", "expected", "found"),
    [
        ("HOSTS", "https://quiz.example.org", "without https://", "'https://quiz.example.org'"),
        ("SECRET_KEY", f"{KEY},hunter2", "keys of 32 characters or more", "something else"),
        ("PUBLIC_URL", "example.org", "such as https://example.org", "'example.org'"),
        ("PUBLIC_URL", "https://example.org/en", "of the whole site", "'https://example.org/en'"),
        ("PUBLIC_URL", "ftp://example.org", "of the whole site", "'ftp://example.org'"),
        ("PUBLIC_URL", "https://example.org:port", "of the whole site", "'https://example.org:port'"),
        ("LANGUAGES", "en,xx,../..", "some of en, es", "xx, ../... A new language begins with a folder in "),
        ("TRANSLATIONS", "nowhere", "a folder", "'nowhere'"),
        ("LEAVE_TO", "http://example.org", "begins with https://", "'http://example.org'"),
        ("LEAVE_TO", "", "begins with https://", "''"),
        ("BROKER_URL", "amqp://me:hunter2@host", "the address of a Redis", "amqp://..."),
        ("BROKER_URL", "hunter2", "the address of a Redis", "something else"),
        ("DATABASE_URL", "mysql://me:hunter2@db/quiz", "postgresql://user@host/name", "mysql://..."),
        ("DATABASE_URL", "postgresql://me:hunter2@db:x/quiz", "postgresql://user@host/name", "postgresql://..."),
        ("LIMITER_URL", "redis://", "redis://host:6379", "redis://..."),
        ("OPERATOR", "two\nlines", "on one line", r"'two\nlines'"),
        ("CONTACT", "javascript:alert(1)", "an e-mail address", "'javascript:alert(1)'"),
        ("CONTACT", "me@home", "an e-mail address", "'me@home'"),
        ("REVIEWED", "en: Jane Doe", "who, and the month", "'en: Jane Doe'"),
        ("REVIEWED", "en: Jane Doe, 2026-13", "who, and the month", "'en: Jane Doe, 2026-13'"),
        ("REVIEWED", "fr: Jeanne, 2026-10", "a delivered language", "'fr: Jeanne, 2026-10'"),
        ("INSTANCE", "wsgi.py", "a folder that can be written to", "'wsgi.py'"),
    ],
)
def test_a_value_that_is_not_allowed_is_told_with_what_is(name: str, text: str, expected: str, found: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Config.from_environment({f"QUIZAPP_{name}": text})
    told = next(line for line in caught.value.problems if line.startswith(f"QUIZAPP_{name}: expected "))
    assert expected in told
    assert f", found {found}" in told
    assert "hunter2" not in told, "a key or a password is never shown"


def test_who_has_read_the_words_is_told_apart_by_semicolons() -> None:
    config = Config.from_environment({"QUIZAPP_REVIEWED": "en: Jane Doe, school counsellor, 2026-10; es:Ana, 2026-11;"})
    assert config.reviews == (Review("en", "Jane Doe, school counsellor", "2026-10"), Review("es", "Ana", "2026-11"))


def test_a_setting_with_a_slip_in_its_name_is_told_with_the_closest_ones() -> None:
    with pytest.raises(SettingsError) as caught:
        Config.from_environment({"QUIZAPP_PROXY": "1", "QUIZAP_PROXIES": "not ours"})
    [problem] = caught.value.problems
    assert problem.startswith("QUIZAPP_PROXY: no setting is called so. The closest are: QUIZAPP_PROXIES")


def test_a_setting_in_small_letters_is_told_too() -> None:
    with pytest.raises(
        SettingsError, match=r"^quizapp_hosts: no setting is called so\. The closest are: QUIZAPP_HOSTS"
    ):
        Config.from_environment({"quizapp_hosts": "example.org"})


WRONG = {"QUIZAPP_LINK_DAYS": "many", "QUIZAPP_PRINT_PROCESSES": "0", "QUIZAPP_LEAVE_TO": "home"}


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"],
        ["-m", "flask", "--app", "wsgi", "launch"],
        ["-m", "quizapp.worker"],
        ["-m", "quizapp"],
        ["-m", "quizapp.languages"],
    ],
    ids=lambda command: " ".join(command[1:3]),
)
def test_every_start_ends_with_a_line_for_each_wrong_setting_and_no_traceback(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=PACKAGE.parent,
        env=os.environ | WRONG,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (1, 3)
    said = done.stdout + done.stderr
    assert sorted(line.split(":")[0] for line in said.splitlines() if line.startswith("QUIZAPP_")) == sorted(WRONG)
    assert "Traceback" not in said


def test_a_server_that_loads_us_in_each_process_does_not_try_for_ever() -> None:
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket", "wsgi:app"]
    done = subprocess.run(
        command, cwd=PACKAGE.parent, env=os.environ | WRONG, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 3
    assert "QUIZAPP_LINK_DAYS: expected" in done.stderr


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ({"WEB_PROCESSES": "two"}, "WEB_PROCESSES: expected a whole number from 1, found 'two'"),
        ({"PORT": "99999"}, "PORT: expected a whole number from 1 to 65535, found '99999'"),
        ({"BIND": "localhost:80"}, "BIND: expected an address without a port, such as 0.0.0.0, found 'localhost:80'"),
        ({"BIND": "192.0.2.1"}, "192.0.2.1:8000: cannot listen there: …"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_the_server_cannot_do_is_said_in_words(setting: dict[str, str], expected: str) -> None:
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
    environ = {name: value for name, value in os.environ.items() if name != "PORT"} | setting
    done = subprocess.run(command, cwd=PACKAGE.parent, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(expected.rstrip("…"))
    assert "Traceback" not in done.stderr


def reads_of_the_environment(code: str) -> list[str]:
    """What in a module reads the environment; setting a variable for a library, or clearing all of them, is no read."""
    tree = ast.parse(code)
    written = {
        node.value
        for node in ast.walk(tree)
        if (isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del))
        or (isinstance(node, ast.Attribute) and node.attr == "clear")
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
