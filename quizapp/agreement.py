"""Gaps and ages -> suggested lines; a family and its lines -> Agreement. Pure, and blind to any result.

What comes in here is what a family chose or typed. The one thing that stems from a quiz are the points lost by
habit, which `suggest` turns into clause ids; from there on only ids go further.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from quizapp.model import Agreement, Band, Card, Child, Clause, Content, Family, HelpLine, Line, Paper, Piece, Sheet

MOST_CHOSEN = 4
MOST_OWN = 3
MOST_CHILDREN = 6
MOST_ADULTS = 4
FULL_CARD = (Band.TWEEN, Band.TEEN)

_BLANK = re.compile(r"\{([^{}]+)\}")
_OUTSIDE = ("outside-one", "outside-two")


def core(content: Content) -> tuple[Clause, ...]:
    """The clauses of every agreement, in print order."""
    return tuple(clause for clause in content.clauses.values() if clause.core)


def choosable(content: Content, band: Band) -> tuple[Clause, ...]:
    """The clauses that a family may choose from for a band, in print order."""
    return tuple(clause for clause in content.clauses.values() if not clause.core and band in clause.lines)


def suggest(content: Content, band: Band, gaps: Mapping[str, int]) -> tuple[str, ...]:
    """Four clause ids for a child, sorted: one for each of the widest gaps, filled up with the band's defaults.

    `gaps` are points lost by habit, the more protective habit first. Sorted ids show no order of severity.
    """
    there = choosable(content, band)
    widest = sorted((name for name in gaps if gaps[name]), key=lambda name: -gaps[name])
    first = answering(there)
    answers = [first[gap].id for gap in widest if gap in first]
    filling = [name for name in content.wording.defaults if name in {clause.id for clause in there}]
    return tuple(sorted(list(dict.fromkeys(answers + filling))[:MOST_CHOSEN]))


def answering(clauses: Iterable[Clause]) -> dict[str, Clause]:
    """The line that answers each gap: the first one in print order, where several do."""
    found: dict[str, Clause] = {}
    for clause in clauses:
        if clause.gap:
            found.setdefault(clause.gap, clause)
    return found


def write(content: Content, family: Family) -> Agreement:
    """The whole agreement in the language of `content`: one sheet a child, in the order they were typed."""
    return Agreement(
        family=family.name,
        adults=family.adults,
        made=family.made,
        review=family.review,
        paper=family.paper,
        size=family.size,
        ink=family.ink,
        version=content.wording.version,
        review_prompts=content.wording.review,
        sheets=tuple(_sheet(content, family, child) for child in family.children),
    )


def by_hand(content: Content, band: Band, country: str, paper: Paper, language: str) -> Family:
    """A family that writes everything with a pen: one child of an age, with the lines of that age."""
    child = Child(name="", band=band, clauses=suggest(content, band, {}))
    return Family("", (), (child,), country, made=None, review=None, paper=paper, language=language)


def only_sheet(agreement: Agreement, number: int) -> Agreement:
    """The agreement with the sheet of one child, counted from 1; with all of them when there is no such child."""
    return replace(agreement, sheets=agreement.sheets[number - 1 : number] or agreement.sheets)


def blanks_in(text: str) -> tuple[str, ...]:
    """The ids of the blanks that a line asks the family to fill."""
    return tuple(_BLANK.findall(text))


def show_blanks(text: str) -> str:
    """A line as it reads while its blanks are empty."""
    return filled_in(text, {})


def lines_of(content: Content, child: Child) -> tuple[Clause, ...]:
    """The clauses of a child's sheet, in print order: the core, then those that were chosen."""
    chosen = (clause for clause in choosable(content, child.band) if clause.id in child.clauses)
    return (*core(content), *chosen)


def second_home(content: Content, family: Family) -> Family:
    """The family as its second home signs: other grown-ups, and no name of somebody to turn to."""
    people = {blank.id for blank in content.wording.blanks if blank.person}
    children = (
        replace(child, blanks={name: text for name, text in child.blanks.items() if name not in people})
        for child in family.children
    )
    return replace(family, adults=family.second_home, children=tuple(children))


def another(content: Content, band: Band, chosen: Collection[str], clause: str) -> str:
    """The line to put in the place of one: the next one in print order that is not chosen, or the same one."""
    there = [other.id for other in choosable(content, band)]
    start = there.index(clause) + 1 if clause in there else 0
    return next((name for name in there[start:] + there[:start] if name not in chosen), clause)


def filled_in(text: str, blanks: Mapping[str, str]) -> str:
    """A line as it reads with what was typed in its blanks."""
    return _BLANK.sub(lambda blank: blanks.get(blank[1]) or "____", text)


def _sheet(content: Content, family: Family, child: Child) -> Sheet:
    clauses = lines_of(content, child)
    full = child.band in FULL_CARD
    return Sheet(
        child=child.name,
        band=child.band,
        promises=_promises(content, clauses),
        lines=tuple(_line(content, clause, child) for clause in clauses),
        own=child.own,
        aloud=Line(_pieces(content, content.wording.aloud[child.band], child)),
        outside=tuple(Line(_pieces(content, f"{{{name}}}", child)) for name in _OUTSIDE),
        plan=content.wording.plan if full else (),
        parked=tuple(clause.topic for clause in choosable(content, child.band) if clause.id not in child.clauses),
        help_lines=help_card(content, family.country, Card.FULL if full else Card.YOUNG, family.language),
    )


def _line(content: Content, clause: Clause, child: Child) -> Line:
    return Line(_words(content, clause, child), clause.icon, clause.id if child.band is Band.EARLY else "")


def _words(content: Content, clause: Clause, child: Child) -> tuple[Piece, ...]:
    """The family's own version of a line, as it typed it, where there is one; else ours with its blanks."""
    if typed := child.words.get(clause.id):
        return (Piece(typed, typed=True),)
    return _pieces(content, clause.lines[child.band], child)


def _promises(content: Content, clauses: Iterable[Clause]) -> tuple[str, ...]:
    ours = [clause.promise for clause in clauses]
    return tuple(dict.fromkeys([*ours, *content.wording.promises]))


def _pieces(content: Content, text: str, child: Child) -> tuple[Piece, ...]:
    """A line cut at its blanks: words, what the family typed, and ruled lines where it typed nothing."""
    rules = {blank.id: blank.rule for blank in content.wording.blanks}
    pieces = []
    for number, part in enumerate(_BLANK.split(text)):
        if number % 2 == 0:
            pieces.append(Piece(part))
        elif typed := child.blanks.get(part):
            pieces.append(Piece(typed, typed=True))
        else:
            pieces.append(Piece(rule=rules[part]))
    return tuple(piece for piece in pieces if piece.text or piece.rule)


def help_card(content: Content, country: str, card: Card, language: str) -> tuple[HelpLine, ...]:
    """The verified lines of a country that stand on a printed card, in the language of its readers where there are."""
    there = [line for line in content.countries[country].lines if line.verified and card in line.cards]
    fitting = [line for line in there if line.language in ("", language)]
    replaced = {line.instead_of for line in fitting}
    return tuple(line for line in fitting if line.id not in replaced)
