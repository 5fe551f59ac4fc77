"""Ctrl-C in the middle of an import, then the same import again: a real process, signal and database."""

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from betimes.ingest import import_events
from betimes.stores.sql import open_stores

_ROWS, _BATCH = 40_000, 1_000
_CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from betimes.ingest import import_events
from betimes.stores.sql import open_stores

stores = open_stores(sys.argv[2])

def append(events):
    stores.log.append(events)
    print(len(events), flush=True)

import_events(Path(sys.argv[1]), append, now=datetime.now(UTC), batch=int(sys.argv[3]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent SIGINT on Windows")
def test_an_interrupted_import_is_completed_by_running_it_again(tmp_path: Path) -> None:
    path, database = tmp_path / "events.csv", str(tmp_path / "log.db")
    rows = "".join(f"u{n % 500},i{n % 300},click,{1_600_000_000 + n}\n" for n in range(_ROWS))
    path.write_text(f"user,item,kind,at\n{rows}")
    command = [sys.executable, "-c", _CHILD, str(path), database, str(_BATCH)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == f"{_BATCH}\n"
        child.send_signal(signal.SIGINT)
        _, complaint = child.communicate()
    assert "KeyboardInterrupt" in complaint
    stores = open_stores(database)
    try:
        kept = stores.log.head()
        assert kept % _BATCH == 0
        assert _BATCH <= kept < _ROWS
        report = import_events(path, stores.log.append, now=datetime.now(UTC), batch=_BATCH)
        assert (report.kept, report.rejected) == (_ROWS, 0)
        assert stores.log.head() == _ROWS
        assert len({event.id for event in stores.log.read()}) == _ROWS
    finally:
        stores.close()
