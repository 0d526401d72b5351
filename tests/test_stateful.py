"""The whole journey in any order: whatever a family does, every page answers and nothing that it typed is lost."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from werkzeug.test import TestResponse

from quizapp import result
from quizapp.agreement import choosable, suggest
from quizapp.content import read
from quizapp.letters import tidy
from quizapp.model import Band, Outcome
from tests.conftest import check_response
from tests.test_agreement_pages import StubPrinter, Typed
from tests.tools.files import pdf_with

CONTENT = read()
# Begins everything that is typed, and is no part of a word of ours.
MARK = "Zyxq"
SEALED = re.compile(r"/(en|es)/result/[A-Za-z0-9_-]{247}")
TEXTS = st.sampled_from(
    ["", *(f"{MARK}{text}" for text in ("", " <b>&amp;", " “O’Neil” {adult-one}", " Łódź Ñandú", " %s"))]
)
ANSWERS = st.fixed_dictionaries(
    {name: st.sampled_from([answer.id for answer in question.answers]) for name, question in CONTENT.questions.items()}
)
# No rule of the form decides what these hold.
FREE = re.compile(r"family|(adults|second)-\d|children-\d-(name|own-\d|(blanks|words)-[a-z-]+)")
ONE_OF = {
    "paper": ("usual", "A4", "Letter"),
    "size": ("normal", "large"),
    "ink": ("colour", "grey"),
    "language": ("same", "en", "es"),
    "country": tuple(CONTENT.countries),
}


def filled(form: Mapping[str, list[str]]) -> Typed:
    """What is not empty, in an order of its own."""
    return {name: sorted(kept) for name, values in form.items() if (kept := [value for value in values if value])}


class Page(HTMLParser):
    """What a browser makes of a page: the fields of its forms, and every address. Faster than a tree."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.lang = html, ""
        self.fields: Typed = {}
        # Without what is switched off, which no browser sends.
        self.sent: Typed = {}
        self.addresses: list[str] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("href", "action", "formaction", "src") if name in given]
        if tag == "html":
            self.lang = given["lang"] or ""
        elif tag == "select":
            self._select = given["name"] or ""
        elif tag == "option" and "selected" in given:
            self._field(self._select, given)
        elif tag == "input" and ("checked" in given or given.get("type") not in ("checkbox", "radio", "file")):
            self._field(given.get("name") or "", given)

    def _field(self, name: str, given: Mapping[str, str | None]) -> None:
        for form in (self.fields,) if "disabled" in given else (self.fields, self.sent):
            form.setdefault(name, []).append(given.get("value") or "")


