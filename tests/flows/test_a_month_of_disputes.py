"""A month of disputes at the second store, played through by each role: pay that is questioned, and a penalty that is appealed against."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import FilePayload, Page

from incentives import clock
from incentives.core.period import Month
from tests.flows.conftest import AXE, Opens
from tests.inspections.conftest import picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MANAGER, ADVISER, COLLEAGUE, INSPECTOR, FINANCE, HEAD_OFFICE = "2001", "2002", "2003", "2005", "9001", "9002"
HERE = "/stores/HY02"
VIOLATIONS = (
    "axe.run(document, {resultTypes: ['violations']})"
    ".then(found => found.violations.map(each => each.id + ': ' + each.nodes[0].html.slice(0, 160)))"
)
PHOTO: FilePayload = {"name": "work order.png", "mimeType": "image/png", "buffer": picture_bytes()}


def press(page: Page, selector: str) -> None:
    """Press a button, say yes if the page asks, and wait for the answer."""
    with page.expect_navigation():
        page.locator(selector).first.click()
        yes = page.locator("dialog[open] button[value=yes]")
        if yes.is_visible():
            yes.click()


def require_clean(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, page.url
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == [], page.url


def ask(adviser: Page, month: Month) -> None:
    """Question the second line of a month with a photo, pressing the button twice."""
    adviser.goto(f"/me/statement?month={month}")
    adviser.locator("a[href*='/me/statement/question']", has_text="对此行提出异议").nth(1).click()
    adviser.select_option("[name=cause]", "sale_missing")
    adviser.fill("[name=words]", "有一单续保没有算给我")
    adviser.set_input_files("input[type=file]", PHOTO)
    require_clean(adviser)
    adviser.locator("#main form button[type=submit]").dblclick()
    adviser.wait_for_url("**/me/questions/*")


def sell(manager: Page, document: str, day: date, seller: str) -> None:
    """Enter a renewal that was forgotten."""
    manager.goto(f"{HERE}/sales/new")
    for name, typed in {
        "document": document,
        "day": day.isoformat(),
        "product_code": "XB-401",
        "quantity": "2",
        "received": "7980",
    }.items():
        manager.fill(f"[name={name}]", typed)
    value = manager.locator("[name=earners-0-person] option", has_text=seller).get_attribute("value")
    manager.select_option("[name=earners-0-person]", value)
    press(manager, "#main form button[type=submit]")
    manager.locator("h1", has_text="车险续保").wait_for()


def test_a_questioned_line_is_answered_corrected_approved_anew_and_settled(opens: Opens) -> None:
    running = Month.of(clock.today())
    closed, reviewed = running.plus(-2), f"{HERE}/months/{running.plus(-1)}"
    adviser, manager, second = opens(ADVISER), opens(MANAGER, wide=True), opens(MANAGER, wide=True, refused=(409,))
    second.goto(reviewed)

    ask(adviser, closed)
    own = adviser.url

    manager.goto("/")
    manager.locator("#main a[href*='/questions']").first.click()
    manager.locator("tbody a", has_text=ADVISER).first.click()
    manager.fill("[name=words]", "已核对接车单，补录这一单")
    press(manager, "button[value=accept]")
    manager.locator("#main", has_text="已采纳").first.wait_for()
    require_clean(manager)

    manager.goto(f"{reviewed}/send-back")
    manager.fill("[name=reason]", "漏录一单续保")
    press(manager, "#main form button[type=submit]")
    manager.locator("form[action$='/start']").wait_for()
    sell(manager, "BL-1", closed.last, ADVISER)
    adviser.goto(own)
    assert "50.00" in adviser.locator("#main").inner_text(), "the correction is on its way"
    require_clean(adviser)

    manager.goto(reviewed)
    press(manager, "form[action$='/start'] button")
    manager.locator("form[action$='/approve']").wait_for()
    press(second, "form[action$='/approve'] button.btn-primary")
    second.locator("#main li", has_text="白雪").first.wait_for()
    require_clean(second)
    second.locator("#main a.btn-primary").click()
    second.wait_for_url(f"**{reviewed}")
    press(second, "form[action$='/approve'] button.btn-primary")
    second.locator("#main", has_text="已批准").first.wait_for()
    chief, clerk = opens(HEAD_OFFICE, wide=True), opens(FINANCE, wide=True)
    chief.goto(reviewed)
    press(chief, "form[action$='/approve'] button.btn-primary")
    chief.locator("#main .page-lead", has_text="已批准").wait_for()
    clerk.goto(reviewed)
    press(clerk, "form[action$='/close'] button")
    clerk.locator("a[href$='payroll.xlsx']").wait_for()

    adviser.goto(own)
    settled = adviser.locator("#main").inner_text()
    assert "已办结" in settled
    assert "50.00" in settled
    adviser.goto(f"/me/statement?month={running.plus(-1)}")
    with adviser.expect_download() as slip:
        adviser.locator("a[href*='payslip']").click()
    assert slip.value.path().read_bytes().startswith(b"%PDF-")


def test_a_won_appeal_leads_to_whoever_was_hit_by_the_same_cause(opens: Opens) -> None:
    inspector = opens(INSPECTOR)
    inspector.goto(f"{HERE}/rewards/new")
    for number in (ADVISER, COLLEAGUE):
        inspector.locator(".form-check", has_text=number).locator("input").check()
    reason = inspector.locator("[name=reason] option", has_text="洗车清洁不够").get_attribute("value")
    inspector.select_option("[name=reason]", reason)
    inspector.fill("[name=note]", "交车前未清洗")
    inspector.set_input_files("input[type=file]", PHOTO)
    require_clean(inspector)
    inspector.locator("#main form button[type=submit]").last.dblclick()
    inspector.wait_for_url(lambda url: url.rsplit("/", 1)[-1].isdecimal())
    record = inspector.url.rsplit("/", 1)[-1]
    assert "江涛" in inspector.locator("#main").inner_text(), "both stand on one page"

    manager = opens(MANAGER, wide=True, dark=True)
    manager.goto(f"{HERE}/rewards/waiting")
    for box in manager.locator("li", has_text="交车前未清洗").locator("input[name=record]").all():
        box.check()
    require_clean(manager)
    press(manager, "form[action$='/approve'] button.btn-primary")
    manager.locator("#main", has_text="已批准").first.wait_for()

    adviser = opens(ADVISER)
    adviser.goto("/")
    adviser.locator("#main a[href*='notice=open']").click()
    adviser.locator("tbody a", has_text=clock.today().isoformat()).first.click()
    adviser.wait_for_url(f"**/me/rewards/{record}")
    with adviser.expect_download() as notice:
        adviser.locator("a[href$='/notice']").click()
    assert notice.value.path().read_bytes().startswith(b"%PDF-")
    press(adviser, "form[action$='/receipt'] button")
    adviser.fill("[name=words]", "当天停水，前台已通知客户")
    adviser.set_input_files("input[type=file]", PHOTO)
    require_clean(adviser)
    press(adviser, "#main form.form button[type=submit]")

    manager.goto(f"{HERE}/rewards/{record}")
    assert manager.locator("button[value=grant]").count() == 0, "who approved does not decide the appeal"
    chief = opens(HEAD_OFFICE, wide=True)
    chief.goto(f"{HERE}/rewards/{record}")
    chief.fill("[name=words]", "停水属实")
    press(chief, "button[value=grant]")
    chief.locator("form[action*='/same-cause/']").wait_for()
    require_clean(chief)
    press(chief, "form[action*='/same-cause/'] button")
    chief.locator("#main", has_text="已按同一原因撤销").wait_for()

    colleague = opens(COLLEAGUE)
    colleague.goto("/me/rewards")
    colleague.locator("tbody a", has_text=clock.today().isoformat()).first.click()
    assert "已撤销" in colleague.locator("#main").inner_text()
