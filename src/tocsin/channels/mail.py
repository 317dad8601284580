"""The newsletter: one mail to each subscriber, text and HTML, signed with DKIM, ended by one click (RFC 8058).

    [channel.mail]
    host = "127.0.0.1"            the server that takes our mail, and its port
    port = 25
    tls = "starttls"              or "none" (a server on this machine), or "tls" from the first byte
    user = "", password_file = "" where the server asks who we are; the file is below the home
    from = "Watch <news@watch.example>"
    bounces = "bounces@watch.example"   each mail leaves as bounces+TOKEN@…; `tocsin bounce` reads what comes back
    selector = "tocsin"           signs with <home>/keys/dkim.key; `tocsin channels` prints the DNS record

SMTP can't be exactly-once: where the connection breaks between the server's taking a mail and its saying so,
the mail is sent again, with the same Message-ID. So one mail is on its way at a time.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime
import os
import re
import textwrap
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import parseaddr
from pathlib import Path

import aiosmtplib
import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tocsin.channels import ChannelError, Later, Message, Outcome, Refused, Sent, Watch
from tocsin.channels.addresses import mail_address
from tocsin.channels.writing import rendered
from tocsin.rules.reading import Table
from tocsin.state import Subscriber

_LINES = WIRE.clone(max_line_length=900)  # a folded link is no link; RFC 5322 bears 998
# Signed, and `From` and `Subject` once more than they stand there, so that nobody can add a second one.
_SIGNED = (
    *("from", "from", "to", "subject", "subject", "date", "message-id", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "auto-submitted"),
)
_FAULTS = (aiosmtplib.SMTPException, OSError, TimeoutError)
_NO_SUCH_ADDRESS = re.compile(r"\s*5\.1\.\d")


def open_channel(section: Table, watch: Watch) -> Mail:
    sender = section.text("from")
    name, address = parseaddr(sender)
    if mail_address(address) is None:
        raise ChannelError(f'[channel.mail]: expected from = "Name <news@watch.example>", found {sender!r}')
    if not watch.links.address:
        raise ChannelError("[channel.mail]: mails link to where they are ended; give home.toml an `address`")
    bounces, selector = section.text("bounces", ""), section.text("selector", "")
    if bounces and mail_address(bounces) is None:
        raise ChannelError(f"[channel.mail]: expected bounces to be a mail address, found {bounces!r}")
    if selector and not re.fullmatch(r"[a-z0-9-]{1,63}", selector):
        raise ChannelError(f"[channel.mail]: expected a selector of letters, digits and '-', found {selector!r}")
    secret_file = section.text("password_file", "")
    server = Server(
        host=section.text("host"),
        port=section.integer("port", 25),
        tls=section.choice("tls", ("none", "starttls", "tls"), "starttls"),
        user=section.text("user", ""),
        password=(watch.root / secret_file).read_text("utf-8").strip() if secret_file else "",
    )
    signer = Signer.load(watch.root / "keys", selector, address) if selector else None
    return Mail(watch, server, Letterhead(watch, name or watch.name, address, bounces), signer)


@dataclass(frozen=True, slots=True)
class Server:
    """The server that takes our mail."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""

    def connection(self, seconds: float) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls == "tls",
            start_tls=self.tls == "starttls",
            username=self.user or None,
            password=self.password or None,
            timeout=seconds,
        )


class Mail:
    """Sends one mail at a time over one connection, which is kept while there is something to send."""

    window = 1
    seconds = 60.0
    standing: tuple[Subscriber, ...] = ()
    asks = True

    def __init__(self, watch: Watch, server: Server, letterhead: Letterhead, signer: Signer | None) -> None:
        self._server, self._letterhead, self.signer = server, letterhead, signer
        self._connection: aiosmtplib.SMTP | None = None
        self._doubts = 0

    def address(self, text: str) -> str | None:
        return mail_address(text)

    async def send(self, message: Message) -> Outcome:
        address = mail_address(message.subscriber.address)
        if address is None:
            return Refused(f"{message.subscriber.id} has no address that a mail could bear", gone=True)
        written = self.written(message)
        try:
            async with asyncio.timeout(self.seconds):
                connection = await self._connected()
        except _FAULTS as error:
            self._drop()
            return Later(f"{type(error).__name__}: {error}", ours=True)
        try:
            async with asyncio.timeout(self.seconds):
                await connection.sendmail(self._letterhead.returns(message.subscriber), [address], written)
        except _FAULTS as error:
            return await self._failed(error)
        self._doubts = 0
        return Sent()

    def written(self, message: Message) -> bytes:
        """The mail as it leaves, with its signature: the same text and Message-ID at every attempt."""
        letter = self._letterhead.letter(message).as_bytes(policy=_LINES)
        return self.signer.signed(letter) if self.signer else letter

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(*_FAULTS):
                await connection.quit(timeout=5)
            connection.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._connection is None or not self._connection.is_connected:
            self._connection = self._server.connection(self.seconds)
            await self._connection.connect()
        return self._connection

    async def _failed(self, error: Exception) -> Outcome:
        """What an error means for this mail. Whatever leaves the connection in doubt ends it: one mail that breaks
        it must not hold the others up, two in a row are a server in trouble."""
        if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
            await self._reset()
            first = error.recipients[0]
            return _judged(first.code, first.message)
        if isinstance(error, aiosmtplib.SMTPDataError):
            await self._reset()
            return _judged(error.code, error.message)
        self._drop()
        self._doubts += 1
        ours = self._doubts > 1 or isinstance(error, aiosmtplib.SMTPSenderRefused)
        return Later(f"{type(error).__name__}: {error}", ours=ours)

    async def _reset(self) -> None:
        try:
            async with asyncio.timeout(self.seconds):
                if self._connection is not None:
                    await self._connection.rset()
        except _FAULTS:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _judged(code: int, said: str) -> Outcome:
    """RFC 5321, 4.2.1: 4xx is for now, 5xx for good; RFC 3463: 5.1.x says that there is no such address."""
    reason = f"{code} {said}"[:200]
    return Later(reason) if code < 500 else Refused(reason, gone=bool(_NO_SUCH_ADDRESS.match(said)))


