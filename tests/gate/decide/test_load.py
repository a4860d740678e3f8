from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plangate.decide.load import load
from plangate.decide.settings import Settings, level_for, origin
from plangate.errors import UsageError

Write = Callable[..., Path]
Root = Callable[..., str]
Refusal = Callable[..., str]


def test_a_malformed_waiver_stops_nothing_covers_nothing_and_is_said(root: Root) -> None:
    good = 'policy = "a/*"\naddress = "x.*"\nreason = "r"\nowner = "o"\n'
    text = (
        f"[[waiver]]\n{good}expires = 2026-02-30x\n".replace("2026-02-30x", '"2026-02-30"')
        + f"[[waiver]]\n{good}expires = 2026-01-01T00:00:00Z\n"
        + '[[waiver]]\npolicy = "a/*"\nreason = " "\naddress = 3\nexpires = 2026-01-01\n'
        + f'[[waiver]]\n{good}expires = "2026-01-01"\n'
        + f"[[waiver]]\n{good}expires = 2026-01-02\n"
    )
    settings = load(root(text))
    assert [waiver.expires for waiver in settings.waivers] == ["2026-01-01", "2026-01-02"]
    assert settings.waivers[0].source == "plangate.toml:18"
    assert settings.waiver_problems == (
        "plangate.toml:1: this waiver covers nothing: expires is not a date (YYYY-MM-DD)",
        "plangate.toml:7: this waiver covers nothing: expires is not a date (YYYY-MM-DD)",
        (
            "plangate.toml:13: this waiver covers nothing: address must be a string, not a number"
            " and reason is blank and owner is missing"
        ),
    )


def test_waivers_may_stand_in_a_file_of_their_own(tmp_path: Path, write: Write, root: Root) -> None:
    write(
        tmp_path / "w" / "waivers.toml",
        '\n[[waiver]]\npolicy = "a/b"\naddress = "x.y"\nreason = "r"\nowner = "o"\nexpires = 2026-01-01',
    )
    settings = load(root('waivers = "w/waivers.toml"'))
    name = os.path.join("w", "waivers.toml")
    assert [waiver.source for waiver in settings.waivers] == [f"{name}:2"]
    assert settings.files == ("plangate.toml", name)
    write(tmp_path / "w" / "waivers.toml", 'fail_on = "none"')
    with pytest.raises(UsageError, match=r'waivers\.toml:1: unknown key "fail_on"'):
        load(str(tmp_path))


def test_a_waiver_for_an_environment_nobody_defined_is_said(root: Root) -> None:
    text = (
        '[environments.prod]\n[[waiver]]\npolicy = "a/b"\naddress = "x.y"\nreason = "r"\nowner = "o"\n'
        'expires = 2026-01-01\nenvironment = "prd"'
    )
    (line,) = load(root(text)).waiver_problems
    assert line == 'plangate.toml:2: this waiver covers nothing: no environment is called "prd"'


BASE = """
fail_on = "medium"
scope = "all"
[policies]
paths = ["pack.py"]
select = ["a/*", "b/*"]
[[enforcement]]
policy = "a/*"
level = "hard-mandatory"
[severity]
"a/x" = "critical"
[settings."a/x"]
one = 1
two = 2
[environments.prod]
workspace = ["prod"]
fail_on = "low"
[[waiver]]
policy = "a/b"
address = "x.y"
reason = "r"
owner = "o"
expires = 2026-01-01
"""


def test_a_root_overrides_its_base_and_cannot_drop_its_lists(tmp_path: Path, write: Write, root: Root) -> None:
    write(tmp_path / "shared" / "base.toml", BASE)
    write(tmp_path / "shared" / "pack.py", "")
    write(tmp_path / "mine.py", "")
    child = """
extends = "shared/base.toml"
fail_on = "high"
[policies]
paths = ["mine.py"]
select = ["a/*"]
[[enforcement]]
policy = "b/*"
level = "advisory"
[settings."a/x"]
two = 3
[environments.prod]
branch = ["main"]
"""
    settings = load(root(child))
    base = os.path.join("shared", "base.toml")
    assert settings.files == ("plangate.toml", base)
    assert (settings.fail_on, settings.scope, settings.select) == ("high", "all", ("a/*",))
    assert [Path(path).name for path in settings.policy_paths] == ["pack.py", "mine.py"]
    assert settings.enforcement == (("a/*", None, "hard-mandatory"), ("b/*", None, "advisory"))
    assert settings.policy_settings == {"a/x": {"one": 1, "two": 3}}
    assert settings.environments["prod"] == {"workspace": ["prod"], "fail_on": "low", "branch": ["main"]}
    assert len(settings.waivers) == 1
    keys = ("fail_on", "scope", "settings.a/x.one", "settings.a/x.two", "enforcement.0", "policies.select.0")
    assert [origin(settings, key) for key in keys] == [
        "plangate.toml:3", f"{base}:3", f"{base}:13", "plangate.toml:11", f"{base}:7", "plangate.toml:6",
    ]  # fmt: skip


