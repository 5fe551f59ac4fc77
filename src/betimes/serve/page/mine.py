"""The second view: the profile as its owner reads it, and what they may do about it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from nicegui import run, ui

from betimes.domain.event import Change, Purpose
from betimes.domain.intent import Interest
from betimes.domain.labels import acted, describe, domain_label, purpose_label
from betimes.domain.names import Locale, localised
from betimes.domain.profile import Memory, Preference, Profile
from betimes.serve import wire
from betimes.serve.page.tags import Tag, button
from betimes.serve.page.visit import Visit
from betimes.serve.page.words import word

_MOST: Final = 30
_MOST_ACTS: Final = 12
#: Days that the chart of decay looks ahead.
_AHEAD: Final = 60
_LINES: Final = 6


class MineView:
    """Draws what is known of the visitor, over all domains."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._body = Tag("section", classes="mine")

    async def begin(self) -> None:
        """Shows the profile as it is now."""
        visit, locale = self._visit, self._visit.locale
        visit.domain = None
        profile = await visit.profile()
        self._body.clear()
        with self._body:
            Tag("h1", f"{word('mine', locale)} · {visit.user}")
            if profile is None:
                Tag("p", word("stranger", locale, who=visit.user), "quiet")
                return
            if profile.paused:
                Tag("p", word("paused", locale), "note")
            self._interests(profile)
            self._conditions(profile)
            await self._acts(profile)
            self._consents(profile)
            self._data(profile)

    async def _edit(self, change: Change) -> None:
        await run.io_bound(self._visit.engine.edit, self._visit.user, change)
        await self.begin()

    def _interests(self, profile: Profile) -> None:
        locale, memory, now = self._visit.locale, Memory(), datetime.now(UTC)
        strongest = sorted(profile.preferences, key=lambda p: -p.now(now, memory))[:_MOST]
        Tag("h2", word("interests", locale))
        if not strongest:
            Tag("p", word("no interests", locale), "quiet")
            return
        _decay_chart(strongest[:_LINES], memory, now, locale)
        with Tag("ul", classes="entries"):
            for preference in strongest:
                self._interest(preference, preference.now(now, memory))

    def _interest(self, preference: Preference, weight: float) -> None:
        locale = self._visit.locale
        name = localised(preference.topic, locale)
        against = preference.polarity < 0
        with Tag("li", classes="entry"):
            with Tag("div", classes="entry-main"):
                Tag("strong", name)
                Tag("span", word("not" if against else preference.kind, locale), "chip-kind")
                Tag("span", _rests_on(preference, locale), "quiet")
            with Tag("span", classes=f"meter wide {'against' if against else ''}", title=f"{weight:.2f}"):
                Tag("span").style(f"width: {round(100 * weight)}%")
            Tag("span", f"{weight:.2f}", "points")

            async def drop() -> None:
                gone = Interest(preference.topic, preference.kind, preference.polarity)
                await self._edit(Change(op="drop_interest", interest=gone))

            button("×", drop, "chip-x", aria_label=f"{word('remove', locale)}: {name}")

    def _conditions(self, profile: Profile) -> None:
        locale = self._visit.locale
        Tag("h2", word("conditions", locale))
        held = profile.active_constraints(datetime.now(UTC))
        if not held:
            Tag("p", word("no conditions", locale), "quiet")
            return
        with Tag("ul", classes="entries"):
            for constraint in held:
                with Tag("li", classes="entry"):
                    with Tag("div", classes="entry-main"):
                        Tag("strong", describe(constraint, locale))
                        until = constraint.until
                        ends = (
                            word("until", locale, at=f"{until:%Y-%m-%d %H:%M} UTC")
                            if until
                            else word("standing", locale)
                        )
                        Tag("span", ends, "quiet")

                    async def drop(change: Change = Change(op="drop_constraint", constraint=constraint)) -> None:  # noqa: B008
                        await self._edit(change)

                    label = f"{word('remove', locale)}: {describe(constraint, locale)}"
                    button("×", drop, "chip-x", aria_label=label)

    async def _acts(self, profile: Profile) -> None:
        locale = self._visit.locale
        Tag("h2", word("did", locale))
        recent = list(reversed(profile.recent))[:_MOST_ACTS]
        if not recent:
            Tag("p", word("no acts", locale), "quiet")
            return
        items = self._visit.engine.items([r.item for r in recent])
        with Tag("ul", classes="entries"):
            for deed in recent:
                item = items.get(deed.item)
                with Tag("li", classes="entry"):
                    Tag("span", acted(deed.kind, item.title if item else deed.item, locale), "entry-main")
                    Tag("time", f"{deed.at:%Y-%m-%d %H:%M}", "quiet", datetime=deed.at.isoformat())

    def _consents(self, profile: Profile) -> None:
        locale = self._visit.locale
        Tag("h2", word("consents", locale))
        for purpose in Purpose:
            switch = ui.switch(purpose_label(purpose, locale), value=purpose in profile.consents)

            async def turned(purpose: Purpose = purpose, switch: ui.switch = switch) -> None:
                await self._edit(Change(op="consent" if switch.value else "withdraw", purpose=purpose))

            switch.on("update:model-value", turned)

    def _data(self, profile: Profile) -> None:
        locale = self._visit.locale
        Tag("h2", word("data", locale))
        pause = ui.switch(word("pause", locale), value=profile.paused)

        async def turned() -> None:
            await self._edit(Change(op="pause" if pause.value else "resume"))

        pause.on("update:model-value", turned)
        with Tag("div", classes="react"):
            button(word("export", locale), self._export, "ghost")
            button(word("erase", locale), self._ask_to_erase, "ghost danger")

    async def _export(self) -> None:
        user = self._visit.user
        events = await run.io_bound(self._visit.engine.export, user) or []
        body = json.dumps({"user": user, "events": [wire.event_json(e) for e in events]}, ensure_ascii=False, indent=1)
        ui.download.content(body, "betimes-export.json", "application/json")

    def _ask_to_erase(self) -> None:
        locale, user = self._visit.locale, self._visit.user
        with self._body, ui.dialog() as dialog, Tag("div", classes="sheet small"):
            dialog.props["aria-label"] = word("erase", locale)
            Tag("h2", word("erase", locale))
            Tag("p", word("erase sure", locale, who=user))

            async def erase() -> None:
                dialog.close()
                await run.io_bound(self._visit.engine.erase, user)
                ui.notify(word("erased", locale))
                await self.begin()

            with Tag("div", classes="react"):
                button(word("cancel", locale), dialog.close, "ghost")
                button(word("erase yes", locale), erase, "primary danger")
        dialog.open()


