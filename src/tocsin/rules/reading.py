"""Strict reading of rule files: pop each field that is known, then complain about what is left.

A fault is a value with file and field; all faults of a folder are told at once, in one RulesError.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one rule file: where, what was expected and what was found."""

    file: str
    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.where}: {self.problem}" if self.where else f"{self.file}: {self.problem}"


class RulesError(Exception):
    """The rules can't be used. `faults` lists everything that is wrong with them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(f) for f in faults[:20]]
        if len(faults) > 20:
            lines.append(f"… and {len(faults) - 20} more")
        super().__init__("the rules can't be used:\n  " + "\n  ".join(lines))


@dataclass(frozen=True, slots=True)
class Examples:
    """What a rule must match and must not match; at least two of each, run by the tests."""

    match: tuple[str, ...]
    not_match: tuple[str, ...]


class Table:
    """One TOML table being read. Every getter pops its field; `done` reports the fields left over."""

    def __init__(self, file: str, where: str, fields: dict[str, Any], faults: list[Fault]) -> None:
        self.file, self.where, self.faults = file, where, faults
        self._fields = dict(fields)

    def fault(self, field: str, problem: str) -> None:
        self.faults.append(Fault(self.file, f"{self.where}.{field}" if self.where else field, problem))

    def has(self, field: str) -> bool:
        return field in self._fields

    def names(self) -> tuple[str, ...]:
        """The fields not read yet, for tables whose fields are names."""
        return tuple(self._fields)

    def _pop(self, field: str, kind: type | tuple[type, ...], wanted: str, default: Any) -> Any:
        if field not in self._fields:
            if default is _REQUIRED:
                self.fault(field, f"expected {wanted}, found nothing")
                return None
            return default
        value = self._fields.pop(field)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.fault(field, f"expected {wanted}, found {value!r}")
            return None if default is _REQUIRED else default
        return value

    def text(self, field: str, default: Any = ...) -> str:
        value = self._pop(field, str, "a string", _REQUIRED if default is ... else default)
        return value if value is not None else ("" if default is ... else default)

    def optional_text(self, field: str) -> str | None:
        value: str | None = self._pop(field, str, "a string", None)
        return value

    def choice(self, field: str, allowed: tuple[str, ...], default: Any = ...) -> str:
        value = self.text(field, default)
        if value not in allowed and value != default:
            self.fault(field, f"expected one of {', '.join(allowed)}, found {value!r}")
        return value

    def number(self, field: str, default: Any = ...) -> float:
        value = self._pop(field, (int, float), "a number", _REQUIRED if default is ... else default)
        return float(value) if value is not None else 0.0

    def integer(self, field: str, default: Any = ...) -> int:
        value = self._pop(field, int, "a whole number", _REQUIRED if default is ... else default)
        return int(value) if value is not None else 0

    def flag(self, field: str, default: bool = False) -> bool:
        value: bool = self._pop(field, bool, "true or false", default)
        return value

    def texts(self, field: str, default: Any = ...) -> tuple[str, ...]:
        value = self._pop(field, list, "a list of strings", _REQUIRED if default is ... else list(default))
        if value is None:
            return ()
        if not all(isinstance(v, str) for v in value):
            self.fault(field, f"expected a list of strings, found {value!r}")
            return ()
        return tuple(value)

    def numbers(self, field: str, default: Any = ...) -> tuple[float, ...]:
        value = self._pop(field, list, "a list of numbers", _REQUIRED if default is ... else list(default))
        if value is None:
            return ()
        if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value):
            self.fault(field, f"expected a list of numbers, found {value!r}")
            return ()
        return tuple(float(v) for v in value)

    def lists(self, field: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of strings."""
        value = self._pop(field, list, "a list of lists of strings", [])
        if not all(isinstance(part, list) and all(isinstance(v, str) for v in part) for part in value):
            self.fault(field, f"expected a list of lists of strings, found {value!r}")
            return ()
        return tuple(tuple(part) for part in value)

    def table(self, field: str) -> Table:
        """A sub-table; an empty one where it is absent."""
        value = self._pop(field, dict, "a table", {})
        return Table(self.file, f"{self.where}.{field}" if self.where else field, value or {}, self.faults)

    def tables(self, field: str) -> Iterator[Table]:
        """The members of an array of tables."""
        value = self._pop(field, list, "an array of tables", [])
        for n, member in enumerate(value or []):
            where = f"{self.where}.{field}[{n}]" if self.where else f"{field}[{n}]"
            if isinstance(member, dict):
                yield Table(self.file, where, member, self.faults)
            else:
                self.faults.append(Fault(self.file, where, f"expected a table, found {member!r}"))

    def mapping(self, field: str) -> dict[str, tuple[str, ...]]:
        """A table whose every value is a list of strings."""
        sub = self.table(field)
        return {name: sub.texts(name) for name in list(sub._fields)}

    def text_mapping(self, field: str) -> dict[str, str]:
        """A table whose every value is a string."""
        sub = self.table(field)
        return {name: sub.text(name) for name in list(sub._fields)}

    def record(self, kind: Callable[..., R]) -> R:
        """The whole table as a flat record, a field of the table for each of the record's, read by its type: a whole
        number, a number, a string, or a set of strings."""
        readers: dict[Any, Callable[[str], Any]] = {
            int: self.integer,
            float: self.number,
            str: self.text,
            frozenset[str]: self._set,
        }
        found = kind(**{name: readers[hint](name) for name, hint in get_type_hints(kind).items()})
        self.done()
        return found

    def _set(self, field: str) -> frozenset[str]:
        return frozenset(self.texts(field))

    def examples(self) -> Examples:
        """The rule's own examples: a rule without two of each kind does not load."""
        sub = self.table("examples")
        found = Examples(sub.texts("match", ()), sub.texts("not", ()))
        sub.done()
        if len(found.match) < 2 or len(found.not_match) < 2:
            self.fault(
                "examples",
                "expected at least two that match and two that must not, "
                f"found {len(found.match)} and {len(found.not_match)}",
            )
        return found

    def done(self) -> None:
        for left in self._fields:
            self.fault(left, "unknown field")


