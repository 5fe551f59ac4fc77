"""A small transformer that learns from what people acted on what they are likely to act on next.

SASRec (Kang & McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018) with a sampled softmax loss
in place of its binary one, as in Klenitskiy & Vasilev, "Turning Dross Into Gold Loss: is BERT4Rec really
better than SASRec?", RecSys 2023. :mod:`betimes.recommend.sequence` serves what is learned here.
"""

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from betimes.domain.names import ItemId
from betimes.errors import InvalidFile, InvalidInput
from betimes.ports import Progress, no_progress
from betimes.recommend.sequence import EPSILON, Block, Floats, SequenceWeights

WEIGHTS, CARD, CHECKPOINT = "sequence.npz", "sequence.json", "sequence.checkpoint"

#: Histories to learn from, at least, and what a history needs to be one: a pair to learn and an item to hold out.
_FEWEST_HISTORIES, _SHORTEST = 20, 3
#: Users whose last item is held out: this share of them, and no more than so many.
_HELD_SHARE, _HELD_MOST = 0.25, 1_000
#: Where the ranking that is validated is cut off.
_CUT = 10


@dataclass(frozen=True, slots=True)
class SequenceConfig:
    """Settings of the model and its training.

    Attributes:
        dim: of items and states.
        blocks: of attention and feed-forward layers.
        heads: of attention in each block; they share ``dim`` evenly.
        length: how many of a person's latest items the model looks at.
        dropout: the share of values dropped while training, of inputs and of what each layer adds.
        negatives: items drawn anew for every step, that each next item is told from; when the catalogue has
            no more than these, all of it.
        batch: windows of ``length`` items a step.
        rate: the learning rate of Adam.
        epochs: passes over the histories, fewer when the validation no longer improves.
        patience: how many epochs without improvement end the training.
        seed: settles who is held out, the initial weights, the order, dropout and the negatives.
        fewest: items acted on fewer times than this are left out.
    """

    dim: int = 64
    blocks: int = 2
    heads: int = 2
    length: int = 50
    dropout: float = 0.2
    negatives: int = 512
    batch: int = 64
    rate: float = 2e-3
    epochs: int = 30
    patience: int = 5
    seed: int = 0
    fewest: int = 2


@dataclass(frozen=True, slots=True)
class SequenceCard:
    """What a model is and where it comes from.

    Attributes:
        at: when it was done, UTC, in ISO 8601.
        users: how many histories it learned from.
        items: how many items it knows.
        acts: of these users on these items; ``held_out`` of them, each the last of a user, it was validated by.
        epochs: how many were run; the weights are those of the best one.
        ndcg: NDCG@10 of the items held out among all items, after each epoch.
        sha256: of the file of weights.
    """

    at: str
    users: int
    items: int
    acts: int
    held_out: int
    epochs: int
    ndcg: list[float]
    config: SequenceConfig
    sha256: str


