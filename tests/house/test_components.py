"""What the components promise to every page: no figure without words, no error without its field, no text taken as code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from types import SimpleNamespace as Record
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from incentives.core.answer import Step
from incentives.core.errors import say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.web import forms
from incentives.web.navigation import Link
from tests.conftest import Cast, ClientFor

Draw = Callable[..., str]


@pytest.fixture
def draw(app: Flask) -> Iterator[Draw]:
    """Draws a line of a template as an English reader gets it; where a tag breaks its line means nothing."""

    def drawn(source: str, **values: object) -> str:
        return re.sub(r"\s+", " ", app.jinja_env.from_string(source).render(**values))

    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield drawn


class Payout(forms.Form):
    """A form with one of each, as a feature would declare it."""

    class Meta(forms.Form.Meta):
        """These tests are not about the token."""

        csrf = False

    amount = forms.MoneyField("Amount", [forms.Needed()], description="at most two decimals")
    note = forms.note("Note", needed=False)


FIELD = '{% from "components/form.html" import field %}{{ field(f.amount, unit="CNY") }}'
FORM = (
    '{% from "components/form.html" import form, field %}{% call form(f, "Save") %}{{ field(f.amount) }}{% endcall %}'
)


def refused(typed: str) -> Payout:
    form = Payout(MultiDict({"amount": typed}))
    form.validate()
    return form


def test_a_refused_field_is_tied_to_its_hint_and_its_error(draw: Draw) -> None:
    html = draw(FIELD, f=refused("much"))
    assert 'aria-describedby="amount-hint amount-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="amount-hint">at most two decimals<' in html
    assert "“much” is not an amount" in html


def test_a_refused_field_shows_what_was_typed(draw: Draw) -> None:
    assert 'value="1.234.5"' in draw(FIELD, f=refused("1.234.5"))


def test_a_field_in_order_is_not_called_wrong(draw: Draw) -> None:
    html = draw(FIELD, f=refused("12.50"))
    assert "aria-invalid" not in html
    assert "amount-error" not in html


def test_an_amount_brings_up_the_keyboard_with_digits(draw: Draw) -> None:
    assert 'inputmode="decimal"' in draw(FIELD, f=Payout())


def test_the_list_of_errors_leads_to_each_field(draw: Draw) -> None:
    form = refused("")
    form.refuse("October 2026 is closed.")
    html = draw(FORM, f=form)
    assert 'role="alert"' in html
    assert "October 2026 is closed." in html
    assert '<a href="#amount">Amount</a>: Please fill this in.' in html


def test_a_form_nobody_has_sent_shows_no_errors(draw: Draw) -> None:
    assert "form-errors" not in draw(FORM, f=Payout())


def test_only_fields_that_may_stay_empty_are_called_optional(draw: Draw) -> None:
    source = '{% from "components/form.html" import fields %}{{ fields(f, ["amount", "note"]) }}'
    labels = re.findall(r"<label[^>]*>(.*?)</label>", draw(source, f=Payout()))
    assert ["optional" in label for label in labels] == [False, True]


def listing(**changes: Any) -> Record:
    given: dict[str, Any] = {
        "columns": [
            Record(key="name", label="Name", align="left", sortable=True, kind="text"),
            Record(key="pay", label="Pay", align="right", sortable=True, kind="money"),
            Record(key="state", label="State", align="left", sortable=False, kind="badge"),
        ],
        "rows": [Record(url="/staff/1", cells=[_cell("Wei <b>"), _cell("12.00", "money"), _cell("approved", "badge")])],
        "search": "", "searchable": True, "keep": ("month",), "filters": [], "downloads": [], "sort": "pay", "descending": True,
        "stands_as": "", "page": 1, "pages": 1, "total": 1, "first": 1, "last": 1, "url": lambda **query: f"?sort={query['sort']}",
        "empty_title": "No sales yet", "empty_text": "Import the first file.", "empty_action": ("Import", "/import"),
    }  # fmt: skip
    return Record(**(given | changes))


def _cell(text: str, kind: str = "text") -> Record:
    return Record(text=text, kind=kind, url=None, tone=None)


LIST = '{% from "components/list.html" import list %}{{ list(listing) }}'


def test_the_sorted_heading_says_so_and_the_others_do_not(draw: Draw) -> None:
    html = draw(LIST, listing=listing())
    assert html.count("aria-sort") == 1
    assert re.search(r'aria-sort="descending"[^>]*>\s*<a class="sort" href="\?sort=pay"', html)


def test_choosing_the_sorted_heading_once_more_turns_the_order_round(draw: Draw) -> None:
    html = draw(LIST, listing=listing(descending=False))
    assert '<a class="sort" href="?sort=-pay"' in html
    assert '<a class="sort" href="?sort=name"' in html


def test_each_cell_knows_its_heading_for_the_phone(draw: Draw) -> None:
    assert re.findall(r'data-label="(\w+)"', draw(LIST, listing=listing())) == ["Name", "Pay", "State"]


def test_a_row_can_be_opened_without_script(draw: Draw) -> None:
    assert '<a href="/staff/1">Wei &lt;b&gt;</a>' in draw(LIST, listing=listing())


def test_a_figure_of_a_row_opens_it_too(draw: Draw) -> None:
    assert '<a href="/staff/1" class="why">12.00</a>' in draw(LIST, listing=listing())


def test_an_empty_list_says_what_to_do_next(draw: Draw) -> None:
    html = draw(LIST, listing=listing(rows=[], total=0))
    assert "No sales yet" in html
    assert 'href="/import">Import<' in html
    assert "<table" not in html
    assert "<form" not in html


def test_a_list_that_a_filter_emptied_keeps_its_filters(draw: Draw) -> None:
    state = Record(name="state", label="State", value="open", choices=[("", "all"), ("open", "open")])
    html = draw(LIST, listing=listing(rows=[], total=0, filters=[state]))
    assert '<option value="open" selected>' in html


def test_searching_stays_in_the_month_that_is_shown(app: Flask) -> None:
    with app.test_request_context("/?month=2026-10&page=3"):
        html = app.jinja_env.from_string(LIST).render(listing=listing())
    assert '<input type="hidden" name="month" value="2026-10">' in html
    assert 'name="page"' not in html


def test_a_search_without_result_is_not_taken_for_an_empty_store(draw: Draw) -> None:
    html = draw(LIST, listing=listing(rows=[], total=0, search="<wei>", url=lambda **query: f"?q={query['q']}"))
    assert "Nothing found for “&lt;wei&gt;”" in html
    assert 'href="?q=None">Clear the search<' in html
    assert "Import the first file." not in html


RING = '{% from "components/progress.html" import ring %}{{ ring(ratio, "Revenue") }}'


def test_without_a_target_a_ring_says_so_and_never_zero(draw: Draw) -> None:
    html = draw(RING, ratio=None)
    assert 'aria-label="Revenue: no target"' in html
    assert "%" not in html


@pytest.mark.parametrize(
    ("ratio", "words", "drawn"),
    [(Fraction(72, 100), "72.0 %", "72.0"), (Fraction(1), "100.0 %", "100.0"), (Fraction(13, 10), "130.0 %", "100.0")],
)
def test_a_ring_tells_all_but_draws_no_more_than_a_full_circle(
    draw: Draw, ratio: Fraction, words: str, drawn: str
) -> None:
    html = draw(RING, ratio=ratio)
    assert f"Revenue: {words}" in html
    assert f'stroke-dasharray="{drawn} 100"' in html
    assert ("ring-gold" in html) == (ratio >= 1)


def test_nearly_reached_is_not_golden(draw: Draw) -> None:
    html = draw(RING, ratio=Fraction(9999, 10000))
    assert "ring-gold" not in html


def test_a_bar_takes_money_and_never_runs_backwards(draw: Draw) -> None:
    source = '{% from "components/progress.html" import bar %}{{ bar(value, most, "Care products") }}'
    html = draw(source, value=Money(-500), most=Money(2000))
    assert 'value="0" max="2000.0" aria-label="Care products"' in html


@pytest.mark.parametrize(
    ("amount", "shown"), [(None, "–"), (Money(123450), "+1,234.50"), (Money(-2000), "−20.00"), (Money(0), ">0.00<")]
)
def test_signed_amounts_carry_their_sign_and_nothing_is_a_dash(draw: Draw, amount: Money | None, shown: str) -> None:
    assert shown in draw('{% from "components/money.html" import signed %}{{ signed(amount) }}', amount=amount)


def test_why_is_a_plain_link_first(draw: Draw) -> None:
    html = draw('{% from "components/why.html" import why %}{{ why("88.00", "/why/1") }}')
    assert '<a class="why" href="/why/1"' in html


def test_an_explanation_shows_the_steps_within_its_steps(draw: Draw) -> None:
    inner = Step(say("{sum} at 8 % = {result}", sum="150.00", result="12.00"))
    outer = Step(say("Accessories"), (inner,))
    html = draw('{% from "components/why.html" import steps %}{{ steps(those) }}', those=[outer])
    assert html.index("Accessories") < html.index("150.00 at 8 % = 12.00")
    assert html.count("<ol") == 2


def test_a_charts_figures_stand_in_a_table_and_cannot_leave_their_script(draw: Draw) -> None:
    spec = {"kind": "bar", "labels": ["</script><script>"], "series": []}
    source = (
        '{% from "components/chart.html" import chart %}{{ chart("c", "On track?", spec, ["Month", "Plan"], rows) }}'
    )
    html = draw(source, spec=spec, rows=[["October", "54"]])
    assert '<th scope="row">October</th>' in html
    found = re.search(r'<script type="application/json" id="c-spec">(.*?)</script>', html, re.DOTALL)
    assert found
    assert json.loads(found[1])["labels"] == ["</script><script>"]


def test_an_act_that_asks_first_still_carries_its_token(draw: Draw) -> None:
    source = '{% from "components/dialog.html" import confirm %}{{ confirm("/close", "Close the month", "Sure?", fields={"month": m}) }}'
    html = draw(source, m=Month(2026, 10))
    assert re.search(r'name="csrf_token" value="[^"]{20,}"', html)
    assert '<input type="hidden" name="month" value="2026-10">' in html
    assert 'data-confirm="Sure?"' in html


def test_a_message_of_an_unknown_tone_is_still_shown(draw: Draw) -> None:
    html = draw('{% from "components/toast.html" import notice %}{{ notice("Saved.", "message") }}')
    assert "notice-info" in html
    assert "Saved." in html


def links(bar: int, more: int) -> list[Record]:
    places = ["bar"] * bar + ["more"] * more
    return [
        Record(label=f"Entry {n}", url=f"/{n}", icon="home", active=n == 0, place=place, group="")
        for n, place in enumerate(places)
    ]


def test_the_phones_bar_holds_four_entries_and_the_rest_behind_more(draw: Draw) -> None:
    source = '{% include "layouts/bottombar.html" %}'
    html = draw(source, navigation=links(bar=5, more=2))
    bar, more = html.split("<details", 1)
    assert re.findall(r"Entry \d", bar) == ["Entry 0", "Entry 1", "Entry 2", "Entry 3"]
    assert re.findall(r"Entry \d", more) == ["Entry 4", "Entry 5", "Entry 6"]


def test_without_further_entries_there_is_no_more(draw: Draw) -> None:
    source = '{% include "layouts/bottombar.html" %}'
    assert "<details" not in draw(source, navigation=links(bar=3, more=0))


def menu(*labels: str) -> list[Link]:
    return [Link(label=label, url=f"/{label}", icon="home", active=False, place="bar", group="") for label in labels]


def test_each_menu_gets_its_own_frame_in_its_own_language(app: Flask) -> None:
    def drawn(language: str, *labels: str) -> str:
        with app.test_request_context("/"), force_locale(language):
            source = "{{ bottombar(links) }}{{ sidebar(links) }}{{ dialogs() }}"
            return app.jinja_env.from_string(source).render(links=menu(*labels))

    few, many = drawn("en", "Board"), drawn("en", "Board", "Pay")
    assert "Pay" not in few
    assert many.count(">Pay<") == 2
    assert "How this came about" in many
    assert "怎么来的" in drawn("zh", "Board", "Pay")
    assert drawn("en", "Board") == few


def test_labels_of_the_menu_are_text(app: Flask) -> None:
    with app.test_request_context("/"):
        html = app.jinja_env.from_string("{{ sidebar(links) }}").render(links=menu("<b>"))
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_one_entry_of_the_menu_is_the_present_page(cast: Cast, client_for: ClientFor) -> None:
    browser = client_for(cast.ma)
    for address in ("/stores/A01/staff", "/stores/A01/staffing", f"/stores/A01/staff/{cast.wei.id}"):
        side = browser.get(address).text.partition('<nav class="sidebar"')[2].partition("</nav>")[0]
        assert side.count("aria-current") == 1, address
