"""Training the model of what is next: learns, stops, goes on, is served as it was trained."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import torch

from betimes.domain.names import ItemId
from betimes.errors import InvalidFile, InvalidInput
from betimes.recommend.sequence import SequenceModel, SequenceWeights
from betimes.train.sequence import SequenceConfig, SequenceNet, exported, loss, ndcg, train_sequence

ITEMS = [ItemId(f"i{n:02d}") for n in range(40)]
SMALL = SequenceConfig(dim=16, length=8, negatives=20, batch=32, rate=5e-3, epochs=4, patience=4)


def circles(users: int, acts: int = 17, seed: int = 0) -> list[list[ItemId]]:
    """Histories in which every item is followed by the next one, and the last by the first."""
    starts = np.random.default_rng(seed).integers(len(ITEMS), size=users).tolist()
    return [[ITEMS[(start + n) % len(ITEMS)] for n in range(acts)] for start in starts]


class Stopped(Exception):
    """A training is killed."""


def same(one: SequenceWeights, other: SequenceWeights) -> bool:
    return all(
        np.array_equal(a, b)
        for a, b in zip(
            (one.items, one.positions, one.norm, *(a for block in one.blocks for a in block.arrays().values())),
            (other.items, other.positions, other.norm, *(a for block in other.blocks for a in block.arrays().values())),
            strict=True,
        )
    )


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads wait for each other longer than models this small compute, most of all on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained")
    train_sequence(circles(60), out, SMALL)
    return out


@pytest.mark.parametrize("acts", [1, 5, 8, 11])
def test_what_is_served_is_what_was_trained(acts: int) -> None:
    torch.manual_seed(0)
    net = SequenceNet(len(ITEMS), SMALL).eval()
    served = SequenceModel(exported(net, ITEMS))
    history = np.random.default_rng(acts).integers(len(ITEMS), size=acts).tolist()
    with torch.no_grad():
        seen = net(torch.tensor([history[-8:]]) + 1)[0, -1]
        scores = net.items.weight[1:] @ seen
    np.testing.assert_allclose(served.vector(history), seen.numpy(), atol=1e-4)
    np.testing.assert_allclose(served.scores(history), scores.numpy(), atol=1e-4)


@pytest.mark.parametrize("negatives", [20, 100])
def test_a_simple_language_is_learned(tmp_path: Path, negatives: int) -> None:
    config = SequenceConfig(dim=32, length=8, negatives=negatives, batch=32, rate=1e-2, epochs=6)
    card = train_sequence(circles(150), tmp_path, config)
    assert max(card.ndcg) > 0.95
    model = SequenceModel(SequenceWeights.load(tmp_path / "sequence.npz"))
    asked = circles(200, acts=6, seed=1)
    numbers = {item: number for number, item in enumerate(model.ids)}
    hits = [model.scores([numbers[i] for i in row[:-1]]).argmax() == numbers[row[-1]] for row in map(tuple, asked)]
    assert np.mean(hits) > 0.9


def test_a_training_that_was_stopped_comes_to_the_same_weights(trained: Path, tmp_path: Path) -> None:
    def kill(done: int, total: int | None) -> None:
        if done == 11:
            raise Stopped

    with pytest.raises(Stopped):
        train_sequence(circles(60), tmp_path, SMALL, kill)
    assert [path.name for path in tmp_path.iterdir()] == ["sequence.checkpoint"]
    told: list[tuple[int, int | None]] = []
    card = train_sequence(circles(60), tmp_path, SMALL, lambda done, total: told.append((done, total)))
    assert told == [(step, 16) for step in range(9, 17)]
    assert card.ndcg == json.loads((trained / "sequence.json").read_text(encoding="utf-8"))["ndcg"]
    assert same(SequenceWeights.load(trained / "sequence.npz"), SequenceWeights.load(tmp_path / "sequence.npz"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sequence.json", "sequence.npz"]


def test_a_checkpoint_of_another_training_is_not_gone_on_from(trained: Path, tmp_path: Path) -> None:
    def kill(done: int, total: int | None) -> None:
        if done == 5:
            raise Stopped

    with pytest.raises(Stopped):
        train_sequence(circles(60, seed=2), tmp_path, SMALL, kill)
    train_sequence(circles(60), tmp_path, SMALL)
    assert same(SequenceWeights.load(trained / "sequence.npz"), SequenceWeights.load(tmp_path / "sequence.npz"))


def test_a_damaged_checkpoint_is_told(tmp_path: Path) -> None:
    (tmp_path / "sequence.checkpoint").write_bytes(b"PK\x03\x04 torn")
    with pytest.raises(InvalidFile, match="remove it"):
        train_sequence(circles(60), tmp_path, SMALL)


def test_the_card_tells_what_was_trained_on(trained: Path) -> None:
    card = json.loads((trained / "sequence.json").read_text(encoding="utf-8"))
    assert (card["users"], card["items"], card["acts"], card["held_out"]) == (60, 40, 60 * 17, 15)
    assert (card["epochs"], len(card["ndcg"]), card["config"]["seed"]) == (4, 4, 0)
    assert card["sha256"] == sha256((trained / "sequence.npz").read_bytes()).hexdigest()


def test_the_caller_keeps_his_chance(tmp_path: Path) -> None:
    torch.manual_seed(7)
    before = torch.get_rng_state()
    train_sequence(circles(20), tmp_path, SequenceConfig(dim=8, length=8, epochs=1))
    assert torch.equal(torch.get_rng_state(), before)


def test_training_ends_early_and_the_best_epoch_is_kept(tmp_path: Path) -> None:
    # A rate of 0 changes nothing, so no epoch is better than the first.
    card = train_sequence(circles(20), tmp_path, SequenceConfig(dim=8, length=8, rate=0.0, epochs=9, patience=2))
    assert (card.epochs, len(set(card.ndcg))) == (3, 1)


def test_rare_items_and_short_histories_are_left_out(tmp_path: Path) -> None:
    histories = [*circles(30), [ItemId("rare"), *ITEMS[:2]], ITEMS[:3], []]
    card = train_sequence(histories, tmp_path, SequenceConfig(dim=8, length=8, epochs=1))
    assert (card.users, card.items) == (31, 40)
    assert "rare" not in SequenceWeights.load(tmp_path / "sequence.npz").ids


def test_what_cannot_be_trained_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"of 19 histories, 19 .* give 20"):
        train_sequence(circles(19), tmp_path, SMALL)
    with pytest.raises(InvalidInput, match="of 30 histories, 0"):
        train_sequence(circles(30), tmp_path, SequenceConfig(fewest=1000))
    with pytest.raises(InvalidInput, match="3 heads"):
        train_sequence(circles(30), tmp_path, SequenceConfig(heads=3))


def test_the_loss_of_a_sample_estimates_that_of_all() -> None:
    torch.manual_seed(0)
    items = 2_000
    net = SequenceNet(items, SMALL).eval()
    windows = torch.randint(1, items + 1, (16, 9))
    windows[3:, 5:] = 0
    with torch.no_grad():
        exact = loss(net, windows, items)
        drawn = torch.stack([loss(net, windows, 400) for _ in range(50)])
    assert drawn.mean().item() == pytest.approx(exact.item(), abs=0.02)


def test_ndcg_is_by_rank_among_all_items() -> None:
    torch.manual_seed(0)
    net = SequenceNet(len(ITEMS), SMALL).eval()
    asked = torch.tensor([[3, 1, 2, 0, 0, 0, 0, 0], [4, 0, 0, 0, 0, 0, 0, 0]])
    model = SequenceModel(exported(net, ITEMS))
    orders = [np.argsort(-model.scores(history)) + 1 for history in ([2, 0, 1], [3])]
    for rank, gain in ((1, 1.0), (3, 0.5), (10, 1 / np.log2(11)), (11, 0.0)):
        answers = torch.tensor([orders[0][rank - 1], orders[1][0]])
        assert ndcg(net, asked, answers) == pytest.approx((gain + 1.0) / 2)
