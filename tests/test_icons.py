"""Every drawing that a line can name is there, for the screen and for paper."""

from pathlib import Path

import pytest

from quizapp.model import Icon

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("icon", Icon)
def test_a_line_can_show_its_drawing_on_screen_and_on_paper(icon: Icon) -> None:
    assert (ROOT / "static" / "icons" / f"{icon}.svg").read_text().startswith("<svg")
    assert f'.icon--{icon} {{ mask-image: url("icons/{icon}.svg") }}' in (ROOT / "static" / "app.css").read_text()
    assert (
        f'td.line--{icon} {{ background-image: url("../static/icons/{icon}.svg") }}'
        in (ROOT / "agreement_templates" / "print.css").read_text()
    )
