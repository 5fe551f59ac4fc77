"""The model of what is next, as it is served, and the candidates it proposes."""

from collections.abc import Sequence as Many
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from betimes.domain.names import ItemId
from betimes.domain.slate import Ask
from betimes.errors import InvalidInput, ModelUnavailable
from betimes.recommend.sequence import Block, Floats, SequenceModel, SequenceWeights
from betimes.recommend.sources import Query
from betimes.recommend.sources.sequence import Sequence
from betimes.remember.histories import History
from betimes.rows import Rows

from .world import NOW, USER

NAMES = [f"商品 {n}" for n in range(30)]


def weights(names: Many[str] = NAMES, seed: int = 0, length: int = 6) -> SequenceWeights:
    chance = np.random.default_rng(seed)

    def some(*shape: int) -> Floats:
        return chance.normal(0.0, 0.3, shape).astype(np.float32)

    blocks = [Block(some(8), some(8, 24), some(8, 8), some(8), some(8, 12), some(12, 8)) for _ in range(2)]
    return SequenceWeights(tuple(names), 2, some(len(names) + 1, 8), some(length, 8), tuple(blocks), some(8))


def model(names: Many[str] = NAMES, seed: int = 0) -> SequenceModel:
    return SequenceModel(weights(names, seed))


def rows_of(names: Many[str]) -> Rows:
    return Rows(map(ItemId, names))


def query(history: Many[int], allowed: Many[bool]) -> Query:
    mask = np.array(allowed, dtype=bool)
    ask = Ask(USER, NOW, "zh", 10, None, True, 0)
    rows = np.array(history[::-1], dtype=np.int64)
    past = History(rows, NOW.timestamp() - np.ones(len(rows)), np.ones(len(rows)))
    return Query(ask, mask, int(mask.sum()), (), (), (), past)


def test_weights_come_back_as_they_were_saved(tmp_path: Path) -> None:
    saved = weights()
    saved.save(tmp_path / "new" / "sequence.npz")
    loaded = SequenceWeights.load(tmp_path / "new" / "sequence.npz")
    assert (loaded.ids, loaded.heads, len(loaded.blocks)) == (saved.ids, saved.heads, len(saved.blocks))
    for one, other in zip(
        (loaded.items, loaded.positions, loaded.norm, *(a for b in loaded.blocks for a in b.arrays().values())),
        (saved.items, saved.positions, saved.norm, *(a for b in saved.blocks for a in b.arrays().values())),
        strict=True,
    ):
        assert one.dtype == np.float32
        np.testing.assert_array_equal(one, other)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["sequence.npz"]


def test_a_missing_or_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sequence.npz"
    with pytest.raises(ModelUnavailable, match="no sequence model at"):
        SequenceWeights.load(path)
    weights().save(path)
    whole = path.read_bytes()
    for kept in (0, 3, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:kept])
        with pytest.raises(ModelUnavailable, match="damaged"):
            SequenceWeights.load(path)
    np.save(path.with_suffix(".npy"), np.zeros(3))
    with pytest.raises(ModelUnavailable, match="no sequence model"):
        SequenceWeights.load(path.with_suffix(".npy"))


def test_a_flipped_byte_is_told_or_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sequence.npz"
    weights().save(path)
    before, whole = model().scores([1, 2]), path.read_bytes()
    for at in np.random.default_rng(0).integers(len(whole), size=100).tolist():
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            loaded = SequenceWeights.load(path)
        except ModelUnavailable:
            continue
        np.testing.assert_array_equal(SequenceModel(loaded).scores([1, 2]), before)


@pytest.mark.parametrize(
    "spoilt",
    [
        replace(weights(), items=weights().items[:-1]),
        replace(weights(), heads=3),
        replace(weights(), heads=0),
        replace(weights(), norm=weights().norm * np.float32("nan")),
        replace(weights(), positions=weights().positions[:, :-1]),
        replace(weights(), positions=weights().positions[:0]),
        replace(weights(), blocks=(replace(weights().blocks[0], up=weights().blocks[0].down),)),
        replace(weights(), ids=(NAMES[1], *NAMES[1:])),
    ],
)
def test_arrays_that_do_not_fit_are_told(tmp_path: Path, spoilt: SequenceWeights) -> None:
    spoilt.save(tmp_path / "sequence.npz")
    with pytest.raises(ModelUnavailable, match="do not fit"):
        SequenceWeights.load(tmp_path / "sequence.npz")


