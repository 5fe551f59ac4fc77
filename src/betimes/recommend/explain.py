"""Why an item stands where it does, and why a list is empty, in words that only restate the score."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from betimes.domain.intent import Constraint
from betimes.domain.labels import acted, amount, describe, domain_label, number
from betimes.domain.names import Locale, localised
from betimes.domain.profile import Preference
from betimes.domain.slate import Empty, Pick, Reason
from betimes.recommend.arrays import Mask, RowArray
from betimes.recommend.columns import Columns
from betimes.recommend.constraints import Checked, Constraints
from betimes.recommend.rank import Situation
from betimes.recommend.topics import Topics

_TEXT: Mapping[str, tuple[str, str]] = {
    "topic": ("就是你要的{}", "it is what you asked for: {}"),
    "words": ("文字与“{}”相合", 'shares words with "{}"'),
    "meaning": ("意思上接近“{}”", 'close in meaning to "{}"'),
    "likes": ("符合你想要的“{}”", 'fits your wish: "{}"'),
    "conditions": ("离你希望的还差一些：{}", "not quite what you would prefer: {}"),
    "price": ("论价格：{}", "by its price: {}"),
    "taste": ("合你的口味：{}", "your taste: {}"),
    "history": ("像你近来关注的", "like what you have been looking at"),
    "covisit": ("看过“{}”的人也看它", 'people who looked at "{}" also look at it'),
    "neighbours": ("与你相似的人也关注它", "people who are like you go for it"),
    "sequence": ("常接在你近来所看之后", "often comes next after what you looked at"),
    "factors": ("从众人所选看，与你近来所选相投", "goes with what you went for lately, by what people go for"),
    "repeat": ("你以前选过它", "you went for it before"),
    "popular": ("近来很多人关注", "popular lately"),
    "fresh": ("新上架", "new"),
    "spend": ("合你惯常的价位", "about what you usually spend"),
    "explore": ("试一试新的可能", "something to try"),
    "diversity": ("为了不重复而后移", "moved down for variety"),
}
#: The same where the part counts against the item.
_TEXT_AGAINST: Mapping[str, tuple[str, str]] = {
    "meaning": ("意思上离“{}”较远", 'far in meaning from "{}"'),
    "likes": ("有你不想要的“{}”", 'has what you do not want: "{}"'),
    "taste": ("不太合你的口味：{}", "not to your taste: {}"),
    "history": ("不像你近来关注的", "unlike what you have been looking at"),
    "covisit": ("看过你所看的人少有看它的", "few who looked at what you did look at it"),
    "neighbours": ("与你相似的人少有关注它的", "few who are like you go for it"),
    "sequence": ("少有接在你近来所看之后的", "seldom comes next after what you looked at"),
    "factors": (
        "从众人所选看，与你近来所选不大相投",
        "goes less with what you went for lately, by what people go for",
    ),
    "repeat": ("你刚选过它", "you have just gone for it"),
    "popular": ("近来关注的人不多", "not so popular lately"),
    "fresh": ("不是新近的", "not of the newest"),
    "spend": ("不在你惯常的价位", "not what you usually spend"),
}


def reasons(
    pick_row: int,
    parts: Mapping[str, float],
    situation: Situation,
    columns: Columns,
    topics: Topics,
    covisited: Callable[[int], Mapping[int, float]],
    n: int = 3,
) -> tuple[Reason, ...]:
    """The ``n`` terms of the score that weigh most, each with what it rests on, and where that was if elsewhere.

    Args:
        pick_row: the item's row.
        parts: the parts of its score.
        covisited: how much each recent row lends to a row; asked only where that is told.
    """
    locale = situation.ask.locale
    weighty = sorted(parts.items(), key=lambda pair: -abs(pair[1]))[:n]
    traits = columns.traits(pick_row)
    out = []
    for part, value in weighty:
        if abs(value) < 1e-9:
            continue
        evidence, domain = _evidence(part, value, pick_row, traits, situation, columns, topics, covisited)
        told = _TEXT_AGAINST.get(part, _TEXT[part]) if value < 0.0 else _TEXT[part]
        template = told[0 if locale == "zh" else 1]
        shown = localised(evidence, locale)
        text = template.format(shown) if shown else template.replace("“{}”", "").replace('"{}"', "").rstrip("：: {}")
        if domain is None or domain == columns.domain(pick_row):
            out.append(Reason(part, value, text, evidence))
        else:
            where = domain_label(domain, locale)
            text += f"（来自{where}）" if locale == "zh" else f" (from {where})"
            out.append(Reason(part, value, text, evidence, domain))
    return tuple(out)


def _evidence(
    part: str,
    value: float,
    row: int,
    traits: Sequence[str],
    situation: Situation,
    columns: Columns,
    topics: Topics,
    covisited: Callable[[int], Mapping[int, float]],
) -> tuple[str, str | None]:
    """What a part rests on, and the domain that it was said or done in, where it may be another than the item's."""

    def touches(topic: str) -> float:
        match = topics.values(topic)
        return max((match[t] for t in traits if t in match), default=0.0)

    focus = situation.focus
    side = 1 if value >= 0.0 else -1
    match part:
        case "topic":
            return max(situation.needs, key=lambda i: touches(i.topic)).topic, None
        case "words" | "meaning":
            return " ".join(i.evidence or i.topic for i in focus if i.polarity > 0), None
        case "likes":
            wishes = [i for i in situation.wishes if i.polarity == side and touches(i.topic) > 0.0]
            return "、".join(i.evidence or i.topic for i in wishes), None
        case "price":
            return _price(row, columns, situation.ask.locale) or "", None
        case "conditions":
            missed = [c.constraint for c in situation.soft if c.mask is not None and not c.mask[row]]
            return "; ".join(describe(c, situation.ask.locale) for c in missed), None
        case "taste":
            touched = [pair for t in traits for pair in situation.tastes.get(t, ()) if pair[1].polarity == side]
            strongest = max(touched, key=lambda pair: pair[0], default=None)
            return _rests_on(strongest[1], situation.ask.locale) if strongest else ("", None)
        case "covisit":
            lent = covisited(row)
            most = max(lent, key=lambda r: lent[r], default=None)
            return ("", None) if most is None else (columns.title(most), columns.domain(most))
        case _:
            return "", None


