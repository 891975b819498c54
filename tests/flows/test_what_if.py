"""The what-if on a phone: a slider moved by the keyboard changes pay at once."""

from __future__ import annotations

import pytest

from tests.flows.conftest import AXE, Opens

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ADVISER = "1002"
VIOLATIONS = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(each => each.id))"


def test_a_slider_moved_by_the_keyboard_changes_the_answer_at_once(opens: Opens) -> None:
    page = opens(ADVISER)
    page.goto("/me/what-if")
    answer, slider = page.locator("#what-if-answer .tile-value"), page.locator("[data-slides=w0]")
    before = answer.inner_text()
    slider.focus()
    for _ in range(30):
        slider.press("ArrowRight")
    page.wait_for_function(
        "before => document.querySelector('#what-if-answer .tile-value').innerText !== before", arg=before
    )
    assert page.locator("#w0").input_value() == "3000"
    assert page.evaluate("document.activeElement.dataset.slides") == "w0"
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []


def test_without_script_a_number_is_sent_by_a_button(opens: Opens) -> None:
    page = opens(ADVISER, script=False)
    page.goto("/me/what-if")
    page.fill("#w0", "3000")
    page.click(".what-if-form button[type=submit]")
    assert "w0=3000" in page.url
    assert page.locator("#w0").input_value() == "3000"