def test_an_error_in_a_base_names_the_base(tmp_path: Path, write: Write, refusal: Refusal) -> None:
    write(tmp_path / "base.toml", "\nfail_on = 1")
    assert refusal('extends = "base.toml"').startswith("base.toml:2: fail_on must be")


def test_a_circle_through_a_link_is_refused(tmp_path: Path, write: Write, refusal: Refusal) -> None:
    write(tmp_path / "a.toml", 'extends = "b.toml"')
    (tmp_path / "b.toml").symlink_to(tmp_path / "plangate.toml")
    assert "goes in a circle" in refusal('extends = "a.toml"')


def test_a_base_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write, root: Root
) -> None:
    site, repo = tmp_path / "site", tmp_path / "repo"
    write(site / "acme_gate" / "__init__.py", "raise SystemExit('a base is data: nothing may be run')")
    write(site / "acme_gate" / "conf" / "base.toml", 'fail_on = "low"')
    write(site / "acme_gate_dist-1.0.dist-info" / "METADATA", "Name: acme-gate-dist\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(str(site))
    repo.mkdir()
    for name in ("acme_gate/conf/base.toml", "acme-gate-dist/acme_gate/conf/base.toml"):
        settings = load(root(f'extends = "package:{name}"', repo))
        assert (settings.fail_on, origin(settings, "fail_on")) == ("low", f"package:{name}:1")


def test_the_working_directory_cannot_stand_in_for_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write, refusal: Refusal
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    write(tmp_path / "acme_gate" / "__init__.py", "")
    write(tmp_path / "acme_gate" / "base.toml", 'fail_on = "none"')
    assert "no such package" in refusal('extends = "package:acme_gate/base.toml"')


ENVIRONMENTS = """
fail_on = "high"
[environments.prod]
workspace = ["prod-*"]
path = ["envs/prod/**"]
fail_on = "low"
on_unknown = "fail"
[environments.dev]
branch = ["feature/**"]
fail_on = "none"
scope = "all"
[[enforcement]]
policy = "*"
environment = "prod"
level = "hard-mandatory"
"""


@pytest.mark.parametrize(
    ("facts", "environment", "fail_on"),
    [
        ({"workspace": "prod-eu"}, "prod", "low"),
        ({"path": "envs/prod/plan.json"}, "prod", "low"),
        ({"branch": "feature/a/b"}, "dev", "none"),
        ({"branch": "main", "workspace": "default", "path": "-"}, None, "high"),
        ({}, None, "high"),
    ],
)
def test_an_environment_is_chosen_by_what_matches(
    facts: dict[str, str | None], environment: str | None, fail_on: str, root: Root
) -> None:
    settings = load(root(ENVIRONMENTS), facts=facts)
    assert (settings.environment, settings.fail_on) == (environment, fail_on)
    expected = "hard-mandatory" if environment == "prod" else "advisory"
    assert level_for(settings, "a/b", "info") == expected


def test_the_plan_counts_from_the_folder_of_the_settings(tmp_path: Path, root: Root) -> None:
    root(ENVIRONMENTS)
    inner = tmp_path / "envs" / "prod"
    inner.mkdir(parents=True)
    settings = load(str(inner), facts={"path": "plan.json"})
    assert settings.environment == "prod"
    assert "path" in origin(settings, "environment")
    assert ":6" in origin(settings, "fail_on")


def test_the_name_given_beats_what_matches_and_must_exist(root: Root) -> None:
    folder = root(ENVIRONMENTS)
    settings = load(folder, env_name="dev", facts={"workspace": "prod-eu"})
    assert (settings.environment, settings.scope, origin(settings, "environment")) == ("dev", "all", "--env")
    with pytest.raises(UsageError) as caught:
        load(folder, env_name="prd")
    assert caught.value.line() == '--env: no environment "prd" in the settings; did you mean "prod"?'
    assert load(root('fail_on = "low"'), env_name="prd").environment == "prd"
    with pytest.raises(UsageError, match="blank"):
        load(folder, env_name=" ")


def test_two_environments_that_match_are_no_answer(refusal: Refusal) -> None:
    facts = {"workspace": "prod-eu", "branch": "feature/x"}
    assert refusal(ENVIRONMENTS, facts=facts) == (
        'plangate.toml:8: several environments match: "prod" (workspace "prod-eu" matches "prod-*") and '
        '"dev" (branch "feature/x" matches "feature/**"); choose one with --env NAME'
    )


def test_dates_among_settings_become_text(root: Root) -> None:
    settings = load(root('[settings."a/b"]\nsince = [2026-01-01]'))
    assert settings.policy_settings == {"a/b": {"since": ["2026-01-01"]}}


def test_limits_and_defaults(root: Root) -> None:
    limits = load(root("[limits]\nplan_mib = 8")).limits
    assert (limits.plan_mib, limits.policy_seconds, Settings().limits.plan_mib) == (8, 30, 256)
