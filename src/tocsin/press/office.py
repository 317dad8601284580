"""`Press`: the effects of publishing on one home. See the package for the order in which it is used."""

from __future__ import annotations

import dataclasses
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection

from tocsin.bundle import recipe
from tocsin.home import Home
from tocsin.press.docket import Docket, Issued, Kept
from tocsin.press.dossiers import Dossiers
from tocsin.press.people import People
from tocsin.publish.attachments import attachments
from tocsin.publish.bulletin import (
    Draft,
    Refused,
    Standing,
    composed,
    edited,
    grounds,
    hours_later,
    kind_of,
    minutes_later,
    one_line,
    run_out,
    standing,
    unified,
    words_of,
)
from tocsin.publish.correction import LONGEST_REASON, corrected, from_manifest, prepared
from tocsin.publish.dossier import dossier
from tocsin.publish.edition import Edition, Issue
from tocsin.publish.evidence import Evidence, gather, judgement_digest
from tocsin.publish.manifest import Provenance, body_of, entry_of, provenance_of, published_from
from tocsin.publish.outgoing import deliveries
from tocsin.publish.publiclog import PublicLog
from tocsin.publish.signing import (
    NONCE_BYTES,
    base64url,
    challenge_in,
    challenge_of,
    cooling_until,
    fresh_until,
    signature_fault,
    signers_needed,
    unbase64,
    unsigned,
)
from tocsin.records import Assessment, Published, Reason, Signature, canonical, digest, revive, short_key
from tocsin.rules import Rules
from tocsin.state import Outbox

Level = int | Literal["unknown"] | None
_CHALLENGE_MINUTES = 10  # how long one may take to sign
_SHORTEST_REASON = 10  # characters: a reason for overruling is a sentence


