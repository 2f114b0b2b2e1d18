"""One mail told whole, and mails found again (A9)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.ends import End
from scanstraat.model.mail import Channel
from scanstraat.model.story import MailStory
from scanstraat.records import lists, mails, models
from scanstraat.records.ends import mail_story, part_ends
from scanstraat.records.search import MailFilter
from tests.pipeline.kept_mail import ORIGIN, RECEIVED, Kept, blobs, keep


def _refuse(owner: Administration, sender: str, recipient: str = "") -> None:
    models.Refusal.objects.create(
        at=RECEIVED,
        channel=Channel.SMTP,
        peer="192.0.2.7",
        sender=sender,
        recipient=recipient or f"{owner.drop}@invoices.example",
        administration_id=owner.id,
        reply=f"552 5.3.4 too big for {owner.drop}",
    )


@pytest.mark.rule("A9", "A5", "A8")
def test_a_mail_is_told_whole(administration: Administration) -> None:
    kept = keep(administration)
    mails.log(kept.mail, RECEIVED, "received", "again, from 192.0.2.8: the same mail, processed once (A8)")
    _refuse(administration, "Bounce@klant.example")
    _refuse(administration, "other@klant.example")
    story = mail_story(kept.mail, blobs())
    assert (story.administration, story.header.subject, story.envelope.peer) == (
        administration.name,
        "Fwd: Factuur 5",
        "192.0.2.7",
    )
    assert (story.times_received, story.origins) == (2, (ORIGIN,))
    assert [(part.name, part.end, part.documents) for part in story.parts] == [
        ("", End.KEPT, ()),
        ("factuur mei.pdf", End.DELIVERED, (0,)),
        ("logo.png", End.KEPT, ()),
        ("geheim.pdf", End.IN_REVIEW, (1,)),
    ]
    assert [part.reason for part in story.parts][:3] == ["text of the mail", f"delivered as {story.documents[0].drop}", "logo"]
    assert story.parts[2].octets == len(b"logo")
    assert story.parts[1].pages == 2
    assert [(document.end, document.reason) for document in story.documents][1] == (End.IN_REVIEW, "the file is encrypted")
    assert [event.event for event in story.events] == ["received", "opened", "read", "sorted", "received"]
    assert [refusal.sender for refusal in story.refusals] == ["Bounce@klant.example"]


@pytest.mark.rule("A9")
def test_it_is_the_same_value_for_programs(administration: Administration) -> None:
    story = mail_story(keep(administration).mail, blobs())
    assert from_json(to_json(story), MailStory) == story


@pytest.mark.rule("A9")
def test_parts_stand_under_the_containers_they_came_out_of(administration: Administration) -> None:
    kept = keep(administration)
    for index, container in ((1, 0), (2, 1), (3, 3)):
        models.Part.objects.filter(mail_id=kept.mail, index=index).update(container=container)
    assert [part.depth for part in mail_story(kept.mail, blobs()).parts] == [0, 1, 2, 0]


@pytest.mark.rule("A9")
def test_a_mail_that_is_not_there_is_refused_and_rows_at_hand_will_do(administration: Administration) -> None:
    with pytest.raises(Refused, match="unknown-id"):
        mail_story(UUID(int=7), blobs())
    row = models.Mail.objects.get(id=keep(administration).mail)
    assert [end.end for end in part_ends(row)] == [End.KEPT, End.DELIVERED, End.KEPT, End.IN_REVIEW]


@pytest.mark.rule("A9")
@pytest.mark.parametrize(
    "search",
    [
        "factuur mei.pdf",
        "Piet@Klant.example",
        "bounce@klant",
        "{drop}@invoices",
        "{mail}@klant.example",
        "oven.example",
        "Fwd: 5",
    ],
)
def test_a_mail_is_found_by_what_people_know_of_it(administration: Administration, search: str) -> None:
    kept = keep(administration)
    words = search.format(drop=administration.drop, mail=kept.mail)
    assert [line.id for line in lists.mail_lines(10, MailFilter(administration.drop, search=words))] == [kept.mail]
    assert lists.mail_lines(10, MailFilter(administration.drop, search=f"{words} nothing-like-it")) == ()


def _listed(administration: Administration, wanted: MailFilter) -> list[UUID]:
    ours = [line for line in lists.mail_lines(100_000, wanted) if line.administration == administration.name]
    return [line.id for line in ours]


@pytest.mark.rule("A9", "A8")
def test_mails_are_narrowed_by_administration_time_and_state(administration: Administration) -> None:
    first, second = keep(administration), keep(administration, RECEIVED + timedelta(days=1))
    assert _listed(administration, MailFilter(administration.name.upper())) == [second.mail, first.mail]
    assert _listed(administration, MailFilter(since=RECEIVED + timedelta(hours=1))) == [second.mail]
    assert _listed(administration, MailFilter(until=RECEIVED + timedelta(days=1))) == [first.mail]
    assert _listed(administration, MailFilter(state="in-review")) == [second.mail, first.mail]
    assert _listed(administration, MailFilter(state="archived")) == []
    models.Document.objects.filter(id=first.invoice).update(state="staged")
    assert _listed(administration, MailFilter(state="under-way")) == [first.mail]
    _again(second)
    assert _listed(administration, MailFilter(state="again")) == [second.mail]
    (line,) = lists.mail_lines(1, MailFilter(administration.drop, state="again"))
    assert line.times_received == 2
    for wanted in (MailFilter(state="gone"), MailFilter("nobody")):
        with pytest.raises(Refused):
            lists.mail_lines(1, wanted)


def _again(kept: Kept) -> None:
    mails.log(kept.mail, RECEIVED, "received", "again")


@pytest.mark.rule("A9")
def test_what_was_turned_away_is_listed_with_what_its_sender_was_told(administration: Administration) -> None:
    _refuse(administration, "a@supplier.example")
    _refuse(administration, "b@supplier.example")
    (line,) = lists.refusal_lines(10, f"a@supplier.example {administration.drop}")
    assert (line.administration, line.reply) == (administration.name, f"552 5.3.4 too big for {administration.drop}")
    assert len(lists.refusal_lines(10, administration.drop)) == 2
    assert lists.refusal_lines(10, administration.drop, RECEIVED + timedelta(hours=1)) == ()
