"""The third view, for whoever runs the site: what happens, what is in the catalogue, and what comes into it."""

from collections.abc import Callable, Mapping

from betimes.domain.names import Locale
from betimes.engine import Engine
from betimes.serve.page.catalogue import CatalogueView
from betimes.serve.page.importing import ImportView
from betimes.serve.page.live import LiveView
from betimes.serve.page.tags import Tag, button
from betimes.serve.page.view import View
from betimes.serve.page.words import word

_PARTS: Mapping[str, Callable[[Engine, Locale], View]] = {
    "live": LiveView,
    "catalogue": CatalogueView,
    "import": ImportView,
}


class OperateView:
    """Three parts, one shown at a time."""

    def __init__(self, engine: Engine, locale: Locale) -> None:
        self._engine = engine
        self._locale = locale
        with Tag("section", classes="mine"):
            Tag("h1", word("operate", locale))
            self._tabs = Tag("nav", classes="tabs", aria_label=word("operate", locale))
            self._body = Tag("div", classes="mine")

    async def begin(self) -> None:
        """Shows what is happening."""
        await self._go("live")

    async def _go(self, part: str) -> None:
        self._tabs.clear()
        with self._tabs:
            for name in _PARTS:

                async def go(name: str = name) -> None:
                    await self._go(name)

                here = "page" if name == part else "false"
                button(word(name, self._locale), go, "tab", aria_current=here, data_key=f"part:{name}")
        self._body.clear()
        with self._body:
            view = _PARTS[part](self._engine, self._locale)
            await view.begin()
