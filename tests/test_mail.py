"""The newsletter: through a real server, read back, its signature checked by other people's code."""

from __future__ import annotations

import asyncio
import dataclasses
import email
import email.policy
import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

import postfix
from test_outgoing import bulletin, subscriber
from tocsin.channels import Channel, ChannelError, Later, Message, Outcome, Refused, Sent, Watch, bounces
from tocsin.channels.addresses import hook_address, mail_address, masked
from tocsin.channels.mail import Mail, Signer
from tocsin.state import Subscriber
from watches import ADDRESS, MAIL, NOW, channel, message, watch

VERIFY = textwrap.dedent(
    """
    use strict; use Mail::DKIM::Verifier; use Mail::DKIM::PublicKey;
    my ($name, $text) = @ARGV;
    { no warnings 'redefine';
      *Mail::DKIM::PublicKey::fetch_async = sub { my ($class, %p) = @_;
        die "another record: $p{Selector}._domainkey.$p{Domain}" unless "$p{Selector}._domainkey.$p{Domain}." eq $name;
        my $done = $p{Callbacks}{Success}; return sub { $done->($class->parse($text)) } }; }
    my $dkim = Mail::DKIM::Verifier->new();
    while (<STDIN>) { s/\\r?\\n$//; $dkim->PRINT("$_\\r\\n"); }
    $dkim->CLOSE; print $dkim->result_detail;
    """
)
needs_perl = pytest.mark.skipif(
    subprocess.run(["perl", "-MMail::DKIM::Verifier", "-e", "1"], capture_output=True).returncode != 0
    if shutil.which("perl")
    else True,
    reason="Debian's libmail-dkim-perl is not installed (make deps)",
)
needs_postfix = pytest.mark.skipif(bool(postfix.WHY_NOT), reason=postfix.WHY_NOT)


@pytest.fixture
def found(tmp_path: Path) -> Watch:
    return watch(tmp_path)


@pytest.fixture(scope="module")
def server() -> Iterator[postfix.Postfix]:
    with postfix.running() as running:
        yield running


def mail(found: Watch, **said: object) -> Mail:
    opened = channel(found, "mail", **{**MAIL, **said})
    assert isinstance(opened, Mail)
    return opened


def read(data: bytes) -> EmailMessage:
    return email.message_from_bytes(data, policy=email.policy.default)


def sent(opened: Channel, *messages: Message) -> list[Outcome]:
    async def go() -> list[Outcome]:
        try:
            return [await opened.send(one) for one in messages]
        finally:
            await opened.close()

    return asyncio.run(go())


def entered(found: Watch, address: str, **fields: object) -> Subscriber:
    made = subscriber(id=found.links.blinded(address)[:26], address=address, **fields)
    assert found.register.add(made)
    return made


