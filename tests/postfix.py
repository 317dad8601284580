"""A real Postfix of our own on loopback: its own configuration, queue and mailboxes, on a free port.

`reader.example` knows one reader, refuses everybody else at once, and `watch.example` takes what comes back.
Mail for anywhere else is taken and found undeliverable a moment later, so that it comes back as a bounce.
"""

from __future__ import annotations

import mailbox
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

PROGRAM = shutil.which("postfix", path="/usr/sbin:/usr/bin:/sbin:/bin")
DAEMONS = Path("/usr/lib/postfix/sbin")
WHY_NOT = (
    "Debian's postfix is not installed (make deps)"
    if PROGRAM is None or not DAEMONS.is_dir()
    else "only root may start a Postfix"
    if os.geteuid() != 0
    else ""
)
READER = "reader@reader.example"

_MAIN = """
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
maillog_file = {root}/log
maillog_file_prefixes = {root}
myhostname = mx.reader.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
default_transport = nobody
virtual_mailbox_domains = reader.example, watch.example
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = regexp:{root}/etc/boxes
virtual_minimum_uid = 1
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_tls_security_level = none
smtputf8_enable = no
"""
_BOXES = r"""
/^reader@reader\.example$/ reader/
/^bounces\+[a-z0-9-]+@watch\.example$/ bounces/
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
nobody unix - n n - - pipe
  user=nobody argv={root}/etc/nobody
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """The running server. `port` takes mail; `arrived` waits for what lies in a box."""

    def __init__(self, root: Path, port: int) -> None:
        self.root, self.port = root, port

    def arrived(self, box: str, count: int = 1, seconds: float = 20.0) -> list[tuple[bytes, Message]]:
        """The mails of a box as bytes and as read, once there are so many. Raises AssertionError after the time."""
        folder = self.root / "mail" / box / "new"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns) if folder.is_dir() else []
            if len(found) >= count:
                return [(path.read_bytes(), mailbox.MaildirMessage(path.read_bytes())) for path in found]
            time.sleep(0.05)
        raise AssertionError(
            f"expected {count} mails in {box}, found fewer:\n{(self.root / 'log').read_text()[-3000:]}"
        )


@contextmanager
def running() -> Iterator[Postfix]:
    assert PROGRAM is not None
    with tempfile.TemporaryDirectory(prefix="postfix") as name:
        root = Path(name)
        root.chmod(0o755)  # its daemons run as another user
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = int(found.getsockname()[1])
        for folder in ("etc", "queue", "data", "mail"):
            (root / folder).mkdir()
        shutil.chown(root / "data", "postfix")
        os.chown(root / "mail", 65534, 65534)
        (root / "etc" / "main.cf").write_text(_MAIN.format(root=root, daemons=DAEMONS))
        (root / "etc" / "master.cf").write_text(_MASTER.format(port=port, root=root))
        (root / "etc" / "boxes").write_text(_BOXES)
        (root / "etc" / "nobody").write_text("#!/bin/sh\nexit 67\n")  # EX_NOUSER
        (root / "etc" / "nobody").chmod(0o755)
        command = [PROGRAM, "-c", str(root / "etc")]
        started = subprocess.run([*command, "start"], capture_output=True, text=True)
        assert started.returncode == 0, started.stderr
        try:
            _until_it_answers(port)
            yield Postfix(root, port)
        finally:
            subprocess.run([*command, "stop"], capture_output=True)


def _until_it_answers(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("Postfix does not answer")
