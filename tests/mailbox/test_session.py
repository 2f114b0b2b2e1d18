"""The session on a connection without a network: however what a peer sends is cut into pieces, it gets the same answers."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanstraat.mailbox.intake import RecipientState
from scanstraat.mailbox.limits import Door
from scanstraat.mailbox.protocols import LmtpSession, SmtpSession
from scanstraat.mailbox.session import House, Session
from scanstraat.mailbox.spool import Spool, SpoolFile
from scanstraat.mailbox.turning_away import TurnedAway
from scanstraat.model.mail import Envelope
from scanstraat.settings import Settings
from tests.mailbox.conftest import ADDRESS

_HELLO = b"EHLO test.example\r\n"
_BEGUN = b"MAIL FROM:<a@supplier.example> SIZE=100\r\nRCPT TO:<" + ADDRESS.encode() + b">\r\nDATA\r\n"
_DIALOGUES = [
    _HELLO + 2 * (_BEGUN + b"Subject: x\r\n\r\n..dot\r\n.\r.\n.\n\r\n.\r\n") + b"QUIT\r\n",
    _HELLO + b"NONSENSE\r\nRCPT TO:<x@y>\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\nRSET\r\nDATA\r\nVRFY x\r\nHELP\r\nNOOP\r\nQUIT\r\n",
    _HELLO + _BEGUN + b".\r\n" + b"RCPT TO:<" + ADDRESS.encode() + b">\r\nDATA\r\nQUIT\r\n",
    b"MAIL FROM:<a@b.example>\r\nHELO x\r\nEHLO\r\n"
    + _BEGUN
    + b"x" * 3_000
    + b"\r\n.\r\nSTARTTLS\r\nAUTH PLAIN\r\nQUIT now\r\nQUIT\r\n",
    _HELLO + b"MAIL FROM:<a@b.example>\nRCPT TO:<x@jansen.example>\r\n",
    _HELLO + b"NOOP " + b"x" * 2_100 + b"\r\n",
]


class FakeTransport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""
        self.is_closed = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("192.0.2.1", 25) if name == "peername" else default

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)

    def close(self) -> None:
        self.is_closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        pass

    resume_reading = pause_reading


class Later:
    """In place of `Storing`: what is asked is answered when `answer_all` is called, never at once."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self._waiting: list[Callable[[], None]] = []

    def known(self, address: str) -> RecipientState | None:
        return None

    def recipient(self, address: str, then: Callable[[RecipientState], None]) -> None:
        state = RecipientState.ACCEPTED if address.endswith("jansen.example") else RecipientState.UNKNOWN
        self._waiting.append(lambda: then(state))

    def store_once(self, file: SpoolFile, envelopes: tuple[Envelope, ...], then: Callable[[str], None]) -> None:
        self.mails.append(file.seal().path.read_bytes())
        file.discard()
        self._waiting.append(lambda: then("250 2.0.0 Stored"))

    def store_each(self, file: SpoolFile, envelopes: tuple[Envelope, ...], then: Callable[[tuple[str, ...]], None]) -> None:
        self.store_once(file, envelopes, lambda answer: then((answer,) * len(envelopes)))

    def answer_all(self) -> None:
        while self._waiting:
            self._waiting.pop(0)()


def _talked(kind: type[Session], pieces: list[bytes], is_slow: bool) -> tuple[bytes, list[bytes]]:
    """The answers, and the mails that were stored; `is_slow`: the house answers only when all has been said."""

    async def talk() -> tuple[bytes, list[bytes]]:
        with tempfile.TemporaryDirectory() as folder:
            later, transport = Later(), FakeTransport()
            wanted = Settings(home=folder)
            session = kind(House(wanted, Spool(Path(folder)), later, Door(wanted), TurnedAway()))  # type: ignore[arg-type]
            session.connection_made(transport)
            for piece in pieces:
                if not transport.is_closed:
                    session.data_received(piece)
                if not is_slow:
                    later.answer_all()
            later.answer_all()
            session.connection_lost(None)
            return transport.written, later.mails

    return asyncio.run(talk())


def _cut(octets: bytes, places: list[int]) -> list[bytes]:
    at = [0, *sorted(place % (len(octets) + 1) for place in places), len(octets)]
    return [octets[begin:end] for begin, end in pairwise(at) if begin < end]


@settings(max_examples=60)
@given(st.sampled_from(_DIALOGUES), st.lists(st.integers(0, 10_000), max_size=40), st.booleans(), st.booleans())
def test_however_it_is_cut_it_is_answered_the_same(dialogue: bytes, places: list[int], is_slow: bool, is_lmtp: bool) -> None:
    kind = LmtpSession if is_lmtp else SmtpSession
    dialogue = dialogue.replace(b"EHLO", b"LHLO").replace(b"HELO", b"LHLO") if is_lmtp else dialogue
    assert _talked(kind, _cut(dialogue, places), is_slow) == _talked(kind, [dialogue], is_slow=False)


@settings(max_examples=100)
@given(
    st.lists(
        st.one_of(st.binary(max_size=60), st.sampled_from([_HELLO, _BEGUN, b"\r\n.\r\n", b"\r\n", b"RSET\r\n"])), max_size=25
    )
)
def test_whatever_is_sent_is_answered_in_lines_and_nothing_fails(pieces: list[bytes]) -> None:
    answers, _ = _talked(SmtpSession, pieces, is_slow=False)
    for line in answers.split(b"\r\n")[:-1]:
        assert line[:3].isdigit(), line
        assert line[3:4] in b" -", line
    assert answers.endswith(b"\r\n")


@pytest.mark.parametrize("dialogue", _DIALOGUES[:1])
def test_a_dialogue_in_one_piece(dialogue: bytes) -> None:
    answers, mails = _talked(SmtpSession, [dialogue], is_slow=True)
    assert [line[:3] for line in answers.split(b"\r\n") if line[3:4] == b" "] == [
        b"220",
        b"250",
        *[b"250", b"250", b"354", b"250"] * 2,
        b"221",
    ]
    assert mails == [b"Subject: x\r\n\r\n.dot\r\n\r.\n.\n\r\n"] * 2
