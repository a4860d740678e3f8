"""The settings of a run as plain objects, and what they say about one policy.

Everything here has a default: a run without `plangate.toml` reads no file and imports no validator.
"""

from __future__ import annotations

from plangate.globs import match_id, specificity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from plangate.decide.settings_notify import Notify
    from plangate.decide.waivers import Waiver

SEVERITIES = ("info", "low", "medium", "high", "critical")
LEVELS = ("advisory", "soft-mandatory", "hard-mandatory")
SCOPES = ("changed", "all")
ON_UNKNOWN = ("fail", "warn", "pass")

# Where a setting stands in the file, for those whose attribute has another name.
KEYS = {
    "policy_paths": "policies.paths", "select": "policies.select", "ignore": "policies.ignore",
    "ignore_paths": "summary.ignore_paths",
}  # fmt: skip


class Limits:
    """What a run may take: seconds a policy and in all, MiB of memory for policy code, MiB of a plan."""

    __slots__ = ("memory_mib", "plan_mib", "policy_seconds", "total_seconds")

    def __init__(self) -> None:
        self.policy_seconds = 30
        self.total_seconds = 300
        self.memory_mib = 2048
        self.plan_mib = 256


class Checkov:
    """Whether and how Checkov judges beside plangate's own policies: `mode` auto, required or off; globs over its
    check ids; files or folders of custom checks; an interpreter to use instead of the installed environment.
    """

    __slots__ = ("cache", "external_checks", "memory_mib", "mode", "only", "python", "seconds", "skip")

    def __init__(self) -> None:
        self.mode = "auto"
        self.python: str | None = None
        self.skip: tuple[str, ...] = ()
        self.only: tuple[str, ...] = ()
        self.external_checks: tuple[str, ...] = ()
        self.seconds = 300
        self.memory_mib = 4096
        self.cache = True

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Checkov)
        return same and all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]


class Settings:
    """What holds for a run.

    `files` are those that were read, the nearest first. `enforcement` holds (policy glob, environment
    glob or None, level), `severities` (policy glob, severity), `unknowns` (policy glob, one of ON_UNKNOWN),
    `policy_settings` {policy id: {name: value}}, `environments` {name: {key: value}} as written,
    `waiver_problems` one line a waiver that covers nothing. `folders` {"settings.ID.NAME": the folder of the
    file that says it}: what a path in a policy's setting is relative to. `origins` says where a key comes from
    ("plangate.toml:12", "--fail-on"); ask `origin`. `head` are the settings of a change that is not trusted: where
    they are stricter about a policy, they hold.
    """

    __slots__ = (
        "checkov", "enforcement", "environment", "environments", "fail_on", "files", "folders", "head", "ignore",
        "ignore_paths", "limits", "notify",
        "on_unknown", "origins", "policy_paths", "policy_settings", "scope", "select", "severities", "unknowns",
        "waiver_problems", "waivers",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 - one for each setting, all by name
        self,
        *,
        files: tuple[str, ...] = (),
        environment: str | None = None,
        environments: dict[str, dict[str, object]] | None = None,
        fail_on: str = "high",
        scope: str = "changed",
        on_unknown: str | None = None,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
        policy_paths: tuple[str, ...] = (),
        enforcement: tuple[tuple[str, str | None, str], ...] = (),
        severities: tuple[tuple[str, str], ...] = (),
        unknowns: tuple[tuple[str, str], ...] = (),
        policy_settings: dict[str, dict[str, object]] | None = None,
        waivers: tuple[Waiver, ...] = (),
        waiver_problems: tuple[str, ...] = (),
        ignore_paths: tuple[str, ...] = (),
        limits: Limits | None = None,
        origins: dict[str, str] | None = None,
    ) -> None:
        self.files, self.policy_paths = files, policy_paths
        self.environment, self.environments = environment, environments or {}
        self.fail_on, self.scope, self.on_unknown = fail_on, scope, on_unknown
        self.select, self.ignore = select, ignore
        self.enforcement, self.severities, self.unknowns = enforcement, severities, unknowns
        self.policy_settings = policy_settings or {}
        self.waivers, self.waiver_problems = waivers, waiver_problems
        self.ignore_paths = ignore_paths
        self.limits = limits or Limits()
        self.checkov = Checkov()
        self.notify: Notify | None = None
        self.origins = origins or {}
        self.folders: dict[str, str] = {}
        self.head: Settings | None = None


