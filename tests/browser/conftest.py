"""A real browser before a real server with the built-in catalogue."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import betimes
from betimes.demo.story import load
from betimes.domain.item import Item, Money
from betimes.domain.names import ItemId
from betimes.settings import Settings

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 20_000
#: A title that would do harm if it were taken for markup, with a mark that turns the text round.
HOSTILE = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script> \u202eesrever gnihtyna'


@dataclass(frozen=True, slots=True)
class Site:
    """A service with its page, and what a request to it is answered.

    Attributes:
        address: without a slash at its end.
    """

    address: str


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Site]:
    """The built-in catalogue behind ``betimes serve``, in a process of its own."""
    database = folder / "shop.db"
    with betimes.open(str(database), settings=Settings(model="none", explore=0.0)) as engine:
        load(engine)
        hostile = Item(ItemId("x1"), HOSTILE, domain="shop", price=Money.of(99, "CNY"), category="手机 / phone")
        engine.put_items([hostile])
    environment = {
        **os.environ,
        "BETIMES_DB": str(database),
        "BETIMES_MODEL": "none",
        "BETIMES_EXPLORE": "0",
        **settings,
    }
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-c", "from betimes.cli.main import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            site = Site(f"http://127.0.0.1:{port}")
            _awaited(site, process)
            yield site
        finally:
            process.terminate()


def _awaited(site: Site, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise AssertionError("the server ended before it answered")
        try:
            with urllib.request.urlopen(f"{site.address}/readyz") as answer:  # noqa: S310 - an address of ours
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not get ready within a minute")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        pytest.skip("there is no chromium here; install Debian's package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield opened
        opened.close()


@dataclass(slots=True)
class Complaints:
    """What a browser complains of, and where it wants to go beyond this machine."""

    told: list[str] = field(default_factory=list)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Ends a test in failure where the browser complained of anything."""
    complaints = Complaints()
    yield complaints
    assert complaints.told == []


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, site: Site, complaints: Complaints) -> Iterator[Opened]:
    """Opens an address of the site in a browser of its own language and width."""
    contexts = []

    def open_(path: str, locale: str = "zh", *, phone: bool = False, dark: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1200, "height": 900},
            locale="zh-CN" if locale == "zh" else "en-US",
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.on("console", lambda m: complaints.told.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.told.append(str(error)))
        page.on("request", lambda r: None if _here(r.url, site) else complaints.told.append(f"went to {r.url}"))
        page.goto(site.address + path)
        return page

    yield open_
    for context in contexts:
        context.close()


def _here(url: str, site: Site) -> bool:
    return url.startswith((site.address, site.address.replace("http", "ws"), "data:", "blob:"))
