from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.decide.toml_lines import key_lines, line_of
from plangate.decide.toml_write import key, quoted, value

TEXT = '''\
# comment = 1
fail_on = "high" # x
[policies]
select = [ "a", # ]
  "b]",
]
ignore = []
[environments.prod]
workspace = ["x"]
[environments."a.b" . c]
path = """
[not.a.table]
key = 1
"""
[[enforcement]]
policy = 'a"'
level = "x"

[[enforcement]]
policy = "b"
[settings."pack/policy"]
when.deep = { a = 1, "b c" = [1,
  {z = 2}] }
[[list]]
[list.inner]
q = \'\'\'it's\'\'\'
[[list]]
r = 1979-05-27 07:32:00
'''


def test_every_key_has_its_line() -> None:
    lines = key_lines(TEXT)
    tomllib.loads(TEXT)
    expected = {
        ("fail_on",): 2, ("policies",): 3, ("policies", "select"): 4, ("policies", "select", 0): 4,
        ("policies", "select", 1): 5, ("policies", "ignore"): 7, ("environments", "prod"): 8,
        ("environments", "a.b", "c"): 10, ("environments", "a.b", "c", "path"): 11, ("enforcement", 0): 15,
        ("enforcement", 0, "level"): 17, ("enforcement", 1): 19, ("enforcement", 1, "policy"): 20,
        ("settings", "pack/policy"): 21, ("settings", "pack/policy", "when", "deep", "b c"): 22,
        ("settings", "pack/policy", "when", "deep", "b c", 1, "z"): 23, ("list", 0): 24,
        ("list", 0, "inner", "q"): 26, ("list", 1): 27, ("list", 1, "r"): 28,
    }  # fmt: skip
    assert {path: lines.get(path) for path in expected} == expected


def test_a_path_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    lines = key_lines(TEXT)
    assert line_of(lines, ("enforcement", 1, "level")) == 19
    assert line_of(lines, ("nothing",)) == 1


_names = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from(["a", "b"])
_scalars = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.integers(-9, 9) | st.booleans()
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner, max_size=3),
    max_leaves=6,
)
_tables = st.dictionaries(_names, _values, max_size=3)


@settings(max_examples=60)
@given(st.dictionaries(_names, _tables | st.lists(_tables, min_size=1, max_size=3), max_size=3))
def test_any_document_is_followed_to_its_end(document: dict[str, Any]) -> None:
    rows: list[str] = []
    expected: dict[tuple[str | int, ...], int] = {}

    def table(head: str, path: tuple[str | int, ...], content: dict[str, Any]) -> None:
        rows.extend(("# [x]", head))
        expected[path] = len(rows)
        for name, thing in content.items():
            rows.append(f"{key(name)} = {value(thing)}")
            expected[(*path, name)] = len(rows)

    for name, thing in document.items():
        if isinstance(thing, dict):
            table(f"[{key(name)}]", (name,), thing)
        else:
            for index, one in enumerate(thing):
                table(f"[[{key(name)}]]", (name, index), one)
    text = "\n".join(rows)
    assert tomllib.loads(text) == document
    lines = key_lines(text)
    assert {path: lines.get(path) for path in expected} == expected


@given(st.text("[]{}\"'=.,#ab\n\\ "))
def test_a_text_that_cannot_be_followed_raises_nothing(text: str) -> None:
    key_lines(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_quoted_text_comes_back(text: str) -> None:
    assert tomllib.loads(f"k = {quoted(text)}")["k"] == text
