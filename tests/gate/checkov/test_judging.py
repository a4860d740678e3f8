"""What of Checkov's answers goes into the report, and as what."""

from __future__ import annotations

import json
from typing import Any

from ..cli.conftest import Gate  # noqa: TID252 - the tests are no package
from ..cli.plans import document, entry  # noqa: TID252
from .plans import PLAN, bucket_guarded_in_module, group, log_group_in_module, untouched


def findings(report: dict[str, Any], check: str) -> list[dict[str, Any]]:
    return [f for f in report["findings"] if f["policy"] == f"checkov/{check}"]


def shown(report: dict[str, Any]) -> dict[str, tuple[str, bool]]:
    return {f["policy"]: (f["outcome"], f["stops"]) for f in report["findings"] if f["source"] == "checkov"}


def test_a_finding_of_checkov_is_a_finding(beside: Gate) -> None:
    beside.write("plan.json", PLAN)
    report = beside.check("plan.json", "--ignore", "exposure/*")
    assert report["exit_code"] == 1
    (found,) = findings(report, "CKV_AWS_24")
    assert found["address"] == "aws_security_group.open"
    assert found["severity"] == "critical"
    assert found["enforcement"] == "soft-mandatory"
    assert found["stops"]
    assert found["status"] == "new"
    assert found["references"][0].startswith("https://")
    assert found["checkov"]["result"] == "FAILED"
    assert report["checkov"]["status"] == "ran"
    assert report["checkov"]["version"] == "3.3.30"
    assert report["checkov"]["seconds"] > 0
    assert {p["id"]: p["failed"] for p in report["policies"]["list"]}["checkov/CKV_AWS_24"] == 1


def test_what_the_plan_leaves_alone_is_existing(beside: Gate) -> None:
    beside.write("plan.json", document(untouched(group())))
    report = beside.check("plan.json", "--ignore", "exposure/*")
    (found,) = findings(report, "CKV_AWS_24")
    assert (found["status"], found["stops"]) == ("existing", False)
    assert findings(beside.check("plan.json", "--scope", "all", "--ignore", "exposure/*"), "CKV_AWS_24")[0]["stops"]


def test_instances_have_their_own_addresses(beside: Gate) -> None:
    changes = []
    for key in ("a", "b.c"):
        one = group()
        changes.append({**one, "address": f'aws_security_group.open["{key}"]', "index": key})
    beside.write("plan.json", document(*changes))
    report = beside.check("plan.json", "--ignore", "exposure/*")
    assert {f["address"] for f in findings(report, "CKV_AWS_24")} == {c["address"] for c in changes}


def test_a_fault_that_both_find_is_shown_once(beside: Gate) -> None:
    volume = entry("aws_ebs_volume.v", ["create"], None, {"encrypted": False, "size": 1, "availability_zone": "x"})
    beside.write("plan.json", document(volume))
    report = beside.check("plan.json")
    (ours,) = [f for f in report["findings"] if f["policy"] == "encryption/aws-ebs-volume-unencrypted"]
    assert "checkov/CKV_AWS_3" in ours["also"]
    assert findings(report, "CKV_AWS_3") == []


def test_an_exception_for_either_covers_what_is_shown_once(beside: Gate) -> None:
    volume = entry("aws_ebs_volume.v", ["create"], None, {"encrypted": False, "size": 1, "availability_zone": "x"})
    beside.write("plan.json", document(volume))
    waiver = '[[waiver]]\npolicy = "checkov/CKV_AWS_3"\naddress = "aws_ebs_volume.v"\nreason = "r"\nowner = "o"\n'
    beside.write("plangate.toml", "[checkov]\ncache = false\n" + waiver + "expires = 2999-01-01\n")
    (ours,) = [
        f for f in beside.check("plan.json")["findings"] if f["policy"] == "encryption/aws-ebs-volume-unencrypted"
    ]
    assert (ours["outcome"], ours["stops"]) == ("waived", False)
    assert ours["waiver"]["policy"] == "checkov/CKV_AWS_3"


