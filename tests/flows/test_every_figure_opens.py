"""Every figure of every page can be asked "why?" in one tap, and the answer says rule, figures, facts, plan and approver.

What needs no tap of its own is marked, and why is said in templates/components/figures.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from bench import pages
from bench.pages import Visit
from tests.flows.conftest import ROLES, Walked
from tests.flows.figures import AMOUNT, Figure, figures_of

TAG = re.compile(r"<[^>]+>")
FILLED = re.compile(r"\\{\w+\\}|%\\\(\w+\\\)[sd]")
PARTS: Mapping[str, tuple[str, ...]] = {
    "commissions.why": ("The rule", "The arithmetic", "The pay plan", "Approved by {name} on {day}"),
    "commissions.my_why": ("The rule", "The arithmetic", "The pay plan", "Approved by {name} on {day}"),
    "commissions.facts": ("Entered by|No facts|How the score came about",),
    "commissions.my_facts": ("Entered by|No facts|How the score came about",),
    "payroll.line": ("The arithmetic|What it is for",),
    "payroll.my_line": ("The arithmetic|What it is for",),
    "payroll.month_total": ("The rule", "The arithmetic", "Who decided"),
    "leaderboards.place": ("The rule", "The facts"),
    "leaderboards.points_line": ("The rule", "The arithmetic", "The facts"),
    "leaderboards.points_line_of": ("The rule", "The arithmetic", "The facts"),
    "leaderboards.score": ("How this came about",),
    "leaderboards.score_of": ("How this came about",),
    "targets.figure": ("Target", "The facts|Readings"),
    "targets.my_figure": ("Target", "The facts|No facts"),
    "sales.line": ("Came in",),
    "sales.my_line": ("Came in",),
    "rewards.show": ("Comes to", "Evidence", "History"),
    "rewards.own": ("Comes to", "Evidence", "History"),
}
"""What an explanation must say, by its view; of words parted by a bar any one will do."""
LOOKED_AT = 2
"""So many figures of each view are followed to each view that explains them."""


@pytest.mark.parametrize("number", ROLES)
def test_no_figure_stands_without_a_way_to_ask_why(walked: Walked, number: str) -> None:
    visits = walked(number)
    assert any(figures_of(visit.body) for visit in visits), "no page shows a figure"
    bare = [
        f"{visit.path}: {figure.text}"
        for visit in visits
        for figure in figures_of(visit.body)
        if not figure.url and not figure.exempt
    ]
    assert bare == []


@pytest.mark.parametrize("number", ROLES)
def test_each_answer_has_the_figure_and_says_all_that_it_must(demo: Flask, walked: Walked, number: str) -> None:
    client = pages.signed_in(demo, number)
    faults = []
    for visit, figure, address in _followed(demo, walked(number)):
        answer = client.get(address)
        if answer.status_code != pages.OK:
            faults.append(f"{visit.path}: {figure.text} leads to {address}: {answer.status_code}")
            continue
        faults += [
            f"{visit.path}: {figure.text}: {lack} in {address}" for lack in _lacks(demo, figure, address, answer.text)
        ]
    assert faults == []


def _followed(demo: Flask, visits: list[Visit]) -> Iterator[tuple[Visit, Figure, str]]:
    """Some figures of each view with the address that explains them."""
    followed: dict[tuple[str, str], int] = {}
    for visit in visits:
        for figure in figures_of(visit.body):
            if not figure.url.startswith(("/", "?")):
                continue
            address = urljoin(visit.path, unescape(figure.url))
            way = visit.endpoint, pages.endpoint_of(demo, address)
            followed[way] = followed.get(way, 0) + 1
            if followed[way] <= LOOKED_AT:
                yield visit, figure, address


def _lacks(demo: Flask, figure: Figure, address: str, page: str) -> Iterator[str]:
    needed = PARTS.get(pages.endpoint_of(demo, address), ())
    text = " ".join(unescape(TAG.sub(" ", page)).split())
    if needed:
        yield from (f"no {amount}" for amount in AMOUNT.findall(figure.text) if amount.lstrip("+") not in text)
    for part in needed:
        if not re.search("|".join(_said(demo, each) for each in part.split("|")), text):
            yield f"not a word of “{part}”"


def _said(demo: Flask, words: str) -> str:
    """Words of a catalogue as the page of a reader of Chinese says them, whatever fills their gaps."""
    with demo.test_request_context(), force_locale("zh"):
        return FILLED.sub(".+?", re.escape(gettext(words)))


@pytest.mark.parametrize(
    "page",
    [
        '<p class="figure">12</p>',
        "<p>Together 1,234.50</p>",
        "<p>−0.50 of it</p>",
        "<p>reached: 96.7 %</p>",
        '<table><td class="text-end">7</td></table>',
        '<a href="/why">1.00</a><p class="tile-value">12.00</p>',
        '<div data-figures="fact"><p>1.00</p></div><p>2.00</p>',
    ],
)
def test_a_planted_figure_without_a_link_is_found(page: str) -> None:
    found = figures_of(f"<main>{page}</main>")
    assert [each.exempt for each in found if not each.url].count("") == 1


@pytest.mark.parametrize(
    "page",
    [
        "<p>2026-11-16, 10:30</p>",
        '<a href="/why"><span class="figure">1.00</span></a>',
        "<details><summary>1.00</summary></details>",
        '<ol data-figures="explained"><li>96.7 % of 1.00</li></ol>',
        "<option>1.00</option>",
        '<script type="application/json">[1.00]</script>',
    ],
)
def test_what_opens_or_is_marked_is_left_alone(page: str) -> None:
    assert [each for each in figures_of(f"<main>{page}</main>") if not each.url and not each.exempt] == []
