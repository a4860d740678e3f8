"""What decides on a destroy: the state as it is before, and the `features` of the azurerm provider."""

from __future__ import annotations

from plangate import SettingMistake, stateful_rows
from plangate_policies.tables import fits_body, is_empty, truth, values_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate import Change
    from plangate_policies.tables import Row

SEVERITIES = ("info", "low", "medium", "high", "critical", "off")


def holds(change: Change, condition: Row) -> bool:
    """Whether a condition of a row holds in the state: {"path", "values"} or {"path", "empty": true}.

    What the state does not have at all fits neither. `unless` is a condition that takes it back.
    """
    path = condition["path"]
    if "[" not in path and path not in change.before:
        return False
    if "unless" in condition and holds(change, condition["unless"]):
        return False
    if condition.get("empty"):
        return all(is_empty(value) for _, value, _ in values_at(change.before, path))
    return fits_body(change.before, condition)


def first(change: Change, row: Row, key: str) -> str | None:
    """The path of the first condition under a key of a row that holds, in the state or in the provider's features."""
    for condition in row.get(key, ()):
        if holds(change, condition):
            return str(condition["path"])
    for feature in row.get("features", ()):
        if feature["does"] == key and feature_of(change, feature) is feature["value"]:
            return f"features.{feature['path']}"
    return None


def forced(change: Change, row: Row) -> str | None:
    """The path of the switch by which a delete is not refused although something is in it: the opposite of `holds`."""
    for condition in row.get("holds", ()):
        if truth(change.before[condition["path"]]) is True:
            return str(condition["path"])
    for feature in row.get("features", ()):
        if feature["does"] == "holds" and feature_of(change, feature) is (not feature["value"]):
            return f"features.{feature['path']}"
    return None


def is_told(change: Change, row: Row) -> bool:
    """Whether the state and the provider tell all on which it depends what remains."""
    paths = [c["path"] for key in ("no_copy", "holds") for c in row.get(key, ()) if "[" not in c["path"]]
    told = all(path in change.before for path in paths)
    return told and all(feature_of(change, feature) is not None for feature in row.get("features", ()))


def feature_of(change: Change, feature: Row) -> Any:
    """A switch in the `features` block of the provider configuration; its default where it is not written.

    None where the value is an expression, so that nobody can tell. A resource that is gone from the
    configuration is destroyed by the provider's own configuration without alias.
    """
    found = change.provider or _default_provider(change)
    here: Any = found.get("features")
    for word in feature["path"].split("."):
        if isinstance(here, list):
            here = here[0] if here else None
        if not isinstance(here, dict):
            return feature["default"]
        here = here.get(word)
    if not isinstance(here, dict):
        return feature["default"]
    return here.get("constant_value")


def _default_provider(change: Change) -> dict[str, Any]:
    for found in change.plan.providers:
        if found.get("full_name") == change.provider_name and not found.get("alias"):
            expressions = found.get("expressions")
            return expressions if isinstance(expressions, dict) else {}
    return {}


def severity(row: Row, base: str | None, classes: dict[str, str] | None, types: dict[str, str] | None) -> str | None:
    """The severity by the settings: of the type, else of the class, else `base`; None for "off" and for no base."""
    word = (types or {}).get(row["type"]) or (classes or {}).get(row["class"]) or base
    return None if word == "off" else word


def check_severities(given: dict[str, Any]) -> list[str]:
    """Refuses what is no severity, no class and no type of the table in the settings `classes` and `types`."""
    rows = stateful_rows()
    known = {"types": set(rows), "classes": {row["class"] for row in rows.values()} if given.get("classes") else set()}
    for name, names in known.items():
        for key, word in (given.get(name) or {}).items():
            if key not in names:
                fix = f"one of {', '.join(sorted(names))}" if name == "classes" else "see `plangate policies show`"
                raise SettingMistake(name, f"names {key!r}, which the table does not have", fix=fix)
            if word not in SEVERITIES:
                raise SettingMistake(name, f"{key} has a severity that is none", fix=f"one of {', '.join(SEVERITIES)}")
    return []
