"""A desk with people at it, in memory: an authenticator of our own answers as a passkey does."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi.testclient import TestClient
from httpx import Response
from webauthn.helpers import bytes_to_base64url

from tocsin.cli.demo import exercise_home
from tocsin.desk.context import Desk, open_desk
from tocsin.desk.people import invite
from tocsin.desk.serve import application
from tocsin.home import Home
from tocsin.state import Role

ORIGIN = "https://desk.example"
START = "2019-05-03T08:00:00Z"  # the morning after the exercise's last day
_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


class Clock:
    """Time that stands until a test moves it; `seconds` is what the rate limits count by."""

    def __init__(self) -> None:
        self.time, self.seconds = START, 0.0

    def now(self) -> str:
        return self.time

    def forward(self, seconds: int) -> None:
        from tocsin.desk.clock import after

        self.time = after(self.time, seconds)
        self.seconds += seconds


class Authenticator:
    """One passkey on one device. The flags and the origin can be made wrong."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin, self.flags, self.uses = origin, _PRESENT | _VERIFIED, 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(options["rp"]["id"], _ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer("webauthn.create", options, attestationObject=bytes_to_base64url(made))

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request to show the passkey."""
        self.uses += 1
        data = self._data(options["rpId"], 0)
        said = self._client_data("webauthn.get", options)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            "webauthn.get",
            options,
            authenticatorData=bytes_to_base64url(data),
            signature=bytes_to_base64url(signature),
        )

    def _data(self, party: str, more: int) -> bytes:
        return hashlib.sha256(party.encode()).digest() + bytes([self.flags | more]) + self.uses.to_bytes(4, "big")

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, kind: str, options: dict[str, Any], **response: str) -> dict[str, Any]:
        client_data = bytes_to_base64url(self._client_data(kind, options))
        return {
            "id": bytes_to_base64url(self.id),
            "rawId": bytes_to_base64url(self.id),
            "type": "public-key",
            "response": {"clientDataJSON": client_data, **response},
            "clientExtensionResults": {},
        }


class Browser:
    """One person's browser: it keeps cookies, sends what browsers send, and fills in the forms' tokens."""

    def __init__(self, office: Office) -> None:
        self.client = TestClient(office.app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=True)
        self.key = Authenticator()
        self.token = ""
        self.headers = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}

    def get(self, path: str) -> Response:
        return self._seen(self.client.get(path))

    def post(self, path: str, **fields: str) -> Response:
        """As a form of a page that was loaded does."""
        return self._seen(self.client.post(path, data={"form_token": self.token, **fields}, headers=self.headers))

    def send(self, path: str, body: Any) -> Response:
        """As the script does."""
        headers = self.headers | {"X-Desk-Token": self.token}
        response: Response = self.client.post(path, json=body, headers=headers)
        return response

    def _seen(self, response: Response) -> Response:
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', response.text)
        self.token = found.group(1) if found else self.token
        return response

    def enrol(self, code: str, label: str = "a key") -> Response:
        options = self.send("/desk/enrol/challenge", {"code": code})
        if options.status_code != 200:
            return options
        made = self.key.create(options.json())
        return self.send("/desk/enrol", {"code": code, "label": label, "credential": made})

    def log_in(self) -> Response:
        options = self.send("/desk/login/challenge", {}).json()
        response = self.send("/desk/login", {"credential": self.key.get(options)})
        if response.status_code == 200:
            self.get("/desk/account")
        return response

    def confirm(self) -> Response:
        options = self.send("/desk/confirm/challenge", {}).json()
        response = self.send("/desk/confirm", {"credential": self.key.get(options)})
        self.get("/desk/account")  # the session goes on under a new token, and so do its forms
        return response


class Office:
    """A home of its own with the desk on it."""

    def __init__(self, root: Path, origin: str = ORIGIN) -> None:
        self.clock = Clock()
        self.home = Home.open(root)
        self.desk: Desk = open_desk(self.home, origin, self.clock.now, lambda: self.clock.seconds, self.clock.now)
        self.app = application(self.home.site, self.desk)

    def invited(self, name: str, role: Role) -> tuple[str, str]:
        """(person's identifier, one-time code)."""
        pseudonym = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        person, code = invite(self.home, pseudonym, name, role, self.clock.now())
        return person.id, code

    def person(self, name: str, role: Role) -> Browser:
        """Somebody invited, enrolled and logged in."""
        browser = Browser(self)
        _, code = self.invited(name, role)
        assert browser.enrol(code).status_code == 200
        assert browser.log_in().status_code == 200
        return browser


def office_at(template: Path, root: Path, origin: str = ORIGIN) -> Office:
    """A desk on a copy of a home that was derived before."""
    shutil.copytree(template, root)
    return Office(root, origin)


def derived_exercise(root: Path) -> Path:
    """The bundled exercise, derived, with a folder for its site."""
    home = exercise_home(root)
    home.site.mkdir(exist_ok=True)
    (home.site / "index.html").write_text("<!doctype html><title>public</title>", encoding="utf-8")
    return root
