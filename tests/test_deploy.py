"""What an operator is given works as it stands: the server, nginx in front of it, the image, compose and the units."""

import json
import os
import re
import runpy
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import fields
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import psutil
import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from bench.rush_watch import PRINTING, kind_of_gunicorn
from deploy import whole_requests
from quizapp.config import Config
from tests.conftest import ANSWERS, FAMILY
from tests.test_journey import PHONE, looks_right, minute_by_form, minute_by_tap
from tests.tools import audit
from tests.tools.fixtures import CHROMIUM, CHROMIUM_OPTIONS
from tests.tools.nginx import NAME, Nginx, nginx
from tests.tools.nu import NuChecker
from tests.tools.server import ROOT, serving
from tests.tools.services import free_port

DEPLOY = ROOT / "deploy"
SETTINGS = {f"QUIZAPP_{field.name}" for field in fields(Config)}
WRITTEN = sorted(path for path in DEPLOY.iterdir() if path.is_file())
UNITS = sorted(DEPLOY.glob("*.service"))
STEPS = runpy.run_path(str(DEPLOY / "try-image"))["steps"]((DEPLOY / "Containerfile").read_text(encoding="utf-8"))
COMPOSED = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(COMPOSED)
SERVICES = COMPOSE["services"].items()
SERVED_BY = [".venv/bin/gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]


# Names and files


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    assert set(re.findall(r"\bQUIZAPP_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))) <= SETTINGS


def test_the_image_is_run_by_nobody_and_serves_as_make_run_does() -> None:
    last = dict(STEPS)
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last["USER"])
    assert json.loads(last["CMD"]) == SERVED_BY
    assert " ".join(SERVED_BY) in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_step_of_the_image_that_fails_ends_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tried = runpy.run_path(str(DEPLOY / "try-image"))["main"]
    monkeypatch.setitem(tried.__globals__, "os", SimpleNamespace(getuid=lambda: 0, path=os.path))
    monkeypatch.setitem(tried.__globals__, "bare", lambda *_: subprocess.run(["false"], check=True))
    monkeypatch.setattr(shutil, "which", str)
    monkeypatch.setattr(sys, "argv", ["try-image", str(tmp_path)])
    with pytest.raises(SystemExit, match=r"This step ended with 1; .* --mirror .* --share PATH --env PIP_CERT=PATH"):
        tried()
    assert capfd.readouterr().out.startswith("FROM ")


def test_the_image_holds_packages_with_their_hashes_and_nothing_that_compiles() -> None:
    ran = " ".join(rest for name, rest in STEPS if name == "RUN")
    assert "--require-hashes -r requirements/run.txt" in ran
    assert "--only-binary :all:" in ran
    assert not re.search(r"gcc|build-essential|-dev\b|curl|git\b", ran)


def test_the_image_is_given_all_that_the_application_reads() -> None:
    copied = {part.rstrip("/") for name, rest in STEPS if name == "COPY" for part in rest.split()[:-1]}
    assert {"quizapp", "questions", "agreement_templates", "static", "wsgi.py", "requirements/run.txt"} <= copied
    modules = {path.relative_to(ROOT).as_posix() for path in DEPLOY.glob("*.py")}
    assert modules <= copied, "the server is made of these"
    assert all((ROOT / part).exists() for part in copied if not part.startswith(("--from", "/app")))


@pytest.mark.parametrize(("name", "service"), SERVICES)
def test_a_container_can_write_nothing_and_become_nobody(name: str, service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert bool(service.get("ports")) == bool(service.get("cap_add")) == (name == "nginx")
    assert "mem_limit" in service


@pytest.mark.parametrize("name", ["nginx", "web", "worker"])
def test_a_container_that_is_stopped_has_time_to_finish_its_jobs(name: str) -> None:
    """gunicorn gives them 30 seconds, and a sheet may take 20."""
    assert COMPOSE["services"][name]["stop_grace_period"] == "45s"


@pytest.mark.parametrize(
    ("first", "then"), [("nginx", "web"), ("web", "worker"), ("web", "postgres"), ("worker", "redis")]
)
def test_who_asks_is_stopped_before_who_answers(first: str, then: str) -> None:
    """Compose stops what depends on others before them."""
    assert then in COMPOSE["services"][first]["depends_on"]


def test_only_the_proxy_reaches_the_outside_and_is_reached() -> None:
    inside = COMPOSE["networks"]["inside"]
    assert inside["internal"] is True
    assert inside["driver_opts"] == {"com.docker.network.bridge.inhibit_ipv4": "true"}, "else they reach this machine"
    assert [name for name, service in SERVICES if [*service["networks"]] != ["inside"]] == ["nginx"]


def test_the_proxy_finds_the_same_web_after_an_upgrade() -> None:
    """It looks the address up once, and an engine gives free ones to whoever starts first."""
    given = ip_address(COMPOSE["services"]["web"]["networks"]["inside"]["ipv4_address"])
    network = COMPOSE["networks"]["inside"]["ipam"]["config"][0]
    assert given in ip_network(network["subnet"])
    assert given not in ip_network(network["ip_range"])


def test_compose_starts_nothing_while_a_value_is_missing() -> None:
    example = dict(
        re.findall(r"^(\w+)=(.*)$", (DEPLOY / "quizapp.env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    asked = set(re.findall(r"\$\{(\w+):\?[^}]+\}", COMPOSED))
    assert asked == set(example)
    assert COMPOSED.count("$") == len(re.findall(r"\$\{\w+:\?", COMPOSED)), "none has a default"
    assert {name for name, value in example.items() if not value} == {"QUIZAPP_SECRET_KEY", "POSTGRES_PASSWORD"}


def test_web_and_printing_have_one_key_and_only_the_web_can_ask_the_database() -> None:
    web, worker = (COMPOSE["services"][name]["environment"] for name in ("web", "worker"))
    assert web["QUIZAPP_SECRET_KEY"] == worker["QUIZAPP_SECRET_KEY"]
    assert web["PGPASSWORD"] == COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"]
    assert "PGPASSWORD" not in worker
    assert worker["POSTGRES_PASSWORD"] == "", "else the settings file would give it to them"


def test_what_an_operator_writes_goes_neither_into_git_nor_into_the_image() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/deploy/.env", "/deploy/site.conf", "/deploy/tls/"} <= {*ignored}
    handed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = [part for name, rest in STEPS if name == "COPY" and "--from" not in rest for part in rest.split()[:-1]]
    assert sorted(line[1:] for line in handed if line.startswith("!")) == sorted(copied)
    assert handed[1] == "*"


def test_what_passes_through_redis_is_written_nowhere() -> None:
    redis = COMPOSE["services"]["redis"]
    assert redis["command"][:5] == ["redis-server", "--save", "", "--appendonly", "no"]
    assert "volumes" not in redis


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_understood_and_locked_down(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name
    here.write_text(unit.read_text(encoding="utf-8").replace("/opt/quizapp", str(ROOT)), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True)
    assert unit.name not in verified.stderr
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", here], capture_output=True, text=True
    )
    assert rated.returncode == 0, rated.stdout.splitlines()[-1]


# Known holes


class Osv(BaseHTTPRequestHandler):
    """A database of holes that knows one, in Flask."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        affected = {"package": asked["package"], "ranges": [{"type": "ECOSYSTEM", "events": HOLE}]}
        known = {"vulns": [{"id": "TEST-1", "summary": "", "details": "", "affected": [affected]}]}
        answer = json.dumps(known if asked["package"]["name"] == "flask" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *values: Any) -> None:
        pass


HOLE = [{"introduced": "0"}, {"fixed": "999.9"}]
HASH = f"--hash=sha256:{'0' * 64}"


@pytest.fixture
def osv() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Osv) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


@pytest.mark.parametrize(
    ("locked", "ended", "said"),
    [("flask==3.1.3", 1, "flask 3.1.3: TEST-1, mended in: 999.9\n"), ("segno==1.6.6", 0, "")],
)
def test_a_known_hole_ends_the_check(
    osv: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], locked: str, ended: int, said: str
) -> None:
    (tmp_path / "run.txt").write_text(f"{locked} {HASH}\n")
    assert audit.main([osv], tmp_path / "run.txt") == ended
    assert capsys.readouterr().out == said


def test_without_a_network_the_check_goes_on_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main([f"http://127.0.0.1:{free_port()}/"]) == 0
    assert capsys.readouterr().out == "known holes in our packages were not looked up: nobody answered\n"


# The server alone


SLOW = {
    "head": b"GET /en/quiz HTTP/1.1\r\nHost: %s\r\nX-Slow: " % NAME.encode(),
    "body": b"POST /en/quiz HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 3000\r\n\r\nage=" % NAME.encode(),
    "large body": b"POST /en/agreement/open HTTP/1.1\r\nHost: %s\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    b"Content-Length: 900000\r\n\r\n" % NAME.encode(),
    "nothing": b"",
}


@contextmanager
def dripping(connections: list[socket.socket]) -> Iterator[None]:
    """A byte a second goes to each of them."""
    done = Event()

    def drip() -> None:
        while not done.wait(1):
            for connection in connections:
                with suppress(OSError):
                    connection.send(b"a")

    thread = Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def seconds_for(address: str) -> float:
    began = time.monotonic()
    with urllib.request.urlopen(f"{address}/en/quiz", timeout=60) as response:  # noqa: S310 - our own address
        assert response.status == 200
    return time.monotonic() - began


def connected(address: str, takes: int = 0) -> socket.socket:
    """`takes`: bytes that it has room for, where they are few."""
    host, port = address.removeprefix("http://").split(":")
    connection = socket.socket()
    connection.settimeout(60)
    if takes:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
    connection.connect((host, int(port)))
    return connection


@pytest.mark.parametrize("kind", SLOW)
def test_two_hundred_slow_visitors_stop_nobody(served: str, kind: str) -> None:
    with ExitStack() as held:
        connections = [held.enter_context(connected(served)) for _ in range(200)]
        for connection in connections:
            connection.sendall(SLOW[kind])
        with dripping(connections):
            assert max(seconds_for(served) for _ in range(4)) < 5


def test_whoever_never_hangs_up_stops_nobody(served: str) -> None:
    with ExitStack() as held:
        for _ in range(100):
            held.enter_context(connected(served)).sendall(b"GET /en/quiz HTTP/1.0\r\n\r\n")
        assert seconds_for(served) < 5


@pytest.fixture
def behind_a_narrow_line(tmp_path: Path) -> Iterator[str]:
    """A server to whom the system gives little room for answers, as it does where a network is slow."""
    config = tmp_path / "gunicorn.conf.py"
    shipped = (DEPLOY / "gunicorn.conf.py").read_text(encoding="utf-8")
    narrow = "worker.sockets[0].sock.setsockopt(1, 7, 4096)  # SOL_SOCKET, SO_SNDBUF"
    config.write_text(f"{shipped}\ndef post_fork(server, worker):\n    {narrow}\n")
    with serving(tmp_path, str(config)) as address:
        yield address


def test_whoever_takes_an_answer_slowly_stops_nobody(behind_a_narrow_line: str) -> None:
    with ExitStack() as held:
        for _ in range(100):
            connection = held.enter_context(connected(behind_a_narrow_line, takes=1024))
            connection.sendall(b"GET /en/evidence HTTP/1.1\r\nHost: %s\r\n\r\n" % NAME.encode())
        assert max(seconds_for(behind_a_narrow_line) for _ in range(4)) < 5


def test_however_many_wait_for_paper_the_quiz_is_there(tmp_path: Path) -> None:
    """One web process, room for a thousand in its queue, and a printing process that hangs."""
    settings = {"WEB_PROCESSES": "1", "QUIZAPP_PRINT_QUEUE": "1000", "QUIZAPP_PRINT_SECONDS": "10"}
    body = urlencode({**FAMILY, "do": "pdf"}, doseq=True)
    head = f"POST /en/agreement HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: {len(body)}\r\n"
    asked = f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}"
    with serving(tmp_path, **settings) as address, ExitStack() as held:
        held.enter_context(hanging_printers())
        for _ in range(40):
            held.enter_context(connected(address)).sendall(asked.encode())
        assert max(seconds_for(address) for _ in range(4)) < 5


@contextmanager
def hanging_printers() -> Iterator[None]:
    processes: list[psutil.Process] = []
    while not processes:
        processes = [one for one in psutil.Process().children(recursive=True) if kind_of_gunicorn(one) == PRINTING]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            process.resume()


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that waits a second where the shipped one waits half a minute."""
    folder = tmp_path_factory.mktemp("impatient")
    config = folder / "gunicorn.conf.py"
    shipped = (DEPLOY / "gunicorn.conf.py").read_text(encoding="utf-8")
    config.write_text(f"{shipped}\nfrom deploy import whole_requests\nwhole_requests.ARRIVES_IN = 1\n")
    with serving(folder, str(config)) as address:
        yield address


@pytest.mark.parametrize("kind", SLOW)
def test_a_slow_visitor_is_let_go(impatient: str, kind: str) -> None:
    with connected(impatient) as connection, dripping([connection]):
        connection.sendall(SLOW[kind])
        with suppress(ConnectionResetError):
            assert connection.recv(1) == b""


def answer_to(address: str, request: bytes) -> bytes:
    with connected(address) as connection:
        connection.sendall(request)
        return connection.recv(65536)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 5000), b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n%s\r\n" % (b"A: b\r\n" * 100), b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: %s\r\n\r\n" % (b"a" * 9000), b"431"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 70_000, b"431"),
        (b"POST /en/quiz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", b"411"),
        (b"POST /en/quiz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\na", b"413"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"POST /en/quiz HTTP/1.1\r\nHost: x\r\nContent-Length: %s\r\n\r\n" % b"5".zfill(30), b"400"),
        (b"POST /en/quiz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n", b"400"),
    ],
    ids=[
        "long address",
        "fields",
        "long field",
        "endless",
        "no length",
        "large",
        "nonsense",
        "odd length",
        "two lengths",
    ],
)
def test_what_is_too_much_is_refused_by_its_head(served: str, request_: bytes, status: bytes) -> None:
    assert answer_to(served, request_).startswith(b"HTTP/1.1 " + status)


def test_requests_that_come_together_or_in_pieces_are_all_answered(served: str) -> None:
    asked = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with connected(served) as connection:
        for piece in (asked * 2 + asked[:9], asked[9:] + asked[:-1], asked[-1:]):
            connection.sendall(piece)
            time.sleep(0.2)
        found = b""
        while found.count(b"ok\n") < 4:
            found += connection.recv(65536)


def test_a_machine_of_ones_own_is_no_proxy_that_is_believed(served: str) -> None:
    asked = HTTPConnection(served.removeprefix("http://"), timeout=60)
    asked.request("GET", "/en/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on"})
    assert asked.getresponse().headers["Strict-Transport-Security"] is None
    asked.close()


