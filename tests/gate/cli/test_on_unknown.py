"""What an unknown value of one policy means: what the policy says, and the settings that beat it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plangate import Finding, policy
from plangate.policy.api import PolicyMistake

from ..front import check  # noqa: TID252 - the tests are no package
from .conftest import Gate

MINE = '''
from plangate import policy


@policy("acme/open", types="aws_x", severity="critical", on_unknown="warn", on_unknown_reason="it is found later.")
def open_(change):
    """Open."""
    if change.after["a"] == "open":
        yield "It is open."
'''
PLAN: dict[str, Any] = {
    "format_version": "1.2",
    "terraform_version": "1.11.4",
    "resource_changes": [
        {
            "address": "aws_x.a",
            "mode": "managed",
            "type": "aws_x",
            "name": "a",
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {
                "actions": ["create"],
                "before": None,
                "after": {},
                "after_unknown": {"a": True},
                "before_sensitive": False,
                "after_sensitive": {},
            },
        }
    ],
    "configuration": {"root_module": {}},
    "errored": False,
    "complete": True,
    "applyable": True,
}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", 0),
        ('on_unknown = "fail"', 1),
        ('on_unknown = "fail"\n[unknown]\n"acme/*" = "pass"', 0),
        ('on_unknown = "pass"\n[unknown]\n"acme/open" = "fail"\n"acme/*" = "warn"', 1),
        ('[unknown]\n"acme/*" = "fail"\n[[enforcement]]\npolicy = "acme/*"\nlevel = "advisory"', 0),
    ],
)
def test_the_narrowest_word_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, code: int) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    (tmp_path / "plangate.toml").write_text(written + '\n[policies]\npaths = ["mine.py"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    came = check(PLAN)
    assert came.code == code, came
    assert came.outcomes == [("acme/open", "aws_x.a", "unknown", bool(code))]


def test_a_policy_that_lets_through_says_why(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    page = gate.run("policies", "show", "acme/open", "-p", str(tmp_path / "mine.py"))
    assert "unknown      is shown and does not stop: it is found later." in page.out
    entry = json.loads(gate.run("policies", "show", "acme/open", "-p", str(tmp_path / "mine.py"), "-f", "json").out)
    assert (entry["on_unknown"], entry["on_unknown_reason"]) == ("warn", "it is found later.")


@pytest.mark.parametrize(
    "options", [{"on_unknown": "warn"}, {"on_unknown": "pass", "on_unknown_reason": " "}, {"on_unknown": "no"}]
)
def test_without_a_reason_or_with_another_word_it_is_a_mistake(options: dict[str, str]) -> None:
    def fault(change: Any) -> Iterator[Finding]:
        """It is wrong."""
        yield from ()

    with pytest.raises(PolicyMistake, match="on_unknown"):
        policy("acme/x", types="aws_x", **options)(fault)  # type: ignore[arg-type]
