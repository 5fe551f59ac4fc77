"""A base model to train on: loaded from a GGUF file, a folder or the hub, its vocabulary cut to what is used."""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from betimes.errors import ModelUnavailable
from betimes.models.weights import PACKAGED, locate

#: Rows kept besides those in use: the first of a vocabulary hold control, byte and the commonest tokens.
_KEPT_FIRST = 8_192


@dataclass(slots=True)
class Base:
    """A model and its tokenizer.

    Attributes:
        name: what it was loaded from.
        model: the model, in 32-bit floats.
        tokenizer: its tokenizer, over the whole vocabulary.
        rows: the tokens that the cut vocabulary keeps, by their new number; none when it is whole.
    """

    name: str
    model: Any
    tokenizer: Any
    rows: torch.Tensor | None = None

    def cut(self, used: Iterable[Sequence[int]]) -> None:
        """Keeps the rows of the tokens used, and the first ones of the vocabulary.

        The output layer of a small model with a large vocabulary is most of the work of training it; with
        the rows in use alone it is about four times as fast. An adapter of the inner layers fits the whole
        model as it fits the cut one.
        """
        table = self.model.get_input_embeddings().weight
        kept = set(range(min(_KEPT_FIRST, table.shape[0]))) | {t for tokens in used for t in tokens}
        rows = torch.tensor(sorted(kept))
        if len(rows) > table.shape[0] // 2:
            return
        with torch.no_grad():
            held = table[rows]
            self.model.resize_token_embeddings(len(rows), mean_resizing=False)
            self.model.get_input_embeddings().weight.copy_(held)
            head = self.model.get_output_embeddings()
            if head.weight.data_ptr() != self.model.get_input_embeddings().weight.data_ptr():
                raise ModelUnavailable(
                    f"{self.name} has an output layer of its own; train it with its whole vocabulary"
                )
        self.rows = rows

    def numbered(self, tokens: Sequence[int]) -> list[int]:
        """Tokens as the model has them: by their row in the cut vocabulary."""
        if self.rows is None:
            return list(tokens)
        return torch.searchsorted(self.rows, torch.tensor(tokens)).tolist()


def load(base: str, cache: Path | None = None) -> Base:
    """The model to train on.

    Args:
        base: ``packaged:gemma``, a GGUF file, a folder in the form of ``transformers``, or an id on the hub.
        cache: where packaged weights are put together.

    Raises:
        ModelUnavailable: there is no such model, or it is of a kind that cannot be trained.
    """
    folder, options = base, {}
    if base == PACKAGED or base.endswith(".gguf"):
        path = locate(base, cache)
        folder, options = str(path.parent), {"gguf_file": path.name}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **options)
    except (OSError, ValueError, struct.error) as error:
        raise ModelUnavailable(f"{base} cannot be loaded for training: {error}") from error
    if options:
        # Its weights were made floats as they were read, and can be trained on.
        model.is_quantized = False  # type: ignore[assignment]  # the library sets this flag, and types it as a module
    return Base(base, model, tokenizer)
