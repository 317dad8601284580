"""Own sentences with the reading that a careful reader gives them, from tests/readings/*.tsv.

A file is named by its language ('en-acts.tsv', 'es.tsv'); a row is a sentence and one wanted statement:

    text type source target modality stance time attribution when misread

`type` is a PLOVER root, '?' (any), 'none' (no act at all) or 'no ROOT' (not this one). `source`, `target` are states
joined by '+' ('' where no state is known), or 'A~B' as source: these two, either way round. The other cells are as in
a statement; '' is the usual: actual, asserted, current, told by nobody in particular; `when` is a day or 'first/last'
('' is not asked). '?' asks nothing. `misread` says why the program is known to read the row wrongly.
Reports are of Monday, 25 March 2019.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tocsin.records import Statement
from world import ROOT

FOLDER = ROOT / "tests" / "readings"


class Row(NamedTuple):
    """One sentence with its wanted reading."""

    language: str
    text: str
    type: str
    source: str = ""
    target: str = ""
    modality: str = ""
    stance: str = ""
    time: str = ""
    attribution: str = ""
    when: str = ""
    misread: str = ""


def rows() -> Iterator[Row]:
    """All rows, file by file."""
    for path in sorted(FOLDER.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield Row(path.stem.partition("-")[0], *line.split("\t"))


def wrong(row: Row, found: tuple[Statement, ...]) -> str:
    """What is wrong with what was read; '' where a statement is as wanted."""
    acts = [s for s in found if s.type is not None]
    listed = ", ".join(f"{s.type} {s.trigger.text!r}" for s in acts) or "nothing"
    if row.type == "none":
        return f"expected nothing, found {listed}" if acts else ""
    if row.type.startswith("no "):
        return f"expected {row.type}, found {listed}" if row.type[3:] in {s.type for s in acts} else ""
    fitting = [s for s in acts if row.type in ("?", s.type)]
    if not fitting:
        return f"expected {row.type}, found {listed}"
    nearest: list[str] = min((list(_differences(row, s)) for s in fitting), key=lambda listed: len(listed))
    return "; ".join(nearest)


def _differences(row: Row, statement: Statement) -> Iterator[str]:
    wanted = {
        "modality": row.modality or "actual",
        "stance": row.stance or "asserted",
        "time": row.time or "current",
        "attribution": row.attribution,
        "when": row.when or "?",
        **_parties(row),
    }
    for name, read in _read(statement).items():
        if wanted.get(name, "?") not in ("?", read):
            yield f"{name}: expected {wanted[name]!r}, found {read!r}"


def _parties(row: Row) -> dict[str, str]:
    if "~" in row.source:
        return {"pair": _joined(row.source.split("~"))}
    return {
        side: "?" if cell == "?" else _joined(cell.split("+"))
        for side, cell in zip(("source", "target"), (row.source, row.target), strict=True)
    }


def _read(statement: Statement) -> dict[str, str]:
    """A statement in the words of a row."""
    source, target = ({a.country or "" for a in side} for side in (statement.source, statement.target))
    speaker, when = statement.attribution, statement.when
    days = [] if when is None else [day for day in (when.start, when.end) if day]
    return {
        "source": _joined(source),
        "target": _joined(target),
        "pair": _joined(source | target),
        "modality": statement.modality,
        "stance": statement.stance,
        "time": statement.time or "",
        "attribution": "" if speaker is None else speaker.country or speaker.name,
        "when": "/".join(sorted(set(days))),
    }


def _joined(states: set[str] | list[str]) -> str:
    return "+".join(sorted(filter(None, states)))
