"""The commands with which people publish: people and keys, drafts, signatures, bulletins, corrections."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO, get_args

import click

from tocsin.cli import terminal
from tocsin.cli.home import clear_errors
from tocsin.cli.options import counted, home_option, json_option, now, print_row
from tocsin.desk.audit import Audit
from tocsin.desk.codes import Codes
from tocsin.home import Home
from tocsin.press import Draft, Press, write_site
from tocsin.press.office import Level
from tocsin.press.people import signature
from tocsin.records import Published, plain
from tocsin.state import Role

_ROLES = click.Choice(get_args(Role))
_as = click.option("--as", "person", required=True, metavar="PERSON", help="Your pseudonym: what the public sees.")
_LEVELS = click.Choice(["5", "4", "3", "2", "1", "unknown"])


def _opened(root: Path) -> tuple[Press, str]:
    """The press of a home, and what time it is there."""
    home = Home.open(root)
    return Press(home), home.clock(now())


def _draft(press: Press, word: str) -> str:
    """The id of a draft: given as such, or as the area whose newest open draft it is."""
    found = [draft.id for draft in press.drafts() if draft.open and draft.area == word]
    return found[-1] if found else word


def _bulletin(press: Press, word: str) -> str:
    """The id of a bulletin: given as such, or as the area whose latest it is."""
    found = [published.id for published in press.published() if published.area == word]
    return found[-1] if found else word


def _key(press: Press, word: str) -> str:
    """The id of a key: given as such, or as the person whose only key in use it is."""
    found = [key.id for key in press.people.credentials() if key.person == word and key.revoked is None]
    return found[0] if len(found) == 1 else word


# ------------------------------------------------------------------ people


@click.group("people", epilog="tocsin people add ana --role approver --home watch")
def people_command() -> None:
    """People of this watch by pseudonym, what they may do, and the keys with which they sign."""


@people_command.command("add", epilog="tocsin people add ana --role approver --home watch")
@home_option
@click.argument("person")
@click.option("--name", help="Who it is, for this home alone (default: the pseudonym).")
@click.option("--role", type=_ROLES, default="analyst", show_default=True, help="Approvers sign; admins change people.")
@clear_errors
def people_add(home: Path, person: str, name: str | None, role: Role) -> None:
    """Add somebody under a pseudonym, which will stand beside what they sign."""
    press, here = _opened(home)
    press.people.add(person, name or person, role, here)
    click.echo(f"{person} is {role}; next: tocsin people key {person} --out {person}.key --home {home}")


@people_command.command("role", epilog="tocsin people role ana approver --home watch")
@home_option
@click.argument("person")
@click.argument("role", type=_ROLES)
@clear_errors
def people_role(home: Path, person: str, role: Role) -> None:
    """Give somebody another role. What they may not sign any more counts for no draft."""
    press, _ = _opened(home)
    press.people.set_role(person, role)
    click.echo(f"{person} is {role}")


@people_command.command("list", epilog="tocsin people list --home watch")
@home_option
@json_option
@clear_errors
def people_list(home: Path, as_json: bool) -> None:
    """List people, their roles and their keys."""
    state = Home.open(home).state
    for person in state.people():
        keys = state.credentials(person.id)
        if as_json:
            print_row({**plain(person), "keys": plain(keys)})
        else:
            click.echo(f"{person.id}: {person.role}, added {person.added}")
            for key in keys:
                click.echo(f"  {key.id} {key.label}, added {key.added}{f', REVOKED {key.revoked}' * bool(key.revoked)}")


@people_command.command("key", epilog="tocsin people key ana --out ana.key --home watch")
@home_option
@click.argument("person")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where the secret key goes; keep it.")
@clear_errors
def people_key(home: Path, person: str, out: Path) -> None:
    """Make a key file for somebody who signs at the command line. At the desk people sign with passkeys."""
    press, here = _opened(home)
    made = press.people.make_key(person, out, here)
    press.settle()
    click.echo(f"{made.id}: the secret is in {out}, readable by you alone; the public key stands in the public log")


@people_command.command("invite", epilog="tocsin people invite ana --role admin --home watch")
@home_option
@click.argument("person")
@click.option("--name", help="Who it is, for this home alone (default: the pseudonym).")
@click.option("--role", type=_ROLES, default="analyst", show_default=True, help="Where the person is new.")
@clear_errors
def people_invite(home: Path, person: str, name: str | None, role: Role) -> None:
    """Print a one-time code with which somebody, new or known, enrols a passkey at the desk within two days."""
    press, _ = _opened(home)
    if all(known.id != person for known in press.home.state.people()):
        press.people.add(person, name or person, role, now())
    code = Codes(press.home.state).invite(person, now())
    Audit(press.home.state).note(now(), "", "invite", f"{person}, from the command line")
    click.echo(f"{code}\nonce, until two days from now, at /desk/enrol")


@people_command.command("revoke", epilog='tocsin people revoke k12ab34cd56ef7890 --why "lost with a bag" --home watch')
@home_option
@click.argument("key")
@click.option("--why", required=True, help="Told in the public log.")
@clear_errors
def people_revoke(home: Path, key: str, why: str) -> None:
    """Let a key count no longer, and list what it signed: lost, stolen or replaced. KEY may be the person's name."""
    press, here = _opened(home)
    key = _key(press, key)
    signed = press.people.revoke(key, why, here)
    press.settle()
    click.echo(f"{key} counts no longer; it signed {counted(len(signed), 'bulletin')}")
    for published in signed:
        click.echo(f"  {published.issued} {published.title}: tocsin correct {published.id}")


