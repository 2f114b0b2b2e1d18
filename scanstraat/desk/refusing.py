"""What the desk's own server turns away before any page is asked: too much at once, or no HTTP; in JSON to programs."""

from __future__ import annotations

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from scanstraat.codec import to_json
from scanstraat.desk.shown.answers import Problem

_ANSWERS = {
    413: Problem("too-large", "This is larger than a mail may be.", "Send fewer files at a time, or smaller ones."),
    500: Problem("unexpected", "Something went wrong here.", "Try again; if it stays so, tell us when."),
}
_OTHERWISE = Problem("malformed", "The request cannot be understood.", "Send it as RFC 9112 says.")


class _Refusal(ErrorTask):  # type: ignore[misc]
    def execute(self) -> None:
        """Write the answer."""
        error = self.request.error
        problem = _ANSWERS.get(error.code, _OTHERWISE)
        is_program = getattr(self.request, "path", "").startswith("/api/")
        body = to_json(problem) if is_program else f"{problem.message} {problem.next_step}\n".encode()
        self.status = f"{error.code} {error.reason}"
        kind = "application/json" if is_program else "text/plain; charset=utf-8"
        self.response_headers.append(("Content-Type", kind))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that answers so."""

    error_task_class = _Refusal