class Press:
    """The press of one home. Raises Refused for what the rules forbid; nothing is changed then."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._docket = Docket(home.state)
        self.people = People(home, self._docket)
        self.log = PublicLog(home.root, home.log_origin)
        self.dossiers = Dossiers(home.root / "dossiers")

    # -------------------------------------------------------------- drawing up

    def propose(self, area: str, by: str, now: str, level: Level = None, reason: str | None = None) -> Draft:
        """A draft of the latest judgement of an area. With `level` people decide otherwise than the machine, and
        must say why; 'unknown' withdraws the level that stands. The same arguments give the same draft."""
        rules, assessment = self._rules(), self._assessment()
        evidence = self._evidence(assessment, area)
        self.people.require(by, "analyst")
        machine = evidence.judgement.level if evidence.judgement.status == "assessed" else None
        chosen = machine if level is None else None if level == "unknown" else level
        before = self._standing(area, now)
        draft = Draft(
            id=short_key("d", area, by, now, judgement_digest(evidence.judgement), str(level), reason or ""),
            kind=kind_of(chosen, before),
            status=self.home.status,
            area=area,
            area_name=evidence.judgement.name,
            level=chosen,
            previous=before.level,
            machine_level=machine,
            as_of=evidence.judgement.as_of,
            issued=now,
            expires=_expires(chosen, machine, evidence, now, rules),
            by=by,
            overruled=_overruling(chosen, machine, reason),
            corrects=None,
            replaces=tuple(one.id for one in before.live),
            judgement=judgement_digest(evidence.judgement),
            rules=rules.digest,
            **_grounds(evidence, rules),
        )
        if self._docket.has(draft.id):
            return self.draft(draft.id)
        return self._keep_new(draft, evidence, self._provenance(assessment, area), now)

    def edit(self, draft_id: str, text: str, by: str, now: str) -> Draft:
        """The draft with other grounds; who, when and both digests are recorded, and every signature is void."""
        self.people.require(by, "analyst")
        with self.home.state.writing() as connection:
            kept = self._open(draft_id, connection)
            changed = edited(kept.draft, text, by, now, self._rules())
            return self._redraw(connection, changed, kept, now)

    def correct(self, published_id: str, by: str, now: str, level: Level = None, reason: str | None = None) -> Draft:
        """The correction that was prepared with a bulletin, as a draft of now; with `level` to that one instead.

        One signature publishes it where it lowers the alarm.
        """
        self.people.require(by, "analyst")
        issued = self._docket.issued_as(published_id)
        if issued is None:
            raise Refused(f"expected the id of a published bulletin, found {published_id!r}")
        latest = self._docket.in_area(issued.published.area)[-1]
        if latest.published.id != published_id:
            raise Refused(f"{published_id} was replaced by {latest.published.id}; correct that one")
        if reason is not None and len(reason) > LONGEST_REASON:
            raise Refused(f"expected a reason of at most {LONGEST_REASON} characters, found {len(reason)}")
        ready = self._aimed(self._ready(issued), issued.published, level, now)
        key = short_key("d", published_id, by, now, str(level), reason or "")
        if self._docket.has(key):
            return self.draft(key)
        draft = corrected(ready, issued.published, key, by, now, one_line(reason or ""), self._rules())
        evidence = Evidence.parse(issued.files["evidence.json"])
        provenance = provenance_of(canonical(json.loads(issued.entry)["body"]))
        return self._keep_new(draft, evidence, provenance, now)

    def _ready(self, issued: Issued) -> Draft:
        """The correction prepared with a bulletin; made now where the bulletin was taken over from its public copy."""
        rules = self._rules()
        if issued.prepared:
            ready = revive(Draft, json.loads(issued.prepared))
        else:
            earlier = [one.published for one in self._docket.in_area(issued.published.area)][:-1]
            body = json.loads(issued.entry)["body"]
            ready = prepared(from_manifest(body), standing(earlier, issued.published.issued), rules)
        return dataclasses.replace(ready, rules=rules.digest)

    def _aimed(self, ready: Draft, wrong: Published, level: Level, now: str) -> Draft:
        """A prepared correction to another level than the one that stood before."""
        if level is None or level == ready.level:
            return ready
        if level == wrong.level:
            raise Refused(f"the bulletin says level {level} already; a correction changes the level")
        if level == "unknown":
            return dataclasses.replace(ready, level=None, expires=None)
        expires = hours_later(now, self._rules().levels.level(level).expires_hours)
        return dataclasses.replace(ready, level=level, expires=expires)

    # -------------------------------------------------------------- signing

    def challenge(self, draft_id: str, person: str, now: str) -> bytes:
        """What a person signs: a nonce that is good once and for ten minutes, then the digest of the body."""
        self.people.require(person, "approver")
        kept = self._open(draft_id)
        asked = challenge_of(secrets.token_bytes(NONCE_BYTES), kept.draft.digest)
        self._docket.ask(base64url(asked), draft_id, person, now)
        return asked

    def sign(
        self, draft_id: str, signature: Signature, typed_area: str, typed_level: object, now: str, waive: bool = False
    ) -> Draft:
        """Add a person's signature over the present text. Whoever signs types the area's id and the level
        ('unknown' where there is none); `waive` asks for no cooling-off, which counts if every signer does."""
        with self.home.state.writing() as connection:
            kept = self._open(draft_id, connection)
            draft = kept.draft
            _typed(draft, typed_area, typed_level)
            self._check_signature(draft, signature, now, connection)
            signed = dataclasses.replace(
                draft,
                signatures=(*draft.signatures, signature),
                waived=(*draft.waived, signature.signer) if waive else draft.waived,
                stage="signed",
            )
            if not unsigned(signed, self._rules().levels, self.people.revoked()):
                signed = dataclasses.replace(signed, settled=now)
            self._docket.put(connection, dataclasses.replace(kept, draft=signed), now)
            return signed

    def _check_signature(self, draft: Draft, signature: Signature, now: str, connection: Connection) -> None:
        """Raises Refused unless this is a new signature of another person, with a key of theirs, over this text."""
        if signature.digest != draft.digest:
            raise Refused("the text was changed since; read it again and sign what it says now")
        self.people.require(signature.signer, "approver")
        self.people.require_key(signature.signer, signature.key)
        valid = [one for one in draft.valid if one.key not in self.people.revoked()]
        if signature.signer in {one.signer for one in valid} or signature.key in {one.key for one in valid}:
            raise Refused(f"{signature.signer} has signed this already; another person must, with a key of their own")
        asked = _asked(signature)
        since = minutes_later(now, -_CHALLENGE_MINUTES)
        if not self._docket.answer(connection, asked, draft.id, signature.signer, since, now):
            raise Refused("expected the answer to an open challenge of this draft; ask for a new one and sign again")
        if fault := signature_fault(signature, unbase64(asked)):
            raise Refused(f"the signature of {signature.signer} does not hold: {fault}")

    def missing(self, draft_id: str, now: str | None = None) -> tuple[Reason, ...]:
        """Why a draft can't be published yet, each with a name; without a time, what no waiting mends."""
        return self._missing(self._docket.draft(draft_id), now)

    def _missing(self, kept: Kept, now: str | None, connection: Connection | None = None) -> tuple[Reason, ...]:
        draft, rules = kept.draft, self._rules()
        if not draft.open:
            return (Reason("draft/closed", f"it was {draft.stage} before"),)
        found = [*self._grounds_missing(draft, rules, connection)]
        found += unsigned(draft, rules.levels, self.people.revoked())
        if now is not None:
            until = fresh_until(draft, rules)
            if now > until:
                found.append(Reason("draft/old", f"it should have gone out by {until}; propose it again"))
            cooling = cooling_until(draft, rules.levels)
            if cooling is not None and now < cooling:
                found.append(Reason("cooling/running", f"it can be undone until {cooling}, and goes out after that"))
        return tuple(found)

    def _grounds_missing(self, draft: Draft, rules: Rules, connection: Connection | None) -> list[Reason]:
        """What has changed under a draft since it was drawn up."""
        found = []
        latest = self._docket.in_area(draft.area, connection)
        if latest and latest[-1].published.issued >= draft.issued:
            found.append(Reason("standing/changed", f"{latest[-1].published.id} was published since; propose again"))
        if draft.status != self.home.status:
            found.append(Reason("status/other", f"it is for status {draft.status}, the home is {self.home.status}"))
        if draft.rules != rules.digest:
            found.append(Reason("rules/changed", "other rules were adopted since; derive and propose again"))
        if draft.corrects is None and not self._judged(draft):
            found.append(Reason("judgement/other", "the ledger holds no such judgement; derive and propose again"))
        return found

    def _judged(self, draft: Draft) -> bool:
        """Whether the ledger holds the judgement that a draft rests on: hindsight is never kept there."""
        judgements = self.home.ledger.judgements(draft.area)
        return any(one.as_of == draft.as_of and judgement_digest(one) == draft.judgement for one in judgements)

    # -------------------------------------------------------------- publishing

    def publish(self, draft_id: str, now: str) -> Published:
        """Publish a draft, or refuse, naming what is missing. Publishing it again gives the same bulletin, and
        finishes what a crash cut short.

        One transaction keeps the bulletin, its place in the log and the messages to be sent; the log takes it after.
        """
        with self.home.state.writing() as connection:
            issued = self._docket.issued_from(draft_id, connection)
            if issued is None:
                kept = self._docket.draft(draft_id, connection)
                missing = self._missing(kept, now, connection)
                if missing:
                    raise Refused("; ".join(reason.text for reason in missing))
                issued = self._issue(connection, kept, now)
        self.settle()
        return issued.published

    def _issue(self, connection: Connection, kept: Kept, now: str) -> Issued:
        rules, draft = self._rules(), kept.draft
        if digest(kept.body) != draft.digest:
            raise Refused("the manifest is not the one that was signed; propose again")
        self.people.list_keys(connection, [one.key for one in draft.valid], now)
        counted = tuple(one for one in draft.valid if one.key not in self.people.revoked())
        before = self._standing(draft.area, draft.issued, connection)
        issued = Issued(
            published=published_from(json.loads(kept.body), kept.files["text.txt"].decode(), counted),
            number=self._docket.next_number(connection),
            at=now,
            entry=entry_of(kept.body, counted, now),
            files=kept.files,
            prepared=self._prepared(draft, before, kept, rules),
        )
        self._docket.publish(connection, issued, draft.id)
        closed = dataclasses.replace(draft, stage="published")
        self._docket.put(connection, dataclasses.replace(kept, draft=closed), now)
        Outbox.add(connection, deliveries(issued.published, self.home.recipients(), rules), now)
        return issued

    def _prepared(self, draft: Draft, before: Standing, kept: Kept, rules: Rules) -> bytes:
        """The correction, drawn up whole to prove that it can be, before anything goes out."""
        ready = prepared(draft, before, rules)
        evidence = Evidence.parse(kept.files["evidence.json"])
        going = published_from(json.loads(kept.body), draft.text, ())
        trial = dataclasses.replace(ready, id=f"{draft.id}c")
        self._drawn(trial, evidence, provenance_of(kept.body), (*before.live, going))
        return canonical(ready)

    def settle(self) -> int:
        """Bring the public log up to what was published: what a crash cut short. Returns the log's size."""
        return self.log.bring_up(self._docket.listed)

    def undo(self, draft_id: str, by: str, now: str) -> Draft:
        """Take a draft back before it went out; after that, `correct` it."""
        self.people.require(by, "analyst")
        with self.home.state.writing() as connection:
            kept = self._open(draft_id, connection)
            undone = dataclasses.replace(kept.draft, stage="undone", settled=now)
            self._docket.put(connection, dataclasses.replace(kept, draft=undone), now)
            return undone

    # -------------------------------------------------------------- what there is

    def draft(self, draft_id: str) -> Draft:
        return self._docket.draft(draft_id).draft

    def drafts(self) -> tuple[Draft, ...]:
        """Every draft, oldest first; `stage` says which are over."""
        return tuple(kept.draft for kept in self._docket.drafts())

    def files(self, draft_id: str) -> Mapping[str, bytes]:
        """A draft's attachments by name."""
        return self._docket.draft(draft_id).files

    def body(self, draft_id: str) -> bytes:
        """The manifest body of a draft: its SHA-256 is what people sign."""
        return self._docket.draft(draft_id).body

    def difference(self, draft_id: str) -> tuple[str, ...]:
        """The draft against what stands in its area, line by line, as a unified difference."""
        draft = self.draft(draft_id)
        standing_text = next((one.text for one in reversed(self.published()) if one.area == draft.area), "")
        return unified(standing_text, draft.text)

    def published(self) -> tuple[Published, ...]:
        """Every bulletin that went out, oldest first."""
        return tuple(issued.published for issued in self._docket.issued())

    def issued(self) -> tuple[Issued, ...]:
        """As `published`, with what is kept beside each."""
        return self._docket.issued()

    def in_force(self, now: str) -> Mapping[str, Published]:
        """The bulletin that stands in each area; an area without one is unknown."""
        latest = {one.area: one for one in self.published()}
        return {area: one for area, one in sorted(latest.items()) if one.kind != "cancel" and not run_out(one, now)}

    def in_log(self, published_id: str) -> bool:
        """Whether the public log holds a bulletin; before that nobody is told of it."""
        issued = self._docket.issued_as(published_id)
        return issued is not None and issued.number < self.log.size

    def masthead(self, now: str) -> Edition:
        """Whose pages they are, without any bulletin."""
        home, log = self.home, self.log.size
        return Edition(
            name=home.name,
            address=home.address,
            now=now,
            issues={},
            rules=self._rules(),
            status=home.status,
            seal=home.seal,
            hubs=home.hubs,
            log_key=self.log.verifier.vkey if log else "",
            subscribable=any(channel.asks for channel in home.channels.values()),
        )

    def edition(self, now: str) -> Edition:
        """What the public pages are made from: the bulletins that stand in the log, and no others."""
        size = self.log.size
        issues: dict[str, tuple[Issue, ...]] = {}
        for one in self._docket.issued():
            if one.number < size:
                issue = Issue(one.published, one.entry, one.files, one.at, one.number)
                issues[issue.published.area] = (*issues.get(issue.published.area, ()), issue)
        return dataclasses.replace(self.masthead(now), issues=issues)

    # -------------------------------------------------------------- parts

    def _rules(self) -> Rules:
        return self.home.rules()

    def _assessment(self) -> Assessment:
        """The latest assessment, if it was made by the rules in force: nothing else can be proposed."""
        latest = self.home.ledger.latest_assessment()
        if latest is None or latest.recipe != recipe(self._rules()):
            raise Refused("the ledger holds no assessment by the rules and code in force; run `tocsin derive`")
        return latest

    def _evidence(self, assessment: Assessment, area: str) -> Evidence:
        judgement = next((one for one in assessment.judgements if one.area == area), None)
        if judgement is None:
            known = ", ".join(sorted(one.area for one in assessment.judgements))
            raise Refused(f"expected an area, one of {known}; found {area!r}")
        ledger = self.home.ledger
        return gather(judgement, assessment.findings, ledger.statement, ledger.document, ledger.membership)

    def _standing(self, area: str, now: str, connection: Connection | None = None) -> Standing:
        return standing([issued.published for issued in self._docket.in_area(area, connection)], now)

    def _open(self, draft_id: str, connection: Connection | None = None) -> Kept:
        kept = self._docket.draft(draft_id, connection)
        if not kept.draft.open:
            raise Refused(f"the draft {draft_id} was {kept.draft.stage} before; propose anew, or correct the bulletin")
        return kept

    def _provenance(self, assessment: Assessment, area: str) -> Provenance:
        """From what the judgement was made; the dossier is kept before anybody signs its digest."""
        upto = self.home.archive.as_of(assessment.as_of)
        bundle = self.home.adopted_digest()
        assert bundle is not None, "what was judged was judged by adopted rules"
        data = dossier(self.home.told(upto), area, self.home.exercise, self.home.parsed)
        return Provenance(
            recipe=assessment.recipe,
            archive=self.home.archive.checkpoint.decode(),
            bundle=bundle,
            dossier=self.dossiers.keep(data),
        )

    def _keep_new(self, draft: Draft, evidence: Evidence, provenance: Provenance, now: str) -> Draft:
        with self.home.state.writing() as connection:
            kept = self._drawn(draft, evidence, provenance)
            self._docket.put(connection, kept, now)
        return kept.draft

    def _redraw(self, connection: Connection, draft: Draft, kept: Kept, now: str) -> Draft:
        evidence = Evidence.parse(kept.files["evidence.json"])
        drawn = self._drawn(draft, evidence, provenance_of(kept.body))
        self._docket.put(connection, drawn, now)
        return drawn.draft

    def _drawn(
        self, draft: Draft, evidence: Evidence, provenance: Provenance, replaced: Sequence[Published] | None = None
    ) -> Kept:
        """Text, attachments, manifest body and digest of a draft; `replaced` are the bulletins that it replaces."""
        rules = self._rules()
        if replaced is None:
            replaced = [one for one in self.published() if one.id in draft.replaces]
        named = dataclasses.replace(draft, bulletin=self.home.bulletin_id(draft.area, draft.issued))
        quorum = signers_needed(named, rules.levels)
        told = composed(named, rules, quorum)
        files = attachments(self.masthead(draft.issued), told, evidence, replaced)
        url = self.home.bulletin_url(told.bulletin)
        body = body_of(told, self.home.name, url, files, provenance, rules, quorum)
        return Kept(dataclasses.replace(told, digest=digest(body)), body, files)


