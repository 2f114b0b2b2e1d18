"""Debian's Postfix as a private instance for tests: configuration, queue, log and ports of its own, ended with its test.

It takes mail by SMTP from this machine, hands what is for `devries.example` to an SMTP port and what is for its other domains to
an LMTP port, tries again every second, and drops its own notices to senders after it has logged them.
"""

from __future__ import annotations

import re
import shutil
import smtplib
import subprocess
import time

from benchmarks.servers import PrivateServer

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
daemon_directory = /usr/lib/postfix/sbin
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
relay_domains = jansen.example, devries.example, gestopt.example, invoices.example
transport_maps = inline:{{jansen.example=lmtp:inet:127.0.0.1:{lmtp}, gestopt.example=lmtp:inet:127.0.0.1:{lmtp},
    invoices.example=lmtp:inet:127.0.0.1:{lmtp},
    devries.example=smtp:[127.0.0.1]:{smtp}}}
default_transport = discard:
smtp_tls_security_level = may
lmtp_tls_security_level = may
smtp_tls_loglevel = 1
lmtp_tls_loglevel = 1
message_size_limit = {limit}
minimal_backoff_time = 2s
maximal_backoff_time = 2s
lmtp_line_length_limit = 0
smtp_line_length_limit = 0
queue_run_delay = 1s
lmtp_connect_timeout = 5s
smtp_connect_timeout = 5s
lmtp_destination_recipient_limit = 50
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
discard unix - - n - - discard
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_FLUSH_SECONDS = 4.0  # what was skipped, since it was still being delivered, would else wait for a minute
_OUTCOME = re.compile(
    r"""
    : \s (?P<queue> [0-9A-Za-z]+ ) : \s to=< (?P<to> [^>]* ) > , .*  # NOQUEUE and such are no outcomes
    \b status= (?P<status> sent | bounced | deferred ) \s \( (?P<answer> .* ) \) $
    """,
    re.VERBOSE | re.MULTILINE,
)


class PrivatePostfix(PrivateServer):
    """Started with the ports of the servers it delivers to; those may come and go."""

    def __init__(self, lmtp: int, smtp: int, limit: int = 30_000_000) -> None:
        super().__init__()
        self.folder.chmod(0o755)
        self._config = self.folder / "etc"
        for name in ("etc", "queue", "data"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        values = {"folder": self.folder, "lmtp": lmtp, "smtp": smtp, "limit": limit, "port": self.port}
        (self._config / "main.cf").write_text(_MAIN.format(**values))
        (self._config / "master.cf").write_text(_MASTER.format(**values))

    def command(self) -> list[str]:
        """In the foreground."""
        return ["postfix", "-c", str(self._config), "start-fg"]

    def answers(self) -> bool:
        """Whether it takes mail."""
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as client:
                return client.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def kill(self) -> None:
        """End it and its children."""
        if self.process is not None:
            subprocess.run(["postfix", "-c", str(self._config), "abort"], check=False, capture_output=True)
        super().kill()

    def send(self, recipients: list[str], mail: bytes, sender: str = "a@supplier.example") -> None:
        """Hand it a mail for these."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=60) as client:
            client.sendmail(sender, recipients, mail)

    def outcomes(self) -> list[tuple[str, str, str]]:
        """What became of deliveries so far: (recipient, sent, bounced or deferred, what the server said)."""
        return [(found["to"], found["status"], found["answer"]) for found in _OUTCOME.finditer(self.log())]

    def log(self) -> str:
        """All it said."""
        return (self.folder / "postfix.log").read_text(errors="replace")

    def wait_for(self, recipient: str, status: str, seconds: float = 30.0) -> str:
        """What the server said when a mail for `recipient` came to `status`."""
        until, flushed_at = time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < until:
            if status == "sent" and time.monotonic() > flushed_at + _FLUSH_SECONDS:
                flushed_at = time.monotonic()
                subprocess.run(["postfix", "-c", str(self._config), "flush"], check=False, capture_output=True)
            for to, became, answer in self.outcomes():
                if (to, became) == (recipient, status):
                    return answer
            time.sleep(0.05)
        raise AssertionError(self.log()[-3_000:])
