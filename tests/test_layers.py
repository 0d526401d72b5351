"""Imports point down: what a module may know is decided by where it stands."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import quizapp

PACKAGE = Path(quizapp.__file__).parent
# Rooms and their floors. A room is a module, or a package with all that is in it.
FLOORS = {
    "quizapp.model": 0,
    "quizapp.config": 0,
    "quizapp.texts": 0,
    "quizapp.logs": 0,
    "quizapp.content": 1,
    "quizapp.scoring": 1,
    "quizapp.agreement": 1,
    "quizapp.signs": 1,
    "quizapp.result": 1,
    "quizapp.languages": 1,
    "quizapp.letters": 1,
    "quizapp.launch": 1,
    "quizapp.forms": 2,
    "quizapp.printing": 2,
    "quizapp.reminders": 2,
    "quizapp.metrics": 2,
    "quizapp.schools": 2,
    "quizapp.sealing": 2,
    "quizapp.pages": 3,
    "quizapp.headers": 3,
    "quizapp.commands": 3,
    "quizapp.watch": 3,
    "quizapp.assets": 3,
    "quizapp": 4,
    "quizapp.__main__": 5,
    "quizapp.worker": 5,
    "wsgi": 5,
}
# Arrows on one floor, each with its reason.
SIDEWAYS = {
    ("quizapp.texts", "quizapp.model"): "it finds what the nouns mark as Text",
    (
        "quizapp.languages",
        "quizapp.content",
    ): "the extractor shows translators the texts of the content that is shipped",
    ("quizapp.launch", "quizapp.content"): "it asks how long ago help lines were looked up",
    ("quizapp.result", "quizapp.scoring"): "what a result shows is put together from the score",
    ("quizapp.result", "quizapp.signs"): "from the signs to know and the words to say",
    ("quizapp.result", "quizapp.agreement"): "and from the line of the agreement that answers a gap",
}
# A big library lives behind one module.
HOMES = {
    "weasyprint": {"quizapp.printing.pdf"},
    "cryptography": {"quizapp.sealing"},
    "pebble": {"quizapp.printing.pool"},
    "pydantic": {"quizapp.content", "quizapp.printing.savefile"},
    "pypdf": {"quizapp.printing.attachment"},
    "pypdfium2": {"quizapp.printing.picture"},
    "segno": {"quizapp.schools.kit"},
    "pydantic_core": {"quizapp.content"},
    "fontTools": {"quizapp.letters"},
    "icalendar": {"quizapp.reminders"},
    "limits": {"quizapp.pages.limits"},
    "celery": {"quizapp.printing.broker", "quizapp.worker"},
    "redis": {"quizapp.printing.broker", "quizapp.pages.limits"},
    "whitenoise": {"quizapp.assets"},
    "prometheus_client": {"quizapp.metrics"},
}
# What only a room of its own may know: any module in it, and none outside.
ROOMS = {"sqlalchemy": "quizapp.schools", "alembic": "quizapp.schools"}
# Rules are pure: nothing of the web, of print or of a database below the second floor.
EDGES = {"flask", "flask_babel", "wtforms", "jinja2", "weasyprint", "sqlalchemy", "werkzeug", "celery", "redis"}
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in [*sorted(PACKAGE.rglob("*.py")), PACKAGE.parent / "wsgi.py"]
}


def imports(code: str) -> set[str]:
    """Every name that code imports, wherever in it; `from a import b` counts as a.b, which may be a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names}
    return found


def room(name: str) -> str:
    """The room that a name lives in: the longest one that it begins with."""
    return max((known for known in FLOORS if f"{name}.".startswith(f"{known}.")), key=len)


def wrong_arrows(module: str, code: str) -> list[str]:
    """The imports of a module that do not point to a lower floor."""
    here = room(module)
    ours = {name for name in imports(code) if name.split(".")[0] in {"quizapp", "wsgi"}}
    rooms = sorted({room(name) for name in ours} - {here})
    return [f"{here} -> {there}" for there in rooms if FLOORS[there] >= FLOORS[here] and (here, there) not in SIDEWAYS]


def libraries(name: str) -> set[str]:
    return {found.split(".")[0] for found in imports(MODULES[name].read_text(encoding="utf-8"))}


def test_every_module_has_its_floor_and_every_floor_its_module() -> None:
    assert {room(name) for name in MODULES} == set(FLOORS)
    unplaced = [name for name in MODULES if room(name) == "quizapp" and name != "quizapp"]
    assert unplaced == [], "a new room needs a floor"


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    assert wrong_arrows(module, MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("module", MODULES)
def test_names_are_imported_from_where_they_stand(module: str) -> None:
    assert not [name for name in imports(MODULES[module].read_text(encoding="utf-8")) if name.startswith(".")]


@pytest.mark.parametrize("arrow", SIDEWAYS)
def test_an_exception_is_still_needed(arrow: tuple[str, str]) -> None:
    here, there = arrow
    assert FLOORS[here] == FLOORS[there]
    assert there in {room(name) for name in imports(MODULES[here].read_text(encoding="utf-8")) if "quizapp" in name}


@pytest.mark.parametrize("module", [name for name in MODULES if FLOORS[room(name)] <= 1])
def test_the_rules_know_nothing_of_the_web_of_print_or_of_a_database(module: str) -> None:
    assert libraries(module) & EDGES == set()


@pytest.mark.parametrize(("library", "homes"), HOMES.items())
def test_a_big_library_lives_behind_one_module(library: str, homes: set[str]) -> None:
    assert {name for name in MODULES if library in libraries(name)} == homes


@pytest.mark.parametrize(("library", "home"), ROOMS.items())
def test_a_library_stays_in_its_room(library: str, home: str) -> None:
    assert {room(name) for name in MODULES if library in libraries(name)} == {home}


def test_a_web_process_never_loads_what_prints() -> None:
    code = "import sys, quizapp; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent).returncode == 0


@pytest.mark.parametrize(
    ("module", "code", "found"),
    [
        ("quizapp.model", "from quizapp.content import read", ["quizapp.model -> quizapp.content"]),
        ("quizapp.scoring", "import quizapp.pages.quiz", ["quizapp.scoring -> quizapp.pages"]),
        ("quizapp.agreement", "from quizapp import scoring", ["quizapp.agreement -> quizapp.scoring"]),
        ("quizapp.printing.sheets", "def f():\n    from quizapp import forms", ["quizapp.printing -> quizapp.forms"]),
        ("quizapp.content", "from quizapp import create_app", ["quizapp.content -> quizapp"]),
        ("quizapp.headers", "import wsgi", ["quizapp.headers -> wsgi"]),
        ("quizapp.content", "from quizapp.content.sense import problems_of\nfrom quizapp.model import Text", []),
        ("quizapp.pages.quiz", "from quizapp.pages import site as here\nfrom quizapp import sealing, scoring", []),
    ],
)
def test_an_arrow_that_points_up_or_sideways_would_be_found(module: str, code: str, found: list[str]) -> None:
    assert wrong_arrows(module, code) == found