def test_the_order_counts_and_only_the_latest_items() -> None:
    scores = model().scores
    assert not np.allclose(scores([1, 2, 3]), scores([2, 1, 3]))
    np.testing.assert_array_equal(scores([9, 9, *range(6)]), scores([8, *range(6)]))
    assert scores([0]).shape == (30,)
    with pytest.raises(InvalidInput, match="empty"):
        scores([])


def test_without_a_model_or_a_known_history_there_is_nothing() -> None:
    rows = rows_of([*NAMES, "new"])
    everything = [True] * 31
    assert len(Sequence(rows).candidates(query([1], everything), 5)[0]) == 0
    source = Sequence(rows, model())
    assert len(source.candidates(query([], everything), 5)[0]) == 0
    assert len(source.candidates(query([30], everything), 5)[0]) == 0
    assert len(source.candidates(query([1], [False] * 31), 5)[0]) == 0
    assert len(source.candidates(query([1], everything), 0)[0]) == 0


def test_the_best_allowed_rows_come_first_in_the_order_of_the_model() -> None:
    # Rows in another order than the model's, with strangers between.
    rows = rows_of([name for pair in zip(reversed(NAMES), map(str, range(30)), strict=True) for name in pair])
    source, served = Sequence(rows, model()), model()
    allowed = [n % 3 > 0 for n in range(40)]
    # Newest first: item 25 in row 8 after item 29 in row 0; a stranger in between is skipped.
    found, scores = source.candidates(query([8, 3, 0], allowed), 7)
    logits = served.scores([29, 25])
    numbers = {rows.find(ItemId(name)): number for number, name in enumerate(NAMES)}
    known = [row for row, number in numbers.items() if row is not None and row < 40 and allowed[row]]
    expected = sorted(known, key=lambda row: (-logits[numbers[row]], row))[:7]
    assert found[:7].tolist() == expected
    assert scores[0] == 1.0
    assert (np.diff(scores) <= 0).all()
    assert scores[-1] > 0
    again, same = source.candidates(query([8, 3, 0], allowed), 7)
    assert (again.tolist(), same.tolist()) == (found.tolist(), scores.tolist())


def test_all_allowed_rows_are_given_when_there_are_fewer_than_asked_for() -> None:
    found, scores = Sequence(rows_of(NAMES), model()).candidates(query([1], [True, False, True]), 100)
    assert sorted(found.tolist()) == [0, 2]
    assert len(scores) == 2


def test_rows_given_out_later_are_found() -> None:
    rows = rows_of(NAMES[:2])
    source = Sequence(rows, model())
    assert set(source.candidates(query([0], [True] * 4), 9)[0].tolist()) == {0, 1}
    assert (rows.of(ItemId(NAMES[7])), rows.of(ItemId("new"))) == (2, 3)
    assert set(source.candidates(query([0], [True] * 4), 9)[0].tolist()) == {0, 1, 2}
    assert len(source.candidates(query([2], [True] * 4), 9)[0]) == 3


def test_a_model_is_swapped_while_serving() -> None:
    source = Sequence(rows_of(NAMES), model())
    everything = query([1, 2], [True] * 30)
    before = source.candidates(everything, 30)[0].tolist()
    source.use(model(NAMES[::-1], seed=1))
    after = source.candidates(everything, 30)[0].tolist()
    assert after != before
    assert after == Sequence(rows_of(NAMES), model(NAMES[::-1], seed=1)).candidates(everything, 30)[0].tolist()
    source.use(None)
    assert len(source.candidates(everything, 30)[0]) == 0
    source.use(model())
    assert source.candidates(everything, 30)[0].tolist() == before
