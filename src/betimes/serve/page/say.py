"""The first view: a box to speak into, what was understood, and the list that follows."""

from collections.abc import Awaitable, Callable

import structlog
from nicegui import ui

from betimes.domain.event import ActKind, Change
from betimes.domain.labels import describe, domain_label
from betimes.domain.names import ItemId, localised
from betimes.domain.slate import Slate
from betimes.errors import BetimesError
from betimes.serve.page.cards import Deeds, cards, picture
from betimes.serve.page.chips import chips
from betimes.serve.page.tags import Tag, button
from betimes.serve.page.visit import Visit
from betimes.serve.page.why import show_why
from betimes.serve.page.words import word

_log = structlog.get_logger()


class SayView:
    """Draws the view of a visit and keeps it at what the visit holds."""

    def __init__(self, visit: Visit, domains: list[str]) -> None:
        self._visit = visit
        self._domains = domains
        self._busy = False
        locale = visit.locale
        with Tag("section", classes="say"):
            Tag("h1", word("motto", locale))
            with Tag("form", classes="say-form") as form:
                self._box = ui.input(placeholder=word("hint", locale)).props(
                    f'borderless dense autofocus maxlength=10000 aria-label="{word("box", locale)}"'
                )
                self._box.classes("say-box")
                Tag("button", word("send", locale), "primary", type="submit")
            form.on("submit.prevent", self._sent)
            self._tabs = Tag("nav", classes="tabs", aria_label=word("domains", locale))
        self._understood = Tag("section", classes="understood", aria_live="polite")
        self._list = Tag("section", classes="list")
        self._draw_tabs()

    async def begin(self) -> None:
        """Shows the list as it is before anything is said."""
        await self._tried(self._visit.look)
        await self._draw()

    async def _sent(self) -> None:
        text = str(self._box.value or "").strip()
        if text:
            self._box.value = ""
            await self._say(text)

    async def _say(self, text: str) -> None:
        async def conversed() -> None:
            self._busy = self._visit.engine.model is not None
            async for update in self._visit.say(text):
                if isinstance(update, Slate) and self._visit.slate is not None:
                    await self._draw()
                elif not isinstance(update, Slate):
                    self._busy = False
                    await self._draw()

        await self._tried(conversed)
        if self._busy:
            self._busy = False
            await self._draw()

    async def _edit(self, *changes: Change) -> None:
        await self._tried(lambda: self._visit.edit(*changes))
        await self._draw()

    async def _act(self, item: ItemId, kind: ActKind) -> None:
        await self._tried(lambda: self._visit.act(item, kind))
        await self._draw()

    async def _why(self, item: ItemId) -> None:
        async def told() -> None:
            why = await self._visit.why(item)
            if why is not None:
                with self._list:
                    show_why(why, self._visit.locale)

        await self._tried(told)

    async def _go(self, domain: str | None) -> None:
        self._visit.domain, self._visit.before, self._visit.slate = domain, None, None
        self._draw_tabs()
        await self.begin()

    async def _tried(self, deed: Callable[[], Awaitable[None]]) -> None:
        """Does something; what goes wrong is told to the reader, in a sentence."""
        try:
            await deed()
        except BetimesError as error:
            self._busy = False
            with self._list:
                ui.notify(word("failed", self._visit.locale, why=str(error)), type="negative", multi_line=True)

    def _draw_tabs(self) -> None:
        locale = self._visit.locale
        self._tabs.clear()
        with self._tabs:
            for domain in (None, *self._domains):
                here = domain == self._visit.domain

                async def go(domain: str | None = domain) -> None:
                    await self._go(domain)

                label = word("all", locale) if domain is None else domain_label(domain, locale).removeprefix("the ")
                key = f"tab:{domain or ''}"
                button(label, go, "tab", aria_current="page" if here else "false", data_key=key)

    async def _draw(self) -> None:
        interests, constraints = await self._visit.held()
        locale, slate = self._visit.locale, self._visit.slate
        self._understood.clear()
        with self._understood:
            Tag("h2", word("understood", locale))
            if interests or constraints:
                chips(interests, constraints, locale, self._edit)
            else:
                Tag("p", word("nothing understood", locale), "quiet")
            if self._busy:
                with Tag("p", classes="reading"):
                    Tag("span", classes="dot", aria_hidden="true")
                    Tag("span", word("reading", locale))
        self._list.clear()
        if slate is None:
            return
        with self._list:
            with Tag("div", classes="list-head"):
                Tag("h2", word("list", locale))
                if slate.picks:
                    self._reactions()
            if slate.copy is not None and slate.empty is None:
                Tag("p", slate.copy.text, "slate-copy")
            for note in slate.notes:
                Tag("p", note, "note")
            if slate.empty is not None:
                self._empty(slate)
            cards(self._visit, Deeds(self._act, self._why, self._say))

    def _reactions(self) -> None:
        locale = self._visit.locale
        with Tag("div", classes="react"):
            Tag("span", word("react", locale), "quiet")
            for key in ("too dear", "other brand"):

                async def react(text: str = word(key, locale)) -> None:
                    await self._say(text)

                button(word(key, locale), react, "ghost", data_key=key)

    def _empty(self, slate: Slate) -> None:
        """Why there is nothing, and the ways out."""
        locale, empty = self._visit.locale, slate.empty
        if empty is None:
            return
        with Tag("div", classes="empty", role="status"):
            Tag("h3", word("empty", locale))
            Tag("p", empty.text)
            for constraint in empty.constraints:

                async def relax(change: Change = Change(op="drop_constraint", constraint=constraint)) -> None:  # noqa: B008
                    await self._edit(change)

                button(word("relax", locale, what=describe(constraint, locale)), relax, "ghost")
            nearest = self._visit.items.get(empty.nearest) if empty.nearest else None
            if nearest is not None:
                with Tag("div", classes="nearest"):
                    picture(nearest, locale)
                    Tag("p", f"{word('nearest', locale)} {localised(nearest.title, locale)}")
