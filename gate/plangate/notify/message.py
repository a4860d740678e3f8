"""What a channel is given to tell: a Message of one or several roots, everything of a plan in it made showable.

No raw text of a plan is in here: every address, name and sentence that is not ours has gone through
`render.inert.terminal`, so it is one line of printable characters. It is still not ours: a channel puts it only where
nothing is markup, a mention or a link.
"""

from __future__ import annotations

from plangate.decide.settings_notify import EVENTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .texts import Texts

FATES = ("destroy", "replace", "forget")


class Loss:
    """A resource that goes: `address`, `fate` (one of FATES), `why` (words of ours and attribute paths, or empty),
    `loss` (what is gone with it and what remains, words of ours, or empty), `severity` (None where no policy speaks of
    it), `stops` (whether the gate stops it)."""

    __slots__ = ("address", "fate", "loss", "severity", "stops", "why")

    def __init__(self, address: str, fate: str, why: str, loss: str, severity: str | None, stops: bool) -> None:
        self.address, self.fate, self.why, self.loss, self.severity, self.stops = (
            address, fate, why, loss, severity, stops,
        )  # fmt: skip


class Fault:
    """Findings of one policy with one outcome: `policy` (id), `title`, `severity`, `outcome` ("fail" | "unknown"),
    `number` of findings, `addresses` [(text, how many it stands for)] with indexed ones folded, `remediation`,
    `place` ("main.tf:12" of the first, or None)."""

    __slots__ = ("addresses", "number", "outcome", "place", "policy", "remediation", "severity", "title")

    def __init__(self, policy: str, title: str, severity: str, outcome: str, number: int) -> None:
        self.policy, self.title, self.severity, self.outcome, self.number = policy, title, severity, outcome, number
        self.addresses: list[tuple[str, int]] = []
        self.remediation: str | None = None
        self.place: str | None = None


class Root:
    """One plan. `verdict` pass | fail | error; `reasons` [(key, number)]; `counts` the report's `summary`;
    `lost` [Loss] worst first; `stops` [Fault] worst first; `others` findings that do not stop, their number;
    `errors` [str] of what could not be judged; `notes` [str]; `events` those of EVENTS that hold; `changes` whether
    the plan changes anything; `workspace` None for the default one; `protected` as the settings say."""

    __slots__ = (
        "account", "changes", "counts", "environment", "errors", "events", "exit_code", "lost", "name", "notes",
        "others", "path", "protected", "reasons", "sha256", "stops", "verdict", "workspace",
    )  # fmt: skip

    name: str
    path: str
    workspace: str | None
    environment: str | None
    account: str | None
    protected: bool
    verdict: str
    exit_code: int | None
    sha256: str | None
    changes: bool

    def __init__(self) -> None:
        self.reasons: list[tuple[str, int]] = []
        self.counts: dict[str, int] = {}
        self.lost: list[Loss] = []
        self.stops: list[Fault] = []
        self.others = 0
        self.errors: list[str] = []
        self.notes: list[str] = []
        self.events: tuple[str, ...] = ()


class Run:
    """Where it was judged: `id`, `started_at` (UTC, ISO 8601), `repository`, `commit`, `ref` (branch), `pull_request`
    (number as text), `workflow`, `url`, `actor`; each showable text, or None where it is not known."""

    __slots__ = ("actor", "commit", "id", "pull_request", "ref", "repository", "started_at", "url", "workflow")

    def __init__(self, values: Mapping[str, str | None]) -> None:
        for name in self.__slots__:
            setattr(self, name, values.get(name))

    id: str | None
    started_at: str | None
    repository: str | None
    commit: str | None
    ref: str | None
    pull_request: str | None
    workflow: str | None
    url: str | None
    actor: str | None


class Message:
    """What one channel tells.

    `event`: the gravest of `events`; `verdict`: the worst of all roots; `roots`: worst first; `elsewhere`: judged
    roots that this channel's routes leave out; `previous`: the verdict that this channel told last ("pass" | "fail" |
    "error"), None where that is not known; `key`: 32 hex digits that stay the same from run to run for the same
    repository, pull request or branch, workflow and roots; `decide_url`, `report_url`: https links of ours, or None;
    `texts`: words in the reader's language; `header`, `footer`: of the settings, filled in (not ours to trust as
    markup either); `mentions`: as the settings name them, in the channel's own form, already filtered to failures.
    """

    __slots__ = (
        "decide_url", "elsewhere", "event", "events", "footer", "header", "key", "mentions", "previous", "render",
        "report_url", "roots", "run", "test", "texts", "verdict",
    )  # fmt: skip

    def __init__(self, run: Run, roots: list[Root], texts: Texts, key: str, render: Callable[[str], str]) -> None:
        self.run, self.roots, self.texts, self.key, self.render = run, roots, texts, key, render
        self.event = "planned"
        self.events: tuple[str, ...] = ()
        self.verdict = "error"
        self.elsewhere = 0
        self.previous: str | None = None
        self.decide_url: str | None = None
        self.report_url: str | None = None
        self.header: str | None = None
        self.footer: str | None = None
        self.mentions: tuple[str, ...] = ()
        self.test = False  # a test message of `doctor --send`

    def rendering(self, format: str) -> str:
        """The reports of these roots as `markdown`, `html`, `json`, `text` or `sarif`, made when asked for."""
        return self.render(format)

    def stamp(self) -> dict[str, str]:
        """What a channel keeps with its message, to know it again: all of it ours, and safe in a marker."""
        run = self.run
        kept = {"verdict": self.verdict, "run": run.id, "at": run.started_at, "commit": run.commit}
        return {"key": self.key, **{name: _plain(value) for name, value in kept.items()}}

    def outdated_by(self, remembered: Mapping[str, Any] | None) -> bool:
        """Whether what stands there is of a later run than this one: an older run replaces nothing."""
        at = (remembered or {}).get("at")
        mine = self.run.started_at
        return isinstance(at, str) and bool(mine) and at > str(mine) and (remembered or {}).get("run") != self.run.id


def _plain(value: str | None) -> str:
    """The letters, digits and marks of a time that a value of a stored report has: no more can end a marker early."""
    return "".join(c for c in (value or "")[:64] if c.isascii() and (c.isalnum() or c in ":._+-")).replace("--", "-")


__all__ = ["EVENTS", "FATES", "Fault", "Loss", "Message", "Root", "Run"]
