"""The octets between 354 and the final dot (RFC 5321, 4.1.1.4 and 4.5.2), taken in pieces of any size."""

from __future__ import annotations

_END = b"\r\n.\r\n"
_LINE_START = b"\r\n"
_DOTTED = b"\r\n."
_SPARSE = 500  # octets a dot from which on dots are few


class DotStream:
    """Takes the stream apart: what belongs to the mail, where it ends, and what came after.

    Only CR LF dot CR LF ends a mail: a bare CR or LF is data, so nobody can smuggle a second mail into the first.

    >>> stream = DotStream()
    >>> stream.feed(b"one\\r\\n..tw"), stream.ended
    (b'one\\r\\n.tw', False)
    >>> stream.feed(b"o\\n.\\n\\r\\n.\\r\\nQUIT\\r\\n"), stream.ended, stream.rest
    (b'o\\n.\\n\\r\\n', True, b'QUIT\\r\\n')
    """

    def __init__(self) -> None:
        self.ended = False
        self.rest = b""
        # The mail begins at a line start; the line end before it is ours and is cut off again.
        self._held = _LINE_START
        self._to_cut = len(_LINE_START)

    def feed(self, chunk: bytes) -> bytes:
        """The octets of the mail known after `chunk`, with the dots added for transport taken away."""
        pending = self._held + chunk
        first = _first_dotted_line(pending)
        end = pending.find(_END, first) if first >= 0 else -1
        if end >= 0:
            self.ended = True
            self.rest = pending[end + len(_END) :]
            return self._own(pending[: end + len(_LINE_START)], first < end)
        keep = _begun_end(pending)
        self._held = pending[len(pending) - keep :]
        return self._own(pending[: len(pending) - keep], first >= 0)

    def _own(self, octets: bytes, has_dots: bool) -> bytes:
        plain = octets.replace(_DOTTED, _LINE_START) if has_dots else octets
        cut = min(self._to_cut, len(plain))
        self._to_cut -= cut
        return plain[cut:] if cut else plain


def _first_dotted_line(octets: bytes) -> int:
    """Where the first line that begins with a dot is, its line end before it included; -1 where none is.

    Files in base64 have no dots but in their headers, and looking for one octet is many times faster than for three.

    >>> _first_dotted_line(b"a.b\\r\\n.c"), _first_dotted_line(b"a.b\\n.c")
    (3, -1)
    """
    if octets.count(b".") > len(octets) // _SPARSE:
        return octets.find(_DOTTED)
    dot = octets.find(b".")
    while dot >= 0 and octets[max(0, dot - 2) : dot] != _LINE_START:
        dot = octets.find(b".", dot + 1)
    return dot - len(_LINE_START) if dot >= 0 else -1


def _begun_end(octets: bytes) -> int:
    """How many of the last octets may be the beginning of the end mark.

    >>> _begun_end(b"text\\r\\n."), _begun_end(b"text\\n.")
    (3, 0)
    """
    return next((size for size in range(len(_END) - 1, 0, -1) if octets.endswith(_END[:size])), 0)
