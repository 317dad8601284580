"""A press for tests: an exercise's home with people, keys and a judgement that can be signed."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tocsin import live
from tocsin.home import Home
from tocsin.press import Draft, Press
from tocsin.press.people import signature
from tocsin.records import Capture, Published, digest
from world import rule_files

PEOPLE = (("ana", "admin"), ("ben", "approver"), ("cem", "approver"), ("dora", "analyst"))
NOW, SIGNED, COOL, LATER = (f"2019-03-25T{hour}:00Z" for hour in ("00:10", "00:12", "00:20", "01:00"))
AREA = "venezuela"
_TEXT = "Two Russian air force planes landed in Venezuela on Saturday with 99 soldiers, {who} said. Russia denied it."


def report(n: int, outlet: str, seen: str) -> tuple[Capture, bytes]:
    row = {"id": f"r{n}", "published": "2019-03-24T18:00:00Z", "source": outlet, "seen": seen}
    row |= {"title": f"Planes land in Caracas, {outlet}", "text": _TEXT.format(who=f"an official told {outlet}")}
    body = json.dumps(row).encode()
    return Capture(None, "", "", 200, digest(body), "json", f"r{n}"), body


@cache
def _template(quorum: int) -> Path:
    """A home with three reports, derived, and its people's keys beside it; made once for a test run."""
    root = Path(mkdtemp(prefix="pressroom-"))
    levels = rule_files()["levels.toml"].replace(b"quorum = 2 ", b"quorum = %d " % quorum)
    made = Home.create(
        root / "home", "A watch", "exercise", rule_files() | {"levels.toml": levels}, "2019-03-20T00:00:00Z"
    )
    seen = "2019-03-24T19:00:00Z"
    reports = [report(n, outlet, seen) for n, outlet in enumerate(("Reuters", "Associated Press", "AFP"))]
    made.append(live.as_seen(reports, seen))
    made.derive()
    with_people(made, root / "keys", "2019-03-24T20:00:00Z")
    _PARSED[quorum] = made._parsed_bundles
    return root


_PARSED: dict[int, Any] = {}


def press_in(folder: Path, quorum: int = 2) -> Press:
    """A press of its own in a folder; its keys lie in `keys` beside its home."""
    shutil.copytree(_template(quorum), folder, dirs_exist_ok=True)
    home = Home.open(folder / "home")
    home._parsed_bundles.update(_PARSED[quorum])
    return Press(home)


def with_people(home: Home, keys: Path, now: str) -> Press:
    """A press whose people have key files in `keys`."""
    press = Press(home)
    keys.mkdir(exist_ok=True)
    for person, role in PEOPLE:
        press.people.add(person, person.title(), role, now)  # type: ignore[arg-type]
        press.people.make_key(person, keys / f"{person}.key", now)
    return press


def sign(press: Press, draft: Draft, person: str, now: str = SIGNED, keys: Path | None = None, **fields: Any) -> Draft:
    """A signature as somebody makes it who read the draft; any argument of `Press.sign` may be given."""
    keys = keys or press.home.root.parent / "keys"
    signer = press.people.read_key(person, keys / f"{person}.key")
    asked = press.challenge(draft.id, person, now)
    made = signature(person, signer, asked, fields.pop("digest", draft.digest), now)
    level = "unknown" if draft.level is None else str(draft.level)
    return press.sign(draft.id, made, fields.pop("area", draft.area), fields.pop("level", level), now, **fields)


def out(press: Press, draft: Draft, *people: str, now: str = COOL, keys: Path | None = None) -> Published:
    """The draft published at once: everybody signs and waives the cooling-off."""
    for person in people:
        sign(press, draft, person, now, keys, waive=True)
    return press.publish(draft.id, now)


def rules_named(reasons: Any) -> set[str]:
    return {reason.rule for reason in reasons}
