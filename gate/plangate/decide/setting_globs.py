"""Settings for many policies at once: `[settings."encryption/*"]` is for those of them that have the setting."""

from __future__ import annotations

from plangate.decide.settings import origin
from plangate.errors import UsageError
from plangate.globs import match_id, specificity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from plangate.decide.settings import Settings


def is_glob(policy: str) -> bool:
    """Whether a table of settings is for more than the policy of that id."""
    return "*" in policy or "?" in policy


def spread(settings: Settings, settings_of: Mapping[str, Mapping[str, str]]) -> None:
    """Write what globs say into the tables of the policies they match; the narrower glob beats, an id beats all.

    `settings_of` is {policy id: {setting: type name}}. Raises UsageError for a glob that matches no policy, and for a
    setting that none of those it matches has.
    """
    globs = [glob for glob in settings.policy_settings if is_glob(glob)]
    for glob in sorted(globs, key=specificity, reverse=True):
        values = settings.policy_settings.pop(glob)
        matched = [id for id in settings_of if match_id(glob, id)]
        key = f"settings.{glob}"
        if not matched:
            raise UsageError(
                f'settings for "{glob[:60]}", which names no policy',
                where=origin(settings, key),
                fix="`plangate policies list` shows them all",
            )
        for name, value in values.items():
            where = origin(settings, f"{key}.{name}")
            having = [id for id in matched if name in settings_of[id]]
            if not having:
                from plangate.decide.words import hint

                known = dict.fromkeys(n for id in matched for n in settings_of[id])
                what = f'no policy of "{glob[:60]}" has a setting "{name[:60]}"'
                raise UsageError(what, where=where, fix=hint(name, known, "settings of these policies"))
            for id in having:
                mine = settings.policy_settings.setdefault(id, {})
                if name not in mine:
                    mine[name] = value
                    settings.origins[f"settings.{id}.{name}"] = where
                    if f"{key}.{name}" in settings.folders:
                        settings.folders[f"settings.{id}.{name}"] = settings.folders[f"{key}.{name}"]
