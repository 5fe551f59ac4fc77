"""What every keeper of trained models does."""

from datetime import UTC, datetime, timedelta

import pytest

from betimes.errors import NotFound
from betimes.ports import Stores, Trained
from betimes.stores import open_stores

AT = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)


def test_nothing_is_in_use_at_first(stores: Stores) -> None:
    assert stores.trained.in_use() == {}
    assert stores.trained.listed("ranker") == []


def test_what_was_kept_comes_back_and_is_not_in_use_by_itself(stores: Stores) -> None:
    stores.trained.save("ranker", "may", AT, bytes(range(256)))
    assert stores.trained.body("ranker", "may") == bytes(range(256))
    assert stores.trained.listed("ranker") == [Trained("may", AT, used=False)]
    assert stores.trained.in_use() == {}


def test_one_of_a_kind_is_in_use_and_another_takes_its_place(stores: Stores) -> None:
    stores.trained.save("ranker", "may", AT, b"1")
    stores.trained.save("ranker", "june", AT + timedelta(days=31), b"2")
    stores.trained.save("sequence", "may", AT, b"3")
    for name in ("may", "june"):
        stores.trained.use("ranker", name)
        assert stores.trained.in_use()["ranker"].name == name
    stores.trained.use("sequence", "may")
    assert {kind: one.name for kind, one in stores.trained.in_use().items()} == {"ranker": "june", "sequence": "may"}
    assert [(one.name, one.used) for one in stores.trained.listed("ranker")] == [("june", True), ("may", False)]
    stores.trained.use("ranker", None)
    assert list(stores.trained.in_use()) == ["sequence"]


def test_one_kept_again_under_its_name_is_no_longer_in_use(stores: Stores) -> None:
    stores.trained.save("ranker", "may", AT, b"1")
    stores.trained.use("ranker", "may")
    stores.trained.save("ranker", "may", AT + timedelta(hours=1), b"2")
    assert stores.trained.body("ranker", "may") == b"2"
    assert stores.trained.in_use() == {}


def test_what_is_not_there_is_told_with_what_is(stores: Stores) -> None:
    with pytest.raises(NotFound, match="none yet: betimes train ranker"):
        stores.trained.use("ranker", "may")
    stores.trained.save("ranker", "june", AT, b"1")
    with pytest.raises(NotFound, match="there are: june"):
        stores.trained.use("ranker", "may")
    with pytest.raises(NotFound, match="no ranker 'may'"):
        stores.trained.body("ranker", "may")


def test_all_is_there_when_the_database_is_opened_again(stores: Stores, where: str) -> None:
    stores.trained.save("ranker", "may", AT, b"1")
    stores.trained.use("ranker", "may")
    again = open_stores(where)
    try:
        assert again.trained.in_use() == {"ranker": Trained("may", AT, used=True)}
    finally:
        again.close()
