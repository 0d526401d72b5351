"""The nouns of the product: frozen values without behaviour.

The shape of a content file is the shape of its noun here: what a field must be stands in its annotation
and is enforced by `quizapp.content` when the file is read. `Text` marks words that people read, and so
what translators see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, NewType

from annotated_types import Ge, Le, MinLen

Text = NewType("Text", str)
# A text that may not be left out.
Words = Annotated[Text, MinLen(1)]

Points = Annotated[int, Ge(0), Le(3)]
Year = Annotated[int, Ge(1990), Le(2100)]


class Band(StrEnum):
    """Ages of children that get the same wording."""

    EARLY = "4-7"
    MIDDLE = "8-10"
    TWEEN = "11-13"
    TEEN = "14-17"


class Grade(StrEnum):
    """How well a factor is documented."""

    MEASURED = "A"  # a measured effect with a size
    RELATED = "B"  # measured, but without a usable size or for another outcome
    NAMED = "C"  # named by child-safety organisations
    EDITORIAL = "D"  # our own judgement, or named by a newspaper or an unsigned text


class Kind(StrEnum):
    """What a help line is for, in the order in which help is shown."""

    DANGER = "danger"
    CRISIS = "crisis"
    REPORT = "report"
    IMAGES = "images"
    SUPPORT = "support"


class Card(StrEnum):
    """The printed help cards: the small one for 4 to 10, the full one from 11."""

    YOUNG = "young"
    FULL = "full"


class Paper(StrEnum):
    A4 = "A4"
    LETTER = "Letter"


class Size(StrEnum):
    """How large the print is: 10.5 points on one sheet with two sides, or 18 points on up to six pages."""

    NORMAL = "normal"
    LARGE = "large"


class Ink(StrEnum):
    COLOUR = "colour"
    GREY = "grey"


class Icon(StrEnum):
    """The drawings of static/icons that a line can have."""

    APP = "app"
    ARROW = "arrow"
    CAKE = "cake"
    CALENDAR = "calendar"
    CAMERA = "camera"
    CARD = "card"
    CLOCK = "clock"
    DOOR = "door"
    GAMEPAD = "gamepad"
    GIFT = "gift"
    GROUP = "group"
    HANDS = "hands"
    HEADSET = "headset"
    HEART = "heart"
    KEY = "key"
    LINK = "link"
    LIVE = "live"
    LOCK = "lock"
    MEGAPHONE = "megaphone"
    MOON = "moon"
    PEN = "pen"
    PERSON = "person"
    PIN = "pin"
    PLATE = "plate"
    ROBOT = "robot"
    SHIELD = "shield"
    SPEECH = "speech"
    STAR = "star"


class Room(StrEnum):
    """How long a ruled line to write on is."""

    SHORT = "short"
    MIDDLE = "middle"
    LONG = "long"


class Look(StrEnum):
    """How a chapter of signs is drawn."""

    LIST = "list"
    TILES = "tiles"  # short things side by side, each with its drawing
    THEY_SAY = "they-say"  # speech bubbles of the person who pressures
    WE_SAY = "we-say"  # speech bubbles of ours


class Outcome(StrEnum):
    """Where an answered quiz leads. Every set of answers has exactly one."""

    HELP = "help"
    CHECK_IN = "check-in"
    LEVEL = "level"


@dataclass(frozen=True, slots=True)
class Noun:
    """What every noun read from a file shares: a key that it does not know is a mistake of the file."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}


# Evidence


@dataclass(frozen=True, slots=True)
class Source(Noun):
    """A document that names or measures something. `year` is the year of its data; None: it bears no date.

    A study also tells how large it was, and what it cannot tell.
    """

    id: str
    organisation: str
    document: str
    read: Year
    year: Year | None = None
    study: bool = False
    size: Text = Text("")
    limits: Text = Text("")


@dataclass(frozen=True, slots=True)
class Factor(Noun):
    """One documented finding, said in our own words."""

    id: str
    says: Words
    source: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Sign(Noun):
    """One thing worth knowing, with what it rests on. `ages` are the bands that it is about; none: every age.

    `note` says what is going on in words that someone else speaks.
    """

    text: Words
    factors: Annotated[tuple[str, ...], MinLen(1)]
    ages: tuple[Band, ...] = ()
    icon: Icon | None = None
    note: Text = Text("")


