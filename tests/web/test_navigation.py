"""The menu: each group once, whatever the orders of its entries."""

from __future__ import annotations

import re

import pytest
from flask_babel import lazy_gettext as _l

from incentives.web.navigation import Entry, grouped
from tests.conftest import Cast, ClientFor

HEADING = re.compile(r'class="sidebar-group">([^<]+)<')


def _entry(endpoint: str, group: str, order: int) -> Entry:
    return Entry(_l(endpoint), endpoint, "home", _l(group), order)


def test_a_group_stays_together_in_the_place_of_its_first_entry(cast: Cast) -> None:
    assert cast.ma
    entries = [_entry("a", "Mine", 10), _entry("b", "Standings", 20), _entry("c", "Mine", 21), _entry("d", "Pay", 30)]
    assert [each.endpoint for each in grouped(entries)] == ["a", "c", "b", "d"]


@pytest.mark.parametrize("name", ["ma", "wei", "hua", "sun"])
def test_the_side_bar_names_each_group_once(cast: Cast, client_for: ClientFor, name: str) -> None:
    found = HEADING.findall(client_for(getattr(cast, name)).get("/", follow_redirects=True).get_data(as_text=True))
    assert len(found) > 1
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("name", "page", "there"),
    [("hua", "/stores/A01/boards", "/stores/B02/boards"), ("ada", "/stores/A01/boards", "/stores/B02/")],
)
def test_the_way_to_another_store_is_the_same_page_where_it_opens_there_else_its_start(
    cast: Cast, client_for: ClientFor, name: str, page: str, there: str
) -> None:
    client = client_for(getattr(cast, name))
    assert f'href="{there}"' in client.get(page).get_data(as_text=True)
    assert client.get(there).status_code == 200
