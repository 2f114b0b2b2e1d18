"""SMTP (RFC 5321) and LMTP (RFC 2033): the commands of each, one row a command, and how DATA is answered."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from scanstraat.mailbox import replies
from scanstraat.mailbox.reception import Reception
from scanstraat.mailbox.session import Session
from scanstraat.model.mail import Channel, Envelope

Command = Callable[[Session, str], None]


def _saying(reply: str) -> Command:
    return lambda session, argument: session.say(reply)  # noqa: ARG005


def _refusing(reply: str) -> Command:
    return lambda session, argument: session.bad(reply)  # noqa: ARG005


def _hello(session: Session, argument: str) -> None:
    session.greet(argument, session.features())


def _helo(session: Session, argument: str) -> None:
    session.greet(argument, ())


def _reset(session: Session, argument: str) -> None:
    if argument:
        session.misspelt("RSET")
        return
    session.forget_mail()
    session.say(replies.RESET)


def _starttls(session: Session, argument: str) -> None:
    if argument:
        session.misspelt("STARTTLS")
    else:
        session.starttls()


def _bdat(session: Session, argument: str) -> None:  # noqa: ARG001
    # Nobody was offered it; what follows would be octets of a mail, which are not to be read as commands.
    session.hang_up(replies.NO_CHUNKS)


def _quit(session: Session, argument: str) -> None:
    if argument:
        session.misspelt("QUIT")
    else:
        session.hang_up(replies.BYE)


_BOTH: dict[str, Command] = {
    "MAIL": Session.mail,
    "RCPT": Session.rcpt,
    "DATA": Session.data,
    "RSET": _reset,
    "NOOP": _saying(replies.NOOP),
    "VRFY": _saying(replies.NOT_VERIFIED),
    "HELP": _saying(replies.HELP),
    "QUIT": _quit,
    "STARTTLS": _starttls,
    "AUTH": _refusing(replies.NO_AUTH),
    "BDAT": _bdat,
}


class SmtpSession(Session):
    """An SMTP connection: one answer to DATA, for all recipients."""

    channel = Channel.SMTP
    hello = "EHLO"
    commands = MappingProxyType({"EHLO": _hello, "HELO": _helo, **_BOTH})

    def each(self, envelopes: tuple[Envelope, ...], reply: str) -> tuple[str, ...]:  # noqa: ARG002
        """One answer."""
        return (reply,)

    def store(self, reception: Reception, once: tuple[Envelope, ...], envelopes: tuple[Envelope, ...]) -> None:
        """Store for all or for none."""
        self.storing.store_once(reception.file, once, lambda reply: self.stored(envelopes, (reply,)))


class LmtpSession(Session):
    """An LMTP connection: each recipient gets its own answer to DATA."""

    channel = Channel.LMTP
    hello = "LHLO"
    commands = MappingProxyType({"LHLO": _hello, **_BOTH})

    def each(self, envelopes: tuple[Envelope, ...], reply: str) -> tuple[str, ...]:
        """One answer for each."""
        return (reply,) * len(envelopes)

    def store(self, reception: Reception, once: tuple[Envelope, ...], envelopes: tuple[Envelope, ...]) -> None:
        """Store for each by itself; an address named twice gets two answers, but is stored once."""

        def answered(answers: tuple[str, ...]) -> None:
            answer_of = dict(zip(once, answers, strict=True))
            self.stored(envelopes, tuple(answer_of[envelope] for envelope in envelopes))

        self.storing.store_each(reception.file, once, answered)
