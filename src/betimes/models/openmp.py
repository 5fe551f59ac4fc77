"""Manners for libraries that compute with OpenMP, where several share the cores."""

import os

#: Turns that an idle thread spins before it sleeps. GNU's own choice of hundreds of thousands makes two
#: such libraries, or one beside any busy process, hold the cores against each other: measured on two
#: cores with one of them busy, llama.cpp fell from 42 tokens a second to 1, and gave 17 with this. On
#: idle cores it costs nothing; not to spin at all costs a third.
_SPINS = "2000"


def share_cores() -> None:
    """Bounds how long idle threads spin. To be called before such a library is imported; the user's word stands."""
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", _SPINS)
