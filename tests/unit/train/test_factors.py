"""Learning the factor model: what is served is what the library would say, and the same again from the same acts."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from implicit.cpu.als import AlternatingLeastSquares
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from betimes.domain.event import Acted, ActKind
from betimes.domain.names import EventId, ItemId, UserId
from betimes.errors import InvalidInput
from betimes.train.factors import FactorsConfig, fit_factors

SMALL = FactorsConfig(dim=8, iterations=5)
START = datetime(2026, 1, 1, tzinfo=UTC)
GROUPS, EACH, USERS = 3, 12, 40


def act(n: int, user: int, item: int, kind: ActKind = ActKind.CLICK) -> Acted:
    at = START + timedelta(minutes=n)
    return Acted(id=EventId(f"e{n}"), user=UserId(f"u{user}"), at=at, item=ItemId(f"i{item:02d}"), kind=kind)


def acts(seed: int = 0) -> list[Acted]:
    """Every user goes for some items of one group, some of them by buying."""
    chance = np.random.default_rng(seed)
    made: list[Acted] = []
    for user in range(USERS):
        for item in chance.permutation(EACH)[:6].tolist():
            kind = ActKind.BUY if chance.random() < 0.3 else ActKind.CLICK
            made.append(act(len(made), user, user % GROUPS * EACH + item, kind))
    return made


def test_a_user_folded_in_has_the_vector_that_the_library_recalculates() -> None:
    model = fit_factors(acts(), SMALL)
    with threadpool_limits(1, "blas"):
        solver = AlternatingLeastSquares(
            factors=8, regularization=SMALL.regularisation, alpha=1.0, iterations=1, random_state=0, num_threads=1
        )
    solver.item_factors = model.items
    chance = np.random.default_rng(1)
    for n in (1, 3, 20):
        numbers, weights = chance.permutation(len(model.ids))[:n], chance.uniform(0.0, 5.0, n)
        confidence = (1.0 + SMALL.alpha * weights).astype(np.float32)
        row = csr_matrix((confidence, (np.zeros(n, dtype=np.int64), numbers)), (1, len(model.ids)))
        expected = solver.recalculate_user(0, row)
        np.testing.assert_allclose(model.fold_in(numbers, weights), expected, atol=1e-4)


def test_items_of_ones_own_kind_fit_best() -> None:
    model = fit_factors(acts(), FactorsConfig(dim=GROUPS))
    numbers = {item: number for number, item in enumerate(model.ids)}
    for group in range(GROUPS):
        own = np.array([numbers[f"i{group * EACH + n:02d}"] for n in range(3)])
        best = np.argsort(-model.scores(model.fold_in(own, np.ones(3))))[:EACH]
        assert {model.ids[number] for number in best} == {f"i{group * EACH + n:02d}" for n in range(EACH)}


def test_equal_acts_and_seeds_give_equal_files() -> None:
    assert fit_factors(acts(), SMALL).dump() == fit_factors(acts(), SMALL).dump()
    other = fit_factors(acts(), FactorsConfig(dim=8, iterations=5, seed=1))
    assert not np.array_equal(fit_factors(acts(), SMALL).items, other.items)


def test_what_speaks_against_an_item_and_what_only_one_user_went_for_is_left_out() -> None:
    more = [act(1000, 0, 99), act(1001, 0, 98, ActKind.DISLIKE), act(1002, 1, 98, ActKind.DISLIKE)]
    model = fit_factors([*acts(), *more], SMALL)
    assert not {"i98", "i99"} & set(model.ids)
    assert model.dump() == fit_factors(acts(), SMALL).dump()


def test_a_stronger_act_counts_more() -> None:
    bought = [*acts(), *(act(1000 + n, 0, 0, ActKind.BUY) for n in range(5))]
    assert not np.array_equal(fit_factors(bought, SMALL).items, fit_factors(acts(), SMALL).items)


def test_each_iteration_is_told() -> None:
    told: list[tuple[int, int | None]] = []
    fit_factors(acts(), SMALL, lambda done, total: told.append((done, total)))
    assert told == [(n, 5) for n in range(1, 6)]


def test_too_little_is_told() -> None:
    with pytest.raises(InvalidInput, match=r"0 users and 0 items .* takes 20 users and 20 items"):
        fit_factors([])
    with pytest.raises(InvalidInput, match="10 users and "):
        fit_factors([one for one in acts() if int(one.user[1:]) < 10], SMALL)
    with pytest.raises(InvalidInput, match="40 users and 3 items"):
        fit_factors([act(n, n % USERS, n % 3) for n in range(120)], SMALL)