def _rests_on(preference: Preference, locale: Locale) -> str:
    if preference.act is not None:
        told = acted(preference.act, preference.evidence, locale)
    else:
        told = word("said here", locale, what=localised(preference.evidence or preference.topic, locale))
    return told if preference.domain is None else f"{told} · {domain_label(preference.domain, locale)}"


def _decay_chart(preferences: list[Preference], memory: Memory, now: datetime, locale: Locale) -> None:
    """How the strongest interests came to be and will fade, by the half-life of their kind."""
    start = min(p.at for p in preferences)
    hours = (now + timedelta(days=_AHEAD) - start) / timedelta(hours=1)
    moments = [start + timedelta(hours=hours * k / 60) for k in range(61)]
    series = [
        {
            "name": localised(p.topic, locale),
            "type": "line",
            "showSymbol": False,
            "data": [[at.isoformat(), round(p.now(at, memory), 3)] for at in moments if at >= p.at],
        }
        for p in preferences
    ]
    series[0]["markLine"] = {
        "symbol": "none",
        "silent": True,
        "label": {"formatter": word("today", locale)},
        "data": [{"xAxis": now.isoformat()}],
    }
    ui.echart(
        {
            "title": {"text": word("decay", locale), "textStyle": {"fontSize": 13, "fontWeight": "normal"}},
            "legend": {"bottom": 0, "type": "scroll"},
            "grid": {"left": 36, "right": 24, "top": 36, "bottom": 56},
            "xAxis": {"type": "time"},
            "yAxis": {"type": "value", "min": 0, "max": 1},
            "tooltip": {"trigger": "axis"},
            "series": series,
        }
    ).classes("chart").props(f'role=img aria-label="{word("decay", locale)}"')
