"""A Dovecot in a temporary folder, for tests and benchmarks: any user with one password, or with a token signed by its key."""

from __future__ import annotations

import base64
import grp
import hashlib
import hmac
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time

from imapclient import IMAPClient

from benchmarks.certificates import certificate
from benchmarks.servers import PrivateServer, free_port

PASSWORD = "geheim-é"
_KEY = b"a key for the tokens of the tests"

# A plain server: what the tests leave out of what Debian's Dovecot can, one by one.
EVERYTHING = "IMAP4rev1 SASL-IR LITERAL+ ID ENABLE NAMESPACE UNSELECT IDLE UIDPLUS MOVE"


def without(*names: str) -> str:
    """All but these capabilities."""
    return " ".join(name for name in EVERYTHING.split() if name not in names)


_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mail_uid = {owner}
mail_gid = {owner_group}
mail_fsync = never
mailbox_list_index = no
mail_max_userip_connections = 100
imap_capability = {capability}
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  process_limit = 200
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
{more}
"""

_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/tokens/
username_attribute = email
"""


class Dovecot(PrivateServer):
    """A server on `port` (plain, STARTTLS) and `tls_port`; `capability` instead of all it can."""

    def __init__(self, capability: str = "", more: str = "") -> None:
        super().__init__()
        self.tls_port = free_port()
        self.authority = self.folder / "certificate.pem"
        certificate(self.folder)
        self._write_key()
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid()).pw_name
        owner = "mail" if root else me
        (self.folder / "mail").mkdir()
        if root:
            shutil.chown(self.folder / "mail", owner, owner)
            self.folder.chmod(0o755)
        (self.folder / "oauth2.conf").write_text(_OAUTH2.format(folder=self.folder))
        (self.folder / "dovecot.conf").write_text(
            _CONFIG.format(
                folder=self.folder,
                internal="dovecot" if root else me,
                internal_group="dovecot" if root else _group(me),
                login="dovenull" if root else me,
                owner=owner,
                owner_group=_group(owner),
                capability=capability,
                password=PASSWORD,
                port=self.port,
                tls_port=self.tls_port,
                more=more.format(folder=self.folder),
            )
        )

    def command(self) -> list[str]:
        """In the foreground."""
        return ["/usr/sbin/dovecot", "-F", "-c", f"{self.folder}/dovecot.conf"]

    def answers(self) -> bool:
        """Whether it greets."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                return connection.recv(4) == b"* OK"
        except OSError:
            return False

    def kill(self) -> None:
        """End it with its children, in order: those of a killed master would stay."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
        super().kill()

    def kick(self, user: str) -> None:
        """End every connection of a user, as an administrator would."""
        self.doveadm("kick", user)

    def doveadm(self, *words: str) -> str:
        """Its administration's command."""
        command = ["/usr/bin/doveadm", "-c", f"{self.folder}/dovecot.conf", *words]
        return subprocess.run(command, check=False, capture_output=True, text=True).stdout

    def session(self, user: str) -> IMAPClient:
        """Another client of a user's mailbox."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.plain_login(user, PASSWORD)
        return client

    def put(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        """Lay mails into a folder, as another client does."""
        with self.session(user) as client:
            for mail in mails:
                client.append(folder, mail)

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The mails in a folder, byte for byte; none where there is no such folder."""
        with self.session(user) as client:
            if not client.folder_exists(folder):
                return []
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def token(self, user: str, seconds: float = 600.0, key: bytes = _KEY) -> str:
        """A bearer token for a user (RFC 7519), signed with this server's key or another."""
        now = int(time.time())
        claims = {"sub": user, "email": user, "iat": now - 5, "nbf": now - 5, "exp": now + int(seconds)}
        signed = b".".join(_base64url(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
        return (signed + b"." + _base64url(hmac.digest(key, signed, hashlib.sha256))).decode()

    def _write_key(self) -> None:
        place = self.folder / "tokens" / "default" / "HS256"
        place.mkdir(parents=True)
        (place / "default").write_bytes(base64.b64encode(_KEY))


def _base64url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def _group(user: str) -> str:
    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
