from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plangate.decide.load import load
from plangate.decide.waivers import Waiver, cover, is_date, paste, problem, usable

TODAY = "2026-05-31"


def _waiver(**changes: str | None) -> Waiver:
    parts = {
        "policy": "encryption/*", "address": "aws_efs_file_system.*", "reason": "scratch", "owner": "ops",
        "expires": "2026-06-30", "source": "plangate.toml:40", **changes,
    }  # fmt: skip
    return Waiver(**parts)  # type: ignore[arg-type]


def test_a_waiver_covers_its_policies_and_addresses_and_no_others() -> None:
    waiver = _waiver()
    assert cover([waiver], "encryption/x", "aws_efs_file_system.a", None, TODAY) is waiver
    assert cover([waiver], "public/x", "aws_efs_file_system.a", None, TODAY) is None
    assert cover([waiver], "encryption/x", "module.m.aws_efs_file_system.a", None, TODAY) is None


@pytest.mark.parametrize(
    ("written", "environment", "holds"),
    [
        (None, None, True),
        (None, "prod", True),
        ("dev*", "dev-1", True),
        ("dev", "prod", False),
        ("*", None, False),
    ],
)
def test_a_waiver_for_an_environment_holds_only_there(
    written: str | None, environment: str | None, holds: bool
) -> None:
    waiver = _waiver(environment=written)
    assert (cover([waiver], "encryption/x", "aws_efs_file_system.a", environment, TODAY) is waiver) is holds


def test_the_last_day_still_holds_and_the_next_does_not() -> None:
    assert usable(_waiver(), "2026-06-30")
    assert not usable(_waiver(), "2026-07-01")
    assert problem(_waiver(), "2026-07-01") == (
        'plangate.toml:40: this waiver of "encryption/*" on "aws_efs_file_system.*" covers nothing: '
        "it expired after 2026-06-30"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reason": " \t"}, "reason is blank"),
        ({"owner": ""}, "owner is blank"),
        ({"expires": "2026-02-30"}, "expires is not a date"),
        ({"expires": "never"}, "expires is not a date"),
        ({"expires": "9999-12-31T00:00:00"}, "expires is not a date"),
    ],
)
def test_a_malformed_waiver_covers_nothing_and_says_so(changes: dict[str, str], reason: str) -> None:
    waiver = _waiver(**changes)
    assert cover([waiver], "encryption/x", "aws_efs_file_system.a", None, TODAY) is None
    assert reason in (problem(waiver, TODAY) or "")


def test_an_expired_waiver_does_not_hide_a_later_good_one() -> None:
    good = _waiver()
    assert cover([_waiver(expires="2020-01-01"), good], "encryption/x", "aws_efs_file_system.a", None, TODAY) is good


def test_a_finding_on_the_whole_plan_has_a_name_of_its_own() -> None:
    assert cover([_waiver(address="(plan)")], "encryption/x", None, None, TODAY)
    assert cover([_waiver(address="*")], "encryption/x", None, None, TODAY)
    assert cover([_waiver()], "encryption/x", None, None, TODAY) is None


@given(st.text("0123456789-", min_size=8, max_size=11) | st.dates().map(str) | st.text(max_size=10))
@example("2024-02-29")
@example("2100-02-29")
@example("\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661")
def test_dates_are_those_of_the_calendar(text: str) -> None:
    try:
        expected = dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        expected = False
    assert is_date(text) is expected


def _parsed(text: str) -> Waiver:
    (entry,) = tomllib.loads(text)["waiver"]
    return Waiver(**{**entry, "expires": entry["expires"].isoformat()})


# Anything but blanks: a waiver that names nothing is a mistake.
_hostile = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.text('a.*?\\"[]\n\x1b\u202e', min_size=1)
).filter(str.strip)


@given(_hostile, _hostile, _hostile)
@example("p/q", 'module.x["a.*"].aws_s3_bucket.b["\\"?"]', 'module.x["a.b"].aws_s3_bucket.b["\\"?"]')
@example("p/q", "x.y\u2028[0]", "x.y")
@example("*", "*", "a")
def test_the_pasted_entry_waives_exactly_this_finding(policy: str, address: str, other: str) -> None:
    text = paste(policy, address, TODAY)
    assert all(" " <= char <= "~" or char == "\n" for char in text)
    waiver = _parsed(text)
    assert cover([waiver], policy, address, "prod", TODAY) is waiver
    assert cover([waiver], policy, other, "prod", TODAY) is (waiver if other == address else None)
    assert cover([waiver], other, address, "prod", TODAY) is (waiver if other == policy else None)


def test_the_pasted_entry_holds_for_a_month_in_a_real_file(tmp_path: Path) -> None:
    (tmp_path / "plangate.toml").write_text("[policies]\n" + paste("p/q", 'x.y["*"]', TODAY) + "\n")
    (waiver,) = load(str(tmp_path)).waivers
    assert (waiver.expires, waiver.source) == ("2026-06-30", "plangate.toml:2")
    assert cover([waiver], "p/q", 'x.y["*"]', None, TODAY)
    assert not cover([waiver], "p/q", 'x.y["a"]', None, TODAY)


def test_the_pasted_entry_for_the_whole_plan_covers_no_resource() -> None:
    waiver = _parsed(paste("p/q", None, TODAY))
    assert cover([waiver], "p/q", None, None, TODAY)
    assert not cover([waiver], "p/q", "x.y", None, TODAY)


def test_an_address_toml_cannot_write_gives_no_entry_that_covers_more() -> None:
    assert "waiver" not in tomllib.loads(paste("p/q", "x.y\ud800", TODAY))
