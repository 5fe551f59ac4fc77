"""What was understood, as chips that can be changed and taken away."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from nicegui import ui
from nicegui.events import GenericEventArguments

from betimes.domain.event import Change
from betimes.domain.intent import Constraint, Interest
from betimes.domain.labels import describe
from betimes.domain.names import Locale, localised
from betimes.serve.page.tags import Tag, button, spoken
from betimes.serve.page.words import word

#: Makes changes of the profile and lets the list follow.
Edit = Callable[..., Awaitable[None]]


def chips(interests: list[Interest], constraints: list[Constraint], locale: Locale, edit: Edit) -> None:
    """Draws a list of chips; each opens to be changed, and has a button that takes it away."""
    with Tag("ul", classes="chips"):
        for interest in interests:
            _interest_chip(interest, locale, edit)
        for constraint in constraints:
            _constraint_chip(constraint, locale, edit)


def _interest_chip(interest: Interest, locale: Locale, edit: Edit) -> None:
    name = localised(interest.topic, locale)
    against = interest.polarity < 0
    kind = word("not" if against else interest.kind, locale)
    with Tag("li", classes=f"chip {'against' if against else interest.kind}", data_key=f"i:{interest.topic}"):
        with Tag("button", classes="chip-body", type="button", title=_by(interest.by, locale)):
            Tag("span", kind, "chip-kind")
            Tag("span", name, "chip-name")
            with Tag("span", classes="meter", aria_hidden="true"):
                Tag("span").style(f"width: {round(100 * interest.strength)}%")
            spoken(word("change", locale))
            with ui.menu().props("no-parent-event=false") as menu, Tag("div", classes="pop"):
                _strength(interest, locale, edit, menu)

        async def drop() -> None:
            await edit(Change(op="drop_interest", interest=interest))

        button("×", drop, "chip-x", aria_label=f"{word('remove', locale)}: {name}")


def _strength(interest: Interest, locale: Locale, edit: Edit, menu: ui.menu) -> None:
    label = word("strength", locale)
    chosen = interest.strength

    def choose(event: GenericEventArguments) -> None:
        nonlocal chosen
        chosen = min(1.0, max(0.1, float(event.args)))

    async def save() -> None:
        menu.close()
        await edit(Change(op="set_interest", interest=replace(interest, strength=chosen, by="user")))

    Tag("p", f"{label}: {localised(interest.topic, locale)}", "pop-title")
    slider = Tag("input", classes="slider", type="range", min=0.1, max=1, step=0.1, value=chosen, aria_label=label)
    slider.on("change", choose, js_handler="(event) => emit(event.target.value)")
    button(word("save", locale), save, "primary")


def _constraint_chip(constraint: Constraint, locale: Locale, edit: Edit) -> None:
    name = describe(constraint, locale)
    key = f"c:{constraint.field}{constraint.op}{constraint.value}"
    with Tag("li", classes=f"chip {'hard' if constraint.hard else 'soft'}", data_key=key):
        with Tag("button", classes="chip-body", type="button", title=_by(constraint.by, locale)):
            if not constraint.hard:
                Tag("span", word("soft", locale), "chip-kind")
            Tag("span", name, "chip-name")
            spoken(word("change", locale))
            with ui.menu() as menu, Tag("div", classes="pop"):
                _bound(constraint, locale, edit, menu)

        async def drop() -> None:
            await edit(Change(op="drop_constraint", constraint=constraint))

        button("×", drop, "chip-x", aria_label=f"{word('remove', locale)}: {name}")


def _bound(constraint: Constraint, locale: Locale, edit: Edit, menu: ui.menu) -> None:
    Tag("p", describe(constraint, locale), "pop-title")
    number = None
    if isinstance(constraint.value, (int, float)):
        number = ui.number(label=word("value", locale), value=constraint.value).props("outlined dense")
    hard = ui.switch(word("hard", locale), value=constraint.hard)

    async def save() -> None:
        menu.close()
        value = constraint.value if number is None or number.value is None else float(number.value)
        changed = replace(constraint, value=value, hard=bool(hard.value), by="user")
        await edit(Change(op="drop_constraint", constraint=constraint), Change(op="add_constraint", constraint=changed))

    button(word("save", locale), save, "primary")


def _by(reader: str, locale: Locale) -> str:
    if reader in ("rules", "user"):
        return word(f"read by {reader}", locale)
    return word("read by model", locale)
