"""From the machine's proposal to a published bulletin, at the desk: two people, the exact text, nobody twice."""

from __future__ import annotations

from typing import Any

from httpx import Response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from desks import Browser, Office

AREA = "venezuela"


def drawn_up(browser: Browser, area: str = AREA, **fields: str) -> str:
    """The address of a new draft."""
    browser.get(f"/desk/area/{area}")
    fields = fields or {"level": "4", "reason": "So that the test does not hang on the machine's level."}
    response = browser.post(f"/desk/area/{area}/draft", **fields)
    assert response.status_code == 303, response.text
    return response.headers["location"]


def typed(office: Office, address: str, **changed: str) -> dict[str, str]:
    """What a signer types who read the draft."""
    draft = office.desk.press.draft(address.rsplit("/", 1)[1].split("#")[0])
    level = "unknown" if draft.level is None else str(draft.level)
    return {"area": draft.area, "level": level, "digest": draft.digest, "waive": ""} | changed


def sign(office: Office, browser: Browser, address: str, **changed: str) -> Response:
    said = typed(office, address, **changed)
    browser.get(address)
    asked = browser.send(f"{address}/challenge", said)
    if asked.status_code != 200:
        return asked
    return browser.send(f"{address}/signature", {**said, "credential": browser.key.get(asked.json())})


def published(office: Office) -> list[str]:
    return [one.area for one in office.desk.press.published()]


def two_people(office: Office) -> tuple[Browser, Browser]:
    return office.person("Heron", "approver"), office.person("Tern", "approver")


def test_two_people_sign_and_the_public_is_told(office: Office) -> None:
    heron, tern = two_people(office)
    draft = drawn_up(heron)
    assert "0 of 2" in heron.get(draft).text
    assert sign(office, heron, draft).status_code == 200
    assert "1 more person must sign" in heron.get(draft).text
    assert heron.post(f"{draft}/publish").status_code == 409
    assert sign(office, tern, draft).status_code == 200
    assert heron.post(f"{draft}/publish").status_code == 409, "it cools off"
    office.clock.forward(5 * 60 + 1)
    assert published(office) == []
    out = tern.post(f"{draft}/publish")
    assert out.status_code == 303
    assert published(office) == [AREA]
    page = tern.get(out.headers["location"]).text
    assert "heron" in page
    assert "tern" in page
    assert "in force" in page
    signatures = office.desk.press.published()[0].signatures
    assert [(s.signer, s.kind) for s in signatures] == [("heron", "passkey"), ("tern", "passkey")]
    acts = [act.act for act in office.desk.audit.latest(10)]
    assert acts[:2] == ["published", "publish"]


def test_nobody_signs_twice_nor_with_the_passkey_of_another(office: Office) -> None:
    heron, tern = two_people(office)
    draft = drawn_up(heron)
    assert sign(office, heron, draft).status_code == 200
    again = sign(office, heron, draft)
    assert again.status_code == 409
    assert "signed this already" in again.text
    second = Browser(office)  # a second key of the same person is the same person
    second.enrol(office.desk.codes.invite("heron", office.clock.now()))
    second.log_in()
    assert sign(office, second, draft).status_code == 409
    heron.key, key = tern.key, heron.key
    assert sign(office, heron, draft).status_code == 403
    heron.key = key
    assert "1 of 2" in heron.get(draft).text


def test_a_replayed_altered_or_borrowed_challenge_signs_nothing(office: Office) -> None:
    heron, tern = two_people(office)
    draft, other = drawn_up(heron), drawn_up(heron, "korea", level="5", reason="Nothing is told of it today.")
    said = typed(office, draft)
    asked = tern.send(f"{draft}/challenge", said).json()
    shown = tern.key.get(asked)
    body: dict[str, Any] = {**said, "credential": shown}
    assert tern.send(f"{other}/signature", {**typed(office, other), "credential": shown}).status_code == 409
    assert tern.send(f"{draft}/signature", body).status_code == 403, "the key's counter did not rise"
    fresh = tern.key.get(asked)
    assert tern.send(f"{draft}/signature", {**said, "credential": fresh}).status_code == 200
    office.desk.press.undo(draft.rsplit("/", 1)[1], "heron", office.clock.now())
    third = drawn_up(heron, "korea", level="5", reason="Nothing is told of it at all.")
    replayed = {**typed(office, third), "credential": tern.key.get(asked)}
    assert tern.send(f"{third}/signature", replayed).status_code == 409, "replayed on another draft"
    challenge = bytearray(base64url_to_bytes(asked["challenge"]))
    challenge[-1] ^= 1
    altered = {**asked, "challenge": bytes_to_base64url(bytes(challenge))}
    assert tern.send(f"{third}/signature", replayed | {"credential": tern.key.get(altered)}).status_code == 409
    login = tern.send("/desk/login/challenge", {}).json()
    assert tern.send(f"{third}/signature", replayed | {"credential": tern.key.get(login)}).status_code == 409
    assert office.desk.press.draft(third.rsplit("/", 1)[1]).signatures == ()


