from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.render.inert import MARKS, mixed_script, terminal, width

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from(list(":#[ \t\r\n\x0b\x1b\x85\u00a0\u2028\u202e\u200b\u3000\u0301\u20dd\ud800\U000e0041a日")),
    )
)


def obeyed(line: str) -> bool:
    """GitHub's runner: TryParseV2 trims the start and looks for `::`, V1 finds `##[` anywhere."""
    return line.lstrip().startswith("::") or "##[" in line or "##vso[" in line.lower()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('aws_s3_bucket.b["a b"]', 'aws_s3_bucket.b["a b"]'),
        ("a\nb", "a\\x0ab"),
        ("a\r\tb\x00\x7f", "a\\x0d\\x09b\\x00\\x7f"),
        ("\x1b[31mred\x9b0m\x85", "\\x1b[31mred\\x9b0m\\x85"),
        ("\u2028\u2029\ud800", "\\u2028\\u2029\\ud800"),
        ("\u202egnp.exe\u202c\u2066\u200e\u061c", "<U+202E>gnp.exe<U+202C><U+2066><U+200E><U+061C>"),
        ("pro\u200bd\u2060\ufeff\u00ad", "pro<U+200B>d<U+2060><U+FEFF><U+00AD>"),
        ("\u3164\u115f\u2800", "<U+3164><U+115F><U+2800>"),
        ("\U000e0041\ufe0f\U000e0100\u034f", "<U+E0041><U+FE0F><U+E0100><U+034F>"),
        ("\uffff\U0010ffff\ue000\u2003", "<U+FFFF><U+10FFFF><U+E000><U+2003>"),
        ("::error::x", "\\x3a:error::x"),
        ("  \u00a0\u3000::x", "  \u00a0\u3000\\x3a:x"),
        ("a::b", "a::b"),
        ("x ##[error]y", "x \\x23#[error]y"),
        ("###[a]", "#\\x23#[a]"),
        ("##vso[task.complete]", "\\x23#vso[task.complete]"),
        ("## heading", "## heading"),
        ("\u0301abc", "<U+0301>abc"),
        ("Z" + "\u0351" * 30 + "b", "Z" + "\u0351" * MARKS + f"<+{30 - MARKS} marks>b"),
    ],
)  # fmt: skip
def test_what_is_shown(text: str, shown: str) -> None:
    assert terminal(text) == shown


@pytest.mark.parametrize("text", ["Grüße", "наша база", "日本語", "e\u0301", "한국", "🇩🇪", "👍🏽", "a\u00a0: b"])
def test_names_of_any_script_stay_as_they_are(text: str) -> None:
    assert terminal(text) == text


def test_plain_ascii_is_the_very_same_object() -> None:
    text = "module.a.aws_s3_bucket.b[0]"
    assert terminal(text) is text


@given(TEXTS)
def test_nothing_shown_is_active(text: str) -> None:
    shown = terminal(text)
    assert not obeyed(shown)
    for char in shown:
        kind = unicodedata.category(char)
        assert kind not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"), hex(ord(char))
        assert kind != "Zs" or char in " \u00a0\u3000"
    marks = 0
    for char in shown:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        assert marks <= MARKS
    assert not shown or unicodedata.category(shown[0])[0] != "M"


@given(TEXTS, st.integers(0, 40))
def test_a_limit_holds_and_a_cut_is_seen(text: str, limit: int) -> None:
    shown = terminal(text, limit)
    assert width(shown) <= limit
    assert not obeyed(shown)
    whole = terminal(text)
    if width(whole) <= limit:
        assert shown == whole
    elif limit >= 3:
        assert "..." in shown
        if limit >= 16:
            kept, _, rest = shown.rpartition("... (+")
            assert whole.startswith(kept[:-1])
            assert int(rest[:-1]) > 0


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("a" * 20, 20, "a" * 20),
        ("a" * 21, 20, "a" * 10 + " ... (+11)"),
        ("日本語" * 10, 20, "日本語日本 ... (+25)"),
        ("e\u0301" * 21, 20, "e\u0301" * 10 + " ... (+22)"),
        ("aaaaaaaaa\x1b" + "b" * 20, 20, "aaaaaaaaa ... (+21)"),
        ("abcdefgh", 3, "..."),
        ("abcdefgh", 0, ""),
    ],
)
def test_a_cut_falls_between_graphemes_and_says_how_much_is_gone(text: str, limit: int, shown: str) -> None:
    assert terminal(text, limit) == shown


@given(st.text("ab ", max_size=80) | st.just("a " * 6000), st.integers(-1, 60))
def test_plain_ascii_is_cut_as_any_other_text_is(text: str, limit: int) -> None:
    """The short way for plain text ends where the long way does, which a letter beyond ASCII at the end asks for."""
    assert terminal(text + "b", limit) == terminal(text + "\u00e9", limit).replace("\u00e9", "b")


def test_a_long_text_is_not_read_to_its_end() -> None:
    assert terminal("ä" * 3_000_000, 30).endswith(" ... (+2999985)")


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("Å", 1), ("한", 2), ("\u1112\u1161\u11ab", 2)],
)
def test_width_counts_cells(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("p\u0430ypal", True),
        ('aws_iam_user.u["\u03bfpenssl"]', True),
        ("e\u0301\u0430", True),
        ("paypal", False),
        ("prod \u0431\u0430\u0437\u0430", False),
        ("prod_\u0431\u0430\u0437\u0430", False),
        ("\u0431\u0430\u0437\u0430-\u03b1", False),
        ("10\u00b5m", False),
        ("Grüße 日本", False),
    ],
)
def test_mixed_script_finds_words_of_two_alphabets(text: str, mixed: bool) -> None:
    assert mixed_script(text) is mixed