def _rests_on(preference: Preference, locale: Locale) -> tuple[str, str | None]:
    evidence = preference.evidence or preference.topic
    told = evidence if preference.act is None else acted(preference.act, evidence, locale)
    return told, preference.domain


def emptiness(
    base: Mask,
    hard: Sequence[Checked],
    columns: Columns,
    constraints: Constraints,
    locale: Locale,
    things: str,
) -> Empty:
    """Which constraints leave nothing, and the item that comes closest.

    The smallest set of constraints is named whose removal leaves something, single ones first, in the
    order they were said.

    Args:
        base: rows that could be shown were there no constraints.
        hard: the hard constraints, checked.
        things: what was asked for, for the text.
    """
    checked = [(c.constraint, c.mask) for c in hard if c.mask is not None]
    rows = np.flatnonzero(base)
    if len(rows) == 0 or not checked:
        text = (
            f"目录里没有可推荐的{things}"
            if locale == "zh"
            else f"there is nothing to recommend{things and ': '}{things}"
        )
        return Empty((), None, text)
    # A set of constraints must go for a row to pass exactly when it holds all that the row misses, so the
    # row that misses fewest names the smallest set; nothing need be tried.
    missed = ~np.stack([mask[rows] for _, mask in checked])
    count = missed.sum(axis=0)
    closest = count == count.min()
    for misses in missed:
        if np.any(closest & misses):
            closest &= misses
    first = int(np.argmax(closest))
    blamed = tuple(constraint for (constraint, _), misses in zip(checked, missed, strict=True) if misses[first])
    row = _nearest(rows[closest], blamed[0], columns, constraints, locale)
    return Empty(blamed, columns.rows.id(row), _empty_text(blamed, row, columns, locale, things))


def _nearest(rows: RowArray, blamed: Constraint, columns: Columns, constraints: Constraints, locale: Locale) -> int:
    """The row whose value comes closest to a bound; the first one where there is no bound or no value."""
    if not isinstance(blamed.value, (int, float)):
        return int(rows[0])
    if blamed.field == "price":
        rates = constraints.rates_to(blamed.currency or constraints.currency(locale))
        values = columns.worth(rates, rows)
    else:
        having, known = columns.numbers(blamed.field)
        values = np.full(len(columns), np.nan)
        values[having] = known
        values = values[rows]
    gap = np.abs(values - blamed.value)
    return int(rows[0]) if np.all(np.isnan(gap)) else int(rows[np.nanargmin(gap)])


def _empty_text(blamed: tuple[Constraint, ...], row: int, columns: Columns, locale: Locale, things: str) -> str:
    said = ("，" if locale == "zh" else ", ").join(describe(c, locale) for c in blamed)
    title = localised(columns.title(row), locale)
    first = blamed[0]
    value = (
        _price(row, columns, locale)
        if first.field == "price"
        else columns.value_of(row, first.field, locale, first.unit or "")
    )
    if locale == "zh":
        return f"没有满足“{said}”的{things or '内容'}。最接近的是 {title}" + (f"（{value}）" if value else "")
    return f"nothing{f' among {things}' if things else ''} satisfies: {said}. The nearest is {title}" + (
        f" ({value})" if value else ""
    )


def _price(row: int, columns: Columns, locale: Locale) -> str | None:
    code = int(columns.currency()[row])
    currency = next((name for name, c in columns.currencies.items() if c == code), None)
    return None if currency is None else amount(float(columns.price()[row]), currency, locale)


def what_would_change(pick: Pick, above: Pick | None, locale: Locale) -> str:
    """What separates an item from the one above it: the gap, and the parts that make most of it."""
    if above is None:
        return "它已经排在第一位" if locale == "zh" else "it already stands first"
    gap = above.score - pick.score
    names = {*pick.parts, *above.parts}
    behind = sorted(names, key=lambda p: (pick.parts.get(p, 0.0) - above.parts.get(p, 0.0), p))[:2]
    told = [
        f"{p} {number(above.parts.get(p, 0.0))} / {number(pick.parts.get(p, 0.0))}"
        for p in behind
        if above.parts.get(p, 0.0) > pick.parts.get(p, 0.0)
    ]
    if locale == "zh":
        return f"比前一名低 {gap:.3f} 分，差距主要在：{'；'.join(told) or '几乎相同'}（前一名 / 它）"
    return f"{gap:.3f} below the one above, mostly by: {'; '.join(told) or 'next to nothing'} (the one above / this)"
