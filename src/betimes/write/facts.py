"""The facts of an item that matter for a request, as a reader sees them."""

from collections.abc import Sequence

from betimes.domain.intent import Constraint, Interest
from betimes.domain.item import Fact, Item, Quantity
from betimes.domain.labels import field_label, money, quantity
from betimes.domain.names import Locale, localised, variants

#: Facts worth telling when nothing was asked for, best first.
_TELLING = (
    "screen",
    "memory",
    "storage",
    "battery",
    "battery_life",
    "person",
    "year",
    "duration",
    "episodes",
    "rating",
    "capacity",
    "power",
    "material",
    "place",
    "days",
    "distance",
    "ingredient",
    "flavour",
    "weight",
    "color",
)
#: Facts whose value says by itself what it is: "2019" beside a film, a name beside a song.
_BARE = frozenset({"person", "year", "place"})


def shown_fact(field: str, fact: Fact, locale: Locale) -> str:
    """A fact for a reader; empty for a flag that is not set.

    >>> shown_fact("screen", Quantity(6.7, "in"), "zh"), shown_fact("person", ("吴京 / Wu Jing",), "en")
    ('屏幕 6.7 英寸', 'Wu Jing')
    """
    label = field_label(field, locale)
    if isinstance(fact, bool):
        return label if fact else ""
    if isinstance(fact, Quantity):
        value = quantity(fact, locale)
    else:
        value = ("、" if locale == "zh" else ", ").join(localised(v, locale) for v in fact[:3])
    return value if field in _BARE else f"{label} {value}"


def telling_facts(
    item: Item, locale: Locale, focus: Sequence[Interest], constraints: Sequence[Constraint], n: int = 3
) -> list[str]:
    """At most ``n`` facts for a reader: those asked about first, then what one would tell anyway.

    The price is not among them; see :func:`price_of`.
    """
    asked = [c.field for c in constraints if c.field in item.facts]
    wished = [f for f in item.facts if any(_speaks_of(i.topic, f, item.facts[f]) for i in focus)]
    order = list(dict.fromkeys([*asked, *wished, *(f for f in _TELLING if f in item.facts)]))
    shown = (shown_fact(f, item.facts[f], locale) for f in order)
    return [s for s in shown if s][:n]


def price_of(item: Item, locale: Locale) -> str:
    """The price for a reader; empty when there is none."""
    return money(item.price, locale) if item.price is not None else ""


def fitting_tags(item: Item, locale: Locale, focus: Sequence[Interest], n: int = 2) -> list[str]:
    """Tags of the item that a person wished for."""
    wishes = [i.topic.casefold() for i in focus if i.polarity > 0]
    fitting = [t for t in item.tags if any(_alike(w, v.casefold()) for w in wishes for v in variants(t))]
    return [localised(t, locale) for t in fitting[:n]]


def _speaks_of(topic: str, field: str, fact: Fact) -> bool:
    names = (field_label(field, "zh"), field_label(field, "en"))
    if any(_alike(topic.casefold(), name) for name in names):
        return True
    return isinstance(fact, tuple) and any(topic.casefold() in v.casefold() for v in fact)


def _alike(a: str, b: str) -> bool:
    return len(a) > 1 and len(b) > 1 and (a in b or b in a)
