"""Training from end to end on a tiny GPT-2 made on the spot: learns, stops, goes on, is written for llama.cpp."""

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

from betimes.errors import InvalidInput, ModelUnavailable
from betimes.train.base import load
from betimes.train.examples import Annotated, packaged, split
from betimes.train.lessons import reading_lessons
from betimes.train.lora import Lines, TrainConfig, encoded, padded
from betimes.train.teach import Card, teach

# The libraries of training warn each other of what will change in them.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")

ADAPTER, CARD = "understand.gguf", "understand.json"
CONFIG = TrainConfig(rank=4, alpha=8, epochs=1.0, batch=8, rate=5e-3, evaluations=2)


@pytest.fixture(scope="module")
def sentences() -> list[Annotated]:
    return packaged("shop.en")[:200]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, sentences: list[Annotated]) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    texts = [lesson.question + lesson.answer for lesson in reading_lessons(sentences)]
    tokenizer.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=400, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=tokenizer.get_vocab_size(),
        n_positions=512,
        n_embd=32,
        n_layer=2,
        n_head=2,
        bos_token_id=0,
        eos_token_id=0,
    )
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


def learn(base: Path, sentences: list[Annotated], out: Path, config: TrainConfig, start: Path | None = None) -> Card:
    chosen, held_out = map(reading_lessons, split(sentences))
    return teach("understand", str(base), chosen, held_out, out, config, start=start)


@pytest.fixture(scope="module")
def trained(tiny: Path, sentences: list[Annotated], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("trained")
    learn(tiny, sentences, out, CONFIG)
    return out


def test_the_held_out_loss_falls_and_the_card_tells(trained: Path, sentences: list[Annotated]) -> None:
    card = json.loads((trained / CARD).read_text(encoding="utf-8"))
    losses = [card["losses"][step] for step in sorted(card["losses"], key=int)]
    assert losses[-1] < losses[0]
    chosen, held_out = split(sentences)
    assert (sum(card["lessons"].values()), card["held_out"]) == (len(chosen), len(held_out))


def test_the_adapter_is_what_llama_cpp_takes(trained: Path) -> None:
    reader = gguf.GGUFReader(trained / ADAPTER)
    fields = {name: reader.fields[name].contents() for name in ("general.type", "adapter.type", "adapter.lora.alpha")}
    assert fields == {"general.type": "adapter", "adapter.type": "lora", "adapter.lora.alpha": 8.0}
    shapes = {t.name: tuple(int(n) for n in reversed(t.shape)) for t in reader.tensors}
    assert shapes["blk.0.attn_qkv.weight.lora_a"] == (4, 32)
    assert shapes["blk.0.attn_qkv.weight.lora_b"] == (96, 4)
    assert len(shapes) == 2 * 2 * 4
    assert all(np.isfinite(t.data).all() for t in reader.tensors)


def test_the_loss_is_of_the_answer_alone(tiny: Path, sentences: list[Annotated]) -> None:
    base = load(str(tiny))
    lessons = reading_lessons(sentences[:3])
    rows = Lines(base, lessons, 512)
    batch = padded([rows[0], rows[1], rows[2]])
    for lesson, labels, mask in zip(lessons, batch["labels"], batch["attention_mask"], strict=False):
        asked, whole = encoded(base, lesson)
        assert (labels[:asked] == -100).all()
        assert labels[asked : len(whole)].tolist() == whole[asked:]
        assert int(mask.sum()) == len(whole)
        assert base.tokenizer.decode(whole[asked:]) == lesson.answer + "\n"


def test_a_training_that_was_stopped_goes_on(tiny: Path, sentences: list[Annotated], tmp_path: Path) -> None:
    learn(tiny, sentences, tmp_path, CONFIG)
    before = max(int(p.name.removeprefix("checkpoint-")) for p in tmp_path.glob("checkpoint-*"))
    longer = TrainConfig(rank=4, alpha=8, epochs=2.0, batch=8, rate=5e-3, evaluations=2)
    card = learn(tiny, sentences, tmp_path, longer)
    assert max(card.losses) > before
    assert min(card.losses) <= before


def test_two_processes_train_together(tiny: Path, tmp_path: Path) -> None:
    corpus = files("betimes.train.corpus").joinpath("shop.en.jsonl").read_text(encoding="utf-8")
    own = tmp_path / "own.jsonl"
    own.write_text("\n".join(corpus.splitlines()[:80]), encoding="utf-8")
    launch = f"{sys.executable} -m torch.distributed.run --nproc_per_node 2 --master_port 29511 -m betimes"
    train = f"train understanding --base {tiny} --corpus {own} --out {tmp_path / 'out'} --epochs 1 --rank 2"
    run = subprocess.run(  # our own command
        [*launch.split(), *train.split()],
        env=os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert (tmp_path / "out" / ADAPTER).exists()


def test_what_cannot_be_trained_is_told(tmp_path: Path, tiny: Path, sentences: list[Annotated]) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        learn(tmp_path / "none", sentences, tmp_path, CONFIG)
    with pytest.raises(InvalidInput, match="too few"):
        learn(tiny, sentences[:10], tmp_path, CONFIG)


def test_a_training_begins_with_an_adapter(
    tiny: Path, trained: Path, sentences: list[Annotated], tmp_path: Path
) -> None:
    begun = learn(tiny, sentences, tmp_path, CONFIG, start=trained / ADAPTER)
    first = json.loads((trained / CARD).read_text(encoding="utf-8"))
    assert begun.start == first["sha256"]
    assert begun.losses[min(begun.losses)] < first["losses"][min(first["losses"], key=int)]
    other = TrainConfig(rank=2, alpha=4, epochs=0.1, batch=8)
    with pytest.raises(ModelUnavailable, match="this rank"):
        learn(tiny, sentences, tmp_path / "other", other, start=trained / ADAPTER)
