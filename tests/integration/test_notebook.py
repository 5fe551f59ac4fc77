"""The notebook runs from its first cell to its last, with the model that ships."""

import json
from pathlib import Path

import pytest

_NOTEBOOK = Path(__file__).parents[2] / "examples" / "walk.ipynb"


def test_the_notebook_runs(capsys: pytest.CaptureFixture[str]) -> None:
    cells = [c for c in json.loads(_NOTEBOOK.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    names: dict[str, object] = {}
    for cell in cells:
        exec(compile("".join(cell["source"]), str(_NOTEBOOK), "exec"), names)  # noqa: S102 - our own notebook
    told = capsys.readouterr().out
    assert "price <= 1000.0 hard" in told
    assert "brand !=" in told
    assert told.rstrip().endswith("()")
