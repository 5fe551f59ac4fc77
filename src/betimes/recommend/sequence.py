"""A small transformer over what a person acted on, as it is served: numpy only, one pass a request.

It is SASRec (Kang & McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018) with its blocks normed
before rather than after, and without biases. :mod:`betimes.train.sequence` trains it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from betimes.errors import InvalidInput, ModelUnavailable
from betimes.recommend.archive import UNREADABLE, Array, packed, unpacked

Floats = npt.NDArray[np.float32]

#: Added to a variance before it divides, here and in training.
EPSILON = 1e-5

_BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Block:
    """The weights of one block; vectors are multiplied from the left.

    Attributes:
        attend_norm: ``(dim,)``, what the norm before attention scales by.
        attend: ``(dim, 3 * dim)``, to queries, keys and values, one after the other.
        mix: ``(dim, dim)``, of the heads' outputs side by side.
        feed_norm: ``(dim,)``, what the norm before the feed-forward layers scales by.
        up: ``(dim, inner)``.
        down: ``(inner, dim)``.
    """

    attend_norm: Floats
    attend: Floats
    mix: Floats
    feed_norm: Floats
    up: Floats
    down: Floats

    def arrays(self) -> dict[str, Floats]:
        """The weights by name."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def fits(self, dim: int) -> bool:
        """Whether the shapes are those of a block of this dimension."""
        inner = self.up.shape[-1]
        shapes = [(dim,), (dim, 3 * dim), (dim, dim), (dim,), (dim, inner), (inner, dim)]
        return shapes == [array.shape for array in self.arrays().values()]


@dataclass(frozen=True, slots=True)
class SequenceWeights:
    """A trained model. An item's number is its place in ``ids``.

    Attributes:
        ids: the items it knows.
        heads: of attention; they share ``dim`` evenly.
        items: ``(len(ids) + 1, dim)``; row 0 pads in training, and item ``n`` has row ``n + 1``.
        positions: ``(length, dim)``, counted from the oldest item.
        blocks: from the first to the last.
        norm: ``(dim,)``, what the norm after the last block scales by.
    """

    ids: tuple[str, ...]
    heads: int
    items: Floats
    positions: Floats
    blocks: tuple[Block, ...]
    norm: Floats

    def dump(self) -> bytes:
        """The weights as one ``.npz``."""
        arrays: dict[str, Array] = {
            "heads": np.array(self.heads),
            "items": self.items,
            "positions": self.positions,
            "norm": self.norm,
        }
        for number, block in enumerate(self.blocks):
            arrays |= {f"{_BLOCK}{number}.{name}": array for name, array in block.arrays().items()}
        return packed(self.ids, arrays)

    def save(self, path: Path) -> None:
        """Writes the weights to one ``.npz``; the file there is replaced once the new one is whole."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(self.dump())
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> "SequenceWeights":
        """The weights in a file that :meth:`save` wrote.

        Raises:
            ModelUnavailable: the file is missing or damaged.
        """
        try:
            return cls.parse(path.read_bytes(), str(path))
        except OSError as error:
            raise ModelUnavailable(f"there is no sequence model at {path}; train one first") from error

    @classmethod
    def parse(cls, body: bytes, name: str = "the sequence model") -> "SequenceWeights":
        """The weights that :meth:`dump` gave.

        Raises:
            ModelUnavailable: they are damaged.
        """
        try:
            weights = cls._of(*unpacked(body))
        except UNREADABLE as error:
            raise ModelUnavailable(f"{name} is damaged or no sequence model; train it again: {error}") from error
        if not weights._whole():
            raise ModelUnavailable(f"{name} is damaged: its arrays do not fit each other; train it again")
        return weights

    @classmethod
    def _of(cls, ids: tuple[str, ...], arrays: Mapping[str, Array]) -> "SequenceWeights":
        def floats(name: str) -> Floats:
            return arrays[name].astype(np.float32, casting="safe", copy=False)

        n_blocks = len({name.partition(".")[0] for name in arrays if name.startswith(_BLOCK)})
        names = [part.name for part in fields(Block)]
        return cls(
            ids=ids,
            heads=int(arrays["heads"].item()),
            items=floats("items"),
            positions=floats("positions"),
            blocks=tuple(Block(**{n: floats(f"{_BLOCK}{number}.{n}") for n in names}) for number in range(n_blocks)),
            norm=floats("norm"),
        )

    def _whole(self) -> bool:
        """Whether the arrays fit each other and hold numbers."""
        dim = self.norm.size
        fit = (
            self.items.shape == (len(self.ids) + 1, dim)
            and self.positions.ndim == 2
            and self.positions.shape[1:] == self.norm.shape == (dim,)
            and len(self.positions) > 0
            and self.heads > 0
            and dim % self.heads == 0
            and all(block.fits(dim) for block in self.blocks)
        )
        arrays = [self.items, self.positions, self.norm, *(a for b in self.blocks for a in b.arrays().values())]
        return fit and len(set(self.ids)) == len(self.ids) and all(bool(np.isfinite(array).all()) for array in arrays)


@dataclass(frozen=True, slots=True)
class SequenceModel:
    """Says which items are likely next. Safe to use from several threads."""

    weights: SequenceWeights

    @property
    def ids(self) -> tuple[str, ...]:
        """The items, by number."""
        return self.weights.ids

    @property
    def length(self) -> int:
        """How many items of a history are looked at."""
        return len(self.weights.positions)

    def vector(self, history: Sequence[int]) -> Floats:
        """What is likely next, as a vector in the space of the items. Shape ``(dim,)``.

        Args:
            history: numbers of items, oldest first; the newest ``length`` of them count.

        Raises:
            InvalidInput: the history is empty.
        """
        if not history:
            raise InvalidInput("an empty history has no vector; give the number of at least one item")
        weights = self.weights
        numbers = np.array(history[-self.length :]) + 1
        scale = np.float32(np.sqrt(weights.items.shape[1]))
        states = weights.items[numbers] * scale + weights.positions[: len(numbers)]
        for block in weights.blocks:
            states = states + _attended(_normed(states, block.attend_norm), block, weights.heads)
            states = states + np.maximum(_normed(states, block.feed_norm) @ block.up, 0.0) @ block.down
        last: Floats = _normed(states[-1], weights.norm)
        return last

    def scores(self, history: Sequence[int]) -> Floats:
        """The logit of each item to be next, by number. Shape ``(len(ids),)``.

        Raises:
            InvalidInput: the history is empty.
        """
        scores: Floats = self.weights.items[1:] @ self.vector(history)
        return scores


def _attended(states: Floats, block: Block, heads: int) -> Floats:
    """Causal attention: each position looks at itself and what came before. Shape ``(n, dim)`` in and out."""
    n, dim = states.shape
    # (n, 3 * dim) to three of (heads, n, dim / heads).
    queries, keys, values = (states @ block.attend).reshape(n, 3, heads, dim // heads).transpose(1, 2, 0, 3)
    logits = queries @ keys.swapaxes(1, 2) / np.float32(np.sqrt(dim // heads))
    logits[:, np.triu(np.ones((n, n), dtype=bool), 1)] = -np.inf
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    mixed: Floats = (weights @ values).transpose(1, 0, 2).reshape(n, dim) @ block.mix
    return mixed


def _normed(states: Floats, scale: Floats) -> Floats:
    """Layer norm without a shift (Ba et al. 2016) over the last axis."""
    centred = states - states.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    normed: Floats = centred / np.sqrt(variance + np.float32(EPSILON)) * scale
    return normed
