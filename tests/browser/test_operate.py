"""For whoever runs the site: what happens, the catalogue, and what comes into it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import Opened
from .test_access import findings
from .test_say import say

ROWS = """\
货号,商品名,售价,品牌,分类
z1,测试台灯,129,自造牌,台灯
z2,测试落地灯,不知道,自造牌,台灯
z3,测试吸顶灯,299,自造牌,台灯
"""


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_what_happens_is_seen_as_it_happens(opened: Opened, locale: str) -> None:
    watching = opened(f"/page/operate?locale={locale}", locale)
    watching.wait_for_selector(".entry")
    page = opened(f"/page/?user=seen-{locale}&locale={locale}", locale)
    page.wait_for_selector(".card")
    say(page, "徒步用的背包" if locale == "zh" else "a backpack for hiking")
    expect(watching.locator(".entry", has_text=f"seen-{locale}").first).to_be_visible()
    assert watching.locator(".chart").count() == 2
    assert findings(watching) == []


def test_the_catalogue_is_searched_narrowed_and_edited(opened: Opened) -> None:
    page = opened("/page/operate?locale=en", "en", phone=True)
    page.get_by_role("button", name="Catalogue", exact=True).click()
    page.wait_for_selector(".results .entry")
    page.get_by_label("Find in the catalogue").fill("headphones")
    page.keyboard.press("Enter")
    expect(page.locator(".entry", has_text="headphones").first).to_be_visible()
    assert findings(page) == []
    count = page.locator(".entry").count()
    facet = page.get_by_role("group", name="Facets").get_by_role("button").last
    facet.click()
    page.wait_for_function("count => document.querySelectorAll('.entry').length < count", arg=count)
    page.get_by_role("button", name="New item").click()
    for label, text in (
        ("Id", "w1"),
        ("Title", "木星仪 / jovilabe"),
        ("Price", "1,250"),
        ("Category", "仪器 / instrument"),
    ):
        page.get_by_label(re.compile(f"^{label}")).fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".sheet")).to_have_count(0)
    page.get_by_label("Find in the catalogue").fill("jovilabe")
    page.keyboard.press("Enter")
    entry = page.locator(".entry", has_text="jovilabe")
    expect(entry).to_contain_text("1,250")
    entry.get_by_role("button").click()
    page.get_by_label("Price").fill("much")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("w1")
    page.get_by_role("button", name="remove", exact=True).click()
    expect(entry).to_have_count(0)


def test_a_file_is_mapped_previewed_and_imported(opened: Opened, tmp_path: Path) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text(ROWS, encoding="utf-8")
    page = opened("/page/operate?locale=zh")
    page.get_by_role("button", name="导入", exact=True).click()
    page.locator("input[type=file]").set_input_files(goods)
    page.wait_for_selector(".fields")
    page.get_by_role("button", name="预览前几行").click()
    expect(page.locator(".mapping", has_text="前 3 行里，2 行可用，1 行不可用")).to_be_visible()
    expect(page.locator(".entry", has_text="测试台灯")).to_contain_text("129 元")
    page.get_by_role("button", name="导入", exact=True).last.click()
    expect(page.locator("pre")).to_contain_text("kept 2, rejected 1")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载没收下的行").click()
    rejects = tmp_path / "rejects.csv"
    download.value.save_as(rejects)
    assert "不知道" in rejects.read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="目录", exact=True).click()
    page.get_by_label("在目录里找").fill("吸顶灯")
    page.keyboard.press("Enter")
    expect(page.locator(".entry", has_text="测试吸顶灯")).to_be_visible()
