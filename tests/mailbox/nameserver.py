"""A real name server on loopback with the records a test gives it, and mails signed for them."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dnslib import QTYPE, RCODE, RR
from dnslib.server import BaseResolver, DNSHandler, DNSLogger, DNSServer


class _Zone(BaseResolver):
    def __init__(self, records: dict[tuple[str, str], list[str]], broken: set[str], asked: list[str]) -> None:
        self._records, self._broken, self._asked = records, broken, asked

    def resolve(self, request, handler: DNSHandler):  # type: ignore[no-untyped-def]
        name, kind = str(request.q.qname).rstrip(".").lower(), QTYPE[request.q.qtype]
        self._asked.append(f"{name} {kind}")
        reply = request.reply()
        values = self._records.get((name, kind), [])
        for value in values:
            reply.add_answer(*RR.fromZone(f"{name}. 60 {kind} {value}"))
        if name in self._broken:
            reply.header.rcode = RCODE.SERVFAIL
        elif not any(known == name for known, _ in self._records):
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


@dataclass
class NameServer:
    """Serves what is in it, also what is put there later; `broken` names get SERVFAIL, `asked` tells of the questions."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> NameServer:
        zone = _Zone(self.records, self.broken, self.asked)
        self._servers = _on_one_port(zone)
        self.port = self._servers[0].server.server_address[1]
        for server in self._servers:
            threading.Thread(target=server.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        for server in self._servers:
            server.server.shutdown()
            server.server.server_close()

    def text(self, name: str, *values: str) -> None:
        """TXT records, replacing those there were; long ones in several strings, as keys are published."""
        self.records[name, "TXT"] = [" ".join(f'"{v[i : i + 200]}"' for i in range(0, len(v), 200)) for v in values]

    def publish(self, domain: str, spf: str = "", dmarc: str = "", selector: str = "") -> None:
        """The usual records of a domain that sends mail."""
        self.records.setdefault((domain, "A"), ["192.0.2.1"])
        if spf:
            self.text(domain, spf)
        if dmarc:
            self.text(f"_dmarc.{domain}", dmarc)
        if selector:
            self.text(f"{selector}._domainkey.{domain}", f"v=DKIM1; k=rsa; p={public_key()}")


def _on_one_port(zone: _Zone) -> list[DNSServer]:
    """UDP and TCP on a port that both can have."""
    quiet = DNSLogger(logf=lambda _: None)
    while True:
        datagrams = DNSServer(zone, port=0, address="127.0.0.1", logger=quiet)
        try:
            return [
                datagrams,
                DNSServer(zone, port=datagrams.server.server_address[1], address="127.0.0.1", tcp=True, logger=quiet),
            ]
        except OSError:
            datagrams.server.server_close()


@cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def public_key() -> str:
    encoded = _key().public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(encoded).decode()


def signed(mail: bytes, domain: str, selector: str = "s1", **more: object) -> bytes:
    """The mail with a DKIM signature of that domain on top."""
    private = _key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return dkim.sign(mail, selector.encode(), domain.encode(), private, **more) + mail
