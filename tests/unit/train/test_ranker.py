import numpy as np
import numpy.typing as npt
import pytest

from betimes.errors import InvalidInput
from betimes.recommend.features import FEATURES, GATES, NAMES, Measured
from betimes.recommend.tables import Tables
from betimes.train.ranker import Judged, RankerConfig, beside_gate, boosted, compiled, fit_tables, sampled

SHORT = RankerConfig(rounds=30, fewest=5)
TAKEN, COVISIT = NAMES.index("taken"), NAMES.index("covisit")


def requests(n: int = 120, seed: int = 0) -> list[Judged]:
    """New users go for what is visited together, known ones for what they took before."""
    chance = np.random.default_rng(seed)
    made = []
    for at in range(n):
        values = chance.normal(size=(20, len(NAMES))).astype(np.float32)
        gate = (at % GATES[0], at % GATES[1], at % 2)
        wanted = values[:, COVISIT if gate[0] < 3 else TAKEN]
        chosen = np.zeros(20, dtype=bool)
        chosen[np.argsort(-wanted)[:2]] = True
        made.append(Judged(Measured(values, gate), chosen))
    return made


def total(tables: Tables, measured: Measured) -> npt.NDArray[np.float64]:
    return np.asarray(np.sum(list(tables.parts(measured).values()), axis=0))


def test_parts_sum_to_what_the_trees_say_but_for_what_all_candidates_share() -> None:
    boosters = boosted(requests(), SHORT)
    tables = compiled(boosters)
    for judged in requests(30, seed=1):
        said = np.mean([b.predict(beside_gate(judged.measured), raw_score=True) for b in boosters], axis=0)
        less = said - total(tables, judged.measured)
        assert less == pytest.approx(np.full(20, less[0]), abs=1e-5)


def test_what_was_gone_for_comes_first_and_what_counts_depends_on_the_gate() -> None:
    tables = fit_tables(requests(400), RankerConfig(rounds=80, fewest=5))
    found = [j.chosen[np.argmax(total(tables, j.measured))] for j in requests(60, seed=1)]
    assert np.mean(found) > 0.8


def test_the_value_that_says_nothing_adds_nothing() -> None:
    tables = fit_tables(requests(), SHORT)
    nothing = np.array([[neutral for _, neutral in FEATURES.values()]], dtype=np.float32)
    for acts in range(GATES[0]):
        parts = tables.parts(Measured(nothing, (acts, 0, 0)))
        assert np.concatenate(list(parts.values())) == pytest.approx(0.0, abs=1e-6)


def test_the_same_requests_and_seed_give_the_same_tables() -> None:
    assert fit_tables(requests(), SHORT).dump() == fit_tables(requests(), SHORT).dump()


def test_tables_come_back_from_a_file_as_they_were() -> None:
    tables = fit_tables(requests(), SHORT)
    again = Tables.load(tables.dump())
    for judged in requests(5, seed=2):
        assert (total(again, judged.measured) == total(tables, judged.measured)).all()


@pytest.mark.parametrize("body", [b"", b"no such file", b"PK\x03\x04 damaged"])
def test_what_is_no_file_of_tables_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInput, match="betimes train ranker"):
        Tables.load(body)


def test_tables_for_other_features_are_refused() -> None:
    other = Tables({"covisit": np.array([0.0])}, {"covisit": np.zeros((3, 2), dtype=np.float32)})
    with pytest.raises(InvalidInput, match="train it anew"):
        Tables.load(other.dump())


def test_all_that_was_gone_for_is_kept_and_some_of_the_others() -> None:
    [judged] = requests(1)
    kept = sampled(judged, RankerConfig(others=5), np.random.default_rng(0))
    assert kept is not None
    assert kept.chosen.tolist() == [True, True, False, False, False, False, False]
    assert kept.measured.gate == judged.measured.gate
    nothing = Judged(judged.measured, np.zeros(20, dtype=bool))
    assert sampled(nothing, RankerConfig(), np.random.default_rng(0)) is None


def test_too_few_requests_are_refused() -> None:
    with pytest.raises(InvalidInput, match="too few"):
        fit_tables(requests(3))
