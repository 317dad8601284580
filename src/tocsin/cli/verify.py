"""Checking a published bulletin as a stranger does: with the log's public key, and no home."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click

from tocsin.archive.note import NoteError, Verifier
from tocsin.cli.options import fail, json_option, print_row
from tocsin.http import Bounds, Web
from tocsin.publish.checking import Check, Get, Unfit, check_bulletin, opened, sited
from tocsin.records import Refusal, plain

# The rules of a judgement are one file, with the weights of the models in it.
_BOUNDS = Bounds(body=64 << 20)
_MARKS = {True: "holds", False: "FAILS", None: "absent"}
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


@click.command("verify", epilog="tocsin verify https://watch.example/bulletin/ID.json --key log.vkey")
@click.argument("target", metavar="FILE|URL")
@click.option("--key", required=True, help="The log's public key, or a file that holds it; the watch publishes it.")
@click.option("--allow-private", is_flag=True, help="Let the address be one of this machine or a private network.")
@json_option
def verify_command(target: str, key: str, allow_private: bool, as_json: bool) -> None:
    """Check a bulletin's manifest with nothing but the watch's public key, and judge it again.

    The files beside the manifest and the public log are looked up where the site keeps them. Exits 1 if anything
    that could be checked does not hold; what is not there is told as absent.
    """
    trusted = _key(key)
    with Web(allow_private=allow_private, bounds=_BOUNDS) as web:
        get, path = _site(target, web)
        entry = get(path)
        if entry is None:
            fail(f"expected a bulletin's manifest at {target}, found nothing")
        try:
            checks = check_bulletin(opened(entry, get, path, trusted))
        except Unfit as error:
            fail(f"{target}: {error}")
    _show(checks, as_json)
    if any(check.holds is False for check in checks):
        raise SystemExit(1)


def _key(said: str) -> Verifier:
    """The key itself or a file that holds it."""
    try:
        path = Path(said)
        return Verifier.parse(path.read_text("utf-8") if "+" not in said or path.is_file() else said)
    except (OSError, NoteError, UnicodeDecodeError) as error:
        fail(f"expected the log's public key (NAME+ID+KEY) or a file that holds it, found {said!r}: {error}")


def _site(target: str, web: Web) -> tuple[Get, str]:
    """How to get what lies at a path of the site, and the path of the manifest in it."""
    try:
        root, path = sited(target)
    except Unfit as error:
        fail(str(error))
    if urlsplit(target).scheme in ("http", "https"):
        return _bounded(lambda name: _fetched(web, root + name)), path
    return _bounded(lambda name: _read(Path(root) / name)), path


def _bounded(get: Get) -> Get:
    """Names come from a manifest that nobody has vouched for yet: they must stay within the site."""
    return lambda name: get(name) if _SAFE.fullmatch(name) and ".." not in name else None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _fetched(web: Web, url: str) -> bytes | None:
    found = web.get(url)
    if isinstance(found, Refusal):
        fail(f"{url} could not be fetched: {found.reason}")
    if found.status in (404, 410):
        return None
    if found.status != 200:
        fail(f"expected {url} to be there, found status {found.status}")
    return found.body


def _show(checks: tuple[Check, ...], as_json: bool) -> None:
    show: Callable[[Check], None] = (lambda check: print_row(plain(check))) if as_json else _line
    for check in checks:
        show(check)


def _line(check: Check) -> None:
    click.echo(f"{_MARKS[check.holds]:6}  {check.name}: {check.text}")
