"""Average link: which things belong together, by how similar they are in the mean."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Labels: TypeAlias = NDArray[np.int64]
Similarities: TypeAlias = NDArray[np.float32]


def average_link(similar: Similarities, least: float) -> Labels:
    """Joins the two groups of the highest mean similarity, again and again, while it reaches `least`. The
    matrix (n x n, -1 on the diagonal) is used up. Labels are the place of a group's first member."""
    labels, sizes = np.arange(len(similar)), np.ones(len(similar), dtype=np.float32)
    nearest = similar.argmax(axis=1)
    highest = similar[labels, nearest]
    while True:
        one = int(highest.argmax())
        if highest[one] < least:
            return labels
        one, two = sorted((one, int(nearest[one])))
        row = (similar[one] * sizes[one] + similar[two] * sizes[two]) / (sizes[one] + sizes[two])
        row[highest == -1] = row[one] = row[two] = -1
        similar[one] = similar[:, one] = row
        similar[two] = similar[:, two] = -1
        sizes[one] += sizes[two]
        labels[labels == two] = one
        highest[two] = -1
        stale = np.flatnonzero((nearest == one) | (nearest == two))
        stale = np.union1d(stale[highest[stale] > -1], [one])
        nearest[stale] = similar[stale].argmax(axis=1)
        highest[stale] = similar[stale, nearest[stale]]
        closer = row > highest
        nearest[closer], highest[closer] = one, row[closer]
