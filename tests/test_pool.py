"""The printing processes: one that dies or hangs is replaced, and whoever waits is never left waiting."""

import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import psutil
import pytest

from quizapp.printing import Busy, Failed, Overdue, job
from quizapp.printing.pool import NO_LIMIT, Workers

# Seconds that no job here takes, and that one which hangs is given.
AMPLE, SHORT = 120, 1
NEVER = 1_000_000


# What the processes do instead of printing. What they are given to print tells them how.


def name_process(html: str) -> bytes:
    return str(os.getpid()).encode()


def grow_and_name_process(html: str) -> bytes:
    bytearray(200 * 1024 * 1024)
    return name_process(html)


def die(html: str) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("the process has ended")


def die_at_once() -> None:
    die("")


def die_first(html: str) -> bytes:
    """Dies in the middle of its first job; `html` names the file that remembers it."""
    return name_process(html) if forget(Path(html)) else die(html)


def forget(marker: Path) -> bool:
    """Whether the marker was there before. It is, from now on."""
    was_there = marker.exists()
    marker.touch()
    return was_there


def hang_if_asked(html: str) -> bytes:
    return hang() if html == "hang" else name_process(html)


def hang() -> bytes:
    Event().wait()
    raise AssertionError("nobody sets it")


def wait_at_gate(html: str) -> bytes:
    """Waits until nobody holds the lock of the file that `html` names."""
    with Path(html).open() as gate:
        fcntl.flock(gate, fcntl.LOCK_SH)
    return b"through the gate"


def name_process_behind_gate(html: str) -> bytes:
    if html:
        wait_at_gate(html)
    return name_process(html)


def announce_and_wait_at_gate(html: str) -> bytes:
    Path(f"{html}.begun").write_bytes(b"begun")
    return wait_at_gate(html)


def ask_for_a_stranger(html: str) -> bytes:
    return job.print_html('<img src="file:///etc/passwd" alt=""/>')


def fail(html: str) -> bytes:
    raise ZeroDivisionError(html)


def import_and_tell(html: str) -> bytes:
    job.print_html(html)
    return f"{os.nice(0)} {'weasyprint' in sys.modules}".encode()


Make = Callable[..., Workers]


def workers(
    work: Callable[..., bytes],
    *,
    processes: int = 1,
    queue: int = 0,
    recycle: int = NEVER,
    memory: int = NO_LIMIT,
    begin: Callable[[], None] = job.begin_printing,
) -> Workers:
    return Workers(
        work, begin, processes=processes, queue=queue, seconds=AMPLE, wait=AMPLE, recycle=recycle, memory=memory
    )


