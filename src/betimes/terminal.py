"""Slates, intents and profiles as a person reads them in a terminal."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from betimes.domain.intent import Intent, InterestKind
from betimes.domain.item import Item
from betimes.domain.labels import describe, domain_label, money, purpose_label
from betimes.domain.names import ItemId, Locale, localised
from betimes.domain.profile import Memory, Profile
from betimes.domain.slate import Slate, Step
from betimes.engine import Why

_KIND = {
    InterestKind.NEED: ("要", "need"),
    InterestKind.HOBBY: ("爱好", "hobby"),
    InterestKind.TASTE: ("口味", "taste"),
    InterestKind.MOOD: ("心情", "mood"),
}


def progress_bar(console: Console, what: str) -> Progress:
    """A progress bar for long work; silent where the output is not a terminal."""
    return Progress(
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def intent_view(intent: Intent) -> RenderableType:
    """What a sentence was taken to mean: one line of interests, one of constraints."""
    locale = intent.locale
    line = Text()
    line.append(f"{intent.kind} ", style="bold")
    line.append(f"({intent.by}, {intent.ms:.0f} ms)  " if intent.ms else f"({intent.by})  ", style="dim")
    for i in intent.interests:
        sign, style = ("+", "green") if i.polarity > 0 else ("−", "red")
        label = _KIND[i.kind][0 if locale == "zh" else 1]
        line.append(f"{sign}{i.topic}", style=style)
        line.append(f" {label} {i.strength:.1f}  ", style="dim")
    for c in intent.constraints:
        line.append(describe(c, locale), style="cyan" if c.hard else "cyan dim")
        line.append("  " if c.hard else "~  ", style="dim")
    return line


def slate_view(slate: Slate, items: Mapping[ItemId, Item], *, moved_from: Slate | None = None) -> RenderableType:
    """A list: place, item, price, copy and the first reason; with the places that changed since another list."""
    locale = slate.locale
    if slate.empty is not None:
        return Text(slate.empty.text, style="yellow")
    table = Table(box=None, pad_edge=False, show_header=False, expand=False)
    for style in ("dim", "dim", "bold", "cyan", "", "magenta"):
        table.add_column(style=style, overflow="fold")
    before = {p.item: i for i, p in enumerate(moved_from.picks)} if moved_from else None
    for place, pick in enumerate(slate.picks):
        item = items.get(pick.item)
        title = localised(item.title, locale) if item else pick.item
        price = money(item.price, locale) if item and item.price else ""
        reason = pick.reasons[0].text if pick.reasons else ""
        table.add_row(
            str(place + 1),
            _moved(before, pick.item, place),
            Text(title),
            Text(price),
            Text(pick.copy.text if pick.copy else ""),
            Text(reason),
        )
    parts: list[RenderableType] = []
    if slate.copy:
        parts.append(Text(slate.copy.text, style="italic"))
    parts.append(table)
    parts.extend(Text(note, style="yellow") for note in slate.notes)
    return Group(*parts)


def _moved(before: Mapping[ItemId, int] | None, item: ItemId, place: int) -> str:
    if before is None:
        return ""
    if item not in before:
        return "new"
    return "" if before[item] == place else ("↑" if before[item] > place else "↓")


def trace_view(steps: Iterable[Step]) -> RenderableType:
    """The steps of a path with their milliseconds."""
    line = Text(style="dim")
    for step in steps:
        mark = "" if step.outcome == "ok" else f" ({step.outcome})"
        line.append(f"{step.name} {step.ms:.1f} ms{mark}  ")
    return line


def profile_view(profile: Profile, locale: Locale, memory: Memory, at: datetime, n: int = 8) -> RenderableType:
    """The profile: its strongest preferences as bars and where each is from, what holds, what is consented to."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for style in ("bold", "dim", "green", "dim", "dim"):
        table.add_column(style=style)
    strongest = sorted(profile.preferences, key=lambda p: -p.now(at, memory))[:n]
    for p in strongest:
        weight = p.now(at, memory)
        bar = Text("█" * max(1, round(weight * 20)), style="green" if p.polarity > 0 else "red")
        label = _KIND[p.kind][0 if locale == "zh" else 1]
        where = "" if p.domain is None else domain_label(p.domain, locale)
        table.add_row(Text(localised(p.topic, locale)), label, bar, f"{weight:.2f}", Text(where))
    held = profile.active_constraints(at)
    lines: list[RenderableType] = [table] if strongest else [Text("—", style="dim")]
    if held:
        lines.append(Text("  ".join(describe(c, locale) for c in held), style="cyan"))
    if profile.paused:
        lines.append(Text("已暂停学习" if locale == "zh" else "learning is paused", style="yellow"))
    lines.append(_consents(profile, locale))
    return Group(*lines)


def _consents(profile: Profile, locale: Locale) -> Text:
    given = [purpose_label(p, locale) for p in sorted(profile.consents)]
    if locale == "zh":
        return Text(f"同意：{'；'.join(given) or '无'}", style="dim")
    return Text(f"consents: {'; '.join(given) or 'none'}", style="dim")


def why_view(why: Why) -> RenderableType:
    """An item's place, accounted for: each part with its bar, the evidence, and what would change it."""
    locale = why.slate.locale
    table = Table(box=None, pad_edge=False, show_header=False)
    for style in ("bold", "", "dim", ""):
        table.add_column(style=style)
    evidence = {r.part: r.text for r in why.pick.reasons}
    for part, value in sorted(why.pick.parts.items(), key=lambda pair: -abs(pair[1])):
        bar = Text("█" * max(1, round(abs(value) * 12)), style="green" if value > 0 else "red")
        table.add_row(part, bar, f"{value:+.3f}", Text(evidence.get(part, "")))
    title = localised(why.item.title, locale) if why.item else why.pick.item
    head = Text(f"#{why.place} {title}  = {why.pick.score:.3f}", style="bold")
    return Group(head, table, Text(why.change, style="yellow"), *_rests_on(why.slate))


def _rests_on(slate: Slate) -> list[Text]:
    """For a list in one domain, whether what is known in others counts in it."""
    if slate.domain is None:
        return []
    here = domain_label(slate.domain, slate.locale)
    if slate.locale == "zh":
        told = (
            f"所言所行不限于{here}：你同意各领域相通" if slate.shared else f"只依据与{here}有关的言行和未限定领域的话"
        )
    elif slate.shared:
        told = f"rests on more than {here}: you let what is known in one domain count in the others"
    else:
        told = f"rests on what you said and did in {here}, or said in no domain in particular"
    return [Text(told, style="dim")]
