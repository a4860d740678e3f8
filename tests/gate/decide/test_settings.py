from __future__ import annotations

import pytest

from plangate.decide.settings import (
    SEVERITIES,
    Settings,
    level_for,
    on_unknown_for,
    origin,
    override,
    selected,
    severity_for,
)

ID = "encryption/aws-efs-unencrypted"


def test_without_settings_high_and_critical_stop() -> None:
    assert [level_for(Settings(), ID, severity) for severity in SEVERITIES] == [
        "advisory", "advisory", "advisory", "soft-mandatory", "soft-mandatory",
    ]  # fmt: skip


def test_fail_on_none_stops_nothing_and_a_severity_nobody_knows_stops() -> None:
    assert level_for(Settings(fail_on="none"), ID, "critical") == "advisory"
    assert level_for(Settings(fail_on="critical"), ID, "catastrophic") == "soft-mandatory"


@pytest.mark.parametrize(
    ("lines", "environment", "expected"),
    [
        ([("*", None, "advisory")], None, "advisory"),
        ([("other/*", None, "advisory")], None, "soft-mandatory"),
        # the narrower glob wins, wherever it stands
        ([(ID, None, "hard-mandatory"), ("*", None, "advisory")], None, "hard-mandatory"),
        ([("encryption/aws-*", None, "advisory"), ("*", None, "hard-mandatory")], None, "advisory"),
        # of equally narrow ones the last
        ([(ID, None, "advisory"), (ID, None, "hard-mandatory")], None, "hard-mandatory"),
        # a line for this environment beats a narrower one for all
        ([("*", "prod", "hard-mandatory"), (ID, None, "advisory")], "prod", "hard-mandatory"),
        ([("*", "prod", "hard-mandatory"), (ID, None, "advisory")], "dev", "advisory"),
        # the name of the environment beats a glob over names
        ([(ID, "prod*", "advisory"), ("*", "prod-eu", "hard-mandatory")], "prod-eu", "hard-mandatory"),
        # without an environment a line for one never holds, not even for all of them
        ([("*", "*", "advisory")], None, "soft-mandatory"),
    ],
)  # fmt: skip
def test_a_written_enforcement_beats_fail_on(
    lines: list[tuple[str, str | None, str]], environment: str | None, expected: str
) -> None:
    settings = Settings(enforcement=tuple(lines), environment=environment)
    assert level_for(settings, ID, "high") == expected


def test_unknown_follows_the_level_unless_it_is_set() -> None:
    assert on_unknown_for(Settings(), ID, "advisory") == "warn"
    assert on_unknown_for(Settings(), ID, "soft-mandatory") == "fail"
    assert on_unknown_for(Settings(on_unknown="pass"), ID, "hard-mandatory") == "pass"


def test_what_is_written_of_unknown_beats_what_the_policy_says() -> None:
    assert on_unknown_for(Settings(), ID, "soft-mandatory", "warn") == "warn"
    assert on_unknown_for(Settings(), ID, "advisory", "fail") == "fail"
    assert on_unknown_for(Settings(on_unknown="fail"), ID, "soft-mandatory", "warn") == "fail"
    narrow = Settings(on_unknown="fail", unknowns=((ID, "pass"), ("encryption/*", "fail")))
    assert on_unknown_for(narrow, ID, "soft-mandatory", "warn") == "pass"
    assert on_unknown_for(narrow, "encryption/x", "soft-mandatory", "warn") == "fail"
    assert on_unknown_for(narrow, "tagging/x", "advisory", "warn") == "fail"


def test_severity_is_the_narrowest_written_one() -> None:
    settings = Settings(severities=(("encryption/aws-*", "critical"), ("encryption/*", "low")))
    assert severity_for(settings, ID, "high") == "critical"
    assert severity_for(settings, "public/x", "high") == "high"


def test_select_and_ignore() -> None:
    assert selected(Settings(), ID)
    assert not selected(Settings(ignore=("encryption/*",)), ID)
    assert not selected(Settings(select=("public/*",)), ID)
    assert not selected(Settings(select=("*",), ignore=(ID,)), ID)


def test_an_option_beats_the_file_and_says_so() -> None:
    settings = Settings(select=("a/*", "b/*"))
    settings.origins = {"policies.select": "plangate.toml:2", "policies.select.1": "plangate.toml:3"}
    override(settings, "select", ("c/*",), "--select")
    assert settings.select == ("c/*",)
    assert origin(settings, "policies.select.1") == "--select"
    assert origin(settings, "fail_on") == "default"
