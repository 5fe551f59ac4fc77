"""Manners for libraries that compute with OpenMP, where several share the cores."""

import os

#: Turns that an idle thread spins before it sleeps. With GNU's own choice of hundreds of thousands, two such
#: libraries, or one beside a busy process, hold the cores against each other: on two cores with one of them
#: kept busy, three runs of each in turn, llama.cpp gave 6 to 7 tokens a second with it and 17 to 20 with this.
_SPINS = "2000"


def share_cores() -> None:
    """Bounds how long idle threads spin. To be called before such a library is imported; the user's word stands."""
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
