"""Who sent a mail: whether the address in its From can be believed, by SPF, DKIM and DMARC, and whether it may be answered.

Foreign octets are looked at in child processes, which have no network; here the questions they have are put to the domain name
system, few and for a short while. A mail that takes more than that is not believed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanstraat.bounded import Child, Limits
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.claims import HEADER_OCTETS, Claims, claims_of, domain_of
from scanstraat.mailbox.limits import trusted_networks
from scanstraat.mailbox.lookups import MOST_QUESTIONS, Answer, Asking, Lookups
from scanstraat.mailbox.proofs import is_signed, spf_step
from scanstraat.model.mail import Channel, Envelope
from scanstraat.settings import Settings

PRELOAD = ("scanstraat.mailbox.claims", "scanstraat.mailbox.proofs")
_MEMORY, _SECONDS = 400_000_000, 20.0  # a sound mail of 30 MB needs half of it
_POLICY = re.compile(r"v \s* = \s* DMARC1 \s* (?: ; (?P<tags> .* ) )? \s*", re.VERBOSE | re.DOTALL)
_STRICT = re.compile(r"(?: ^ | ; ) \s* (?P<name> adkim | aspf ) \s* = \s* s \s* (?= ; | \Z )", re.VERBOSE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a domain publishes (RFC 7489): whether DKIM and SPF must be of the very same domain. Without a record: neither."""

    strict_dkim: bool = False
    strict_spf: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """How the domain of an author was proved: the method, and the domain it proved. Empty where it was not."""

    method: str = ""
    domain: str = ""

    def __bool__(self) -> bool:
        return bool(self.method)


@dataclass(frozen=True, slots=True)
class _Case:
    raw: bytes
    envelope: Envelope
    claims: Claims
    policy: Policy
    asking: Asking


class Authenticator:
    """Tells who sent a mail. `child` preloads `PRELOAD`."""

    def __init__(self, child: Child, settings: Settings) -> None:
        self._child, self._lookups = child, Lookups(settings)
        self._authserv_id, self._own_machines = settings.authserv_id, trusted_networks(settings.trusted_peers)
        self._limits = Limits(_MEMORY, min(_SECONDS, settings.child_seconds))

    def claims(self, raw: bytes, envelope: Envelope) -> Claims:
        """What the mail says of its sender, and whether it may be answered at all. Raises `Refused` where its header is too much.

        What a relay in front says is believed where only that relay can bring a mail.
        """
        believed = "" if self._is_senders_machine(envelope) else self._authserv_id
        return self._child.call(claims_of, self._limits, raw[:HEADER_OCTETS], envelope.sender, believed)

    def proof(self, raw: bytes, envelope: Envelope, claims: Claims) -> Proof:
        """How it is proved that the domain of the author sent this mail (an aligned pass), or an empty proof.

        Raises `Unavailable` where that hangs on a name server that does not answer for now, and `Refused` for what takes more
        than a mail may.
        """
        asking = self._lookups.for_mail()
        case = _Case(raw, envelope, claims, self._policy(claims, asking), asking)
        late: Unavailable | None = None
        for way in (_by_relay, self._by_spf, self._by_dkim):
            try:
                for proof in way(case):
                    return proof
            except Unavailable as error:
                late = error
        if late is not None:
            raise late
        return Proof()

    def _by_spf(self, case: _Case) -> Iterator[Proof]:
        domain = domain_of(case.envelope.sender)
        is_aligned = case.claims.may_use_spf and (domain == case.claims.domain or not case.policy.strict_spf)
        if is_aligned and self._is_senders_machine(case.envelope) and self._spf(case.envelope, case.asking) == "pass":
            yield Proof("spf", domain)

    def _is_senders_machine(self, envelope: Envelope) -> bool:
        """Whether the peer is a machine of the sender, not one of ours: LMTP and mailboxes are filled by servers of our own."""
        try:
            peer = ipaddress.ip_address(envelope.peer.partition("%")[0])
        except ValueError:
            return False
        peer = (peer.ipv4_mapped if isinstance(peer, ipaddress.IPv6Address) else None) or peer
        return envelope.channel is Channel.SMTP and not any(peer in network for network in self._own_machines)

    def _by_dkim(self, case: _Case) -> Iterator[Proof]:
        for claimed in case.claims.signatures:
            if claimed.domain != case.claims.domain and case.policy.strict_dkim:
                continue
            for key in case.asking.texts(f"{claimed.selector}._domainkey.{claimed.domain}")[:1]:
                if self._child.call(is_signed, self._limits, case.raw, claimed.place, key):
                    yield Proof("dkim", claimed.domain)

    def _policy(self, claims: Claims, asking: Asking) -> Policy:
        """What the author's domain publishes, else the organisation's; nothing where neither does, or one does twice."""
        for domain in dict.fromkeys((claims.domain, claims.organisation)):
            texts = (text.decode("ascii", "replace") for text in asking.texts(f"_dmarc.{domain}"))
            found = [policy for text in texts if (policy := _POLICY.fullmatch(text.strip()))]
            if len(found) == 1:
                strict = {tag["name"].lower() for tag in _STRICT.finditer(found[0]["tags"] or "")}
                return Policy("adkim" in strict, "aspf" in strict)
        return Policy()

    def _spf(self, envelope: Envelope, asking: Asking) -> str:
        known: tuple[Answer, ...] = ()
        for _ in range(MOST_QUESTIONS):
            step = self._child.call(spf_step, self._limits, envelope.peer, envelope.sender, envelope.helo, known)
            if step.asks is None:
                return step.result
            known = (*known, asking.ask(step.asks))
        raise Refused("dns-too-much", "to prove who sent it takes too many questions to the domain name system.")


def _by_relay(case: _Case) -> Iterator[Proof]:
    is_strict = case.policy.strict_dkim or case.policy.strict_spf
    yield from (Proof("relay", domain) for domain in case.claims.vouched if domain == case.claims.domain or not is_strict)
