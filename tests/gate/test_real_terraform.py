"""Plans of the Terraform that is installed here: what it says and what plangate reports are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ..terraform import Made, Root, why_not  # noqa: TID252 - the tests are no package
from .judged import HARMLESS, judge, passed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))

ONE = 'resource "terraform_data" "a" { input = "x" }\n'
TWO = ONE + 'resource "terraform_data" "b" { input = "y" }\n'
TRIGGERED = 'resource "terraform_data" "a" { triggers_replace = "%s" }\n'
CREATE_FIRST = """
resource "terraform_data" "a" {
  triggers_replace = "%s"
  lifecycle { create_before_destroy = true }
}
"""
FORGET = """
removed {
  from = terraform_data.b
  lifecycle { destroy = false }
}
"""
IMPORT = 'import {\n  to = terraform_data.a\n  id = "some-id"\n}\n'
MOVED = "moved {\n  from = terraform_data.a\n  to = terraform_data.z\n}\n"
REMOTE = """
resource "terraform_data" "a" { input = "x" }
data "terraform_remote_state" "r" {
  backend = "local"
  config  = { path = terraform_data.a.output }
}
"""
COUNTED = 'resource "terraform_data" "a" {\n  count = %s\n  input = "x"\n}\n'
MIXED_BEFORE = TRIGGERED % "1" + "".join(
    f'resource "terraform_data" "{name}" {{ input = "1" }}\n' for name in ("same", "changed", "gone")
)
MIXED_AFTER = TRIGGERED % "2" + "".join(
    f'resource "terraform_data" "{name}" {{ input = "{value}" }}\n'
    for name, value in (("same", "1"), ("changed", "2"), ("fresh", "1"))
)


class Case(NamedTuple):
    """What was applied, what is planned, and what must be reported (`summary`: only what is not 0)."""

    before: str
    after: str
    actions: dict[str, str]
    summary: dict[str, int]
    args: tuple[str, ...] = ()


A = "terraform_data.a"
B = "terraform_data.b"
CASES = {
    "create": Case("", ONE, {A: "create"}, {"create": 1}),
    "update": Case(ONE, ONE.replace('"x"', '"y"'), {A: "update"}, {"update": 1}),
    "delete": Case(TWO, ONE, {B: "delete"}, {"delete": 1, "no_op": 1}),
    "replace, destroy first": Case(TRIGGERED % 1, TRIGGERED % 2, {A: "replace"}, {"replace": 1}),
    "replace, create first": Case(CREATE_FIRST % 1, CREATE_FIRST % 2, {A: "replace"}, {"replace": 1}),
    "replace by request": Case(ONE, ONE, {A: "replace"}, {"replace": 1}, (f"-replace={A}",)),
    "nothing to do": Case(ONE, ONE, {}, {"no_op": 1}),
    "nothing at all": Case("", "", {}, {}),
    "read at apply": Case("", REMOTE, {A: "create", "data.terraform_remote_state.r": "read"}, {"create": 1, "read": 1}),
    "forget": Case(TWO, ONE + FORGET, {B: "forget"}, {"forget": 1, "no_op": 1}),
    "move": Case(ONE, ONE.replace('"a"', '"z"') + MOVED, {"terraform_data.z": "no-op"}, {"move": 1, "no_op": 1}),
    "move and update": Case(
        ONE,
        ONE.replace('"a"', '"z"').replace('"x"', '"y"') + MOVED,
        {"terraform_data.z": "update"},
        {"move": 1, "update": 1},
    ),
    "import": Case("", 'resource "terraform_data" "a" {}\n' + IMPORT, {A: "no-op"}, {"import": 1, "no_op": 1}),
    "import and update": Case("", ONE + IMPORT, {A: "update"}, {"import": 1, "update": 1}),
    "fewer by count": Case(COUNTED % 2, COUNTED % 1, {A + "[1]": "delete"}, {"delete": 1, "no_op": 1}),
    "destroy": Case(TWO, TWO, {A: "delete", B: "delete"}, {"delete": 2}, ("-destroy",)),
    "refresh only": Case(ONE, ONE.replace('"x"', '"y"'), {}, {}, ("-refresh-only",)),
    "only an output": Case(ONE, ONE + 'output "o" { value = "x" }\n', {}, {"outputs": 1, "no_op": 1}),
    "everything": Case(
        MIXED_BEFORE,
        MIXED_AFTER,
        {
            A: "replace",
            "terraform_data.changed": "update",
            "terraform_data.fresh": "create",
            "terraform_data.gone": "delete",
        },
        {"create": 1, "update": 1, "delete": 1, "replace": 1, "no_op": 1},
    ),
}


def made(case: Case, folder: Path) -> Made:
    root = Root(folder)
    if case.before:
        root.apply(case.before)
    return root.plan(case.after, *case.args)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_reported_is_what_terraform_says(case: Case, tmp_path: Path) -> None:
    plan = made(case, tmp_path)
    report = passed(plan.json)

    changes = {change["address"]: change for change in report["changes"]}
    assert {address: change["action"] for address, change in changes.items()} == case.actions
    assert {address: change["actions"] for address, change in changes.items()} == plan.actions()
    summary = report["summary"]
    assert {name: count for name, count in summary.items() if count and name != "drift"} == case.summary
    assert plan.counts() == {
        "imported": summary["import"],
        "add": summary["create"] + summary["replace"],
        "change": summary["update"],
        "destroy": summary["delete"] + summary["replace"],
    }
    assert report["plan"]["complete"] is True
    assert report["plan"]["errored"] is False
    assert report["plan"]["applyable"] is plan.document["applyable"]
    assert report["plan"]["terraform_version"] == plan.document["terraform_version"]


def test_marks_and_reasons_of_a_change_reach_the_report(tmp_path: Path) -> None:
    def only(name: str) -> dict[str, Any]:
        [change] = passed(made(CASES[name], tmp_path / name).json)["changes"]
        return dict(change)

    assert only("move")["previous_address"] == A
    assert only("import")["importing"]
    requested = only("replace by request")
    assert requested["reason"] == "replace_by_request"
    first = only("replace, create first")
    assert (first["actions"], first["replace_paths"]) == (["create", "delete"], ["triggers_replace"])
    updated = only("update")
    assert "input" in updated["attributes"]
    assert "triggers_replace" not in updated["attributes"]
    assert (updated["type"], updated["name"], updated["mode"]) == ("terraform_data", "a", "managed")


KEYS = {
    'say "hi"': "quotes",
    "a.b.c": "dots",
    '"].terraform_data.k["': "an address inside an address",
    "[0]": "brackets",
    "ключ-鍵": "other scripts",
    "x\nFORGED LINE": "a line break",
    "\u202ereversed": "right to left",
    "\u001b[31mred": "a terminal escape",
    "::error::FORGED COMMAND": "a workflow command",
    "<b>&amp;</b>": "markup",
    "${var.x} %{if true}": "templates",
    "": "nothing",
}


def hcl(text: str) -> str:
    """`text` as an HCL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + escaped.replace("${", "$${").replace("%{", "%%{").replace("\x1b", "\\u001b") + '"'


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One module and one resource for each odd key."""
    root = Root(tmp_path_factory.mktemp("odd"))
    (root.folder / "child").mkdir()
    (root.folder / "child" / "main.tf").write_text('resource "terraform_data" "inner" {}\n', encoding="utf-8")
    keys = "[" + ", ".join(hcl(key) for key in KEYS) + "]"
    body = 'resource "terraform_data" "k" {\n  for_each = toset(%s)\n  input = "x"\n}\n'
    module = 'module "m" {\n  source = "./child"\n  for_each = toset(%s)\n}\n'
    root.write(text := body % keys + module % keys)
    root.run("init", "-input=false")  # for the module only
    return root.plan(text)


def test_odd_instance_keys_are_told_apart(odd: Made) -> None:
    report = passed(odd.json)
    assert len(odd.actions()) == 2 * len(KEYS)
    assert {change["address"] for change in report["changes"]} == set(odd.actions())
    assert report["summary"]["create"] == odd.counts()["add"] == 2 * len(KEYS)
    modules = {change.get("module_address") for change in odd.document["resource_changes"]}
    assert {change["module"] or None for change in report["changes"]} == modules


def test_odd_instance_keys_cannot_forge_output(odd: Made) -> None:
    for args in ((), ("-v",), ("-f", "json"), ("--debug",)):
        judged = judge(odd.json, *HARMLESS, *args)
        assert judged.code == 0, judged.err
        shown = judged.out + judged.err
        assert not any(line.lstrip().startswith(("FORGED", "::error::FORGED")) for line in shown.splitlines())
        assert "\x1b" not in shown
        assert "\u202e" not in shown
