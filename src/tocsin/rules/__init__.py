"""What we believe: frozen rules, parsed from bytes. Reading the files is an effect (`tocsin.bundle`).

    rules = parse(files)        files: path below rules/ -> bytes

Every rule file has one owner module here, which holds the dataclasses that its kind of rule becomes.
A fault anywhere makes `parse` raise `RulesError` with all faults at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.records import canonical, digest
from tocsin.rules.reading import Examples, Fault, RulesError

__all__ = ["Examples", "Fault", "Rules", "RulesError", "parse"]


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Rules:
    """All rules, frozen. Hashed by identity, so that what is compiled from them can be cached by them."""

    digest: str


def parse(files: Mapping[str, bytes]) -> Rules:
    """Rules from files (path below rules/, '/'-separated, to bytes). Raises RulesError."""
    faults: list[Fault] = []
    if faults:
        raise RulesError(faults)
    return Rules(digest=digest_of(files))


def digest_of(files: Mapping[str, bytes]) -> str:
    """The digest of a rule folder: of the canonical JSON of path -> digest of the file."""
    return digest(canonical({path: digest(data) for path, data in sorted(files.items())}))