def verified(letter: bytes, record: str) -> str:
    name, text = re.fullmatch(r'(\S+) TXT "(.*)"', record).groups()  # type: ignore[union-attr]
    done = subprocess.run(["perl", "-e", VERIFY, name, text], input=letter, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


# ------------------------------------------------------------------ through a real server


@needs_postfix
def test_a_mail_arrives_as_it_was_written_and_others_find_its_signature_good(
    found: Watch, server: postfix.Postfix
) -> None:
    opened = mail(found, port=server.port, bounces="bounces@watch.example", selector="tocsin")
    known = entered(found, postfix.READER, areas=("korea",), threshold=3)
    told = bulletin(text="Korea: level 3 yellow. Tension is <high> & rising.\n\nWhy: “shells” fell – again.")
    assert sent(opened, message(known, told)) == [Sent()]
    raw, _ = server.arrived("reader")[-1]
    arrived = read(raw)
    assert arrived["Subject"] == "Korea: level 3 yellow"
    assert arrived["Message-ID"] == f"<{message(known, told).delivery.message_id}@watch.example>"
    assert arrived["From"] == "Watch <news@watch.example>"
    assert arrived["Return-Path"] == f"<bounces+{found.links.token('bounce', known.id)}@watch.example>"
    end = f"https://watch.example/subscription/{found.links.token('subscription', known.id)}/end"
    assert arrived["List-Unsubscribe"] == f"<{end}>"
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = arrived.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = arrived.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "Tension is <high> & rising." in text
    assert "Tension is &lt;high&gt; &amp; rising." in page
    assert "level 3 and worse" in " ".join(text.split())
    assert told.url in text
    assert end.removesuffix("/end") in text
    assert max(len(line) for line in raw.split(b"\n")) < 998
    record = opened.signer.record if opened.signer else ""
    if shutil.which("perl"):
        letter = raw.partition(b"Received:")[2]
        letter = b"Received:" + letter
        assert verified(letter, record) == "pass"
        assert verified(letter.replace(b"Tension", b"Tensi0n"), record).startswith("fail")


@needs_postfix
def test_who_does_not_exist_is_refused_at_once_and_the_others_get_theirs(found: Watch, server: postfix.Postfix) -> None:
    before = len(server.arrived("reader", 0))
    opened = mail(found, port=server.port)
    nobody, known = entered(found, "nobody@reader.example"), entered(found, postfix.READER)
    first, second = sent(opened, message(nobody, bulletin()), message(known, bulletin()))
    assert isinstance(first, Refused)
    assert first.gone
    assert second == Sent()
    assert len(server.arrived("reader", before + 1)) == before + 1


@needs_postfix
def test_what_comes_back_later_ends_the_subscription(found: Watch, server: postfix.Postfix) -> None:
    opened = mail(found, port=server.port, bounces="bounces@watch.example")
    lost = entered(found, "somebody@elsewhere.example")
    assert sent(opened, message(lost, bulletin())) == [Sent()]
    raw, _ = server.arrived("bounces")[-1]
    bounce = bounces.read(raw, found)
    assert bounce == bounces.Bounce(lost.id, "5.1.1", gone=True)
    assert bounces.take(bounce, found, NOW) == "disabled"
    assert lost.id not in {one.id for one in found.register.confirmed()}


def test_no_server_is_our_fault_and_nobody_elses(found: Watch) -> None:
    (outcome,) = sent(mail(found, port=1), message(entered(found, postfix.READER), bulletin()))
    assert isinstance(outcome, Later)
    assert outcome.ours


# ------------------------------------------------------------------ signatures


@needs_perl
def test_the_signature_holds_and_bears_no_change(found: Watch) -> None:
    opened = mail(found, selector="tocsin")
    assert opened.signer is not None
    letter = opened.written(message(entered(found, "a@example.org"), bulletin()))
    assert verified(letter, opened.signer.record) == "pass"
    token = found.links.token("subscription", "x")[-24:]
    changes = [
        (b"Subject: Korea", b"Subject: Corea"),
        (b"subscription/", b"subscripti0n/"),
        (b"One-Click", b"One-Clack"),
        (b"From: Watch", b"From: Witch"),
        (b"\r\nTo: a@", b"\r\nTo: b@"),
    ]
    for old, new in changes:
        assert old in letter, token
        assert verified(letter.replace(old, new, 1), opened.signer.record) != "pass", old
    assert verified(b"From: Other <other@example.net>\r\n" + letter, opened.signer.record) != "pass"
    assert verified(b"Subject: Other\r\n" + letter, opened.signer.record) != "pass"


def test_the_key_of_a_home_stays_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = Signer.load(tmp_path, "tocsin", "news@watch.example")
    assert Signer.load(tmp_path, "tocsin", "news@watch.example") == first
    assert (tmp_path / "dkim.key").stat().st_mode & 0o777 == 0o600


# ------------------------------------------------------------------ what a mail says


def test_every_attempt_sends_the_same_mail(found: Watch) -> None:
    opened, told = mail(found), message(entered(found, "a@example.org"), bulletin())
    later = dataclasses.replace(told, now="2026-01-01T05:00:00Z")
    assert opened.written(told) == opened.written(later)


def test_a_drill_says_so_in_subject_text_and_page(tmp_path: Path) -> None:
    drill = watch(tmp_path, status="exercise")
    letter = read(mail(drill).written(message(entered(drill, "a@example.org"), bulletin(status="exercise"))))
    assert letter["Subject"].startswith("EXERCISE: ")
    assert "EXERCISE" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "EXERCISE" in letter.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "exercise" in letter["List-Id"]


def test_the_question_has_a_link_and_no_button_that_a_scanner_could_press(found: Watch) -> None:
    asked = entered(found, "a@example.org", confirmed=None, areas=("korea",))
    letter = read(mail(found).written(message(asked, None)))
    assert letter["List-Unsubscribe"] is None
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert found.links.subscription(asked.id) in text
    assert "/confirm" not in letter.as_string()
    assert found.rules.areas["korea"].name in " ".join(text.split())


@pytest.mark.parametrize("breaking", ["\r\nBcc: x@example.net", "\nX: y", "\x0bX: y", "\u2028X: y", "\x85X: y", "\x00"])
def test_no_title_begins_a_header_of_its_own(found: Watch, breaking: str) -> None:
    told = bulletin(title=f"Korea{breaking}", text=f"Text{breaking}")
    letter = read(mail(found).written(message(entered(found, "a@example.org"), told)))
    assert letter["Bcc"] is None
    assert letter["X"] is None
    assert letter["Subject"].startswith("Korea")


def test_a_title_of_any_length_and_script_is_one_header(found: Watch) -> None:
    told = bulletin(title="Корея: уровень 3, " * 60)
    letter = mail(found).written(message(entered(found, "a@example.org"), told))
    assert read(letter)["Subject"] == ("Корея: уровень 3, " * 60).strip()
    assert max(len(line) for line in letter.split(b"\r\n")) <= 998
    assert letter.isascii()


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a",
            "a@",
            "@example.org",
            "a@example",
            "a b@example.org",
            "a@exa mple.org",
            "a@example.org\r\nBcc: b@c.org",
        ),
        *("a@example.org,b@example.org", "<a@example.org>", '"a b"@example.org', "a@[127.0.0.1]", "a@127.0.0.1"),
        *(
            "a@-example.org",
            "a..b@example.org",
            ".a@example.org",
            "ü@example.org",
            "a@example.org>",
            "a\x00@example.org",
        ),
        *("a" * 65 + "@example.org", "a@" + "b" * 250 + ".org"),
    ],
)
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    assert mail_address(text) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a@example.org", "a@example.org"),
        (" First.Last+tag@Example.ORG ", "First.Last+tag@example.org"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
    ],
)
def test_mail_addresses(text: str, address: str) -> None:
    assert mail_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "http://hook.example/",
            "ftp://hook.example/",
            "https://user:word@hook.example/",
            "https://hook.example:22/",
        ),
        *("https://10.0.0.1/", "https://localhost/", "https://hook.example/#x", "https://hook.example/\r\nX: y"),
        *("https://[::1]/", "https://hook.example/ü", "javascript:alert(1)", "https://hook.example:x/", "https:///"),
    ],
)
def test_what_is_no_hook_is_refused(text: str) -> None:
    assert hook_address(text) is None


