"""The Message of one notifier, and the Channel it goes through."""

from __future__ import annotations

from plangate.http import ALLOW, Http, Rules, Scrubber, Secret

from . import templates
from .api import Channel
from .build import verdict_of
from .message import Message, Run
from .remember import Previous
from .secrets import fetch
from .texts import Texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from plangate.decide.settings_notify import Notify

    from .build import Judged
    from .entries import Notifier
    from .routes import Choice

_MENTIONED = ("error", "failed")  # events that may wake somebody


class Telling:
    """All that messages of one run are made of. `run`: of the report; `links`: where the run and the pull request are;
    `own`: the settings; `render(reports, format)`: any format of the reports; `environ`: the variables. `merged`: the
    message is about all roots of the job, whichever they are this time."""

    __slots__ = ("environ", "judged", "links", "merged", "own", "previous", "render", "run", "scrubber", "test")

    def __init__(
        self,
        run: Mapping[str, Any],
        judged: list[Judged],
        own: Notify,
        environ: Mapping[str, str],
        render: Callable[[list[dict[str, Any]], str], str],
        links: Mapping[str, str | None],
        previous: Previous | None = None,
    ) -> None:
        self.run, self.judged, self.own, self.environ = run, judged, own, environ
        self.render, self.links, self.previous = render, links, previous or Previous([])
        self.scrubber = Scrubber()
        self.merged = False
        self.test = False  # a message that says that it can be read, and nothing else

    @property
    def insecure(self) -> bool:
        """Whether plain http and loopback are allowed."""
        return self.environ.get(ALLOW) == "1"


def key_of(telling: Telling, judged: list[Judged]) -> str:
    """32 hex digits for: repository, pull request or branch, workflow, roots (or that it is about all of them)."""
    from hashlib import sha256

    run = telling.run
    about = run.get("pull_request") or run.get("ref") or ""
    kind = "pull" if run.get("pull_request") else "ref"
    parts = [str(run.get("repository") or ""), kind, str(about), str(run.get("workflow") or "")]
    parts += ["merged"] if telling.merged else sorted([one.identity for one in judged])
    return sha256("\0\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def compose(telling: Telling, notifier: Notifier, choice: Choice, previous: str | None) -> Message:
    """What this notifier tells of the chosen roots."""
    from plangate.render.inert import terminal

    shown = {k: terminal(str(v), 200) if v not in (None, "") else None for k, v in telling.run.items()}
    chosen = choice.chosen or choice.scope
    texts = Texts(notifier.language or telling.own.language)
    reports = [one.report for one in chosen]
    message = Message(
        Run(shown),
        [one.root for one in chosen],
        texts,
        key_of(telling, choice.scope),
        lambda f: telling.render(reports, f),
    )
    message.run.url = templates.safe_url(telling.run.get("url"), telling.insecure)
    message.verdict = verdict_of(message.roots)
    message.events = choice.events
    message.event = choice.events[0] if choice.events else "planned"
    message.previous, message.elsewhere, message.test = previous, choice.left, telling.test
    values = _values(shown, message)
    message.header = templates.fill(notifier.header, values) if notifier.header else None
    message.footer = templates.fill(notifier.footer, values) if notifier.footer else None
    message.mentions = notifier.mentions if message.event in _MENTIONED else ()
    _links(telling, message)
    return message


def _links(telling: Telling, message: Message) -> None:
    raw = {k: str(v) if v not in (None, "") else None for k, v in telling.run.items()}
    values = _values(raw, message)

    def written(template: str | None) -> str | None:
        if template is None:
            return None
        if template.startswith("env:"):
            template = telling.environ.get(template[4:], "")
        return templates.fill_url(template, values, telling.insecure)

    message.report_url = written(telling.own.report_url)
    usual = [telling.links.get("pull_request"), telling.run.get("url")]
    safe = [templates.safe_url(url, telling.insecure) for url in usual]
    message.decide_url = written(telling.own.decide_url) or next((url for url in safe if url), None)


def _values(run: Mapping[str, str | None], message: Message) -> dict[str, str | None]:
    """Of several roots, what all of them share."""

    def shared(name: str) -> str | None:
        found = {getattr(root, name) for root in message.roots}
        return found.pop() if len(found) == 1 else None

    values = {
        name: run.get(name) for name in ("repository", "commit", "actor", "pull_request", "workflow", "started_at")
    }
    values.update(branch=run.get("ref"), run_id=run.get("id"), verdict=message.verdict)
    return values | {name: shared(name) for name in ("account", "environment", "name", "workspace")}


def channel_for(
    telling: Telling, notifier: Notifier, deadline: float, *, secrets: bool = True, remembered: Any = None
) -> Channel:
    """The channel of a notifier. With `secrets` they are fetched: DeliveryError for one that is written and missing.

    Without, nothing leaves this machine: what a service keeps is a stand-in, what is missing is left out."""
    fetched: dict[str, Secret] = {}
    names = {name for names in getattr(notifier.module, "ENVIRONMENT", ()) for name in names}
    names |= set(getattr(notifier.module, "READS", ()))
    for key, reference in notifier.references.items():
        if reference.scheme == "env":
            names.discard(reference.name)
        if not reference.folder and not telling.environ.get(reference.name):
            continue  # a default that is not there is no mistake; the notifier says what it needs
        # Without secrets an empty one says that there is one: what is sent may depend on which.
        fetched[key] = telling.scrubber.know(fetch(reference, telling.environ)) if secrets else Secret("")
    environ = {name: telling.environ[name] for name in names if name in telling.environ}
    http = Http(telling.environ, Rules(telling.insecure, notifier.private), deadline)
    return Channel(notifier.name, notifier.settings, fetched, environ, http, remembered)
