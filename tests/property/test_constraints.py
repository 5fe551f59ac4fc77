"""The mask of any constraint, against a reading of each item by itself."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.intent import Constraint
from betimes.domain.item import Item, Money, Quantity
from betimes.domain.labels import field_label
from betimes.domain.names import ItemId, Locale, variants
from betimes.domain.units import canonical
from betimes.recommend.arrays import Mask
from betimes.recommend.columns import Columns
from betimes.recommend.constraints import OPEN_FIELDS, Constraints
from betimes.rows import Rows

RATES = {"CNY": 1.0, "USD": 7.1, "EUR": 8.2}
HOME: dict[Locale, str] = {"zh": "CNY", "en": "USD"}

quantities = st.builds(
    Quantity, st.sampled_from([5.0, 6.1, 15.5, 190.0]), st.sampled_from(["in", "英寸", "cm", "g", ""])
)
texts = st.lists(
    st.sampled_from(["黑色 / black", "space black", "blackberry", "喜剧片 / comedy film", "花生酱", "吴京 / Wu Jing"]),
    min_size=1,
    max_size=2,
    unique=True,
).map(tuple)
facts = st.fixed_dictionaries(
    {},
    optional={
        "screen": quantities,
        "weight": quantities,
        "color": texts,
        "person": texts,
        "genre": texts,
        "ingredient": texts,
        "size": quantities | texts,
        "waterproof": st.booleans(),
    },
)
items = st.builds(
    Item,
    id=st.just(ItemId("")),
    title=st.sampled_from(["Black Peanut", "花生糖", "手机 / phone", "Blackberry"]),
    domain=st.sampled_from(["shop", "video"]),
    price=st.none()
    | st.builds(Money, st.sampled_from([14_085, 100_000, 7_100]), st.sampled_from(["CNY", "USD", "EUR", "XTS"])),
    brand=st.sampled_from(["", "苹果 / Apple", "Apple Music", "小米"]),
    category=st.sampled_from(["", "手机 / phone", "comedy"]),
    tags=st.lists(st.sampled_from(["comedy", "防水", "black"]), max_size=2).map(tuple),
    facts=facts,
    available=st.booleans(),
)
catalogues = st.lists(items, max_size=6).map(
    lambda found: [replace(item, id=ItemId(f"i{n}")) for n, item in enumerate(found)]
)
said_texts = st.sampled_from(
    [
        "black",
        "黑色",
        "黑色 / black",
        "BLACK",
        "comedy",
        "花生",
        "吴京",
        "apple",
        "苹果 / Apple",
        "防水",
        "waterproof",
        "x",
    ]
)
constraints = st.one_of(
    st.builds(
        Constraint,
        field=st.just("price"),
        op=st.sampled_from(["<=", ">=", "=", "!="]),
        value=st.sampled_from([1000.0, 71.0, 10.0, 140.85]),
        currency=st.sampled_from([None, "CNY", "USD", "XTS", "KRW"]),
        hard=st.booleans(),
    ),
    st.builds(
        Constraint,
        field=st.sampled_from(["screen", "weight", "size", "year"]),
        op=st.sampled_from(["<=", ">=", "=", "!="]),
        value=st.sampled_from([5.0, 6.1, 0.19, 15.5]),
        hard=st.booleans(),
    ),
    st.builds(
        Constraint,
        field=st.sampled_from(
            ["brand", "color", "person", "genre", "ingredient", "size", "feature", "category", "waterproof", "pace"]
        ),
        op=st.sampled_from(["=", "!=", "contains"]),
        value=said_texts,
        hard=st.booleans(),
    ),
    st.builds(
        Constraint,
        field=st.sampled_from(["brand", "color", "genre"]),
        op=st.just("in"),
        value=st.lists(said_texts, min_size=1, max_size=2).map(tuple),
    ),
)


def word_in(part: str, text: str) -> bool:
    part = part.casefold()
    left = "(?<![a-z0-9])" if re.match("[a-z0-9]", part) else ""
    right = "(?![a-z0-9])" if re.search("[a-z0-9]$", part) else ""
    return re.search(left + re.escape(part) + right, text.casefold()) is not None


def stated(item: Item, field: str) -> list[str]:
    """The texts an item has for a field."""
    own = {"brand": [item.brand], "category": [item.category], "tags": list(item.tags)}.get(field, [])
    fact = item.facts.get(field)
    return [v for v in [*own, *(fact if isinstance(fact, tuple) else ())] if v]


def has_text(item: Item, field: str, value: str) -> bool:
    closed = {"brand", "person", "color", "size"}
    fields = {"brand", "category", "tags", *item.facts} - closed if field in OPEN_FIELDS else {field}
    for spelling in variants(value):
        if any(word_in(spelling, v) for f in fields for name in stated(item, f) for v in variants(name)):
            return True
        for flag, fact in item.facts.items():
            names = (flag, field_label(flag, "zh"), field_label(flag, "en"))
            if fact is True and field in (flag, "feature") and any(word_in(n, spelling) for n in names):
                return True
    return False


def numeric(item: Item, field: str, target: str) -> float | None:
    if field == "price":
        if item.price is None:
            return None
        if item.price.currency == target:
            return float(item.price.major)
        if target in RATES and item.price.currency in RATES:
            return float(item.price.major) * RATES[item.price.currency] / RATES[target]
        return None
    fact = item.facts.get(field)
    return canonical(fact.value, fact.unit, field)[0] if isinstance(fact, Quantity) else None


def meets(value: float | None, op: str, bound: float) -> bool:
    if value is None:
        return op == "!="
    slack = 1e-9 * max(1.0, abs(bound))
    return {
        "<=": value <= bound + slack,
        ">=": value >= bound - slack,
        "=": abs(value - bound) <= slack,
        "!=": abs(value - bound) > slack,
    }[op]


def reference(catalogue: Sequence[Item], c: Constraint, locale: Locale, domain: str | None) -> list[bool] | None:
    """Item by item whether it satisfies a constraint; none when nothing listed has the field."""
    here = [i for i in catalogue if i.available and domain in (None, i.domain)]
    if isinstance(c.value, float):
        uses = Counter(i.price.currency for i in catalogue if i.price)
        main = max(uses, key=lambda name: (uses[name], name), default=HOME[locale])
        target = c.currency or (HOME[locale] if HOME[locale] in uses else main)
        if c.op != "!=" and all(numeric(i, c.field, target) is None for i in here):
            return None
        return [meets(numeric(i, c.field, target), c.op, c.value) for i in catalogue]
    wanted = c.value if isinstance(c.value, tuple) else (c.value,)
    told = []
    for value in wanted:
        found = [has_text(i, c.field, value) for i in catalogue]
        matched_here = any(f for f, i in zip(found, catalogue, strict=True) if i in here)
        if c.field in OPEN_FIELDS and (c.op == "!=" or not matched_here):
            in_title = [any(word_in(s, i.title) for s in variants(value)) for i in catalogue]
            found = [f or t for f, t in zip(found, in_title, strict=True)]
        known = any(stated(i, c.field) or isinstance(i.facts.get(c.field), bool) for i in here)
        if c.op == "!=" or known or any(f for f, i in zip(found, catalogue, strict=True) if i in here):
            told.append(found)
    if not told:
        return None
    held = [any(f) for f in zip(*told, strict=True)]
    return [not h for h in held] if c.op == "!=" else held


def build(catalogue: Sequence[Item]) -> Columns:
    columns = Columns(Rows())
    for item in catalogue:
        columns.put(item)
    return columns


def plain(mask: Mask | None) -> list[bool] | None:
    return None if mask is None else [bool(held) for held in mask]


@given(catalogues, constraints, st.sampled_from(["zh", "en"]), st.sampled_from([None, "shop", "video", "music"]))
def test_a_mask_says_of_each_item_what_reading_it_says(
    catalogue: list[Item], constraint: Constraint, locale: Locale, domain: str | None
) -> None:
    [checked] = Constraints(build(catalogue)).check([constraint], locale, domain)
    assert plain(checked.mask) == reference(catalogue, constraint, locale, domain)


@given(catalogues, st.lists(constraints, max_size=4))
def test_several_equals_on_a_field_mean_one_of_them(catalogue: list[Item], said: list[Constraint]) -> None:
    checked = Constraints(build(catalogue)).check(said, "zh", None)
    assert [c.constraint for c in checked] == said
    for c in checked:
        alone = reference(catalogue, c.constraint, "zh", None)
        alike = [
            mask
            for other in said
            if (other.field, other.op, other.hard) == (c.constraint.field, "=", c.constraint.hard)
            and (mask := reference(catalogue, other, "zh", None)) is not None
        ]
        if c.constraint.op == "=" and alone is not None:
            assert plain(c.mask) == [any(each) for each in zip(*alike, strict=True)]
        else:
            assert plain(c.mask) == alone


@given(catalogues, items, constraints)
def test_a_change_of_the_catalogue_changes_the_masks(catalogue: list[Item], new: Item, c: Constraint) -> None:
    columns = build(catalogue)
    constraints = Constraints(columns)
    constraints.check([c], "en", None)
    new = replace(new, id=ItemId("i0"))
    columns.put(new)
    changed = [new, *catalogue[1:]]
    [put] = constraints.check([c], "en", None)
    assert plain(put.mask) == reference(changed, c, "en", None)
    columns.remove(0)
    [removed] = constraints.check([c], "en", None)
    left = reference(changed[1:], c, "en", None)
    assert (None if removed.mask is None else plain(removed.mask[1:])) == left


@given(catalogues, constraints)
def test_rows_given_out_by_events_widen_the_masks(catalogue: list[Item], c: Constraint) -> None:
    columns = build(catalogue)
    constraints = Constraints(columns)
    constraints.check([c], "zh", None)
    columns.rows.of(ItemId("only in events"))
    [checked] = constraints.check([c], "zh", None)
    assert checked.mask is None or len(checked.mask) == len(columns.listed(None))


@given(catalogues, st.lists(constraints, min_size=2, max_size=4))
def test_nobody_can_spoil_a_mask_for_the_next(catalogue: list[Item], said: list[Constraint]) -> None:
    constraints = Constraints(build(catalogue))
    first = [plain(c.mask) for c in constraints.check(said, "zh", None)]
    for c in constraints.check(said, "zh", None):
        if c.mask is not None and c.mask.flags.writeable:
            np.logical_not(c.mask, out=c.mask)
    assert [plain(c.mask) for c in constraints.check(said, "zh", None)] == first


def test_prices_in_other_currencies_are_converted_and_it_is_said() -> None:
    columns = build(
        [Item(ItemId("a"), "a", price=Money(99_900, "CNY")), Item(ItemId("b"), "b", price=Money(14_000, "USD"))]
    )
    under = Constraint("price", "<=", 1000.0)
    [zh] = Constraints(columns).check([under], "zh", None)
    [en] = Constraints(columns).check([replace(under, value=150.0)], "en", None)
    assert (plain(zh.mask), zh.currency) == ([True, True], "CNY")
    assert (plain(en.mask), en.currency) == ([True, True], "USD")
    columns.remove(1)
    [alone] = Constraints(columns).check([under], "zh", None)
    assert alone.currency is None


def test_an_unknown_currency_is_never_compared_as_if_it_were_another() -> None:
    columns = build([Item(ItemId("a"), "a", price=Money(99_900, "CNY"))])
    [checked] = Constraints(columns).check([Constraint("price", "<=", 5000.0, currency="XTS")], "zh", None)
    assert checked.mask is None
