"""What came in, area by area, and the walk from a level down to the sentences under it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from tocsin.desk.context import Desk, Refused
from tocsin.desk.entrance import DeskOf, VisitOf
from tocsin.desk.reading import Edition
from tocsin.desk.rendering import page, see
from tocsin.judge.answers import HOLDS, SET_ASIDE
from tocsin.records import Document, Finding, Judgement, Statement

router = APIRouter()
_STATES = ("on", "unknown", "off")
_STANCES = (("asserted", "Who says so"), ("denied", "Who denies it"), ("unverified", "Told without proof"))
ANSWERS = (*SET_ASIDE, HOLDS)


@dataclass(frozen=True)
class News:
    """What an area has that this person has not looked at."""

    judgement: Judgement
    new: tuple[Finding, ...]
    changed: tuple[Finding, ...]
    looked: bool


@router.get("/desk")
def queue(request: Request, desk: DeskOf, visit: VisitOf) -> Response:
    """What is new by area since this person last looked; the worst level first."""
    edition = desk.reading.edition()
    looked = _looked(desk, visit.person.id)
    came = desk.home.ledger.findings_since(min((looked.get(a, 0) for a in _areas(edition)), default=0))
    news = [_news(judgement, came, looked) for judgement in edition.assessment.judgements] if edition else []
    news.sort(key=_urgency)
    return page(
        request,
        "queue.html",
        edition=edition,
        news=news,
        refusals=len(desk.home.ledger.refusals()),
        in_force=desk.press.in_force(desk.here()),
        waiting=[(d, desk.press.missing(d.id, desk.here())) for d in desk.press.drafts() if d.open],
    )


@router.post("/desk/area/{area}/looked")
def look(desk: DeskOf, visit: VisitOf, area: str) -> Response:
    """From here on, what came so far is no news to this person."""
    _judgement(_edition(desk), area)
    desk.home.state.change(
        "INSERT INTO looked VALUES (:p, :a, :n) ON CONFLICT (person, area) DO UPDATE SET position = :n",
        p=visit.person.id,
        a=area,
        n=desk.home.ledger.position(),
    )
    return see("/desk")


@router.get("/desk/area/{area}")
def area(request: Request, desk: DeskOf, area: str) -> Response:
    """The machine's assessment of an area: indicators, reasons, what is disputed, what is missing."""
    edition = _edition(desk)
    judgement, rules = _judgement(edition, area), desk.reading.rules()
    observed = [(rules.indicators[o.indicator], o) for o in judgement.observations if o.indicator in rules.indicators]
    return page(
        request,
        "area.html",
        area=judgement,
        findings=edition.findings,
        levels=rules.levels,
        board=sorted(observed, key=lambda pair: (_STATES.index(pair[1].state), pair[0].group, pair[0].id)),
        changes=_changes(desk, area),
        in_force=desk.press.in_force(desk.here()).get(area),
        drafts=[d for d in desk.press.drafts() if d.open and d.area == area],
        notes=desk.reading.notes(f"area/{area}"),
        names=names(desk),
    )


@router.get("/desk/finding/{key}")
def finding(request: Request, desk: DeskOf, key: str) -> Response:
    """All that is told of one happening, down to the quoted sentences and the documents that print them."""
    found = desk.home.ledger.finding(key)
    if found is None:
        raise Refused(404, "There is no such finding.")
    sides = [(heading, desk.reading.sentences(getattr(found, stance))) for stance, heading in _STANCES]
    history = desk.home.ledger.finding_history(key)
    return page(
        request,
        "finding.html",
        finding=found,
        sides=sides,
        history=history,
        answers=ANSWERS,
        notes=desk.reading.notes(f"finding/{key}"),
        names=names(desk),
    )


