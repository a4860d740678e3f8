"""What is in force, as a `plangate.toml` whose comments say where each setting comes from."""

from __future__ import annotations

from plangate.decide.settings import Settings, origin
from plangate.decide.show_notify import blocks as notify_blocks
from plangate.decide.toml_write import key, quoted, value
from plangate.decide.waivers import Waiver, is_date, problem

_LIMITS = ("policy_seconds", "total_seconds", "memory_mib", "plan_mib")
_CHECKOV = ("mode", "python", "skip", "only", "external_checks", "seconds", "memory_mib", "cache")
_WAIVER = ("policy", "address", "reason", "owner", "environment", "ticket")


def render_config(settings: Settings, today: str | None = None) -> str:
    """The settings as TOML that means the same when it is read; ends with a newline.

    With `today` (YYYY-MM-DD, UTC) it says which waivers no longer hold.
    """
    blocks = [
        _head(settings),
        _general(settings),
        _policies(settings),
        *_environments(settings),
        *_enforcement(settings),
        _by_glob(settings, "severity", settings.severities),
        _by_glob(settings, "unknown", settings.unknowns),
        *_policy_settings(settings),
        _summary(settings),
        _checkov(settings),
        _limits(settings),
        *notify_blocks(settings),
        *(_waiver(waiver, today) for waiver in settings.waivers),
        [f"# {_plain(line)}" for line in settings.waiver_problems],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _plain(text: str) -> str:
    return quoted(text)[1:-1].replace('\\"', '"')


def _line(name: str, thing: object, where: str) -> str:
    return f"{key(name)} = {value(thing)}  # {_plain(where)}"


def _head(settings: Settings) -> list[str]:
    if settings.files:
        lines = ["# files, the nearest first: " + ", ".join(_plain(file) for file in settings.files)]
    else:
        lines = ["# no plangate.toml was found: these are the defaults"]
    if settings.environment is None:
        return [*lines, "# environment: none"]
    here, why = _plain(settings.environment), _plain(origin(settings, "environment"))
    return [*lines, f"# environment: {here} ({why})"]


def _general(settings: Settings) -> list[str]:
    lines = [
        "# A finding from fail_on on is soft-mandatory, below it advisory; a written enforcement beats that.",
        "# soft-mandatory stops like hard-mandatory until there are approvals.",
        _line("fail_on", settings.fail_on, origin(settings, "fail_on")),
        _line("scope", settings.scope, origin(settings, "scope")),
    ]
    if settings.on_unknown:
        return [*lines, _line("on_unknown", settings.on_unknown, origin(settings, "on_unknown"))]
    return [*lines, "# on_unknown: as the policy says; else fail where it is mandatory, warn where advisory  # default"]


def _policies(settings: Settings) -> list[str]:
    lines = ["[policies]"]
    for name in ("paths", "select", "ignore"):
        things = settings.policy_paths if name == "paths" else getattr(settings, name)
        wheres = [origin(settings, f"policies.{name}.{index}") for index in range(len(things))]
        where = ", ".join(dict.fromkeys(wheres)) or origin(settings, f"policies.{name}")
        # An empty `select` in a file would be the same as none, and reads as if nothing were judged.
        if things or name != "select":
            lines.append(_line(name, things, where))
        else:
            lines.append("# select: every policy  # " + _plain(where))
    return lines


def _summary(settings: Settings) -> list[str]:
    where = origin(settings, "summary.ignore_paths")
    return ["[summary]", _line("ignore_paths", settings.ignore_paths, where)] if settings.ignore_paths else []


def _environments(settings: Settings) -> list[list[str]]:
    return [
        [
            f"[environments.{key(name)}]",
            *(_line(k, v, origin(settings, f"environments.{name}.{k}")) for k, v in table.items()),
        ]
        for name, table in settings.environments.items()
    ]


def _enforcement(settings: Settings) -> list[list[str]]:
    blocks = []
    for index, (glob, environment, level) in enumerate(settings.enforcement):
        where = _plain(origin(settings, f"enforcement.{index}"))
        block = [f"[[enforcement]]  # {where}", f"policy = {quoted(glob)}"]
        if environment is not None:
            block.append(f"environment = {quoted(environment)}")
        blocks.append([*block, f"level = {quoted(level)}"])
    return blocks


def _by_glob(settings: Settings, table: str, pairs: tuple[tuple[str, str], ...]) -> list[str]:
    lines = [_line(glob, word, origin(settings, f"{table}.{glob}")) for glob, word in pairs]
    return [f"[{table}]", *lines] if lines else []


def _policy_settings(settings: Settings) -> list[list[str]]:
    return [
        [
            f"[settings.{key(policy)}]",
            *(_line(name, thing, origin(settings, f"settings.{policy}.{name}")) for name, thing in table.items()),
        ]
        for policy, table in settings.policy_settings.items()
    ]


def _checkov(settings: Settings) -> list[str]:
    own = settings.checkov
    lines = ["[checkov]"]
    for name in _CHECKOV:
        thing = getattr(own, name)
        if thing is None or thing == ():
            lines.append(f"# {name}: none  # {_plain(origin(settings, f'checkov.{name}'))}")
        else:
            lines.append(_line(name, thing, origin(settings, f"checkov.{name}")))
    return lines


def _limits(settings: Settings) -> list[str]:
    return [
        "[limits]",
        *(_line(name, getattr(settings.limits, name), origin(settings, f"limits.{name}")) for name in _LIMITS),
    ]


def _waiver(waiver: Waiver, today: str | None) -> list[str]:
    why = problem(waiver, today) if today else None
    lines = ["# covers nothing: " + _plain(why.partition("covers nothing: ")[2])] if why else []
    lines.append(f"[[waiver]]  # {_plain(waiver.source)}")
    parts = {name: getattr(waiver, name) for name in _WAIVER}
    lines += [f"{name} = {quoted(text)}" for name, text in parts.items() if text is not None]
    bare = is_date(waiver.expires)
    return [*lines, f"expires = {waiver.expires if bare else quoted(waiver.expires)}"]