def test_waivers_severities_and_enforcement_name_its_checks(beside: Gate) -> None:
    beside.write("plan.json", PLAN)
    common = "[checkov]\ncache = false\n[policies]\nignore = ['exposure/*']\n"
    beside.write("plangate.toml", common + '[severity]\n"checkov/CKV_AWS_24" = "low"\n')
    assert findings(beside.check("plan.json"), "CKV_AWS_24")[0]["severity"] == "low"
    beside.write("plangate.toml", common + '[[enforcement]]\npolicy = "checkov/CKV_AWS_23"\nlevel = "hard-mandatory"\n')
    assert findings(beside.check("plan.json"), "CKV_AWS_23")[0]["enforcement"] == "hard-mandatory"
    waiver = '[[waiver]]\npolicy = "checkov/*"\naddress = "*"\nreason = "r"\nowner = "o"\nexpires = 2999-01-01\n'
    beside.write("plangate.toml", common + waiver)
    assert {outcome for outcome, _ in shown(beside.check("plan.json")).values()} == {"waived"}


def test_skip_and_only(beside: Gate) -> None:
    beside.write("plan.json", PLAN)
    beside.write("plangate.toml", '[checkov]\ncache = false\nskip = ["CKV_AWS_24"]\n')
    assert "checkov/CKV_AWS_24" not in shown(beside.check("plan.json"))
    beside.write("plangate.toml", '[checkov]\ncache = false\nonly = ["CKV_AWS_2?"]\nskip = ["CKV_AWS_23"]\n')
    report = beside.check("plan.json", "--ignore", "exposure/*")
    assert set(shown(report)) == {"checkov/CKV_AWS_24"}
    assert all(p["id"].startswith("checkov/CKV_AWS_2") for p in report["policies"]["list"] if "CKV" in p["id"])


def test_select_chooses_among_its_checks_too(beside: Gate) -> None:
    beside.write("plan.json", PLAN)
    report = beside.check("plan.json", "--select", "checkov/CKV_AWS_24")
    assert set(shown(report)) == {"checkov/CKV_AWS_24"}
    assert beside.check("plan.json", "--select", "encryption/*")["checkov"]["status"] == "off"


def test_a_key_through_a_module_is_no_missing_key(beside: Gate) -> None:
    """Checkov takes `kms_key_id = var.key` for left out, also where the caller gives it a key that is to be made."""
    plan = log_group_in_module({"retention_in_days": 400}, {"id": True, "arn": True, "kms_key_id": True})
    beside.write("plan.json", plan)
    report = beside.check("plan.json", "--show-passes")
    assert findings(report, "CKV_AWS_158") == [] or findings(report, "CKV_AWS_158")[0]["outcome"] == "pass"
    bare = [json.loads(line) for line in beside.run("checkov", "run", "plan.json").out.splitlines()]
    address = "module.m.aws_cloudwatch_log_group.lg"
    assert {"check": "CKV_AWS_158", "address": address, "result": "FAILED"} in bare


def test_a_value_that_nobody_knows_yet_is_unknown(beside: Gate) -> None:
    """The mode comes from something that the plan does not tell: Checkov takes it for left out."""
    function = entry(
        "aws_lambda_function.f",
        ["create"],
        None,
        {"function_name": "f", "tracing_config": [{}]},
        {"tracing_config": [{"mode": True}]},
    )
    plan = document(function)
    expressions = plan["configuration"]["root_module"]["resources"][0]["expressions"]
    expressions["tracing_config"] = [{"mode": {"references": ["local.mode"]}}]
    beside.write("plan.json", plan)
    (found,) = findings(beside.check("plan.json"), "CKV_AWS_50")
    assert found["outcome"] == "unknown"
    assert found["attribute"] == "tracing_config[0].mode"
    assert found["origin"] == "local.mode"
    assert found["checkov"]["result"] == "FAILED"


def test_a_join_through_a_module_is_seen(beside: Gate) -> None:
    """Checkov joins by names within one module, and calls the bucket open."""
    beside.write("plan.json", bucket_guarded_in_module())
    bare = [json.loads(line) for line in beside.run("checkov", "run", "plan.json").out.splitlines()]
    assert {"check": "CKV2_AWS_6", "address": "aws_s3_bucket.b", "result": "FAILED"} in bare
    report = beside.check("plan.json", "--select", "checkov/CKV2_AWS_6")
    assert [f for f in findings(report, "CKV2_AWS_6") if f["outcome"] == "fail"] == []


