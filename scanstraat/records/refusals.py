"""What was turned away, and why (A9): so that "did it arrive?" has an answer also where nothing did."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime

from scanstraat.model.mail import Refusal
from scanstraat.records import models

_MONTHS = 3


def keep(refusals: Iterable[Refusal]) -> None:
    """Write them down, each with the administration it was for, where its recipient is or was one of ours."""
    rows = tuple(refusals)
    addresses = {row.recipient.lower() for row in rows if row.recipient}
    owners = dict(models.Address.objects.filter(address__in=addresses).values_list("address", "administration_id"))
    models.Refusal.objects.bulk_create(_row(row, owners.get(row.recipient.lower())) for row in rows)


def forget_before(moment: datetime) -> int:
    """Delete those from before `moment` (I1); how many."""
    return models.Refusal.objects.filter(at__lt=moment).delete()[0]


def three_months_before(moment: datetime) -> datetime:
    """So far back are things kept (I1): three calendar months.

    >>> three_months_before(datetime(2026, 5, 31, 12, 0)), three_months_before(datetime(2026, 1, 1))
    (datetime.datetime(2026, 2, 28, 12, 0), datetime.datetime(2025, 10, 1, 0, 0))
    """
    months = moment.year * 12 + moment.month - 1 - _MONTHS
    year, month = months // 12, months % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _row(refusal: Refusal, administration: int | None) -> models.Refusal:
    return models.Refusal(
        at=refusal.at,
        channel=refusal.channel,
        peer=_kept(refusal.peer, 100),
        sender=_kept(refusal.sender, 320),
        recipient=_kept(refusal.recipient, 320),
        administration_id=administration,
        reply=_kept(refusal.reply, 2_000),
    )


def _kept(text: str, most: int) -> str:
    # PostgreSQL keeps no NUL, and what a stranger wrote must not keep the others from being written down.
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:most]
