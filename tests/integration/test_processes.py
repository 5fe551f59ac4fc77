"""The commands as processes: interrupted, without a port, ended by a signal; and the demo to its end."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

import betimes
from betimes.settings import Settings

from .terminal import ITEMS, process

_ROWS = 60_000
_SETTINGS = Settings(embedder="hash", model="none")
signals = pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent SIGINT on Windows")


def taken_port() -> socket.socket:
    """A socket that listens on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.listen()
    return listener


def free_port() -> int:
    with taken_port() as listener:
        return int(listener.getsockname()[1])


@signals
def test_an_import_stopped_by_ctrl_c_is_completed_by_the_same_command(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 500},p{n % 4 + 1},click,{1_600_000_000 + n}\n" for n in range(_ROWS))
    (tmp_path / "items.csv").write_text(ITEMS, encoding="utf-8")
    (tmp_path / "events.csv").write_text(f"user,item,kind,at\n{rows}")
    with process("import", "items", "items.csv", where=tmp_path) as first:
        assert first.communicate()[1] == ""
    database = tmp_path / "shop.db"
    command = ("import", "events", "events.csv")
    with process(*command, where=tmp_path) as stopped:
        while stored(database) == 0:
            assert stopped.poll() is None, "the import ended before it could be stopped"
        stopped.send_signal(signal.SIGINT)
        told, complaint = stopped.communicate()
    assert (stopped.returncode, told) == (130, "")
    assert complaint == "stopped; what was stored is kept, and the same command again completes it\n"
    assert 0 < stored(database) < _ROWS
    with process(*command, where=tmp_path) as again:
        assert f"read {_ROWS:,}, kept {_ROWS:,}, rejected 0" in again.communicate()[0]
    assert again.returncode == 0
    with betimes.open(str(database), settings=_SETTINGS) as engine:
        events = list(engine._state.stores.log.read())
        assert len(events) == len({e.id for e in events}) == _ROWS
        assert engine.profile("u7").acts == _ROWS // 500


def stored(database: Path) -> int:
    """How many events a database holds."""
    with betimes.open(str(database), settings=_SETTINGS) as engine:
        return engine.position()


@pytest.mark.parametrize("command", [("serve",), ("serve", "--workers", "2"), ("demo",)])
def test_a_port_in_use_is_told_before_anything_else(tmp_path: Path, command: tuple[str, ...]) -> None:
    with taken_port() as listener:
        port = listener.getsockname()[1]
        with process(*command, "--port", str(port), where=tmp_path) as refused:
            told, complaint = refused.communicate()
    assert (refused.returncode, told) == (1, "")
    assert complaint.startswith(f"InvalidInput: cannot listen on 127.0.0.1:{port}: ")
    assert complaint.endswith("; choose another with --port\n")
    assert complaint.count("\n") == 1
    assert not (tmp_path / "shop.db").exists()


def test_an_address_that_is_not_here_is_told(tmp_path: Path) -> None:
    with process("serve", "--host", "nowhere.invalid", "--port", str(free_port()), where=tmp_path) as refused:
        complaint = refused.communicate()[1]
    assert refused.returncode == 1
    assert complaint.startswith("InvalidInput: cannot listen on nowhere.invalid: ")
    assert "--host" in complaint


@signals
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_a_service_ends_when_it_is_told_to(tmp_path: Path, number: signal.Signals, code: int) -> None:
    port = free_port()
    with process("serve", "--port", str(port), "--db", "mine.db", where=tmp_path) as service:
        assert ready(port)
        service.send_signal(number)
        told, complaint = service.communicate()
    assert (service.returncode, complaint) == (code, "")
    here = f"http://127.0.0.1:{port}"
    assert told == f"serving the page on {here}/ and the API on {here}/v1 — stop with Ctrl-C\n"
    assert (tmp_path / "mine.db").exists()
    assert not (tmp_path / "mine.db-wal").exists()  # it was closed, not left


def ready(port: int) -> bool:
    """Whether the service answers, once it does; refused connections are tried again for a minute."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:  # our own service
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def test_a_reader_that_leaves_early_gets_no_traceback(tmp_path: Path) -> None:
    with process("doctor", "--json", where=tmp_path) as doctor:
        assert doctor.stdout is not None
        doctor.stdout.close()
        assert doctor.stderr is not None
        assert "Traceback" not in doctor.stderr.read()


def test_the_demo_tells_its_story_to_the_end(tmp_path: Path) -> None:
    with process("demo", "--once", where=tmp_path, COLUMNS="160") as demo:
        story, complaint = demo.communicate()
    assert (demo.returncode, complaint) == (0, "")
    scenes = re.split(r"─+ (.+) ─+\n", story)
    titles, told = scenes[1::2], scenes[2::2]
    assert len(titles) == len(told) == 7
    first, cheaper, click, why, film, trip, music = told
    assert "rui: 我想买一款价格在1000元以下的手机" in first
    assert "价格不超过 1,000 元" in first
    prices = [float(p.replace(",", "")) for p in re.findall(r"^\d+ .*?([\d,.]+) 元 ", first, re.MULTILINE)]
    assert len(prices) == 10
    assert max(prices) <= 1000
    dearer = [float(p.replace(",", "")) for p in re.findall(r"^\d+ .*?([\d,.]+) 元 ", cheaper, re.MULTILINE)]
    assert sum(dearer) / len(dearer) < sum(prices) / len(prices)
    assert re.search(r"rui 点了 .+，列表随即变化", click)
    assert re.search(r"^#1 .+ = -?\d", why, re.MULTILINE)
    for scene, said in ((film, "lin: 今晚想看"), (trip, "mei: 国庆想去海边"), (music, "liam: rock songs")):
        assert said in scene
        assert re.search(r"^1 +", scene, re.MULTILINE), f"{said} has no list"
    assert list(tmp_path.iterdir()) == []  # the demo's database is its own, and gone


@signals
def test_several_workers_serve_the_database_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "items.csv").write_text(ITEMS, encoding="utf-8")
    with process("import", "items", "items.csv", "--db", "mine.db", where=tmp_path) as filled:
        assert filled.communicate()[1] == ""
    port = free_port()
    with process("serve", "--port", str(port), "--workers", "2", "--db", "mine.db", where=tmp_path) as service:
        assert ready(port)
        for user in ("ann", "bob", "cat"):
            url = f"http://127.0.0.1:{port}/v1/users/{user}/recommendations?n=3"
            with urllib.request.urlopen(url) as answer:
                assert len(json.load(answer)["picks"]) == 3
        service.send_signal(signal.SIGTERM)
        complaint = service.communicate()[1]
    assert (service.returncode, complaint) == (0, "")


def test_a_traceback_in_the_log_tells_no_values() -> None:
    failing = """
import structlog
from betimes.serve.run import log_to_stderr

def fail(said):
    raise ValueError("what went wrong")

log_to_stderr()
try:
    fail("what a person said")
except ValueError:
    structlog.get_logger().exception("unforeseen")
"""
    done = subprocess.run([sys.executable, "-"], input=failing, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "ValueError: what went wrong" in done.stderr
    assert "what a person said" not in done.stderr
