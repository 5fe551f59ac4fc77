"""What can be called is documented, and what is documented can be called."""

import re
from pathlib import Path

import pytest

from betimes.serve.api import create_app
from betimes.settings import Settings

from .terminal import commands

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", REFERENCE, re.MULTILINE | re.DOTALL))


def rows(section: str) -> dict[str, str]:
    """The table of a section: what its first column names, and the rest of the line."""
    return dict(re.findall(r"^\| `([^`]+)` \|(.*)$", SECTIONS[section], re.MULTILINE))


def test_every_command_is_documented_with_its_options() -> None:
    told = {re.sub(r"^betimes | [A-Z]+\b", "", name): rest for name, rest in rows("Commands").items()}
    exist = {" ".join(name): options for name, options in commands()}
    assert set(told) == set(exist)
    for name, options in exist.items():
        long = {o for o in options if o.startswith("--")} - {"--db"}
        assert set(re.findall(r"`(--[a-z-]+)", told[name])) == long, name


def test_every_route_is_documented() -> None:
    paths = create_app(settings=Settings(model="none")).openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(rows("Routes")) == routes


def test_every_setting_is_documented() -> None:
    assert set(rows("Settings")) == {f"BETIMES_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("document", ["README.md", "README.zh-CN.md", "docs/architecture.md", "CONTRIBUTING.md"])
def test_commands_and_routes_that_are_mentioned_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    known = {name[0] for name, _ in commands()}
    mentioned = set(re.findall(r"(?:^|`)betimes ([a-z]+)", text, re.MULTILINE))
    assert mentioned <= known
    paths = [re.sub(r"\\{\w+\\}", "[^/]+", re.escape(r.split()[1])) for r in rows("Routes")]
    for url in re.findall(r"localhost:8000(/[^ \"'`]+)", text):
        assert any(re.fullmatch(path, url) for path in paths), url
