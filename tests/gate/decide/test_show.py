from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from plangate.decide.load import load
from plangate.decide.settings import Settings
from plangate.decide.show import render_config
from plangate.decide.waivers import Waiver

FULL = """
fail_on = "medium"
on_unknown = "warn"
[policies]
paths = ["mine.py"]
select = ["a/*"]
ignore = ["a/c"]
[environments."prod eu"]
workspace = ["prod-*"]
[[enforcement]]
policy = "a/*"
environment = "prod*"
level = "hard-mandatory"
[severity]
"a/*" = "low"
[settings."a/b"]
tags = ["x", "y"]
[limits]
plan_mib = 64
[[waiver]]
policy = "a/b"
address = 'x.y["k"]'
reason = "r"
owner = "o"
expires = 2026-01-01
ticket = "T-1"
[[waiver]]
policy = "a/b"
[unknown]
"a/*" = "fail"
"a/b" = "pass"
"""


def _facts(settings: Settings) -> dict[str, object]:
    """What holds, without where it comes from."""
    skipped = ("files", "origins", "waivers", "waiver_problems", "limits")
    plain = {name: getattr(settings, name) for name in Settings.__slots__ if name not in skipped}
    names = [name for name in Waiver.__slots__ if name != "source"]
    plain["waivers"] = [[getattr(waiver, name) for name in names] for waiver in settings.waivers]
    plain["limits"] = [getattr(settings.limits, name) for name in settings.limits.__slots__]
    return plain


def test_what_is_shown_means_the_same_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "mine.py").write_text("")
    (tmp_path / "plangate.toml").write_text(FULL)
    first = load(str(tmp_path), facts={"workspace": "prod-1"})
    (tmp_path / "plangate.toml").write_text(render_config(first, "2026-02-01"))
    assert _facts(load(str(tmp_path), facts={"workspace": "prod-1"})) == _facts(first)


def test_each_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("")
    (tmp_path / "plangate.toml").write_text(FULL)
    lines = render_config(load(str(tmp_path), env_name="prod eu"), "2026-01-02").splitlines()
    for line in (
        "# files, the nearest first: plangate.toml",
        "# environment: prod eu (--env)",
        "# soft-mandatory stops like hard-mandatory until there are approvals.",
        'fail_on = "medium"  # plangate.toml:2',
        'scope = "changed"  # default',
        'select = ["a/*"]  # plangate.toml:6',
        "[[enforcement]]  # plangate.toml:10",
        "plan_mib = 64  # plangate.toml:19",
        '"a/b" = "pass"  # plangate.toml:31',
        "policy_seconds = 30  # default",
        "# covers nothing: it expired after 2026-01-01",
        (
            "# plangate.toml:27: this waiver covers nothing: address is missing and reason is missing"
            " and owner is missing and expires is missing"
        ),
    ):
        assert line in lines


def test_the_defaults_are_shown_too() -> None:
    shown = render_config(Settings())
    assert "no plangate.toml was found" in shown
    assert "# environment: none" in shown
    assert tomllib.loads(shown)["fail_on"] == "high"


@given(st.text(), st.text())
def test_hostile_text_stays_inside_its_line(name: str, where: str) -> None:
    settings = Settings(
        files=(where,),
        environment=name,
        environments={name: {"branch": [name]}},
        enforcement=((name, name, "advisory"),),
        severities=((name, "low"),),
        policy_settings={name: {name: [name, {name: 1.5}]}},
        waivers=(Waiver(name, name, name, name, "2026-01-01", source=where),),
        waiver_problems=(where,),
        origins={"fail_on": where, "enforcement.0": where, "environment": where},
    )
    shown = render_config(settings)
    assert all(" " <= char <= "~" or char == "\n" for char in shown)
    data = tomllib.loads(shown)
    assert data["fail_on"] == "high"
    assert len(data["waiver"]) == len(data["enforcement"]) == 1
