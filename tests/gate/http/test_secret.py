from __future__ import annotations

import copy
import json
import pickle
import traceback
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.http import Scrubber, Secret

VALUE = "xyzzy-0123456789"


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{:>40}".format, "{!r}".format, lambda s: f"{[s]}", ascii])
def test_nothing_that_shows_a_secret_shows_its_value(show: object) -> None:
    said = show(Secret(VALUE))  # type: ignore[operator]
    assert "***" in said
    assert VALUE not in said


def test_a_secret_is_neither_stored_nor_copied() -> None:
    for action in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError) as caught:
            action(Secret(VALUE))
        assert VALUE not in "".join(traceback.format_exception(caught.value))


def test_an_attribute_error_does_not_show_it() -> None:
    with pytest.raises(AttributeError) as caught:
        Secret(VALUE).value  # type: ignore[attr-defined]  # noqa: B018
    assert VALUE not in str(caught.value)


def test_secrets_are_compared_by_value() -> None:
    assert Secret("a" * 8) == Secret("a" * 8)
    assert Secret("a" * 8) != Secret("b" * 8)
    assert len({Secret("a" * 8), Secret("a" * 8)}) == 1
    assert not Secret("")


segments = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/?#%&=\\"), min_size=8, max_size=30
)


@given(st.lists(segments, min_size=1, max_size=4), segments, st.text(max_size=30))
def test_no_telling_part_of_an_address_survives(path: list[str], token: str, around: str) -> None:
    scrubber = Scrubber()
    address = f"https://hooks.example.com/{'/'.join(path)}?sig={token}"
    scrubber.know(Secret(address))
    for said in (address, "/".join(path), token, quote(token, safe=""), path[-1], f"sig={token}"):
        shown = scrubber.scrub(f"{around} {said} {around}")
        assert said not in shown.replace(around, "") or said in around


def test_the_host_may_be_said() -> None:
    scrubber = Scrubber()
    scrubber.know(Secret("https://hooks.example.com/services/T0/B0/abcdefghijklmnop"))
    assert scrubber.scrub("hooks.example.com: answered 404") == "hooks.example.com: answered 404"


@given(st.text(min_size=6, max_size=60), st.text(max_size=40), st.text(max_size=40))
def test_a_token_survives_nowhere(token: str, before: str, after: str) -> None:
    scrubber = Scrubber()
    scrubber.know(Secret(token))
    wanted = token.strip()
    if len(wanted) >= 6:
        assert wanted not in scrubber.scrub(before + wanted + after).replace("***", "\0")