def test_whoever_signs_types_the_area_and_the_level(office: Office) -> None:
    heron, _ = two_people(office)
    draft = drawn_up(heron)
    assert sign(office, heron, draft, level="3").status_code == 409
    assert sign(office, heron, draft, area="korea").status_code == 409
    assert "0 of 2" in heron.get(draft).text


def test_a_changed_text_voids_what_was_signed_and_what_is_on_the_screen(office: Office) -> None:
    heron, tern = two_people(office)
    draft = drawn_up(heron)
    screen = typed(office, draft)
    assert sign(office, heron, draft).status_code == 200
    words = office.desk.press.draft(draft.rsplit("/", 1)[1]).words
    assert heron.post(f"{draft}/words", words=words + "\n\nOne more thing.").status_code == 303
    page = heron.get(draft).text
    assert "void, the text was changed since" in page
    assert "One more thing." in page
    stale = tern.send(f"{draft}/challenge", screen)
    assert stale.status_code == 409
    assert "changed since you opened it" in stale.text


def test_a_draft_can_be_undone_until_it_went_out(office: Office) -> None:
    heron, tern = two_people(office)
    draft = drawn_up(heron)
    sign(office, heron, draft)
    sign(office, tern, draft)
    assert tern.post(f"{draft}/undo").status_code == 303
    office.clock.forward(600)
    assert heron.post(f"{draft}/publish").status_code == 409
    assert published(office) == []
    assert "Taken back" in heron.get(draft).text


def test_a_correction_is_one_press_and_one_signature(office: Office) -> None:
    heron, tern = two_people(office)
    draft = drawn_up(heron)
    for person in (heron, tern):
        sign(office, person, draft, waive="yes")
    out = heron.post(f"{draft}/publish").headers["location"]
    office.clock.forward(60)
    heron.get(out)
    correction = heron.post(f"{out}/correction", reason="It was a drill of another network.")
    assert correction.status_code == 303
    address = correction.headers["location"].split("#")[0]
    assert "CORRECTION" in heron.get(address).text
    assert sign(office, heron, address).status_code == 200
    assert heron.post(f"{address}/publish").status_code == 303
    assert [one.kind for one in office.desk.press.published()] == ["alert", "cancel"], "nothing stood before"
    assert heron.get(out).text.count("A later bulletin tells of this area") == 1


def test_overruling_the_machine_takes_a_reason(office: Office) -> None:
    heron, _ = two_people(office)
    heron.get(f"/desk/area/{AREA}")
    assert heron.post(f"/desk/area/{AREA}/draft", level="2").status_code == 409
    assert heron.post(f"/desk/area/{AREA}/draft", level="7").status_code == 422
    draft = drawn_up(heron, level="2", reason="We know more than we can print here.")
    page = heron.get(draft).text
    assert "People decide otherwise than the machine" in page
    assert "0 of 3" in page


def test_every_page_of_bulletins_opens(office: Office) -> None:
    heron, tern = two_people(office)
    assert heron.get("/desk/bulletins").status_code == 200
    draft = drawn_up(heron)
    for path in ("/desk", "/desk/bulletins", draft, f"{draft}/state", f"/desk/area/{AREA}"):
        assert heron.get(path).status_code == 200
        assert "Venezuela" in heron.get(path).text or "state" in path
    for person in (heron, tern):
        sign(office, person, draft, waive="yes")
    out = heron.post(f"{draft}/publish").headers["location"]
    for path in (out, "/desk/bulletins", draft, f"/desk/area/{AREA}", "/desk"):
        assert heron.get(path).status_code == 200
    assert heron.get("/desk/bulletin/none").status_code == 404
    assert heron.get("/desk/draft/none").status_code == 409
