"""The peers: what all of them keep to, and each one's formula against a plain computation."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from betimes.errors import InvalidInput, ModelUnavailable
from betimes.evaluate.contender import Contender, Scores
from betimes.evaluate.peers import (
    NAMES,
    Als,
    AlsConfig,
    CovisitsConfig,
    Ease,
    EaseConfig,
    ItemKnn,
    ItemKnnConfig,
    PersonalFrequency,
    PersonalFrequencyConfig,
    Popularity,
    PopularityConfig,
    TifuKnn,
    TifuKnnConfig,
    WindowedCovisits,
    peers,
)

DAY = 86_400.0
START = 1.3e9
USERS, ITEMS = 12, 30
#: Above the share of popularity that settles ties, below any difference a formula makes here.
CLOSE = 2e-6


@dataclass(frozen=True)
class Basket:
    user: int
    items: Sequence[int]
    day: float

    def to(self, peer: Contender) -> None:
        peer.reveal(self.user, np.array(self.items, np.int64), START + self.day * DAY)


def told(peer: Contender, *baskets: Basket) -> Contender:
    for basket in baskets:
        basket.to(peer)
    return peer


def asked(peer: Contender, user: int, day: float) -> Scores:
    return peer.scores(user, START + day * DAY)


def some(n: int, seed: int = 0) -> list[Basket]:
    chance = np.random.default_rng(seed)
    return [
        Basket(
            int(chance.integers(USERS)),
            chance.choice(ITEMS, chance.integers(1, 6), replace=False).tolist(),
            day=i * 0.2,
        )
        for i in range(n)
    ]


def made(name: str) -> Contender:
    [peer] = peers(USERS, ITEMS, [name])
    return peer


@pytest.mark.parametrize("name", NAMES)
def test_a_peer_bears_its_name(name: str) -> None:
    assert made(name).name == name


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"no peer 'slim'; choose from popularity 3d, .*tifu knn"):
        peers(USERS, ITEMS, ["ease", "slim"])


@pytest.mark.parametrize("name", NAMES)
def test_scores_are_finite_with_and_without_a_past(name: str) -> None:
    peer = made(name)
    assert asked(peer, 0, 0.0).tolist() == [0.0] * ITEMS
    for basket in some(60):
        scores = asked(peer, basket.user, basket.day)
        assert scores.shape == (ITEMS,)
        assert scores.dtype == np.float64
        assert np.isfinite(scores).all()
        basket.to(peer)
    assert np.isfinite(asked(peer, 0, 10_000.0)).all()


@pytest.mark.parametrize("name", NAMES)
def test_asking_changes_nothing_and_an_answer_stays_as_it_was(name: str) -> None:
    peer = told(made(name), *some(40))
    first = asked(peer, 3, 8.0)
    kept = first.copy()
    assert np.array_equal(asked(peer, 3, 8.0), kept)
    told(peer, Basket(3, [1, 2, 3], 8.5), Basket(4, [1, 5], 9.0))
    asked(peer, 3, 10.0)
    assert np.array_equal(first, kept)


@pytest.mark.parametrize("name", NAMES)
def test_days_without_a_basket_turn_no_order(name: str) -> None:
    peer = told(made(name), *some(40))
    assert np.argsort(asked(peer, 3, 12.0)).tolist() == np.argsort(asked(peer, 3, 8.0)).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_peer_says_depends_on_the_past_only(name: str) -> None:
    one, two = made(name), made(name)
    for basket in some(40):
        basket.to(one)
        basket.to(two)
    before = asked(one, 5, 8.0)
    told(one, *(Basket(b.user, b.items, b.day + 20.0) for b in some(20, seed=1)))
    assert np.array_equal(asked(two, 5, 8.0), before)


@pytest.mark.parametrize("name", NAMES)
def test_a_user_without_a_past_is_shown_what_is_popular(name: str) -> None:
    peer = told(made(name), Basket(0, [7, 8], 0.0), Basket(1, [7], 0.1), Basket(2, [7, 9], 0.2))
    assert int(asked(peer, 11, 1.0).argmax()) == 7


def als(users: int, items: int) -> Contender:
    # As many factors as there are kinds of users: with more, each of so few items gets one of its own.
    return Als(users, items, AlsConfig(factors=2))


@pytest.mark.parametrize(
    "make",
    [
        WindowedCovisits,
        lambda users, items: WindowedCovisits(users, items, CovisitsConfig(window=1)),
        ItemKnn,
        Ease,
        lambda users, items: Ease(users, items, EaseConfig(history=10)),
        als,
        lambda users, items: TifuKnn(users, items, TifuKnnConfig(neighbours=4)),
    ],
    ids=["covisits", "last item", "knn", "ease", "ease last 10", "als", "tifu"],
)
def test_what_goes_with_the_last_item_outranks_what_never_does(make: Callable[[int, int], Contender]) -> None:
    peer = make(USERS, ITEMS)
    told(peer, *(Basket(user, [0, 1] if user % 2 else [2, 3], user / 10) for user in range(10)))
    scores = asked(told(peer, Basket(10, [0], 1.1)), 10, 1.2)
    assert scores[1] > scores[3] + 1e-3


def test_popularity_halves_in_its_half_life() -> None:
    peer = told(Popularity(2, 3), Basket(0, [0], 0.0), Basket(1, [0], 0.0), Basket(0, [1], 3.0))
    assert asked(peer, 1, 3.0) == pytest.approx([1.0, 1.0, 0.0])
    assert asked(peer, 1, 6.0) == pytest.approx([0.5, 0.5, 0.0])


def test_decayed_sums_outlast_the_range_of_the_floats() -> None:
    peer = Popularity(1, 2, PopularityConfig(half_life_days=1.0))
    for day in range(500):
        Basket(0, [0] if day % 2 else [0, 1], float(day)).to(peer)
    ages = 499.0 - np.arange(500)
    assert asked(peer, 0, 499.0) == pytest.approx([(0.5**ages).sum(), (0.5 ** ages[::2]).sum()], rel=1e-5)


def test_personal_frequency_is_the_users_own() -> None:
    peer = PersonalFrequency(2, 4, PersonalFrequencyConfig(half_life_days=10.0))
    told(peer, Basket(0, [0, 1], 0.0), Basket(0, [1], 10.0), Basket(1, [2], 10.0))
    scores = asked(peer, 0, 10.0)
    assert scores == pytest.approx([0.5, 1.5, 0.0, 0.0], abs=CLOSE)
    assert scores[2] > scores[3]


def test_covisits_are_shares_of_what_decays() -> None:
    peer = told(WindowedCovisits(4, 4), Basket(0, [0, 1], 0.0), Basket(0, [2], 7.0), Basket(1, [0], 7.0))
    assert asked(peer, 1, 7.0) == pytest.approx([0.0, 1 / 3, 2 / 3, 0.0], abs=CLOSE)
    told(peer, Basket(1, [3], 7.0))
    # Item 3, the latest, was taken along with item 0 only; item 0 with 1 (half), 2 and 3.
    assert asked(peer, 1, 7.0) == pytest.approx([1.0, 0.9 * 0.2, 0.9 * 0.4, 0.9 * 0.4], abs=CLOSE)
    last = WindowedCovisits(4, 4, CovisitsConfig(window=1))
    told(last, Basket(0, [0, 1], 0.0), Basket(1, [0], 0.0), Basket(1, [3], 0.0))
    assert asked(last, 1, 0.0) == pytest.approx([1.0, 0.0, 0.0, 0.0], abs=CLOSE)


def test_item_knn_adds_cosines_of_the_nearest() -> None:
    baskets = [Basket(0, [0, 1], 0.0), Basket(1, [0, 1, 2], 0.0), Basket(2, [0], 0.0), Basket(3, [0], 0.0)]
    peer = told(ItemKnn(4, 4), *baskets)
    assert asked(peer, 3, 0.0) == pytest.approx([0.0, 2 / np.sqrt(4 * 2), 1 / np.sqrt(4 * 1), 0.0], abs=CLOSE)
    near = told(ItemKnn(4, 4, ItemKnnConfig(neighbours=1)), *baskets)
    assert asked(near, 3, 0.0) == pytest.approx([0.0, 2 / np.sqrt(4 * 2), 0.0, 0.0], abs=CLOSE)


def plain_ease(baskets: Sequence[Basket], reg: float) -> npt.NDArray[np.float64]:
    taken = np.zeros((USERS, ITEMS))
    for basket in baskets:
        taken[basket.user, basket.items] = 1.0
    inverse = np.linalg.inv(taken.T @ taken + reg * np.eye(ITEMS))
    weights = -inverse / np.diag(inverse)
    weights[np.diag_indices(ITEMS)] = 0.0
    predicted: npt.NDArray[np.float64] = taken @ weights
    return predicted


def test_ease_is_the_closed_form_at_each_fit() -> None:
    baskets = some(80)
    peer = Ease(USERS, ITEMS, EaseConfig(reg=2.0, refit_days=0.9))
    for i, basket in enumerate(baskets):
        basket.to(peer)
        # Five baskets, a day, are of few users beside the items: after the first fit, all are updates.
        if i % 5 == 4:
            expected = plain_ease(baskets[: i + 1], 2.0)[basket.user]
            assert asked(peer, basket.user, basket.day) == pytest.approx(expected, abs=CLOSE)


def test_ease_is_fitted_when_its_last_fit_is_a_day_old() -> None:
    peer = told(Ease(3, 4), Basket(0, [0, 1], 0.0), Basket(1, [0], 0.0))
    asked(peer, 1, 0.0)
    told(peer, Basket(2, [0, 2], 0.1))
    assert asked(peer, 1, 0.9)[2] == pytest.approx(0.0, abs=CLOSE)
    assert asked(peer, 1, 1.0)[2] > 1e-3


def test_ease_of_the_latest_items_and_of_the_most_popular() -> None:
    pairs = [Basket(0, [0, 1], 0.0), Basket(1, [2, 3], 0.0), Basket(2, [0, 1], 0.0)]
    mine = [Basket(3, [0], 0.0), Basket(3, [2], 0.0)]
    last = asked(told(Ease(4, 4, EaseConfig(history=1)), *pairs, *mine), 3, 0.0)
    assert last[3] > 1e-3
    assert last[1] < 0.0
    most = asked(told(Ease(4, 4, EaseConfig(most=2)), *pairs, *mine), 3, 0.0)
    assert most[1] > 1e-3
    assert most[3] == pytest.approx(0.0, abs=CLOSE)


def test_tifu_knn_weighs_baskets_and_groups_and_blends_neighbours() -> None:
    config = TifuKnnConfig(group=2, within=0.5, between=0.25, own=0.6)
    peer = told(TifuKnn(3, 4, config), Basket(0, [0], 0.0), Basket(0, [0, 1], 1.0), Basket(0, [1], 2.0))
    # The first group is (0.5 * b1 + b2) / 2, the second b3; the vector (0.25 * first + second) / 2.
    own = np.array([0.09375, 0.5625, 0.0, 0.0])
    assert asked(peer, 0, 3.0) == pytest.approx(0.6 * own, abs=CLOSE)
    told(peer, Basket(1, [2], 3.0))
    assert asked(peer, 0, 3.0) == pytest.approx(0.6 * own + 0.4 * np.array([0, 0, 1, 0]), abs=CLOSE)


def test_tifu_knn_averages_the_nearest_only() -> None:
    peer = TifuKnn(4, 4, TifuKnnConfig(neighbours=1, own=0.5))
    told(peer, Basket(0, [0], 0.0), Basket(1, [0, 1], 0.0), Basket(2, [2, 3], 0.0))
    assert asked(peer, 0, 0.0) == pytest.approx([1.0, 0.5, 0.0, 0.0], abs=CLOSE)


def test_als_without_its_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "implicit", None)
    monkeypatch.setitem(sys.modules, "implicit.cpu", None)
    monkeypatch.setitem(sys.modules, "implicit.cpu.als", None)
    with pytest.raises(ModelUnavailable, match=r"pip install 'betimes\[evaluate\]'"):
        peers(USERS, ITEMS, ["als"])
