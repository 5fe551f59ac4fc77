"""Trained models as files: arrays by name and the ids of items, without pickle."""

import json
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from tokenize import TokenError
from typing import Final
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.generic]

#: What zipfile, numpy's parser of headers and reading raise of a file that is not what it says.
UNREADABLE: Final = (
    *(OSError, EOFError, BadZipFile, zlib.error, RuntimeError, MemoryError, OverflowError),
    *(ValueError, KeyError, TypeError, AttributeError, SyntaxError, TokenError),
)


def packed(ids: Sequence[str], arrays: Mapping[str, Array]) -> bytes:
    """A model as one ``.npz``."""
    out = BytesIO()
    # Ids as text rather than an array of it, which would give every id the space of the longest.
    np.savez(out, allow_pickle=False, ids=np.frombuffer(json.dumps(ids).encode(), dtype=np.uint8), **arrays)
    return out.getvalue()


def unpacked(body: bytes) -> tuple[tuple[str, ...], dict[str, Array]]:
    """The ids and arrays that :func:`packed` was given; one of :data:`UNREADABLE` is raised of anything else."""
    with np.load(BytesIO(body), allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    ids = json.loads(arrays.pop("ids").tobytes())
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        raise ValueError("its ids are no list of texts")
    return tuple(ids), arrays
