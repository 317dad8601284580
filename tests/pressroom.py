"""A press in memory of nobody: an exercise's home with people, keys and a judgement that can be signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tocsin.home import Home
from tocsin.press import Draft, Press
from tocsin.press.people import signature
from tocsin.records import Published

PEOPLE = (("ana", "admin"), ("ben", "approver"), ("cem", "approver"), ("dora", "analyst"))


def with_people(home: Home, keys: Path, now: str) -> Press:
    """A press whose people have key files in `keys`."""
    press = Press(home)
    keys.mkdir(exist_ok=True)
    for person, role in PEOPLE:
        press.people.add(person, person.title(), role, now)  # type: ignore[arg-type]
        press.people.make_key(person, keys / f"{person}.key", now)
    return press


def sign(press: Press, draft: Draft, person: str, keys: Path, now: str, **fields: Any) -> Draft:
    """A signature as somebody makes it who read the draft; any argument of `Press.sign` may be given."""
    signer = press.people.read_key(person, keys / f"{person}.key")
    asked = press.challenge(draft.id, person, now)
    made = signature(person, signer, asked, fields.pop("digest", draft.digest), now)
    level = "unknown" if draft.level is None else str(draft.level)
    return press.sign(draft.id, made, fields.pop("area", draft.area), fields.pop("level", level), now, **fields)


def out(press: Press, draft: Draft, keys: Path, now: str, *people: str) -> Published:
    """The draft published at once: everybody signs and waives the cooling-off."""
    for person in people:
        sign(press, draft, person, keys, now, waive=True)
    return press.publish(draft.id, now)
