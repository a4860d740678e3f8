"""The words of messages in the reader's language: one data file a language, notify/texts/LANGUAGE.json.

A text may hold `{n}` and other placeholders; they are filled with numbers and with words of ours, never with text of a
plan. Where the form depends on `n`, an entry is {"one": ..., "other": ...}. A key that a language lacks is English.
"""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts")
ENGLISH = "en"


def languages() -> list[str]:
    """The languages there are."""
    return sorted(name.removesuffix(".json") for name in os.listdir(_FOLDER) if name.endswith(".json"))


def entries(language: str) -> dict[str, str | dict[str, str]]:
    """The entries of a language file as they are written."""
    with open(os.path.join(_FOLDER, f"{language}.json"), encoding="utf-8") as file:
        found: dict[str, str | dict[str, str]] = json.load(file)
    return {key: value for key, value in found.items() if not key.startswith("_")}


class Texts:
    """The texts of one language."""

    __slots__ = ("_entries", "language")

    def __init__(self, language: str = ENGLISH) -> None:
        self.language = language
        self._entries: Mapping[str, str | dict[str, str]] = {**entries(ENGLISH), **entries(language)}

    def say(self, key: str, **values: int | str) -> str:
        """The text of `key`, filled in. KeyError for a key that English lacks: a mistake in the notifier."""
        entry = self._entries[key]
        if isinstance(entry, dict):
            one = values.get("n") == 1 and "one" in entry
            entry = entry["one" if one else "other"]
        for name, value in values.items():
            entry = entry.replace("{" + name + "}", f"{value:,}" if isinstance(value, int) else value)
        return entry
