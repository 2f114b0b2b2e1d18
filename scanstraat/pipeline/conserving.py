"""The check that nothing was lost: what is recorded of mails is held against the log, the blobs and itself (A9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scanstraat import bounded
from scanstraat.errors import Inconsistent, Refused
from scanstraat.model.conservation import Balance, Violation, balance_of, violations
from scanstraat.model.recorded import Blob, MailFacts
from scanstraat.pipeline.counting import pages_in
from scanstraat.records.blobs import Blobs

PRELOAD = ("scanstraat.pipeline.counting",)


@dataclass(frozen=True, slots=True)
class Audited:
    """One mail looked at: its part of the balance, and what is wrong with it."""

    balance: Balance
    violations: tuple[Violation, ...]


class Auditor:
    """Looks at mails, one after the other; holds one blob in memory at a time."""

    def __init__(self, blobs: Blobs, child: bounded.Child, limits: bounded.Limits) -> None:
        self._blobs, self._child, self._limits = blobs, child, limits

    def audited(self, mails: Iterable[MailFacts | Violation]) -> Iterator[Audited]:
        """Each of the mails; what was found while they were read is passed on."""
        for mail in mails:
            if isinstance(mail, Violation):
                yield Audited(Balance(), (mail,))
                continue
            seen = {sha256: self._seen(mail, sha256) for sha256 in sorted(mail.blobs)}
            yield Audited(balance_of(mail), violations(mail, seen))

    def _seen(self, mail: MailFacts, sha256: str) -> Blob:
        try:
            path = self._blobs.sound(mail.administration, sha256)
            if sha256 in mail.pdfs:
                return Blob(pages=self._child.call(pages_in, self._limits, path.read_bytes()))
            if any(each.xml_sha256 == sha256 for each in mail.documents):
                content = path.read_bytes()
                return Blob(mentions=frozenset(name for name in mail.pdfs if name.encode() in content))
        except (Inconsistent, Refused) as error:
            return Blob(f"{error.code}: {error.message}")
        except OSError as error:
            return Blob(f"it cannot be read: {error.strerror}")
        return Blob()