# ------------------------------------------------------------------ drafts


@click.command("propose", epilog="tocsin propose korea --as ana --home watch")
@home_option
@click.argument("area")
@_as
@click.option("--level", type=_LEVELS, help="Another level than the machine's; give a reason.")
@click.option("--reason", help="Why people decide otherwise; it stands in the bulletin.")
@clear_errors
def propose_command(home: Path, area: str, person: str, level: str | None, reason: str | None) -> None:
    """Draw up a bulletin from the latest judgement of an area. Nothing is published by this."""
    press, here = _opened(home)
    draft = press.propose(area, person, here, _level(level), reason)
    click.echo(draft.text)
    _state(press, draft, here, home)


def _level(said: str | None) -> Level:
    if said == "unknown":
        return "unknown"
    return int(said) if said else None


@click.command("drafts", epilog="tocsin drafts --home watch")
@home_option
@json_option
@click.option("--all", "every", is_flag=True, help="Those that are over too.")
@clear_errors
def drafts_command(home: Path, as_json: bool, every: bool) -> None:
    """List open drafts, and what is missing to each."""
    press, here = _opened(home)
    for draft in press.drafts():
        if draft.open or every:
            if as_json:
                missing = press.missing(draft.id, here) if draft.open else ()
                print_row({**plain(draft), "missing": plain(missing)})
            else:
                _state(press, draft, here, home)


@click.command("edit", epilog="tocsin edit d1234567890abcdef words.txt --as ana --home watch")
@home_option
@click.argument("draft")
@click.argument("words", type=click.File("r", encoding="utf-8"), default="-")
@_as
@clear_errors
def edit_command(home: Path, draft: str, words: TextIO, person: str) -> None:
    """Change the grounds of a draft to those in a file (default: standard input). Every signature is void then.

    `tocsin drafts --json` shows the present ones under `words`.
    """
    press, here = _opened(home)
    changed = press.edit(_draft(press, draft), words.read(), person, here)
    _state(press, changed, here, home)


