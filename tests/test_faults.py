"""One part after the other breaks under visitors, and none of them loses a form or meets a fault. Real servers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any

import pytest

from bench import faults, faults_hostile
from bench.faults import BY_ITSELF, BY_WORKERS, DISKS, Fault, Met, Scale
from bench.faults_site import Site, by_itself, by_workers
from bench.faults_visitor import BROKEN, Saw

# What tests of their own show: test_deploy.py and test_limits.py.
ELSEWHERE = {"visitors send the head of a request a byte a second", "the Redis that counts links freezes"}
HERE = [fault for fault in BY_ITSELF if fault.name not in ELSEWHERE]
SMALL = Scale(seconds=2, times=2, slow=100, gone=20, requests=1000)
named: Mapping[str, Any] = {"ids": lambda fault: fault.name}
# That it is as ever again is shown here, with all the time that a busy machine takes; how soon, by `make faults`.
PATIENCE = 1000


@pytest.fixture(scope="module")
def itself() -> Iterator[Site]:
    with by_itself() as site:
        yield site


@pytest.fixture(scope="module")
def workers() -> Iterator[Site]:
    with by_workers() as site:
        yield site


@pytest.mark.parametrize("fault", HERE, **named)
def test_a_site_that_prints_by_itself_survives(itself: Site, fault: Fault) -> None:
    assert faults.measured(fault, itself, SMALL).problems(PATIENCE) == []


@pytest.mark.parametrize("fault", BY_WORKERS, **named)
def test_a_site_with_workers_survives(workers: Site, fault: Fault) -> None:
    assert faults.measured(fault, workers, SMALL).problems(PATIENCE) == []


@pytest.mark.parametrize(
    ("kept", "fault"),
    [pytest.param(kept, fault, id=fault.name) for kept, faults_ in DISKS.items() for fault in faults_],
)
def test_a_site_that_can_write_nothing_survives(kept: Callable[[], AbstractContextManager[Site]], fault: Fault) -> None:
    with kept() as site:
        assert faults.measured(fault, site, SMALL).problems(PATIENCE) == []


def met(saw: Saw, **more: Any) -> Met:
    return Met("a fault", saw, more.pop("hostile", {}), more.pop("seconds", 1.0), more.pop("counted", 0), **more)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (met(Saw()), []),
        (met(Saw({"answered 500": 1})), ["visitors: answered 500"]),  # type: ignore[arg-type]  # any counts will do
        (met(Saw({BROKEN: 1})), [f"visitors: {BROKEN}"]),  # type: ignore[arg-type]  # as above
        (met(Saw({BROKEN: 1}), allowed=frozenset({BROKEN})), []),  # type: ignore[arg-type]  # as above
        (met(Saw(), hostile={"404": 9, "500": 1}), ["hostile visitors: 500"]),
        (met(Saw(), seconds=5.1), ["as ever only after 5.1 s"]),
        (met(Saw(), seconds=5.1, usual=0.2), []),
        (met(Saw(lost=1)), ["forms lost: 1"]),
        (met(Saw(finished=3), counted=2), ["quizzes not counted: 1"]),
    ],
)
def test_what_should_not_have_been_is_found(found: Met, said: list[str]) -> None:
    assert found.problems() == said


def test_hostile_requests_are_the_same_for_the_same_seed() -> None:
    one, same, other = (list(faults_hostile.requests(60, ["/", "/en/<>"], seed)) for seed in (1, 1, 2))
    assert one == same != other


def test_the_table_has_a_row_for_each_fault_and_tells_what_went_wrong() -> None:
    written = faults.whole("a machine", [met(Saw(lost=1), seconds=2.0)])
    assert "| a fault | | 2.0 (usual 0.0) | 1 | 0 of 0 |" in written
    assert "Not as it should be, when a fault: forms lost: 1." in written


def test_the_table_that_is_written_down_names_every_fault_that_is_tried() -> None:
    rows = [line.split(" | ")[0] for line in faults.FILE.read_text(encoding="utf-8").splitlines()]
    tried = [*BY_ITSELF, *BY_WORKERS, *(fault for faults_ in DISKS.values() for fault in faults_)]
    assert {f"| {fault.name}" for fault in tried} <= {*rows}
