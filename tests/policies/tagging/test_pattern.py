"""Patterns of settings: they mean what regular expressions mean, and never take long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate_policies.tagging.pattern import MAX_PATTERN, MAX_TEXT, Pattern, PatternMistake

ATOMS = st.sampled_from(["a", "b", "7", ".", r"\d", r"\w", r"\s", r"\.", "[ab]", "[^a]", "[a-f0-9]", r"[\d_-]", " "])


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = inner.map(lambda p: f"({p})") | inner.map(lambda p: f"(?:{p})")
    repeated = st.tuples(grouped | ATOMS, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0,}", "{,2}", "*?"]))
    return (
        grouped
        | repeated.map("".join)
        | st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})")
    )


PATTERNS = st.recursive(ATOMS, joined, max_leaves=8)
TEXTS = st.text(alphabet="ab7c.f_- \n\u00e9", max_size=8)


@given(PATTERNS, st.lists(TEXTS, max_size=5), st.booleans())
def test_means_what_a_regular_expression_means(pattern: str, texts: list[str], anchored: bool) -> None:
    written = f"^{pattern}$" if anchored else pattern
    made = Pattern(written)
    for text in texts:
        assert made.matches(text) == (re.fullmatch(f"(?:{pattern})", text) is not None), (written, text)


@given(st.text(max_size=30))
def test_any_text_is_a_pattern_or_a_mistake(text: str) -> None:
    try:
        made = Pattern(text)
    except PatternMistake:
        return
    made.matches("abc")
    if text.isalnum():
        assert made.matches(text)


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("^[0-9]{4}$", ["1234"], ["12345", "123", "1234\n", "x1234"]),
        ("[0-9]{4}", ["1234"], ["12345", "a1234"]),
        ("prod|dev", ["prod", "dev"], ["prodx", "pro"]),
        ("^prod$|^dev-.*$", ["prod", "dev-", "dev-1"], ["xprod", "dev"]),
        ("(?i)owner-[a-f]", ["OWNER-a", "Owner-F"], ["owner-g"]),
        (r"[\w.+-]+@example\.com", ["a.b+c@example.com"], ["a@exampleXcom", "@example.com"]),
        ("(?P<team>[a-z]+)-[0-9]+", ["web-1"], ["web-"]),
        ("", [""], ["a"]),
        ("a{,b", ["a{,b"], ["a"]),
        (r"[]a]", ["]", "a"], ["b"]),
        (r"[^]a]", ["b"], ["]", "a"]),
        (r"[a\]-]", ["a", "]", "-"], ["b"]),
        (r"\AZ?\Z", ["", "Z"], ["A"]),
        (r"[\t ]\D\S\W", ["\tx.-"], ["\t1.-"]),
    ],
)
def test_examples(pattern: str, yes: list[str], no: list[str]) -> None:
    made = Pattern(pattern)
    assert [made.matches(text) for text in yes] == [True] * len(yes)
    assert [made.matches(text) for text in no] == [False] * len(no)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a|a)*b",
        "(a*)*b",
        "a*a*a*a*a*a*b",
        "(.*)(.*)(.*)(.*)x",
        "((a?){20}){20}b",
        r"(\w+\s?)*!",
        "(a|aa)+$b",
    ],
)
def test_hostile_texts_take_no_time(pattern: str) -> None:
    made = Pattern(pattern)
    begun = time.process_time()
    assert not made.matches("a" * MAX_TEXT)
    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "pattern",
    [
        "(", ")", "a)", "[a", "*a", "a**", "a{3}{2}", "+", r"\1", r"\b", "(?=a)", "(?!a)", "(?<=a)", "(?P=x)", "a(?i)b",
        "[z-a]", "\\", "a{99999}", "a{3,2}", "((a{100}){100}){100}", "((){9999}){9999}", "x" * (MAX_PATTERN + 1),
        "(" * 100 + ")" * 100, "a++",
    ],
)  # fmt: skip
def test_what_is_no_pattern_here(pattern: str) -> None:
    with pytest.raises(PatternMistake):
        Pattern(pattern)


def test_longer_texts_than_any_tag_never_match() -> None:
    assert not Pattern(".*").matches("a" * (MAX_TEXT + 1))
