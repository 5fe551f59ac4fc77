"""A trained adapter as a GGUF file, which llama.cpp applies to the whole base model, and back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gguf
import torch
from peft import PeftModel

from betimes.errors import ModelUnavailable
from betimes.models.weights import check_gguf

#: Architectures of ``transformers`` by their name in GGUF; those whose query and key rows are interleaved there.
_ARCHITECTURES = {
    "gemma3_text": "gemma3", "gemma3": "gemma3", "gemma2": "gemma2", "gemma": "gemma", "llama": "llama",
    "mistral": "llama", "qwen2": "qwen2", "qwen3": "qwen3", "gpt2": "gpt2",
}  # fmt: skip
_INTERLEAVED = frozenset(("llama",))
_TENSOR = re.compile(r"(?:base_model\.model\.)?(?P<name>.+)\.lora_(?P<side>[AB])(?:\.\w+)?\.weight")


def export(model: PeftModel, path: Path, alpha: float, *, name: str) -> Path:
    """Writes the adapter of a PEFT model.

    Args:
        alpha: the scale it was trained with.
        name: what the file calls it.

    Raises:
        ModelUnavailable: llama.cpp has no such architecture, or no place for one of the tensors.
    """
    arch = _architecture(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, arch)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    writer.add_name(name)
    for place, tensor, heads in _places(model):
        rows = tensor.detach().to(torch.float32).contiguous()
        if heads:
            rows = _interleaved(rows, heads)
        writer.add_tensor(place, rows.to(torch.float16).numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def restore(model: PeftModel, path: Path) -> None:
    """Puts the adapter of a file into a PEFT model of the same base and rank, to train it further.

    Raises:
        ModelUnavailable: the file is missing or damaged, or of another base or rank.
    """
    check_gguf(path)
    held = {tensor.name: torch.from_numpy(tensor.data.copy()) for tensor in gguf.GGUFReader(path).tensors}
    for place, tensor, heads in _places(model):
        rows = held.pop(place, None)
        if rows is None or rows.shape != tensor.shape:
            raise ModelUnavailable(f"{path} is no adapter of this base and this rank: {place} does not fit")
        rows = _halved(rows, heads) if heads else rows
        with torch.no_grad():
            tensor.copy_(rows)
    if held:
        raise ModelUnavailable(f"{path} is no adapter of this base: it has {next(iter(held))}")


def _architecture(model: PeftModel) -> str:
    config: Any = model.get_base_model().config
    kind = config.model_type
    if kind not in _ARCHITECTURES:
        raise ModelUnavailable(f"an adapter of {kind} cannot be written; known: {', '.join(_ARCHITECTURES)}")
    return _ARCHITECTURES[kind]


def _places(model: PeftModel) -> Iterator[tuple[str, torch.Tensor, int]]:
    """Each tensor of an adapter with its name in GGUF, and the heads its rows are interleaved in there, if they are."""
    arch = _architecture(model)
    config: Any = model.get_base_model().config
    number = next(number for number, known in gguf.MODEL_ARCH_NAMES.items() if known == arch)
    names = gguf.get_tensor_name_map(number, config.num_hidden_layers)
    for key, tensor in model.state_dict().items():
        match = _TENSOR.fullmatch(key)
        if match is None:
            continue
        place = names.get_name(match["name"])
        if place is None:
            raise ModelUnavailable(f"llama.cpp has no place for the tensor {match['name']}")
        heads = 0
        if arch in _INTERLEAVED and match["side"] == "B" and place.endswith(("attn_q", "attn_k")):
            heads = config.num_attention_heads if place.endswith("q") else config.num_key_value_heads
        yield f"{place}.weight.lora_{match['side'].lower()}", tensor, heads


def _interleaved(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """The rows of each head as llama.cpp's rotary embedding has them: halves interleaved."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def _halved(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """The inverse of :func:`_interleaved`."""
    return rows.reshape(heads, rows.shape[0] // heads // 2, 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)
