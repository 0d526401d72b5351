"""The same rush on paper: a queue model of web processes, their threads and the processes that print (SimPy).

A request takes one of the threads of its web process, and then turns with the others there to be worked on, because
one process of Python works on one request at a time. A press of the button then takes a place in front of the printing
processes, or is refused; it keeps its thread until the PDF is there. A machine that is too small shows in the times
that are put in: they are those of the loaded machine.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import simpy

from bench.arrivals import Step, Visitor

# Seconds after which a server closes a connection that nobody uses (deploy/gunicorn.conf.py).
KEEP_ALIVE = 5

Events = Generator[simpy.Event, Any, Any]


@dataclass(frozen=True)
class Parameters:
    """Times in seconds. `web` is what a web process works on a step, `prints` what single PDFs take to print."""

    web_processes: int
    threads: int
    printing: int
    queue: int
    deadline: float
    retry: float
    web: Mapping[Step, float]
    refusal: float
    prints: Sequence[float]


@dataclass
class Modelled:
    """`waits`: seconds from the first press to the PDF. `ends`: when each PDF was there. `quiz`: seconds of pages."""

    waits: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    quiz: list[float] = field(default_factory=list)
    refusals: int = 0
    refused: int = 0


class _Web:
    """One web process with the processes that print for it."""

    def __init__(self, world: simpy.Environment, given: Parameters) -> None:
        self.threads = simpy.Resource(world, given.threads)
        self.work = simpy.Resource(world, 1)
        self.places = given.printing + given.queue
        self.taken = 0
        self.printing = simpy.Resource(world, given.printing)


def run(given: Parameters, visitors: Sequence[Visitor], seed: int = 1) -> Modelled:
    """The same visitors at the same moments."""
    world, random, told = simpy.Environment(), Random(seed), Modelled()
    webs = [_Web(world, given) for _ in range(given.web_processes)]
    for visitor in visitors:
        world.process(_visit(world, given, webs, visitor, random, told))
    world.run()
    return told


def _visit(
    world: simpy.Environment,
    given: Parameters,
    webs: Sequence[_Web],
    visitor: Visitor,
    random: Random,
    told: Modelled,
) -> Events:
    yield world.timeout(visitor.at)
    web, idle = random.choice(webs), 0.0
    for step, think in zip(visitor.steps, visitor.thinks, strict=False):
        if idle > KEEP_ALIVE:
            web = random.choice(webs)
        began = world.now
        if step is Step.PAPER:
            yield from _paper(world, given, webs, web, random, told)
        else:
            yield from _page(world, given, web, step)
            told.quiz.append(world.now - began)
        yield world.timeout(think)
        idle = think


def _page(world: simpy.Environment, given: Parameters, web: _Web, step: Step) -> Events:
    with web.threads.request() as thread:
        yield thread
        yield from _work(world, web, given.web[step])


def _work(world: simpy.Environment, web: _Web, seconds: float) -> Events:
    with web.work.request() as turn:
        yield turn
        yield world.timeout(seconds)


def _paper(
    world: simpy.Environment, given: Parameters, webs: Sequence[_Web], web: _Web, random: Random, told: Modelled
) -> Events:
    """Pressed again and again until the PDF is there."""
    began, times = world.now, 0
    while not (yield from _pressed(world, given, web, random)):
        told.refusals += 1
        times += 1
        yield world.timeout(given.retry)
        if given.retry > KEEP_ALIVE:
            web = random.choice(webs)
    told.refused += times > 0
    told.waits.append(world.now - began)
    told.ends.append(world.now)


def _pressed(world: simpy.Environment, given: Parameters, web: _Web, random: Random) -> Events:
    """Whether the PDF came."""
    with web.threads.request() as thread:
        yield thread
        yield from _work(world, web, given.web[Step.PAPER])
        had = False
        if web.taken < web.places:
            web.taken += 1
            had = yield from _printed(world, given, web, random)
            web.taken -= 1
        if not had:
            yield from _work(world, web, given.refusal)
        return had


def _printed(world: simpy.Environment, given: Parameters, web: _Web, random: Random) -> Events:
    with web.printing.request() as process:
        late = world.timeout(given.deadline)
        yield process | late
        if not process.triggered:
            return False
        yield world.timeout(random.choice(given.prints))
        return True


def busiest(ends: Sequence[float], seconds: float) -> float:
    """How many a second in the best so many seconds."""
    there = sorted(ends)
    return max((_within(there, first, seconds) for first in there), default=0) / seconds


def _within(there: Sequence[float], first: float, seconds: float) -> int:
    return sum(first <= end < first + seconds for end in there)
