"""The dossier of a bulletin: all that was told about its area, so that a stranger can judge again. Bytes in, bytes out.

It holds statements with their one quoted sentence each, who told them, where and when, the answers of the analysts,
the ticks, and the digests of the rules; no page of anybody else. Gzipped JSON Lines, one step of the fold a line,
in the order in which the archive brought them; the same steps give the same bytes.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tocsin.judge import Step, Told, bears_on, judged_again, narrowed, without_text
from tocsin.records import Adopted, Answer, Judgement, Tally, Tick, canonical, plain, revive
from tocsin.rules import Rules

FORM = "tocsin-dossier@1"
MOST_BYTES = 4 << 30  # of a dossier once unpacked; a few lines can be gzipped into terabytes
_KINDS: dict[str, Any] = {kind.__name__: kind for kind in (Adopted, Answer, Tally, Tick, Told)}


class DossierError(Exception):
    """The bytes are no dossier; the message says which line is not what was expected."""


def dossier(steps: Iterable[Step], area: str, exercise: bool, rules_of: Callable[[str], Rules]) -> bytes:
    """The dossier of an area from the steps of its home, up to and with the tick at which it was judged."""
    head = {"form": FORM, "area": area, "exercise": exercise}
    lines = [canonical(head), *(canonical(_plain(step)) for step in _kept(steps, area, rules_of))]
    return gzip.compress(b"\n".join(lines) + b"\n", mtime=0)


def _kept(steps: Iterable[Step], area: str, rules_of: Callable[[str], Rules]) -> Iterator[Step]:
    """What the judgement of the area hangs on. A document that is no evidence for it under the rules of its time
    may become some under later ones, so it goes by the last rules too."""
    steps = list(steps)
    rules = [rules_of(digest) for digest in dict.fromkeys(s.rules for s in steps if isinstance(s, Adopted))]
    for step in steps:
        if isinstance(step, Tally):
            yield narrowed(step, rules[-1].areas[area])
        elif not isinstance(step, Told):
            yield step
        elif any(bears_on(step, area, one) for one in rules):
            yield without_text(step, rules)


def _plain(step: Step) -> dict[str, Any]:
    return {"type": type(step).__name__, **plain(step)}


def judged(data: bytes, rules_of: Callable[[str], Rules]) -> Judgement:
    """What follows from a dossier. `rules_of` gives rules by the digest of their bundle. Raises DossierError, and
    what `rules_of` raises."""
    lines = _lines(data)
    head = _object(next(lines, b""), 1)
    if head.get("form") != FORM or not isinstance(head.get("area"), str):
        raise DossierError(f"expected a dossier of the form {FORM}, found {head.get('form')!r}")
    steps = (_step(line, number) for number, line in enumerate(lines, 2) if line)
    try:
        return judged_again(steps, head["area"], rules_of, head.get("exercise") is True)
    except (ValueError, KeyError) as error:
        raise DossierError(f"it can't be judged: {error}") from error


def adopted(data: bytes) -> tuple[str, ...]:
    """The digests of the rule bundles that a dossier is judged by, each once."""
    steps = (_step(line, number) for number, line in enumerate(_lines(data), 1) if b'"type":"Adopted"' in line)
    return tuple(dict.fromkeys(step.rules for step in steps if isinstance(step, Adopted)))


def _lines(data: bytes) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=31)
    try:
        whole = unpack.decompress(data, MOST_BYTES)
    except zlib.error as error:
        raise DossierError(f"expected gzipped JSON Lines: {error}") from error
    if not unpack.eof:
        raise DossierError("expected a whole gzip file of at most 4 GiB, found one that is cut short or larger")
    return iter(whole.split(b"\n"))


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise DossierError(f"line {number}: expected JSON: {error}") from error
    if not isinstance(found, dict):
        raise DossierError(f"line {number}: expected an object, found {type(found).__name__}")
    return found


def _step(line: bytes, number: int) -> Step:
    values = _object(line, number)
    kind = _KINDS.get(values.pop("type", ""))
    if kind is None:
        raise DossierError(f"line {number}: expected a type of {', '.join(_KINDS)}")
    try:
        step: Step = revive(kind, values)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise DossierError(f"line {number}: not the fields of a {kind.__name__}: {error}") from error
    return step
