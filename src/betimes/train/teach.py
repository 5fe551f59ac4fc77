"""Lessons in, an adapter and its card out."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from betimes.errors import InvalidInput
from betimes.train.base import load
from betimes.train.export import export
from betimes.train.lessons import Lesson
from betimes.train.lora import TrainConfig, train

_FEWEST = 40


@dataclass(frozen=True, slots=True)
class Card:
    """What an adapter is and where it comes from.

    Attributes:
        task: what it was trained on.
        base: the model it was trained on.
        licence: whose terms bind it.
        lessons: how many it was trained on, by language; ``held_out`` are those it was stopped by.
        corpus: a hash of the lessons.
        start: the hash of the adapter it began with, if it did.
        losses: the held-out loss at each look, by step.
        sha256: of the adapter's file.
    """

    task: str
    base: str
    licence: str
    at: str
    lessons: dict[str, int]
    held_out: int
    corpus: str
    start: str | None
    config: TrainConfig
    losses: dict[int, float]
    sha256: str


def teach(
    task: str,
    base: str,
    lessons: Sequence[Lesson],
    held_out: Sequence[Lesson],
    out: Path,
    config: TrainConfig | None = None,
    *,
    start: Path | None = None,
    cache: Path | None = None,
) -> Card:
    """Trains an adapter and writes it to a folder, by the name of its task, with a card in JSON beside it.

    A training that was stopped goes on from its last checkpoint when it is begun again with the same folder.

    Args:
        task: what the lessons teach, as prompts name it.
        base: as :func:`betimes.train.base.load` takes it.
        lessons: to train on.
        held_out: to stop by.
        out: the folder.
        start: the file of an adapter of this base and rank to begin with; without it, a new one.
        cache: where packaged weights are put together.

    Raises:
        InvalidInput: there are too few lessons to learn from.
        ModelUnavailable: the base cannot be had or trained.
    """
    config = config or TrainConfig()
    if len(lessons) < _FEWEST or not held_out:
        raise InvalidInput(f"{len(lessons)} examples are too few to train on; give some hundreds at least")
    trained = train(load(base, cache), lessons, held_out, out, config, start)
    path = export(trained.model, out / f"{task}.gguf", config.alpha, name=f"betimes {task}")
    digest = sha256()
    for lesson in lessons:
        digest.update(f"{lesson.question}{lesson.answer}\n".encode())
    card = Card(
        task=task,
        base=base,
        licence="the terms of the base, see NOTICE; the adapter itself: Apache-2.0",
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        lessons=dict(Counter(lesson.locale for lesson in lessons)),
        held_out=trained.lessons[1],
        corpus=digest.hexdigest(),
        start=None if start is None else sha256(start.read_bytes()).hexdigest(),
        config=config,
        losses=trained.losses,
        sha256=sha256(path.read_bytes()).hexdigest(),
    )
    (out / f"{task}.json").write_text(json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return card
