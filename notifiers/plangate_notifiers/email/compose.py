"""One mail: its headers from trusted fields, its parts, and what is attached."""

from __future__ import annotations

import gzip
import hashlib
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from plangate.notify.api import DeliveryError, headline

from .words import body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from plangate.notify.api import Message

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_NAMED = re.compile(r"([^<>\"\\\r\n]{1,100}?)\s*<([^<>\r\n]+)>")
_REPOSITORY = re.compile(r"[A-Za-z0-9_./-]{1,120}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_ENVIRONMENT = re.compile(r"[\w.@/ -]{1,60}")
_TYPES = {"html": "text/html", "json": "application/json"}
_SUBJECT = 150  # characters
_LINE = 200  # characters of a header's line in ASCII


class Attachment:
    """A file of a mail."""

    __slots__ = ("data", "name", "type")

    def __init__(self, name: str, type: str, data: bytes) -> None:
        self.name, self.type, self.data = name, type, data


class Mail:
    """The parts; `note` says what became of a report that is not attached as it is."""

    __slots__ = ("attachment", "html", "note", "text")

    def __init__(self, text: str, html: str, attachment: Attachment | None, note: str | None) -> None:
        self.text, self.html, self.attachment, self.note = text, html, attachment, note

    def leave_out(self, message: Message) -> None:
        """Without the report: the server takes no mail of this size."""
        self.attachment = None
        self.text, self.html = body(message, attached=False)
        self.note = "the report was not attached: the server takes no mail of that size"


def recipients(settings: Mapping[str, Any]) -> tuple[str, list[str]]:
    """(sender, addresses) as they are written. Raises DeliveryError."""
    sender, to = str(settings["from"] or "").strip(), [str(one).strip() for one in settings["to"]]
    if not sender:
        raise DeliveryError("there is no sender", fix="set PLANGATE_MAIL_FROM")
    if not to:
        raise DeliveryError("there is nobody to send to", fix="set PLANGATE_MAIL_TO")
    for one in (sender, *to):
        if not _ADDRESS.fullmatch(bare(one)):
            fix = "write name@example.com, or Name <name@example.com>, parted by commas, in ASCII"
            raise DeliveryError("a mail address is none", fix=fix)
    return sender, list(dict.fromkeys(to))


def bare(written: str) -> str:
    """`name@example.com` of `Name <name@example.com>`."""
    named = _NAMED.fullmatch(written)
    return named.group(2) if named else written


def domain(address: str) -> str:
    """The domain of an address."""
    return bare(address).rpartition("@")[2].lower()


def subject(message: Message) -> str:
    """The verdict first, then repository, pull request and environments: fields that no change can write."""
    run = message.run
    parts = []
    if run.repository and _REPOSITORY.fullmatch(run.repository):
        number = run.pull_request if run.pull_request and _NUMBER.fullmatch(run.pull_request) else None
        parts.append(run.repository + (f" #{number}" if number else ""))
    names = list(dict.fromkeys(root.environment for root in message.roots if root.environment))
    parts += [name for name in names if _ENVIRONMENT.fullmatch(name)][:3]
    said = headline(message) + (f" ({', '.join(parts)})" if parts and not message.test else "")
    if any(ord(c) < 32 or ord(c) == 127 for c in said):  # refused, whatever it came from
        raise DeliveryError("the subject holds a line break or another control character")
    return said if len(said) <= _SUBJECT else said[: _SUBJECT - 3] + "..."


def thread_id(message: Message, sender: str) -> str:
    """What all mails about the same thing refer to; no mail has it, which mail programs are used to."""
    return f"<plangate.{message.key}@{domain(sender)}>"


def message_id(message: Message, sender: str) -> str:
    """The same when the mail of a run is sent again, so that the second one can be dropped."""
    told = "\0".join([message.key, message.run.id or "", message.run.started_at or "", message.event])
    mark = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<plangate.{message.key}.{mark}@{domain(sender)}>"


def assemble(message: Message, settings: Mapping[str, Any]) -> Mail:
    """Text, HTML and the attachment."""
    attachment, note = _attachment(message, settings["attach"], settings["attach_kilobytes"] * 1024)
    text, html = body(message, attached=attachment is not None)
    return Mail(text, html, attachment, note)


def _attachment(message: Message, format: str, most: int) -> tuple[Attachment | None, str | None]:
    if message.test or format == "none":
        return None, None
    data = message.rendering(format).encode("utf-8", "replace")
    name = f"plangate-report.{format}"
    if len(data) <= most:
        return Attachment(name, _TYPES[format], data), None
    packed = gzip.compress(data, mtime=0)
    if len(packed) <= most:
        return Attachment(f"{name}.gz", "application/gzip", packed), "the report is large and was compressed"
    return None, f"the report was not attached: it has {len(data) // 1024:,} KB"


def mime(message: Message, mail: Mail, sender: str, to: Sequence[str]) -> bytes:
    """The mail as it goes over the wire: 7-bit, CRLF."""
    said = subject(message)
    # Python folds a long subject right behind its name, which leaves a blank before its first word; only encoded words
    # need short lines (RFC 2047, 2).
    plain = f"{said}{sender}{''.join(to)}".isascii()
    made = EmailMessage(policy=SMTP.clone(max_line_length=_LINE) if plain else SMTP)
    made["From"] = sender
    made["To"] = ", ".join(to)
    made["Subject"] = said
    made["Date"] = formatdate(usegmt=True)
    made["Message-ID"] = message_id(message, sender)
    made["References"] = made["In-Reply-To"] = thread_id(message, sender)
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"  # Exchange heeds this one
    made.set_content(mail.text, cte="quoted-printable")
    made.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.attachment is not None:
        main, _, sub = mail.attachment.type.partition("/")
        made.add_attachment(mail.attachment.data, maintype=main, subtype=sub, filename=mail.attachment.name)
    return made.as_bytes()
