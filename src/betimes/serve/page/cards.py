"""The list as cards: what it is, what matters of it now, why it is here, and what one can do about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from betimes.domain.event import ActKind
from betimes.domain.item import Item, Quantity
from betimes.domain.labels import field_label, money, quantity
from betimes.domain.names import ItemId, Locale, localised
from betimes.domain.slate import Pick
from betimes.serve.page.tags import Tag, button, spoken
from betimes.serve.page.visit import Visit
from betimes.serve.page.words import word

#: What can be done with an item: the act, its word, its sign, the word when it was done.
_ACTS: Final = (
    (ActKind.LIKE, "like", "♡", "done like"),
    (ActKind.DISLIKE, "dislike", "⊘", "done dislike"),
    (ActKind.SAVE, "keep", "☆", "done save"),
    (ActKind.BUY, "buy", "◎", "done buy"),
)
_FACTS = 3


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a card's buttons call."""

    act: Callable[[ItemId, ActKind], Awaitable[None]]
    why: Callable[[ItemId], Awaitable[None]]
    say: Callable[[str], Awaitable[None]]


def cards(visit: Visit, deeds: Deeds) -> None:
    """Draws the list of a visit, best first."""
    slate = visit.slate
    if slate is None:
        return
    asked = {c.field for c in slate.intent.constraints} if slate.intent else set()
    with Tag("ol", classes="cards"):
        for place, pick in enumerate(slate.picks, 1):
            item = visit.items.get(pick.item)
            with Tag("li", classes="card", data_key=pick.item):
                if item is None:
                    Tag("p", word("gone", visit.locale), "quiet")
                else:
                    _card(visit, pick, item, place, asked, deeds)


def _card(visit: Visit, pick: Pick, item: Item, place: int, asked: set[str], deeds: Deeds) -> None:
    locale = visit.locale
    title = localised(item.title, locale)
    picture(item, locale)
    with Tag("div", classes="card-main"):
        with Tag("div", classes="card-head"):
            with Tag("h3"):
                Tag("span", f"{place}", "rank", aria_hidden="true")
                Tag("span", title)
            _moved(visit, pick.item, place)
        with Tag("p", classes="card-line"):
            if item.price is not None:
                Tag("strong", money(item.price, locale), "price")
            Tag("span", " · ".join(localised(t, locale) for t in (item.brand, item.category) if t), "quiet")
        _facts(item, asked, locale)
        if pick.copy is not None:
            Tag("p", pick.copy.text, "copy")
        _reason(visit, pick, title, deeds)
        _actions(visit, pick.item, title, place, deeds)


def picture(item: Item, locale: Locale) -> None:
    """The item's image, or the first letter of its kind on a quiet ground of a colour of its own."""
    if item.image.startswith(("https://", "http://", "/")):
        Tag("img", classes="picture", src=item.image, alt="", loading="lazy", referrerpolicy="no-referrer")
        return
    named = localised(item.category or item.title, locale)
    hue = crc32(item.category.encode()) % 360
    Tag("div", named[:1].upper(), "picture letter", aria_hidden="true").style(f"--hue: {hue}")


def _moved(visit: Visit, item: ItemId, place: int) -> None:
    by = visit.moved(item, place)
    if visit.before is None or by == 0:
        return
    if by is None:
        Tag("span", word("new", visit.locale), "moved new")
        return
    with Tag("span", classes=f"moved {'up' if by > 0 else 'down'}"):
        Tag("span", f"{'↑' if by > 0 else '↓'}{abs(by)}", aria_hidden="true")
        spoken(word("up" if by > 0 else "down", visit.locale, n=abs(by)))


def _facts(item: Item, asked: set[str], locale: Locale) -> None:
    """A few facts, those that were asked about first."""
    told = sorted(item.facts.items(), key=lambda pair: pair[0] not in asked)
    shown = []
    for field, fact in told:
        if isinstance(fact, bool):
            if fact:
                shown.append((field, field_label(field, locale)))
        elif isinstance(fact, Quantity):
            shown.append((field, f"{field_label(field, locale)} {quantity(fact, locale)}"))
        else:
            shown.append((field, f"{field_label(field, locale)} {'、'.join(localised(f, locale) for f in fact[:2])}"))
    if shown:
        with Tag("ul", classes="facts"):
            for field, text in shown[:_FACTS]:
                Tag("li", text, "asked" if field in asked else "")


def _reason(visit: Visit, pick: Pick, title: str, deeds: Deeds) -> None:
    locale = visit.locale

    async def why() -> None:
        await deeds.why(pick.item)

    with Tag("p", classes="reason"):
        if pick.reasons:
            Tag("span", pick.reasons[0].text)
        label = word("why", locale)
        button(label, why, "why", aria_label=f"{label}: {title}", data_key=f"why:{pick.item}")


def _actions(visit: Visit, item: ItemId, title: str, place: int, deeds: Deeds) -> None:
    locale, done = visit.locale, visit.acts.get(item)
    with Tag("div", classes="actions"):
        for kind, name, sign, past in _ACTS:

            async def act(kind: ActKind = kind) -> None:
                await deeds.act(item, kind)

            label = word(past if done is kind else name, locale)
            pressed = "true" if done is kind else "false"
            with button(
                "", act, "act", aria_label=f"{label}: {title}", aria_pressed=pressed, data_key=f"{kind}:{item}"
            ):
                Tag("span", sign, "sign", aria_hidden="true")
                Tag("span", label, aria_hidden="true")

        async def more() -> None:
            await deeds.say(word("more like said", locale, n=place))

        button(word("more like", locale), more, "act plain", aria_label=f"{word('more like', locale)}: {title}")
