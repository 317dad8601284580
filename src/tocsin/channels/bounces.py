"""What comes back: a delivery status notification (RFC 3464) to the address that one mail left from."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal

from tocsin.channels import Watch

_ENVELOPE = ("Delivered-To", "X-Original-To", "X-Envelope-To", "To")
_TOKEN = re.compile(r"\+([a-z0-9]+-[a-z0-9]+)@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail that can't be delivered for good. `gone`: there is no such address (RFC 3463, 5.1.x)."""

    subscriber: str
    status: str
    gone: bool


def read(data: bytes, watch: Watch) -> Bounce | None:
    """The bounce in a mail, or None: no notification, none of ours, or a delay, which may yet end well.

    Whose it is stands in the address that it came to, which only the recipient's own mail shows.
    """
    mail = email.message_from_bytes(data, policy=email.policy.default)
    found = (_TOKEN.search(str(value)) for name in _ENVELOPE for value in mail.get_all(name, []))
    whose = next((w for hit in found if hit and (w := watch.links.subscriber("bounce", hit[1]))), None)
    status = _failed(mail)
    if whose is None or status is None:
        return None
    return Bounce(whose, status, gone=status.startswith("5.1."))


def take(bounce: Bounce, watch: Watch, now: str) -> Literal["disabled", "counted"]:
    """Write to nobody who is not there; to others not after so many refusals in a row."""
    if bounce.gone:
        watch.register.give_up(bounce.subscriber, now)
        return "disabled"
    most = watch.rules.channels.by_name["mail"].refusals
    return "disabled" if watch.register.refused(bounce.subscriber, now, most) else "counted"


def _failed(mail: EmailMessage) -> str | None:
    """The status of the first recipient whom the report says a mail can't reach."""
    if mail.get_content_type() != "multipart/report":
        return None
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.get_payload():
            said = str(block.get("Status", "")).strip() if not isinstance(block, str) else ""
            if said.startswith("5.") and str(block.get("Action", "")).strip().lower() == "failed":  # type: ignore[union-attr]
                return said.split()[0]
    return None
