"""Who can use the page: with a screen reader, by keyboard alone, with a token."""

from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import Opened, served
from .test_say import ASKED, say

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def findings(page: Page) -> list[str]:
    """What axe finds serious or worse on a page as it is."""
    page.wait_for_timeout(500)  # colours of what is still fading in are not those that stay
    page.evaluate(_AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{v['id']}: {n['html'][:160]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]
    ]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_axe_finds_nothing_serious(opened: Opened, locale: str, dark: bool) -> None:
    page = opened(f"/page/?user=axe-{locale}-{dark}&locale={locale}", locale, dark=dark, phone=dark)
    page.wait_for_selector(".card")
    say(page, ASKED[locale][0])
    assert findings(page) == []
    page.locator(".card .why").first.click()
    page.wait_for_selector(".sheet")
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.goto(page.url.split("/page/")[0] + f"/page/mine?user=lin&locale={locale}")
    page.wait_for_selector(".entry")
    assert findings(page) == []


def test_all_can_be_done_by_keyboard(opened: Opened) -> None:
    page = opened("/page/?user=keys&locale=en", "en")
    page.wait_for_selector(".card")
    page.keyboard.press("Shift+Tab")
    page.locator(".say-box input").focus()
    page.keyboard.type("a phone under 1500 yuan")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip.hard")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('why')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_have_count(0)


def test_with_a_token_the_page_asks_for_it(browser: Browser, tmp_path: Path) -> None:
    word = "open sesame"
    with served(tmp_path, BETIMES_TOKEN=word) as guarded:
        context = browser.new_context(locale="en-US")
        page = context.new_page()
        page.goto(f"{guarded.address}/page/mine?user=lin")
        expect(page.get_by_label("Access token")).to_be_visible()
        assert page.locator(".entry").count() == 0
        page.get_by_label("Access token").fill("guess")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("That is not the token")
        page.get_by_label("Access token").fill(word)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector(".card")
        assert word not in str(context.cookies())
        context.close()
