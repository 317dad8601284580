"""The desk in a real Chromium with virtual authenticators: passkeys, two people, the keyboard alone."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from chrome import Chromium, Page, chromium, needs_chromium
from desks import Office, office_at

pytestmark = needs_chromium
AREA = "venezuela"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as started:
        yield started


@pytest.fixture
def served(exercise_template: Path, tmp_path: Path) -> Iterator[Office]:
    """A desk that a browser reaches at its origin."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = office_at(exercise_template, tmp_path / "served", origin=f"http://localhost:{port}")
    with serving(office, port):
        yield office


@contextlib.contextmanager
def serving(office: Office, port: int) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(office.app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield
    server.should_exit = True
    thread.join(10)


def enrolled(browser: Chromium, office: Office, name: str, role: str = "approver") -> Page:
    """Somebody with a passkey on a device of their own, logged in."""
    page, origin = browser.person(), office.desk.party.origin
    page.authenticator()
    _, code = office.invited(name, role)  # type: ignore[arg-type]
    page.go(f"{origin}/desk/enrol")
    page.fill("#code", code)
    page.fill("#label", f"{name}'s phone")
    page.click("main button")
    page.at("/desk/login")
    log_in(page)
    return page


def log_in(page: Page) -> None:
    page.click("main button")
    page.at("/desk")


def sign(page: Page, address: str, level: str, waive: bool = True) -> None:
    page.go(address)
    page.fill("#area", AREA)
    page.fill("#level", level)
    if waive:
        page.click("[name=waive]")
    page.click("#sign button")


def draw_up(page: Page, office: Office) -> str:
    """A draft for level 4; its address."""
    page.go(f"{office.desk.party.origin}/desk/area/{AREA}")
    page.do("document.querySelector('details').open = true")
    page.do("document.querySelector('details select').value = '4'")
    if not page.do("document.querySelector('details select').value"):  # the machine says 4 itself
        page.click("#signed ~ form button")
    else:
        page.fill("details textarea", "A level for this test, whatever the machine says.")
        page.click("details button")
    page.wait("location.pathname.startsWith('/desk/draft/')")
    page.wait("document.readyState === 'complete'")
    return str(page.do("location.origin + location.pathname"))


def test_two_people_with_two_passkeys_publish_and_one_can_not(browser: Chromium, served: Office) -> None:
    heron, tern = enrolled(browser, served, "Heron"), enrolled(browser, served, "Tern")
    draft = draw_up(heron, served)
    sign(heron, draft, "4")
    heron.wait("document.querySelector('#state').innerText.includes('1 of 2')")
    assert "You have signed this text" in heron.text()
    assert heron.do("document.querySelector('#state .primary').disabled")
    assert twice(heron, served, draft) == 409

    sign(tern, draft, "3")
    tern.wait("document.querySelector('.result').innerText.includes('expected the area and the level')")
    sign(tern, draft, "4")
    tern.wait("document.querySelector('#state').innerText.includes('Nothing is missing')")
    tern.click("#state .primary")
    tern.wait("location.pathname.startsWith('/desk/bulletin/')")
    tern.wait("document.body.innerText.includes('in force')")
    published = served.desk.press.published()
    assert [(one.area, one.level) for one in published] == [(AREA, 4)]
    assert {one.signer for one in published[0].signatures} == {"heron", "tern"}
    assert heron.problems() == tern.problems() == []


def twice(page: Page, office: Office, draft: str) -> int:
    """The same person asks once more and signs, past the page that offers no form; the answer's status."""
    found = office.desk.press.draft(draft.rsplit("/", 1)[1])
    said = json.dumps({"area": found.area, "level": str(found.level), "digest": found.digest, "waive": "yes"})
    script = f"""(async () => {{
        const said = {said}, token = document.querySelector('[name=form_token]').value;
        const options = await send('{draft}/challenge', said, token);
        const credential = await passkey('get', options);
        const headers = {{'Content-Type': 'application/json', 'X-Desk-Token': token}};
        const body = JSON.stringify({{...said, credential}});
        return (await fetch('{draft}/signature', {{method: 'POST', headers, body}})).status;
    }})()"""
    page.wait("typeof send === 'function'")
    return int(page.do(script))


def test_a_replayed_or_altered_challenge_signs_nothing(browser: Chromium, served: Office) -> None:
    heron = enrolled(browser, served, "Heron")
    draft = draw_up(heron, served)
    found = served.desk.press.draft(draft.rsplit("/", 1)[1])
    said = json.dumps({"area": found.area, "level": "4", "digest": found.digest, "waive": ""})
    statuses = heron.do(f"""(async () => {{
        const said = {said}, token = document.querySelector('[name=form_token]').value;
        const post = async (credential) => (await fetch('{draft}/signature', {{
            method: 'POST', headers: {{'Content-Type': 'application/json', 'X-Desk-Token': token}},
            body: JSON.stringify({{...said, credential}})}})).status;
        const options = await send('{draft}/challenge', said, token);
        const flipped = options.challenge.slice(0, -2) + (options.challenge.endsWith('A') ? 'BA' : 'AA');
        const altered = await post(await passkey('get', {{...options, challenge: flipped}}));
        const credential = await passkey('get', options);
        return [altered, await post(credential), await post(credential), await post(await passkey('get', options))];
    }})()""")
    assert statuses == [409, 200, 403, 409], "altered; good; replayed as it was; answered a second time"
    assert len(served.desk.press.draft(found.id).signatures) == 1


def test_another_device_is_nobody_and_leaving_ends_the_session(browser: Chromium, served: Office) -> None:
    heron = enrolled(browser, served, "Heron", "reader")
    heron.click(".who button")
    heron.at("/desk/login")
    heron.go(f"{served.desk.party.origin}/desk/login")
    log_in(heron)
    stranger = browser.person()
    stranger.authenticator()
    stranger.go(f"{served.desk.party.origin}/desk/login")
    stranger.click("main button")
    stranger.wait("document.querySelector('.result').innerText.length > 40")
    assert stranger.do("location.pathname") == "/desk/login"
    assert not [c for c in stranger.call("Network.getCookies")["cookies"] if c["name"].startswith("__Host")]
    cookies = [c for c in heron.call("Network.getCookies")["cookies"] if c["name"] == "__Host-desk"]
    assert [(c["httpOnly"], c["secure"], c["sameSite"], c["path"]) for c in cookies] == [(True, True, "Strict", "/")]


def test_a_statement_is_answered_in_place_and_the_page_needs_no_script_for_it(
    browser: Chromium, served: Office
) -> None:
    heron = enrolled(browser, served, "Heron", "analyst")
    edition = served.desk.reading.edition()
    assert edition is not None
    key = next(one.key for one in edition.findings.values() if one.asserted)
    address = f"{served.desk.party.origin}/desk/finding/{key}"
    heron.go(address)
    heron.do("document.querySelector('.answer select').value = 'old news'")
    heron.click(".answer button")
    heron.wait("document.querySelector('.answer .verdict')?.innerText.includes('old news')")
    heron.call("Emulation.setScriptExecutionDisabled", value=True)
    heron.go(address)
    assert "old news" in heron.do("document.querySelector('.answer .verdict').innerText")
    heron.do("document.querySelector('.answer select').value = 'holds'")
    heron.do("document.querySelector('.answer button').click()")
    heron.wait("document.querySelector('.answer .verdict').innerText.includes('Put back')")
    assert heron.problems() == []


def focused(page: Page) -> str:
    """What the keyboard stands on, as a screen reader names it."""
    return str(
        page.do(
            "(e => (e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText || e.name || e.tagName))"
            "(document.activeElement)"
        )
    )


def tab_to(page: Page, words: str) -> None:
    for _ in range(300):
        page.press("Tab")
        if words in focused(page):
            return
    raise AssertionError(f"the keyboard never came to {words!r}")


def test_the_keyboard_alone_is_enough(browser: Chromium, served: Office) -> None:
    """From the log in to a signature, with Tab, Enter, Space and letters."""
    page, origin = browser.person(), served.desk.party.origin
    page.authenticator()
    _, code = served.invited("Heron", "approver")
    page.go(f"{origin}/desk/enrol")
    assert "One-time code" in focused(page), "the first field has the focus"
    page.type(code)
    page.press("Tab")
    page.type("a phone")
    page.press("Enter")
    page.at("/desk/login")
    page.press("Enter")
    page.at("/desk")
    page.press("Tab")
    assert "Skip to the content" in focused(page)
    page.press("Enter")
    tab_to(page, "Venezuela")
    page.press("Enter")
    page.at(f"/desk/area/{AREA}")
    tab_to(page, "Decide otherwise")
    page.press("Enter")
    tab_to(page, "Level")
    while page.do("document.activeElement.value") != "3":
        page.press("ArrowDown")
    page.press("Tab")
    page.type("Said by the test, with the keyboard alone.")
    page.press("Tab")
    page.press("Enter")
    page.wait("location.pathname.startsWith('/desk/draft/') && document.readyState === 'complete'")
    tab_to(page, "The area's id")
    page.type(AREA)
    page.press("Tab")
    page.type("3")
    page.press("Tab")
    page.press(" ")
    page.press("Tab")
    page.press("Enter")
    page.wait("document.querySelector('#state').innerText.includes('1 of ')")
    assert "waives the cooling-off" in page.text()


def test_every_control_has_a_name_and_nothing_is_wider_than_a_phone(browser: Chromium, served: Office) -> None:
    heron = enrolled(browser, served, "Heron", "admin")
    draft = draw_up(heron, served)
    edition = served.desk.reading.edition()
    assert edition is not None
    finding = next(iter(edition.findings))
    statement = served.home.ledger.statement(edition.findings[finding].asserted[0])
    assert statement is not None
    paths = ["", f"/area/{AREA}", f"/finding/{finding}", f"/document/{statement.document}", "/disputed", "/notes"]
    paths += ["/bulletins", "/account", "/people", "/audit", "/" + draft.split("/desk/")[1]]
    for width in (1280, 390):
        heron.size(width, 844)
        for path in paths:
            heron.go(f"{served.desk.party.origin}/desk{path}")
            unnamed = heron.do(
                "[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea')]"
                ".filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim()))"
                ".map(e => e.outerHTML)"
            )
            assert unnamed == [], path
            assert heron.do("document.querySelectorAll('h1').length") == 1, path
            wide = heron.do("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} pixels wider than {width}"
    assert heron.problems() == []
