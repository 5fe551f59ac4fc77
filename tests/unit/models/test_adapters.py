"""The adapters that ship, and those of one's own."""

from pathlib import Path

import pytest

from betimes.errors import ModelUnavailable
from betimes.models import model_from, weights


def test_an_adapter_that_was_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "adapters"
    folder.mkdir()
    (folder / "understand.gguf").write_bytes(b"GGUF changed")
    (folder / "understand.json").write_text('{"sha256": "0"}', encoding="utf-8")
    monkeypatch.setattr(weights, "__file__", str(tmp_path / "weights.py"))
    with pytest.raises(ModelUnavailable, match=r"understand\.gguf is damaged"):
        weights.shipped_adapters()


def test_an_adapter_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"own\.gguf"):
        model_from(f"llama:base+{tmp_path / 'own.gguf'}")
