"""The rules folder as bytes, the bundle of it that the archive keeps, and the recipe of a run.

The effects behind the pure `tocsin.rules`: this module reads files, `tocsin.rules` parses bytes.
"""

from __future__ import annotations

import base64
import functools
import importlib.metadata
import json
import platform
from collections.abc import Mapping
from pathlib import Path

from tocsin.records import Recipe, canonical, digest
from tocsin.rules import Rules, parse
from tocsin.rules.reading import Fault, RulesError

_PACKAGE = Path(__file__).resolve().parent
_LOCK = "rules.lock"


def default_folder() -> Path:
    """Where the shipped rules lie: in the wheel, or beside src/ in a checkout."""
    packed = _PACKAGE / "_rules"
    return packed if packed.is_dir() else _PACKAGE.parent.parent / "rules"


def demo_folder() -> Path:
    """Where the bundled exercise lies, likewise."""
    packed = _PACKAGE / "_demo"
    return packed if packed.is_dir() else _PACKAGE.parent.parent / "demo"


def read_folder(folder: Path | None = None) -> dict[str, bytes]:
    """Every rule file below the folder (or the shipped one), by its '/'-separated path; no dot files, no lock."""
    folder = folder or default_folder()
    if not folder.is_dir():
        raise RulesError([Fault(str(folder), "", "expected a folder of rules, found none")])
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _is_rule(path.relative_to(folder))
    }


def _is_rule(path: Path) -> bool:
    return path.as_posix() != _LOCK and not any(part.startswith(".") for part in path.parts)


def load(folder: Path | None = None) -> Rules:
    """The rules of a folder, or those that are shipped. Raises RulesError."""
    return parse(read_folder(folder))


def pack(files: Mapping[str, bytes]) -> bytes:
    """A rule folder as one body: canonical JSON of path -> base64 of the file, the same bytes everywhere."""
    return canonical({path: base64.b64encode(data).decode("ascii") for path, data in files.items()})


def unpack(body: bytes) -> dict[str, bytes]:
    """The rule folder that `pack` packed."""
    return {path: base64.b64decode(data) for path, data in json.loads(body).items()}


def lock_text(files: Mapping[str, bytes]) -> str:
    """What rules.lock holds: a line a file, path and digest, so that a review sees which rules changed."""
    return "".join(f"{path}\t{digest(data)}\n" for path, data in sorted(files.items()))


def write_lock(folder: Path) -> None:
    (folder / _LOCK).write_text(lock_text(read_folder(folder)), encoding="utf-8")


def lock_differences(folder: Path) -> list[str]:
    """Files whose digest is not the one in rules.lock, that it lacks, or that are gone."""
    lock = folder / _LOCK
    locked = dict(line.split("\t") for line in lock.read_text("utf-8").splitlines()) if lock.is_file() else {}
    actual = {path: digest(data) for path, data in read_folder(folder).items()}
    return sorted(path for path in locked.keys() | actual.keys() if locked.get(path) != actual.get(path))


def recipe(rules: Rules) -> Recipe:
    """What computes here: digests of the code, of these rules and of the environment."""
    return Recipe(code=_code_digest(), rules=rules.digest, environment=_environment_digest())


@functools.cache
def _code_digest() -> str:
    files = {path.relative_to(_PACKAGE).as_posix(): digest(path.read_bytes()) for path in _PACKAGE.rglob("*.py")}
    return digest(canonical(dict(sorted(files.items()))))


@functools.cache
def _environment_digest() -> str:
    """Python's version and that of every library the package asks for."""
    wanted = importlib.metadata.requires("tocsin") or []
    names = sorted({r.split(";")[0].strip() for r in wanted if "extra" not in r})
    versions = {name: importlib.metadata.version(name) for name in names}
    return digest(canonical({"python": platform.python_version(), **versions}))
