"""A manager builds a plan in the browser from nothing to submitted, on a phone and on a desktop; nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.flows.conftest import AXE, Opens

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

MANAGER = "1001"
SHEET = re.compile(r"/plans/sheets/\d+$")
VIOLATIONS = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(each => each.id))"
STATE = "#plan-state"


def _store(page: Page) -> str:
    page.goto("/")
    return (page.locator("a[href^='/stores/']").first.get_attribute("href") or "").split("/")[2]


def _begin(page: Page, template: str = "empty") -> None:
    page.goto(f"/stores/{_store(page)}/plans/new")
    page.click(f"button[name=template][value={template}]")
    page.wait_for_url(SHEET)


@contextmanager
def _kept(page: Page) -> Iterator[None]:
    """What is done inside is answered before the story goes on."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and bool(SHEET.search(answer.url))):
        yield
    expect(page.locator("[data-plan-editor]:not([aria-busy])")).to_have_count(1)


def _type(page: Page, name: str, text: str, place: int = 0) -> None:
    with _kept(page):
        page.locator(f"[name='{name}']").nth(place).fill(text)


def _choose(page: Page, name: str, value: str) -> None:
    with _kept(page):
        page.locator(f"[name='{name}']").first.select_option(value)


def _add(page: Page, path: str, kind: str) -> None:
    button = page.locator(f"button[value='add|{path}|{kind}']")
    menu = page.locator(f"details.plan-add:has(> .menu-sheet > button[value='add|{path}|{kind}'])")
    if menu.count():
        menu.locator("summary").click()
    with _kept(page):
        button.click()


def _is_clean(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []


def _service_advisers(page: Page, code: str) -> None:
    """Tiers on accessories sold above 80 % of list, times the attainment of an indicator."""
    _begin(page)
    _type(page, "name.zh#text", "服务顾问精品提成")
    page.locator("#at-plan-more > summary").click()
    _type(page, "plan#code", code)
    _type(page, "lines[0].name.zh#text", "精品提成")
    _choose(page, "lines[0]#worth", "each_band")
    _choose(page, "lines[0].measure.price#edges", "above")
    _type(page, "lines[0].measure.price#edges", "80", 1)
    _type(page, "lines[0].tiers.bands[1].rate#rate", "8")
    _add(page, "lines[0].then", "measured")
    _choose(page, "lines[0].then[0].factor.measure.indicator#choice", "workshop_revenue")


@pytest.mark.parametrize("wide", [False, True], ids=["phone", "desktop"])
def test_a_plan_is_built_from_nothing_and_submitted(opens: Opens, *, wide: bool) -> None:
    page = opens(MANAGER, wide=wide, dark=wide)
    code = f"advisers-{'desktop' if wide else 'phone'}"
    _service_advisers(page, code)
    expect(page.locator(".read-aloud")).to_contain_text("80 %")
    with _kept(page):
        page.locator("button[name=op][value=example]").click()
    expect(page.locator("[data-row='examples[0]']")).to_be_visible()
    _is_clean(page)
    page.locator("#plan-bar button[value=keep]").click()
    page.wait_for_url(re.compile(r"/plans/\d+\?version="))
    downloaded = page.request.get(page.locator("a[href$='plan.yaml']").get_attribute("href") or "").text()
    assert f"plan: {code}" in downloaded
    assert "above: 80 %" in downloaded
    page.get_by_role("button", name="提交审批").first.click()
    with page.expect_navigation():
        page.locator("dialog[open] button[type=submit], .modal.show button[type=submit]").first.click()
    expect(page.get_by_text("待批准").first).to_be_visible()
    _is_clean(page)


def test_what_a_file_says_comes_back_byte_for_byte(opens: Opens) -> None:
    page = opens(MANAGER, wide=True)
    text = "# As agreed in March.\nplan: by-file\nname: {en: By file, zh: 文件方案}\nlines:\n  - {line: one, fixed: 100.00}\n"
    page.goto(f"/stores/{_store(page)}/plans/new")
    page.set_input_files("input[type=file]", {"name": "by-file.yaml", "mimeType": "text/yaml", "buffer": text.encode()})
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url(SHEET)
    page.locator("#plan-bar button[value=keep]").click()
    page.wait_for_url(re.compile(r"/plans/\d+\?version="))
    assert page.request.get(page.locator("a[href$='plan.yaml']").get_attribute("href") or "").body() == text.encode()


def test_the_keyboard_undoes_and_moves_a_row(opens: Opens) -> None:
    page = opens(MANAGER, wide=True)
    _begin(page)
    _add(page, "lines", "group")
    titles = page.locator("#plan-rows [data-row^='lines'] > details.plan-fold > summary h3")
    expect(titles).to_have_count(3)
    page.locator("[data-row='lines[1]'] > details.plan-fold > summary").focus()
    with _kept(page):
        page.keyboard.press("Alt+Shift+ArrowUp")
    expect(titles.first).to_contain_text("新分组")
    with _kept(page):
        page.keyboard.press("Control+z")
    expect(titles.first).to_contain_text("新项目")
    with _kept(page):
        page.keyboard.press("Control+Shift+Z")
    expect(titles.first).to_contain_text("新分组")


def test_rows_fold_stay_as_they_were_and_open_where_something_is_wrong(opens: Opens) -> None:
    page = opens(MANAGER)
    _begin(page, "service-advisers")
    folds = page.locator("#plan-rows details.plan-fold[open]")
    expect(folds).to_have_count(0)
    first = page.locator("[data-row='lines[0]'] > details.plan-fold > summary")
    expect(first.locator(".plan-said")).not_to_be_empty()
    page.locator("#plan-contents a[href='#at-lines-1']").click()
    expect(page.locator("[data-row='lines[1]'] > details.plan-fold")).to_have_attribute("open", "")
    _type(page, "lines[1].rate#rate", "lots")
    expect(page.locator("#plan-contents .plan-count-error").first).to_have_text("1")
    with _kept(page):
        page.keyboard.press("Tab")
        page.locator("#plan-bar button[value=undo]").click()
    expect(page.locator("[data-row='lines[1]'] > details.plan-fold")).to_have_attribute("open", "")
    expect(page.locator("[data-row='lines[0]'] > details.plan-fold")).not_to_have_attribute("open", "")


def test_whoever_is_signed_out_while_typing_loses_nothing(opens: Opens) -> None:
    page = opens(MANAGER)
    _begin(page)
    page.route(SHEET, lambda route: route.fulfill(body="<h1>Sign in</h1>", content_type="text/html"))
    page.locator("[name='lines[0].rate#rate']").first.fill("7")
    expect(page.locator(STATE)).to_contain_text("已退出登录")
    page.unroute(SHEET)
    expect(page.locator(STATE)).to_contain_text("已保存 ", timeout=30_000)
    page.reload()
    expect(page.locator("[name='lines[0].rate#rate']").first).to_have_value("7")
