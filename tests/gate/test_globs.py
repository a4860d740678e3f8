from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plangate.globs import escape, match_address, match_id, match_path, specificity

_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]', re.DOTALL)
_ALPHABET = 'ab./*?\\["]0'


def _regex(pattern: str, separator: str) -> str:
    """The slow and simple meaning of a pattern."""
    out, index = "", 0
    while index < len(pattern):
        char = pattern[index]
        if char == "\\" and index + 1 < len(pattern):
            index += 1
            out += re.escape(pattern[index])
        elif pattern.startswith("**", index):
            index += 1
            out += ".*"
        elif char in "*?":
            out += f"[^{separator}]" + ("*" if char == "*" else "")
        else:
            out += re.escape(char)
        index += 1
    return f"(?s:{out})\\Z"


@given(st.text("ab/*?\\", max_size=8), st.text("ab/*?\\", max_size=8))
@example("***", "a/b")
@example("a*\\", "ab\\")
@example("**a*b", "a/aab")
def test_ids_match_as_the_simple_reference_does(pattern: str, text: str) -> None:
    expected = pattern == "*" or re.match(_regex(pattern, "/"), text) is not None
    assert match_id(pattern, text) is expected


_segment = st.text("abc_", min_size=1, max_size=3)
_key = st.text("ab.]*?", max_size=4).map(lambda key: f'["{key}"]') | st.sampled_from(["[0]", "[12]", ""])
_address = st.lists(st.tuples(_segment, _key), min_size=1, max_size=4).map(
    lambda parts: ".".join(name + key for name, key in parts)
)
# The same shapes with wildcards instead of some names and keys, so that patterns often match.
_pattern = st.lists(
    st.tuples(
        _segment | st.sampled_from(["*", "**", "?", "a*", "*c"]),
        _key | st.sampled_from(["[*]", '["*"]', '["**"]']),
    ),
    min_size=1,
    max_size=4,
).map(lambda parts: ".".join(name + key for name, key in parts))


@given(_pattern, _address)
def test_addresses_match_as_the_reference_does_with_the_dots_of_keys_hidden(pattern: str, address: str) -> None:
    def hide(text: str) -> str:
        return _KEY.sub(lambda key: key.group().replace(".", "\0"), text)

    expected = pattern == "*" or re.match(_regex(hide(pattern), "."), hide(address)) is not None
    assert match_address(pattern, address) is expected


@given(st.text(), st.text())
@example('a["x.y"]*', 'a["x.y"]*')
@example("a\\", "a\\")
def test_an_escaped_text_matches_itself_and_nothing_else(text: str, other: str) -> None:
    assert match_id(escape(text), text)
    assert match_address(escape(text), text)
    assert match_id(escape(text), other) is (text == other)
    assert match_address(escape(text), other) is (text == other)


@given(st.text(_ALPHABET), st.text(_ALPHABET))
def test_any_pattern_and_text_are_answered(pattern: str, text: str) -> None:
    assert match_address(pattern, text) in (True, False)
    assert match_address("**", text)


@pytest.mark.parametrize(
    ("pattern", "address", "expected"),
    [
        ('module.x["*"].aws_s3_bucket.*', 'module.x["a.b"].aws_s3_bucket.logs', True),
        ("module.x[*].aws_s3_bucket.*", 'module.x["a.b"].aws_s3_bucket.logs["c.d"]', True),
        ("module.x[*].aws_s3_bucket.*", "module.x[0].aws_s3_bucket.logs[1]", True),
        ('module.x["*"].aws_s3_bucket.*', "module.x[0].aws_s3_bucket.logs", False),
        ("module.x.*", "module.x.aws_s3_bucket.logs", False),
        ("module.x.**", "module.x.aws_s3_bucket.logs", True),
        ("*.*.*", 'aws_s3_bucket.logs["a.b"]', False),
        ("aws_s3_bucket.*", 'aws_s3_bucket.logs["a.b"]', True),
        ("aws_s3_bucket.*", 'aws_s3_bucket.logs["a.b', False),
        ("aws_s3_bucket.logs", "aws_s3_bucket.logs[0]", False),
        ("aws_s3_bucket.log?", "aws_s3_bucket.logs", True),
        ("aws_s3_bucket?logs", "aws_s3_bucket.logs", False),
        (r'x.y["a\*"]', 'x.y["a*"]', True),
        (r'x.y["a\*"]', 'x.y["ab"]', False),
        ("*", "module.x.aws_s3_bucket.logs", True),
    ],
)
def test_address_globs(pattern: str, address: str, expected: bool) -> None:
    assert match_address(pattern, address) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("envs/prod/**", "envs/prod/plan.json", True),
        ("**/prod/**", "prod/plan.json", True),
        ("**/prod/**", "envs/eu/prod/plan.json", True),
        ("*/plan.json", "envs/prod/plan.json", False),
        ("prod/**", "envs/prod/plan.json", False),
    ],
)
def test_path_globs(pattern: str, path: str, expected: bool) -> None:
    assert match_path(pattern, path) is expected


def test_a_lone_star_is_every_policy_and_otherwise_it_stays_in_its_pack() -> None:
    assert match_id("*", "encryption/aws-efs-unencrypted")
    assert match_id("encryption/*", "encryption/aws-efs-unencrypted")
    assert not match_id("*-unencrypted", "encryption/aws-efs-unencrypted")
    assert match_id("**-unencrypted", "encryption/aws-efs-unencrypted")


def test_hostile_patterns_take_no_longer_than_others() -> None:
    started = time.perf_counter()
    for pattern in ("*a" * 200 + "b", "**a*" * 100 + "b", "?*" * 200 + "b", "**?*" * 100 + '["b'):
        for text in ("a" * 4000, "a." * 2000, '["' * 2000, '["\\' * 1000):
            assert not match_address(pattern, text)
    assert time.perf_counter() - started < 2


def test_narrower_patterns_compare_greater() -> None:
    order = ["*", "encryption/*", "encryption/aws-*", "encryption/aws-efs-unencrypted"]
    assert [specificity(glob) for glob in order] == sorted(map(specificity, order))
