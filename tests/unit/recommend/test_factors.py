"""The factor model as it is served, and the candidates it proposes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from betimes.domain.names import ItemId
from betimes.domain.slate import Ask
from betimes.errors import InvalidInput
from betimes.recommend.factors import FactorModel
from betimes.recommend.sources import Query
from betimes.recommend.sources.factors import Factors, FoldInConfig
from betimes.remember.histories import History
from betimes.rows import Rows

from .world import NOW, USER

NAMES = [f"商品 {n}" for n in range(30)]


def model(names: Sequence[str] = NAMES, seed: int = 0) -> FactorModel:
    items = np.random.default_rng(seed).normal(0.0, 0.5, (len(names), 4)).astype(np.float32)
    wide = items.astype(np.float64)
    return FactorModel(tuple(names), items, wide.T @ wide, 0.1, 2.0)


def rows_of(names: Sequence[str]) -> Rows:
    return Rows(map(ItemId, names))


def query(past: Sequence[int], allowed: Sequence[bool], days: Sequence[float] = (), weight: float = 1.0) -> Query:
    """A request by who went for rows, oldest first, so many days ago."""
    mask = np.array(allowed, dtype=bool)
    at = NOW.timestamp() - 86_400.0 * np.array(days if days else [1.0] * len(past))
    history = History(np.array(past, dtype=np.int64), at, np.full(len(past), weight))
    return Query(Ask(USER, NOW, "zh"), mask, int(mask.sum()), (), (), (), history)


def test_the_vector_is_the_best_by_the_loss_it_is_made_for() -> None:
    served, numbers, weights = model(), np.array([3, 7, 20]), np.array([1.0, 2.0, 0.5])
    confidence, wanted = np.ones(30), np.zeros(30)
    confidence[numbers] += served.alpha * weights
    wanted[numbers] = 1.0

    def loss(vector: np.typing.NDArray[np.float64]) -> float:
        missed = wanted - served.items.astype(np.float64) @ vector
        return float((confidence * missed**2).sum() + served.regularisation * (vector**2).sum())

    best = served.fold_in(numbers, weights)
    for step in np.random.default_rng(1).normal(0.0, 1e-3, (50, 4)):
        assert loss(best) < loss(best + step)


def test_who_went_for_nothing_has_no_direction() -> None:
    assert model().fold_in(np.zeros(0, dtype=np.int64), np.zeros(0)).tolist() == [0.0] * 4


def test_a_model_comes_back_from_a_file_as_it_was() -> None:
    saved = model()
    loaded = FactorModel.load(saved.dump())
    assert (loaded.ids, loaded.regularisation, loaded.alpha) == (saved.ids, 0.1, 2.0)
    np.testing.assert_array_equal(loaded.items, saved.items)
    np.testing.assert_array_equal(loaded.gram, saved.gram)


@pytest.mark.parametrize("kept", [0, 3, 100, 1000, -1])
def test_a_damaged_file_is_told(kept: int) -> None:
    with pytest.raises(InvalidInput, match="betimes train factors"):
        FactorModel.load(model().dump()[:kept])


def test_a_flipped_byte_is_told_or_changes_nothing() -> None:
    whole, saved = model().dump(), model()
    for at in np.random.default_rng(0).integers(len(whole), size=100).tolist():
        try:
            loaded = FactorModel.load(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        except InvalidInput:
            continue
        assert loaded.ids == saved.ids
        np.testing.assert_array_equal(loaded.items, saved.items)


NAN, LESS = np.float32("nan"), model()


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (replace(LESS, items=LESS.items[:-1]), "fit each other"),
        (replace(LESS, items=LESS.items[:, :-1]), "fit each other"),
        (replace(LESS, gram=LESS.gram[:, :-1]), "fit each other"),
        (replace(LESS, ids=(NAMES[1], *NAMES[1:])), "twice"),
        (replace(LESS, items=LESS.items * NAN), "no number"),
        (replace(LESS, gram=LESS.gram * NAN), "no number"),
        (replace(LESS, regularisation=0.0), "cannot be"),
        (replace(LESS, alpha=-1.0), "cannot be"),
        (replace(LESS, gram=np.triu(LESS.gram)), "not symmetric"),
        (replace(LESS, gram=-LESS.gram), "positive definite"),
    ],
)
def test_what_cannot_be_served_is_told(spoilt: FactorModel, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        FactorModel.load(spoilt.dump())


def test_without_a_model_or_a_known_past_there_is_nothing() -> None:
    rows = rows_of([*NAMES, "new"])
    everything = [True] * 31
    assert len(Factors(rows).candidates(query([1], everything), 5)[0]) == 0
    source = Factors(rows, model())
    assert len(source.candidates(query([], everything), 5)[0]) == 0
    assert len(source.candidates(query([30], everything), 5)[0]) == 0
    assert len(source.candidates(query([1], [False] * 31), 5)[0]) == 0
    assert len(source.candidates(query([1], everything), 0)[0]) == 0


def test_the_best_allowed_rows_come_first_by_the_vector_of_the_moment() -> None:
    # Rows in another order than the model's, with strangers between.
    rows = rows_of([name for pair in zip(reversed(NAMES), map(str, range(30)), strict=True) for name in pair])
    allowed = [n % 3 > 0 for n in range(40)]
    # Item 25 in row 8 twice, a stranger, then item 29 in row 0.
    found, scores = Factors(rows, model()).candidates(query([8, 3, 8, 0], allowed, [60.0, 1.0, 60.0, 0.0], 3.0), 7)
    served = model()
    fit = served.scores(served.fold_in(np.array([25, 29]), np.array([3.0, 3.0])))
    numbers = {rows.find(ItemId(name)): number for number, name in enumerate(NAMES)}
    known = {row: fit[number] for row, number in numbers.items() if row is not None and row < 40 and allowed[row]}
    assert found.tolist() == [row for row in sorted(known, key=lambda row: (-known[row], row)) if known[row] > 0.0]
    assert scores.tolist() == pytest.approx([known[row] for row in found.tolist()])


def test_what_was_done_lately_counts_more_and_only_the_latest_items_count() -> None:
    source, everything = Factors(rows_of(NAMES), model()), [True] * 30
    old_last = source.candidates(query([1, 2], everything, [300.0, 0.0]), 30)[0].tolist()
    assert old_last != source.candidates(query([2, 1], everything, [300.0, 0.0]), 30)[0].tolist()
    one = Factors(rows_of(NAMES), model(), FoldInConfig(history=1))
    assert (
        one.candidates(query([1, 2], everything), 30)[0].tolist()
        == one.candidates(query([2], everything), 30)[0].tolist()
    )


def test_a_model_is_swapped_while_serving_and_rows_given_out_later_are_found() -> None:
    rows = rows_of(NAMES[:2])
    source, asked = Factors(rows, model()), query([0, 1], [True] * 3)
    before = source.candidates(asked, 9)[0].tolist()
    assert set(before) <= {0, 1}
    source.use(model(["new", *NAMES[:2]], seed=3))
    assert rows.of(ItemId("new")) == 2
    source.use(None)
    assert len(source.candidates(asked, 9)[0]) == 0
    source.use(model())
    assert source.candidates(asked, 9)[0].tolist() == before
    assert rows.of(ItemId(NAMES[2])) == 3
    assert 3 in source.candidates(query([3], [True] * 4), 9)[0]
