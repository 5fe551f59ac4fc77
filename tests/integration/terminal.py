"""The command line as its users have it: a folder of theirs, files in it, and the commands' answers."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command
from typer.testing import CliRunner, Result

import betimes
from betimes.cli.main import app
from betimes.engine import Engine

#: No model, the small embedder and no exploration: what a command answers depends on its input alone.
ENVIRONMENT: Mapping[str, str] = {
    "BETIMES_EMBEDDER": "hash",
    "BETIMES_MODEL": "none",
    "BETIMES_EXPLORE": "0",
    "BETIMES_DB": "shop.db",
}

ITEMS = """\
id,title,category,brand,price,currency,tags,domain,weight [g]
p1,红米 12C,手机 / phone,红米,699,CNY,性价比,shop,192
p2,荣耀 X60,手机 / phone,荣耀,1199,CNY,长续航,shop,195
p3,iPhone 16,手机 / phone,苹果 / Apple,5999,CNY,旗舰,shop,170
p4,Nokia G21,手机 / phone,诺基亚 / Nokia,899,CNY,长续航,shop,190
h1,漫步者 W820,耳机 / headphones,漫步者,299,CNY,降噪,shop,220
f1,星际穿越 / Interstellar,科幻片 / science fiction film,,,,烧脑,video,
f2,流浪地球 / The Wandering Earth,科幻片 / science fiction film,,,,冒险,video,
"""

EVENTS = """\
user,item,kind,value,at
ann,p1,click,,2026-10-01T10:00:00Z
ann,p4,click,,2026-10-01T10:01:00Z
ann,p1,buy,,2026-10-01T10:05:00Z
bob,p1,click,,2026-10-02T10:00:00Z
bob,p4,like,,2026-10-02T10:01:00Z
bob,f1,rate,4.5,2026-10-02T20:00:00Z
cat,f1,dwell,300,2026-10-03T20:00:00Z
cat,f2,save,,2026-10-03T20:30:00Z
"""

UTTERANCES = """\
user,text,at
ann,想要续航长的手机,2026-10-04T09:00:00Z
bob,我喜欢科幻片，不喜欢恐怖片,2026-10-04T09:05:00Z
"""


class Terminal:
    """Runs commands in this process, in the current folder, by the settings of the environment."""

    def run(self, *args: str, code: int = 0, answer: str | None = None) -> Result:
        """The command's output, with the exit code that it must have."""
        result = CliRunner().invoke(app, args, input=answer)
        assert result.exit_code == code, f"{args} gave {result.exit_code}: {result.output}"
        return result

    def json(self, *args: str) -> Any:  # noqa: ANN401  # whatever JSON holds
        """The command's answer with ``--json``."""
        return json.loads(self.run(*args, "--json").stdout)

    def refused(self, *args: str) -> str:
        """The one line that tells what is wrong with a command."""
        result = self.run(*args, code=1)
        assert result.stdout == ""
        [line] = result.stderr.splitlines()
        return line

    def engine(self) -> Engine:
        """An engine over the database that the commands use."""
        return betimes.open()


def process(*args: str, where: Path, **more: str) -> "subprocess.Popen[str]":
    """The command as a process of its own, in a folder."""
    return subprocess.Popen(
        [installed(), *args],
        cwd=where,
        env={**os.environ, **ENVIRONMENT, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def installed() -> str:
    """The ``betimes`` that belongs to this Python."""
    found = shutil.which("betimes", path=str(Path(sys.executable).parent)) or shutil.which("betimes")
    assert found is not None, "betimes is not installed beside this Python"
    return found


def commands() -> list[tuple[tuple[str, ...], set[str]]]:
    """Every command with its options."""

    def walk(command: object, name: tuple[str, ...]) -> list[tuple[tuple[str, ...], set[str]]]:
        if isinstance(command, typer.core.TyperGroup):
            return [found for part, inner in command.commands.items() for found in walk(inner, (*name, part))]
        assert isinstance(command, typer.core.TyperCommand)
        return [(name, {option for p in command.params for option in p.opts})]

    return walk(get_command(app), ())
