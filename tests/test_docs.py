"""The documentation can fail: its commands are run and their output compared, and what is generated
from the code is held against it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from world import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    return [
        (f"{page.name}:{n}", block) for page in PAGES for n, block in enumerate(_BLOCK.findall(page.read_text("utf-8")))
    ]


def steps(block: str) -> list[tuple[str, str]]:
    """Commands ('$ …', continued by '> …') and the output that each must give; '…' stands for anything."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif (line + " ").startswith("> ") and found and not found[-1][1]:
            found[-1] = (found[-1][0] + "\n" + line[2:], "")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line + "\n")
    return found


def pattern(expected: str) -> str:
    parts = [re.escape(part) for part in expected.strip().split("…")]
    return "(?s)" + ".*?".join(parts) + r"\s*\Z"


@pytest.mark.parametrize(("name", "block"), blocks(), ids=[name for name, _ in blocks()])
def test_the_commands_in_the_documentation_do_what_it_says(name: str, block: str, tmp_path: Path) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "100",
        "TERM": "dumb",
        "TOCSIN_HOME": str(tmp_path / "tocsin-home"),
    }
    shutil.copytree(ROOT / "demo", tmp_path / "demo")
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    for command, expected in steps(block):
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )
        output = done.stdout + done.stderr
        assert re.match(pattern(expected), output.strip()), (
            f"{name}: {command}\nexpected:\n{expected}\nfound:\n{output}"
        )


def test_every_command_is_documented() -> None:
    from tocsin.cli import _COMMANDS

    written = (ROOT / "docs" / "commands.md").read_text("utf-8")
    assert not [name for name in _COMMANDS if f"## tocsin {name}\n" not in written]


def test_what_is_generated_agrees_with_the_code() -> None:
    """docs/records.md and docs/commands.md are made by `make docs`."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
