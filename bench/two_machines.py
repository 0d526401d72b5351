"""`python -m bench.two_machines`: the web, Redis and two Celery workers as on machines of their own, which lose touch.

Each has a network of its own (a namespace of Linux), and a cable to one switch, which stands in a fifth: nothing of the
machine's own networks is touched. Families ask for PDFs all the time. First the cable of one worker is pulled, then,
when that is over, the one of Redis. Whoever is refused presses the button of the page that came. Needs root and `ip`.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from math import inf

from bench.arrivals import share
from bench.rush_visitor import Paper, presses
from bench.server import ADDRESS, COMMAND, ROOT
from bench.table import HEAD, Figure, machine, table

SWITCH, WEB, REDIS, WORKERS = "quiz-switch", "quiz-web", "quiz-redis", ("quiz-worker1", "quiz-worker2")
NETWORK = "10.77.0."
HOSTS = {WEB: 1, REDIS: 2, WORKERS[0]: 3, WORKERS[1]: 4}
PORTS = {"web": 8000, "redis": 6379}
SECRET = "a secret of this benchmark that is long enough"  # noqa: S105 - it guards nothing
FAMILIES = 6
START_SECONDS = 60
STOP_SECONDS = 60
# What happens, and how many seconds after the first family pressed the button.
CUT, MENDED, REDIS_CUT, REDIS_MENDED, END = 15, 55, 65, 75, 105
PHASES = {
    "both workers": (0, CUT),
    "a worker cut off": (CUT, MENDED),
    "both again": (MENDED, REDIS_CUT),
    "Redis cut off": (REDIS_CUT, REDIS_MENDED),
    "Redis back": (REDIS_MENDED, inf),
}


def main() -> None:
    if sys.argv[1:] == ["families"]:
        print(json.dumps(_families()))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what we started is ended, too
    if os.getuid():
        sys.exit("Networks of their own need root.")
    print(machine(), flush=True)
    papers, failures = _measured()
    head = ("PDFs pressed for", "asked for", "had", "refusals", "median s", "longest s")
    print(table([head, *(_phase(name, papers, *times) for name, times in PHASES.items())]), "\n")
    print(table([HEAD, *(figure.cells() for figure in _figures(papers, failures))]))


def _figures(papers: Sequence[Paper], failures: Sequence[object]) -> Iterator[Figure]:
    lost = sum(paper.lost for paper in papers)
    missing = sum(not paper.had for paper in papers)
    refused = sum(paper.refused > 0 for paper in papers)
    yield Figure("PDFs asked for", f"{len(papers)}")
    yield Figure("families who were refused, and had their PDF in the end", f"{refused - missing}")
    yield Figure("PDFs that never came", f"{missing}", "0", missing == 0)
    yield Figure("pages that lost a field of the form", f"{lost}", "0", lost == 0)
    yield Figure("other failures", f"{len(failures)}", "0", not failures)


def _phase(name: str, papers: Sequence[Paper], begins: float, ends: float) -> tuple[str, ...]:
    here = [paper for paper in papers if begins <= paper.at < ends]
    seconds = [paper.seconds for paper in here]
    had, refusals = sum(paper.had for paper in here), sum(paper.refused for paper in here)
    median, longest = share(seconds, 0.5), max(seconds, default=0)
    return name, f"{len(here)}", f"{had}", f"{refusals}", f"{median:.2f}", f"{longest:.1f}"


def _measured() -> tuple[list[Paper], list[object]]:
    with ExitStack() as stack:
        stack.enter_context(_networks())
        redis = f"redis://{NETWORK}{HOSTS[REDIS]}:{PORTS['redis']}"
        keep_nothing = ("--save", "", "--appendonly", "no", "--protected-mode", "no", "--bind", "0.0.0.0")  # noqa: S104 - in its own network
        stack.enter_context(_running(REDIS, ["redis-server", "--port", str(PORTS["redis"]), *keep_nothing]))
        _wait(lambda: _in(WEB, "redis-cli", "-u", redis, "ping"))
        for worker in WORKERS:
            stack.enter_context(_running(worker, [sys.executable, "-m", "quizapp.worker"], BROKER_URL=redis))
        stack.enter_context(_running(WEB, COMMAND, BROKER_URL=redis))
        _wait(lambda: _in(WEB, "bash", "-c", f"exec 3<>/dev/tcp/{ADDRESS}/{PORTS['web']}"))
        return _told(_pulled())


def _pulled() -> dict[str, list[dict[str, object]]]:
    """Families press the button while cables are pulled and put back."""
    command = ["ip", "netns", "exec", WEB, sys.executable, "-m", "bench.two_machines", "families"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as families:
        try:
            began = time.monotonic()
            for at, name, how in (
                (CUT, WORKERS[0], "down"),
                (MENDED, WORKERS[0], "up"),
                (REDIS_CUT, REDIS, "down"),
                (REDIS_MENDED, REDIS, "up"),
            ):
                time.sleep(max(0, began + at - time.monotonic()))
                _ip("-n", SWITCH, "link", "set", name, how)
                print(f"{time.monotonic() - began:5.0f} s: the cable of {name} is {how}", flush=True)
            said, _ = families.communicate()
        finally:
            families.kill()
    found: dict[str, list[dict[str, object]]] = json.loads(said)
    return found


def _families() -> dict[str, list[object]]:
    told = presses((ADDRESS, PORTS["web"]), FAMILIES, END)
    return {
        "papers": [asdict(paper) | {"pdf": ""} for paper in told.papers],
        "failures": [why for _step, why in told.failures],
    }


def _told(said: Mapping[str, list[dict[str, object]]]) -> tuple[list[Paper], list[object]]:
    return [Paper(**paper) for paper in said["papers"]], list(said["failures"])  # type: ignore[arg-type]  # as written


@contextmanager
def _networks() -> Iterator[None]:
    """A switch and a cable for each machine; all of it is gone afterwards, whatever happens."""
    try:
        _ip("netns", "add", SWITCH)
        _ip("-n", SWITCH, "link", "add", "switch", "type", "bridge")
        _ip("-n", SWITCH, "link", "set", "switch", "up")
        for name, number in HOSTS.items():
            _ip("netns", "add", name)
            _ip("-n", SWITCH, "link", "add", name, "type", "veth", "peer", "name", "cable", "netns", name)
            _ip("-n", SWITCH, "link", "set", name, "master", "switch", "up")
            _ip("-n", name, "address", "add", f"{NETWORK}{number}/24", "dev", "cable")
            _ip("-n", name, "link", "set", "cable", "up")
            _ip("-n", name, "link", "set", "lo", "up")
        yield
    finally:
        for name in (*HOSTS, SWITCH):
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def _in(name: str, *command: str) -> bool:
    return subprocess.run(["ip", "netns", "exec", name, *command], capture_output=True).returncode == 0


def _wait(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise RuntimeError("a server did not start; see its own words above")
        time.sleep(0.1)


@contextmanager
def _running(name: str, command: Sequence[str], **settings: str) -> Iterator[None]:
    """A program on one of the machines, with the settings of ours that it needs."""
    given = {f"QUIZAPP_{key}": value for key, value in (settings | {"SECRET_KEY": SECRET}).items()}
    process = subprocess.Popen(
        ["ip", "netns", "exec", name, *command],
        cwd=ROOT,
        env=os.environ | {"PORT": str(PORTS["web"])} | given,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    main()
