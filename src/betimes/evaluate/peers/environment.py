"""The environment that RecTools is installed in, since it wants an older numpy than Betimes does."""

import subprocess
import sys
from pathlib import Path

from betimes.errors import ModelUnavailable
from betimes.ports import Progress, no_progress

#: What is installed, one after the other: torch first, so that nothing that wants it takes another release. RecTools
#: says itself which numpy it wants for which Python.
PINS = ("torch==2.13.0", "rectools[torch]==0.19.0")

#: Says, in the folder of an environment, what was installed to the end.
_DONE = "installed.txt"


def found(folder: Path) -> Path | None:
    """The interpreter of the environment in a folder; none if it was not made, not to the end, or of other pins."""
    done = folder / _DONE
    return _python(folder) if done.exists() and done.read_text(encoding="utf-8").split() == list(PINS) else None


def made(folder: Path, progress: Progress = no_progress) -> Path:
    """The interpreter of the environment in a folder, which is made if need be: gigabytes from the package index.

    Raises:
        ModelUnavailable: it cannot be made.
    """
    if there := found(folder):
        return there
    steps = [[sys.executable, "-m", "venv", "--clear", str(folder)]]
    pip = [str(_python(folder)), "-I", "-m", "pip", "--quiet", "--no-input", "--disable-pip-version-check"]
    steps += [[*pip, "install", pin] for pin in PINS]
    for number, step in enumerate(steps):
        progress(number, len(steps))
        ran = subprocess.run(step, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - all of it is said here
        if ran.returncode:
            said = (ran.stderr.strip() or ran.stdout.strip() or "no reason told").splitlines()[-1]
            raise ModelUnavailable(
                f"the environment of sasrec cannot be made: `{' '.join(step)}` failed ({said}); "
                "make one by hand, or leave sasrec out"
            )
    (folder / _DONE).write_text("\n".join(PINS), encoding="utf-8")
    return _python(folder)


def _python(folder: Path) -> Path:
    return (folder / "bin" / "python").absolute()
