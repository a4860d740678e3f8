"""What authors of notifiers need, and all that a notifier imports of plangate.

A notifier is a module with

    NAME          the kind, as settings write it: "slack"
    SETTINGS      {key: Setting}: what [notifiers.X] of this kind may hold besides the keys of every notifier
    ENVIRONMENT   tuples of variable names: with all names of one tuple set, it works without any settings
    READS         names of further variables that `channel.environ` holds (optional)
    NOTIFY_ON     what is sent when the settings do not say (optional; default ("changes",))
    PAGES         True: wakes people up, so only protected environments unless settings say more (optional)
    UPDATES       True: `send` replaces what `channel.remembered` names, if anything (optional)

    payload(message, channel) -> object     what would be sent, as JSON-like data; pure, no secret in it
    send(message, channel) -> Sent          send it; raises DeliveryError
    recall(message, channel) -> dict | None what this channel's earlier message of the same key keeps (optional):
                                            Message.stamp() of then and what `send` needs to replace it
    updates(message, channel) -> bool       whether `send` would replace it here; optional, with UPDATES
    remembers(channel) -> bool              whether `recall` can work with what this channel is given; optional

and an entry point of the group `plangate.notifiers`: `slack = "package.module"`, named like the kind. It runs in
plangate's own process, with the job's rights, after the verdict is fixed: it can change no verdict, but it is trusted
like plangate itself.
"""

from __future__ import annotations

from plangate.http import DeliveryError, Http, Response, Scrubber, Secret
from plangate.render.inert import terminal as showable
from plangate.render.inert import width
from plangate.report.groups import plural

from . import comment, outline
from .message import EVENTS, Fault, Loss, Message, Root, Run
from .phrases import because, counts, headline
from .unlinked import unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal

    Kind = Literal["secret", "text", "flag", "number", "texts"]


class Setting:
    """A key of [notifiers.X]: its `kind`, the `help` line, the `default` and the words that are allowed.

    kind "secret" is written `env:NAME`, `file:PATH` or `ssm:NAME` and read with `channel.secret`; "text", "flag" (true
    or false), "number" and "texts" (a list) stand in `channel.settings`. A default "env:NAME" is that variable, None
    where it is not set; a text in a file may be written `env:NAME`, too.
    """

    __slots__ = ("choices", "default", "help", "kind")

    def __init__(
        self,
        kind: Kind,
        help: str,
        default: str | bool | int | tuple[str, ...] | None = None,
        choices: tuple[str, ...] = (),
    ) -> None:
        self.kind, self.help, self.default, self.choices = kind, help, default, choices


class Channel:
    """One notifier of the settings, as its module sees it: `name` (of the settings), `settings` {key: value} with
    defaults filled in, `http` (the network, within the time that is left), `environ` (the variables of ENVIRONMENT and
    READS that are no secret of a Setting), `remembered` (what an earlier delivery of the same key left, or None)."""

    __slots__ = ("environ", "http", "name", "remembered", "secrets", "settings")

    def __init__(
        self,
        name: str,
        settings: Mapping[str, Any],
        secrets: Mapping[str, Secret],
        environ: Mapping[str, str],
        http: Http,
        remembered: Mapping[str, Any] | None = None,
    ) -> None:
        self.name, self.settings, self.secrets, self.environ = name, settings, secrets, environ
        self.http, self.remembered = http, remembered

    def secret(self, name: str) -> Secret | None:
        """The secret of this key, None where it is not given."""
        return self.secrets.get(name)


class Sent:
    """What became of a message. `status`: "sent"; "accepted" (taken, not known to have arrived); "skipped". `remember`:
    JSON-like, goes into the report and comes back as `channel.remembered` through `--previous`; Message.stamp() is
    added. `note`: one line for the person at the terminal (what was cut, what is about to be retired)."""

    __slots__ = ("note", "remember", "status")

    def __init__(
        self,
        status: Literal["sent", "accepted", "skipped"] = "sent",
        remember: dict[str, Any] | None = None,
        note: str | None = None,
    ) -> None:
        self.status, self.remember, self.note = status, remember, note


def table(beside: str, name: str) -> dict[str, Any]:
    """The entries of a JSON file that lies beside a module (its `__file__`), without those that begin with `_`."""
    import json
    import os

    with open(os.path.join(os.path.dirname(os.path.abspath(beside)), name), encoding="utf-8") as file:
        return {key: value for key, value in json.load(file).items() if not key.startswith("_")}


def refused(response: Response, said: str = "", *, repeatable: bool = False) -> DeliveryError:
    """The error for an answer that is not the documented success: with status, and `said` where it is a word of the
    service's own documentation. 429 and 503 are safe to repeat, other 5xx doubtful unless the request is `repeatable`
    (a PUT or PATCH of the whole), the rest pointless."""
    status = response.status
    why = f"{response.host}: answered {status}" + (f" ({showable(said, 120)})" if said else "")
    if 300 <= status < 400:
        return DeliveryError(f"{why}; redirects are not followed", fix="write the address it leads to")
    if status in (429, 503):
        return DeliveryError(why, "safe", retry_after(response))
    if status >= 500:
        return DeliveryError(why, "safe" if repeatable else "doubtful", retry_after(response))
    return DeliveryError(why)


def retry_after(response: Response) -> float | None:
    """Seconds that the service asks to wait (Retry-After, in seconds or as a date: RFC 9110, 10.2.3)."""
    written = response.headers.get("retry-after", "").strip()
    if written.isascii() and written.replace(".", "", 1).isdigit():
        return min(float(written), 86400.0)
    if not written:
        return None
    import time
    from email.utils import parsedate_to_datetime

    try:
        return min(max(parsedate_to_datetime(written).timestamp() - time.time(), 0.0), 86400.0)
    except (ValueError, TypeError, OverflowError):
        return None


__all__ = [
    "EVENTS", "Channel", "DeliveryError", "Fault", "Http", "Loss", "Message", "Response", "Root", "Run", "Scrubber",
    "Secret", "Sent", "Setting", "because", "comment", "counts", "headline", "outline", "plural", "refused",
    "retry_after", "showable", "table", "unlinked", "width",
]  # fmt: skip
