"""Every language has every text, with the same placeholders."""

from __future__ import annotations

import re

import pytest

from plangate.notify.texts import ENGLISH, entries, languages

FORMS = {"one", "other"}


def placeholders(entry: str | dict[str, str]) -> set[str]:
    texts = list(entry.values()) if isinstance(entry, dict) else [entry]
    return {name for text in texts for name in re.findall(r"{(\w+)}", text)}


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything(language: str) -> None:
    english, other = entries(ENGLISH), entries(language)
    assert other.keys() == english.keys()
    for key, entry in other.items():
        assert placeholders(entry) == placeholders(english[key]), key
        assert not isinstance(entry, dict) or entry.keys() == FORMS, key
        assert all(text.strip() for text in (entry.values() if isinstance(entry, dict) else [entry])), key
