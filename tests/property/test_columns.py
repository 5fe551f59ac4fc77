"""Columns after any changes are the columns of what is left."""

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId
from betimes.recommend.columns import Columns, traits
from betimes.recommend.titles import Titles, holds
from betimes.rows import Rows

facts = st.fixed_dictionaries(
    {},
    optional={
        "screen": st.builds(Quantity, st.sampled_from([5.0, 6.7]), st.sampled_from(["in", "cm", ""])),
        "color": st.lists(st.sampled_from(["黑色 / black", "red"]), min_size=1, unique=True).map(tuple),
        "5g": st.booleans(),
    },
)
items = st.builds(
    Item,
    id=st.sampled_from([ItemId(c) for c in "abcd"]),
    title=st.sampled_from(["Redmi 12C", "小米手环"]),
    domain=st.sampled_from(["shop", "video"]),
    price=st.none() | st.builds(Money, st.sampled_from([100, 99_900]), st.sampled_from(["CNY", "USD"])),
    brand=st.sampled_from(["", "红米 / Redmi"]),
    category=st.sampled_from(["手机 / phone", "phone", ""]),
    tags=st.lists(st.sampled_from(["游戏", "轻"]), max_size=2).map(tuple),
    facts=facts,
    published=st.sampled_from([None, datetime(2026, 1, 2, tzinfo=UTC)]),
    available=st.booleans(),
)
steps = st.lists(st.one_of(items, st.sampled_from([ItemId(c) for c in "abcd"])), max_size=12)


def built(changes: Iterable[Item | str]) -> Columns:
    columns = Columns(Rows())
    for change in changes:
        if isinstance(change, Item):
            columns.put(change)
        else:
            row = columns.rows.find(ItemId(change))
            if row is not None:
                columns.remove(row)
    return columns


def content(columns: Columns) -> dict[str, object]:
    """All that can be asked of columns, by item id, so that numbering does not matter."""

    def ids(rows: Iterable[int]) -> list[str]:
        return sorted(columns.rows.id(row) for row in rows)

    listed = ids(np.flatnonzero(columns.listed(None)))
    currency = {code: name for name, code in columns.currencies.items()}
    priced = [int(row) for row in np.flatnonzero(~np.isnan(columns.price()))]
    return {
        "listed": listed,
        "of domain": {d: ids(np.flatnonzero(columns.listed(d))) for d in ("shop", "video", "music")},
        "domains": set(columns.domains),
        "currencies": set(columns.currencies),
        "main": columns.main_currency,
        "price": {columns.rows.id(r): (columns.price()[r], currency[int(columns.currency()[r])]) for r in priced},
        "unpriced": set(np.unique(columns.currency()[np.isnan(columns.price())])) - {-1.0},
        "published": {columns.rows.id(int(r)) for r in np.flatnonzero(np.isfinite(columns.published()))},
        "numbers": {
            name: sorted((columns.rows.id(int(r)), v) for r, v in zip(*columns.numbers(name), strict=True))
            for name in ("screen", "none")
        },
        "texts": {
            name: {value: (ids(held.rows(value)), held.spellings[value]) for value in held.values}
            for name, held in columns.text_columns().items()
        },
        "found by": {name: held.by_spelling for name, held in columns.text_columns().items()},
        "flags": {n: (ids(columns.flag_rows(n, True)), ids(columns.flag_rows(n, False))) for n in columns.flag_names()},
        "titles": {i: columns.title(columns.rows.of(ItemId(i))) for i in listed},
        "titled": ids(np.flatnonzero(columns.titles_holding("redmi"))),
        "traits": {i: columns.traits(columns.rows.of(ItemId(i))) for i in listed},
    }


@given(steps)
def test_any_changes_leave_what_a_fresh_build_of_the_rest_gives(changes: list[Item | ItemId]) -> None:
    left: dict[str, Item] = {}
    for change in changes:
        if isinstance(change, Item):
            left[change.id] = change
        else:
            left.pop(change, None)
    assert content(built(changes)) == content(built(left.values()))


@given(steps)
def test_every_change_has_a_revision_of_its_own(changes: list[Item | ItemId]) -> None:
    columns = Columns(Rows())
    for change in changes:
        before = columns.revision
        row = columns.rows.find(change if isinstance(change, str) else change.id)
        if isinstance(change, Item):
            columns.put(change)
            assert columns.revision == before + 1
        elif row is not None:
            held = bool(columns.traits(row) or columns.title(row))
            columns.remove(row)
            assert columns.revision == before + held


def test_rows_are_kept_through_growth() -> None:
    columns = Columns(Rows())
    for i in range(3_000):
        columns.put(Item(ItemId(f"i{i}"), f"item {i}", price=Money(i, "CNY")))
    assert columns.listed(None).sum() == 3_000
    assert np.array_equal(columns.price(), np.arange(3_000) / 100)


words = st.text(st.sampled_from("ab 手机\nA-"), max_size=6)


@given(st.lists(st.tuples(st.integers(0, 9_000), words), max_size=12), words)
def test_titles_are_searched_as_if_one_by_one(changes: list[tuple[int, str]], part: str) -> None:
    titles, left = Titles(), {}
    for row, title in changes:
        titles[row] = left[row] = title
        titles.holding("a")  # what is joined now must be joined anew after the next change
    wanted = [
        row for row, title in sorted(left.items()) if holds(" ".join(title.casefold().splitlines()), part.casefold())
    ]
    assert titles.holding(part).tolist() == wanted


weights = st.dictionaries(
    st.sampled_from(["手机 / phone", "phone", "红米 / Redmi", "游戏"]), st.floats(-1, 1), max_size=4
)


@given(steps, weights)
def test_weights_are_lent_to_rows_as_if_one_by_one(changes: list[Item | ItemId], lent: dict[str, float]) -> None:
    columns = built(changes)
    rows = np.arange(len(columns))
    had = columns.entries(rows)
    for row in rows:
        own = [lent.get(trait, 0.0) for trait in columns.traits(int(row))]
        assert had.summed(traits(lent))[row] == pytest.approx(sum(own))
        assert had.largest(traits(lent))[row] == max([0.0, *own])
