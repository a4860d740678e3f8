"""Patterns of settings: they mean what regular expressions mean, and never take long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate_policies.tagging.pattern import MAX_PATTERN, MAX_TEXT, Pattern, PatternMistake

ATOMS = st.sampled_from(
    [
        "a", "B", "7", ".", "-", "_", "/", " ", "{", "}", "a{", "é", "^", "$",
        r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\.", r"\-", r"\\", r"\A", r"\Z",
        "[ab]", "[^a]", "[a-f0-9]", r"[\d_-]", r"[^\w]", "[A-Z]", "[]a]", "[^]a]", "[-a]", "[a-]", r"[a\-z]",
        r"[\t-\r]", "[.]", "[a^]", "[$]", r"[\]]",
    ]
)  # fmt: skip


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    grouped = inner.map(lambda p: f"({p})") | inner.map(lambda p: f"(?:{p})")
    repeated = st.tuples(
        grouped | ATOMS, st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "{0}", "{0,}", "{,2}", "*?", "{2}?"])
    )
    return (
        grouped
        | repeated.map("".join)
        | st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})")
        | st.lists(inner, min_size=2, max_size=3).map("|".join)
    )


PATTERNS = st.recursive(ATOMS, joined, max_leaves=8)
TEXTS = st.text(alphabet="aAbB7c.f_- \n\t\u00e9{}^$]/", max_size=8)


@given(PATTERNS, st.lists(TEXTS, max_size=5), st.sampled_from(["", "(?i)"]))
def test_means_what_a_regular_expression_means(pattern: str, texts: list[str], flag: str) -> None:
    try:
        meant = re.compile(f"{flag}(?:{pattern})")
    except re.error:  # as `^*`, and braces that happen to be a second repetition
        return
    made = Pattern(flag + pattern)
    for text in texts:
        assert made.matches(text) == (meant.fullmatch(text) is not None), (flag, pattern, text)


@given(PATTERNS, st.lists(TEXTS, max_size=5))
def test_anchors_around_change_nothing(pattern: str, texts: list[str]) -> None:
    try:
        plain = Pattern(pattern)
    except PatternMistake:
        return
    anchored = Pattern(f"^(?:{pattern})$")
    assert [plain.matches(text) for text in texts] == [anchored.matches(text) for text in texts]


@given(PATTERNS, st.integers(1, 4), st.sampled_from(["a", "ab", "-", "7a"]))
@settings(max_examples=40, deadline=None)
def test_repetitions_of_repetitions_take_no_time(pattern: str, depth: int, word: str) -> None:
    for _ in range(depth):
        pattern = f"(({pattern})*|({pattern})+)*"
    try:
        made = Pattern(f"({pattern})x")
    except PatternMistake:  # too large
        return
    begun = time.process_time()
    made.matches((word * MAX_TEXT)[: MAX_TEXT - 1] + "!")
    assert time.process_time() - begun < 5


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
        ("(?i)[^a-c]+", ["D", "xyz"], ["A", "xCy", "b"]),
        (r"[\t-\r]", ["\n"], ["t", "r", "s"]),
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
        "(" * 100 + ")" * 100, "a++", r"[a-\d]", "[a-", r"[!-\q]",
    ],
)  # fmt: skip
def test_what_is_no_pattern_here(pattern: str) -> None:
    with pytest.raises(PatternMistake):
        Pattern(pattern)


def test_longer_texts_than_any_tag_never_match() -> None:
    assert not Pattern(".*").matches("a" * (MAX_TEXT + 1))
