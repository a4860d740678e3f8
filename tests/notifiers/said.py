"""Messages and channels to try notifiers with: made from reports as the core makes them, without any plan."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from plangate.http import Http, Rules, Secret
from plangate.notify.api import Channel, Message, Run
from plangate.notify.build import judged, verdict_of
from plangate.notify.texts import Texts

# What a name of a plan may hold to be more than a name: mentions, links, markup of either service, controls.
HOSTILE = (
    "<!channel>", "<@U012AB3CD>", "<!subteam^S012345>", "<https://evil.example|click>", "@here", "&lt;!here&gt;",
    ":skull:", "*bold* _it_ ~s~ `code`", "```", "[link](https://evil.example)", "<at>Boss</at>", "${$root.secret}",
    "{{DATE(2026-01-01T00:00:00Z, LONG)}}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</details>",
    "| a | b |", "\u202egnp.exe", "a\nb", "::error::x", "\x1b[31m", "\ud800", "mailto:a@b.c", "#1 !2", "\\", "'", '"',
    "<!-- plangate -->", "\u0430pple",
)  # fmt: skip


def change(address: str, action: str = "delete", *, loss: str | None = None) -> dict[str, Any]:
    gone = {"loss": loss, "recovery": "snapshots", "what": "database"} if loss else None
    return {"address": address, "action": action, "type": "aws_db_instance", "loss": gone, "attributes": ["a.b"]}


def finding(
    address: str | None, *, stops: bool = True, policy: str = "destructive/stateful-delete", **more: Any
) -> dict[str, Any]:
    base = {"policy": policy, "title": "Something that cannot be made again is deleted.", "severity": "critical"}
    rest = {"outcome": "fail", "stops": stops, "address": address, "remediation": "Keep it.", "status": "new"}
    return {**base, **rest, **more}


def report(changes: list[dict[str, Any]], findings: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    stops = any(f["stops"] for f in findings)
    words = [c["action"] for c in changes]
    counts = {word: words.count(word) for word in set(words)}
    return {
        "verdict": "fail" if stops else "pass",
        "exit_code": 1 if stops else 0,
        "summary": counts,
        "changes": changes,
        "findings": findings,
        "plan": {"path": "network/plan.json", "workspace": "default"},
        "settings": {"environment": "prod"},
        **more,
    }


def blocked(number: int, name: str = "aws_db_instance.db") -> dict[str, Any]:
    """A plan that deletes so many databases, every one of them stopped."""
    names = [f'{name}["{n}"]' for n in range(number)]
    return report([change(n, loss="its data is gone") for n in names], [finding(n) for n in names])


def message(*reports: dict[str, Any], language: str = "en", run: Mapping[str, str | None] | None = None) -> Message:
    """What a notifier is given for these reports."""
    found = judged(list(reports), {"prod": {"protected": True, "account": "111122223333"}})
    about = {
        "id": "77", "started_at": "2026-11-21T16:00:00Z", "repository": "acme/infra", "commit": "4f2a9c1e0b7d6655",
        "ref": "feature/db", "pull_request": "42", "actor": "jana", "workflow": "plan", **(run or {}),
    }  # fmt: skip
    made = Message(Run(about), [one.root for one in found], Texts(language), "ab" * 16, lambda f: f"the report as {f}")
    made.verdict = verdict_of(made.roots)
    events = {event for root in made.roots for event in root.events}
    made.event = next(event for event in ("error", "failed", "destructive", "planned") if event in events)
    made.decide_url = "https://github.example/acme/infra/pull/42"
    made.report_url = "https://reports.example/77.html"
    return made


def channel(
    module: Any,
    settings: Mapping[str, Any] | None = None,
    secrets: Mapping[str, str] | None = None,
    remembered: Mapping[str, Any] | None = None,
    seconds: float = 20,
) -> Channel:
    """The channel of a notifier, plain http allowed."""
    values = {
        key: None if isinstance(setting.default, str) and setting.default.startswith("env:") else setting.default
        for key, setting in module.SETTINGS.items()
        if setting.kind != "secret"
    }
    http = Http({}, Rules(insecure=True), time.monotonic() + seconds)
    known = {key: Secret(value) for key, value in (secrets or {}).items()}
    return Channel(module.NAME, {**values, **(settings or {})}, known, {}, http, remembered)


def texts_in(node: Any, key: str | None = None) -> list[tuple[str | None, str]]:
    """Every string of a JSON-like value with the key it stands at."""
    if isinstance(node, dict):
        return [pair for k, v in node.items() for pair in texts_in(v, k)]
    if isinstance(node, list):
        return [pair for v in node for pair in texts_in(v, key)]
    return [(key, node)] if isinstance(node, str) else []


def nodes(node: Any) -> list[dict[str, Any]]:
    """Every object inside of a JSON-like value."""
    if isinstance(node, dict):
        return [node, *[found for v in node.values() for found in nodes(v)]]
    return [found for v in node for found in nodes(v)] if isinstance(node, list) else []
