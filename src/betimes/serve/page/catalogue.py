"""The catalogue for whoever runs the site: search, facets, and an editor of items."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from nicegui import run, ui

from betimes.domain.item import Item
from betimes.domain.labels import domain_label, money
from betimes.domain.names import Locale, localised
from betimes.engine import Engine
from betimes.errors import BetimesError, InvalidInput
from betimes.serve import wire
from betimes.serve.page.cards import picture
from betimes.serve.page.tags import Tag, button
from betimes.serve.page.words import word

_MOST: Final = 200
_SHOWN: Final = 40
_FACETS: Final = 8


class CatalogueView:
    """What is in the catalogue, found by words and narrowed by facets."""

    def __init__(self, engine: Engine, locale: Locale) -> None:
        self._engine = engine
        self._locale = locale
        self._facet: tuple[str, str] | None = None
        self._found: list[Item] = []
        with Tag("form", classes="say-form") as form:
            self._box = ui.input().props(f'borderless dense aria-label="{word("find", locale)}"').classes("say-box")
            self._box.props["placeholder"] = word("find", locale)
            Tag("button", word("search", locale), "primary", type="submit")
        form.on("submit.prevent", self.begin)
        self._body = Tag("div", classes="results")

    async def begin(self) -> None:
        """Shows what is found for the words in the box; without any, some of the catalogue."""
        self._facet = None
        self._found = await run.io_bound(self._engine.find, str(self._box.value or ""), None, _MOST) or []
        self._draw()

    def _draw(self) -> None:
        locale = self._locale
        self._body.clear()
        shown = [i for i in self._found if self._facet is None or self._facet in _facets(i)]
        with self._body:
            with Tag("div", classes="react"):
                button(word("new item", locale), lambda: self._edit(None), "ghost")
                Tag("span", word("found", locale, n=len(shown)), "quiet", role="status")
            with Tag("div", classes="react", role="group", aria_label=word("facets", locale)):
                for facet, count in Counter(f for i in self._found for f in _facets(i)).most_common(_FACETS):
                    self._facet_button(facet, count)
            with Tag("ul", classes="entries"):
                for item in shown[:_SHOWN]:
                    self._entry(item)

    def _facet_button(self, facet: tuple[str, str], count: int) -> None:
        on = facet == self._facet
        name = domain_label(facet[1], self._locale) if facet[0] == "domain" else localised(facet[1], self._locale)

        def turn() -> None:
            self._facet = None if on else facet
            self._draw()

        pressed = "true" if on else "false"
        button(f"{name} {count}", turn, "ghost", aria_pressed=pressed, data_key=f"facet:{facet[0]}:{facet[1]}")

    def _entry(self, item: Item) -> None:
        locale = self._locale
        title = localised(item.title, locale)
        with Tag("li", classes="entry"):
            picture(item, locale)
            with Tag("div", classes="entry-main"):
                Tag("strong", title)
                about = (item.brand, item.category, domain_label(item.domain, locale))
                Tag("span", " · ".join(localised(a, locale) for a in about if a), "quiet")
                if not item.available:
                    Tag("span", word("unavailable", locale), "note")
            if item.price is not None:
                Tag("span", money(item.price, locale), "price")
            button(
                word("change", locale),
                lambda: self._edit(item),
                "ghost",
                aria_label=f"{word('change', locale)}: {title}",
            )

    def _edit(self, item: Item | None) -> None:
        with self._body:
            edit_item(self._engine, item, self._locale, self.begin)


def _facets(item: Item) -> list[tuple[str, str]]:
    named = (("domain", item.domain), ("category", item.category), ("brand", item.brand))
    return [(kind, name) for kind, name in named if name]


def edit_item(engine: Engine, item: Item | None, locale: Locale, then: Callable[[], Awaitable[None]]) -> None:
    """Opens a form for an item, or for a new one; ``then`` is called when something was changed."""
    fields = {}
    with ui.dialog() as dialog, Tag("div", classes="sheet"):
        dialog.props["aria-label"] = word("change" if item else "new item", locale)
        Tag("h2", localised(item.title, locale) if item else word("new item", locale))
        for name, value in _texts(item).items():
            made = ui.textarea if name == "text" else ui.input
            fields[name] = made(label=word(f"item {name}", locale), value=value).props("outlined dense")
        if item is not None:
            fields["id"].disable()
        available = ui.switch(word("available", locale), value=item.available if item else True)
        complaint = Tag("p", "", "note", role="alert")

        async def save() -> None:
            try:
                made = _item_of({name: str(box.value or "") for name, box in fields.items()}, item)
                await run.io_bound(engine.put_items, [replace(made, available=bool(available.value))])
            except BetimesError as error:
                complaint.set_text(str(error))
                return
            dialog.close()
            await then()

        async def remove() -> None:
            if item is not None:
                await run.io_bound(engine.remove_item, item.id)
                dialog.close()
                await then()

        with Tag("div", classes="react"):
            button(word("save", locale), save, "primary")
            button(word("cancel", locale), dialog.close, "ghost")
            if item is not None:
                button(word("remove", locale), remove, "ghost danger")
    dialog.on("hide", dialog.delete)
    dialog.open()


def _texts(item: Item | None) -> dict[str, str]:
    """An item's fields as they are typed."""
    if item is None:
        return dict.fromkeys(("id", "title", "text", "domain", "price", "currency", "brand", "category", "tags"), "")
    return {
        "id": item.id,
        "title": item.title,
        "text": item.text,
        "domain": item.domain,
        "price": str(item.price.major) if item.price else "",
        "currency": item.price.currency if item.price else "",
        "brand": item.brand,
        "category": item.category,
        "tags": "|".join(item.tags),
    }


def _item_of(typed: dict[str, str], item: Item | None) -> Item:
    """The item that was typed, over what it was before.

    Raises:
        InvalidInput: something cannot be.
    """
    if not typed["id"].strip():
        raise InvalidInput("an item needs an id")
    before = wire.item_json(item) if item else {}
    price, currency = typed["price"].replace(",", "").strip(), typed["currency"].strip()
    own = {"id": typed["id"].strip(), "price": price or None, "currency": currency or None}
    return wire.item_from({**before, **typed, **own, "tags": typed["tags"].split("|")})
