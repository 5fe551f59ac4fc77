"""Sums that decay with time, kept so that adding is cheap and nothing need be decayed.

Each contribution ``w`` at time ``t`` is stored as ``w * 2 ** ((t - landmark) / half_life)`` (forward
decay: Cormode et al., "Forward Decay", ICDE 2009). All sums of one half-life then keep their order and
their ratios as time passes; the true value at ``t`` is the stored one divided by the same factor at ``t``.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

#: A fixed landmark, so that two processes and a rebuild agree to the last bit.
LANDMARK = datetime(2010, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ForwardDecay:
    """The factor by which a contribution at a time is scaled.

    A 64-bit float spans a thousand half-lives either side of the landmark, so a half-life of a week
    serves from 1990 to 2029; contributions outside are held at the edge.
    """

    half_life: timedelta
    _seconds: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.half_life < timedelta(days=7):
            raise ValueError(f"half_life must be at least 7 days, not {self.half_life}")
        object.__setattr__(self, "_seconds", self.half_life.total_seconds())

    def factor(self, at: datetime) -> float:
        """What to multiply a contribution at ``at`` by, or to divide a stored sum by to read it at ``at``."""
        exponent = (at - LANDMARK).total_seconds() / self._seconds
        return float(2.0 ** max(-1000.0, min(1000.0, exponent)))
