"""A learned additive model of behaviour: for each feature a step function, chosen by the request's gate."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from betimes.errors import InvalidInput
from betimes.recommend.features import FEATURES, GATES, NAMES, Measured
from betimes.recommend.sources import Scores

_CELLS = int(np.prod(GATES))


@dataclass(frozen=True, slots=True)
class Tables:
    """What each feature adds to the score, by its value and by the gate.

    An additive model whose terms may bend with the history's length and with the time since the last act, but not
    with each other: a generalised additive model (Lou, Caruana, Gehrke, "Intelligible models", KDD 2012). So a
    score falls into parts without remainder, and is read from tables.

    Attributes:
        edges: for each feature, the ascending values at which it steps.
        values: for each feature, what it adds; shape ``(cells of the gates, len(edges) + 1)``. The value that says
            nothing adds nothing.
    """

    edges: Mapping[str, npt.NDArray[np.float64]]
    values: Mapping[str, npt.NDArray[np.float32]]

    def parts(self, measured: Measured) -> dict[str, Scores]:
        """What behaviour adds to the score of each candidate, by part."""
        cell = int(np.ravel_multi_index(measured.gate, GATES))
        parts: dict[str, Scores] = {}
        for at, name in enumerate(NAMES):
            if name not in self.edges:
                continue
            steps = self.values[name][cell].astype(np.float64)
            added = steps[np.searchsorted(self.edges[name], measured.values[:, at], side="left")]
            part = FEATURES[name][0]
            parts[part] = parts[part] + added if part in parts else added
        return parts

    def dump(self) -> bytes:
        """The tables as a file of arrays."""
        out = io.BytesIO()
        arrays: dict[str, npt.NDArray[np.floating]] = {f"edges {name}": array for name, array in self.edges.items()}
        arrays |= {f"values {name}": array for name, array in self.values.items()}
        np.savez_compressed(out, allow_pickle=False, **arrays)
        return out.getvalue()

    @classmethod
    def load(cls, body: bytes) -> "Tables":
        """The tables of a file.

        Raises:
            InvalidInput: it is no such file, or was made for other features.
        """
        try:
            with np.load(io.BytesIO(body), allow_pickle=False) as held:
                arrays = {name: held[name] for name in held.files}
        except (ValueError, OSError, EOFError, BadZipFile) as error:
            raise InvalidInput(f"this is no trained ranker ({error}); make one with `betimes train ranker`") from error
        edges = {name.removeprefix("edges "): a for name, a in arrays.items() if name.startswith("edges ")}
        values = {name.removeprefix("values "): a for name, a in arrays.items() if name.startswith("values ")}
        fits = edges.keys() == values.keys() <= set(NAMES) and all(
            values[n].shape == (_CELLS, len(edges[n]) + 1) for n in edges
        )
        if not fits:
            raise InvalidInput("this ranker was trained for other features; train it anew with `betimes train ranker`")
        return cls(edges, values)


def cells() -> npt.NDArray[np.int64]:
    """Every step of every gate; shape ``(cells, len(GATES))``, in the order of :class:`Tables`."""
    return np.stack(np.unravel_index(np.arange(_CELLS), GATES), axis=1)
