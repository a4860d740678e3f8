"""What a change would loosen in the settings, and what of it holds at once because it is stricter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.decide.load import load
from plangate.decide.loosened import loosened
from plangate.decide.settings import (
    LEVELS,
    ON_UNKNOWN,
    SEVERITIES,
    Settings,
    level_for,
    on_unknown_for,
    selected,
    severity_for,
)
from plangate.decide.stricter import tighten

POLICIES = {"a/b": "high", "a/c": "low", "d/e": "critical"}
SLACK = '[notifiers.slack]\nwebhook_url = "env:URL"\nrequired = true\n'


def settings(tmp_path: Path, text: str, environment: str | None = None) -> Settings:
    (tmp_path / "plangate.toml").write_text(text, encoding="utf-8")
    return load(str(tmp_path), env_name=environment)


@pytest.mark.parametrize(
    ("base", "head", "said"),
    [
        ("", "", []),
        (
            'fail_on = "low"',
            "",
            ["fail_on would be high instead of low", "a/c would be advisory instead of soft-mandatory"],
        ),
        ("", 'fail_on = "low"', []),
        ('scope = "all"', "", ["scope would be changed instead of all"]),
        ("", 'scope = "all"', []),
        (
            'on_unknown = "fail"',
            'on_unknown = "warn"',
            [
                "on_unknown would be warn instead of fail",
                "a/b, a/c, d/e would let unknown values pass with a word",
            ],
        ),
        ("", "[limits]\nplan_mib = 1000", ["limits.plan_mib would be 1000 instead of 256"]),
        ("", '[policies]\nignore = ["a/*"]', ["a/b, a/c would not be judged"]),
        ('[policies]\nignore = ["a/*"]', "", []),
        (
            "",
            '[severity]\n"a/b" = "info"',
            ["a/b would be info instead of high", "a/b would be advisory instead of soft-mandatory"],
        ),
        ("", '[severity]\n"a/b" = "critical"', []),
        (
            '[[enforcement]]\npolicy = "a/*"\nlevel = "hard-mandatory"',
            "",
            [
                "a/b would be soft-mandatory instead of hard-mandatory",
                "a/c would be advisory instead of hard-mandatory",
            ],
        ),
        (
            '[[enforcement]]\npolicy = "own/*"\nlevel = "hard-mandatory"',
            "",
            ['what is written of "own/*" (hard-mandatory) would be gone or another'],
        ),
        ("", '[unknown]\n"d/e" = "pass"', ["d/e would let unknown values pass"]),
        (
            '[settings."a/b"]\nx = 1\ny = 2',
            '[settings."a/b"]\nx = 3',
            ['x of "a/b" would be another', 'y of "a/b" would be gone'],
        ),
        ("", '[settings."a/b"]\nx = 1', ['x of "a/b" would be set']),
        ('[checkov]\nmode = "required"', '[checkov]\nmode = "off"', ["checkov.mode would be off instead of required"]),
        ("", '[checkov]\nskip = ["CKV_AWS_1"]', ['Checkov would skip "CKV_AWS_1"']),
        ("", '[checkov]\nonly = ["CKV_AWS_1"]', ["Checkov would judge by other checks only"]),
        ("", '[checkov]\npython = "x"', ["Checkov would run in another environment"]),
        ("", '[summary]\nignore_paths = ["*.tags"]', ['summaries would leave out "*.tags"']),
        ('[environments.prod]\nfail_on = "low"', "", ['environment "prod" would be gone']),
        ("[environments.prod]", '[environments.prod]\nfail_on = "none"', ['environment "prod" would be another one']),
        (SLACK, "", ['notifier "slack" would be gone']),
        (SLACK, SLACK.replace("true", "false"), ['notifier "slack" would not be required']),
        (SLACK, SLACK.replace("URL", "OTHER"), ['notifier "slack" would be another']),
        (SLACK + '[[routes]]\nnotifiers = ["slack"]', SLACK, ["routes would be others"]),
        ("", SLACK, []),
    ],
)  # fmt: skip
def test_what_would_be_looser_is_said(tmp_path: Path, base: str, head: str, said: list[str]) -> None:
    assert loosened(settings(tmp_path, base), settings(tmp_path, head), POLICIES) == said


def test_a_waiver_that_is_added_or_holds_longer_is_said(tmp_path: Path) -> None:
    waiver = '[[waiver]]\npolicy = "a/b"\naddress = "x.y"\nreason = "r"\nowner = "o"\nexpires = 2026-01-01\n'
    one, later = settings(tmp_path, waiver), settings(tmp_path, waiver.replace("2026", "2027"))
    assert loosened(one, one, POLICIES) == []
    assert loosened(later, one, POLICIES) == []
    assert loosened(one, later, POLICIES) == [
        'the waiver of "a/b" on "x.y" would hold until 2027-01-01 instead of 2026-01-01'
    ]
    assert loosened(settings(tmp_path, ""), one, POLICIES) == [
        '"a/b" on "x.y" would be waived until 2026-01-01 (plangate.toml:1)'
    ]


def test_what_is_stricter_holds(tmp_path: Path) -> None:
    base = settings(tmp_path, 'fail_on = "critical"\n' + SLACK.replace("true", "false"))
    head = settings(tmp_path, 'fail_on = "low"\nscope = "all"\n[checkov]\nmode = "required"\n' + SLACK)
    said = tighten(base, head)
    assert (base.fail_on, base.scope, base.checkov.mode) == ("low", "all", "required")
    assert base.notify is not None
    assert base.notify.notifiers["slack"].values["required"] is True
    assert len(said) == 4
    before = settings(tmp_path, "")
    assert tighten(before, settings(tmp_path, 'fail_on = "none"\n[checkov]\nmode = "off"\n')) == []
    assert (before.fail_on, before.checkov.mode) == ("high", "auto")


def test_long_lists_are_cut(tmp_path: Path) -> None:
    many = {f"a/{n}": "high" for n in range(100)}
    (line,) = loosened(settings(tmp_path, ""), settings(tmp_path, '[policies]\nignore = ["a/*"]'), many)
    assert line == "a/0, a/1, a/2, a/3 and 96 more policies would not be judged"


GLOBS = st.sampled_from(["a/*", "a/b", "*", "d/*", "a/c"])
RULES = st.builds(
    lambda fail_on, levels, severities, unknowns, ignore, select: Settings(
        fail_on=fail_on,
        enforcement=tuple((glob, None, level) for glob, level in levels),
        severities=tuple(severities),
        unknowns=tuple(unknowns),
        ignore=tuple(ignore),
        select=tuple(select),
    ),
    st.sampled_from([*SEVERITIES, "none"]),
    st.lists(st.tuples(GLOBS, st.sampled_from(LEVELS)), max_size=3),
    st.lists(st.tuples(GLOBS, st.sampled_from(SEVERITIES)), max_size=3),
    st.lists(st.tuples(GLOBS, st.sampled_from(ON_UNKNOWN)), max_size=3),
    st.lists(GLOBS, max_size=2),
    st.lists(GLOBS, max_size=1),
)


@given(RULES, RULES, st.sampled_from(list(POLICIES.items())))
def test_together_nothing_is_looser_than_in_either(base: Settings, head: Settings, policy: tuple[str, str]) -> None:
    id, own = policy
    apart = []
    for one in (base, head):
        severity = severity_for(one, id, own)
        level = level_for(one, id, severity)
        apart.append((selected(one, id), severity, level, on_unknown_for(one, id, level)))
    tighten(base, head)
    severity = severity_for(base, id, own)
    level = level_for(base, id, severity)
    unknown = on_unknown_for(base, id, level)
    for judged, other, height, answer in apart:
        assert selected(base, id) >= judged
        assert SEVERITIES.index(severity) >= SEVERITIES.index(other)
        assert LEVELS.index(level) >= LEVELS.index(height)
        assert ON_UNKNOWN.index(unknown) <= ON_UNKNOWN.index(answer)
