"""The house rules: import law, the lock of the rules, lexicons out of the code, no addresses or paths."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.bundle import lock_differences
from tocsin.rules import RulesError, parse
from world import ROOT, rule_files

CODE = sorted((ROOT / "src" / "tocsin").rglob("*.py"))
EFFECTS = re.compile(
    r"^\s*(?:import|from)\s+(random|secrets|socket|logging|subprocess|os|pathlib|urllib\.request|sqlite3|tempfile)\b"
    r"|\btime\.(?:time|sleep|monotonic|perf_counter|localtime)\(|\bgmtime\(\)|datetime\.now\(|date\.today\(|utcnow\(|\bopen\(",
    re.MULTILINE,
)
PURE = ("extract", "group", "interpret", "judge", "rules", "derive.py", "records.py")


def tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    names = done.stdout.split("\0") if done.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_left_may_import_right() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(tool)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_nothing_from_derive_rightward_touches_the_world() -> None:
    pure = [path for path in CODE if path.relative_to(ROOT / "src" / "tocsin").parts[0] in PURE]
    assert len(pure) > 30
    found = [
        f"{path.name}: {hit.group(0).strip()}" for path in pure for hit in EFFECTS.finditer(path.read_text("utf-8"))
    ]
    assert found == []


def test_the_rules_are_locked() -> None:
    assert lock_differences(ROOT / "rules") == [], "rules changed; run `tocsin lock`"


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    # Built from parts, so that this file does not name what it forbids.
    registries = ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "deb." + "debian.org"]
    forbidden = re.compile("|".join(map(re.escape, registries)) + r"|(?<![\w./-])/(?:work|root|home|tmp)/\w")
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {hit.group(0)}" for hit in forbidden.finditer(text)]
    assert found == []


def test_dependencies_are_locked_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    names = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)
    assert len(names) > 40
    assert lock.count("--hash=sha256:") >= len(names)
    assert "--index-url" not in lock
    assert "--find-links" not in lock


def test_a_rule_file_that_nothing_reads_is_a_fault() -> None:
    with pytest.raises(RulesError, match="unknown rule file"):
        parse(rule_files() | {"indicator/P9.toml": b""})