@pytest.fixture
def printer() -> Iterator[Make]:
    """Makes printers with real processes, and ends them after the test."""
    made: list[Workers] = []

    def make(work: Callable[..., bytes], queue: int = 8, **more: Any) -> Workers:
        made.append(workers(work, queue=queue, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


@contextmanager
def closed_gate(path: Path) -> Iterator[str]:
    """A gate that jobs wait at for as long as this lasts."""
    with path.open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield str(path)


def pid_of(printer: Workers) -> int:
    """The process of a printer whose work is to name it."""
    return int(printer.run(""))


def printing_processes() -> set[psutil.Process]:
    """The processes that this one has spawned, those of other printers among them."""
    children = psutil.Process().children()
    return {
        child for child in children if child.status() != psutil.STATUS_ZOMBIE and "spawn_main" in str(child.cmdline())
    }


def wait_for_end(process: psutil.Process) -> None:
    """Until it has ended. Its printer asks how it ended, and nobody else may."""
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            continue


def test_a_sheet_comes_back_as_a_pdf() -> None:
    printer = workers(job.print_html)
    pdf = printer.run('<!doctype html><html lang="en"><title>a</title><h1>a</h1></html>')
    printer.close()
    assert pdf.startswith(b"%PDF-1.7")


def test_printing_happens_in_another_process_that_gives_way_to_pages(printer: Make) -> None:
    niceness, has_library = printer(import_and_tell).run("<title>a</title>").decode().split()
    assert int(niceness) > os.nice(0)
    assert has_library == "True"
    assert pid_of(printer(name_process)) != os.getpid()


def test_a_warm_printer_prints_in_the_process_it_has_begun(printer: Make) -> None:
    warm = printer(name_process)
    warm.warm_up("")
    assert pid_of(warm) in {process.pid for process in psutil.Process().children()}


def test_a_job_whose_process_died_is_done_again(printer: Make, tmp_path: Path) -> None:
    again = printer(die_first)
    assert int(again.run(str(tmp_path / "died"))) > 0
    assert int(again.run(str(tmp_path / "died"))) > 0, "the next one never notices"


def test_a_job_is_given_up_when_its_process_dies_twice(printer: Make) -> None:
    with pytest.raises(Failed):
        printer(die).run("")


def test_a_job_is_given_up_when_no_process_can_begin(printer: Make) -> None:
    with pytest.raises(Failed):
        printer(name_process, begin=die_at_once).run("")


def test_the_next_job_never_notices_that_one_was_given_up(printer: Make, tmp_path: Path) -> None:
    recovering = printer(die_first)
    for name in ("one", "two"):
        assert int(recovering.run(str(tmp_path / name))) > 0


def test_a_process_that_dies_while_it_has_nothing_to_do_is_replaced(printer: Make) -> None:
    killed = printer(name_process)
    for _ in range(2):
        process = psutil.Process(pid_of(killed))
        process.kill()
        wait_for_end(process)
        assert pid_of(killed) != process.pid


def test_a_job_over_its_deadline_is_ended_and_the_next_one_works(
    printer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = printer(hang_if_asked)
    process = psutil.Process(pid_of(slow))
    monkeypatch.setattr(slow, "_seconds", SHORT)
    with pytest.raises(Overdue):
        slow.run("hang")
    monkeypatch.setattr(slow, "_seconds", AMPLE)
    assert pid_of(slow) != process.pid
    assert not process.is_running()


def test_whoever_waits_long_enough_is_told_to_come_back_and_no_process_is_lost(
    printer: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = printer(name_process_behind_gate)
    process = pid_of(slow)
    monkeypatch.setattr(slow, "_wait", SHORT)
    with closed_gate(tmp_path / "gate") as gate, pytest.raises(Busy) as told:
        slow.run(gate)
    monkeypatch.setattr(slow, "_wait", AMPLE)
    assert told.type is Busy
    assert pid_of(slow) == process


def test_jobs_that_nobody_waits_for_any_more_are_passed_over_and_end_no_process(
    printer: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = printer(name_process_behind_gate)
    process = pid_of(slow)
    with ThreadPoolExecutor(3) as families, closed_gate(tmp_path / "gate") as gate:
        first = families.submit(slow.run, gate)
        sleep(SHORT / 2)
        monkeypatch.setattr(slow, "_wait", SHORT)
        others = [families.submit(slow.run, "") for _ in range(2)]
        sleep(SHORT / 2)
        slow._ended += 1  # another job that came to an end meanwhile
        assert {type(job.exception()) for job in others} == {Busy}
    monkeypatch.setattr(slow, "_wait", AMPLE)
    assert [int(first.result()), *(pid_of(slow) for _ in range(3))] == [process] * 4


def test_who_has_no_time_to_wait_is_told_at_once() -> None:
    printer = Workers(name_process, job.begin_printing, processes=1, queue=0, seconds=AMPLE, wait=0, recycle=NEVER)
    with pytest.raises(Busy):
        printer.run("")
    printer.close()


@contextmanager
def stuck(printer: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    """A printer whose process takes no job; it has another one in the end."""
    there = printer(name_process)
    process = psutil.Process(pid_of(there))
    process.suspend()
    monkeypatch.setattr(there, "_wait", SHORT)
    yield there
    monkeypatch.setattr(there, "_wait", AMPLE)
    assert pid_of(there) != process.pid
    assert not process.is_running()


def test_a_process_that_takes_no_job_any_more_is_replaced(printer: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    with stuck(printer, monkeypatch) as there, pytest.raises(Busy):
        there.run("")


def test_a_process_that_takes_no_job_is_replaced_although_somebody_gives_up_all_the_time(
    printer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stuck(printer, monkeypatch) as there:
        with ThreadPoolExecutor(2) as families:
            asked = [families.submit(there.run, "")]
            sleep(SHORT / 2)
            there._ended += 1  # a job that the process did before it got stuck
            asked.append(families.submit(there.run, ""))
        assert {type(job.exception()) for job in asked} == {Busy}


def test_several_who_find_that_no_process_takes_a_job_all_hear_of_it_in_the_same_way(
    printer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stuck(printer, monkeypatch) as there:
        with ThreadPoolExecutor(4) as families:
            asked = [families.submit(there.run, "") for _ in range(4)]
        assert {type(job.exception()) for job in asked} == {Busy}


def test_a_process_that_is_slow_to_begin_is_waited_for(printer: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    starting = printer(name_process)
    pool = starting._pool
    monkeypatch.setattr(starting, "_wait", 0.01)
    with pytest.raises(Busy):
        starting.run("")
    assert starting._pool is pool
    monkeypatch.setattr(starting, "_wait", AMPLE)
    assert pid_of(starting)


def test_who_comes_when_the_queue_is_full_is_told_at_once(printer: Make, tmp_path: Path) -> None:
    full = printer(wait_at_gate, queue=1)
    with ThreadPoolExecutor(3) as visitors:
        with closed_gate(tmp_path / "gate") as gate:
            jobs = [visitors.submit(full.run, gate) for _ in range(3)]
            (told,), waiting = wait(jobs, return_when=FIRST_COMPLETED)
            assert isinstance(told.exception(), Busy)
        assert [job.result() for job in waiting] == [b"through the gate"] * 2


def test_a_place_in_the_queue_is_free_again_after_each_job(
    printer: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = printer(hang_if_asked, queue=0)
    first = pid_of(only)
    monkeypatch.setattr(only, "_seconds", SHORT)
    for _ in range(2):
        with pytest.raises(Busy):
            only.run("hang")
    monkeypatch.setattr(only, "_seconds", AMPLE)
    assert pid_of(only) != first


def test_a_place_is_free_again_after_a_process_died_twice(printer: Make) -> None:
    only = printer(die, queue=0)
    for _ in range(2):
        with pytest.raises(Failed):
            only.run("")


def test_a_process_is_replaced_after_so_many_jobs(printer: Make) -> None:
    recycling = printer(name_process, recycle=2)
    first, second, third = (pid_of(recycling) for _ in range(3))
    assert first == second != third


def test_a_process_that_has_grown_too_large_takes_no_other_job(printer: Make) -> None:
    lean = printer(grow_and_name_process, memory=150)
    first, second = pid_of(lean), pid_of(lean)
    assert first != second


def test_a_job_is_done_even_when_every_process_is_large_from_the_start(printer: Make) -> None:
    assert printer(name_process, memory=1).run("")


@pytest.mark.parametrize("work", [ask_for_a_stranger, fail])
def test_a_sheet_that_cannot_be_printed_says_so_and_harms_no_other(printer: Make, work: Callable[[str], bytes]) -> None:
    failing = printer(work, queue=0)
    for _ in range(2):
        with pytest.raises(Failed):
            failing.run("")


def test_closing_leaves_no_process_behind() -> None:
    before = printing_processes()
    printer = workers(name_process, processes=2)
    assert pid_of(printer) in {process.pid for process in printing_processes() - before}
    printer.close()
    assert not printing_processes() - before


def test_closing_leaves_no_process_of_a_pool_that_was_replaced() -> None:
    before = printing_processes()
    printer = workers(name_process, processes=2)
    process = psutil.Process(pid_of(printer))
    process.kill()
    wait_for_end(process)
    assert pid_of(printer) != process.pid
    printer.close()
    assert not printing_processes() - before


def test_a_closed_printer_begins_no_process() -> None:
    before = printing_processes()
    printer = workers(name_process)
    printer.close()
    with pytest.raises((Busy, Failed)):
        printer.run("")
    assert not printing_processes() - before


def test_closing_a_printer_that_never_printed_is_no_trouble() -> None:
    workers(job.print_html).close()


def test_closing_lets_a_job_in_hand_finish(tmp_path: Path) -> None:
    printer = workers(announce_and_wait_at_gate)
    begun = tmp_path / "gate.begun"
    os.mkfifo(begun)
    with ThreadPoolExecutor(2) as visitors:
        with closed_gate(tmp_path / "gate") as gate:
            job = visitors.submit(printer.run, gate)
            begun.read_bytes()  # waits until the job has begun
            closing = visitors.submit(printer.close)
        assert job.result() == b"through the gate"
        closing.result()
