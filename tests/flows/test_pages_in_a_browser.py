"""Every page of every role in a real browser: nothing on the console, nothing overflowing, nothing axe objects to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.flows.conftest import AXE, ROLES, Opens

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LOOKS = ((False, False), (True, True))
"""Light on a phone in Chinese, dark on a desktop in English."""
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FURTHER = 5
"""So many pages beyond the menu are opened for each role and look."""


def _menu(page: Page) -> list[str]:
    return _addresses(page, ".sidebar a[href], .bottombar a[href]")


def _addresses(page: Page, selector: str) -> list[str]:
    found = page.eval_on_selector_all(selector, "links => links.map(link => link.getAttribute('href'))")
    return list(
        dict.fromkeys(each for each in found if each.startswith("/") and "download=" not in each and "." not in each)
    )


def _faults(page: Page, address: str) -> Iterator[str]:
    answer = page.goto(address)
    if answer is None or answer.status >= 400:
        yield f"{address}: {answer.status if answer else 'no answer'}"
        return
    if page.locator("h1").count() != 1:
        yield f"{address}: {page.locator('h1').count()} headings"
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if beyond > 0:
        yield f"{address}: {beyond} px wider than the screen"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "standards => axe.run(document, {runOnly: {type: 'tag', values: standards}, resultTypes: ['violations']})"
        ".then(result => result.violations.map(each => each.id + ': ' + each.nodes[0].html.slice(0, 160)))",
        STANDARDS,
    )
    yield from (f"{address}: {each}" for each in found)


@pytest.mark.parametrize("number", ROLES)
@pytest.mark.parametrize(("dark", "wide"), LOOKS, ids=["light-phone", "dark-desktop"])
def test_every_page_of_a_role_is_clean(
    opens: Opens, seen: set[tuple[str, bool]], number: str, *, dark: bool, wide: bool
) -> None:
    page = opens(number, dark=dark, wide=wide, language="en" if dark else "zh")
    page.goto("/")
    menu = _menu(page)
    assert len(menu) > 3, "the menu leads nowhere"
    faults: list[str] = []
    deeper: dict[str, None] = {}
    for address in _not_yet(menu, seen, dark=dark):
        faults += _faults(page, address)
        deeper |= dict.fromkeys(_addresses(page, "#main a[href]"))
    further = _not_yet([address for address in deeper if "?" not in address], seen, dark=dark)
    for address in further[:: max(1, len(further) // FURTHER)][:FURTHER]:
        faults += _faults(page, address)
    assert faults == []


@pytest.fixture(scope="module")
def seen() -> set[tuple[str, bool]]:
    """Pages that were looked at in a look already; another role's menu need not show them again."""
    return set()


def _not_yet(addresses: list[str], seen: set[tuple[str, bool]], *, dark: bool) -> list[str]:
    new = [each for each in addresses if (each, dark) not in seen or each.startswith("/me") or each == "/"]
    seen.update((each, dark) for each in new)
    return new


def test_a_figure_opens_into_its_explanation_over_the_page(opens: Opens) -> None:
    page = opens("1002")
    page.goto("/me/statement")
    page.locator("a.why").first.click()
    page.locator("dialog.sheet[open] .steps").first.wait_for()
    assert page.url.endswith("/me/statement")


def test_without_script_the_explanation_is_a_page_of_its_own(opens: Opens) -> None:
    page = opens("1002", script=False)
    page.goto("/me/statement")
    page.locator("a.why").first.click()
    assert "/me/pay-lines/" in page.url
    assert page.locator(".steps").count() > 0


def test_a_month_is_approved_closed_and_downloaded_on_a_desktop(opens: Opens) -> None:
    manager = opens("1001", wide=True)
    manager.goto("/")
    manager.locator("#main a[href*='/months/']").first.click()
    month = manager.url
    manager.locator("form[action$='/approve'] button.btn-primary").click()
    manager.wait_for_load_state()
    chief = opens("9002", wide=True)
    chief.goto(month)
    chief.locator("form[action$='/approve'] button.btn-primary").click()
    chief.wait_for_load_state()
    clerk = opens("9001", wide=True)
    clerk.goto(month)
    clerk.locator("form[action$='/close'] button").click()
    clerk.locator("dialog[open] button[value=yes]").click()
    clerk.wait_for_url(month)
    with clerk.expect_download() as download:
        clerk.locator("a[href$='payroll.xlsx']").click()
    assert download.value.suggested_filename.endswith(".xlsx")


AMOUNTS = (
    ("1002", "/"),
    ("1002", "/me/statement"),
    ("1002", "/me/points"),
    ("1002", "/me/sales"),
    ("1002", "/stores/HY01/boards"),
    ("1001", "/stores/HY01/months"),
    ("1001", "/stores/HY01/cockpit"),
    ("1001", "/stores/HY01/sales"),
    ("1001", "/stores/HY01/targets"),
    ("1001", "/stores/HY01/simulations/1"),
)
OUT_OF_REACH = """links => links
  .map(link => [link.textContent.trim(), link.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24 || box.left < 0 || box.right > innerWidth))
  .map(([text, box]) => `${text}: ${box.width} × ${box.height}, from ${box.left} to ${box.right}`)"""


@pytest.mark.parametrize(("number", "address"), AMOUNTS)
def test_on_a_phone_each_figure_that_opens_is_on_the_screen_and_large_enough_to_tap(
    opens: Opens, number: str, address: str
) -> None:
    page = opens(number)
    page.goto(address)
    links = "#main a.why, #main a.ring-why"
    assert page.locator(links).count(), "no figure opens"
    assert page.eval_on_selector_all(links, OUT_OF_REACH) == []
