"""Reading a file from outside: what is none of ours is told apart, in a process with limits, and harms no other."""

import logging
import os
import resource
import socket
from collections.abc import Callable, Iterator

import pytest
from pypdf import PdfReader

from quizapp.printing import Failed, Overdue, job, savefile
from quizapp.printing.attachment import attached
from quizapp.printing.pool import Workers
from tests.test_pool import AMPLE, NEVER, SHORT, hang
from tests.tools import files

DATA = b'{"format": 1}'
OURS = files.pdf_with(DATA)
LIMIT = 512 * 1024**2


def begin() -> None:
    """As the product does; named here so that this module is loaded before no file can be opened any more."""
    job.begin_reading()


def reading(work: Callable[[bytes], bytes] = job.read_pdf, *, seconds: float = AMPLE, recycle: int = NEVER) -> Workers:
    return Workers(work, begin, processes=1, queue=0, seconds=seconds, wait=AMPLE, recycle=recycle)


@pytest.fixture(scope="module")
def reader() -> Iterator[Workers]:
    """A process as the product has it, with time for a busy machine."""
    reader = reading()
    yield reader
    reader.close()


# What the processes do instead of reading. What they are given tells them how.


def tell_limits(pdf: bytes) -> bytes:
    return f"{resource.getrlimit(resource.RLIMIT_AS)} {job.reader.cache_info().currsize}".encode()


def reach_out(pdf: bytes) -> bytes:
    """What could be done with a file, by whoever found a way to do something."""
    tried: list[Callable[[], object]] = [
        lambda: open("/proc/self/environ"),  # noqa: SIM115 - it is not opened
        lambda: open("quizapp.txt", "w"),  # noqa: SIM115 - as above
        socket.socket,
        os.pipe,
        lambda: os.environ["QUIZAPP_SECRET_KEY"],
    ]
    return b" ".join(_done(one) for one in tried)


def _done(one: Callable[[], object]) -> bytes:
    try:
        one()
    except (OSError, KeyError) as error:
        return type(error).__name__.encode()
    return b"done"


def take_memory(pdf: bytes) -> bytes:
    return bytes(LIMIT) if pdf == b"much" else b"little"


def hang_over(pdf: bytes) -> bytes:
    return hang() if pdf == b"slow" else job.read_pdf(pdf)


def say_so(pdf: bytes) -> bytes:
    """Reads as the product does, where pypdf has something to say."""
    logging.getLogger("pypdf._reader").error("something about a family")
    return job.read_pdf(pdf)


def test_our_data_come_out_as_they_went_in(reader: Workers) -> None:
    assert reader.run(OURS) == DATA


def test_as_much_as_a_family_can_type_is_read_and_not_a_byte_more() -> None:
    assert len(attached(files.pdf_packing(b"x" * savefile.MOST_BYTES))) == savefile.MOST_BYTES
    with pytest.raises(Failed):
        attached(files.pdf_packing(b"x" * (savefile.MOST_BYTES + 1)))


@pytest.mark.parametrize("name", ["FAMILY-AGREEMENT.JSON", "family-agreement.json.txt", "a/family-agreement.json", ""])
def test_an_attachment_of_nearly_our_name_is_not_ours(name: str) -> None:
    with pytest.raises(Failed):
        attached(files.attaching(files.stream(DATA), name))


@pytest.mark.parametrize("make", files.ODD.values(), ids=files.ODD)
def test_a_file_that_is_not_ours_is_refused_and_the_next_one_is_read(
    reader: Workers, make: Callable[[], bytes]
) -> None:
    odd = make()
    assert len(odd) < 2 * 1024**2
    with pytest.raises(Failed):
        reader.run(odd)
    assert reader.run(OURS) == DATA


def test_a_password_that_is_none_is_no_hindrance() -> None:
    assert attached(files.encrypted(DATA, "")) == DATA


def test_a_reading_process_has_its_limit_and_its_library_before_the_first_file() -> None:
    telling = reading(tell_limits)
    told = telling.run(b"")
    telling.close()
    assert told == f"{(LIMIT, LIMIT)} 1".encode()


def test_a_reading_process_reaches_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_SECRET_KEY", "a key of the tests that is long enough")
    reaching = reading(reach_out)
    assert reaching.run(b"") == b"OSError OSError OSError OSError KeyError"
    reaching.close()


@pytest.mark.parametrize(
    "pdf",
    [
        pytest.param(OURS, id="plain"),
        pytest.param(files.pdf_packing(DATA), id="packed"),
        pytest.param(files.encrypted(DATA, ""), id="a password that is none"),
    ],
)
def test_a_process_that_reaches_nothing_reads_all_that_is_ours(reader: Workers, pdf: bytes) -> None:
    assert reader.run(pdf) == DATA


def test_who_takes_more_memory_than_there_is_gets_none_and_the_next_one_works() -> None:
    taking = reading(take_memory)
    with pytest.raises(Failed) as told:
        taking.run(b"much")
    assert isinstance(told.value.__cause__, MemoryError)
    assert taking.run(b"a bit") == b"little"
    taking.close()


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = reading(hang_over)
    assert slow.run(OURS) == DATA
    monkeypatch.setattr(slow, "_seconds", SHORT)
    with pytest.raises(Overdue):
        slow.run(b"slow")
    monkeypatch.setattr(slow, "_seconds", AMPLE)
    assert slow.run(OURS) == DATA
    slow.close()


def test_a_reading_process_says_nothing_whatever_it_reads(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    silent = reading(say_so)
    for make in files.ODD.values():
        with pytest.raises(Failed):
            silent.run(make())
    silent.close()
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_a_file_of_ours_is_a_pdf_that_others_read_as_well() -> None:
    assert PdfReader(files.BytesIO(OURS)).attachments[files.NAME] == [DATA]
    assert files.NAME == savefile.NAME
