"""The example shop: a page of another site, in plain HTML, that calls the service."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .conftest import served

_SHOP = Path(__file__).parents[2] / "examples" / "shop"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing of each request."""


@pytest.fixture
def shop() -> Iterator[str]:
    """The shop's own site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=_SHOP)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_example_shop_says_shows_and_tells(browser: Browser, shop: str, tmp_path: Path) -> None:
    with served(tmp_path, BETIMES_ORIGINS=f'["{shop}"]') as site:
        page = browser.new_page(locale="en-US")
        page.goto(f"{shop}/?betimes={site.address}")
        page.wait_for_selector("li")
        page.get_by_label("What are you looking for?").fill("a phone under 1000 yuan, not Redmi")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#note")).to_contain_text("price at most ¥1,000")
        prices = [float(p.split()[0]) for p in page.locator(".price").all_inner_texts()]
        assert len(prices) > 3
        assert max(prices) <= 1000
        page.get_by_role("button", name="Like").nth(1).click()
        page.get_by_label("What are you looking for?").fill("   ")
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("#note")).to_contain_text("Sorry:")
        page.close()


def test_a_site_that_is_not_named_may_not_call(browser: Browser, shop: str, tmp_path: Path) -> None:
    with served(tmp_path) as site:
        page = browser.new_page(locale="en-US")
        page.goto(f"{shop}/?betimes={site.address}")
        expect(page.locator("#note")).to_contain_text("Sorry:")
        assert page.locator("li").count() == 0
        page.close()