def override(settings: Settings, name: str, value: str | tuple[str, ...] | None, origin: str) -> None:
    """Let an option of the command line (`origin`, "--fail-on") beat the attribute `name`.

    What stood there is gone, and with it where each of its parts came from.
    """
    setattr(settings, name, value)
    key = KEYS.get(name, name)
    for old in [k for k in settings.origins if k.startswith(key + ".")]:
        del settings.origins[old]
    settings.origins[key] = origin


def origin(settings: Settings, key: str) -> str:
    """Where `key` (dotted, "policies.select.0") comes from; a part without its own has its table's."""
    while key:
        if key in settings.origins:
            return settings.origins[key]
        key = key.rpartition(".")[0]
    return "default"


def selected(settings: Settings, policy_id: str) -> bool:
    """Whether a policy is judged: named by `select` (or none is written), and not by `ignore`."""
    if settings.head is not None and selected(settings.head, policy_id):
        return True
    if settings.select and not any(match_id(glob, policy_id) for glob in settings.select):
        return False
    return not any(match_id(glob, policy_id) for glob in settings.ignore)


def severity_for(settings: Settings, policy_id: str, severity: str) -> str:
    """The severity written for a policy, else its own: of the narrowest globs the last one."""
    lines = (((), glob, value) for glob, value in settings.severities)
    found = _narrowest(lines, policy_id) or severity
    if settings.head is not None:
        found = max(found, severity_for(settings.head, policy_id, severity), key=height)
    return found


def height(severity: str) -> int:
    """The rank of a severity; one nobody knows counts as the highest."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def level_for(settings: Settings, policy_id: str, severity: str) -> str:
    """One of LEVELS for a policy whose severity in force is `severity`.

    A written enforcement beats `fail_on`. Among the lines that match: one for this environment beats
    one for all (its name beats a glob); then the narrower policy glob (no wildcard before wildcards,
    then more literal characters); then the later line. A line with an environment never holds in a
    run without one. A severity nobody knows counts as the highest.
    """
    if settings.head is not None:
        levels = level_of(settings, policy_id, severity), level_for(settings.head, policy_id, severity)
        return max(levels, key=LEVELS.index)
    return level_of(settings, policy_id, severity)


def level_of(settings: Settings, policy_id: str, severity: str) -> str:
    """level_for, without what `head` says."""
    written = _narrowest(_lines_here(settings), policy_id)
    if written:
        return written
    if settings.fail_on == "none":
        return "advisory"
    return "advisory" if height(severity) < SEVERITIES.index(settings.fail_on) else "soft-mandatory"


def on_unknown_for(settings: Settings, policy_id: str, level: str, own: str | None = None) -> str:
    """One of ON_UNKNOWN: what is written for the policy, else for all, else what the policy itself says (`own`).

    Without any of them `fail` for a mandatory policy and `warn` for an advisory one.
    """
    lines = (((), glob, value) for glob, value in settings.unknowns)
    written = _narrowest(lines, policy_id) if settings.unknowns else None
    found = written or settings.on_unknown or own or ("warn" if level == "advisory" else "fail")
    if settings.head is not None:
        found = min(found, on_unknown_for(settings.head, policy_id, level, own), key=ON_UNKNOWN.index)
    return found


def _lines_here(settings: Settings) -> Iterable[tuple[tuple[object, ...], str, str]]:
    here = settings.environment
    for glob, environment, level in settings.enforcement:
        if environment is None:
            yield (False,), glob, level
        elif here is not None and match_id(environment, here):
            yield (True, *specificity(environment)), glob, level


def _narrowest(lines: Iterable[tuple[tuple[object, ...], str, str]], policy_id: str) -> str | None:
    best: tuple[object, ...] | None = None
    value = None
    for rank, glob, written in lines:
        if match_id(glob, policy_id):
            mine: tuple[object, ...] = (*rank, *specificity(glob))
            # Ranks differ in length only when their first part differs, so they always compare.
            if best is None or mine >= best:
                best, value = mine, written
    return value
