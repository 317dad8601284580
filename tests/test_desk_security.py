"""What must not be possible at the desk. Requests go through the whole application, as a browser sends them."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from desks import ORIGIN, START, Authenticator, Browser, Office
from tocsin import live
from tocsin.desk.app import MOST_BYTES
from tocsin.desk.limits import PER_MINUTE
from tocsin.desk.roles import RANKS, TABLE, Need
from tocsin.desk.sessions import COOKIE, FRESH_SECONDS, IDLE_SECONDS, LONGEST_SECONDS
from tocsin.home import Home
from tocsin.records import Answer, Capture, digest
from world import ROOT, rule_files

CLOSED = [(method, path, need) for (method, path), need in TABLE.items() if need.role is not None]
names = itertools.count()


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "nothing", path)


def asked(browser: Browser, method: str, path: str) -> Response:
    if path in ("/desk/confirm", "/desk/confirm/challenge"):
        return browser.send(path, {"credential": {}})
    form = {"form_token": browser.token} if method == "POST" else None
    answer: Response = browser.client.request(method, filled(path), data=form, headers=browser.headers)
    return answer


# ------------------------------------------------------------------ roles


def test_every_route_is_closed_to_whoever_is_not_logged_in(office: Office) -> None:
    stranger = Browser(office)
    assert {asked(stranger, method, path).status_code for method, path, _ in CLOSED if method == "GET"} == {303}
    assert {asked(stranger, method, path).status_code for method, path, _ in CLOSED if method != "GET"} == {401}


def test_every_route_is_closed_to_a_lower_role_and_open_to_its_own(office: Office) -> None:
    people = {role: office.person(f"person {role}", role) for role in RANKS}
    for method, path, need in CLOSED:
        assert need.role is not None
        for role in RANKS:
            office.clock.forward(61)  # a new window of the rate limit
            browser = people[role] = office_again(office, people[role])
            allowed = RANKS.index(role) >= RANKS.index(need.role)
            answer = asked(browser, method, path)
            refused = answer.status_code == 403 and "This takes the role of" in answer.text
            assert refused is not allowed, (method, path, role)


def office_again(office: Office, browser: Browser) -> Browser:
    """The same person, logged in anew: some routes log out."""
    assert browser.log_in().status_code == 200
    return browser


def test_what_changes_keys_or_people_asks_for_the_passkey_again(office: Office) -> None:
    admin = office.person("Heron", "admin")
    office.clock.forward(FRESH_SECONDS + 1)
    for method, path, need in CLOSED:
        if need.fresh:
            assert "Show your passkey again" in asked(admin, method, path).text, path
    before = admin.client.cookies[COOKIE]
    assert admin.confirm().status_code == 200
    assert admin.client.cookies[COOKIE] != before, "showing the passkey again begins a new token"
    assert office.desk.sessions.visit(before, office.clock.now()) is None
    assert admin.post("/desk/people", pseudonym="Tern", role="reader").status_code == 200


def test_a_passkey_of_somebody_else_confirms_nothing(office: Office) -> None:
    admin, other = office.person("Heron", "admin"), office.person("Tern", "admin")
    office.clock.forward(FRESH_SECONDS + 1)
    options = admin.send("/desk/confirm/challenge", {}).json()
    assert admin.send("/desk/confirm", {"credential": other.key.get(options)}).status_code == 403
    assert admin.post("/desk/people", pseudonym="Gull", role="reader").status_code == 403


def test_a_table_with_a_route_missing_does_not_start() -> None:
    from tocsin.desk.app import ROUTERS
    from tocsin.desk.roles import check_table

    routes = [route for router in ROUTERS for route in router.routes]
    check_table(routes)
    with pytest.raises(ValueError, match="differ"):
        check_table(routes[1:])


def test_the_last_admin_stays(office: Office) -> None:
    admin = office.person("Heron", "admin")
    person = office.home.state.people()[0].id
    assert admin.post(f"/desk/people/{person}/role", role="reader").status_code == 409
    assert admin.post(f"/desk/people/{person}/erase").status_code == 409


# ------------------------------------------------------------------ sessions


def test_the_cookie_is_the_browsers_alone(office: Office) -> None:
    browser = Browser(office)
    browser.enrol(office.invited("Heron", "reader")[1])
    cookie = browser.log_in().headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    token = browser.client.cookies[COOKIE]
    assert (office.home.root / "state.db").stat().st_mode & 0o077 == 0, "people are its owner's business"
    kept = (office.home.root / "state.db").read_bytes()
    assert token.encode() not in kept, "only the digest is kept"


def test_a_session_ends_when_idle_and_after_a_day_of_work(office: Office) -> None:
    browser = office.person("Heron", "reader")
    office.clock.forward(IDLE_SECONDS - 1)
    assert browser.get("/desk/account").status_code == 200
    office.clock.forward(IDLE_SECONDS + 1)
    assert browser.get("/desk/account").status_code == 303
    browser.log_in()
    for _ in range(LONGEST_SECONDS // 1000):
        office.clock.forward(1000)
        browser.get("/desk/account")
    assert browser.get("/desk/account").status_code == 200
    office.clock.forward(1000)
    assert browser.get("/desk/account").status_code == 303


def test_leaving_ends_the_session_on_the_server(office: Office) -> None:
    browser = office.person("Heron", "reader")
    token = browser.client.cookies[COOKIE]
    browser.post("/desk/logout")
    browser.client.cookies.set(COOKIE, token, domain="desk.example")
    assert browser.get("/desk").status_code == 303


def test_all_sessions_can_be_ended_at_once(office: Office) -> None:
    first = office.person("Heron", "reader")
    second = Browser(office)
    second.key = first.key
    second.log_in()
    assert second.post("/desk/account/sessions/revoke").status_code == 303
    assert first.get("/desk").status_code == second.get("/desk").status_code == 303


def test_a_new_role_and_a_revoked_key_end_sessions_and_log_in_no_more(office: Office) -> None:
    admin, other = office.person("Heron", "admin"), office.person("Tern", "analyst")
    person = next(p for p in office.home.state.people() if p.name == "Tern")
    assert admin.post(f"/desk/people/{person.id}/role", role="reader").status_code == 303
    assert other.get("/desk").status_code == 303
    other.log_in()
    assert "Tern, reader" in other.get("/desk").text
    key = office.home.state.credentials(person.id)[0].id
    assert admin.post(f"/desk/people/{person.id}/keys/{key}/revoke").status_code == 303
    assert other.get("/desk").status_code == 303
    assert other.log_in().status_code == 401


# ------------------------------------------------------------------ passkeys and codes


def test_a_passkey_must_be_shown_by_a_verified_person_at_this_desk(office: Office) -> None:
    browser = office.person("Heron", "reader")
    browser.key.flags = 0x01  # present, but nobody asked for a PIN
    assert browser.log_in().status_code == 401
    browser.key.flags = 0x05
    browser.key.origin = "https://desk.example.evil.example"
    assert browser.log_in().status_code == 401
    browser.key.origin = ORIGIN
    assert browser.log_in().status_code == 200
    browser.key.uses -= 3  # a copy of the key, whose counter lags
    assert browser.log_in().status_code == 401


def test_a_challenge_is_used_once_for_its_purpose_and_in_time(office: Office) -> None:
    browser = office.person("Heron", "reader")
    options = browser.send("/desk/login/challenge", {}).json()
    shown = browser.key.get(options)
    assert browser.send("/desk/login", {"credential": shown}).status_code == 200
    assert browser.send("/desk/login", {"credential": shown}).status_code == 401, "replayed"
    made_up = {**options, "challenge": "A" * 43}
    assert browser.send("/desk/login", {"credential": browser.key.get(made_up)}).status_code == 401, "altered"
    browser.get("/desk/account")
    other = browser.send("/desk/confirm/challenge", {}).json()
    assert browser.send("/desk/login", {"credential": browser.key.get(other)}).status_code == 401, "another purpose"
    late = browser.send("/desk/login/challenge", {}).json()
    office.clock.forward(301)
    assert browser.send("/desk/login", {"credential": browser.key.get(late)}).status_code == 401, "too late"


def test_codes_are_kept_as_digests_lapse_and_are_replaced(office: Office) -> None:
    person, code = office.invited("Heron", "reader")
    kept = (office.home.root / "state.db").read_bytes()
    assert code.encode() not in kept
    office.clock.forward(48 * 3600 + 1)
    assert Browser(office).enrol(code).status_code == 401
    second = office.desk.codes.invite(person, office.clock.now())
    third = office.desk.codes.invite(person, office.clock.now())
    assert Browser(office).enrol(second).status_code == 401
    assert Browser(office).enrol(third.lower().replace("-", " ")).status_code == 200


def test_a_key_that_is_kept_already_can_not_be_enrolled_for_another(office: Office) -> None:
    heron, thief = office.person("Heron", "approver"), Browser(office)
    thief.key.id = heron.key.id
    assert thief.enrol(office.invited("Tern", "reader")[1]).status_code == 401
    assert heron.log_in().status_code == 200


def test_logging_in_again_ends_the_session_that_the_browser_held(office: Office) -> None:
    heron = office.person("Heron", "reader")
    before = heron.client.cookies[COOKIE]
    assert heron.log_in().status_code == 200
    assert office.desk.sessions.visit(before, office.clock.now()) is None


def test_a_recovery_code_enrols_a_new_passkey_once(office: Office) -> None:
    heron = office.person("Heron", "reader")
    page = heron.post("/desk/account/recovery-codes").text
    codes = re.findall(r'<code class="code">([A-Z2-7-]+)</code>', page)
    assert len(codes) == 8
    again = Browser(office)
    assert again.enrol(codes[0]).status_code == 200
    assert again.log_in().status_code == 200
    assert Browser(office).enrol(codes[0]).status_code == 401
    heron.post("/desk/account/recovery-codes")
    assert Browser(office).enrol(codes[1]).status_code == 401, "new codes replace the old"


def test_nobody_learns_who_has_an_account(office: Office) -> None:
    known = office.person("Heron", "reader")
    asked_for = [Browser(office).send("/desk/login/challenge", {}).json() for _ in range(2)]
    assert all(options["allowCredentials"] == [] for options in asked_for)
    stranger = Browser(office)
    stranger.key = Authenticator()
    known.key.flags = 0x01
    answers = [
        stranger.log_in(),  # no such key
        known.log_in(),  # a key that is known, shown wrongly
        stranger.send("/desk/login", {"credential": {}}),
        stranger.send("/desk/enrol/challenge", {"code": "AAAA-BBBB"}),
        stranger.send("/desk/enrol", {"code": "AAAA-BBBB", "label": "", "credential": {}}),
    ]
    assert len({(answer.status_code, answer.text) for answer in answers}) == 1


# ------------------------------------------------------------------ requests from elsewhere


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://desk.example"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_request_from_another_site_changes_nothing(office: Office, headers: dict[str, str]) -> None:
    heron = office.person("Heron", "analyst")
    heron.headers = headers
    assert heron.post("/desk/notes", about="area/korea", text="from elsewhere").status_code == 403
    assert heron.send("/desk/login/challenge", {}).status_code == 403
    assert office.desk.reading.notes() == ()
    assert "refused" in {act.act for act in office.desk.audit.latest(5)}


@pytest.mark.parametrize("token", ["", "0" * 64, "ä"])
def test_a_form_without_its_token_changes_nothing(office: Office, token: str) -> None:
    heron = office.person("Heron", "analyst")
    heron.token = token
    assert heron.post("/desk/notes", about="area/korea", text="no token").status_code == 403
    assert office.desk.reading.notes() == ()


def test_a_token_of_another_session_is_none(office: Office) -> None:
    heron, tern = office.person("Heron", "analyst"), office.person("Tern", "analyst")
    heron.token = tern.token
    assert heron.post("/desk/notes", about="area/korea", text="a borrowed token").status_code == 403


def test_no_get_changes_anything(office: Office) -> None:
    heron = office.person("Heron", "admin")
    before = state_of(office)
    for (method, path), _ in TABLE.items():
        if method == "GET":
            heron.client.get(filled(path))
    assert state_of(office) == before
    assert heron.client.get("/desk/logout").status_code == 404


def state_of(office: Office) -> tuple[object, ...]:
    tables = ("person", "credential", "session", "code", "looked", "audit")
    rows = [office.home.state.rows(f"SELECT * FROM {table}") for table in tables]
    return (office.desk.home.archive.size, json.dumps([[dict(row) for row in found] for found in rows]))


def test_the_desk_answers_to_its_own_name_only(office: Office) -> None:
    client = TestClient(office.app, base_url="https://rebound.example")
    assert client.get("/desk/login").status_code == 421
    assert client.get("/").status_code == 200, "the public pages may be mirrored"


# ------------------------------------------------------------------ headers, limits, sizes


def test_no_page_lets_an_inline_script_run_or_another_site_frame_it(office: Office) -> None:
    heron = office.person("Heron", "admin")
    for (method, path), _ in TABLE.items():
        if method != "GET" or "static" in path:
            continue
        response = heron.client.get(filled(path))
        policy = dict(part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";"))
        assert (
            policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        )
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert "unsafe" not in response.headers["content-security-policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", response.text)
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert "includeSubDomains" in response.headers["strict-transport-security"]


def test_what_only_the_server_should_know_stays_there(office: Office) -> None:
    """A fault of the home tells the reader nothing of paths, and nothing goes on half done."""
    heron = office.person("Heron", "analyst")
    (office.home.root / "ledger.db").write_bytes(b"no database at all")
    for path in ("/desk", "/desk/area/korea"):
        page = heron.get(path)
        assert page.status_code == 503
        assert str(office.home.root) not in page.text
        assert "Traceback" not in page.text


def test_entering_is_limited_by_address_and_writing_by_person(office: Office) -> None:
    browser = Browser(office)
    answers = [browser.send("/desk/enrol/challenge", {"code": "x"}) for _ in range(PER_MINUTE["entry"] + 1)]
    assert [a.status_code for a in answers] == [401] * PER_MINUTE["entry"] + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    office.clock.forward(61)
    heron, tern = office.person("Heron", "reader"), office.person("Tern", "reader")
    codes = {heron.post("/desk/area/korea/looked").status_code for _ in range(PER_MINUTE["write"])}
    assert codes == {303}
    assert heron.post("/desk/area/korea/looked").status_code == 429
    assert tern.post("/desk/area/korea/looked").status_code == 303
    office.clock.forward(61)
    assert heron.post("/desk/area/korea/looked").status_code == 303


def test_large_or_endless_bodies_are_refused_before_they_are_read(office: Office) -> None:
    heron = office.person("Heron", "analyst")
    assert heron.post("/desk/notes", about="area/korea", text="x" * MOST_BYTES).status_code == 413
    chunked = heron.client.post("/desk/notes", content=iter([b"about=", b"x"]), headers=heron.headers)
    assert chunked.status_code == 413


def test_nothing_a_person_sends_becomes_a_header(office: Office) -> None:
    heron = office.person("Heron", "analyst")
    for nasty in ("area/korea\r\nSet-Cookie: a=b", "area/korea%0d%0aX: y", "//evil.example", "area//evil.example"):
        response = heron.post("/desk/notes", about=nasty, text="words")
        assert response.status_code == 422
        assert "location" not in response.headers
    response = heron.client.get("/desk/area/x%0d%0aSet-Cookie:%20a=b")
    assert response.status_code == 404
    assert "set-cookie" not in response.headers


# ------------------------------------------------------------------ the audit log


def test_nothing_a_person_sends_makes_a_second_line_in_the_log(office: Office) -> None:
    admin = office.person("Heron", "admin")
    admin.client.get("/desk/people/x%0aforged")
    reader = office.person("Tern", "reader")
    reader.client.get("/desk/audit?below=3%0a9%20forged%20row")
    browser = Browser(office)
    code = office.invited("Gull", "reader")[1]
    assert browser.enrol(code, label="key\n2026-01-01 admin log in\x1b[2J\u202e").status_code == 200
    assert browser.log_in().status_code == 200
    for act in office.desk.audit.latest(50):
        assert all(part.isprintable() for part in (act.person, act.act, act.about))


def test_the_audit_log_refuses_to_be_edited(office: Office) -> None:
    from sqlalchemy.exc import DatabaseError

    office.person("Heron", "reader")
    for statement in ("UPDATE audit SET act = 'nothing'", "DELETE FROM audit"):
        with pytest.raises(DatabaseError, match="only ever added to"):
            office.home.state.change(statement)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit SET person = 'somebody else' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number > 2",
        "INSERT INTO audit VALUES (99, 't', 'p', 'a', 'x', 'c')",
    ],
)
def test_whoever_edits_the_file_itself_is_found_out(office: Office, damage: str) -> None:
    heron = office.person("Heron", "analyst")
    for number in range(3):
        heron.post("/desk/notes", about="area/korea", text=f"note {number}")
    archive = office.home.archive
    assert list(office.desk.audit.faults(archive.entries())) == []
    for what in ("UPDATE", "DELETE"):
        office.home.state.change(f"DROP TRIGGER audit_{what}")
    office.home.state.change(damage)
    assert list(office.desk.audit.faults(archive.entries())) != []


# ------------------------------------------------------------------ HTML in reports

HOSTILE = {
    "id": 'h"><script>alert(1)</script>',
    "published": "2019-03-24T18:00:00Z",
    "source": "<img src=x onerror=alert(1)>",
    "url": "javascript:alert(1)",
    "title": "Russian planes land in Caracas</title><script>alert(1)</script>",
    "text": "Two Russian air force planes landed in Venezuela on Saturday with 99 soldiers <script>alert(1)</script>, "
    "officials said. Russia denied that it had sent troops to Venezuela {{ 7 * 7 }} '\"><svg onload=alert(1)>.",
}


@pytest.fixture
def hostile(tmp_path: Path) -> Office:
    home = Home.create(tmp_path / "hostile", "A <b>watch</b>", "exercise", rule_files(), "2019-01-01T00:00:00Z")
    body = json.dumps(HOSTILE).encode()
    capture = Capture(None, "", "javascript:alert(1)", 200, digest(body), "json", "<i>reports</i>.jsonl#0")
    home.append(live.as_seen([(capture, body)], START))
    home.derive()
    home.site.mkdir()
    return Office(home.root)


def test_html_in_a_report_is_text(hostile: Office) -> None:
    heron = hostile.person("<u>Heron</u>", "admin")
    edition = hostile.desk.reading.edition()
    assert edition is not None
    assert edition.findings
    heron.post("/desk/notes", about="area/venezuela", text="<script>alert(2)</script>")
    paths = ["/desk", "/desk/area/venezuela", "/desk/disputed", "/desk/notes", "/desk/people", "/desk/audit"]
    for key, found in edition.findings.items():
        paths.append(f"/desk/finding/{key}")
        paths += [f"/desk/document/{s.document}" for s in hostile.home.ledger.statements_of(found)]
    together = ""
    for path in paths:
        page = heron.get(path)
        assert page.status_code == 200
        together += page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in together
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in together
    assert "{{ 7 * 7 }}" in together
    assert not re.search(r"<script>|<img|<svg|<u>|<b>watch|<i>reports|href=\"javascript", together)


def test_an_answer_is_the_persons_in_the_archive(office: Office) -> None:
    heron = office.person("Heron", "analyst")
    edition = office.desk.reading.edition()
    assert edition is not None
    key = next(iter(edition.findings.values())).asserted[0]
    assert heron.post(f"/desk/statement/{key}/answer", answer="old news", by="somebody else").status_code == 303
    answers = [
        e for _, e in office.home.archive.entries() if isinstance(e, Answer) and e.question.startswith("sha256:")
    ]
    assert [(a.by, a.text) for a in answers] == [(office.home.state.people()[0].id, "old news")]
    assert heron.post(f"/desk/statement/{key}/answer", answer="<b>").status_code == 422


def test_need_of_a_route_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Need(None).role = "admin"  # type: ignore[misc]


def test_the_table_of_requirements_names_tests_that_are_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8").split("## OWASP")[1]
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").glob("test_*.py"))
    named = re.findall(r"`([a-z]+(?:_[a-z]+){2,})`", text)
    assert len(named) > 25
    for name in named:
        assert re.search(rf"def test_\w*{name}", tests), name


def test_the_scripts_that_are_shipped_are_those_that_the_licence_stands_beside() -> None:
    static = ROOT / "src" / "tocsin" / "desk" / "static"
    assert sorted(path.name for path in static.iterdir()) == ["desk.css", "desk.js", "htmx.LICENSE", "htmx.min.js"]
    assert "Zero-Clause BSD" in (static / "htmx.LICENSE").read_text("utf-8")
    assert "htmx" in (ROOT / "docs" / "data.md").read_text("utf-8")
