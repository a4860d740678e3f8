"""Plans that Terraform did not finish: targeted, failed, or with doubts of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..terraform import Root, why_not  # noqa: TID252 - the tests are no package
from .judged import HARMLESS, judge, passed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

A = "terraform_data.a"
ONE = 'resource "terraform_data" "a" { input = "x" }\n'
TWO = ONE + 'resource "terraform_data" "b" {}\n'


DOUBT = """
check "c" {
  assert {
    condition     = terraform_data.a.input == "z"
    error_message = "no"
  }
}
"""


def test_a_failing_check_block_does_not_keep_a_plan_from_being_judged(tmp_path: Path) -> None:
    plan = Root(tmp_path).plan(ONE + DOUBT)
    assert plan.document["checks"][0]["status"] == "fail"
    assert passed(plan.json)["summary"]["create"] == 1


def test_a_targeted_plan_is_incomplete_and_judged_only_on_request(tmp_path: Path) -> None:
    plan = Root(tmp_path).plan(TWO, "-target", A)
    assert plan.document["complete"] is False
    refused = judge(plan.json, *HARMLESS)
    assert refused.code == 3
    assert "--allow-incomplete" in refused.one_line()
    report = passed(plan.json, "--allow-incomplete")
    assert report["plan"]["complete"] is False
    assert report["summary"]["create"] == 1


ERRORED = """
variable "v" { default = "bad" }
resource "terraform_data" "a" {
  lifecycle {
    precondition {
      condition     = var.v == "good"
      error_message = "not good"
    }
  }
}
resource "terraform_data" "b" {}
"""


@pytest.mark.parametrize("args", [(), ("--allow-incomplete",), ("--fail-on", "none")], ids=" ".join)
def test_an_errored_plan_never_passes(args: tuple[str, ...], tmp_path: Path) -> None:
    plan = Root(tmp_path).plan(ERRORED, expect=1)  # Terraform fails, and writes the plan all the same
    assert plan.document["errored"] is True
    for given in (plan.json, plan.file):
        judged = judge(given, *HARMLESS, *args)
        assert judged.code == 3
        assert "errored" in judged.one_line()
