"""How much may come from one network, and that no address is kept."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from signal import SIGCONT, SIGSTOP
from typing import Any

import pytest
from flask import Flask, request
from redis import Redis
from werkzeug.test import TestResponse

from quizapp import create_app
from quizapp.pages import limits
from quizapp.pages.limits import Bursts, network
from tests.tools.services import free_port, redis_process

SECRET = "a secret of the tests that is long enough"  # noqa: S105 - it guards nothing


@contextmanager
def asked_from(app: Flask, address: str | None, **headers: str) -> Iterator[None]:
    with app.test_request_context("/en/schools", environ_base={"REMOTE_ADDR": address or ""}, headers=headers):
        yield


def code(app: Flask, address: str | None) -> str:
    with asked_from(app, address):
        return network(SECRET)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:100::1", "2001:db8:1:1ff::2", True),
        ("2001:db8:1:100::1", "2001:db8:1:200::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        (None, None, True),
        ("not an address", "nor this", True),
    ],
)
def test_a_network_is_what_a_household_or_a_school_is_given(
    app: Flask, one: str | None, other: str | None, same: bool
) -> None:
    assert (code(app, one) == code(app, other)) is same


def test_a_code_holds_no_address(app: Flask) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", code(app, "203.0.113.7"))


def test_a_code_is_another_one_every_day_and_for_every_secret(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    today = code(app, "203.0.113.7")

    class Tomorrow(limits.datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return limits.datetime(2199, 1, 1, tzinfo=tz)

    with asked_from(app, "203.0.113.7"):
        assert network("another secret of the tests as long as it") != today
    monkeypatch.setattr(limits, "datetime", Tomorrow)
    assert code(app, "203.0.113.7") != today


def held(app: Flask, bursts: Bursts, times: int, school: str = "bcdfghjk", address: str = "203.0.113.7") -> list[bool]:
    with asked_from(app, address):
        return [bursts.holds(school) for _ in range(times)]


def test_what_comes_above_the_limit_is_a_burst(app: Flask) -> None:
    assert held(app, Bursts(3, SECRET), 5) == [False, False, False, True, True]


def test_other_networks_and_other_schools_are_no_part_of_a_burst(app: Flask) -> None:
    bursts = Bursts(3, SECRET)
    held(app, bursts, 5)
    assert held(app, bursts, 3, address="203.0.113.8") == [False] * 3
    assert held(app, bursts, 3, school="zzzzzzzz") == [False] * 3


def test_schools_that_somebody_makes_up_fill_no_memory(app: Flask) -> None:
    bursts = Bursts(1, SECRET)
    for number in range(100):
        held(app, bursts, 1, school=f"school{number}")
    assert len(bursts._seen.storage.storage) <= 21  # type: ignore[attr-defined]  # what this one keeps


@contextmanager
def limited(folder: Path, **settings: Any) -> Iterator[Flask]:
    app = create_app({"INSTANCE": folder, "LINKS_PER_HOUR": 2, "SECRET_KEY": SECRET, **settings})
    yield app
    app.extensions["quizapp"].close()


def taken(app: Flask, times: int, address: str = "203.0.113.7", **headers: str) -> list[bool]:
    found = []
    for _ in range(times):
        with asked_from(app, address, **headers):
            found.append(app.extensions["quizapp"].links.takes())
    return found


def test_so_many_links_may_be_made_from_one_network(tmp_path: Path) -> None:
    with limited(tmp_path) as app:
        assert taken(app, 3) == [True, True, False]
        assert taken(app, 1, address="203.0.113.8") == [True]


def test_with_redis_all_processes_count_together_and_no_address_is_in_it(tmp_path: Path) -> None:
    with redis_process() as (_process, url), Redis.from_url(url) as kept:
        with limited(tmp_path, LIMITER_URL=url) as one, limited(tmp_path, LIMITER_URL=url) as other:
            assert taken(one, 2) == [True, True]
            assert taken(other, 1) == [False]
        [key] = kept.scan_iter()
        assert b"203.0" not in key
        assert 0 < kept.ttl(key) <= 3600


def test_without_its_redis_each_process_counts_for_itself(tmp_path: Path) -> None:
    with limited(tmp_path, LIMITER_URL=f"redis://127.0.0.1:{free_port()}") as app:
        assert taken(app, 3) == [True, True, False]


def test_a_redis_that_does_not_answer_holds_nobody_up(tmp_path: Path) -> None:
    with (
        redis_process() as (process, url),
        limited(tmp_path, LIMITER_URL=url) as app,
        ThreadPoolExecutor(1) as schools,
    ):
        process.send_signal(SIGSTOP)
        asked = schools.submit(taken, app, 3)
        try:
            assert asked.result(timeout=60) == [True, True, False]
        finally:
            process.send_signal(SIGCONT)


SAID = {
    "X-Forwarded-For": "192.0.2.66, 198.51.100.1",
    "X-Forwarded-Proto": "ftp, https",
    "X-Forwarded-Host": "evil.example, quiz.example.org",
}


@pytest.mark.parametrize(
    ("proxies", "seen"),
    [
        (0, "203.0.113.7 http localhost"),
        (1, "198.51.100.1 https quiz.example.org"),
        (2, "192.0.2.66 ftp evil.example"),
    ],
)
def test_so_many_proxies_are_believed_as_the_operator_says(tmp_path: Path, proxies: int, seen: str) -> None:
    with limited(tmp_path, PROXIES=proxies) as app:
        app.add_url_rule("/who", "who", lambda: f"{request.remote_addr} {request.scheme} {request.host}")
        said = app.test_client().get("/who", headers=SAID, environ_base={"REMOTE_ADDR": "203.0.113.7"}).text
        assert said == seen


NAMED = {"HOSTS": ("Quiz.Example.org", ".schools.example"), "PUBLIC_URL": "https://printed.example:8443/"}


def asked_by(app: Flask, name: str, path: str = "/en/", **headers: str) -> TestResponse:
    return app.test_client().get(path, headers={"Host": name} | headers)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("quiz.example.org", 200),
        ("QUIZ.Example.org", 200),
        ("quiz.example.org:8000", 200),
        ("north.schools.example", 200),
        ("printed.example", 200),
        ("evil.example", 400),
        ("quiz.example.org.evil.example", 400),
        ("evilschools.example", 400),
        ("127.0.0.1", 400),
        ("<b>evil", 400),
    ],
)
def test_the_site_answers_by_its_names_alone(tmp_path: Path, name: str, status: int) -> None:
    with limited(tmp_path, **NAMED) as app:
        answer = asked_by(app, name)
        assert answer.status_code == status
        assert "evil" not in answer.text
        assert "evil" not in str(answer.headers)


def test_a_wrong_name_that_a_proxy_passes_on_is_refused_too(tmp_path: Path) -> None:
    with limited(tmp_path, **NAMED, PROXIES=1) as app:
        asked = asked_by(app, "quiz.example.org", **{"X-Forwarded-Host": "evil.example"})
        assert asked.status_code == 400


@pytest.mark.parametrize("name", ["10.0.0.7:8000", "evil.example"])
def test_machines_ask_for_health_by_any_name(tmp_path: Path, name: str) -> None:
    with limited(tmp_path, **NAMED) as app:
        assert asked_by(app, name, "/healthz").text == "ok\n"


@pytest.mark.parametrize("settings", [{}, {"PUBLIC_URL": "https://printed.example"}])
def test_a_machine_of_ones_own_answers_by_any_name(tmp_path: Path, settings: dict[str, str]) -> None:
    with limited(tmp_path, **settings) as app:
        assert asked_by(app, "anything.example").status_code == 200
