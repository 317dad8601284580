"""The reliability plot, as SVG with counts."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tocsin.scoring.measures import Bin

_SIZE, _MARGIN = 420.0, 54.0


def reliability_svg(bins: Sequence[Bin], title: str) -> str:
    """A reliability plot on logarithmic axes from 1 in 10,000: the mean chance of each bin against how often it
    came, with the number of cases; a bin where nothing came stands on the floor, hollow."""
    inner = _SIZE - 2 * _MARGIN
    low = -4.0

    def at(value: float) -> float:
        return inner * (max(math.log10(max(value, 1e-9)), low) - low) / -low

    def point(b: Bin) -> str:
        x, y = _MARGIN + at(b.mean), _SIZE - _MARGIN - at(b.rate)
        fill = "#1f4e79" if b.rate > 0 else "none"
        return (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{fill}" stroke="#1f4e79"/>'
            f'<text x="{x + 7:.1f}" y="{y - 5:.1f}">{round(b.cases * b.rate)}/{b.cases}</text>'
        )

    ticks = []
    for power in range(-4, 1):
        x, y = _MARGIN + at(10.0**power), _SIZE - _MARGIN - at(10.0**power)
        ticks.append(f'<text x="{x:.1f}" y="{_SIZE - _MARGIN + 18:.1f}" text-anchor="middle">{10.0**power:g}</text>')
        ticks.append(f'<text x="{_MARGIN - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    end = _SIZE - _MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE:g} {_SIZE:g}" role="img" '
            'font-family="sans-serif" font-size="11">',
            f"<title>{_escaped(title)}</title>",
            f'<text x="{_SIZE / 2:g}" y="24" text-anchor="middle" font-size="13">{_escaped(title)}</text>',
            f'<rect x="{_MARGIN:g}" y="{_MARGIN:g}" width="{inner:g}" height="{inner:g}" fill="none" stroke="#999"/>',
            f'<line x1="{_MARGIN:g}" y1="{end:g}" x2="{end:g}" y2="{_MARGIN:g}" stroke="#999" stroke-dasharray="4"/>',
            *ticks,
            *(point(b) for b in bins),
            f'<text x="{_SIZE / 2:g}" y="{_SIZE - 12:g}" text-anchor="middle">chance given</text>',
            f'<text x="14" y="{_SIZE / 2:g}" transform="rotate(-90 14 {_SIZE / 2:g})" text-anchor="middle">'
            "how often it came</text>",
            "</svg>",
            "",
        ]
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
