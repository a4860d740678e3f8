"""`policies capture`: the smallest fixture of a change says the same, and not whose plan it was."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate.cli.main import run
from plangate.cli.streams import Streams
from plangate.plan.read import read
from plangate.report.pseudonyms import Pseudonyms
from plangate.report.redact import Redactor
from plangate.testing import create, delete, no_op, plan, ref, update
from plangate.testing_document import document

from .conftest import Came, Gate

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
BUCKET = "aws_s3_bucket.logs"


def written(*changes: Any, **modules: Any) -> dict[str, Any]:
    """The plan document of some changes."""
    return document([(c.entry, c.configured) for c in changes], {}, modules)


def captured(gate: Gate, given_document: Any, address: str) -> tuple[dict[str, Any], Came]:
    gate.write("plan.json", given_document)
    came = gate.run("policies", "capture", "plan.json", address)
    assert came.code == 0, came
    read(came.out.encode(), "the fixture", allow_incomplete=True)
    return came.report, came


def addresses(fixture: dict[str, Any]) -> list[str]:
    return [entry["address"] for entry in fixture["resource_changes"]]


def test_a_change_comes_with_what_it_is_joined_to_and_nothing_else(gate: Gate) -> None:
    encryption = "aws_s3_bucket_server_side_encryption_configuration.logs"
    fixture, _ = captured(
        gate,
        written(
            create(BUCKET, bucket="acme-logs-1"),
            create(encryption, bucket=ref(f"{BUCKET}.id"), rule=[{"bucket_key_enabled": True}]),
            create("aws_s3_bucket_versioning.logs", bucket="acme-logs-1", versioning_configuration=[]),
            create("aws_s3_bucket.other", bucket="acme-other"),
            create("aws_s3_bucket_versioning.other", bucket=ref("aws_s3_bucket.other.id")),
            create("aws_sqs_queue.q", name="q"),
        ),
        BUCKET,
    )
    assert set(addresses(fixture)) == {BUCKET, encryption, "aws_s3_bucket_versioning.logs"}
    configured = {r["address"]: r for r in fixture["configuration"]["root_module"]["resources"]}
    assert set(configured) == set(addresses(fixture))
    assert configured[encryption]["expressions"]["bucket"]["references"][0] == f"{BUCKET}.id"


def test_a_join_through_modules_keeps_its_way(gate: Gate) -> None:
    bucket, child = "module.b.aws_s3_bucket.this", "module.e.aws_s3_bucket_versioning.v"
    modules = {
        "module.b": {"outputs": {"id": ref("aws_s3_bucket.this.id"), "arn": ref("aws_s3_bucket.this.arn")}},
        "module.e": {"variables": {"bucket": ref("module.b.id"), "unused": "x"}},
        "module.none": {"variables": {"x": "y"}},
    }
    given_document = written(create(bucket), create(child, bucket=ref("var.bucket")), **modules)
    fixture, came = captured(gate, given_document, bucket)
    assert addresses(fixture) == [bucket, child]
    calls = fixture["configuration"]["root_module"]["module_calls"]
    assert set(calls) == {"b", "e"}
    assert set(calls["e"]["expressions"]) == {"bucket"}
    assert set(calls["b"]["module"]["outputs"]) == {"id"}
    (joined,) = read(came.out.encode(), "f").changes[0].companions("aws_s3_bucket_versioning", by="bucket")
    assert joined.address == child


def test_a_join_over_all_instances_of_a_module_keeps_its_outputs(gate: Gate) -> None:
    bucket, child = 'module.b["x"].aws_s3_bucket.this', 'module.e["x"].aws_s3_bucket_versioning.v'
    modules = {
        "module.b": {"outputs": {"id": ref("aws_s3_bucket.this.id")}, "for_each": "local.names"},
        "module.e": {"variables": {"bucket": ref("each.value.id")}, "for_each": "module.b"},
    }
    fixture, _ = captured(gate, written(create(bucket), create(child, bucket=ref("var.bucket")), **modules), bucket)
    assert addresses(fixture) == [bucket, child]
    assert set(fixture["configuration"]["root_module"]["module_calls"]["b"]["module"]["outputs"]) == {"id"}


@pytest.mark.parametrize("policy", ["tagging/missing-tags", "tagging/*-tags"])
def test_policies_answer_by_the_settings_in_force(gate: Gate, policy: str) -> None:
    settings = (
        f'[settings."{policy}"]\nrequired = ["Owner"]\n[settings."acme/own"]\nx = 1\n[settings."acme/*"]\nx = 1\n'
    )
    gate.write("plangate.toml", settings.encode())
    queue, bucket = create("aws_sqs_queue.q", tags_all={"Name": "n"}), create(BUCKET, bucket="acme-logs-1")
    fixture, came = captured(gate, written(queue, bucket), "aws_sqs_queue.q")
    assert came.err == ""
    (entry,) = fixture["resource_changes"]
    assert entry["change"]["after"] == {"tags_all": {"Name": "n"}}
    mine = f'[settings."{policy}"]\nrequired = ["Owner"]\n'
    gate.write("plangate.toml", mine.encode())
    gate.write("fixture.json", fixture)
    assert ("tagging/missing-tags", "fail") in {
        (f["policy"], f["outcome"]) for f in gate.check("fixture.json")["findings"]
    }


def test_a_join_that_nobody_can_follow_stays_undecided(gate: Gate) -> None:
    given_document = written(create(BUCKET), create("aws_s3_bucket_versioning.v", bucket=ref("local.bucket")))
    fixture, _ = captured(gate, given_document, BUCKET)
    assert addresses(fixture) == [BUCKET, "aws_s3_bucket_versioning.v"]


def test_what_a_local_may_mean_is_kept_with_it(gate: Gate) -> None:
    child = "module.e.aws_s3_bucket_public_access_block.b"
    modules = {"module.e": {"variables": {"bucket": ref(f"{BUCKET}.id")}}}
    given_document = written(create(BUCKET), create(child, bucket=ref("local.bucket")), **modules)
    fixture, came = captured(gate, given_document, BUCKET)
    assert addresses(fixture) == [BUCKET, child]
    assert fixture["configuration"]["root_module"]["module_calls"]["e"]["expressions"]["bucket"]["references"]
    assert came.err == ""


def test_values_tell_no_more_whose_they_are_and_join_as_before(gate: Gate) -> None:
    arn = "arn:aws:iam::123456789012:role/acme-deploy"
    queue = create(
        "aws_sqs_queue.jobs",
        name="acme-jobs",
        arn="arn:aws:sqs:eu-west-1:123456789012:acme-jobs",
        policy=json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "sqs:*"}]}),
        tags={"Owner": "jane@acme.example", "Env": "production"},
        network=["10.0.0.0/8", "0.0.0.0/0", "52.95.110.1/32", "subnet-0123456789abcdef0"],
        password="hunter2hunter2",
        token="tok",
        sqs_managed_sse_enabled=False,
        sensitive=["token"],
    )
    other = no_op("aws_sqs_queue_policy.jobs", {"queue_url": "https://sqs.example/123456789012/acme-jobs"})
    _, came = captured(gate, written(queue, other), "aws_sqs_queue.jobs")
    for secret in ("acme", "123456789012", "jane", "52.95", "0123456789abcdef0", "hunter2", '"tok"'):
        assert secret not in came.out
    for kept in ("10.0.0.0/8", "0.0.0.0/0", "production", "sqs:*", "eu-west-1", '"Owner"', "subnet-"):
        assert kept in came.out
    after = came.report["resource_changes"][0]["change"]["after"]
    assert after["arn"] == f"arn:aws:sqs:eu-west-1:000000000001:{after['name']}"
    assert after["token"] == "(sensitive 2)"  # the password is the first
    assert after["sqs_managed_sse_enabled"] is False


def test_before_and_after_differ_in_the_fixture_where_they_do_in_the_plan(gate: Gate) -> None:
    before = {"name": "acme-db", "password": "one-of-them", "port": 1}
    change = update("aws_db_instance.d", before, {**before, "password": "another-one"}, sensitive=["password", "port"])
    fixture, _ = captured(gate, written(change), "aws_db_instance.d")
    inner = fixture["resource_changes"][0]["change"]
    assert inner["before"]["name"] == inner["after"]["name"]
    assert inner["before"]["password"] != inner["after"]["password"]
    assert isinstance(inner["after"]["port"], int)


def test_every_object_of_an_address_is_captured_and_deposed_ones_are_said(gate: Gate) -> None:
    old = [delete(BUCKET, deposed=key, bucket=f"old-{key}") for key in ("aaaa1111", "bbbb2222")]
    gate.write("plan.json", written(create(BUCKET), *old))
    came = gate.run("policies", "capture", "plan.json", BUCKET)
    assert came.code == 0
    assert len(came.report["resource_changes"]) == 3
    assert "2 deposed objects are captured with it" in came.line


def test_the_address_is_taken_exactly_and_the_nearest_is_named(gate: Gate) -> None:
    gate.write("plan.json", written(create('aws_s3_bucket.logs["a.b"]'), create("aws_s3_bucket.logs_2")))
    assert gate.run("policies", "capture", "plan.json", 'aws_s3_bucket.logs["a.b"]').code == 0
    came = gate.run("policies", "capture", "plan.json", "aws_s3_bucket.logs2")
    assert came.code == 2
    assert "did you mean aws_s3_bucket.logs_2" in came.line
    assert gate.run("policies", "capture", "plan.json", "nothing_like.it").code == 2
    assert gate.run("policies", "capture", "missing.json", BUCKET).code == 3
    gate.write("state.json", '{"version": 4, "lineage": "x", "serial": 1}')
    assert gate.run("policies", "capture", "state.json", BUCKET).code == 3
    assert gate.run("policies", "capture", "plan.json").code == 2


def test_it_is_written_to_a_file_that_policies_test_reads(gate: Gate) -> None:
    assert gate.run("policies", "new", "acme/queue-unencrypted").code == 0
    queue = create("aws_sqs_queue.q", sqs_managed_sse_enabled=False, kms_master_key_id=None, name="acme-queue")
    gate.write("plan.json", written(queue))
    file = "policies/acme/queue-unencrypted.fail.json"
    came = gate.run("policies", "capture", "plan.json", "aws_sqs_queue.q", "-o", file)
    assert (came.code, came.out) == (0, "")
    came = gate.run("policies", "test", "policies", "-v")
    assert came.code == 0, came
    assert "queue-unencrypted.fail.json is fail" in came.out
    assert gate.run("policies", "capture", "plan.json", "aws_sqs_queue.q", "-o", "no/such/folder.json").code == 5


def test_it_is_written_as_python_that_makes_the_same_plan(gate: Gate) -> None:
    bucket, child = "module.b.aws_s3_bucket.this", 'module.e.aws_s3_bucket_versioning.v["x"]'
    modules = {
        "module.b": {"outputs": {"id": ref("aws_s3_bucket.this.id")}},
        "module.e": {"variables": {"bucket": ref("module.b.id")}},
    }
    rules = [{"days": 3, "key": ref("aws_kms_key.k.arn")}]
    versioning = create(
        child, bucket=ref("var.bucket"), status="Enabled", rule=rules, for_each="var.names", unknown=["x"]
    )
    gate.write("plan.json", written(create(bucket, tags={"Owner": "me"}, sensitive=["tags"]), versioning, **modules))
    came = gate.run("policies", "capture", "plan.json", bucket, "-f", "python")
    assert (came.code, came.err) == (0, "")
    made: dict[str, Any] = {}
    exec(came.out, made)
    again, there = made["example"], read((gate.folder / "plan.json").read_bytes(), "plan.json")
    for one, other in zip(again.changes, there.changes, strict=True):
        assert one.address == other.address
        assert one.raw()[2] == other.raw()[2]
    (joined,) = again.changes[0].companions("aws_s3_bucket_versioning", by="bucket")
    assert joined.address == child
    assert joined.is_left_out("x")
    assert joined.is_set("rule[0].key")
    assert joined.after.at("rule[0].days") == 3
    assert again.changes[0].is_sensitive("tags")


@pytest.mark.parametrize("name", ["clean", "risky"])
def test_python_of_the_examples_says_what_their_plans_say(gate: Gate, name: str) -> None:
    data = (EXAMPLES / name / "plan.json").read_bytes()
    gate.write("plan.json", data)
    for change in read(data, name).changes:
        came = gate.run("policies", "capture", "plan.json", change.address, "-f", "python")
        assert (came.code, came.err) == (0, ""), change.address
        assert "example = plan(" in came.out


@pytest.mark.parametrize("name", ["clean", "risky"])
def test_built_in_policies_say_of_the_fixture_what_they_say_of_the_plan(gate: Gate, name: str) -> None:
    data = (EXAMPLES / name / "plan.json").read_bytes()
    gate.write("whole.json", data)
    whole = said(gate.check("whole.json", "--allow-incomplete"))
    for change in read(data, name).changes:
        fixture, came = captured(gate, data, change.address)
        assert came.err == ""
        assert len(json.dumps(fixture)) < len(data)
        gate.write("fixture.json", fixture)
        of = {key for key in whole if key[1] == change.address}
        found = said(gate.check("fixture.json", "--allow-incomplete"))
        assert {key for key in found if key[1] == change.address} == of


def said(report: Any) -> set[tuple[Any, ...]]:
    return {(f["policy"], f["address"], f["attribute"], f["outcome"], f["status"]) for f in report["findings"]}


LEAF = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=12)
NAMES = st.sampled_from(["name", "bucket", "tags", "kind", "policy", "password", "user_data", "x"])
TREE = st.recursive(LEAF, lambda t: st.lists(t, max_size=3) | st.dictionaries(NAMES, t, max_size=3), max_leaves=12)


@given(TREE, TREE)
def test_equal_values_get_equal_pseudonyms_and_the_shape_stays(one: Any, other: Any) -> None:
    pseudonyms = Pseudonyms(Redactor(()))
    pseudonyms.learn([one, other])
    first, second = pseudonyms.body([one, one, other])[:2]
    assert first == second
    assert shape(first) == shape(one)


def shape(value: Any) -> Any:
    if isinstance(value, dict):
        return [shape(item) for item in value.values()]
    return [shape(item) for item in value] if isinstance(value, list) else type(value)


@given(TREE, st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=8))
def test_a_sensitive_leaf_is_never_written(value: Any, secret: str) -> None:
    pseudonyms = Pseudonyms(Redactor(()))
    shown = pseudonyms.body({"x": [value, {"y": secret}], "z": 1}, {"x": True}, None)
    assert secret not in json.dumps(shown)
    assert shown["z"] == 1


def test_one_plan_of_many_changes_is_searched_for_what_a_policy_needs(gate: Gate) -> None:
    from plangate.report.capture import capture

    whole = plan(*[create(f"aws_sqs_queue.q{n}", name=f"n{n}") for n in range(40)])
    needed = {"aws_sqs_queue.q7", "aws_sqs_queue.q31"}
    made = capture(whole, whole.changes[:1], lambda text: all(f'"{address}"' in text for address in needed))
    assert made.agrees
    assert {e["address"] for e in json.loads(made.text)["resource_changes"]} == {"aws_sqs_queue.q0", *needed}
    never = capture(whole, whole.changes[:1], lambda text: False)
    assert (never.agrees, never.changes) == (False, 1)


ODD = st.sampled_from(
    [None, True, 7, 1.5, "x", "module.e.id", [], {}, [None], {"references": [1, None]}, [[{}]], {"a": 1}]
)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), ODD)
def test_a_document_that_is_bent_somewhere_is_captured_or_refused(at: int, odd: Any) -> None:
    modules = {
        "module.b": {"outputs": {"id": ref("aws_s3_bucket.this.id")}, "for_each": "local.names"},
        "module.e": {"variables": {"bucket": ref("module.b.id")}},
    }
    bucket, secret = create("module.b.aws_s3_bucket.this", bucket="acme-b"), {"user": "u", "password": "one-of-them"}
    child = create(
        "module.e.aws_s3_bucket_versioning.v", bucket=ref("var.bucket", "local.x"), rule=[{"a": ref("local.b")}]
    )
    other = update("aws_db_instance.d", secret, secret, sensitive=["password"])
    bent = written(bucket, child, other, **modules)
    places = [(node, key) for node in nodes(bent) for key in (node if isinstance(node, dict) else range(len(node)))]
    node, key = places[at % len(places)]
    node[key] = odd
    out, err = io.StringIO(), io.StringIO()
    streams = Streams(io.BytesIO(json.dumps(bent).encode()), out, err, {"PATH": ""})
    code = run(["policies", "capture", "-", "module.b.aws_s3_bucket.this"], streams)
    assert code in (0, 2, 3), err.getvalue()
    assert "one-of-them" not in out.getvalue()


def nodes(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value
    below = [node for item in inner if isinstance(item, dict | list) for node in nodes(item)]
    return [value, *below]


def test_variables_come_along_without_their_secrets(gate: Gate) -> None:
    """What a variable comes to decides whether something is written; what is marked stays a placeholder."""
    made = written(create("aws_ebs_volume.v", size=1, kms_key_id=ref("var.key"), snapshot_id=ref("var.pin")))
    made["variables"] = {"key": {"value": None}, "pin": {"value": "s3cr"}, "other": {"value": "unrelated-1"}}
    made["configuration"]["root_module"]["variables"] = {"key": {}, "pin": {"sensitive": True}, "other": {}}
    fixture, came = captured(gate, made, "aws_ebs_volume.v")
    assert set(fixture["variables"]) == {"key", "pin"}
    assert fixture["variables"]["key"] == {"value": None}
    assert "s3cr" not in came.out
