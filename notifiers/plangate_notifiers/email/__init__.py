"""Mail: text and HTML, the report attached; mails about one pull request are one thread.

`SMTP_URL` is smtp://USER:PASSWORD@HOST:587 (STARTTLS is demanded) or smtps://HOST:465.
"""

from __future__ import annotations

from plangate.notify.api import DeliveryError, Sent, Setting, plural

from .compose import assemble, message_id, mime, recipients, subject, thread_id
from .smtp import Relay, deliver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.notify.api import Channel, Message

NAME = "email"
ENVIRONMENT = (("SMTP_URL", "PLANGATE_MAIL_FROM", "PLANGATE_MAIL_TO"),)
SETTINGS = {
    "url": Setting("secret", "smtp://USER:PASSWORD@HOST:587 or smtps://HOST:465", "env:SMTP_URL"),
    "from": Setting("text", "the sender's address", "env:PLANGATE_MAIL_FROM"),
    "to": Setting("texts", "the addresses that get it", "env:PLANGATE_MAIL_TO"),
    "attach": Setting("text", "the report that is attached", "html", ("html", "json", "none")),
    "attach_kilobytes": Setting("number", "a larger report is compressed, and left out if that is not enough", 5120),
}


def payload(message: Message, channel: Channel) -> dict[str, Any]:
    """{from, to, subject, headers, text, html, attachment: {name, type, bytes} or None}, all of it text."""
    try:
        sender, to = recipients(channel.settings)
    except DeliveryError:  # shown without an account
        sender, to = "plangate@localhost", []
    mail = assemble(message, channel.settings)
    attached = mail.attachment
    return {
        "from": sender,
        "to": to,
        "subject": subject(message),
        "headers": {"Message-ID": message_id(message, sender), "References": thread_id(message, sender)},
        "text": mail.text,
        "html": mail.html,
        "attachment": attached and {"name": attached.name, "type": attached.type, "bytes": len(attached.data)},
    }


def send(message: Message, channel: Channel) -> Sent:
    """Send one mail to all addresses. Raises DeliveryError; that some are refused is told in the note."""
    url = channel.secret("url")
    if url is None:
        raise DeliveryError("there is no mail server", fix="set SMTP_URL")
    relay = Relay(url, channel.http.rules.insecure)
    sender, to = recipients(channel.settings)
    mail = assemble(message, channel.settings)

    def content(most: int | None) -> bytes:
        """The mail, without what is attached where the server takes no more than `most` bytes."""
        data = mime(message, mail, sender, to)
        if most is None or len(data) <= most or mail.attachment is None:
            return data
        mail.leave_out(message)
        return mime(message, mail, sender, to)

    refused = deliver(channel.http, relay, sender, to, content)
    notes = [mail.note] if mail.note else []
    if refused:
        notes.insert(
            0, f"{plural(len(refused), 'address', 'addresses')} of {len(to)} refused: {', '.join(refused[:5])}"
        )
    return Sent("accepted", note="; ".join(notes) or None)
