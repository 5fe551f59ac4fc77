"""What is happening: the latest events, how long lists take, how fresh they are, what waits for the model."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from nicegui import run, ui

from betimes.domain.event import Acted, Edited, Erased, Event, Said, Shown, Understood
from betimes.domain.labels import acted
from betimes.domain.names import ItemId, Locale, localised
from betimes.engine import Engine
from betimes.serve.page.tags import Tag
from betimes.serve.page.words import word

_EVENTS: Final = 300
_SHOWN: Final = 25
_EVERY_SECONDS: Final = 2.0


class LiveView:
    """Draws what the log says of the last while, and again every two seconds while something new is in it."""

    def __init__(self, engine: Engine, locale: Locale) -> None:
        self._engine = engine
        self._locale = locale
        self._seq = -1
        self._status = Tag("p", "", "quiet", role="status")
        self._charts = Tag("div", classes="charts")
        Tag("h2", word("events", locale))
        self._list = Tag("ul", classes="entries")

    async def begin(self) -> None:
        """Shows the last while, and keeps doing so."""
        await self._follow()
        ui.timer(_EVERY_SECONDS, self._follow)

    async def _follow(self) -> None:
        locale, engine = self._locale, self._engine
        events = await run.io_bound(engine.latest, _EVENTS) or []
        named = word("model name", locale, name=engine.model.name) if engine.model else word("no model", locale)
        waiting = word("reading queue", locale, n=engine.reading())
        seq = events[0].seq if events else 0
        self._status.set_text(" · ".join((word("position", locale, n=seq), named, waiting)))
        if seq == self._seq:
            return
        self._seq = seq
        self._draw_charts([e for e in reversed(events) if isinstance(e, Shown)])
        titles = {i: item.title for i, item in engine.items([e.item for e in events if isinstance(e, Acted)]).items()}
        self._list.clear()
        with self._list:
            for event in events[:_SHOWN]:
                told = self._told(event, titles)
                if told:
                    with Tag("li", classes="entry", data_key=f"e:{event.seq}"):
                        Tag("strong", event.user)
                        Tag("span", told, "entry-main")
                        Tag("time", f"{event.at:%H:%M:%S}", "quiet", datetime=event.at.isoformat())

    def _told(self, event: Event, titles: Mapping[ItemId, str]) -> str:
        """An event in a few words."""
        locale = self._locale
        match event:
            case Said():
                return f"“{event.text[:200]}”"
            case Understood():
                wanted = [localised(i.topic, locale) for i in event.intent.interests]
                return f"→ {event.intent.kind} · {event.intent.by} · {', '.join(wanted)}"
            case Shown():
                ms = sum(step.ms for step in event.slate.trace)
                return f"{word('list', locale)}: {len(event.slate.picks)} · {ms:.0f} {word('ms', locale)}"
            case Acted():
                return acted(event.kind, titles.get(event.item, event.item), locale)
            case Edited():
                return f"{word('change', locale)}: {event.change.op}"
            case Erased():
                return word("erased", locale)
            case _:
                return ""

    def _draw_charts(self, shown: list[Shown]) -> None:
        locale = self._locale
        self._charts.clear()
        with self._charts:
            if not shown:
                Tag("p", word("no slates", locale), "quiet")
                return
            took = [(e.at, round(sum(step.ms for step in e.slate.trace), 2)) for e in shown]
            _chart(word("latency", locale), took)
            # A list is stored right after it is made: what lies between its position and its own was not seen by it.
            _chart(word("behind", locale), [(e.at, e.seq - 1 - e.slate.as_of) for e in shown])


def _chart(title: str, points: list[tuple[datetime, float]]) -> None:
    ui.echart(
        {
            "title": {"text": title, "textStyle": {"fontSize": 13, "fontWeight": "normal"}},
            "grid": {"left": 44, "right": 16, "top": 40, "bottom": 28},
            "xAxis": {"type": "time"},
            "yAxis": {"type": "value", "min": 0},
            "tooltip": {"trigger": "axis"},
            "series": [{"type": "line", "symbolSize": 5, "data": [[at.isoformat(), value] for at, value in points]}],
        }
    ).classes("chart").props(f'role=img aria-label="{title}"')