@pytest.mark.parametrize(
    ("received", "length"),
    [
        (b"", None),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", None),
        (b"GET / HTTP/1.1\r\n\r\n", 18),
        (b"GET / HTTP/1.1\r\n\r\nmore", 18),
        (b"POST / HTTP/1.1\r\nCONTENT-LENGTH:  12 \r\n\r\n", 53),
        (b"POST / HTTP/1.1\r\nX-Content-Length: 12\r\n\r\n", 41),
        (b"POST / HTTP/1.1\r\nContent-Length: twelve\r\n\r\n", 43),
        (b"GET / HTTP/1.1\r\nA: b\r\n\r\nContent-Length: 9\r\n\r\n", 24),
    ],
)
def test_the_head_tells_how_long_a_request_is(received: bytes, length: int | None) -> None:
    assert whole_requests.length_of(received) == length


# nginx in front of it


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    settings = {"QUIZAPP_PROXIES": "1", "QUIZAPP_HOSTS": NAME, "QUIZAPP_LINKS_PER_HOUR": "1"}
    with (
        serving(tmp_path_factory.mktemp("behind"), **settings) as upstream,
        nginx(tmp_path_factory.mktemp("front"), upstream) as front,
    ):
        yield front


def upload(size: int) -> dict[str, Any]:
    head = b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return {"form": head + b"a" * size + b"\r\n--xx--\r\n", "kind": "multipart/form-data; boundary=xx"}


