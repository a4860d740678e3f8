"""The words that redaction knows: names that hold secrets, and values too common to hide.

The lists and where they come from stand in `secret_names.json`, read at first use.
"""

from __future__ import annotations

# Filled by `_words`: "names", "carriers" and "common" of the file.
_lists: dict[str, tuple[str, ...]] = {}
_common: set[str] = set()
_seen: dict[str, bool] = {}
_carriers: dict[str, bool] = {}
_DROP = {ord("_"): None, ord("-"): None, ord("."): None, ord(" "): None}


def _words(kind: str) -> tuple[str, ...]:
    if not _lists:
        import json
        import os

        path = os.path.join(os.path.dirname(__file__), "secret_names.json")
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        _lists.update({key: tuple(data[key]) for key in ("names", "carriers", "common")})
        _common.update(_lists["common"])
    return _lists[kind]


def secret_name(name: str) -> bool:
    """Does an attribute, variable or key of this name hold a secret (`db_password`, `apiToken`)?"""
    known = _seen.get(name)
    if known is None:
        plain = name.translate(_DROP).lower()
        known = plain.endswith(_words("names")) and not plain.endswith("bypass")
        if len(_seen) < 10_000 and len(name) < 200:
            _seen[name] = known
    return known


def carrier_name(name: str) -> bool:
    """Is it `secret_name`, or a name whose value often carries an unmarked secret (`user_data`)?

    For showing values: those are masked where they stand.
    """
    known = _carriers.get(name)
    if known is None:
        known = secret_name(name) or name.translate(_DROP).lower().endswith(_words("carriers"))
        if len(_carriers) < 10_000 and len(name) < 200:
            _carriers[name] = known
    return known


def common_value(value: str) -> bool:
    """Is a value so common that hiding it wherever it stands would harm, or give it away?"""
    return bool(_words("common")) and value.lower() in _common
