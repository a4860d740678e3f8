"""What several policies of a pack cannot know is one finding; whichever of them is left says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plangate.decide.once import told_once
from plangate.testing import create, ref
from plangate.testing_document import document

from ..front import check  # noqa: TID252 - the tests are no package

GROUP = create("aws_security_group.g", vpc_id="vpc-1", ingress=ref("local.rules"))
LATER = create("aws_iam_policy.p", policy=ref("local.policy"))
WORST, HTTP = "exposure/aws-all-ports-open-to-world", "exposure/aws-http-open-to-world"
OTHERS = {f"exposure/aws-{word}-open-to-world" for word in ("ssh", "rdp", "http", "service")}
ADMIN, ACTIONS = "exposure/aws-iam-policy-allows-all", "exposure/aws-iam-policy-allows-all-actions"


def plan(*changes: Any) -> dict[str, Any]:
    return document([(c.entry, c.configured) for c in changes], {}, {})


def unknown(made: dict[str, Any], *arguments: str) -> dict[str, dict[str, Any]]:
    """The findings of the pack that are `unknown`, by policy."""
    found = check(made, "--select", "exposure/*", *arguments).report["findings"]
    return {f["policy"]: f for f in found if f["outcome"] == "unknown"}


def settings(folder: Path, text: str) -> tuple[str, str]:
    (folder / "plangate.toml").write_text(text, encoding="utf-8")
    return "--config", str(folder / "plangate.toml")


def test_an_unknown_rule_is_one_finding_the_worst() -> None:
    found = unknown(plan(GROUP))
    assert set(found) == {WORST}
    assert set(found[WORST]["also"]) == OTHERS
    assert (found[WORST]["severity"], found[WORST]["attribute"], found[WORST]["stops"]) == ("critical", "ingress", True)


def test_every_policy_still_counts_what_it_could_not_know() -> None:
    listed = check(plan(GROUP), "--select", "exposure/*").report["policies"]["list"]
    assert {p["id"] for p in listed if p["unknown"]} == {WORST, *OTHERS}


@pytest.mark.parametrize("left", [ACTIONS, ADMIN])
def test_the_one_that_is_left_says_it(left: str) -> None:
    assert {name: f["also"] for name, f in unknown(plan(LATER)).items()} == {ADMIN: [ACTIONS]}
    found = check(plan(LATER), "--select", left).report["findings"]
    assert [(f["policy"], f["outcome"], f["also"]) for f in found] == [(left, "unknown", [])]
    ignored = unknown(plan(LATER), "--ignore", ADMIN if left == ACTIONS else ACTIONS)
    assert set(ignored) == {left}


def test_of_the_rest_the_worst_says_it() -> None:
    found = unknown(plan(GROUP), "--ignore", WORST)
    assert len(found) == 1
    ((name, finding),) = found.items()
    assert {name, *finding["also"]} == OTHERS
    assert finding["severity"] == "high"


def test_one_that_binds_harder_gives_not_way(tmp_path: Path) -> None:
    harder = settings(tmp_path, f'[[enforcement]]\npolicy = "{HTTP}"\nlevel = "hard-mandatory"\n')
    found = unknown(plan(GROUP), *harder)
    assert {name: f["enforcement"] for name, f in found.items()} == {WORST: "soft-mandatory", HTTP: "hard-mandatory"}
    assert HTTP not in found[WORST]["also"]


def test_one_that_stops_does_not_hide_behind_one_that_does_not(tmp_path: Path) -> None:
    eased = settings(tmp_path, f'[unknown]\n"{WORST}" = "warn"\n')
    (told,) = unknown(plan(GROUP), *eased).values()
    assert (told["severity"], told["stops"], WORST in told["also"]) == ("high", True, True)
    assert check(plan(GROUP), "--select", "exposure/*", *eased).code == 1


def test_a_waiver_covers_what_it_names_and_no_more(tmp_path: Path) -> None:
    waiver = (
        f'[[waiver]]\npolicy = "{WORST}"\naddress = "aws_security_group.g"\nreason = "r"\nowner = "o"\n'
        "expires = 2999-01-01\n"
    )
    found = unknown(plan(GROUP), *settings(tmp_path, waiver))
    assert len(found) == 1
    ((name, finding),) = found.items()
    assert {name, *finding["also"]} == OTHERS


def test_two_resources_and_two_values_are_not_one() -> None:
    second = create("aws_security_group.h", vpc_id="vpc-1", ingress=ref("local.rules"))
    found = check(plan(GROUP, second), "--select", "exposure/*").report["findings"]
    assert [f["address"] for f in found if f["outcome"] == "unknown"] == [
        "aws_security_group.g",
        "aws_security_group.h",
    ]
    sources = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ref("var.a")}
    ports = {"protocol": "tcp", "from_port": ref("var.p"), "to_port": ref("var.p"), "cidr_blocks": ["0.0.0.0/0"]}
    group = create("aws_security_group.g", vpc_id="vpc-1", ingress=[sources, ports])
    attributes = {f["policy"]: f["attribute"] for f in unknown(plan(group)).values()}
    assert attributes["exposure/aws-ssh-open-to-world"] == "ingress[0].cidr_blocks"
    assert attributes[WORST].startswith("ingress[1].")


def test_what_two_packs_say_of_one_value_is_not_one() -> None:
    made = unknown(plan(GROUP))[WORST]
    for policy, several in ((HTTP, 1), ("acme/open", 2)):
        assert len(told_once([{**made, "also": []}, {**made, "policy": policy, "also": []}])) == several


def test_a_fault_is_never_folded() -> None:
    open_ = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"]}
    later = {"protocol": ref("var.p"), "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}
    found = check(plan(create("aws_security_group.g", ingress=[open_, later])), "--select", "exposure/*").report
    outcomes = {f["policy"]: f["outcome"] for f in found["findings"] if f["outcome"] == "fail"}
    assert "exposure/aws-ssh-open-to-world" in outcomes
