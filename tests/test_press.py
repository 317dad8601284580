"""The rules against the false alarm, each with a test, and the life of a bulletin from proposal to correction."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pressroom import AREA, COOL, LATER, NOW, SIGNED, out, press_in, rules_named, sign
from tocsin import replay
from tocsin.archive.tiles import leaf_hash
from tocsin.press import Press, Refused, write_site
from tocsin.press.people import signature
from tocsin.publish.attachments import agree
from tocsin.publish.bulletin import check_words, minutes_later
from tocsin.publish.checking import log_proof
from tocsin.publish.evidence import judgement_digest
from tocsin.publish.manifest import entry_faults, kind_of_entry
from tocsin.publish.publiclog import PublicLog, PublicLogError
from tocsin.publish.signing import base64url
from tocsin.records import Signature, canonical, digest
from tocsin.state import Credential
from world import ROOT, rules


@pytest.fixture
def press(tmp_path: Path) -> Press:
    return press_in(tmp_path)


def other_level(press: Press) -> int:
    """A level one step worse than the machine's: a change that people must give a reason for."""
    return press.propose(AREA, "ana", "2019-03-25T00:01:00Z").level - 1  # type: ignore[operator]


REASON = "a call to the embassy that the machine can't read"


# ------------------------------------------------------------------ two people


