"""The ranker's tables, learned from what people went for among the candidates of the moment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from betimes.errors import InvalidInput
from betimes.recommend.features import FEATURES, GATES, NAMES, Matrix, Measured
from betimes.recommend.tables import Tables, cells

_GATE_NAMES = ("acts", "since", "again")
_FEWEST = 50


@dataclass(frozen=True, slots=True)
class RankerConfig:
    """Settings of the training.

    Attributes:
        rounds: trees.
        leaves: steps of one tree.
        rate: what each tree adds of its step.
        fewest: candidates that a step must rest on.
        others: how many of the candidates not gone for are kept of each request.
        truncation: down to which place the order counts.
        bags: how many times trees are learned, each time from another 70 % of the requests; the tables are
            the mean, whose steps are finer and rest on less chance.
        seed: settles which are kept, and the features each tree may use.
    """

    rounds: int = 250
    leaves: int = 12
    rate: float = 0.08
    fewest: int = 50
    others: int = 150
    truncation: int = 30
    bags: int = 3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A request as behaviour saw it, and which of its candidates were gone for."""

    measured: Measured
    chosen: npt.NDArray[np.bool_]


def sampled(judged: Judged, config: RankerConfig, chance: np.random.Generator) -> Judged | None:
    """The candidates gone for and some of the others; none where nothing among them was gone for."""
    chosen, others = np.flatnonzero(judged.chosen), np.flatnonzero(~judged.chosen)
    if len(chosen) == 0 or len(others) == 0:
        return None
    kept = np.concatenate([chosen, chance.permutation(others)[: config.others]])
    return Judged(Measured(judged.measured.values[kept], judged.measured.gate), judged.chosen[kept])


def fit_tables(requests: Sequence[Judged], config: RankerConfig | None = None) -> Tables:
    """Learns the tables.

    Raises:
        InvalidInput: there are too few requests to learn from.
    """
    return compiled(boosted(requests, config or RankerConfig()))


def boosted(requests: Sequence[Judged], config: RankerConfig) -> list[lightgbm.Booster]:
    """Gradient boosted trees that each look at one feature and the gates, one booster a bag.

    LambdaMART (Burges, "From RankNet to LambdaRank to LambdaMART", 2010) with its interactions held to one feature
    and the gates, so that the sum of the trees is a sum over features.

    Raises:
        InvalidInput: there are too few requests to learn from.
    """
    if len(requests) < _FEWEST:
        raise InvalidInput(
            f"{len(requests)} requests that were followed by an act are too few to learn a ranker from; "
            f"it takes {_FEWEST} at least"
        )
    values = np.concatenate([beside_gate(r.measured) for r in requests])
    labels = np.concatenate([r.chosen for r in requests]).astype(np.int32)
    n = len(NAMES)
    gates = list(range(n, n + len(GATES)))
    parameters = {
        "objective": "lambdarank",
        "lambdarank_truncation_level": config.truncation,
        "learning_rate": config.rate,
        "num_leaves": config.leaves,
        "min_data_in_leaf": config.fewest,
        "feature_fraction": 0.7,
        "interaction_constraints": [[at, *gates] for at in range(n)],
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "bagging_by_query": True,
        # Of several threads, with bags of requests, the sums would be up to chance all the same.
        "num_threads": 1,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }
    data = lightgbm.Dataset(
        values, labels, group=[len(r.chosen) for r in requests], feature_name=[*NAMES, *_GATE_NAMES]
    )
    seeds = range(config.seed, config.seed + config.bags)
    return [lightgbm.train({**parameters, "seed": seed}, data, config.rounds) for seed in seeds]


def beside_gate(measured: Measured) -> Matrix:
    """The features of each candidate with the gate of their request beside them, as the trees see them."""
    gate = np.array(measured.gate, dtype=np.float32)
    return np.concatenate([measured.values, np.tile(gate, (len(measured.values), 1))], axis=1)


def compiled(boosters: Sequence[lightgbm.Booster]) -> Tables:
    """The trees as step functions: what the sum of those that look at a feature is on each of its steps, on average."""
    splits: dict[int, set[float]] = {}
    for booster in boosters:
        for tree in booster.dump_model()["tree_info"]:
            for feature, threshold in _splits(tree["tree_structure"]):
                splits.setdefault(feature, set()).add(threshold)
    edges, values = {}, {}
    gates = cells()
    for at, name in enumerate(NAMES):
        if at not in splits:
            continue
        steps = np.array(sorted(splits[at]))
        # A step reaches up to its edge and includes it; the last goes on beyond.
        points = np.append(steps, steps[-1] + 1.0 + abs(steps[-1]))
        neutral = FEATURES[name][1]
        grid = np.zeros((len(gates), len(points) + 1, len(NAMES) + len(GATES)))
        grid[:, :-1, at] = points
        grid[:, -1, at] = neutral
        grid[:, :, len(NAMES) :] = gates[:, None, :]
        flat = grid.reshape(-1, grid.shape[2])
        raw = np.mean([booster.predict(flat, raw_score=True) for booster in boosters], axis=0).reshape(len(gates), -1)
        # What other features' trees add is the same along a row of the grid, and falls out of the difference.
        edges[name] = steps
        values[name] = (raw[:, :-1] - raw[:, -1:]).astype(np.float32)
    return Tables(edges, values)


def _splits(node: Mapping[str, Any]) -> Iterator[tuple[int, float]]:
    if "split_feature" in node:
        yield int(node["split_feature"]), float(node["threshold"])
        yield from _splits(node["left_child"])
        yield from _splits(node["right_child"])