@pytest.mark.parametrize(("size", "status"), [(1_900_000, 422), (10_000_000, 413), (30_000_000, 413)])
def test_a_large_file_gets_an_answer_of_our_own_and_touches_no_disk(front: Nginx, size: int, status: int) -> None:
    response, text = front.ask("/en/agreement/open", **upload(size))
    assert response.status == status
    assert "<h1>" in text
    assert "temporary file" not in front.log()


@contextmanager
def visitors(browser: Browser, front: Nginx) -> Iterator[Callable[..., Page]]:
    """A new one at each call, for whom nginx is the site of that name."""
    own = browser.browser_type.launch(executable_path=CHROMIUM, args=[*CHROMIUM_OPTIONS, *front.for_chromium])
    yield partial(own.new_page, base_url=f"https://{NAME}")
    own.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_was_typed_is_there_again_when_the_application_was_away(
    browser: Browser, tmp_path: Path, script: bool
) -> None:
    with ExitStack() as stays:
        with serving(tmp_path / "behind", QUIZAPP_PROXIES="1", QUIZAPP_HOSTS=NAME) as upstream:
            front = stays.enter_context(nginx(tmp_path, upstream))
            visitor = stays.enter_context(visitors(browser, front))
            family, larger, minute = (visitor(java_script_enabled=script) for _ in range(3))
            family.goto("/en/agreement")
            family.get_by_label("Family name").fill("Rivera")
            larger.goto("/en/agreement")
            larger.get_by_role("button", name="Add a child").click()
            larger.get_by_label("First name or nickname").nth(1).fill("Mia")
            minute.goto("/en/quiz")
        family.get_by_role("button", name="Download the PDF").click()
        larger.get_by_role("button", name="Show our agreement").click()
        (minute_by_tap if script else minute_by_form)(minute)
        for page in (family, larger, minute):
            expect(page.get_by_role("heading", name="Please try again in a minute")).to_be_visible()
            page.go_back()
        expect(family.get_by_label("Family name")).to_have_value("Rivera")
        expect(larger.get_by_label("First name or nickname").nth(1)).to_have_value("Mia")
        assert minute.locator("input:checked").count() == len(ANSWERS)


