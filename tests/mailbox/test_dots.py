from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scanstraat.mailbox.dots import DotStream

_ODD_TEXT = st.lists(st.sampled_from([b"\r", b"\n", b".", b"x", b"\r\n", b"\r\n.", b".\r\n"]), max_size=30).map(b"".join)
_CUTS = st.lists(st.integers(1, 7), min_size=1, max_size=5)


def _stuffed(mail: bytes) -> bytes:
    lines = mail.split(b"\r\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)


def _fed(octets: bytes, cuts: list[int]) -> tuple[bytes, DotStream]:
    stream, taken, at, turn = DotStream(), b"", 0, 0
    while at < len(octets):
        size = cuts[turn % len(cuts)]
        if stream.ended:
            break
        taken += stream.feed(octets[at : at + size])
        at, turn = at + size, turn + 1
    return taken, stream


@given(_ODD_TEXT, _CUTS)
def test_what_was_stuffed_comes_out_as_it_was_in_pieces_of_any_size(text: bytes, cuts: list[int]) -> None:
    mail = text + b"\r\n"
    taken, stream = _fed(_stuffed(mail) + b".\r\n", cuts)
    assert stream.ended
    assert taken == mail


@given(_ODD_TEXT, _CUTS)
def test_pieces_never_change_where_a_mail_ends(octets: bytes, cuts: list[int]) -> None:
    whole, pieces = DotStream(), _fed(octets, cuts)
    taken = whole.feed(octets)
    assert pieces[1].ended == whole.ended
    if whole.ended:
        assert pieces[0] == taken


def test_an_empty_mail_ends_at_once() -> None:
    stream = DotStream()
    assert stream.feed(b".\r\nQUIT\r\n") == b""
    assert stream.ended
    assert stream.rest == b"QUIT\r\n"
