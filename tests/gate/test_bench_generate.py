"""The plans the benchmarks measure with must be plans: consistent in themselves, and the same for a seed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

GENERATOR = Path(__file__).resolve().parents[2] / "bench" / "generate.py"
COUNT = 200
SECTIONS = [
    "format_version", "terraform_version", "variables", "planned_values", "resource_drift",
    "resource_changes", "output_changes", "prior_state", "configuration", "relevant_attributes", "checks",
    "timestamp", "applyable", "complete", "errored",
]  # fmt: skip


def generate(folder: Path, *arguments: str) -> str:
    path = folder / "plan.json"
    subprocess.run([sys.executable, str(GENERATOR), *arguments, "-o", str(path)], check=True)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=[1, 2, 3])
def text(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    return generate(tmp_path_factory.mktemp("plan"), str(COUNT), "--seed", str(request.param))


@pytest.fixture(scope="module")
def plan(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document


def resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        for resource in child.get("resources", ()):
            assert resource["address"].startswith(child["address"] + ".")
        yield from resources(child)


def blocks(module: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for block in module.get("resources", ()):
        yield path + block["address"], block
    for name, call in module.get("module_calls", {}).items():
        yield from blocks(call["module"], f"{path}module.{name}.")


def without_keys(address: str) -> str:
    """The address in the configuration: instance keys cut out, whatever stands in them."""
    result, inside = "", False
    for character in address:
        inside = character == "[" or (inside and character != "]")
        if not inside and character != "]":
            result += character
    return result


def kinds(plan: dict[str, Any]) -> Counter[str]:
    return Counter("/".join(change["change"]["actions"]) for change in plan["resource_changes"])


def changes_but(plan: dict[str, Any], action: str) -> dict[str, dict[str, Any]]:
    return {one["address"]: one for one in plan["resource_changes"] if one["change"]["actions"] != [action]}


def test_every_section_is_there_in_the_order_of_terraform(plan: dict[str, Any]) -> None:
    # Drift and checks are rare: a small plan may have none, and terraform leaves an empty section out.
    rare = {"resource_drift", "checks"}
    assert [name for name in plan if name not in rare] == [name for name in SECTIONS if name not in rare]
    assert (plan["errored"], plan["applyable"], plan["complete"]) == (False, True, True)


def test_as_many_resources_as_asked_for_each_once(plan: dict[str, Any]) -> None:
    addresses = [change["address"] for change in plan["resource_changes"]]
    assert len(addresses) == COUNT
    assert len(set(addresses)) == COUNT


def test_actions_are_mixed_in_the_promised_shares(plan: dict[str, Any]) -> None:
    counts = kinds(plan)
    assert 0.66 <= counts["no-op"] / COUNT <= 0.76
    assert {"create", "update", "delete"} <= set(counts)
    assert counts["delete/create"] + counts["create/delete"] > 0


def test_a_no_op_has_the_same_bytes_before_and_after(text: str) -> None:
    decoder = json.JSONDecoder()
    pieces = text.partition('"resource_changes":')[2].partition('"output_changes":')[0]
    found = pieces.split('"actions":["no-op"],"before":')[1:]
    assert found
    for piece in found:
        before = piece[: decoder.raw_decode(piece)[1]]
        assert piece[len(before) :].startswith(f',"after":{before},"after_unknown":{{}}')


def test_planned_values_are_what_the_changes_leave(plan: dict[str, Any]) -> None:
    planned = {one["address"]: one for one in resources(plan["planned_values"]["root_module"])}
    left = changes_but(plan, "delete")
    assert planned.keys() == left.keys()
    for address, change in left.items():
        assert planned[address]["values"] == change["change"]["after"]
        assert planned[address]["sensitive_values"] == change["change"]["after_sensitive"]
        assert planned[address].get("index") == change.get("index")


def test_the_prior_state_is_what_was_before(plan: dict[str, Any]) -> None:
    state = resources(plan["prior_state"]["values"]["root_module"])
    prior = {one["address"]: one for one in state if one["mode"] == "managed"}
    before = changes_but(plan, "create")
    assert prior.keys() == before.keys()
    for address, change in before.items():
        assert prior[address]["values"] == change["change"]["before"]


def test_configuration_holds_the_block_of_everything_that_stays(plan: dict[str, Any]) -> None:
    written = dict(blocks(plan["configuration"]["root_module"]))
    left, gone = set(), set()
    for change in plan["resource_changes"]:
        block = without_keys(change["address"])
        if change["change"]["actions"] == ["delete"]:
            if change["action_reason"] == "delete_because_no_resource_config":
                gone.add(block)
        else:
            left.add(block)
    assert {address for address, block in written.items() if block["mode"] == "managed"} == left
    assert not gone & left


def test_updates_change_something_and_unknown_leaves_are_left_out(plan: dict[str, Any]) -> None:
    for one in plan["resource_changes"]:
        change = one["change"]
        unknown = change["after_unknown"]
        if change["actions"] == ["update"]:
            assert change["before"] != change["after"]
        if change["actions"] == ["create"]:
            assert change["before"] is None
            assert unknown["id"] is True
            assert change["before_sensitive"] is False
        for name, mark in unknown.items():
            if mark is True:
                assert name not in change["after"]


def test_a_companion_of_a_new_bucket_refers_to_it_and_does_not_know_its_name(tmp_path: Path) -> None:
    created = json.loads(generate(tmp_path, "300", "--profile", "create"))
    written = dict(blocks(created["configuration"]["root_module"]))
    assert kinds(created) == {"create": 300}
    assert not any(one["mode"] == "managed" for one in resources(created["prior_state"]["values"]["root_module"]))
    kind = "aws_s3_bucket_public_access_block"
    companions = [change for change in created["resource_changes"] if change["type"] == kind]
    assert companions
    for companion in companions:
        assert companion["change"]["after_unknown"]["bucket"] is True
        references = written[without_keys(companion["address"])]["expressions"]["bucket"]["references"]
        assert any(text.startswith("aws_s3_bucket.") for text in references)


def test_sensitive_values_are_marked(plan: dict[str, Any]) -> None:
    for one in resources(plan["planned_values"]["root_module"]):
        if one["type"] == "aws_ssm_parameter":
            assert one["sensitive_values"]["value"] is True
        if one["type"] == "aws_lambda_function":
            assert one["sensitive_values"]["environment"] == [{"variables": True}]


def test_it_is_one_line_as_go_writes_it(text: str) -> None:
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    assert not set("<>&") & set(text)
    assert "\\u003c" in text


def test_the_same_seed_gives_the_same_plan_and_another_seed_another(tmp_path: Path) -> None:
    plans = [generate(tmp_path, "50", "--seed", seed) for seed in ("1", "1", "2")]
    assert plans[0] == plans[1] != plans[2]


@pytest.mark.parametrize("count", [1, 7, 33])
def test_any_number_can_be_asked_for(tmp_path: Path, count: int) -> None:
    assert len(json.loads(generate(tmp_path, str(count)))["resource_changes"]) == count


def test_the_size_of_a_resource_is_that_of_real_plans(tmp_path: Path) -> None:
    each = len(generate(tmp_path, "2000")) / 2000
    assert 3_700 <= each <= 4_500