@dataclass(frozen=True, slots=True)
class Chapter(Noun):
    """Signs that belong together, in the order in which they are read."""

    id: str
    title: Words
    lead: Words
    signs: Annotated[tuple[Sign, ...], MinLen(1)]
    look: Look = Look.LIST


@dataclass(frozen=True, slots=True)
class Omitted(Noun):
    """A documented item that we do not print. `what` names its topic without repeating it."""

    id: str
    what: Words
    source: str


@dataclass(frozen=True, slots=True)
class LeftOut(Noun):
    """Documented items that we do not print, all for one reason."""

    id: str
    title: Words
    reason: Words
    items: Annotated[tuple[Omitted, ...], MinLen(1)]


@dataclass(frozen=True, slots=True)
class Disagreement(Noun):
    """A point on which the sources differ, and where we stand."""

    id: str
    topic: Words
    one: Words
    other: Words
    ours: Words
    factors: tuple[str, ...] = ()


# The quiz


@dataclass(frozen=True, slots=True)
class Answer(Noun):
    """One choice. `said` is how the result reads it back to the parent; `aim`: what a family can change to."""

    id: str
    text: Words
    points: Points = 0
    said: Text = Text("")
    unsure: bool = False
    aim: bool = False


@dataclass(frozen=True, slots=True)
class Question(Noun):
    """`habit` names the scored habit in a word or two; without one the question is not scored.

    `evening` is what parents can do about the habit together, at a parent evening.
    """

    id: str
    text: Words
    why: Words
    answers: Annotated[tuple[Answer, ...], MinLen(2)]
    factors: tuple[str, ...] = ()
    habit: Text = Text("")
    evening: Text = Text("")
    text_for: Mapping[Band, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step(Noun):
    """What to do about one habit: `id` is the id of its question. `factor` is the one that gives the reason."""

    id: str
    title: Words
    time: Words
    text: Words
    reason: Words
    factor: str
    find_out: Text = Text("")
    title_for: Mapping[Band, Words] = field(default_factory=dict)
    text_for: Mapping[Band, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Level(Noun):
    """A result from `least` points up to the next level's least."""

    id: str
    name: Words
    line: Words
    least: Annotated[int, Ge(0)]


@dataclass(frozen=True, slots=True)
class Quiz(Noun):
    """What belongs to the quiz as a whole. `priority`: habits by protection, which breaks ties between steps.

    `example`: an answer to each question, made up, by which a result is shown to those who want to see one first.
    """

    version: str
    levels: Annotated[tuple[Level, ...], MinLen(2)]
    priority: tuple[str, ...]
    limits: tuple[Words, ...]
    never_asked: tuple[Words, ...]
    example: Mapping[str, str]


# Help


@dataclass(frozen=True, slots=True)
class HelpLine(Noun):
    """Whom to call. `call` and `message` are what a phone dials; `checked` is a month such as 2026-11.

    `recheck` names fields that must be looked up again before launch; unverified lines are never shown.
    `children`: a child may call alone. A line in another `language` than the country's can stand `instead_of`
    another one on paper in that language.
    """

    id: str
    name: Words
    kind: Kind
    who: Words
    what: Words
    checked: Annotated[str, MinLen(7)]
    source: str
    verified: bool
    phone: str = ""
    call: str = ""
    message: Text = Text("")
    url: str = ""
    hours: Text = Text("")
    recheck: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    feel: Text = Text("")
    children: bool = False
    language: str = ""
    instead_of: str = ""
    factors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Country(Noun):
    """A country and its help lines; `emergency` is the number for danger now ('' when it differs by place)."""

    id: str
    name: Words
    order: int
    emergency: str
    lines: tuple[HelpLine, ...]


# The agreement's words


@dataclass(frozen=True, slots=True)
class Clause(Noun):
    """One line of the agreement. `gap` is the habit that it answers; core lines stand in every agreement.

    `topic` is what it is about, in a word or two: so it is named where it is parked for another time. Blanks stand in
    braces inside a line: {adult-one}.
    """

    id: str
    icon: Icon
    topic: Words
    lines: Annotated[Mapping[Band, Words], MinLen(1)]
    promise: Words
    factors: Annotated[tuple[str, ...], MinLen(1)]
    core: bool = False
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Blank(Noun):
    """Something a family fills in, on screen or by hand.

    `person`: somebody to turn to, whom one home need not tell another.
    """

    id: str
    label: Words
    example: Words
    rule: Room
    person: bool = False


@dataclass(frozen=True, slots=True)
class Wording(Noun):
    """The parts of the sheet that are the same for every child of a band."""

    version: str
    defaults: tuple[str, ...]
    promises: tuple[Words, ...]
    aloud: Mapping[Band, Words]
    plan: tuple[Words, ...]
    review: tuple[Words, ...]
    blanks: tuple[Blank, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that editors wrote, checked as a whole."""

    quiz: Quiz
    questions: Mapping[str, Question]
    steps: Mapping[str, Step]
    factors: Mapping[str, Factor]
    sources: Mapping[str, Source]
    countries: Mapping[str, Country]
    clauses: Mapping[str, Clause]
    wording: Wording
    # What to know (questions/signs) and what to do first (questions/first-steps).
    signs: Mapping[str, Chapter]
    first_steps: Mapping[str, Chapter]
    disagreements: Mapping[str, Disagreement]
    left_out: Mapping[str, LeftOut]


# A family's minute


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the answers say. Ids only; the words are in `Content`.

    `points` are the points lost by habit; `level` is None where no level may be named.
    """

    outcome: Outcome
    maybe: bool = False
    signs: str = ""
    points: Mapping[str, int] = field(default_factory=dict)
    level: str | None = None
    well: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    find_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer to a question."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that the result shows, on the screen and on the adult's own sheet.

    `level` is None where no level may be named; `better` is the level that `changes` lead to. `warning` is what to
    look out for at this age, `to_say` what to answer when a child tells. `lines` are the lines of the agreement that
    go with steps, by habit.
    """

    band: Band
    assessment: Assessment
    given: Mapping[str, Answer]
    level: Level | None
    better: Level | None
    changes: tuple[Change, ...]
    starter: Sign
    warning: tuple[Sign, ...]
    to_say: tuple[Sign, ...]
    lines: Mapping[str, Clause]


# A family's agreement


@dataclass(frozen=True, slots=True)
class Child:
    """What a family typed for one child. `words` are the family's own versions of chosen lines, by clause id."""

    name: str
    band: Band
    clauses: tuple[str, ...]
    words: Mapping[str, str] = field(default_factory=dict)
    blanks: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """Who writes an agreement. Without a day, and without a name, it is a sheet to fill in by hand.

    `beside` is a second language on the same paper. `second_home` are the grown-ups who sign there, on a copy of its
    own.
    """

    name: str
    adults: tuple[str, ...]
    children: tuple[Child, ...]
    country: str
    made: date | None
    review: date | None
    paper: Paper = Paper.A4
    language: str = "en"
    size: Size = Size.NORMAL
    ink: Ink = Ink.COLOUR
    beside: str = ""
    second_home: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a line: the wording's, the family's, or a ruled line to write on."""

    text: str = ""
    typed: bool = False
    rule: Room | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """`picture` names the drawing that tells the line to those who cannot read yet."""

    pieces: tuple[Piece, ...]
    icon: Icon | None = None
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One child's sheet, ready to be laid out. It holds nothing that could tell a result."""

    child: str
    band: Band
    promises: tuple[str, ...]
    lines: tuple[Line, ...]
    own: tuple[str, ...]
    aloud: Line
    outside: tuple[Line, ...]
    plan: tuple[str, ...]
    parked: tuple[str, ...]
    help_lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    family: str
    adults: tuple[str, ...]
    made: date | None
    review: date | None
    paper: Paper
    size: Size
    ink: Ink
    version: str
    review_prompts: tuple[str, ...]
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class School:
    """Who hands the quiz on. Name and town were typed by whoever made the link; `contact` by the operator."""

    id: str
    name: str
    town: str
    # Codes, the first one first.
    languages: tuple[str, ...]
    contact: str = ""
    blocked: bool = False