@router.get("/desk/document/{key}")
def document(request: Request, desk: DeskOf, key: str) -> Response:
    """One article as it was read, with the sentences that were understood marked in it."""
    found = desk.home.ledger.document(key)
    if found is None:
        raise Refused(404, "There is no such document.")
    statements = desk.home.ledger.statements_in(key)
    return page(
        request,
        "document.html",
        document=found,
        membership=desk.home.ledger.membership(key),
        paragraphs=marked(found, statements),
        located=desk.home.archive.locate(found.body),
    )


@router.get("/desk/disputed")
def disputed(request: Request, desk: DeskOf) -> Response:
    """Findings that some assert and others deny, or for which numbers differ."""
    edition = desk.reading.edition()
    findings = [f for f in edition.findings.values() if _is_disputed(f)] if edition else []
    areas = {j.area: j.name for j in edition.assessment.judgements} if edition else {}
    return page(request, "disputed.html", findings=findings, areas=areas)


def marked(document: Document, statements: tuple[Statement, ...]) -> list[list[tuple[str, int | None]]]:
    """The text by paragraphs, each in pieces (words, number of the sentence understood or None)."""
    pieces: list[tuple[str, int | None]] = []
    at = 0
    for number, (start, end) in enumerate(sorted({s.span for s in statements})):
        if start >= at:
            pieces += [(document.text[at:start], None), (document.text[start:end], number)]
            at = end
    pieces.append((document.text[at:], None))
    paragraphs: list[list[tuple[str, int | None]]] = [[]]
    for words, which in pieces:
        first, *rest = words.split("\n\n")
        paragraphs[-1].append((first, which))
        paragraphs += [[(part, which)] for part in rest]
    return [[piece for piece in paragraph if piece[0]] for paragraph in paragraphs if any(p[0] for p in paragraph)]


def names(desk: Desk) -> dict[str, str]:
    """People by their identifiers; who was erased keeps the identifier alone."""
    return {person.id: person.name for person in desk.home.state.people()}


def _edition(desk: Desk) -> Edition:
    found = desk.reading.edition()
    if found is None:
        raise Refused(503, "Nothing has been judged yet; run `tocsin derive`.")
    return found


def _judgement(edition: Edition, area: str) -> Judgement:
    for judgement in edition.assessment.judgements:
        if judgement.area == area:
            return judgement
    raise Refused(404, "There is no such area.")


def _looked(desk: Desk, person: str) -> dict[str, int]:
    rows = desk.home.state.rows("SELECT area, position FROM looked WHERE person = :p", p=person)
    return {row["area"]: int(row["position"]) for row in rows}


def _areas(edition: Edition | None) -> list[str]:
    return [judgement.area for judgement in edition.assessment.judgements] if edition else []


def _news(judgement: Judgement, came: tuple[tuple[int, int, Finding], ...], looked: dict[str, int]) -> News:
    since = looked.get(judgement.area, 0)
    here = [(first, f) for first, last, f in came if f.area == judgement.area and last >= since]
    here.sort(key=lambda one: one[1].weak is not None)
    new = tuple(f for first, f in here if first >= since)
    return News(judgement, new, tuple(f for first, f in here if first < since), judgement.area in looked)


def _urgency(news: News) -> tuple[bool, bool, int, str]:
    """Areas with news first, judged ones before those that ran out or that nobody watches, the worst level first."""
    judgement = news.judgement
    level = judgement.level if judgement.level is not None else 9
    return (not (news.new or news.changed), judgement.status != "assessed", level, judgement.name)


def _changes(desk: Desk, area: str) -> list[Judgement]:
    """The judgements at which the machine's level changed, newest first."""
    changed: list[Judgement] = []
    for judgement in desk.home.ledger.judgements(area):
        if not changed or (judgement.level, judgement.status) != (changed[-1].level, changed[-1].status):
            changed.append(judgement)
    return changed[::-1]


def _is_disputed(finding: Finding) -> bool:
    numbers = {(v.of, v.value) for v in finding.values}
    differ = len(numbers) > len({of for of, _ in numbers})
    return differ or bool(finding.denied and (finding.asserted or finding.unverified))