def test_an_address_is_masked() -> None:
    assert masked("reader@example.org") == "r…@example.org"


# ------------------------------------------------------------------ what comes back


def notification(to: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return (
        f"To: {to}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n"
        "--x\r\nContent-Type: text/plain\r\n\r\nsorry\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b\r\n"
        f"Action: {action}\r\nStatus: {status}\r\n\r\n--x--\r\n"
    ).encode()


def test_delays_forgeries_and_other_mails_end_nothing(found: Watch) -> None:
    known = entered(found, "a@example.org")
    ours = f"bounces+{found.links.token('bounce', known.id)}@watch.example"
    assert bounces.read(notification(ours), found) is not None
    assert bounces.read(notification(ours.upper()), found) is not None
    forged = f"bounces+{known.id}-{'a' * 24}@watch.example"
    page = f"bounces+{found.links.token('subscription', known.id)}@watch.example"
    for data in (
        notification(ours, status="4.2.2", action="delayed"),
        notification(ours, action="delivered"),
        notification(forged),
        notification(page),
        f"To: {ours}\r\n\r\nI am away.".encode(),
        b"",
        b"\xff\xfe",
    ):
        assert bounces.read(data, found) is None


def test_a_full_box_is_counted_and_then_given_up(found: Watch) -> None:
    known = entered(found, "a@example.org")
    full = bounces.Bounce(known.id, "5.2.2", gone=False)
    assert [bounces.take(full, found, NOW) for _ in range(3)] == ["counted", "counted", "disabled"]


# ------------------------------------------------------------------ configuration


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"from": "nobody"}, "expected from"),
        ({"bounces": "x"}, "bounces"),
        ({"selector": "a b"}, "selector"),
        ({"tls": "maybe"}, "expected one of"),
        ({"hots": "x"}, "unknown field"),
        ({"module": "tocsin.channels.nothing"}, "can't be used as a channel"),
        ({"module": "../x"}, "Python module"),
    ],
)
def test_a_section_with_a_fault_is_refused(found: Watch, said: dict[str, Any], fault: str) -> None:
    with pytest.raises(ChannelError, match=fault):
        mail(found, **said)


def test_a_home_without_an_address_can_send_no_mail(tmp_path: Path) -> None:
    with pytest.raises(ChannelError, match="address"):
        mail(watch(tmp_path, address=""))
    assert ADDRESS
