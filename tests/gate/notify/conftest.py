"""A folder with a front door, a server that is told, and three notifiers of somebody else's package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ...notifiers.server import Server  # noqa: TID252 - the tests are no package
from ..cli.conftest import Gate  # noqa: TID252

BELL = """
from __future__ import annotations

import json

from plangate.notify.api import Channel, DeliveryError, Message, Sent, Setting, headline, refused

NAME = "bell"
SETTINGS = {
    "endpoint": Setting("secret", "the address", "env:BELL_URL"),
    "token": Setting("secret", "a token", "env:BELL_TOKEN"),
    "volume": Setting("number", "how loud", 5),
    "tone": Setting("text", "which tone", "low", ("low", "high")),
    "rooms": Setting("texts", "where", "env:BELL_ROOMS"),
    "twice": Setting("flag", "two times", False),
}
ENVIRONMENT = (("BELL_URL",),)
UPDATES = False


def payload(message: Message, channel: Channel) -> object:
    return {
        "text": headline(message),
        "event": message.event,
        "events": list(message.events),
        "verdict": message.verdict,
        "previous": message.previous,
        "roots": [root.name for root in message.roots],
        "elsewhere": message.elsewhere,
        "lost": [loss.address for root in message.roots for loss in root.lost],
        "errors": [error for root in message.roots for error in root.errors],
        "header": message.header,
        "footer": message.footer,
        "mentions": list(message.mentions),
        "links": [message.decide_url, message.report_url],
        "key": message.key,
        "settings": {key: value for key, value in channel.settings.items()},
        "remembered": dict(channel.remembered or {}),
        "test": message.test,
        "environ": dict(channel.environ),
    }


def send(message: Message, channel: Channel) -> Sent:
    url = channel.secret("endpoint")
    if url is None:
        raise DeliveryError("BELL_URL is not set")
    headers = {"Authorization": channel.secret("token")} if channel.secret("token") else {}
    body = json.dumps(payload(message, channel)).encode()
    response = channel.http.send("POST", url, headers, body, timeout=2)
    if response.status != 200:
        raise refused(response)
    if response.text == "raise":
        raise RuntimeError(url.reveal())
    if response.text == "tell":
        raise DeliveryError("it said " + url.reveal() + " and " + channel.secret("token").reveal())
    return Sent(remember={"id": response.text})
"""

BOARD = (
    BELL.replace('NAME = "bell"', 'NAME = "board"')
    .replace("BELL_", "BOARD_")
    .replace("UPDATES = False", "UPDATES = True")
)
BOARD += """

def recall(message: Message, channel: Channel) -> object:
    url = channel.secret("endpoint")
    response = channel.http.send("GET", url.reveal() + "?key=" + message.key, {}, timeout=2)
    if response.status == 404:
        return None
    if response.status != 200:
        raise refused(response, repeatable=True)
    return json.loads(response.body)
"""
PAGER = (
    BELL.replace('NAME = "bell"', 'NAME = "pager"')
    .replace("BELL_", "PAGER_")
    .replace("UPDATES = False", "PAGES = True")
)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        yield running


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A folder that is a repository, with three kinds of notifiers installed beside plangate: bell, board and pager."""
    site = tmp_path / "site"
    info = site / "acme_channels-1.0.dist-info"
    info.mkdir(parents=True)
    kinds = {"bell": BELL, "board": BOARD, "pager": PAGER}
    lines = [f"{kind} = acme_{kind}_channel" for kind in kinds]
    (info / "entry_points.txt").write_text("[plangate.notifiers]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    for kind, source in kinds.items():
        (site / f"acme_{kind}_channel.py").write_text(source, encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    folder = tmp_path / "work"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    made = Gate(folder)
    made.environ["PLANGATE_ALLOW_INSECURE"] = "1"
    return made
