"""Say it, see why, steer it: in a browser, in both languages, on a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import HOSTILE, Opened, Site

ASKED = {
    "zh": ("我想买一款价格在1000元以下的手机，不要红米", "价格不超过 1,000 元", "红米"),
    "en": ("a phone under 1000 yuan, not Redmi", "price at most ¥1,000", "Redmi"),
}
_BOX = ".say-box input"


def say(page: Page, text: str) -> None:
    """Says something and waits for what is understood and listed."""
    seen = page.locator(".list").inner_text()
    page.fill(_BOX, text)
    page.keyboard.press("Enter")
    page.wait_for_function("seen => document.querySelector('.list').innerText !== seen", arg=seen)


def prices(page: Page) -> list[float]:
    return [float(re.sub(r"[^\d.]", "", p)) for p in page.locator(".card .price").all_inner_texts()]


def titles(page: Page) -> list[str]:
    return page.locator(".card h3 > span:last-child").all_inner_texts()


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_sentence_becomes_chips_and_a_list_that_obeys(opened: Opened, locale: str, phone: bool) -> None:
    page = opened(f"/page/?user=say-{locale}-{phone}&locale={locale}", locale, phone=phone)
    page.wait_for_selector(".card")
    text, bound, brand = ASKED[locale]
    say(page, text)
    expect(page.locator(".chip.hard", has_text=bound)).to_be_visible()
    assert len(prices(page)) == len(titles(page)) > 3
    assert max(prices(page)) <= 1000
    assert not [t for t in titles(page) if brand in t]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing lies beyond the edge"


def test_a_chip_taken_away_loosens_the_list_and_the_keyboard_stays_near(opened: Opened) -> None:
    page = opened("/page/?user=chips&locale=en", "en")
    page.wait_for_selector(".card")
    say(page, "a phone under 700 yuan")
    assert max(prices(page)) <= 700
    chip = page.locator(".chip.hard", has_text="price")
    chip.locator(".chip-x").focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_count(0)
    page.wait_for_function(
        "[...document.querySelectorAll('.price')].some(p => +p.innerText.replace(/[^0-9]/g, '') > 700)"
    )


def test_a_chip_is_changed_in_place(opened: Opened) -> None:
    page = opened("/page/?user=changes&locale=zh")
    page.wait_for_selector(".card")
    say(page, "2000元以下的手机")
    page.locator(".chip.hard .chip-body").click()
    page.locator(".pop input[type=number]").fill("800")
    page.locator(".pop .primary").click()
    expect(page.locator(".chip", has_text="价格不超过 800 元")).to_be_visible()
    page.wait_for_function(
        "[...document.querySelectorAll('.price')].every(p => +p.innerText.replace(/[^0-9]/g, '') <= 800)"
    )
    page.locator(".chip.need .chip-body").click()
    page.get_by_role("slider").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.locator(".pop .primary").click()
    expect(page.locator(".chip.need .meter > span")).to_have_attribute("style", re.compile(r"width: 60%"))


def test_acts_are_taken_in_and_what_moved_is_told(opened: Opened) -> None:
    page = opened("/page/?user=acts&locale=zh")
    page.wait_for_selector(".card")
    say(page, "手机")
    first, second = titles(page)[:2]
    page.get_by_role("button", name=f"喜欢: {second}", exact=True).click()
    expect(page.get_by_role("button", name=f"已喜欢: {second}", exact=True)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name=f"不喜欢: {first}", exact=True).click()
    expect(page.get_by_role("heading", name=first, exact=True)).to_have_count(0)
    assert page.locator(".moved.up").count() > 0
    say(page, "太贵了")
    assert page.locator(".chip.soft", has_text="价格不超过").count() == 1
    assert page.locator(".moved").count() > 0


def test_reactions_and_more_like_this(opened: Opened) -> None:
    page = opened("/page/?user=react&locale=en", "en")
    page.wait_for_selector(".card")
    say(page, "headphones")
    before = prices(page)
    page.get_by_role("button", name="too expensive").click()
    expect(page.locator(".chip.soft", has_text="price at most")).to_be_visible()
    page.wait_for_function("before => document.querySelectorAll('.price')[0].innerText !== before", arg=f"{before[0]}")
    page.get_by_role("button", name="another brand").click()
    expect(page.locator(".chip.hard", has_text="brand not").first).to_be_visible()
    shown = titles(page)
    page.get_by_role("button", name=f"More like this: {shown[1]}").click()
    page.wait_for_function("shown => document.querySelector('.list').innerText !== shown", arg="")
    assert titles(page)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_why_accounts_for_the_score(opened: Opened, locale: str) -> None:
    page = opened(f"/page/?user=why-{locale}&locale={locale}", locale)
    page.wait_for_selector(".card")
    say(page, ASKED[locale][0])
    page.locator(".card .why").first.click()
    sheet = page.locator(".sheet")
    expect(sheet).to_be_visible()
    total = float(re.findall(r"-?\d+\.\d+", sheet.locator("caption").inner_text())[0])
    parts = [float(p) for p in sheet.locator(".parts .points").all_inner_texts()]
    assert sum(parts) == pytest.approx(total, abs=0.001 * (len(parts) + 1))
    assert ASKED[locale][0] in sheet.inner_text()
    assert sheet.locator(".trace li").count() > 5
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_an_empty_list_says_why_and_offers_a_way_out(opened: Opened) -> None:
    page = opened("/page/?user=empty&locale=en", "en")
    page.wait_for_selector(".card")
    say(page, "a phone under 20 yuan")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("price at most ¥20")
    empty.get_by_role("button").click()
    page.wait_for_selector(".card")
    expect(empty).to_have_count(0)


def test_a_tab_keeps_to_its_domain(opened: Opened) -> None:
    page = opened("/page/?user=tabs&locale=en", "en")
    page.wait_for_selector(".card")
    page.get_by_role("button", name="music", exact=True).click()
    expect(page.get_by_role("button", name="music", exact=True)).to_have_attribute("aria-current", "page")
    page.wait_for_function("[...document.querySelectorAll('.card')].length > 0 && !document.querySelector('.price')")
    assert page.locator(".card", has_text="phone").count() == 0


def test_what_goes_wrong_is_told(opened: Opened) -> None:
    page = opened("/page/?user=wrong&locale=zh")
    page.wait_for_selector(".card")
    page.fill(_BOX, "手" * 10_000)
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert page.locator(".card").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_text_is_text(opened: Opened) -> None:
    page = opened("/page/?user=hostile&locale=zh")
    page.wait_for_selector(".card")
    say(page, "手机，一百块以内")
    expect(page.locator(".card h3", has_text="<img src=x onerror")).to_be_visible()
    assert HOSTILE.replace("\u202e", "")[:60] in page.locator(".cards").inner_text().replace("\u202e", "")
    say(page, "不要<script>window.harmed=1</script>牌的手机 \u202e500元以下")
    page.locator(".card .why").first.click()
    page.wait_for_selector(".sheet")
    assert page.evaluate("window.harmed") is None
    assert page.locator(".list script, .list img, .sheet script").count() == 0


def test_language_and_theme_are_turned_and_kept(opened: Opened) -> None:
    page = opened("/page/?user=turns", "en")
    page.wait_for_selector(".card")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("button", name=re.compile("Light")).click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.get_by_role("link", name="中文").click()
    page.wait_for_selector(".card")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme]") == ["zh-CN", "dark"]
    expect(page.get_by_role("heading", level=1)).to_have_text("说一句，列表立刻听话")


def test_home_leads_to_the_page_and_the_api_is_as_it_was(opened: Opened, site: Site) -> None:
    page = opened("/")
    page.wait_for_selector(".card")
    assert page.url.startswith(f"{site.address}/page/")
    answer = page.request.get(f"{site.address}/v1/nothing")
    assert answer.status == 404
    assert answer.json()["status"] == 404
