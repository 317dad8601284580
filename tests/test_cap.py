"""CAP messages: ours are good by every rule, and the reader refuses what breaks one."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from editions import ADDRESS, crisis, edition, judgement, of, seal
from tocsin.publish import SealError, load_seal, write
from tocsin.publish.cap import CAP, cap_files, polygon, reference
from tocsin.publish.capread import CapError, check, read
from tocsin.publish.plaintext import plain_text
from tocsin.publish.seal import make_seal
from tocsin.records import digest
from tocsin.rules import RulesError, parse
from tocsin.rules.warning import Box
from world import EVAL, rule_files, rules

SAMPLES = EVAL / "publish" / "cap"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason=f"no CAP samples at {SAMPLES} (set TOCSIN_EVAL)")
needs_xmlsec1 = pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="xmlsec1 is not installed (make deps)")

GOOD = """<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>one</identifier><sender>a@example.org</sender><sent>2019-03-01T10:00:00-00:00</sent>
<status>Test</status><msgType>Update</msgType><scope>Public</scope>
<references>a@example.org,zero,2019-03-01T09:00:00-00:00</references>
<info><language>en</language><category>Security</category><event>A level</event><responseType>Monitor</responseType>
<urgency>Future</urgency><severity>Minor</severity><certainty>Possible</certainty>
<expires>2019-03-02T10:00:00-00:00</expires><senderName>A</senderName><headline>Head</headline>
<description>What it is.</description><instruction>What to do.</instruction>
<web>https://example.org/a</web><contact>https://example.org/</contact>
<area><areaDesc>There</areaDesc><polygon>1,1 1,2 2,2 2,1 1,1</polygon><circle>1,1 5</circle></area></info></alert>"""


def ours() -> dict[str, bytes]:
    return {name: data for name, data in cap_files(crisis()).items() if name.endswith(".xml")}


def kinds(area: str) -> list[tuple[str, str, str]]:
    alerts = [read(issue.files["alert.xml"]) for issue in crisis().issues[area]]
    return [(alert.sent[8:10], alert.kind, dict(alert.parameters)["tocsin:level"]) for alert in alerts]


# ------------------------------------------------------------------ the chain


def test_a_chain_alerts_renews_updates_and_cancels() -> None:
    assert kinds("korea") == [
        ("01", "Alert", "5"),
        ("03", "Update", "4"),
        ("07", "Update", "4"),
        ("08", "Update", "3"),
        ("10", "Update", "4"),
        ("11", "Cancel", "unknown"),
    ]


def test_a_level_after_a_silence_is_a_new_alert() -> None:
    told = edition({"korea": [("2019-03-01T00:00:00Z", 4), ("2019-03-20T00:00:00Z", 4)]})
    assert [read(one.files["alert.xml"]).kind for one in told.issues["korea"]] == ["Alert", "Alert"]
    assert [one.published.replaces for one in told.issues["korea"]] == [(), ()]


def test_the_message_is_among_what_people_sign() -> None:
    for issue in crisis().issues["korea"]:
        named = {one["name"]: one["digest"] for one in issue.manifest["attachments"]}
        assert named["alert.xml"] == digest(issue.files["alert.xml"])
        assert cap_files(crisis())[f"cap/{issue.published.id}.xml"] == issue.files["alert.xml"]


def test_references_name_every_message_that_has_not_run_out() -> None:
    told = crisis()
    *_, last = told.issues["korea"]
    live = [one.published for one in told.issues["korea"] if one.published.id in last.published.replaces]
    assert [earlier.issued[8:10] for earlier in live] == ["07", "08", "10"]
    assert read(last.files["alert.xml"]).references == tuple(reference(told, earlier) for earlier in live)


# ------------------------------------------------------------------ what we write


def test_ours_break_no_rule_and_bear_the_seal() -> None:
    assert len(ours()) == 8
    for name, data in ours().items():
        assert check(data, certificate=seal().certificate, profile=True) == (), name


def test_the_level_stands_in_a_parameter_and_severity_never_says_extreme() -> None:
    for data in ours().values():
        alert = read(data)
        assert dict(alert.parameters)["tocsin:level"] in {"5", "4", "3", "unknown"}
        assert b"Extreme" not in data
        assert alert.codes == (rules().cap.code,)
    for n in (1, 2, 3, 4, 5):
        (told,) = edition({"korea": [("2019-03-01T00:00:00Z", n)]}).issues["korea"]
        assert dict(read(told.files["alert.xml"]).parameters)["tocsin:level"] == str(n)
        assert b"Extreme" not in told.files["alert.xml"]


@pytest.mark.parametrize(("status", "said"), [("exercise", "Exercise"), ("test", "Test"), ("actual", "Actual")])
def test_a_drill_can_not_be_taken_for_real(status: str, said: str) -> None:
    files = cap_files(crisis(status=status))
    feed = next(name for name in files if name.endswith(".atom"))
    assert feed == {"actual": "cap/alerts.atom"}.get(status, f"cap/{status}.atom")
    for name, data in files.items():
        if name.endswith(".xml"):
            alert = read(data)
            assert alert.status == said
            texts = [e.text for e in etree.fromstring(data).iter() if str(e.tag).endswith(("}headline", "}event"))]
            assert all((text or "").startswith(f"{status.upper()}: ") == (status != "actual") for text in texts)
            assert (status in alert.sender) == (status != "actual")
            assert (rules().levels.exercise_mark in data.decode()) == (status != "actual")


def test_an_exercises_bulletin_has_no_place_among_real_ones() -> None:
    with pytest.raises(ValueError, match="expected status actual"):
        replace(crisis(status="exercise"), status="actual")


def test_each_says_that_it_is_no_governments_defcon() -> None:
    assert all(rules().levels.disclaimer in data.decode() for data in ours().values())


def test_the_sender_is_of_our_own_domain() -> None:
    sender = read(next(iter(ours().values()))).sender
    assert sender == "exercise@watch.example.org"
    homeless = cap_files(crisis(address=""))
    told = next(data for name, data in homeless.items() if name.endswith(".xml"))
    assert read(told, profile=True).sender == "exercise@a-watch-more.invalid"


def test_markup_in_reports_stays_text() -> None:
    data = next(data for data in ours().values())
    text = "".join(str(t) for t in etree.fromstring(data).itertext())
    assert "‹b›seen‹/b›" in text
    hostile = judgement("korea", "2019-03-01T00:00:00Z", 4)
    hostile = replace(hostile, decided_by=replace(hostile.decided_by, text="]]><x/>\x00\x0b&#x41; &amp; <"))
    assert plain_text("half \ud800 a character") == "half   a character", "the ledger holds none either"
    told = of({"korea": [hostile]})
    assert all(check(d, profile=True) == () for n, d in cap_files(told).items() if n.endswith(".xml"))


def test_every_area_can_be_told() -> None:
    for area in rules().areas:
        told = cap_files(edition({area: [("2019-03-01T00:00:00Z", 4)]}))
        message = next(data for name, data in told.items() if name.endswith(".xml"))
        assert check(message, profile=True) == (), area


def test_a_box_is_a_closed_ring() -> None:
    assert polygon(Box("b", 1.0, -2.5, 3.0, 4.0)) == "1,-2.5 1,4 3,4 3,-2.5 1,-2.5"


def test_the_feed_of_messages_stays_below_what_aggregators_read() -> None:
    days = [f"2019-{month:02d}-{day:02d}T00:00:00Z" for month in (3, 4, 5) for day in (1, 5, 9, 13, 17, 21)]
    told = edition({area: [(day, 4 - n % 2) for n, day in enumerate(days)] for area in rules().areas})
    feed = cap_files(told)["cap/exercise.atom"]
    assert feed.count(b"<entry>") == 50
    assert len(feed) < 100_000
    assert set(re.findall(rb'type="application/cap\+xml" href="([^"]+)"', feed)) <= {
        (ADDRESS + name).encode() for name in cap_files(told)
    }


# ------------------------------------------------------------------ the signature


def test_the_same_message_gives_the_same_bytes() -> None:
    assert cap_files(crisis()) == cap_files(crisis())


def test_one_changed_digit_is_refused() -> None:
    name, data = next(iter(ours().items()))
    changed = re.sub(rb"(tocsin:level</valueName><value>)5", rb"\g<1>2", data)
    assert changed != data, name
    with pytest.raises(CapError, match="Signature"):
        read(changed)


def test_another_key_and_a_missing_signature_are_refused() -> None:
    data = next(iter(ours().values()))
    with pytest.raises(CapError, match="Signature"):
        read(data, certificate=make_seal("another").certificate)
    bare = next(d for n, d in cap_files(crisis(seal=None)).items() if n.endswith(".xml"))
    assert not read(bare).signed
    with pytest.raises(CapError, match="found none"):
        read(bare, certificate=seal().certificate)


@needs_xmlsec1
def test_xmlsec1_takes_the_seal_and_refuses_one_changed_digit(tmp_path: Path) -> None:
    (tmp_path / "crt.pem").write_bytes(seal().certificate)
    for n, data in enumerate(ours().values()):
        good, bad = tmp_path / f"{n}.xml", tmp_path / f"{n}-bad.xml"
        good.write_bytes(data)
        bad.write_bytes(re.sub(rb"2019-03-", b"2019-04-", data, count=1))
        for path, wanted in ((good, 0), (bad, 1)):
            for trust in ("--pubkey-cert-pem", "--trusted-pem"):
                command = ["xmlsec1", "--verify", trust, str(tmp_path / "crt.pem"), str(path)]
                assert subprocess.run(command, capture_output=True).returncode == wanted, (path, trust)


def test_the_seal_is_kept_and_secret(tmp_path: Path) -> None:
    made = load_seal(tmp_path / "keys", "A watch")
    assert stat.S_IMODE((tmp_path / "keys" / "cap.key").stat().st_mode) == 0o600
    assert load_seal(tmp_path / "keys", "Renamed").certificate == made.certificate


def test_a_certificate_without_its_key_is_never_replaced(tmp_path: Path) -> None:
    made = load_seal(tmp_path, "A watch")
    (tmp_path / "cap.key").unlink()
    with pytest.raises(SealError, match=r"cap\.key"):
        load_seal(tmp_path, "A watch")
    assert (tmp_path / "cap.crt").read_bytes() == made.certificate


def test_a_key_cut_short_before_its_certificate_begins_anew(tmp_path: Path) -> None:
    load_seal(tmp_path, "A watch")
    (tmp_path / "cap.crt").unlink()
    assert load_seal(tmp_path, "A watch").certificate.startswith(b"-----BEGIN CERTIFICATE")


def test_a_message_that_was_sent_is_never_written_again(tmp_path: Path) -> None:
    sent = {"cap/one.xml": b"first", "cap/exercise.atom": b"a"}
    write(sent, tmp_path)
    write({"cap/one.xml": b"second", "cap/exercise.atom": b"b"}, tmp_path)
    assert (tmp_path / "cap" / "one.xml").read_bytes() == b"first"
    assert (tmp_path / "cap" / "exercise.atom").read_bytes() == b"b"


# ------------------------------------------------------------------ the reader


def test_a_good_message_is_read() -> None:
    assert check(GOOD.encode(), profile=True) == ()
    assert read(GOOD.encode()).references == ("a@example.org,zero,2019-03-01T09:00:00-00:00",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cap:1.2", "cap:1.1"),
        ("<identifier>one", "<identifier>one two"),
        ("<sender>a@", "<sender>a,b@"),
        ("<sent>2019-03-01T10:00:00-00:00", "<sent>2019-03-01T10:00:00Z"),
        ("<sent>2019-03-01", "<sent>2019-02-30"),
        ("<scope>Public</scope>", ""),
        ("<scope>Public</scope>", "<scope>Private</scope>"),
        ("<scope>Public</scope>", "<scope>Public</scope><restriction>police</restriction>"),
        ("<scope>Public</scope>", "<scope>public</scope>"),
        ("<scope>Public</scope>", "<scope>Public</scope><scope>Public</scope>"),
        ("<status>Test</status><msgType>Update</msgType>", "<msgType>Update</msgType><status>Test</status>"),
        ("<status>", '<status lang="en">'),
        ("<scope>", "loose words<scope>"),
        ("a@example.org,zero,", "a@example.org,"),
        ("a@example.org,zero,", "a@example.org,one,"),
        ("01T09:00", "01T11:00"),
        ("<expires>2019-03-02", "<expires>2019-02-02"),
        ("<language>en</language>", "<language>english language</language>"),
        ("<urgency>Future", "<urgency>Soon"),
        ("<web>https://example.org/a", "<web>a.html"),
        ("<event>A level", "<event> "),
        ("<event>A level", "<event><b>A</b> level"),
        ("1,1 1,2 2,2 2,1 1,1", "1,1 1,2 2,2 2,1"),
        ("1,1 1,2 2,2 2,1 1,1", "1,1 2,2 1,2 2,1 1,1"),
        ("1,1 1,2 2,2 2,1 1,1", "1,1 1,200 2,2 2,1 1,1"),
        ("1,1 5", "1,1 -5"),
        ("1,1 5</circle>", "1,1 5</circle><ceiling>5</ceiling>"),
        ("1,1 5</circle>", "1,1 5</circle><altitude>9</altitude><ceiling>5</ceiling>"),
        ("</area>", "</area><area/>"),
        ("<area>", "<resource><resourceDesc>r</resourceDesc><mimeType>image</mimeType></resource><area>"),
        (
            "<area>",
            "<resource><resourceDesc>r</resourceDesc><mimeType>image/png</mimeType><uri>r.png</uri></resource><area>",
        ),
        ("</alert>", "<extra/></alert>"),
        ("<alert", "<!DOCTYPE alert [<!ENTITY a 'b'>]><alert"),
        ("</alert>", ""),
    ],
)
def test_a_message_that_breaks_the_standard_is_refused(old: str, new: str) -> None:
    assert old in GOOD
    assert check(GOOD.replace(old, new, 1).encode()) != ()


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r"<references>.*?</references>", ""),
        (r"<info>.*</info>", ""),
        *((rf"<{name}>.*?</{name}>", "") for name in ("description", "expires", "web", "contact", "instruction")),
        (r"<area>.*</area>", ""),
        (r"<polygon>.*</circle>", ""),
        (r"What it is\.", "Head"),
        (r"What it is\.", "What &lt;b&gt;it&lt;/b&gt; is."),
        (r"Head", "h" * 141),
    ],
)
def test_a_message_that_does_not_serve_the_public_is_refused(pattern: str, new: str) -> None:
    changed = re.sub(pattern, new, GOOD, count=1, flags=re.DOTALL)
    assert changed != GOOD
    assert check(changed.encode()) == ()
    assert check(changed.encode(), profile=True) != ()


def test_a_message_of_a_million_points_is_refused_at_once() -> None:
    assert check(GOOD.replace("1,1 1,2", "1,1 " * 400_000).encode()) != ()


@needs_samples
def test_the_reader_refuses_all_that_the_schema_refuses() -> None:
    schema = etree.XMLSchema(etree.parse(str(SAMPLES / "oasis" / "CAP-v1.2.xsd")))
    seen = refused = 0
    for path in sorted([*SAMPLES.rglob("*.cap"), *(SAMPLES / "wmo").rglob("*.xml"), *SAMPLES.rglob("example*.xml")]):
        data = path.read_bytes()
        if CAP.encode() not in data or b"<!DOCTYPE" in data:
            assert check(data) != (), path
            continue
        good = schema.validate(etree.fromstring(data))
        seen, refused = seen + 1, refused + (not good)
        assert good or check(data) != (), path
    assert (seen > 15, refused) == (True, 4)
    for name, data in ours().items():
        assert schema.validate(etree.fromstring(data)), (name, schema.error_log)


@needs_samples
def test_no_mutation_that_the_schema_refuses_is_read() -> None:
    """Each element left out, doubled, emptied, renamed or moved to the end of its parent."""
    schema = etree.XMLSchema(etree.parse(str(SAMPLES / "oasis" / "CAP-v1.2.xsd")))
    refused = 0
    for n in range(1, len(list(etree.fromstring(GOOD).iter()))):
        for mutate in (remove, double, empty, rename, move):
            root = etree.fromstring(GOOD)
            mutate(list(root.iter())[n])
            if not schema.validate(root):
                refused += 1
                assert check(etree.tostring(root)) != (), etree.tostring(root)
    assert refused > 60


def remove(element: etree._Element) -> None:
    parent(element).remove(element)


def double(element: etree._Element) -> None:
    element.addnext(deepcopy(element))


def empty(element: etree._Element) -> None:
    element.clear()


def rename(element: etree._Element) -> None:
    element.tag = f"{{{CAP}}}unknown"


def move(element: etree._Element) -> None:
    parent(element).append(element)


def parent(element: etree._Element) -> etree._Element:
    found = element.getparent()
    assert found is not None
    return found


@needs_samples
@pytest.mark.parametrize(
    "name",
    [
        *("google/testdata/43b080713727.cap", "google/testdata/australia.cap", "google/testdata/canada.cap"),
        *("oasis/example1.xml", "oasis/example2.xml", "oasis/example3.xml", "oasis/example4.xml"),
        *("google/testdata/wcatwc-warning.cap", "wmo/data/tg/no_signature.xml"),
    ],
)
def test_good_messages_of_others_are_read(name: str) -> None:
    assert check((SAMPLES / name).read_bytes()) == ()


@needs_samples
@pytest.mark.parametrize(
    "name",
    [
        *("google/testdata/canada_errors.cap", "google/testdata/invalid.cap", "google/testdata/noaa_errors.cap"),
        *("google/testdata/xee.cap", "wmo/data/tg/invalid_digest.xml", "wmo/data/tg/invalid_signature.xml"),
        *("wmo/data/bf/invalid_certificate.xml", "wmo/data/bf/invalid_schema.xml", "wmo/data/tg/invalid_schema.xml"),
        "wmo/data/sc/valid.xml",  # its digest does not hold, as xmlsec1 finds too
    ],
)
def test_bad_messages_of_others_are_refused(name: str) -> None:
    assert check((SAMPLES / name).read_bytes()) != ()


@needs_samples
def test_bombs_are_refused() -> None:
    for path in sorted((EVAL / "publish" / "xmlbombs").glob("*.xml")):
        assert check(path.read_bytes()) != (), path


# ------------------------------------------------------------------ the rules


def test_the_examples_of_the_rules_hold() -> None:
    told = {f"{number} -> {words}" for number, words in rules().cap.levels.items()}
    assert set(rules().cap.examples.match) <= told
    assert not set(rules().cap.examples.not_match) & told


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('severity = "Severe"', 'severity = "Extreme"', "Extreme"),
        ("number = 4", "number = 7", "levels 1 to 5"),
        ("renew_share = 0.5", "renew_share = 1.5", "between 0 and 1"),
        ('code = "tocsin-levels-1"', "", "code"),
        ('code = "tocsin-levels-1"', 'code = "x"\nsurprise = 1', "surprise"),
    ],
)
def test_rules_that_can_not_be_used_are_faults(old: str, new: str, problem: str) -> None:
    text = rule_files()["cap.toml"].decode()
    assert old in text
    with pytest.raises(RulesError, match=problem):
        parse(rule_files() | {"cap.toml": text.replace(old, new, 1).encode()})
