"""What people say of the evidence: notes, and answers about single statements. Both are entries of the archive."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from tocsin.desk.context import Refused
from tocsin.desk.entrance import DeskOf, VisitOf
from tocsin.desk.evidence import ANSWERS, names
from tocsin.desk.reading import NOTE
from tocsin.desk.rendering import page, see
from tocsin.judge.answers import anchor
from tocsin.records import Answer

router = APIRouter()


@router.get("/desk/notes")
def notes(request: Request, desk: DeskOf) -> Response:
    return page(request, "notes.html", notes=desk.reading.notes(), names=names(desk))


@router.post("/desk/notes")
def add_note(
    desk: DeskOf,
    visit: VisitOf,
    about: Annotated[str, Form(max_length=100)],
    text: Annotated[str, Form(min_length=1, max_length=4000)],
) -> Response:
    """A note on an area or a finding. It stays: the archive takes nothing back."""
    kind, _, key = about.partition("/")
    edition = desk.reading.edition()
    areas = {j.area for j in edition.assessment.judgements} if edition else set()
    if not ((kind == "area" and key in areas) or (kind == "finding" and desk.home.ledger.finding(key) is not None)):
        raise Refused(422, "Expected a note on an area or a finding that is there.")
    if not text.strip():
        raise Refused(422, "Expected some words.")
    desk.reading.keep(Answer(desk.here(), NOTE + about, visit.person.id, text.strip()))
    desk.note(visit.person.id, "note", about)
    desk.anchor()
    return see(f"/desk/{about}")


@router.post("/desk/statement/{key}/answer")
def answer(
    request: Request,
    desk: DeskOf,
    visit: VisitOf,
    key: str,
    answer: Annotated[str, Form(max_length=40)],
    finding: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Set a statement aside ('wrong actor', 'old news' …) or put it back. It takes effect at the next judgement."""
    statement = desk.home.ledger.statement(key)
    document = desk.home.ledger.document(statement.document) if statement else None
    if statement is None or document is None:
        raise Refused(404, "There is no such statement.")
    if answer not in ANSWERS:
        raise Refused(422, f"Expected one of {', '.join(ANSWERS)}.")
    question = anchor(document.body, statement.text)
    desk.reading.keep(Answer(desk.here(), question, visit.person.id, answer))
    desk.note(visit.person.id, "answer", f"{key}: {answer}")
    desk.anchor()
    if request.headers.get("hx-request") == "true":
        said = desk.reading.answers_to(question)
        return page(request, "answer.html", said=said, key=key, answers=ANSWERS, finding=finding, names=names(desk))
    if finding and desk.home.ledger.finding(finding) is not None:
        return see(f"/desk/finding/{finding}")
    return see(f"/desk/document/{document.key}")