@click.command("approve", epilog="tocsin approve d1234567890abcdef --as ben --key ben.key --home watch")
@home_option
@click.argument("draft")
@_as
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Your key file.")
@click.option("--area", help="The area's id as you read it (default: asked).")
@click.option("--level", help="The level as you read it, or 'unknown' (default: asked).")
@click.option("--waive", is_flag=True, help="No cooling-off, if every signer says so.")
@clear_errors
def approve_command(
    home: Path, draft: str, person: str, key: Path, area: str | None, level: str | None, waive: bool
) -> None:
    """Read the difference to what stands, type area and level, and sign the exact text. DRAFT is an id or an area."""
    press, here = _opened(home)
    draft = _draft(press, draft)
    found, signer = press.draft(draft), press.people.read_key(person, key)
    terminal.difference(found.title, press.difference(draft))
    area = area or click.prompt("Type the area's id")
    level = level or click.prompt("Type the level, or 'unknown'")
    asked = press.challenge(draft, person, here)
    signed = press.sign(draft, signature(person, signer, asked, found.digest, here), area, level, here, waive)
    click.echo(f"{person} signed {signed.digest}")
    _state(press, signed, here, home)


@click.command("undo", epilog="tocsin undo d1234567890abcdef --as ana --home watch")
@home_option
@click.argument("draft")
@_as
@clear_errors
def undo_command(home: Path, draft: str, person: str) -> None:
    """Take a draft back before it went out. After that, correct the bulletin."""
    press, here = _opened(home)
    undone = press.undo(_draft(press, draft), person, here)
    click.echo(f"{undone.id} is undone")


# ------------------------------------------------------------------ publishing


@click.command("publish", epilog="tocsin publish d1234567890abcdef --home watch")
@home_option
@click.argument("draft")
@clear_errors
def publish_command(home: Path, draft: str) -> None:
    """Publish a draft that enough people signed, and write the site. Refused while anything is missing. DRAFT is an
    id or an area."""
    press, here = _opened(home)
    _tell(press, press.publish(_draft(press, draft), here), here)


def _tell(press: Press, published: Published, here: str) -> None:
    write_site(press, max(here, published.issued))
    click.echo(f"published {published.id}: {published.title}")
    click.echo(f"entry {press.log.size - 1} of the public log; the site is in {press.home.site}")


@click.command("correct", epilog='tocsin correct ID --as ana --key ana.key --reason "a copy was read as news"')
@home_option
@click.argument("bulletin")
@_as
@click.option("--key", type=click.Path(path_type=Path), help="Sign and publish at once, where one signature is enough.")
@click.option("--level", type=_LEVELS, help="Another level than the one that stood before.")
@click.option("--reason", help="Why it was wrong; it stands in the correction.")
@clear_errors
def correct_command(
    home: Path, bulletin: str, person: str, key: Path | None, level: str | None, reason: str | None
) -> None:
    """Publish the correction that was prepared with a bulletin. One signature, where it lowers the alarm. BULLETIN is
    an id, or the area whose latest it is."""
    press, here = _opened(home)
    draft = press.correct(_bulletin(press, bulletin), person, here, _level(level), reason)
    click.echo(draft.text)
    if key is not None:
        asked = press.challenge(draft.id, person, here)
        made = signature(person, press.people.read_key(person, key), asked, draft.digest, here)
        shown = "unknown" if draft.level is None else str(draft.level)
        draft = press.sign(draft.id, made, draft.area, shown, here, waive=True)
    missing = press.missing(draft.id, here)
    if missing:
        _state(press, draft, here, home)
    else:
        _tell(press, press.publish(draft.id, here), here)


def _state(press: Press, draft: Draft, here: str, home: Path) -> None:
    """Where a draft stands, and what to do next."""
    level = "unknown" if draft.level is None else draft.level
    click.echo(f"\ndraft {draft.id}: {draft.area}, level {level}, {draft.kind}, {draft.stage}")
    if not draft.open:
        return
    missing = press.missing(draft.id, here)
    for reason in missing:
        click.echo(f"  {reason.rule}: {reason.text}")
    if any(reason.rule.startswith("sign/") for reason in missing):
        click.echo(f"next: tocsin approve {draft.id} --as PERSON --key FILE --home {home}")
    elif not missing:
        click.echo(f"next: tocsin publish {draft.id} --home {home}")
