"""Receivers for the proof by kills, each a process of its own that keeps what it took before it says so.

    python receivers.py smtp LOG        recipients slow…, dead… and lying… behave as they are called
    python receivers.py hooks LOG       so do the paths /slow…, /lying…

Each prints its port. A line of LOG is 'mail MESSAGE-ID RECIPIENT' or 'hook WEBHOOK-ID PATH', flushed to the disk.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Log:
    """Whole lines, each on the disk when `take` returns."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._lied: set[str] = set()

    def take(self, kind: str, name: str, recipient: str) -> None:
        os.write(self._file, f"{kind} {name} {recipient}\n".encode())
        os.fsync(self._file)

    def first(self, name: str) -> bool:
        """Whether this is the first time that we lie about it."""
        known = name in self._lied
        self._lied.add(name)
        return not known


class Mailboxes:
    def __init__(self, log: Log) -> None:
        self._log = log

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("dead"):
            return "550 5.1.1 there is nobody"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        name = str(message_from_bytes(envelope.content)["Message-ID"]).strip("<>").partition("@")[0]
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("slow"):
            await asyncio.sleep(0.02)
        self._log.take("mail", name, recipient)
        if recipient.startswith("lying") and self._log.first(name):
            server.transport.abort()  # taken, and never said so
        return "250 taken"


async def smtp(log: Log) -> None:
    from aiosmtpd.smtp import SMTP

    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Mailboxes(log), enable_SMTPUTF8=False, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def hooks(log: Log) -> None:
    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            name = self.headers["webhook-id"]
            if self.path.startswith("/slow"):
                time.sleep(0.2)
            log.take("hook", name, self.path)
            lies = self.path.startswith("/lying") and log.first(name)
            self.send_response(500 if lies else 200)  # a lie: it was taken
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Senders are killed here."""

    server = Server(("127.0.0.1", 0), Hook)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1] == "smtp":
        asyncio.run(smtp(Log(sys.argv[2])))
    else:
        hooks(Log(sys.argv[2]))
