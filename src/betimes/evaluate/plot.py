"""A replay as a picture."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure

from betimes.evaluate.metrics import Interval


def drawn(figures: Mapping[str, Interval], title: str, path: Path) -> None:
    """Writes a bar for each figure with its interval, the first on top, as PNG or SVG by the name of the file."""
    figure = Figure(figsize=(7.0, 0.7 + 0.32 * len(figures)), layout="constrained")
    axes = figure.subplots()
    names = list(figures)
    means = [figures[name].mean for name in names]
    below = [figures[name].mean - figures[name].low for name in names]
    above = [figures[name].high - figures[name].mean for name in names]
    ours = ["#1b6f8a" if name.startswith("betimes") else "#b9c4c9" for name in names]
    axes.barh(names, means, xerr=(below, above), color=ours, error_kw={"elinewidth": 1, "ecolor": "#444444"})
    axes.invert_yaxis()
    axes.set_title(title, fontsize=10, loc="left")
    axes.tick_params(labelsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)
