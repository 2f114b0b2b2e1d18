"""The octets between 354 and the final dot (RFC 5321, 4.1.1.4 and 4.5.2), taken in pieces of any size."""

from __future__ import annotations

_END = b"\r\n.\r\n"
_LINE_START = b"\r\n"


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
        end = pending.find(_END)
        if end >= 0:
            self.ended = True
            self.rest = pending[end + len(_END) :]
            return self._own(pending[: end + len(_LINE_START)])
        keep = _begun_end(pending)
        self._held = pending[len(pending) - keep :]
        return self._own(pending[: len(pending) - keep])

    def _own(self, octets: bytes) -> bytes:
        plain = octets.replace(b"\r\n.", b"\r\n")
        cut = min(self._to_cut, len(plain))
        self._to_cut -= cut
        return plain[cut:]


def _begun_end(octets: bytes) -> int:
    """How many of the last octets may be the beginning of the end mark.

    >>> _begun_end(b"text\\r\\n."), _begun_end(b"text\\n.")
    (3, 0)
    """
    return next((size for size in range(len(_END) - 1, 0, -1) if octets.endswith(_END[:size])), 0)