def test_nothing_goes_out_without_signatures(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    with pytest.raises(Refused, match="2 more people must sign"):
        press.publish(draft.id, NOW)
    assert press.published() == ()
    assert press.in_force(NOW) == {}


def test_one_person_is_not_enough_and_counts_once(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    sign(press, draft, "ana")
    with pytest.raises(Refused, match="another person"):
        sign(press, draft, "ana")
    with pytest.raises(Refused, match="1 more person must sign"):
        press.publish(draft.id, LATER)


def test_two_people_publish(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    sign(press, draft, "ana")
    sign(press, draft, "ben")
    published = press.publish(draft.id, COOL)
    assert [one.signer for one in published.signatures] == ["ana", "ben"]
    assert press.in_force(COOL) == {AREA: published}
    assert press.publish(draft.id, LATER) == published, "publishing again gives the same bulletin"


def test_two_people_can_not_share_a_key(press: Press) -> None:
    (key,) = press.home.state.credentials("ana")
    with pytest.raises(Refused, match="kept already"):
        press.people.add_key("ben", key.public_key, "key", NOW)
    draft = press.propose(AREA, "dora", NOW)
    signer = press.people.read_key("ana", press.home.root.parent / "keys" / "ana.key")
    asked = press.challenge(draft.id, "ben", NOW)
    with pytest.raises(Refused, match="none of ben's"):
        press.sign(draft.id, signature("ben", signer, asked, draft.digest, NOW), AREA, draft.level, NOW)


def test_an_analyst_draws_up_but_does_not_sign(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    with pytest.raises(Refused, match="asks for approver"):
        press.challenge(draft.id, "dora", NOW)
    with pytest.raises(Refused, match="expected a person"):
        press.propose(AREA, "nobody", NOW)


# ------------------------------------------------------------------ the exact text


def test_an_edit_after_a_signature_voids_it(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    sign(press, draft, "ana")
    edited = press.edit(draft.id, draft.words.replace("Confidence is", "Our confidence is"), "dora", SIGNED)
    assert edited.digest != draft.digest
    assert edited.valid == ()
    sign(press, edited, "ben")
    with pytest.raises(Refused, match="1 more person"):
        press.publish(draft.id, COOL)
    with pytest.raises(Refused, match="text was changed"):
        sign(press, edited, "cem", digest=draft.digest)


def test_an_edit_is_recorded_and_keeps_the_evidence_of_what_was_reworded(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    told = next(sentence for sentence in draft.sentences if sentence.findings)
    words = draft.words.replace(told.text, "In plain words: " + told.text) + "\n• A sentence of our own."
    edited = press.edit(draft.id, words, "dora", SIGNED)
    (edit,) = edited.edits
    assert (edit.by, edit.at) == ("dora", SIGNED)
    assert (edit.old, edit.new) == (digest(draft.words.encode()), digest(edited.words.encode()))
    reworded = next(sentence for sentence in edited.sentences if sentence.text.startswith("In plain words"))
    assert (reworded.findings, reworded.by) == (told.findings, "dora")
    own = next(sentence for sentence in edited.sentences if sentence.text.startswith("A sentence of our own"))
    assert (own.findings, own.by) == ((), "dora")
    body = json.loads(press.body(edited.id))
    assert body["edits"] == [{"at": SIGNED, "by": "dora", "new": edit.new, "old": edit.old}]


@pytest.mark.parametrize(
    "words",
    ["It stands at level 2 yellow.", "It is 1 green now.", "Nuclear weapons have been used, or are on their way."],
)
def test_words_that_speak_for_another_level_are_refused(press: Press, words: str) -> None:
    draft = press.propose(AREA, "dora", NOW)
    with pytest.raises(Refused):
        press.edit(draft.id, f"{draft.words}\n• {words}", "dora", SIGNED)
    with pytest.raises(Refused, match="control character"):
        press.edit(draft.id, f"{draft.words}\x1b[2J", "dora", SIGNED)


def test_the_rules_examples_of_words_that_agree() -> None:
    found = rules().bulletins
    assert found is not None
    for example in found.examples.match:
        level, _, words = example.partition(": ")
        check_words(words, int(level), rules())
    for example in found.examples.not_match:
        level, _, words = example.partition(": ")
        with pytest.raises(Refused):
            check_words(words, int(level), rules())


def test_number_colour_and_phrase_always_agree(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    told = out(press, draft, "ana", "ben")
    agree(told, rules())
    wrong: list[dict[str, Any]] = [{"colour": "red"}, {"phrase": "All is well."}, {"level": 1}, {"title": "Calm"}]
    for fields in [*wrong, {"text": told.text.replace(told.phrase, "")}]:
        with pytest.raises(Refused):
            agree(dataclasses.replace(told, **fields), rules())


def test_what_is_no_real_says_so_or_is_refused(press: Press) -> None:
    told = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    assert told.title.startswith("EXERCISE: ")
    assert "exercise" in told.id
    with pytest.raises(Refused, match="must say so"):
        agree(dataclasses.replace(told, text=told.text.replace(rules().levels.exercise_mark, "")), rules())


def test_each_signer_types_the_area_and_the_level(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    wrong: list[dict[str, Any]] = [{"area": "korea"}, {"level": "1"}, {"level": ""}, {"area": ""}]
    for typed in wrong:
        with pytest.raises(Refused, match="typed"):
            sign(press, draft, "ana", **typed)
    assert press.draft(draft.id).signatures == ()


def test_the_second_sees_what_changes(press: Press) -> None:
    first = press.propose(AREA, "dora", NOW)
    out(press, first, "ana", "ben")
    second = press.propose(AREA, "dora", LATER, other_level(press), REASON)
    lines = press.difference(second.id)
    assert any(line.startswith("-") and f"level {first.level}" in line for line in lines)
    assert any(line.startswith("+") and f"level {second.level}" in line for line in lines)


# ------------------------------------------------------------------ a challenge is good once


def test_a_challenge_is_good_once_for_one_person_and_one_draft(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    signer = press.people.read_key("ana", press.home.root.parent / "keys" / "ana.key")
    asked = press.challenge(draft.id, "ben", NOW)
    with pytest.raises(Refused, match="open challenge"):
        press.sign(draft.id, signature("ana", signer, asked, draft.digest, NOW), AREA, draft.level, NOW)
    asked = press.challenge(draft.id, "ana", NOW)
    with pytest.raises(Refused, match="open challenge"):
        press.sign(
            draft.id, signature("ana", signer, asked, draft.digest, COOL), AREA, draft.level, "2019-03-25T00:21:00Z"
        )
    altered = bytes([asked[0] ^ 1]) + asked[1:]
    with pytest.raises(Refused, match="open challenge"):
        press.sign(draft.id, signature("ana", signer, altered, draft.digest, NOW), AREA, draft.level, NOW)
    made = signature("ana", signer, asked, draft.digest, NOW)
    forged = dataclasses.replace(made, proof={**made.proof, "signature": base64url(b"\0" * 64)})
    with pytest.raises(Refused, match="does not hold"):
        press.sign(draft.id, forged, AREA, draft.level, NOW)
    press.sign(draft.id, made, AREA, draft.level, NOW)
    again = press.edit(draft.id, draft.words + "\n• More.", "dora", SIGNED)
    with pytest.raises(Refused, match="text was changed"):
        press.sign(draft.id, made, AREA, again.level, SIGNED)


def passkey(press: Press, person: str) -> Any:
    """A passkey in memory: registered for a person, it gives signatures as an authenticator does."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = base64url(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    press.home.state.add_credential(Credential(f"c-{person}", person, public, 0, "phone", NOW, None))

    def assertion(challenge: bytes, about: str, flags: int = 5, kind: str = "webauthn.get") -> Signature:
        client = json.dumps(
            {"type": kind, "challenge": base64url(challenge), "origin": "https://desk.example"}
        ).encode()
        authenticator = hashlib.sha256(b"desk.example").digest() + bytes([flags]) + b"\0\0\0\1"
        made = key.sign(authenticator + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        proof = {"client_data": client, "authenticator_data": authenticator, "signature": made}
        return Signature(person, "passkey", public, about, SIGNED, {n: base64url(v) for n, v in proof.items()})

    return assertion


def test_a_passkey_signs_the_digest_and_the_person_was_verified(press: Press) -> None:
    assertion = passkey(press, "ana")
    draft = press.propose(AREA, "dora", NOW)
    for bad in ({"flags": 1}, {"kind": "webauthn.create"}):
        asked = press.challenge(draft.id, "ana", NOW)
        with pytest.raises(Refused, match="does not hold"):
            press.sign(draft.id, assertion(asked, draft.digest, **bad), AREA, draft.level, SIGNED)
    asked = press.challenge(draft.id, "ana", NOW)
    press.sign(draft.id, assertion(asked, draft.digest), AREA, draft.level, SIGNED)
    sign(press, draft, "ben")
    press.publish(draft.id, COOL)
    (issued,) = press.issued()
    assert entry_faults(issued.entry) == ()
    kinds = [json.loads(entry) for entry in press.log.read().entries()]  # type: ignore[union-attr]
    assert any(one.get("kind") == "passkey" and one["signer"] == "ana" for one in kinds), "its key stands in the log"


# ------------------------------------------------------------------ who must sign


def test_a_change_of_more_than_one_step_or_to_two_or_one_asks_for_a_third(press: Press) -> None:
    first = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    for level in (3, 2, 1):
        draft = press.propose(AREA, "dora", LATER, level, REASON)
        grave = level <= 2 or first.level - level >= 2  # type: ignore[operator]
        for person in ("ana", "ben"):
            sign(press, draft, person, LATER, waive=True)
        assert ("sign/third" in rules_named(press.missing(draft.id))) == grave
        if grave:
            with pytest.raises(Refused, match="1 more person must sign"):
                press.publish(draft.id, LATER)
    last = press.drafts()[-1]
    sign(press, last, "cem", LATER, waive=True)
    published = press.publish(last.id, LATER)
    assert (len(published.signatures), published.machine_level) == (3, first.machine_level)


def test_a_level_that_stands_is_renewed_by_one_unless_its_words_were_changed(press: Press) -> None:
    first = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    again = press.propose(AREA, "dora", LATER)
    assert (again.kind, again.level, again.replaces) == ("update", first.level, (first.id,))
    edited = press.edit(again.id, again.words + "\n• Missiles are on their way to you.", "dora", LATER)
    sign(press, edited, "ben", LATER, waive=True)
    with pytest.raises(Refused, match="1 more person"):
        press.publish(edited.id, LATER)
    plain = press.propose(AREA, "dora", "2019-03-25T01:01:00Z")
    assert out(press, plain, "ben", now="2019-03-25T01:01:00Z").replaces == (first.id,)


def test_people_who_decide_otherwise_say_why_and_both_levels_are_kept(press: Press) -> None:
    level = other_level(press)
    for reason in (None, "", "short"):
        with pytest.raises(Refused, match="give a reason"):
            press.propose(AREA, "dora", NOW, level, reason)
    published = out(press, press.propose(AREA, "dora", NOW, level, REASON), "ana", "ben", *(["cem"] * (level < 4)))
    assert (published.level, published.machine_level) == (level, level + 1)
    assert REASON in published.text
    (issued,) = press.issued()
    assert json.loads(issued.entry)["body"]["overruled"] == REASON


def test_a_service_of_one_person_says_so_in_every_bulletin(tmp_path: Path) -> None:
    press = press_in(tmp_path, quorum=1)
    published = out(press, press.propose(AREA, "ana", NOW), "ana")
    graver = out(press, press.propose(AREA, "ana", LATER, 2, REASON), "ana", now=LATER)
    alone = rules().bulletins.say("quorum_one")  # type: ignore[union-attr]
    assert alone in published.text
    assert alone in graver.text
    assert json.loads(press.issued()[0].entry)["body"]["quorum"] == 1


# ------------------------------------------------------------------ correction


def test_a_correction_is_ready_before_the_bulletin_goes_out_and_needs_one_signature(press: Press) -> None:
    first = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    wrong = out(press, press.propose(AREA, "dora", LATER, 2, REASON), "ana", "ben", "cem", now=LATER)
    assert json.loads(press.issued()[-1].prepared)["level"] == first.level
    soon = "2019-03-25T01:00:40Z"
    draft = press.correct(wrong.id, "ben", soon, reason="somebody read a film review")
    assert press.missing(draft.id)[0].rule == "sign/quorum"
    sign(press, draft, "ben", soon)
    right = press.publish(draft.id, soon)
    assert (right.kind, right.level, right.previous) == ("correction", first.level, 2)
    assert right.replaces[-1] == wrong.id
    assert "CORRECTION" in right.title
    assert "somebody read a film review" in right.text
    assert press.in_force(soon)[AREA] == right


def test_a_correction_that_can_not_be_prepared_keeps_the_bulletin_back(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = press.propose(AREA, "dora", NOW)
    for person in ("ana", "ben"):
        sign(press, draft, person)

    def fails(*_: Any) -> Any:
        raise Refused("no words for it")

    monkeypatch.setattr("tocsin.press.office.prepared", fails)
    with pytest.raises(Refused, match="no words"):
        press.publish(draft.id, COOL)
    assert press.published() == ()


def test_a_correction_that_raises_the_alarm_is_a_change_like_any_other(press: Press) -> None:
    first = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    draft = press.correct(first.id, "ben", LATER, 2, "it was worse")
    sign(press, draft, "ben", LATER, waive=True)
    with pytest.raises(Refused, match="2 more people"):
        press.publish(draft.id, LATER)


def test_what_was_the_first_is_withdrawn_to_unknown(press: Press) -> None:
    wrong = out(press, press.propose(AREA, "dora", NOW, 3, REASON), "ana", "ben", "cem")
    published = out(press, press.correct(wrong.id, "ana", LATER), "ana", now=LATER)
    assert (published.kind, published.level) == ("cancel", None)
    assert press.in_force(LATER) == {}
    with pytest.raises(Refused, match="was replaced by"):
        press.correct(wrong.id, "ana", LATER)


# ------------------------------------------------------------------ time


def test_there_are_minutes_to_undo_it_unless_every_signer_waives_them(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    sign(press, draft, "ana", waive=True)
    sign(press, draft, "ben")
    assert rules_named(press.missing(draft.id, SIGNED)) == {"cooling/running"}
    with pytest.raises(Refused, match="can be undone until"):
        press.publish(draft.id, "2019-03-25T00:16:59Z")
    press.undo(draft.id, "ana", "2019-03-25T00:16:59Z")
    with pytest.raises(Refused, match="undone"):
        press.publish(draft.id, COOL)
    both = press.propose(AREA, "dora", COOL)
    assert out(press, both, "ana", "ben", now=COOL).issued == COOL


def test_a_text_that_waited_too_long_is_drawn_up_anew(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    for person in ("ana", "ben"):
        sign(press, draft, person)
    with pytest.raises(Refused, match="propose it again"):
        press.publish(draft.id, "2019-03-25T05:00:00Z")


def test_old_news_can_not_be_signed_as_new(press: Press) -> None:
    with pytest.raises(Refused, match="ran out on"):
        press.propose(AREA, "dora", "2019-05-01T00:00:00Z")


def test_what_changed_under_a_draft_stops_it(press: Press) -> None:
    first, second = press.propose(AREA, "dora", NOW), press.propose(AREA, "ana", NOW)
    for draft in (first, second):
        for person in ("ana", "ben"):
            sign(press, draft, person)
    press.publish(first.id, COOL)
    assert "standing/changed" in rules_named(press.missing(second.id, COOL))
    with pytest.raises(Refused, match="published since"):
        press.publish(second.id, COOL)


def test_what_ran_out_stands_no_more(press: Press) -> None:
    published = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    assert published.expires is not None
    assert press.in_force(published.expires) == {AREA: published}
    assert press.in_force(minutes_later(published.expires, 1)) == {}


# ------------------------------------------------------------------ no machine publishes


def test_hindsight_can_not_be_signed(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    home = press.home
    hindsight = replay.as_of(home, "2019-03-25", hindsight=rules())
    other = dataclasses.replace(hindsight, recipe=dataclasses.replace(hindsight.recipe, rules="sha256:" + "0" * 64))
    monkeypatch.setattr(type(home.ledger), "latest_assessment", lambda self: other)
    with pytest.raises(Refused, match="by the rules and code in force"):
        press.propose(AREA, "dora", NOW)
    monkeypatch.undo()
    judgement = next(one for one in hindsight.judgements if one.area == AREA)
    rewritten = dataclasses.replace(judgement, confidence_text="Seen from today.")
    draft = press.propose(AREA, "dora", NOW)
    forged = dataclasses.replace(draft, judgement=judgement_digest(rewritten))
    with home.state.writing() as connection:
        press._docket.put(connection, dataclasses.replace(press._docket.draft(draft.id), draft=forged), NOW)
    assert "judgement/other" in rules_named(press.missing(draft.id))


def test_only_people_at_the_desk_or_the_command_line_publish() -> None:
    """No timer, import or collector: what can publish is named here, and asks for the signatures."""
    code = {path: path.read_text("utf-8") for path in (ROOT / "src" / "tocsin").rglob("*.py")}
    calls = {path.relative_to(ROOT / "src" / "tocsin").as_posix() for path, text in code.items() if ".publish(" in text}
    assert calls <= {
        *("cli/press.py", "cli/demo.py", "desk/bulletins.py"),
        *("press/__init__.py", "press/office.py", "press/backup.py"),
    }
    live = (ROOT / "src" / "tocsin" / "live.py").read_text("utf-8")
    assert "press" not in re.findall(r"from tocsin\.(\w+)", live)


# ------------------------------------------------------------------ what was published is never changed


def test_a_published_bulletin_is_never_changed(press: Press, tmp_path: Path) -> None:
    published = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    (before,) = press.issued()
    write_site(press, LATER, tmp_path / "site")
    kept = {path: path.read_bytes() for path in (tmp_path / "site" / "bulletin").glob(f"{published.id}.*")}
    draft = press.drafts()[0]
    with pytest.raises(Refused, match="published before"):
        press.edit(draft.id, "Other words.", "dora", LATER)
    with pytest.raises(Refused, match="published before"):
        press.undo(draft.id, "ana", LATER)
    with pytest.raises(Refused, match="published before"):
        sign(press, draft, "cem", LATER)
    out(press, press.propose(AREA, "dora", LATER, 3, REASON), "ana", "ben", "cem", now=LATER)
    write_site(press, "2019-03-25T02:00:00Z", tmp_path / "site")
    assert press.issued()[0] == before
    for path, data in kept.items():
        assert path.suffix == ".html" or path.read_bytes() == data, path.name
    page = (tmp_path / "site" / "bulletin" / f"{published.id}.html").read_text("utf-8")
    assert "Replaced." in page, "its page says what replaced it"


def test_the_site_shows_only_what_was_signed(press: Press, tmp_path: Path) -> None:
    press.propose(AREA, "dora", NOW)
    write_site(press, NOW, tmp_path / "site")
    assert (tmp_path / "site" / "level.txt").read_bytes() == b"?"
    assert "feed.atom" in {path.name for path in (tmp_path / "site").iterdir()}
    published = out(press, press.propose(AREA, "dora", COOL), "ana", "ben")
    write_site(press, COOL, tmp_path / "site")
    assert (tmp_path / "site" / "area" / f"{AREA}.txt").read_bytes() == str(published.level).encode()
    assert (tmp_path / "site" / "area" / "korea.txt").read_bytes() == b"?"
    write_site(press, "2019-05-01T00:00:00Z", tmp_path / "site")
    assert (tmp_path / "site" / "level.txt").read_bytes() == b"?", "what ran out is not a level"
    status = json.loads((tmp_path / "site" / "status.json").read_bytes())
    area = next(one for one in status["areas"] if one["id"] == AREA)
    assert (area["status"], area["level"]) == ("stale", published.level)


def test_every_sentence_of_a_bulletin_leads_to_its_evidence(press: Press, tmp_path: Path) -> None:
    published = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    write_site(press, COOL, tmp_path / "site")
    (issue,) = press.edition(COOL).issues[AREA]
    named = {key for sentence in issue.sentences for key in sentence.findings}
    assert named
    assert named <= {finding.key for finding in issue.evidence.findings}
    page = (tmp_path / "site" / "bulletin" / f"{published.id}.html").read_text("utf-8")
    linked = re.findall(rf'href="({re.escape(published.id)}/f[0-9a-f]+\.html)"', page)
    assert linked
    for link in linked:
        assert "<blockquote>" in (tmp_path / "site" / "bulletin" / link).read_text("utf-8")
    assert all(document.text == "" for document in issue.evidence.documents), "nobody else's page is published"


# ------------------------------------------------------------------ the public log


def test_a_bulletin_stands_in_the_log_with_a_proof(press: Press, tmp_path: Path) -> None:
    published = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    write_site(press, COOL, tmp_path / "site")
    folder = tmp_path / "site" / "bulletin"
    entry, proof = (folder / f"{published.id}.json").read_bytes(), (folder / f"{published.id}.tlog-proof").read_bytes()
    index, size = log_proof(proof, entry, press.log.verifier)
    assert (index, size) == (press.issued()[0].number, press.log.size)
    assert canonical(json.loads(entry)) == entry
    assert len(entry) <= 0xFFFF
    assert entry_faults(entry) == ()
    for one in json.loads(entry)["body"]["attachments"]:
        assert digest((folder / f"{published.id}.{one['name']}").read_bytes()) == one["digest"]
    served = PublicLog(tmp_path / "site", press.home.log_origin)
    assert (served.folder / "checkpoint").read_bytes() == press.log.read().checkpoint  # type: ignore[union-attr]


def test_a_stranger_finds_what_is_wrong_with_an_entry(press: Press) -> None:
    out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    entry = json.loads(press.issued()[0].entry)
    less = entry | {"signatures": entry["signatures"][:1]}
    twice = entry | {"signatures": entry["signatures"][:1] * 2}
    changed = entry | {"body": entry["body"] | {"level": 1}}
    for wrong in (less, twice, changed):
        assert entry_faults(canonical(wrong)) != ()


def test_a_crash_between_the_state_and_the_log_is_finished_by_the_next(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = press.propose(AREA, "dora", NOW)
    for person in ("ana", "ben"):
        sign(press, draft, person)

    def dies(self: PublicLog, wanted: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(PublicLog, "bring_up", dies)
    with pytest.raises(KeyboardInterrupt):
        press.publish(draft.id, COOL)
    (published,) = press.published()
    assert not press.in_log(published.id)
    assert press.edition(COOL).issues == {}, "the site shows only what stands in the log"
    monkeypatch.undo()
    assert press.publish(draft.id, LATER) == published
    assert press.in_log(published.id)
    assert press.settle() == press.settle() == press.log.size
    entries = list(press.log.read().entries())  # type: ignore[union-attr]
    assert len({leaf_hash(entry) for entry in entries}) == len(entries), "nothing stands in it twice"
    assert [kind_of_entry(entry) for entry in entries].count("tocsin/published/1") == 1


def test_a_log_is_never_forked(press: Press) -> None:
    out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    press.home.state.change("UPDATE logged SET entry = replace(entry, 'ana', 'eva')")
    with pytest.raises(PublicLogError, match="not what the state has"):
        press.settle()
    (press.home.root / "keys" / "log.key").unlink()
    with pytest.raises(PublicLogError, match="restore it"):
        press.settle()


# ------------------------------------------------------------------ keys that are lost, stolen, replaced


def test_a_revoked_key_counts_no_longer_and_what_it_signed_is_named(press: Press) -> None:
    published = out(press, press.propose(AREA, "dora", NOW), "ana", "ben")
    draft = press.propose(AREA, "dora", LATER, other_level(press), REASON)
    sign(press, draft, "ana", LATER)
    sign(press, draft, "ben", LATER)
    (key,) = press.home.state.credentials("ben")
    assert press.people.revoke(key.id, "stolen with a bag", LATER) == (published,)
    assert "sign/quorum" in {reason.rule.replace("third", "quorum") for reason in press.missing(draft.id)}
    with pytest.raises(Refused, match="must sign"):
        press.publish(draft.id, "2019-03-25T01:10:00Z")
    with pytest.raises(Refused, match="revoked"):
        sign(press, draft, "ben", LATER)
    keys = press.home.root.parent / "keys"
    press.people.make_key("ben", keys / "new.key", LATER)
    (keys / "new.key").rename(keys / "ben.key")
    sign(press, draft, "ben", LATER)
    press.settle()
    acts = [json.loads(e) for e in press.log.read().entries() if kind_of_entry(e) == "tocsin/signer/1"]  # type: ignore[union-attr]
    assert [(one["act"], one["why"]) for one in acts if one["signer"] == "ben"][-2:] == [
        ("revoked", "stolen with a bag"),
        ("added", "key"),
    ]


def test_somebody_who_lost_the_role_or_left_signs_no_more(press: Press) -> None:
    draft = press.propose(AREA, "dora", NOW)
    for person in ("ana", "ben"):
        sign(press, draft, person)
    press.people.set_role("ben", "reader")
    with pytest.raises(Refused, match="1 more person"):
        press.publish(draft.id, COOL)
    press.home.state.erase_person("ana")
    assert "2 more people" in press.missing(draft.id)[0].text


def test_a_key_of_an_exercise_opens_nothing_in_a_real_home(press: Press, tmp_path: Path) -> None:
    path = press.home.root.parent / "keys" / "ana.key"
    real = dataclasses.replace(press.home, status="actual")
    with pytest.raises(Refused, match="the key is that of"):
        Press(real).people.read_key("ana", path)
    assert real.log_origin != press.home.log_origin
    with pytest.raises(Refused, match="exists"):
        press.people.make_key("ana", path, NOW)
