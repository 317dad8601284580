"""The public record of what was sent: sums for each bulletin and channel, without an address. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tocsin.channels import Watch
from tocsin.channels.writing import rendered
from tocsin.records import Published

OUTCOMES = ("sent", "waiting", "refused", "superseded", "lapsed")
Totals = Mapping[str, Mapping[str, Mapping[str, int]]]


def record_files(watch: Watch, issued: Iterable[Published], totals: Totals, now: str) -> dict[str, bytes]:
    """deliveries.json and deliveries.html, newest bulletin first."""
    told = [_sums(one, totals.get(one.id, {})) for one in issued]
    bulletins = sorted(told, key=lambda one: (one["issued"], one["id"]), reverse=True)
    said = {"name": watch.name, "status": watch.status, "as_of": now, "bulletins": bulletins}
    page = rendered(
        "deliveries.html",
        watch=watch,
        levels=watch.rules.levels,
        bulletins=bulletins,
        outcomes=OUTCOMES,
        as_of=now,
    )
    return {
        "deliveries.json": (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode(),
        "deliveries.html": page.encode(),
    }


def _sums(one: Published, channels: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "title": one.title,
        "issued": one.issued,
        "channels": {name: dict(sorted(counts.items())) for name, counts in sorted(channels.items())},
    }