@pytest.mark.parametrize(("colours", "paper"), [("light", "rgb(251, 247, 240)"), ("dark", "rgb(21, 32, 37)")])
def test_the_page_that_says_so_has_our_colours_and_is_sound(
    browser: Browser, tmp_path: Path, nu: NuChecker, colours: str, paper: str
) -> None:
    with (
        nginx(tmp_path, f"http://127.0.0.1:{free_port()}") as front,
        visitors(browser, front) as visitor,
    ):
        page = visitor(viewport=PHONE, color_scheme=colours)
        answer = page.goto("/en/quiz")
        assert answer
        assert nu.problems(answer.text()) == []
        assert "nginx" not in answer.text()
        expect(page.locator("html")).to_have_css("background-color", paper)
        looks_right(page)
    assert answer.status == 502
    assert answer.headers["retry-after"] == "15"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_paper_comes_through_and_touches_no_disk(front: Nginx) -> None:
    response, text = front.ask("/en/agreement/blank/8-10.pdf")
    assert response.status == 200
    assert text.startswith("%PDF")
    assert "temporary file" not in front.log()


@pytest.mark.parametrize("kind", ["head", "body", "large body"])
def test_slow_visitors_stop_nobody_behind_nginx(front: Nginx, kind: str) -> None:
    with ExitStack() as held:
        connections = [held.enter_context(front.connection("127.0.0.2")) for _ in range(150)]
        for connection in connections:
            connection.sendall(SLOW[kind])
        with dripping([*connections]):
            began = time.monotonic()
            assert front.ask("/en/quiz")[0].status == 200
    assert time.monotonic() - began < 10


