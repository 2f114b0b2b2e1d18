"""Putting the rooms together: which database, which bell, which folders. Import only after the database is connected."""

from __future__ import annotations

from scanstraat.mailbox.handing import HandingIn
from scanstraat.mailbox.spool import Spool
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from scanstraat.workers.bell import bell
from scanstraat.workers.collect import Kind
from scanstraat.workers.process import clock


def intake(settings: Settings) -> StoredIntake:
    """The house as the mail servers see it."""
    return StoredIntake(Blobs(settings.home_path), TaskTable(), clock, bell(settings))


def sources(settings: Settings) -> tuple[Kind, ...]:
    """What mails are collected from, and what looks after each."""
    from scanstraat.pipeline.collecting import mailbox_looking  # with imapclient, which nothing else needs
    from scanstraat.pipeline.watching import FolderWatch
    from scanstraat.records import folders, mailboxes

    house = intake(settings)
    handing_in = HandingIn(house, Spool(settings.home_path / "spool"), settings.max_mail_octets)
    return (
        Kind("mailbox", mailboxes.LEASES, lambda identifier: mailbox_looking(settings, house, clock, identifier)),
        Kind("folder", folders.LEASES, lambda identifier: FolderWatch(identifier, handing_in, settings, clock, house.refused)),
    )
