"""Messages and channels for the tests of notifiers, made as the command line makes them."""

from __future__ import annotations

import io
import time
from types import ModuleType
from typing import Any

from plangate.cli.main import run as plangate
from plangate.cli.streams import Streams
from plangate.cli.tell import _renderer
from plangate.decide.settings_notify import Notify
from plangate.notify.api import Channel, Fault, Loss, Message, Root, showable
from plangate.notify.build import judged
from plangate.notify.compose import Telling, channel_for, compose
from plangate.notify.deliver import Delivered, deliver
from plangate.notify.entries import Notifier, from_environment
from plangate.notify.message import Run
from plangate.notify.remember import Previous
from plangate.notify.routes import choose
from plangate.notify.texts import Texts
from plangate.testing import create, delete, update
from plangate.testing_document import document

INSECURE = {"PLANGATE_ALLOW_INSECURE": "1"}
RUN = {
    "id": "run-2", "started_at": "2026-03-02T10:00:00Z", "repository": "acme/infra", "commit": "a" * 40,
    "ref": "feature", "pull_request": "7", "workflow": "plan", "url": "https://ci.example.com/runs/2", "actor": "kim",
}  # fmt: skip
ENVIRONMENTS = {"production": {"protected": True, "account": "acme-production"}}
BAD = document([(c.entry, c.configured) for c in (
    delete("aws_db_instance.ledger", {"identifier": "ledger", "deletion_protection": False}),
    update("aws_instance.web", {"ami": "a"}, {"ami": "b"}),
)], {}, {})  # fmt: skip
GOOD = document([(c.entry, c.configured) for c in (create("terraform_data.a", {"input": "x"}),)], {}, {})
NOTHING = document([], {}, {})


def report(made: dict[str, Any], **run: Any) -> dict[str, Any]:
    """The report of a document, of production, as if CI had made it."""
    import json

    out = io.StringIO()
    streams = Streams(io.BytesIO(json.dumps(made).encode()), out, io.StringIO(), {"PATH": ""})
    plangate(["check", "-", "-f", "json", "--checkov", "off"], streams)
    found: dict[str, Any] = json.loads(out.getvalue())
    found["run"].update({**RUN, "environment": "production", **run})
    found["plan"]["path"] = "live/network/plan.json"
    return found


def telling(
    reports: list[dict[str, Any]], environ: dict[str, str] | None = None, previous: list[dict[str, Any]] | None = None
) -> Telling:
    """What messages about these reports are made of."""
    given = {**INSECURE, **(environ or {})}
    streams = Streams(io.BytesIO(), io.StringIO(), io.StringIO(), given)
    return Telling(
        reports[-1]["run"],
        judged(reports, ENVIRONMENTS),
        Notify(),
        given,
        _renderer(streams),
        {},
        Previous(judged(previous or [], ENVIRONMENTS)),
    )


def notifier(module: ModuleType, environ: dict[str, str] | None = None, **settings: Any) -> Notifier:
    """A notifier of this module with these settings."""
    (found,) = from_environment([module.NAME], lambda kind: module, {**INSECURE, **(environ or {})}, everything=True)
    found.settings.update(settings)
    return found


def told(
    module: ModuleType,
    *reports: dict[str, Any],
    environ: dict[str, str] | None = None,
    previous: str | None = None,
    language: str | None = None,
    remembered: dict[str, Any] | None = None,
    seconds: float = 5,
    **settings: Any,
) -> tuple[Message, Channel]:
    """The message that a notifier would tell, and its channel."""
    about, one = telling(list(reports), environ), notifier(module, environ, **settings)
    one.language = language
    choice = choose(one, (), about.judged, previous)
    choice.chosen = choice.chosen or choice.scope
    message = compose(about, one, choice, previous)
    return message, channel_for(about, one, time.monotonic() + seconds, remembered=remembered)


def delivered(
    module: ModuleType,
    *reports: dict[str, Any],
    environ: dict[str, str] | None = None,
    previous: list[dict[str, Any]] | None = None,
    seconds: float = 5,
    **settings: Any,
) -> Delivered:
    """What became of a delivery, retries and all."""
    about = telling(list(reports), environ, previous)
    (found,) = deliver(about, [notifier(module, environ, **settings)], seconds)
    return found


def message_of(
    lost: list[tuple[str, bool]] = (),  # type: ignore[assignment]
    stops: list[tuple[str, int]] = (),  # type: ignore[assignment]
    errors: list[str] = (),  # type: ignore[assignment]
    language: str = "en",
    **run: Any,
) -> Message:
    """A message of one root, straight from names: lost [(address, whether it is stopped)], stops [(address, n)]."""
    root = Root()
    root.name, root.path, root.workspace, root.environment, root.account = (
        "network",
        "live/plan.json",
        None,
        "prod",
        None,
    )
    root.protected, root.changes, root.sha256 = True, True, "0" * 64
    root.lost = [
        Loss(showable(name, 500), "destroy", "", "its data is gone" if stop else "", "critical", stop)
        for name, stop in lost
    ]
    for name, number in stops:
        fault = Fault("pack/some-fault", "Something is wrong", "high", "fail", number)
        fault.addresses = [(showable(name, 500), number)]
        root.stops.append(fault)
    root.errors = [showable(text, 500) for text in errors]
    stopped = sum(number for _, number in stops)
    root.verdict = "error" if errors else "fail" if stopped else "pass"
    root.exit_code = {"error": 3, "fail": 1, "pass": 0}[root.verdict]
    root.reasons = [("unreadable", 1)] if errors else [("stops", stopped)] if stopped else [("nothing", 0)]
    root.counts = {"delete": len(lost), "create": 2}
    root.events = ("error",) if errors else ("failed", "planned") if stopped else ("planned",)
    message = Message(Run({**RUN, **run}), [root], Texts(language), "0123456789abcdef" * 2, lambda f: f"<{f}>")
    message.verdict, message.events, message.event = root.verdict, root.events, root.events[0]
    message.decide_url = "https://ci.example.com/runs/2"
    return message
