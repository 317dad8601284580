"""The desk by its pages: coming in, looking, noting, answering, leaving."""

from __future__ import annotations

from desks import Browser, Office


def test_an_invited_person_enrols_logs_in_and_leaves(office: Office) -> None:
    browser = Browser(office)
    assert browser.get("/desk").headers["location"] == "/desk/login"
    person, code = office.invited("Heron", "analyst")
    assert browser.enrol(code).json() == {"to": "/desk/login"}
    assert browser.enrol(code).status_code == 401, "a code enrols once"
    assert browser.log_in().status_code == 200
    page = browser.get("/desk")
    assert page.status_code == 200
    assert "Heron, analyst" in page.text
    assert browser.post("/desk/logout").status_code == 303
    assert browser.get("/desk").status_code == 303
    acts = [(act.act, act.person) for act in office.desk.audit.latest(10)]
    assert acts == [("log out", person), ("log in", person), ("enrol refused", ""), ("enrol", person)]


def test_every_page_of_the_evidence_opens(office: Office) -> None:
    heron = office.person("Heron", "analyst")
    assert "new finding" in heron.get("/desk").text
    edition = office.desk.reading.edition()
    assert edition is not None
    for judgement in edition.assessment.judgements:
        assert judgement.name.split()[0] in heron.get(f"/desk/area/{judgement.area}").text
    for key, found in edition.findings.items():
        page = heron.get(f"/desk/finding/{key}")
        assert page.status_code == 200
        assert "<blockquote>" in page.text
        for statement in office.home.ledger.statements_of(found)[:1]:
            assert "<mark>" in heron.get(f"/desk/document/{statement.document}").text
    for path in ("/desk/disputed", "/desk/notes", "/desk/account"):
        assert heron.get(path).status_code == 200
    assert heron.get("/desk/finding/fnone").status_code == 404


def test_what_was_looked_at_is_no_news_to_that_person(office: Office) -> None:
    heron, tern = office.person("Heron", "reader"), office.person("Tern", "reader")
    assert 'id="area-venezuela"' in heron.get("/desk").text
    assert heron.post("/desk/area/venezuela/looked").status_code == 303
    assert 'id="area-venezuela"' not in heron.get("/desk").text
    assert 'id="area-venezuela"' in tern.get("/desk").text
