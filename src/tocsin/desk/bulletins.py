"""From a proposal to a published bulletin, at the desk: drawn up, edited, read against what stands, signed, undone,
published, corrected. What is allowed is the press's to say (`tocsin.press`); these pages ask it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from tocsin.desk.context import Desk, Refused
from tocsin.desk.entrance import DeskOf, Shown, VisitOf
from tocsin.desk.evidence import names
from tocsin.desk.passkeys import NoPasskey
from tocsin.desk.rendering import page, see
from tocsin.desk.sessions import Visit
from tocsin.press import Draft, Issued
from tocsin.publish.bulletin import MOST_WORDS
from tocsin.publish.signing import cooling_until, signers_needed, steps
from tocsin.records import Signature

router = APIRouter()
_SHOWN = 50
Chosen = Annotated[str, Form(pattern="^([1-5]|unknown|)$")]
Why = Annotated[str, Form(max_length=2000)]


class Typed(BaseModel):
    """What a signer types and saw: the area's id, the level, and the digest of the text on their screen."""

    area: Annotated[str, Field(max_length=80)]
    level: Annotated[str, Field(max_length=10)]
    digest: Annotated[str, Field(max_length=80)]
    waive: Annotated[str, Field(max_length=5)] = ""


class Signed(Typed, Shown):
    pass


@router.get("/desk/bulletins")
def bulletins(request: Request, desk: DeskOf) -> Response:
    """What is in force, what is being drawn up, and everything that went out."""
    drafts = desk.press.drafts()
    return page(
        request,
        "bulletins.html",
        in_force=desk.press.in_force(desk.here()),
        areas={area.id: area.name for area in desk.reading.rules().areas.values()},
        open_drafts=[(d, desk.press.missing(d.id, desk.here())) for d in drafts if d.open],
        closed=[d for d in reversed(drafts) if not d.open][:_SHOWN],
        issued=desk.press.issued()[::-1][:_SHOWN],
        names=names(desk),
    )


@router.post("/desk/area/{area}/draft")
def propose(desk: DeskOf, visit: VisitOf, area: str, level: Chosen = "", reason: Why = "") -> Response:
    """A draft of what the machine says of an area; or of another level, with a reason."""
    draft = desk.press.propose(area, visit.person.id, desk.here(), _level(level), reason.strip() or None)
    desk.note(visit.person.id, "propose", f"{draft.id}: {area} level {_told(draft)}")
    return see(f"/desk/draft/{draft.id}")


@router.get("/desk/draft/{draft}")
def draft(request: Request, desk: DeskOf, visit: VisitOf, draft: str) -> Response:
    """The draft against what stands, who signed it, what is missing, and the form to sign it."""
    return _draft_page(request, desk, desk.press.draft(draft), "draft.html")


@router.get("/desk/draft/{draft}/state")
def draft_state(request: Request, desk: DeskOf, visit: VisitOf, draft: str) -> Response:
    """What is missing as of now: the part of the page that is asked for again while it waits."""
    return _draft_page(request, desk, desk.press.draft(draft), "draftstate.html")


@router.post("/desk/draft/{draft}/words")
def edit(
    desk: DeskOf, visit: VisitOf, draft: str, words: Annotated[str, Form(min_length=1, max_length=2 * MOST_WORDS)]
) -> Response:
    """Other words for the grounds. Every signature is void then."""
    changed = desk.press.edit(draft, words, visit.person.id, desk.here())
    desk.note(visit.person.id, "edit", f"{draft}: now {changed.digest}")
    return see(f"/desk/draft/{draft}")


@router.post("/desk/draft/{draft}/challenge")
def challenge(desk: DeskOf, visit: VisitOf, draft: str, typed: Typed) -> JSONResponse:
    """What the passkey is asked to sign: a nonce, then the digest of exactly the text on the signer's screen."""
    if typed.digest != desk.press.draft(draft).digest:
        raise Refused(409, "The text was changed since you opened it; load the page again and read it.")
    return JSONResponse(desk.passkeys.options(desk.press.challenge(draft, visit.person.id, desk.here())))