@dataclass(frozen=True)
class Letterhead:
    """Everything of a mail but its signature."""

    watch: Watch
    name: str
    address: str
    bounces: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    def returns(self, subscriber: Subscriber) -> str:
        """Where a mail comes back to that can't be delivered: an address of its own for each subscriber."""
        if not self.bounces:
            return self.address
        local, _, domain = self.bounces.rpartition("@")
        return f"{local}+{self.watch.links.token('bounce', subscriber.id)}@{domain}"

    def letter(self, message: Message) -> EmailMessage:
        asking = message.bulletin is None
        subject, text, page = _content(message, self.watch)
        letter = EmailMessage()
        letter["From"] = Address(self.name, addr_spec=self.address)
        letter["To"] = message.subscriber.address
        letter["Subject"] = subject
        letter["Date"] = datetime.datetime.fromisoformat(message.bulletin.issued if message.bulletin else message.now)
        letter["Message-ID"] = f"<{message.delivery.message_id}@{self.domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        if not asking:
            self._list_headers(letter, message.subscriber)
        letter.set_content(text, cte="quoted-printable")
        letter.add_alternative(page, subtype="html", cte="quoted-printable")
        letter.set_boundary(f"=_{message.delivery.message_id}")
        return letter

    def _list_headers(self, letter: EmailMessage, subscriber: Subscriber) -> None:
        """RFC 2919 and RFC 8058, which asks for https: a plain address could be read on the way."""
        end = f"{self.watch.links.subscription(subscriber.id)}/end"
        letter["List-Id"] = f"<{self.watch.status}.tocsin.{self.domain}>"
        letter["List-Unsubscribe"] = f"<{end}>"
        if end.startswith("https://"):
            letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _content(message: Message, watch: Watch) -> tuple[str, str, str]:
    """Subject, text and HTML."""
    link, levels = watch.links.subscription(message.subscriber.id), watch.rules.levels
    areas = [watch.rules.areas[area].name for area in message.subscriber.areas if area in watch.rules.areas]
    common = {
        "watch": watch,
        "subscriber": message.subscriber,
        "areas": areas,
        "link": link,
        "exercise_mark": levels.exercise_mark if watch.mark else "",
        "disclaimer": levels.disclaimer,
    }
    if message.bulletin is None:
        subject = rendered("asking.subject", **common)
        return _one_line(subject), _wrapped(rendered("asking.txt", **common)), rendered("asking.html", **common)
    bulletin = message.bulletin
    title = bulletin.title if bulletin.title.startswith(watch.mark) else watch.mark + bulletin.title
    paragraphs = [part for part in re.split(r"\n\s*\n", bulletin.text.strip()) if part.strip()]
    told = {**common, "bulletin": bulletin, "title": title, "paragraphs": paragraphs}
    return _one_line(title), _wrapped(rendered("news.txt", **told)), rendered("news.html", **told)


def _one_line(text: str) -> str:
    """A header's text: what begins a new line in it would be a header of its own."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).split())


def _wrapped(text: str) -> str:
    """Lines of at most 72 characters, links kept whole."""
    lines = (
        textwrap.wrap(line, 72, break_long_words=False, break_on_hyphens=False) or [""] for line in text.split("\n")
    )
    return "\n".join(line for wrapped in lines for line in wrapped) + "\n"


@dataclass(frozen=True)
class Signer:
    """DKIM (RFC 6376): rsa-sha256, relaxed/relaxed, with the domain of the From address."""

    key: bytes
    selector: str
    domain: str

    @staticmethod
    def load(keys: Path, selector: str, address: str) -> Signer:
        """The home's own, whose key is made at first use: <home>/keys/dkim.key, readable by its owner alone."""
        path = keys / "dkim.key"
        if not path.exists():
            keys.mkdir(parents=True, exist_ok=True)
            made = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(made)
        return Signer(path.read_bytes(), selector, address.rpartition("@")[2])

    def signed(self, letter: bytes) -> bytes:
        head = letter.partition(b"\r\n\r\n")[0].lower()
        there = [name for name in _SIGNED if b"\r\n" + name.encode() + b":" in b"\r\n" + head]
        signature = dkim.sign(
            letter,
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in there],
        )
        return bytes(signature) + letter

    @property
    def record(self) -> str:
        """The DNS record by which receivers check the signature: a name, its type, its text."""
        key = serialization.load_pem_private_key(self.key, None).public_key()
        der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        text = f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode('ascii')}"
        return f'{self.selector}._domainkey.{self.domain}. TXT "{text}"'
