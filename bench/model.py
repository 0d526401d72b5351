"""The same rush on paper: a queue model of web processes, their threads and the processes that print (SimPy).

A request takes one of the threads of its web process, and then turns with the others there to be worked on, because
one process of Python works on one request at a time. A press of the button then takes a place in front of the printing
processes, or is refused; it keeps its thread until the PDF is there. All of them share the processors of the machine,
with those who ask: printing gets what the others leave.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import simpy

from bench.arrivals import Step, Visitor

# Seconds after which a server closes a connection that nobody uses (deploy/gunicorn.conf.py).
KEEP_ALIVE = 5

# Who works first where processors are few; printing processes are nice (quizapp.printing.job).
_FIRST, _LAST = 0, 1

Events = Generator[simpy.Event, Any, Any]


@dataclass(frozen=True)
class Parameters:
    """Times in seconds of a processor. `web` is what a web process works on a step, `prints` what single PDFs take.

    `phone` is what those who ask take for an answer, on the same machine: 0 where they are elsewhere.
    """

    processors: float
    web_processes: int
    threads: int
    printing: int
    queue: int
    deadline: float
    retry: float
    web: Mapping[Step, float]
    refusal: float
    prints: Sequence[float]
    phone: float


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


class _Machine:
    """Everything that the visitors share."""

    def __init__(self, given: Parameters, seed: int) -> None:
        self.world = simpy.Environment()
        self.random = Random(seed)
        self.processors = simpy.PreemptiveResource(self.world, given.processors)
        self.webs = [_Web(self.world, given) for _ in range(given.web_processes)]
        self.phones = simpy.Resource(self.world, 1)

    def any_web(self) -> _Web:
        return self.random.choice(self.webs)

    def work(self, seconds: float, priority: int = _FIRST) -> Events:
        """So many seconds of a processor, with breaks while others come first."""
        while seconds > 0:
            with self.processors.request(priority) as turn:
                try:
                    yield turn
                    yield self.world.timeout(seconds)
                    seconds = 0
                except simpy.Interrupt as ended:
                    seconds -= self.world.now - ended.cause.usage_since

    def work_alone(self, who: simpy.Resource, seconds: float) -> Events:
        """The same, of a process that works on one thing at a time."""
        with who.request() as turn:
            yield turn
            yield from self.work(seconds)


def run(given: Parameters, visitors: Sequence[Visitor], seed: int = 1) -> Modelled:
    """The same visitors at the same moments."""
    machine, told = _Machine(given, seed), Modelled()
    for visitor in visitors:
        machine.world.process(_visit(machine, given, visitor, told))
    machine.world.run()
    return told


def _visit(machine: _Machine, given: Parameters, visitor: Visitor, told: Modelled) -> Events:
    world = machine.world
    yield world.timeout(visitor.at)
    web, idle = machine.any_web(), 0.0
    for step, think in zip(visitor.steps, visitor.thinks, strict=False):
        if idle > KEEP_ALIVE:
            web = machine.any_web()
        began = world.now
        if step is Step.PAPER:
            yield from _paper(machine, given, web, told)
        else:
            yield from _page(machine, given, web, step)
            told.quiz.append(world.now - began)
        yield world.timeout(think)
        idle = think


def _page(machine: _Machine, given: Parameters, web: _Web, step: Step) -> Events:
    with web.threads.request() as thread:
        yield thread
        yield from machine.work_alone(web.work, given.web[step])
    yield from machine.work_alone(machine.phones, given.phone)


def _paper(machine: _Machine, given: Parameters, web: _Web, told: Modelled) -> Events:
    """Pressed again and again until the PDF is there."""
    world = machine.world
    began, times = world.now, 0
    while not (yield from _pressed(machine, given, web)):
        told.refusals += 1
        times += 1
        yield world.timeout(given.retry)
        if given.retry > KEEP_ALIVE:
            web = machine.any_web()
    told.refused += times > 0
    told.waits.append(world.now - began)
    told.ends.append(world.now)


def _pressed(machine: _Machine, given: Parameters, web: _Web) -> Events:
    """Whether the PDF came."""
    with web.threads.request() as thread:
        yield thread
        yield from machine.work_alone(web.work, given.web[Step.PAPER])
        had = False
        if web.taken < web.places:
            web.taken += 1
            had = yield from _printed(machine, given, web)
            web.taken -= 1
        if not had:
            yield from machine.work_alone(web.work, given.refusal)
    yield from machine.work_alone(machine.phones, given.phone)
    return had


def _printed(machine: _Machine, given: Parameters, web: _Web) -> Events:
    with web.printing.request() as process:
        late = machine.world.timeout(given.deadline)
        yield process | late
        if not process.triggered:
            return False
        yield from machine.work(machine.random.choice(given.prints), _LAST)
        return True


def busiest(ends: Sequence[float], seconds: float) -> float:
    """How many a second in the best so many seconds."""
    there = sorted(ends)
    return max((_within(there, first, seconds) for first in there), default=0) / seconds


def _within(there: Sequence[float], first: float, seconds: float) -> int:
    return sum(first <= end < first + seconds for end in there)