@router.post("/desk/draft/{draft}/signature")
def sign(desk: DeskOf, visit: VisitOf, draft: str, signed: Signed) -> JSONResponse:
    """The signature: checked as a passkey of this person at this desk, then handed to the press."""
    try:
        key = desk.passkeys.verify(signed.credential)
        if key.person != visit.person.id:
            raise NoPasskey("a passkey of somebody else")
    except NoPasskey as error:
        desk.note(visit.person.id, "sign refused", f"{draft}: {error}")
        raise Refused(403, "That passkey was not accepted.") from error
    made = _signature(visit, key.public_key, signed, desk.here())
    after = desk.press.sign(draft, made, signed.area, signed.level, desk.here(), waive=bool(signed.waive))
    desk.note(visit.person.id, "sign", f"{draft}: level {_told(after)}, {after.digest}")
    return JSONResponse({"to": f"/desk/draft/{draft}"})


def _signature(visit: Visit, public_key: str, signed: Signed, now: str) -> Signature:
    response: dict[str, Any] = signed.credential["response"]
    proof = {
        "client_data": str(response["clientDataJSON"]),
        "authenticator_data": str(response["authenticatorData"]),
        "signature": str(response["signature"]),
    }
    return Signature(visit.person.id, "passkey", public_key, signed.digest, now, proof)


@router.post("/desk/draft/{draft}/publish")
def publish(desk: DeskOf, visit: VisitOf, draft: str) -> Response:
    """Out it goes, if nothing is missing; else the press says what is."""
    desk.note(visit.person.id, "publish", draft)
    published = desk.press.publish(draft, desk.here())
    desk.show_public()
    desk.note(visit.person.id, "published", published.id)
    desk.anchor()
    return see(f"/desk/bulletin/{published.id}")


@router.post("/desk/draft/{draft}/undo")
def undo(desk: DeskOf, visit: VisitOf, draft: str) -> Response:
    desk.press.undo(draft, visit.person.id, desk.here())
    desk.note(visit.person.id, "undo", draft)
    return see("/desk/bulletins")


@router.get("/desk/bulletin/{bulletin}")
def bulletin(request: Request, desk: DeskOf, bulletin: str) -> Response:
    """A bulletin as it went out, who signed it, and its correction, ready to be signed."""
    issued = _issued(desk, bulletin)
    latest = [one.published.id for one in desk.press.issued() if one.published.area == issued.published.area][-1]
    force = desk.press.in_force(desk.here()).get(issued.published.area)
    return page(
        request,
        "bulletin.html",
        bulletin=issued.published,
        issued=issued,
        latest=latest,
        in_force=force is not None and force.id == bulletin,
        logged=desk.press.in_log(bulletin),
        names=names(desk),
    )


@router.post("/desk/bulletin/{bulletin}/correction")
def correct(desk: DeskOf, visit: VisitOf, bulletin: str, level: Chosen = "", reason: Why = "") -> Response:
    """The correction that was prepared before the bulletin went out, as a draft to be signed now."""
    _issued(desk, bulletin)
    made = desk.press.correct(bulletin, visit.person.id, desk.here(), _level(level), reason.strip() or None)
    desk.note(visit.person.id, "correct", f"{bulletin} by {made.id}")
    return see(f"/desk/draft/{made.id}#sign")


def _draft_page(request: Request, desk: Desk, found: Draft, template: str) -> Response:
    levels = desk.reading.rules().levels
    stands = desk.press.in_force(desk.here()).get(found.area)
    return page(
        request,
        template,
        draft=found,
        colour=levels.level(found.level).colour if found.level is not None else None,
        stands=stands,
        difference=_difference(desk.press.difference(found.id)),
        missing=desk.press.missing(found.id, desk.here()),
        needed=signers_needed(found, levels),
        steps=steps(found),
        cooling=cooling_until(found, levels),
        revoked=desk.press.people.revoked(),
        names=names(desk),
    )


def _difference(lines: tuple[str, ...]) -> list[tuple[str, str]]:
    """(what a line does, the line): 'in' is new, 'out' is gone, 'same' stands about it."""
    kinds = {"+": "in", "-": "out", " ": "same"}
    return [(kinds[line[:1]], line[1:]) for line in lines if line[:1] in kinds and line[1:].strip()]


def _issued(desk: Desk, bulletin: str) -> Issued:
    for one in desk.press.issued():
        if one.published.id == bulletin:
            return one
    raise Refused(404, "There is no such bulletin.")


def _level(chosen: str) -> Any:
    return int(chosen) if chosen.isdigit() else chosen or None


def _told(draft: Draft) -> str:
    return "unknown" if draft.level is None else str(draft.level)
