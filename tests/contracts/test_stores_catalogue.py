"""What every catalogue does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from betimes.domain.item import Item, Money, Quantity
from betimes.domain.names import ItemId
from betimes.errors import InvalidItem
from betimes.ports import Put, Stores
from betimes.stores import open_stores

PHONE = Item(
    ItemId("phone"),
    "折叠屏 / Foldable",
    text="轻",
    price=Money(99900, "CNY"),
    brand="小星 / Star",
    category="手机 / phone",
    tags=("轻", "5g"),
    facts={"screen": Quantity(6.1, "in"), "colour": ("黑", "白"), "5g": True},
    image="https://example.com/a.png",
    published=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    available=False,
)


def item(id: str, title: str = "t") -> Item:
    return Item(ItemId(id), title)


def test_an_empty_catalogue(stores: Stores) -> None:
    assert stores.catalogue.count() == 0
    assert stores.catalogue.revision() == 0
    assert list(stores.catalogue.changes()) == []
    assert stores.catalogue.get([ItemId("phone")]) == {}
    assert stores.catalogue.put([]) == Put(0, 0, 0)
    assert stores.catalogue.remove([]) == 0


def test_an_item_comes_back_whole(stores: Stores) -> None:
    assert stores.catalogue.put([PHONE]) == Put(1, 0, 0)
    assert stores.catalogue.get([PHONE.id, ItemId("none")]) == {PHONE.id: PHONE}


def test_an_equal_item_changes_nothing_even_with_its_facts_in_another_order(stores: Stores) -> None:
    stores.catalogue.put([PHONE, item("a")])
    turned = replace(PHONE, facts=dict(reversed(list(PHONE.facts.items()))))
    assert stores.catalogue.put([turned, item("a")]) == Put(0, 0, 2)
    assert stores.catalogue.revision() == 2


def test_changes_tell_the_state_of_what_changed_in_order(stores: Stores) -> None:
    stores.catalogue.put([item("a"), item("b"), item("c")])
    seen = stores.catalogue.revision()
    assert stores.catalogue.put([item("b", "new"), item("c"), item("d")]) == Put(1, 1, 1)
    assert stores.catalogue.remove([ItemId("a"), ItemId("none"), ItemId("a")]) == 1
    changes = list(stores.catalogue.changes(seen))
    assert [(c.id, c.item) for c in changes] == [("b", item("b", "new")), ("d", item("d")), ("a", None)]
    assert [c.revision for c in changes] == [4, 5, 6]
    assert stores.catalogue.revision() == 6
    assert [c.id for c in stores.catalogue.changes()] == ["c", "b", "d", "a"]


def test_a_removed_item_is_gone_until_it_is_put_again(stores: Stores) -> None:
    stores.catalogue.put([item("a"), item("b")])
    assert stores.catalogue.remove([ItemId("a")]) == 1
    assert stores.catalogue.remove([ItemId("a")]) == 0
    assert stores.catalogue.count() == 1
    assert stores.catalogue.get([ItemId("a")]) == {}
    assert stores.catalogue.put([item("a")]) == Put(1, 0, 0)
    assert stores.catalogue.count() == 2


def test_of_several_items_with_one_id_the_last_counts(stores: Stores) -> None:
    assert stores.catalogue.put([item("a", "one"), item("a", "two")]) == Put(1, 0, 0)
    assert stores.catalogue.get([ItemId("a")]) == {"a": item("a", "two")}


@pytest.mark.parametrize(
    "bad",
    [
        item("nul\0"),
        item("surrogate\ud800"),
        item("title", "\ud800"),
        replace(PHONE, facts={"screen": Quantity(float("nan"), "in")}),
    ],
    ids=["nul", "surrogate id", "surrogate title", "nan"],
)
def test_what_would_not_read_back_is_refused_and_nothing_of_its_batch_is_stored(stores: Stores, bad: Item) -> None:
    with pytest.raises(InvalidItem):
        stores.catalogue.put([item("good"), bad])
    assert stores.catalogue.count() == 0


def test_many_items(stores: Stores) -> None:
    """More than one page of reading, and more than one statement takes."""
    many = [item(f"i{n}") for n in range(12_000)]
    assert stores.catalogue.put(many) == Put(12_000, 0, 0)
    assert [c.item for c in stores.catalogue.changes()] == many
    assert stores.catalogue.get([i.id for i in many]) == {i.id: i for i in many}
    assert stores.catalogue.remove([i.id for i in many]) == 12_000
    assert stores.catalogue.count() == 0
    assert stores.catalogue.revision() == 24_000


def test_the_catalogue_is_what_a_dictionary_would_be(fresh: Callable[[], str]) -> None:
    ids = st.sampled_from([ItemId(i) for i in "abcde"])

    class Catalogue(RuleBasedStateMachine):
        """Beside the model, a follower that only reads the changes arrives at the same state."""

        def __init__(self) -> None:
            super().__init__()
            self.stores = open_stores(fresh())
            self.model: dict[ItemId, Item] = {}
            self.followed: dict[ItemId, Item] = {}
            self.seen = 0

        @rule(given_=st.lists(st.builds(item, ids, st.sampled_from(["x", "y"])), max_size=6))
        def put(self, given_: list[Item]) -> None:
            wanted = {i.id: i for i in given_}
            added = len(wanted.keys() - self.model.keys())
            unchanged = sum(self.model.get(i.id) == i for i in wanted.values())
            put = self.stores.catalogue.put(given_)
            assert put == Put(added, len(wanted) - added - unchanged, unchanged)
            self.model.update(wanted)

        @rule(gone=st.lists(ids, max_size=3))
        def remove(self, gone: list[ItemId]) -> None:
            there = {i for i in gone if i in self.model}
            assert self.stores.catalogue.remove(gone) == len(there)
            for i in there:
                del self.model[i]

        @rule()
        def follow(self) -> None:
            for change in self.stores.catalogue.changes(self.seen):
                assert change.revision > self.seen
                self.seen = change.revision
                if change.item is None:
                    self.followed.pop(change.id, None)
                else:
                    self.followed[change.id] = change.item
            assert self.followed == self.model
            assert self.seen == self.stores.catalogue.revision()

        @invariant()
        def same(self) -> None:
            assert self.stores.catalogue.get([ItemId(i) for i in "abcde"]) == self.model
            assert self.stores.catalogue.count() == len(self.model)

        def teardown(self) -> None:
            self.stores.close()

    run_state_machine_as_test(Catalogue, settings=settings(max_examples=15, stateful_step_count=15, deadline=None))
