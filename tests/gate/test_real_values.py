"""Values in plans that Terraform makes: what is sensitive or was not asked for stays inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..terraform import Root, why_not  # noqa: TID252 - the tests are no package
from .judged import judge, passed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

SECRET = "cAnArY-4c1d9e"
PLAIN = "plain-83b1f0"
HIDDEN = """
variable "secret" {
  default   = "%s"
  sensitive = true
}
resource "terraform_data" "a" {
  input            = { token = var.secret, note = "%s", list = ["x", var.secret] }
  triggers_replace = var.secret
}
resource "terraform_data" "copy" { input = terraform_data.a.output }
resource "terraform_data" "key" { input = "key=${var.secret};" }
output "o" {
  value     = var.secret
  sensitive = true
}
"""


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("-v",),
        ("--debug",),
        ("-v", "--debug", "--show-passes"),
        ("-f", "json"),
        ("-f", "json", "--debug"),
    ],
    ids=" ".join,
)
def test_no_value_appears_unasked_and_no_sensitive_one_at_all(args: tuple[str, ...], tmp_path: Path) -> None:
    root = Root(tmp_path)
    root.apply(HIDDEN % (SECRET + "-old", PLAIN))
    plan = root.plan(HIDDEN % (SECRET + "-new", PLAIN + "-new"))
    text = plan.json.read_text(encoding="utf-8")
    assert SECRET + "-old" in text  # Terraform itself does not hide them
    assert SECRET + "-new" in text

    judged = judge(plan.json, *args)
    assert judged.code in (0, 1), judged.err
    assert PLAIN not in judged.out + judged.err
    asked = judge(plan.json, *args, "--show-values")
    assert asked.code in (judged.code, 2), asked.err  # 2: a plangate that never shows values
    for run in (judged, asked):
        assert SECRET not in run.out + run.err


def test_a_broken_plan_does_not_spill_its_values(tmp_path: Path) -> None:
    plan = Root(tmp_path).plan(HIDDEN % (SECRET, PLAIN))
    whole = plan.json.read_bytes()
    plan.json.write_bytes(whole[: whole.rindex(SECRET.encode()) + 4])
    assert SECRET.encode() in plan.json.read_bytes()
    for args in ((), ("--debug",), ("-v",), ("-f", "json")):
        judged = judge(plan.json, *args)
        assert judged.code == 3
        assert SECRET not in judged.out + judged.err


def test_unknown_values_are_read_and_listed(tmp_path: Path) -> None:
    hcl = (
        'resource "terraform_data" "a" { input = "x" }\n'
        'resource "terraform_data" "b" { input = [terraform_data.a.output, "known"] }\n'
    )
    root = Root(tmp_path)
    assert passed(root.plan(hcl).json)["summary"]["create"] == 2
    root.apply(hcl)
    changed = {c["address"]: c for c in passed(root.plan(hcl.replace('"x"', '"y"')).json)["changes"]}
    assert {address: change["action"] for address, change in changed.items()} == {
        "terraform_data.a": "update",
        "terraform_data.b": "update",
    }
    assert any(path.startswith("input") for path in changed["terraform_data.b"]["attributes"])
