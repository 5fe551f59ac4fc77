"""The peer in an environment of its own: what it asks there, what it makes of the answers, and how it is told apart.

The contract is held by a stand-in and, where ``BETIMES_SASREC_PYTHON`` names an interpreter that has it, by RecTools.
"""

import gc
import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from betimes.errors import ModelUnavailable
from betimes.evaluate.contest import entries
from betimes.evaluate.peers import NAMES, Popularity, Sasrec, SasrecConfig, environment, peers, sasrec
from betimes.evaluate.replay import Protocol

DAY = 86_400.0
START = 1.3e9
USERS, ITEMS = 40, 15
#: Of the items, so many follow each other in a circle; the rest nobody takes until a test does.
CIRCLE = 10


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sasrec, "SERVED", Path(__file__).with_name("sasrec_stand_in.py"))
    return Path(sys.executable)


@pytest.fixture(params=["stand-in", "rectools"])
def python(request: pytest.FixtureRequest) -> Path:
    """The interpreter, and what it runs."""
    if request.param == "stand-in":
        found: Path = request.getfixturevalue("stand_in")
        return found
    named = os.environ.get("BETIMES_SASREC_PYTHON")
    if named is None:
        pytest.skip("BETIMES_SASREC_PYTHON names no interpreter that has rectools[torch]")
    return Path(named)


def take(peer: Sasrec | Popularity, user: int, *items: int, day: float = 0.0) -> None:
    peer.reveal(user, np.array(items, np.int64), START + day * DAY)


def circling(python: Path, config: SasrecConfig | None = None) -> Sasrec:
    """A peer that saw all users but the last three take five items of the circle in turn."""
    peer = Sasrec(USERS, ITEMS, python, config)
    for user in range(USERS - 3):
        for step in range(5):
            take(peer, user, (user + step) % CIRCLE)
    return peer


def test_it_says_what_comes_next_and_puts_what_it_never_saw_last(python: Path) -> None:
    peer = circling(python, SasrecConfig(epochs=10))
    take(peer, USERS - 1, 3)
    scores = peer.scores(USERS - 1, START + DAY)
    assert scores.shape == (ITEMS,)
    assert scores.dtype == np.float64
    assert np.isfinite(scores).all()
    assert int(scores.argmax()) == 4
    assert scores[CIRCLE:].max() < scores[:CIRCLE].min() - 0.9
    # The sequence as it is by now counts, without another training.
    take(peer, USERS - 1, 6, day=100.0)
    assert int(peer.scores(USERS - 1, START + 101 * DAY).argmax()) == 7


def test_the_same_past_has_the_same_scores(python: Path) -> None:
    config = SasrecConfig(epochs=2)
    one, two = circling(python, config), circling(python, config)
    assert one.scores(0, START + DAY) == pytest.approx(two.scores(0, START + DAY))
    assert np.array_equal(one.scores(0, START + DAY), one.scores(0, START + DAY))


def test_nobody_with_two_items_is_nothing_to_learn_from_yet(python: Path) -> None:
    peer = Sasrec(USERS, ITEMS, python, SasrecConfig(epochs=1))
    assert peer.scores(0, START).tolist() == [0.0] * ITEMS
    take(peer, 0, 7)
    assert int(peer.scores(0, START).argmax()) == 7
    take(peer, 1, 3, 4)
    take(peer, 2, 3, 4)
    assert peer.scores(0, START)[7] == peer.scores(3, START)[7]
    assert peer.scores(1, START)[7] < peer.scores(1, START)[[3, 4]].min()


def test_who_took_nothing_that_it_knows_is_shown_what_is_popular(stand_in: Path) -> None:
    peer, popular = circling(stand_in), Popularity(USERS, ITEMS)
    peer.scores(0, START)
    for user in (USERS - 3, USERS - 2):
        take(peer, user, 12, day=9.0)
    for user in range(USERS - 3):
        for step in range(5):
            take(popular, user, (user + step) % CIRCLE)
    take(popular, 0, 12, day=9.0)
    take(popular, 0, 12, day=9.0)
    for user in (USERS - 1, USERS - 2):
        shown = peer.scores(user, START + 9 * DAY)
        assert (
            np.argsort(-shown, kind="stable").tolist()
            == np.argsort(-popular.scores(user, START + 9 * DAY), kind="stable").tolist()
        )
        assert 0.0 <= shown.min() < shown.max() <= 1e-6


def test_it_is_trained_once_or_as_often_as_asked(stand_in: Path) -> None:
    def trainings(config: SasrecConfig) -> float:
        peer = circling(stand_in, config)
        for day in range(8):
            scores = peer.scores(0, START + day * DAY)
        return round(float(np.median(scores[:CIRCLE])))

    assert trainings(SasrecConfig()) == 1
    assert trainings(SasrecConfig(refit_days=3.0)) == 3


def test_the_process_ends_with_the_peer(stand_in: Path) -> None:
    peer = circling(stand_in)
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    if not children.exists():
        pytest.skip("this system does not list the children of a process in /proc")
    before = children.read_text().split()
    del peer
    gc.collect()
    assert len(children.read_text().split()) == len(before) - 1


def test_what_keeps_it_from_running_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="an environment of its own"):
        peers(USERS, ITEMS, ["sasrec"])
    with pytest.raises(ModelUnavailable, match=r"nowhere.*No such file"):
        Sasrec(USERS, ITEMS, tmp_path / "nowhere")
    # This interpreter has no RecTools.
    with pytest.raises(ModelUnavailable, match=r"No module named '(rectools|pandas)'"):
        Sasrec(USERS, ITEMS, Path(sys.executable))


def test_what_ends_it_under_way_is_told(python: Path) -> None:
    served = sasrec.Served(python)
    with pytest.raises(ModelUnavailable, match="gives no answer"):
        served.ask(history=[1])
    with pytest.raises(ModelUnavailable, match="gives no answer"):
        served.ask(history=[1])


def test_all_names_those_of_this_environment_and_each_plays_once() -> None:
    chosen = entries(Protocol(), [timedelta(0)], ["ease", "all", "sasrec"])
    assert [entry.player for entry in chosen] == ["betimes", "ease", *(n for n in NAMES if n != "ease"), "sasrec"]


# --- the environment --------------------------------------------------------------------------------------


def wheel(folder: Path, name: str) -> str:
    """A package with one empty module, that installs without a network."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", "")
        file.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return str(path)


def test_an_environment_is_made_once_and_told_when_it_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    monkeypatch.setattr(environment, "PINS", (wheel(tmp_path, "first"), str(tmp_path / "missing-1.0-py3-none-any.whl")))
    with pytest.raises(ModelUnavailable, match=r"cannot be made: .*pip.*missing-1.0"):
        environment.made(folder)
    assert environment.found(folder) is None
    monkeypatch.setattr(environment, "PINS", (wheel(tmp_path, "first"), wheel(tmp_path, "second")))
    steps = []
    made = environment.made(folder, lambda done, total: steps.append((done, total)))
    assert steps == [(0, 3), (1, 3), (2, 3)]
    subprocess.run([made, "-I", "-c", "import first, second"], check=True)
    assert environment.found(folder) == environment.made(folder) == made
    monkeypatch.setattr(environment, "PINS", ("other==1.0",))
    assert environment.found(folder) is None