class Journey(RuleBasedStateMachine):
    """One browser. `form` is what stands in it, `earlier` what stood in it when a button was pressed."""

    def __init__(self, app: Flask, printer: StubPrinter, school: tuple[str, str]) -> None:
        super().__init__()
        self.flask, self.printer, self.school = app.test_client(), printer, school
        self.lang = "en"
        self.form: Typed = {}
        self.earlier: list[Typed] = []
        # What the last results said, which no sheet may say.
        self.told: set[str] = set()

    def loaded(self, response: TestResponse, *statuses: int) -> Page:
        check_response(response)
        assert response.status_code in (statuses or (200,)), f"{response.request.path}: {response.status}"
        page = Page(response.text)
        told = [response.request.path, response.headers.get("Location", ""), *page.addresses]
        assert not [address for address in told if MARK in address]
        return page

    def press(self, button: str, lang: str = "", path: str = "", **more: Any) -> TestResponse:
        """Send what stands in the browser."""
        self.earlier.append(self.form)
        data = self.form | {"do": button} | more
        return self.flask.post(f"/{lang or self.lang}/agreement{path}", data=data)

    def shows(self, page: Page, expected: Typed) -> None:
        assert filled(page.fields) == filled(expected)
        self.form = page.sent

    def children(self) -> int:
        return sum(name.endswith("-name") for name in self.form)

    @initialize()
    def opens_the_builder(self) -> None:
        self.form = self.loaded(self.flask.get("/en/agreement")).sent
        assert sorted(self.form["children-0-clauses"]) == list(suggest(CONTENT, Band.MIDDLE, {}))

    @rule(answers=ANSWERS, left_out=st.sets(st.sampled_from(list(CONTENT.questions)), max_size=1), by=st.booleans())
    def takes_the_minute(self, answers: dict[str, str], left_out: set[str], by: bool) -> None:
        sent = {name: answer for name, answer in answers.items() if name not in left_out}
        path = f"/{self.lang}/s/{self.school[0]}/quiz" if by else f"/{self.lang}/quiz"
        response = self.flask.post(path, data=sent)
        page = self.loaded(response, 303, 422)
        if sent.get("urgent") == "yes":
            assert response.headers["Location"] == f"/{self.lang}/help"
        elif left_out:
            assert response.status_code == 422
            assert page.fields == {name: [answer] for name, answer in sent.items()}
        else:
            self.follows(response.headers["Location"], answers)

    def follows(self, location: str, answers: dict[str, str]) -> None:
        assert SEALED.fullmatch(location)
        page = self.loaded(self.flask.get(location))
        found = result.explain(CONTENT, answers, date.today())
        assert found.assessment.outcome is not Outcome.HELP
        if found.level:
            assert self.lang == "es" or found.level.name in page.html
        self.told |= {text for level in CONTENT.quiz.levels for text in (level.name, level.line)}
        self.told |= {step.reason for step in CONTENT.steps.values()}
        (builder,) = {found for found in page.addresses if found.startswith(f"/{self.lang}/agreement/")}
        self.earlier.append(self.form)
        self.form = self.loaded(self.flask.get(builder)).sent
        expected = suggest(CONTENT, Band(answers["age"]), found.assessment.points)
        assert sorted(self.form["children-0-clauses"]) == list(expected)

    @rule(data=st.data(), text=TEXTS)
    def types(self, data: st.DataObject, text: str) -> None:
        name = data.draw(st.sampled_from(sorted(name for name in self.form if FREE.fullmatch(name))))
        self.form = self.form | {name: [text]}

    @rule(text=st.sampled_from([f"{MARK}", f"{MARK} Leo"]))
    def names_every_child(self, text: str) -> None:
        self.form = self.form | {f"children-{n}-name": [f"{text} {n}"] for n in range(self.children())}

    @rule(data=st.data(), name=st.sampled_from(list(ONE_OF)))
    def chooses(self, data: st.DataObject, name: str) -> None:
        self.form = self.form | {name: [data.draw(st.sampled_from(ONE_OF[name]))]}

    @rule(data=st.data(), band=st.sampled_from(Band))
    def gives_an_age(self, data: st.DataObject, band: Band) -> None:
        number = data.draw(st.integers(0, self.children() - 1))
        self.form = self.form | {f"children-{number}-band": [band]}

    @rule(data=st.data())
    def ticks(self, data: st.DataObject) -> None:
        """Any lines of the age, more than there is room for among them."""
        number = data.draw(st.integers(0, self.children() - 1))
        lines = [clause.id for clause in choosable(CONTENT, Band(self.form[f"children-{number}-band"][0]))]
        chosen = data.draw(st.lists(st.sampled_from(lines), unique=True, max_size=6))
        self.form = self.form | {f"children-{number}-clauses": chosen}

    @rule(lang=st.sampled_from(["en", "es"]))
    def changes_the_language_of_the_page(self, lang: str) -> None:
        page = self.loaded(self.press("update", lang))
        self.lang = lang
        assert page.lang == lang
        self.shows(page, self.earlier[-1])

    @rule()
    def adds_a_child(self) -> None:
        page = self.loaded(self.press("child"))
        before, number = filled(self.form), self.children()
        after = filled(page.fields)
        assert before.items() <= after.items()
        if number < 6:
            new = {name: values for name, values in after.items() if name.startswith(f"children-{number}-")}
            assert new[f"children-{number}-clauses"] == list(suggest(CONTENT, Band.MIDDLE, {}))  # both are sorted
        self.shows(page, after)

    @precondition(lambda self: self.children() > 1)
    @rule(data=st.data())
    def takes_a_child_out(self, data: st.DataObject) -> None:
        gone = data.draw(st.integers(0, self.children() - 1))
        page = self.loaded(self.press(f"remove-{gone + 1}"))
        left: Typed = {}
        for name, values in self.form.items():
            number = int(found[1]) if (found := re.match(r"children-(\d+)-", name)) else -1
            if number != gone:
                left[name.replace(f"-{number}-", f"-{number - 1}-", 1) if number > gone else name] = values
        self.shows(page, left)

    @rule(data=st.data())
    def swaps_a_line(self, data: st.DataObject) -> None:
        chosen = self.form.get("children-0-clauses", [])
        if chosen:
            line = data.draw(st.sampled_from(sorted(chosen)))
            page = self.loaded(self.press(f"swap-1-{line}"))
            after = page.fields
            kept = set(chosen) - {line}
            assert kept <= set(after["children-0-clauses"])
            assert len(after["children-0-clauses"]) == len(chosen)
            self.shows(page, self.form | {"children-0-clauses": after["children-0-clauses"]})

    @rule(do=st.sampled_from(["page", "pdf", "pdf-1", "second", "calendar"]))
    def takes_it_home(self, do: str) -> None:
        """Whatever is wrong with the form, or nothing: all of it is still there."""
        response = self.press(do)
        if response.status_code == 200 and do != "page":
            check_response(response)
            self.says_nothing_of_a_result(self.printer.printed[-1] if self.printer.printed else "")
            return
        page = self.loaded(response, 200, 422)
        assert (response.status_code == 422) == bool('class="problems"' in page.html)
        self.says_nothing_of_a_result(unescape(page.html))
        assert filled(page.fields) == filled(self.form)

    def says_nothing_of_a_result(self, text: str) -> None:
        assert not [told for told in self.told if told in text]

    @rule()
    def keeps_the_file_and_opens_it_again(self) -> None:
        self.printer.saved.clear()
        if self.press("pdf").status_code != 200:
            return
        file = (BytesIO(pdf_with(self.printer.saved[-1])), "ours.pdf")
        self.form, before = {}, self.form
        page = self.loaded(self.press("open", path="/open", file=file))
        self.form = page.sent
        typed, again = (
            sorted(tidy(value) for values in form.values() for value in values if value.startswith(MARK))
            for form in (before, self.form)
        )
        assert again == typed
        for number in range(self.children()):
            for part in ("band", "clauses"):
                name = f"children-{number}-{part}"
                assert sorted(self.form.get(name, [])) == sorted(before.get(name, []))

    @precondition(lambda self: self.earlier)
    @rule(data=st.data())
    def goes_back_and_sends_again(self, data: st.DataObject) -> None:
        self.form = data.draw(st.sampled_from(self.earlier))
        self.shows(self.loaded(self.press("update")), self.form) if self.form else self.opens_the_builder()

    @rule(is_right=st.booleans())
    def looks_at_the_totals(self, is_right: bool) -> None:
        school, key = self.school
        path = f"/{self.lang}/schools/{school}/totals"
        self.loaded(self.flask.get(path))
        self.loaded(self.flask.post(path, data={"key": key if is_right else MARK}), 200 if is_right else 403)


def test_whatever_a_family_does_and_in_whatever_order_nothing_is_lost_and_nothing_told(app: Flask) -> None:
    site = app.extensions["quizapp"]
    made, key = site.office.register.make("Hill School", "Springfield", ["en", "es"], date.today())
    printer = StubPrinter()
    app.extensions["quizapp"] = replace(site, printer=printer)
    try:
        run_state_machine_as_test(
            lambda: Journey(app, printer, (made.id, key)),
            settings=settings(
                max_examples=25,
                stateful_step_count=15,
                deadline=None,
                derandomize=True,
                # Shrinking takes minutes; the steps that are told are few.
                phases=[Phase.generate],
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
    finally:
        app.extensions["quizapp"] = site
