"""CAP's polygons and circles (CAP 1.2, 3.2.4): points as 'latitude,longitude' in degrees, WGS 84."""

from __future__ import annotations

import itertools
import re
from typing import TypeAlias

Point: TypeAlias = tuple[float, float]
_POINT = re.compile(r"([-+]?\d{1,2}(?:\.\d*)?),([-+]?\d{1,3}(?:\.\d*)?)")
_RADIUS = re.compile(r"\+?(\d+(\.\d*)?|\.\d+)")


def points(text: str) -> list[Point]:
    """The points of a ring. Raises ValueError on what is no coordinate pair on the globe."""
    return [_point(pair) for pair in text.split()]


def _point(pair: str) -> Point:
    found = _POINT.fullmatch(pair)
    lat, lon = (float(found[1]), float(found[2])) if found else (999.0, 999.0)
    if abs(lat) > 90 or abs(lon) > 180:
        raise ValueError(f"expected latitude,longitude in degrees, found {pair!r}")
    return lat, lon


def circle_fault(text: str) -> str | None:
    """What is wrong with 'latitude,longitude radius-in-kilometres', or None."""
    parts = text.split()
    if len(parts) != 2 or not _RADIUS.fullmatch(parts[1]):
        return f"expected latitude,longitude and a radius in km, found {text!r}"
    try:
        _point(parts[0])
    except ValueError as error:
        return str(error)
    return None


def crossing(ring: list[Point]) -> tuple[int, int] | None:
    """The first two sides of a closed ring that meet elsewhere than neighbours do, by their numbers; or None.

    Degrees are taken as a plane, as every CAP reader does. Sides are swept by latitude, so that only those
    whose latitudes overlap are compared.
    """
    sides = [(a, b) for a, b in itertools.pairwise(ring) if a != b]
    swept = sorted(range(len(sides)), key=lambda n: min(sides[n][0][0], sides[n][1][0]))
    for place, n in enumerate(swept):
        top = max(sides[n][0][0], sides[n][1][0])
        for m in swept[place + 1 :]:
            if min(sides[m][0][0], sides[m][1][0]) > top:
                break
            if abs(n - m) not in (1, len(sides) - 1) and _meet(*sides[n], *sides[m]):
                return min(n, m), max(n, m)
    return None


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments ab and cd cross properly: touching is allowed, as borders do that."""
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive where a, b, c turn left, negative where right, 0 on a line."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
