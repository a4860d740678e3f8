"""Values as text: which, how long, and which never."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.report.changes import changed_paths
from plangate.report.values import MAX_TEXT, MAX_VALUES, shown, values_of
from plangate.testing import create, delete, forget, imported, plan, replace, update

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)
Sides = dict[str, tuple[str | None, str | None]]


def sides(example: Any) -> Sides:
    (change,) = plan(example).changes
    return {v["path"]: (v["before"], v["after"]) for v in values_of(change, changed_paths(change)[0])}


def test_an_update_shows_what_differs_and_nothing_else() -> None:
    example = update(
        "aws_x.y",
        {"size": 1, "same": "s", "rule": [{"port": 1}, {"port": 2}], "tags": {"a": "b"}, "off": True},
        {"size": 2, "same": "s", "rule": [{"port": 1}, {"port": 3}], "tags": {"a": "b", "c": "d"}, "off": None},
    )
    assert sides(example) == {
        "size": ("1", "2"),
        "rule[1].port": ("2", "3"),
        "tags.c": (None, '"d"'),
        "off": ("true", None),
    }


@pytest.mark.parametrize("make", [create, delete, forget, imported])
def test_what_is_made_or_goes_shows_everything_on_its_side(make: Any) -> None:
    found = sides(make("aws_x.y", {"size": 1, "none": None, "list": []}))
    side = {pair for path, pair in found.items() if path == "size"}
    assert side <= {("1", None), (None, "1"), ("1", "1")}
    assert side
    assert "none" not in found


def test_a_replace_shows_what_differs() -> None:
    found = sides(replace("aws_x.y", {"size": 1, "name": "a"}, {"size": 2, "name": "a"}, paths=["size"]))
    assert found == {"size": ("1", "2")}


def test_what_is_known_after_the_apply_says_so() -> None:
    found = sides(create("aws_x.y", {"size": 1}, unknown=["arn_of"], expressions={"arn_of": "aws_z.q.arn"}))
    assert found["arn_of"] == (None, "(known after apply)")


def test_sensitive_on_either_side_is_so_on_both() -> None:
    found = sides(update("aws_x.y", {"word": "old", "size": 1}, {"word": "new", "size": 2}, sensitive=["word"]))
    assert found == {"word": ("(sensitive)", "(sensitive)"), "size": ("1", "2")}


@settings(deadline=None)
@given(JSON)
def test_no_value_is_longer_than_its_limit(value: Any) -> None:
    text = shown(value)
    assert len(text) <= MAX_TEXT
    assert text.startswith("(") or json.loads(text) == value or "(redacted)" in text


def test_long_ones_are_a_size_and_a_digest_that_tells_them_apart() -> None:
    old, new = shown("a" * 200), shown("a" * 199 + "b")
    assert old != new
    assert old.startswith("(text of 200 characters, sha256 ")
    assert shown(list(range(100))).startswith("(list of 100 elements, sha256 ")
    assert shown({str(i): i for i in range(50)}).startswith("(map of 50 elements, sha256 ")
    assert shown(10**200).startswith("(number of 201 characters, sha256 ")


def test_at_most_so_many_of_one_change() -> None:
    body = {f"a{i:04d}": i for i in range(500)}
    assert len(sides(create("aws_x.y", body))) == MAX_VALUES


@pytest.mark.parametrize("name", ["password", "api_token", "clientSecret", "user_data", "environment", "db_url"])
def test_names_that_carry_secrets_are_redacted_unmarked(name: str) -> None:
    assert sides(create("aws_x.y", {name: "something"}))[name] == (None, "(redacted)")
    assert sides(create("aws_x.y", {"outer": {name: "something"}}))["outer"] == (None, f'{{"{name}": "(redacted)"}}')
    assert sides(update("aws_x.y", {name: {"in": "a"}}, {name: {"in": "b"}})) == {
        f"{name}.in": ("(redacted)", "(redacted)")
    }
