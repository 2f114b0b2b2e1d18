"""What a mail claims of its sender, and what in its header forbids to answer it (RFC 3834). Runs in a child process."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from authres import AuthenticationResultsHeader
from authres.core import AuthResError
from publicsuffix2 import PublicSuffixList

from scanstraat.mailbox.fields import Fields, split_header

HEADER_OCTETS = 512_000
OWN_FIELD = "X-Scanstraat-Letter"
_MOST_SIGNATURES = 4
_FROM = re.compile(
    r"""
    (?: (?: [^<>"] | " (?: [^"\\] | \\. )* " )* < )?                       # a name, quoted or not
    (?P<address> (?P<local> [!-'*-+\--9=?A-Z^-~.]{1,64} ) @ (?P<domain> [a-z0-9-]{1,63} (?: \.[a-z0-9-]{1,63} )+ ) )
    (?: > )? \s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DOMAIN = re.compile(r"[a-z0-9-]{1,63} (?: \.[a-z0-9-]{1,63} )+", re.VERBOSE | re.IGNORECASE)
_TAG = re.compile(r"(?: ^ | ; ) \s* (?P<name> [ds] ) \s* = \s* (?P<value> [^;\s]+ )", re.VERBOSE)
_NOBODY = re.compile(
    r"""
    mailer-?daemon | postmaster | nobody | null | majordomo | list(?: serv|proc )? | owner-.+ | .+-(?: request|bounces?|owner )
    | bounces? .* | auto-?(?: reply|responder|confirm )
    | (?: do-?not|no|nicht|geen|ei ) [._-]? (?: reply|antworten|antwoord|vastaa ) .*
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A DKIM signature as claimed: its place among those of the mail, its domain and the name of its key."""

    place: int
    domain: str
    selector: str


@dataclass(frozen=True, slots=True)
class Claims:
    """What a header says. `author` is the one address in From, "" where there is no such; `domain` its domain.

    `organisation` is the registered domain over it. `signatures` are those whose domain belongs to it. `vouched` are domains of
    the organisation that the relay in front says are proved. `may_use_spf`: the envelope's sender belongs to it too. `objection`
    says why the mail must not be answered, "" where nothing forbids it; `letter` is the id of the letter of ours that it is.
    """

    author: str = ""
    domain: str = ""
    organisation: str = ""
    signatures: tuple[Signature, ...] = ()
    vouched: tuple[str, ...] = ()
    may_use_spf: bool = False
    objection: str = ""
    letter: str = ""


def claims_of(header: bytes, envelope_sender: str, authserv_id: str) -> Claims:
    """The claims of a mail that begins with `header`; `authserv_id` names the relay in front that is believed, "" for none."""
    fields, _ = split_header(header)
    found = _author(fields)
    letter = fields.text(OWN_FIELD.lower(), 64)
    if found is None:
        return Claims(objection="its From is not one address that can be written to", letter=letter)
    address, domain = found["address"], found["domain"].lower()
    organisation = organisation_of(domain)
    return Claims(
        author=f"{found['local']}@{domain}",
        domain=domain,
        organisation=organisation,
        signatures=tuple(s for s in _signatures(fields) if organisation_of(s.domain) == organisation),
        vouched=tuple(v for v in _vouched(fields, authserv_id) if organisation_of(v) == organisation),
        may_use_spf=organisation_of(domain_of(envelope_sender)) == organisation,
        objection=next((row.reason for row in OBJECTIONS if row.applies(fields, address)), ""),
        letter=letter,
    )


def domain_of(address: str) -> str:
    """The domain of an address, in lower case.

    >>> domain_of("piet@Jansen.example"), domain_of("")
    ('jansen.example', '')
    """
    return address.rpartition("@")[2].lower().rstrip(".")


def organisation_of(domain: str) -> str:
    """The registered domain that a domain belongs to (RFC 7489, 3.2); the domain itself where it is one or none is over it.

    Under an ending that is not in the list of public suffixes, two labels are one (the list's own rule for those).

    >>> organisation_of("mail.jansen.co.uk"), organisation_of("jansen.nl"), organisation_of("co.uk"), organisation_of("")
    ('jansen.co.uk', 'jansen.nl', 'co.uk', '')
    >>> organisation_of("mail.jansen.example"), organisation_of("example")
    ('jansen.example', 'example')
    """
    listed = _suffixes().get_sld(domain, strict=True) if domain else None
    return listed or ".".join(domain.split(".")[-2:])


def preload() -> None:
    """Load the list of public suffixes, once, in the warm process."""
    _suffixes()


@cache
def _suffixes() -> PublicSuffixList:
    path = resources.files("authheaders").joinpath("public_suffix_list.txt")
    with path.open(encoding="utf-8") as file:
        return PublicSuffixList(file)


def _author(fields: Fields) -> re.Match[str] | None:
    """From, where there is just one and it holds just one address in plain ASCII (as the field has it, nothing decoded)."""
    values = [value for name, value in fields.items if name == "from"]
    if len(values) != 1 or not values[0].isascii():
        return None
    text = values[0].decode("ascii").strip()
    found = _FROM.fullmatch(text)
    return found if found and ("<" in text) == text.endswith(">") else None


def _signatures(fields: Fields) -> tuple[Signature, ...]:
    """The first few signatures; their places count all of them."""
    values = [value.decode("ascii", "replace") for name, value in fields.items if name == "dkim-signature"]
    tags = [{tag["name"]: tag["value"].lower() for tag in _TAG.finditer(value)} for value in values[: 4 * _MOST_SIGNATURES]]
    sound = ((place, t["d"], t["s"]) for place, t in enumerate(tags) if "d" in t and "s" in t and _DOMAIN.fullmatch(t["d"]))
    return tuple(Signature(*found) for found in sound)[:_MOST_SIGNATURES]


def _vouched(fields: Fields, authserv_id: str) -> tuple[str, ...]:
    """The domains that the topmost Authentication-Results says are proved, where it is that of the relay in front (RFC 8601)."""
    raw = fields.raw("authentication-results")
    if not authserv_id or not raw:
        return ()
    try:
        header = AuthenticationResultsHeader.parse(f"Authentication-Results: {raw.decode('ascii', 'replace')}")
    except (AuthResError, ValueError, TypeError, IndexError, AttributeError):
        return ()
    if (header.authserv_id or "").lower() != authserv_id.lower():
        return ()
    passed = (result for result in header.results if result.result == "pass")
    named = (
        domain_of(f"{p.value}") for result in passed for p in result.properties if (result.method, p.type, p.name) in _PROVING
    )
    return tuple(filter(_DOMAIN.fullmatch, named))


# Which property of which method names the domain that is proved.
_PROVING = frozenset({("dmarc", "header", "from"), ("dkim", "header", "d"), ("spf", "smtp", "mailfrom")})


@dataclass(frozen=True, slots=True)
class Objection:
    """A row of the table: what forbids to answer, and the reason as it is logged."""

    reason: str
    applies: Callable[[Fields, str], bool]


def _says(fields: Fields, name: str, *words: str) -> bool:
    said = fields.text(name).lower()
    return any(word in said for word in words)


def _is_automatic(fields: Fields, _: str) -> bool:
    return fields.text("auto-submitted", 60).lower().partition(";")[0].strip() not in ("", "no")


OBJECTIONS = (
    Objection("it is a letter of ours", lambda f, _: bool(f.raw(OWN_FIELD.lower()))),
    Objection("nobody reads mail to its sender", lambda _, a: bool(_NOBODY.fullmatch(a.rpartition("@")[0]))),
    Objection("it was sent by a machine", _is_automatic),
    Objection(
        "its sender asks for no automatic answers", lambda f, _: _says(f, "x-auto-response-suppress", "all", "autoreply", "oof")
    ),
    Objection("it is an automatic answer", lambda f, _: any(f.raw(n) for n in ("x-autoreply", "x-autorespond", "x-loop"))),
    Objection(
        "it was sent to a list", lambda f, _: any(f.raw(n) for n in ("list-id", "list-post", "mailing-list", "x-mailing-list"))
    ),
    Objection("it was sent to many", lambda f, _: _says(f, "precedence", "bulk", "list", "junk")),
    Objection("it is a delivery report", lambda f, _: _says(f, "content-type", "multipart/report", "message/delivery-status")),
    Objection("it is a bounce", lambda f, _: f.text("return-path", 20) == "<>"),
)