def test_what_a_visitor_says_of_its_own_address_is_not_believed(front: Nginx) -> None:
    link = b"name=Hill+School&town=Springfield&languages=en"
    told = [front.ask("/en/schools", link, X_Forwarded_For=f"198.51.100.{n}")[0].status for n in (1, 2)]
    other = front.ask("/en/schools", link, address="127.0.0.3")[0].status
    assert [*told, other] == [200, 429, 200], "one link an hour from one network, whatever it calls itself"


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_is_for_the_operator_is_not_shown_outside(front: Nginx, path: str) -> None:
    response, text = front.ask(path)
    assert response.status == 404
    assert "nginx" in text, "it never reaches the application"


def test_a_visitor_by_tls_is_told_to_stay_with_it(front: Nginx) -> None:
    response, _text = front.ask("/en/")
    assert response.headers.get_all("Strict-Transport-Security") == ["max-age=63072000"]


def test_the_frame_of_a_school_keeps_the_headers_of_the_application(front: Nginx) -> None:
    response, _text = front.ask("/en/s/22222222/embed")
    assert response.headers.get_all("X-Frame-Options") is None
    assert len(response.headers.get_all("Content-Security-Policy") or []) == 1


def test_another_name_gets_no_answer(front: Nginx) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        front.connection(name="evil.example")


def test_a_quiz_goes_through_to_its_result(front: Nginx) -> None:
    response, _text = front.ask("/en/quiz", "&".join(f"{name}={value}" for name, value in ANSWERS.items()).encode())
    assert response.status == 303
    assert response.headers["Location"].startswith("/en/result/")


def test_no_line_of_nginx_tells_of_a_visitor(front: Nginx) -> None:
    front.ask("/en/result/some-sealed-part")
    assert "sealed-part" not in front.log()
    assert [path.name for path in front.folder.rglob("*.log")] == []