def _expires(level: int | None, machine: int | None, evidence: Evidence, now: str, rules: Rules) -> str | None:
    """When the level runs out. Raises Refused where the judgement has already: nobody signs old news as new."""
    if level is None:
        return None
    judgement = evidence.judgement
    expires = judgement.expires if level == machine else None
    expires = expires or hours_later(judgement.as_of, rules.levels.level(level).expires_hours)
    if expires <= now:
        raise Refused(
            f"the judgement of {judgement.area} as of {judgement.as_of} ran out on {expires}; collect and derive first"
        )
    return expires


def _overruling(level: int | None, machine: int | None, reason: str | None) -> str | None:
    """Why people decided otherwise than the machine. Raises Refused where they did and don't say why."""
    if level == machine:
        return None
    said = one_line(reason or "")
    if not _SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise Refused(
            f"the machine proposes level {machine or 'unknown'}; to publish {level or 'unknown'} give a reason of "
            f"{_SHORTEST_REASON} to {LONGEST_REASON} characters"
        )
    return said


def _grounds(evidence: Evidence, rules: Rules) -> dict[str, Any]:
    parts = grounds(evidence.judgement, rules)
    return {"words": words_of(parts), "sentences": tuple(one for _, sentences in parts for one in sentences)}


def _typed(draft: Draft, area: str, level: object) -> None:
    """Raises Refused unless these are the draft's own: whoever signs has read what it is about."""
    wanted = (draft.area, "unknown" if draft.level is None else str(draft.level))
    typed = (area.strip(), str(level).strip().lower() if level is not None else "unknown")
    if typed != wanted:
        raise Refused(f"expected the area and the level of the draft typed as {wanted}, found {typed}")


def _asked(signature: Signature) -> str:
    """The challenge that a signature answers, as it was kept. Raises Refused where it holds none."""
    try:
        return base64url(challenge_in(signature))
    except (KeyError, ValueError, TypeError) as error:
        raise Refused(f"the signature of {signature.signer} can't be read: {error!r}") from None
