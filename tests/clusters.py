"""A throw-away PostgreSQL for the tests, where its programs are installed (Debian: postgresql)."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, or None."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders and (folders[-1] / "pg_ctl").exists() else None


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The URL of a new, empty cluster on loopback. PostgreSQL refuses to run as root, so root lends it a user."""
    root = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(root, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {root} -c listen_addresses=127.0.0.1 -c fsync=off"

    def call(*words: str) -> None:
        subprocess.run(words, check=True, user=user, cwd=root, stdout=subprocess.DEVNULL, timeout=120)

    data = str(root / "data")
    try:
        call(str(folder / "initdb"), "-D", data, "-U", "tocsin", "-A", "trust", "-E", "UTF8", "--no-sync")
        call(str(folder / "pg_ctl"), "-D", data, "-o", options, "-l", str(root / "log"), "-w", "start")
        try:
            yield f"postgresql+pg8000://tocsin@127.0.0.1:{port}/postgres"
        finally:
            call(str(folder / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(root, ignore_errors=True)