def train_sequence(
    histories: Sequence[Sequence[ItemId]],
    out: Path,
    config: SequenceConfig | None = None,
    progress: Progress = no_progress,
) -> SequenceCard:
    """Trains a model and writes it to a folder as ``sequence.npz``, with a card in JSON beside it.

    A training that was stopped goes on after its last whole epoch when it is begun again with the same
    histories, settings and folder, and comes to the same weights on the same machine: chance is settled anew
    for each epoch.

    Args:
        histories: what each user acted on, oldest first.
        out: the folder; made if it is missing.
        progress: told after each step; the total is that of all epochs, though training may end before.

    Raises:
        InvalidInput: there are too few histories to learn from, or heads that do not share ``dim`` evenly.
        InvalidFile: the checkpoint in the folder cannot be read.
    """
    config = config or SequenceConfig()
    lessons = _lessons(histories, config)
    out.mkdir(parents=True, exist_ok=True)
    with _chance(config.seed, 0):
        net = SequenceNet(len(lessons.ids), config)
    state = _State(net, torch.optim.Adam(net.parameters(), lr=config.rate), lessons.digest(config))
    checkpoint = out / CHECKPOINT
    state.restore(checkpoint)
    while len(state.ndcg) < config.epochs and not state.stale(config.patience):
        with _chance(config.seed, len(state.ndcg) + 1):
            _epoch(state, lessons, config, progress)
        state.look(ndcg(net, lessons.queries, lessons.answers))
        state.save(checkpoint)
    net.load_state_dict(state.best)
    path = out / WEIGHTS
    exported(net, lessons.ids).save(path)
    card = SequenceCard(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        users=len(lessons.rows),
        items=len(lessons.ids),
        acts=sum(map(len, lessons.rows)) + len(lessons.answers),
        held_out=len(lessons.answers),
        epochs=len(state.ndcg),
        ndcg=[round(value, 4) for value in state.ndcg],
        config=config,
        sha256=sha256(path.read_bytes()).hexdigest(),
    )
    (out / CARD).write_text(json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    checkpoint.unlink(missing_ok=True)
    return card


class SequenceNet(nn.Module):
    """The model as it is trained. Items are numbered from 1; 0 pads on the right.

    What pads comes after everything that counts, so causal attention never sees it and needs no mask.
    """

    def __init__(self, n_items: int, config: SequenceConfig) -> None:
        super().__init__()
        dim = config.dim
        self.heads = config.heads
        self.items = nn.Embedding(n_items + 1, dim, padding_idx=0)
        self.positions = nn.Parameter(torch.empty(config.length, dim))
        self.blocks = nn.ModuleList(_TorchBlock(dim, config.heads, config.dropout) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(dim, EPSILON, bias=False)
        self.dropout = nn.Dropout(config.dropout)
        # So that an item scaled to the length of a normed state has values about 1, and logits begin about 1.
        nn.init.normal_(self.items.weight, std=dim**-0.5)
        nn.init.normal_(self.positions, std=0.02)
        with torch.no_grad():
            self.items.weight[0] = 0.0

    def forward(self, numbers: Tensor) -> Tensor:
        """The state at each position of ``(batch, n)`` items. Shape ``(batch, n, dim)``."""
        inputs = self.items(numbers) * self.items.embedding_dim**0.5 + self.positions[: numbers.shape[1]]
        states: Tensor = self.dropout(inputs)
        for block in self.blocks:
            states = block(states)
        normed: Tensor = self.norm(states)
        return normed


class _TorchBlock(nn.Module):
    """Attention and two feed-forward layers, each normed before and added after."""

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.attend_norm = nn.LayerNorm(dim, EPSILON, bias=False)
        self.attend = nn.Linear(dim, 3 * dim, bias=False)
        self.mix = nn.Linear(dim, dim, bias=False)
        self.feed_norm = nn.LayerNorm(dim, EPSILON, bias=False)
        self.up = nn.Linear(dim, dim, bias=False)
        self.down = nn.Linear(dim, dim, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor) -> Tensor:
        batch, n, dim = states.shape
        parts = self.attend(self.attend_norm(states)).view(batch, n, 3, self.heads, dim // self.heads)
        queries, keys, values = parts.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(queries, keys, values, is_causal=True)
        states = states + self.dropout(self.mix(seen.transpose(1, 2).reshape(batch, n, dim)))
        fed: Tensor = states + self.dropout(self.down(functional.relu(self.up(self.feed_norm(states)))))
        return fed


def exported(net: SequenceNet, ids: Sequence[ItemId]) -> SequenceWeights:
    """The weights as they are served; a linear layer of torch is the transpose of ours."""

    def array(tensor: Tensor) -> Floats:
        return np.array(tensor.detach().numpy(), dtype=np.float32, order="C")

    blocks = [
        Block(
            attend_norm=array(block.attend_norm.weight),
            attend=array(block.attend.weight.T),
            mix=array(block.mix.weight.T),
            feed_norm=array(block.feed_norm.weight),
            up=array(block.up.weight.T),
            down=array(block.down.weight.T),
        )
        for block in net.blocks
        if isinstance(block, _TorchBlock)
    ]
    return SequenceWeights(
        tuple(ids), net.heads, array(net.items.weight), array(net.positions), tuple(blocks), array(net.norm.weight)
    )


@dataclass(frozen=True, slots=True)
class _Lessons:
    """Histories as numbers, and what is held out of them.

    Attributes:
        ids: the items; the first has the number 1.
        rows: the histories to learn from, oldest first.
        queries: those whose next item is held out, the latest ``length`` items of each, padded on the right.
        answers: the numbers of the items held out.
    """

    ids: list[ItemId]
    rows: list[list[int]]
    queries: Tensor
    answers: Tensor

    def digest(self, config: SequenceConfig) -> str:
        """Tells a training from any other."""
        return sha256(json.dumps([self.ids, self.rows, self.answers.tolist(), asdict(config)]).encode()).hexdigest()


def _lessons(histories: Sequence[Sequence[ItemId]], config: SequenceConfig) -> _Lessons:
    if config.dim % config.heads:
        raise InvalidInput(f"{config.heads} heads cannot share {config.dim} dimensions; give a divisor of them")
    counts = Counter(item for history in histories for item in history)
    numbers = {item: n + 1 for n, item in enumerate(sorted(i for i, count in counts.items() if count >= config.fewest))}
    rows = [[numbers[item] for item in history if item in numbers] for history in histories]
    rows = [row for row in rows if len(row) >= _SHORTEST]
    if len(rows) < _FEWEST_HISTORIES:
        raise InvalidInput(
            f"of {len(histories)} histories, {len(rows)} have {_SHORTEST} acts or more on items acted on "
            f"{config.fewest} times or more, which are too few to train on; give {_FEWEST_HISTORIES} at least"
        )
    some = np.random.default_rng(config.seed).permutation(len(rows))
    held = sorted(some[: min(_HELD_MOST, math.ceil(_HELD_SHARE * len(rows)))].tolist())
    answers = [rows[user].pop() for user in held]
    queries = _padded([rows[user][-config.length :] for user in held], config.length)
    return _Lessons(list(numbers), rows, queries, torch.tensor(answers))


def _padded(rows: Sequence[Sequence[int]], width: int) -> Tensor:
    """Rows filled up with 0 on the right. Shape ``(len(rows), width)``."""
    table = torch.zeros(len(rows), width, dtype=torch.int64)
    for at, row in enumerate(rows):
        table[at, : len(row)] = torch.tensor(row)
    return table


def _windows(rows: Sequence[Sequence[int]], length: int) -> Tensor:
    """Histories cut into windows of inputs, each followed by one more item, the last target.

    Shape ``(n, length + 1)``. Where a history does not fill its windows, the cuts are moved by chance, so
    that no item is always the first of its window, with nothing to be told from.
    """
    cut = []
    for row in rows:
        n = math.ceil((len(row) - 1) / length)
        moved = int(torch.randint(n * length - len(row) + 2, ()))
        cut += [row[max(0, start) : start + length + 1] for start in range(-moved, n * length - moved, length)]
    return _padded(cut, length + 1)


def _epoch(state: "_State", lessons: _Lessons, config: SequenceConfig, progress: Progress) -> None:
    """One pass over the windows, in an order of chance."""
    state.net.train()
    windows = _windows(lessons.rows, config.length)
    batches = torch.split(windows[torch.randperm(len(windows))], config.batch)
    done = len(batches) * len(state.ndcg)
    for number, batch in enumerate(batches, 1):
        state.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss(state.net, batch, config.negatives))
        state.optimiser.step()
        progress(done + number, len(batches) * config.epochs)


def loss(net: SequenceNet, windows: Tensor, negatives: int) -> Tensor:
    """The cross-entropy of each next item against items drawn, the same ones for the whole batch.

    They are drawn uniformly, so each stands for ``items / negatives`` items, and its logit is corrected by the
    logarithm of that: the sum of exponentials then estimates that of the whole softmax without bias
    (Bengio & Senécal, "Adaptive Importance Sampling …", 2008). A draw by popularity, corrected by item, came to the
    same on UCI Online Retail (best NDCG@10 of 8 epochs 0.182 against 0.180) and needs a table of its own.
    """
    inputs, targets = windows[:, :-1], windows[:, 1:]
    real = targets > 0
    states, wanted = net(inputs)[real], targets[real]
    n_items = net.items.num_embeddings - 1
    if n_items <= negatives:
        return functional.cross_entropy(states @ net.items.weight[1:].T, wanted - 1)
    drawn = torch.randint(1, n_items + 1, (negatives,))
    # Looked up as inputs are: an index would add up gradients in the order in which threads come.
    right = (states * net.items(wanted)).sum(dim=1, keepdim=True)
    wrong = states @ net.items(drawn).T + math.log(n_items / negatives)
    wrong = wrong.masked_fill(wanted[:, None] == drawn, -torch.inf)
    return functional.cross_entropy(torch.cat([right, wrong], dim=1), torch.zeros_like(wanted))


def ndcg(net: SequenceNet, queries: Tensor, answers: Tensor) -> float:
    """NDCG@10 of the answers among all items: ``1 / log2(rank + 1)`` up to rank 10, else 0; ties count against."""
    net.eval()
    gains = []
    with torch.no_grad():
        for asked, right in zip(torch.split(queries, 256), torch.split(answers, 256), strict=True):
            last = (asked > 0).sum(dim=1) - 1
            states = net(asked)[torch.arange(len(asked)), last]
            scores = states @ net.items.weight[1:].T
            # What is not below the answer, so that a model of nothing but NaN or of ties gains nothing.
            ranks = (~(scores < scores.gather(1, right[:, None] - 1))).sum(dim=1)
            gains.append(torch.where(ranks <= _CUT, 1.0 / torch.log2(ranks + 1.0), 0.0))
    return float(torch.cat(gains).mean())


@contextmanager
def _chance(seed: int, epoch: int) -> Iterator[None]:
    """Settles the chance of an epoch, whatever came before it, and leaves that of the caller alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(np.random.SeedSequence((seed, epoch)).generate_state(1)[0]))
        yield


@dataclass(slots=True)
class _State:
    """A training under way.

    Attributes:
        lessons: the digest of what it is a training of.
        ndcg: by epoch.
        best: the weights of the best epoch.
    """

    net: SequenceNet
    optimiser: torch.optim.Optimizer
    lessons: str
    ndcg: list[float] = field(default_factory=list)
    best: dict[str, Tensor] = field(default_factory=dict)

    def look(self, value: float) -> None:
        """Notes the value of an epoch, and keeps its weights if none was better."""
        if not self.ndcg or value > max(self.ndcg):
            self.best = {name: tensor.clone() for name, tensor in self.net.state_dict().items()}
        self.ndcg.append(value)

    def stale(self, patience: int) -> bool:
        """Whether the last ``patience`` epochs brought nothing."""
        return bool(self.ndcg) and len(self.ndcg) - 1 - self.ndcg.index(max(self.ndcg)) >= patience

    def save(self, path: Path) -> None:
        """Keeps the state in a file, which is replaced once the new one is whole."""
        kept = {
            "lessons": self.lessons,
            "ndcg": self.ndcg,
            "best": self.best,
            "net": self.net.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }
        part = path.with_name(f"{path.name}.part")
        torch.save(kept, part)
        part.replace(path)

    def restore(self, path: Path) -> None:
        """Goes back to the state in a file, if there is one and it is of this training."""
        if not path.exists():
            return
        try:
            kept = torch.load(path, weights_only=True)
            if kept["lessons"] != self.lessons:
                return
            self.net.load_state_dict(kept["net"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.ndcg, self.best = kept["ndcg"], kept["best"]
        except (OSError, EOFError, RuntimeError, ValueError, KeyError, UnpicklingError) as error:
            raise InvalidFile(f"{path} is no checkpoint that can be read; remove it and train again") from error