def test_what_looks_at_a_secret_is_doubtful(beside: Gate) -> None:
    values = {"function_name": "f", "tracing_config": [{"mode": "Active"}]}
    function = entry("aws_lambda_function.f", ["create"], None, values)
    marks = {"tracing_config": [{"mode": True}]}
    function["change"]["after_sensitive"] = marks
    plan = document(function)
    plan["planned_values"]["root_module"]["resources"][0]["sensitive_values"] = marks
    beside.write("plan.json", plan)
    (found,) = findings(beside.check("plan.json"), "CKV_AWS_50")
    assert "sensitive value" in found["checkov"]["doubtful"]
    assert "doubtful" in found["message"]


def test_what_goes_away_is_not_judged(beside: Gate) -> None:
    gone = group("gone")
    values = gone["change"]["after"]
    gone["change"] = {**gone["change"], "actions": ["delete"], "before": values, "after": None, "before_sensitive": {}}
    beside.write("plan.json", document(gone, entry("aws_sqs_queue.q", ["no-op"], {"name": "q"}, {"name": "q"})))
    report = beside.check("plan.json")
    assert not any(f["address"] == gone["address"] for f in report["findings"] if f["source"] == "checkov")


def test_iam_documents_of_instances_are_told_apart(beside: Gate) -> None:
    """Checkov keeps a document by type and name, and judges the second instance by the first one's."""
    bad = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["iam:*", "s3:*"], "Resource": "*"}]}
    few = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}
    good = {"Version": "2012-10-17", "Statement": [few]}
    changes = []
    for key, policy in (("1-good", good), ("2-bad", bad)):
        one = entry("aws_iam_policy.p", ["create"], None, {"name": key, "policy": json.dumps(policy)})
        changes.append({**one, "address": f'aws_iam_policy.p["{key}"]', "index": key})
    beside.write("plan.json", document(*changes))
    bare = [json.loads(line) for line in beside.run("checkov", "run", "plan.json").out.splitlines()]
    judged = {(row["check"], row["address"]): row["result"] for row in bare}
    assert judged["CKV_AWS_286", 'aws_iam_policy.p["2-bad"]'] == "PASSED"
    report = beside.check("plan.json")
    assert [f["address"] for f in findings(report, "CKV_AWS_286")] == ['aws_iam_policy.p["2-bad"]']


def test_a_guard_that_goes_makes_an_old_finding_new(beside: Gate) -> None:
    """The bucket stays as it is, and its public access block goes: that is this plan's doing."""
    bucket = entry("aws_s3_bucket.b", ["no-op"], {"bucket": "b", "id": "b"}, {"bucket": "b", "id": "b"})
    guard = entry(
        "aws_s3_bucket_public_access_block.b",
        ["delete"],
        {"bucket": "b", "block_public_acls": True, "block_public_policy": True},
        None,
    )
    beside.write("plan.json", document(bucket, guard))
    report = beside.check("plan.json", "--select", "checkov/CKV2_AWS_6")
    (found,) = findings(report, "CKV2_AWS_6")
    assert found["status"] == "new"
    beside.write("plan.json", document(bucket))
    (found,) = findings(beside.check("plan.json", "--select", "checkov/CKV2_AWS_6"), "CKV2_AWS_6")
    assert found["status"] == "existing"


def test_results_are_kept_for_a_plan_that_comes_again(beside: Gate, cache: Any) -> None:
    beside.write("plangate.toml", "")
    beside.write("plan.json", document(group("kept")))
    first = beside.check("plan.json")
    second = beside.check("plan.json")
    assert (first["checkov"]["cached"], second["checkov"]["cached"]) == (False, True)
    assert second["findings"] == first["findings"]
    for path in (cache / "plangate" / "checkov" / "results").glob("*.json"):
        path.write_text(path.read_text().replace("FAILED", "PASSED?"))
    again = beside.check("plan.json")
    assert (again["checkov"]["cached"], again["findings"]) == (False, first["findings"])
