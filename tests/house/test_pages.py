"""Templates and browser files: reached, free of inline code, from this house only."""

from __future__ import annotations

import pytest

from tests.house import pages
from tests.house.source import ROOT, TEMPLATES, none_of, templates


def test_every_template_is_rendered_or_used_by_one_that_is() -> None:
    links = pages.references()
    none_of(sorted(set(links) - pages.reached(pages.named_in_code(), links)), "no page uses these templates:")


def test_every_template_that_is_named_exists() -> None:
    named = pages.named_in_code() | set().union(*pages.references().values())
    none_of(sorted(name for name in named if not (TEMPLATES / name).is_file()), "there are no such templates:")


def test_no_template_carries_style_or_script_of_its_own() -> None:
    found = (
        f"{path.relative_to(ROOT)}:{x}" for path in templates() for x in pages.inline_things(path.read_text("utf-8"))
    )
    none_of(found, str(pages.inline_things.__doc__))


def test_pages_and_browser_files_name_no_foreign_host() -> None:
    files = [*templates(), *pages.own_static()]
    found = (
        f"{path.relative_to(ROOT)}:{finding}"
        for path in files
        for finding in pages.foreign_hosts(path.read_text("utf-8"))
    )
    none_of(found, str(pages.foreign_hosts.__doc__))


@pytest.mark.parametrize(
    "text",
    [
        '<b style="color:red">',
        "<style>b{}</style>",
        "<script>go()</script>",
        '<script nonce="x">go()</script>',
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<a hx-on:click="go()">',
    ],
)
def test_planted_inline_code_is_found(text: str) -> None:
    assert list(pages.inline_things(text))


@pytest.mark.parametrize(
    "text",
    [
        "<script src=\"{{ asset('js/app.js') }}\" defer></script>",
        '<script type="application/json" id="figures">{}</script>',
        "{# never style= here #}",
        '<option value="on" data-person="on=1">',
    ],
)
def test_what_the_policy_allows_is_left_alone(text: str) -> None:
    assert list(pages.inline_things(text)) == []


@pytest.mark.parametrize("text", ["@import url(//cdn.example.org/a.css)", '<img src="https://example.org/a.png">'])
def test_a_planted_foreign_host_is_found(text: str) -> None:
    assert len(list(pages.foreign_hosts(text))) == 1


def test_the_name_of_a_format_is_no_foreign_host() -> None:
    assert list(pages.foreign_hosts('<svg xmlns="http://www.w3.org/2000/svg">')) == []


def test_a_template_only_used_by_an_unused_one_counts_as_unused() -> None:
    links = {"a/index.html": {"components/card.html"}, "b/old.html": {"components/old.html"}}
    assert pages.reached({"a/index.html"}, links) == {"a/index.html", "components/card.html"}
