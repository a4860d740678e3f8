"""Whether the settings speak of policies that exist: a name that means nothing is never passed over."""

from __future__ import annotations

from plangate.decide.setting_globs import is_glob, spread
from plangate.decide.settings import origin
from plangate.errors import UsageError
from plangate.globs import match_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plangate.decide.settings import Settings


def check_names(
    settings: Settings, policy_ids: Sequence[str], settings_of: Mapping[str, Mapping[str, str]]
) -> tuple[str, ...]:
    """Hold every name in the settings against the loaded policies and their settings.

    `settings_of` is {policy id: {setting: type name}} ("int", "str | None", "list[str]"). Raises
    UsageError for a glob that matches no policy, a setting no policy has, or one of another type.
    Gives the lines to show for waivers whose policy glob matches none: they cover nothing, and stop nothing.
    Settings that are written for a glob are those of the policies it matches afterwards (setting_globs.spread).
    """
    if any(is_glob(policy) for policy in settings.policy_settings):
        spread(settings, settings_of)
    for glob, key, what in _globs(settings):
        if not _names_any(glob, policy_ids):
            raise _error(f"{what} {_short(glob)} names no policy", origin(settings, key), glob, policy_ids)
    for policy, values in settings.policy_settings.items():
        key = f"settings.{policy}"
        if policy not in policy_ids:
            raise _error(f"there is no policy {_short(policy)}", origin(settings, key), policy, policy_ids)
        known = settings_of.get(policy, {})
        for name, value in values.items():
            where = origin(settings, f"{key}.{name}")
            if name not in known:
                from plangate.decide.words import hint

                what = f"{_short(policy)} has no setting {_short(name)}"
                raise UsageError(what, where=where, fix=hint(name, known, "settings of this policy"))
            if not _fits(value, known[name]):
                what = f"{_short(name)} of {_short(policy)} must be {in_words(known[name])}"
                raise UsageError(what, where=where, fix=f"`plangate policies show {policy}`")
    return tuple(
        f"{waiver.source}: this waiver covers nothing: {_short(waiver.policy)} names no policy"
        for waiver in settings.waivers
        if not _names_any(waiver.policy, policy_ids)
    )


def _globs(settings: Settings) -> Iterator[tuple[str, str, str]]:
    """(glob, key of its origin, what it is)"""
    for index, glob in enumerate(settings.select):
        yield glob, f"policies.select.{index}", "select"
    for index, glob in enumerate(settings.ignore):
        yield glob, f"policies.ignore.{index}", "ignore"
    for index, (glob, _, _) in enumerate(settings.enforcement):
        yield glob, f"enforcement.{index}", "the enforcement of"
    for glob, _ in settings.severities:
        yield glob, f"severity.{glob}", "the severity of"
    for glob, _ in settings.unknowns:
        yield glob, f"unknown.{glob}", "the unknown of"


def _names_any(glob: str, policy_ids: Iterable[str]) -> bool:
    return any(match_id(glob, policy_id) for policy_id in policy_ids)


def _error(what: str, where: str, glob: str, policy_ids: Sequence[str]) -> UsageError:
    from plangate.decide.words import nearest

    packs = dict.fromkeys(f"{policy_id.partition('/')[0]}/*" for policy_id in policy_ids)
    near = nearest(glob, [*packs, *policy_ids] if "*" in glob else policy_ids)
    fix = f"did you mean {_short(near)}?" if near else "`plangate policies list` shows them all"
    return UsageError(what, where=where, fix=fix)


def _fits(value: object, type_name: str) -> bool:
    """Whether a value is of the type called so; a type this does not know is left to the policy."""
    return any(_fits_one(value, part.strip()) for part in _alternatives(type_name))


_WORDS = {
    "str": "a string",
    "FileText": "the path of a file",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "list[str]": "a list of strings",
    "list[int]": "a list of whole numbers",
    "dict[str, str]": "a table of strings",
    "dict[str, int]": "a table of whole numbers",
    "dict[str, bool]": "a table of true or false",
    "dict[str, list[str]]": "a table of lists of strings",
}


def in_words(type_name: str) -> str:
    """A setting's type as people who write TOML call it; one that has no word as it is written."""
    parts = [part.strip() for part in _alternatives(type_name)]
    return " or ".join(_WORDS.get(part, part) for part in parts if part != "None")


def _alternatives(type_name: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, char in enumerate(type_name):
        depth += (char == "[") - (char == "]")
        if char == "|" and depth == 0:
            parts.append(type_name[start:index])
            start = index + 1
    return [*parts, type_name[start:]]


def _fits_one(value: object, name: str) -> bool:
    base, _, inner = name.partition("[")
    if base in ("list", "tuple", "set", "frozenset", "Sequence", "Collection", "Iterable"):
        element = inner.removesuffix("]").partition(",")[0]
        return isinstance(value, list) and (not element or all(_fits(item, element) for item in value))
    if base in ("dict", "Mapping"):
        element = inner.removesuffix("]").partition(",")[2].strip()
        return isinstance(value, dict) and (not element or all(_fits(item, element) for item in value.values()))
    if base == "bool":
        return isinstance(value, bool)
    if base == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if base == "float":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if base in ("str", "FileText"):
        return isinstance(value, str)
    return base not in ("None", "NoneType")


def _short(text: str) -> str:
    from plangate.decide.toml_write import quoted

    return quoted(text if len(text) <= 60 else text[:57] + "...")
