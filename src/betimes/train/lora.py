"""A LoRA adapter that teaches a base model to answer a task in one line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch.utils.data import Dataset
from transformers import EarlyStoppingCallback, Trainer, TrainingArguments
from transformers.pytorch_utils import Conv1D

from betimes.train.base import Base
from betimes.train.export import restore
from betimes.train.lessons import Lesson

#: Label of tokens that no loss is taken of.
_NO_LOSS = -100


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Settings of the training.

    Attributes:
        rank: of the adapter; 16 is 7.6 MB in 16-bit floats for Gemma 3 270M.
        alpha: what the adapter's output is scaled by, times ``1 / rank``.
        epochs: passes over the lessons, fewer when the held-out loss no longer falls.
        batch: lessons a step.
        rate: the highest learning rate; it warms up and falls along a cosine.
        dropout: the share of an adapter's inputs that is left out at random in training.
        longest: lessons of more tokens are left out.
        looked_at: how many of the held-out lessons, evenly spread, the loss is taken of.
        evaluations: how often in an epoch the held-out loss is looked at, and a checkpoint kept.
        patience: how many looks without improvement end the training.
        seed: settles the order and the initial adapter.
    """

    rank: int = 16
    alpha: int = 32
    epochs: float = 2.0
    batch: int = 16
    rate: float = 5e-4
    dropout: float = 0.05
    longest: int = 192
    looked_at: int = 120
    evaluations: int = 3
    patience: int = 3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained adapter and how it went.

    Attributes:
        model: the PEFT model.
        losses: the held-out loss at each look, by step.
        lessons: how many were trained on, and how many were looked at.
    """

    model: Any
    losses: dict[int, float]
    lessons: tuple[int, int]


class Lines(Dataset[dict[str, list[int]]]):
    """Lessons as tokens of the cut vocabulary, with a loss on the answer only."""

    def __init__(self, base: Base, lessons: Sequence[Lesson], longest: int) -> None:
        self.rows: list[dict[str, list[int]]] = []
        for lesson in lessons:
            asked, whole = encoded(base, lesson)
            if len(whole) <= longest:
                tokens = base.numbered(whole)
                self.rows.append({"input_ids": tokens, "labels": [_NO_LOSS] * asked + tokens[asked:]})

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: int) -> dict[str, list[int]]:
        return self.rows[at]


def _has_bfloat16() -> bool:
    """Whether this machine multiplies 16-bit brain floats faster than 32-bit floats."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    has = torch.cpu.get_capabilities()
    return any(bool(has.get(name)) for name in ("avx512_bf16", "amx_bf16"))


def encoded(base: Base, lesson: Lesson) -> tuple[int, list[int]]:
    """A lesson's tokens over the whole vocabulary, and how many of them are the question.

    Question and answer are encoded apart, as they are when the model is asked.
    """
    asked = base.tokenizer(lesson.question)["input_ids"]
    answer = base.tokenizer(lesson.answer + "\n", add_special_tokens=False)["input_ids"]
    return len(asked), [*asked, *answer]


def padded(rows: Sequence[dict[str, list[int]]]) -> dict[str, torch.Tensor]:
    """A batch, filled up on the right to its longest row; shapes ``(len(rows), longest)``."""
    longest = max(len(row["input_ids"]) for row in rows)

    def filled(name: str, filler: int) -> torch.Tensor:
        return torch.tensor([row[name] + [filler] * (longest - len(row[name])) for row in rows])

    mask = torch.tensor([[1] * len(r["input_ids"]) + [0] * (longest - len(r["input_ids"])) for r in rows])
    return {"input_ids": filled("input_ids", 0), "labels": filled("labels", _NO_LOSS), "attention_mask": mask}


def train(
    base: Base,
    lessons: Sequence[Lesson],
    held_out: Sequence[Lesson],
    folder: Path,
    config: TrainConfig | None = None,
    start: Path | None = None,
) -> Trained:
    """Trains an adapter; goes on from the last checkpoint in ``folder`` if there is one.

    Args:
        lessons: to train on.
        held_out: to stop by; none of their phrasings may be among the lessons.
        folder: where checkpoints are kept.
        start: the file of an adapter of this base and rank to begin with; without it, a new one.

    Raises:
        ModelUnavailable: the adapter to begin with does not fit.
    """
    config = config or TrainConfig()
    held_out = held_out[:: max(1, -(-len(held_out) // config.looked_at))]
    base.cut(encoded(base, lesson)[1] for lesson in (*lessons, *held_out))
    rows, held = Lines(base, lessons, config.longest), Lines(base, held_out, config.longest)
    lora = LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        fan_in_fan_out=any(isinstance(module, Conv1D) for module in base.model.modules()),
    )
    torch.manual_seed(config.seed)
    model = get_peft_model(base.model, lora)
    if start is not None:
        restore(model, start)
    processes = max(1, torch.distributed.get_world_size() if torch.distributed.is_initialized() else 1)
    steps = max(1, math.ceil(len(rows) / config.batch / processes))
    look = max(1, steps // config.evaluations)
    arguments = TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=config.epochs,
        per_device_train_batch_size=config.batch,
        per_device_eval_batch_size=4 * config.batch,
        learning_rate=config.rate,
        lr_scheduler_type="cosine",
        warmup_steps=min(50, steps // 4),
        train_sampling_strategy="group_by_length",
        eval_strategy="steps",
        eval_steps=look,
        save_steps=look,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        logging_steps=10,
        report_to="none",
        seed=config.seed,
        bf16=_has_bfloat16(),
        use_cpu=not torch.cuda.is_available(),
        dataloader_pin_memory=False,
    )
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=rows,
        eval_dataset=held,
        data_collator=padded,
        callbacks=[EarlyStoppingCallback(config.patience)],
    )
    trainer.train(resume_from_checkpoint=any(folder.glob("checkpoint-*")))
    losses = {int(e["step"]): float(e["eval_loss"]) for e in trainer.state.log_history if "eval_loss" in e}
    return Trained(trainer.model, losses, (len(rows), len(held)))