_REQUIRED: Any = object()


def toml(file: str, data: bytes, faults: list[Fault]) -> Table:
    """The root table of a TOML file; an empty one with a fault where it can't be parsed."""
    try:
        return Table(file, "", tomllib.loads(data.decode("utf-8")), faults)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Fault(file, "", f"expected TOML in UTF-8: {error}"))
        return Table(file, "", {}, faults)


def tsv(file: str, data: bytes, columns: tuple[str, ...], faults: list[Fault]) -> list[dict[str, str]]:
    """Rows of a TSV file with exactly these columns in its first line. '#' lines and blank lines are
    comments. A row with another number of cells is a fault."""
    rows: list[dict[str, str]] = []
    header: list[str] | None = None
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        faults.append(Fault(file, "", f"expected UTF-8: {error}"))
        return rows
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.rstrip("\r").split("\t")
        if header is None:
            header = cells
            if tuple(cells) != columns:
                faults.append(Fault(file, f"line {number}", f"expected columns {columns}, found {tuple(cells)}"))
                return rows
            continue
        if len(cells) != len(columns):
            faults.append(Fault(file, f"line {number}", f"expected {len(columns)} cells, found {len(cells)}"))
            continue
        rows.append(dict(zip(columns, cells, strict=True)))
    return rows


def listed(cell: str) -> tuple[str, ...]:
    """A TSV cell that holds several values, separated by '|'."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def by_id(items: list[T], key: Callable[[T], str], file_of: Callable[[T], str], faults: list[Fault]) -> dict[str, T]:
    """Items by their id, with a fault for every id that stands twice."""
    found: dict[str, T] = {}
    for item in items:
        if key(item) in found:
            faults.append(Fault(file_of(item), key(item), "this id stands twice"))
        found[key(item)] = item
    return found
