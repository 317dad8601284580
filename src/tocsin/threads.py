"""One thread for numpy's arithmetic. The matrices here are small: more threads only wait for each other, and
work is spread over processes instead. To be called before numpy is first imported."""

from __future__ import annotations

import os

_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def single() -> None:
    """Set what numpy's libraries read when they load, unless the user has set it."""
    for name in _SETTINGS:
        os.environ.setdefault(name, "1")
