"""The profile as its owner reads and changes it."""

import json
from pathlib import Path

from playwright.sync_api import expect

from .conftest import Opened
from .test_say import say


def test_interests_are_shown_and_dropped(opened: Opened) -> None:
    page = opened("/page/mine?user=lin&locale=zh")
    entries = page.locator(".entry", has=page.locator(".meter"))
    expect(entries.first).to_be_visible()
    assert page.locator(".chart canvas, .chart svg").count() > 0
    name = entries.first.locator("strong").inner_text()
    entries.first.locator(".chip-x").click()
    expect(page.get_by_role("button", name=f"去掉: {name}", exact=True)).to_have_count(0)


def test_what_was_said_stands_there_and_conditions_end(opened: Opened) -> None:
    page = opened("/page/?user=owner&locale=en", "en")
    page.wait_for_selector(".card")
    say(page, "a phone under 1000 yuan")
    page.get_by_role("link", name="Mine").click()
    condition = page.locator(".entry", has_text="price at most ¥1,000")
    expect(condition).to_contain_text("until")
    expect(page.locator(".entry", has_text="said: phone")).to_be_visible()
    condition.locator(".chip-x").click()
    expect(condition).to_have_count(0)


def test_consent_pause_export_and_forgetting(opened: Opened, tmp_path: Path) -> None:
    page = opened("/page/?user=leaver&locale=en", "en", phone=True)
    page.wait_for_selector(".card")
    say(page, "jazz for the evening")
    page.get_by_role("link", name="Mine").click()
    across = page.get_by_role("switch", name="what is known in one domain counts in the others")
    across.click()
    expect(across).to_have_attribute("aria-checked", "true")
    pause = page.get_by_role("switch", name="Pause learning")
    pause.click()
    expect(page.locator(".note", has_text="paused")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export everything").click()
    kept = tmp_path / "export.json"
    download.value.save_as(kept)
    events = json.loads(kept.read_text(encoding="utf-8"))["events"]
    assert [e["text"] for e in events if e["event"] == "said"] == ["jazz for the evening"]
    assert sum(e["event"] == "edited" for e in events) == 2
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".entry").first).to_be_visible()
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.locator(".mine", has_text="None yet. Say something, or like something.")).to_be_visible()
    assert page.locator(".entry").count() == 0


def test_a_stranger_is_told_so(opened: Opened) -> None:
    page = opened("/page/mine?user=nobody&locale=zh")
    expect(page.locator(".mine")).to_contain_text("这里还没有关于 nobody 的任何记录。")
