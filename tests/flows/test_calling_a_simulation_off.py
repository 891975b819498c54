"""Calling a simulation off in a real browser, while its page looks again by itself."""

from __future__ import annotations

import pytest

from tests.flows.conftest import Opens

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MANAGER = "1001"
FINISHED = "/stores/HY01/simulations/1"
REDRAWN = "former => !former.isConnected"


def test_whoever_thinks_before_he_answers_still_calls_it_off(opens: Opens) -> None:
    page = opens(MANAGER)
    page.goto(FINISHED)
    text = page.locator("pre.plan-text").text_content() or ""
    page.goto("/stores/HY01/simulations/new")
    page.fill("[name=text]", text)
    page.click("main button[type=submit]")
    page.wait_for_selector("#simulation form[data-confirm]")
    asked_about = page.locator("#simulation form[data-confirm]").element_handle()
    page.click("#simulation form[data-confirm] button")
    page.wait_for_function(REDRAWN, arg=asked_about)
    page.click("#question-yes")
    page.wait_for_selector("#simulation:not([hx-get])")
    assert page.locator("#simulation form[data-confirm]").count() == 0
