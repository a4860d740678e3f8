"""Which environment a run is in: the one it was given, else the one whose globs match."""

from __future__ import annotations

import os

from plangate.decide.settings import Settings, origin
from plangate.decide.toml_file import short
from plangate.decide.words import hint
from plangate.errors import UsageError
from plangate.globs import match_id, match_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

OVERRIDES = ("fail_on", "on_unknown", "scope")


def choose(settings: Settings, env_name: str | None, facts: Mapping[str, str | None]) -> None:
    """Set the environment, why it was chosen, and what it overrides.

    `facts` are `workspace`, `path` (relative to the settings, with '/') and `branch`, None where not
    known. UsageError for a name the settings do not define, where they define any, and for several
    that match: guessing between two strictnesses is no answer.
    """
    if env_name is not None:
        if settings.environments and env_name not in settings.environments:
            fix = hint(env_name, settings.environments, "environments")
            raise UsageError(f"no environment {short(env_name)} in the settings", where="--env", fix=fix)
        _take(settings, env_name, "--env")
        return
    found = [(name, why) for name in settings.environments if (why := _why(settings, name, facts))]
    if len(found) > 1:
        names = " and ".join(f"{short(name)} ({why})" for name, why in found)
        where = origin(settings, f"environments.{found[-1][0]}")
        what = f"several environments match: {names}"
        raise UsageError(what, where=where, fix="choose one with --env NAME")
    for name, why in found:
        _take(settings, name, f"{origin(settings, f'environments.{name}')}, {why}")


def relative_path(path: str | None, cwd: str, root: str) -> str | None:
    """The path of a plan as environments see it: from the folder `root` of the settings, with '/'.

    A path outside of that folder stays absolute; stdin has none.
    """
    if path is None or path == "-":
        return None
    whole = os.path.normpath(os.path.join(cwd, path))
    try:
        relative = os.path.relpath(whole, root)
    except ValueError:  # another drive
        relative = os.pardir
    outside = relative == os.pardir or relative.startswith(os.pardir + os.sep)
    return (whole if outside else relative).replace(os.sep, "/")


def _why(settings: Settings, name: str, facts: Mapping[str, str | None]) -> str | None:
    table = settings.environments[name]
    for key in ("workspace", "path", "branch"):
        fact = facts.get(key)
        globs = table.get(key)
        if fact is None or not isinstance(globs, list):
            continue
        for glob in globs:
            if (match_path if key == "path" else match_id)(glob, fact):
                return f"{key} {short(fact)} matches {short(glob)}"
    return None


def _take(settings: Settings, name: str, why: str) -> None:
    settings.environment = name
    settings.origins["environment"] = why
    for key in OVERRIDES:
        value = settings.environments.get(name, {}).get(key)
        if value is not None:
            setattr(settings, key, value)
            settings.origins[key] = origin(settings, f"environments.{name}.{key}")
