"""What protects another resource and goes away; blocks that go away; access that goes away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.plan.blocks import only_written
from plangate.testing import create, delete, forget, judge, no_op, plan, ref, replace, update

from .rowcases import BY_ID, body, key, table

GUARDED, BLOCKS = BY_ID["guard-deleted"], BY_ID["nested-block-removed"]
OWN, KEY_POLICY = BY_ID["own-access-removed"], BY_ID["key-policy-lock-out"]


def guarding(row: dict[str, Any]) -> dict[str, Any]:
    condition = row.get("if_any", [{"path": "some", "values": ["thing"]}])[0]
    return {row["by"]: "the-id", **body(condition["path"], condition["values"][0])}


@pytest.mark.parametrize("row", table("guards")[1], ids=key)
def test_every_guard(row: dict[str, Any]) -> None:
    parent, guard = f"{row['type']}.p", f"{row['guard']}.g"
    stays = no_op(parent, {"id": "the-id", "name": "the-id"})
    said = judge(GUARDED, plan(stays, delete(guard, guarding(row))))
    assert said.outcomes == {parent: "fail"}
    assert said.severities[parent] == [row["severity"]]
    assert said.new == {parent}
    for harmless in (
        plan(stays),
        plan(stays, no_op(guard, guarding(row))),
        plan(stays, forget(guard, guarding(row))),
        plan(stays, delete(guard, {**guarding(row), row["by"]: "another"})),
        plan(stays, delete(guard, guarding(row)), create(f"{row['guard']}.new", guarding(row))),
        plan(stays, replace(guard, guarding(row), guarding(row), paths=["x"])),
    ):
        assert judge(GUARDED, harmless).outcomes == {parent: "pass"}
    both = plan(delete(parent, id="the-id", name="the-id"), delete(guard, guarding(row)))
    assert judge(GUARDED, both).outcomes == {}
    untold = create(f"{row['guard']}.new", {**guarding(row), row["by"]: ref("local.x")})
    assert judge(GUARDED, plan(stays, delete(guard, guarding(row)), untold)).outcomes == {parent: "unknown"}


def test_a_guard_that_did_not_guard() -> None:
    bucket = no_op("aws_s3_bucket.b", {"id": "b"})
    suspended = delete("aws_s3_bucket_versioning.v", bucket="b", versioning_configuration=[{"status": "Suspended"}])
    assert judge(GUARDED, plan(bucket, suspended)).outcome == "pass"


# -- blocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", table("blocks")[1], ids=key)
def test_fewer_blocks_are_a_loss(row: dict[str, Any]) -> None:
    address, top = f"{row['type']}.x", row["block"].partition("[")[0]

    def outcome(before: list[Any], after: Any, **options: Any) -> str:
        new = {**body(row["block"], after), "changed": 1}
        return judge(BLOCKS, plan(update(address, body(row["block"], before), new, **options))).outcome

    two = [{"name": "a"}, {"name": "b"}]
    assert outcome(two, two[:1]) == outcome(two[:1], []) == outcome(two, None) == "fail"
    assert outcome(two, two) == outcome(two[:1], two) == outcome([], []) == outcome(two, [{"name": "c"}] * 2) == "pass"
    assert outcome(two, ref("terraform_data.x.output")) == "unknown"
    left = plan(update(address, body(row["block"], two), {"changed": 1}, unknown=[top]))
    steps = tuple(step.removesuffix("[*]") for step in row["block"].split("."))
    assert judge(BLOCKS, left).outcome == ("unknown" if only_written(row["type"], steps) else "pass")
    for change in (create(address), no_op(address, body(row["block"], two)), delete(address, body(row["block"], two))):
        assert judge(BLOCKS, plan(change)).outcome == "pass"


def test_blocks_that_the_settings_protect() -> None:
    made = BY_ID["protected-block-removed"]
    address = "aws_route_table.t"
    routes = {"route": [{"cidr_block": "10.0.0.0/8"}, {"cidr_block": "0.0.0.0/0"}]}
    fewer = plan(update(address, routes, {"route": routes["route"][:1]}))
    assert judge(made, fewer).outcome == "pass"
    assert judge(made, fewer, blocks={"aws_route_table": ["route"]}).outcomes == {address: "fail"}
    assert judge(made, fewer, blocks={"aws_route_table": ["tags"], "aws_vpc": ["route"]}).outcome == "pass"
    unknown = plan(update(address, routes, {"route": ref("var.routes")}))
    assert judge(made, unknown, blocks={"aws_route_table": ["route"]}).outcomes == {address: "unknown"}


# -- lock-out ------------------------------------------------------------------------------------------------

ROLE = "arn:aws:iam::123456789012:role/deploy"


def run_as(**arguments: Any) -> dict[str, Any]:
    return {"aws": {"assume_role": [{"role_arn": ROLE}], **arguments}}


@pytest.mark.parametrize(
    ("address", "state", "expected"),
    [
        ("aws_iam_role.r", {"arn": ROLE, "name": "deploy"}, "fail"),
        ("aws_iam_role.r", {"arn": ROLE.replace("deploy", "app"), "name": "app"}, "pass"),
        ("aws_iam_role_policy.p", {"role": "deploy"}, "fail"),
        ("aws_iam_role_policy_attachment.p", {"role": "deploy"}, "fail"),
        ("aws_iam_role_policy_attachment.p", {"role": "redeploy"}, "pass"),
        ("aws_eks_access_entry.e", {"principal_arn": ROLE}, "fail"),
        ("aws_eks_access_entry.e", {"principal_arn": None}, "pass"),
        ("aws_iam_user.u", {"arn": "arn:aws:iam::123456789012:user/deploy"}, "pass"),
    ],
)
def test_the_role_that_the_provider_takes_on(address: str, state: dict[str, Any], expected: str) -> None:
    assert judge(OWN, plan(delete(address, state), providers=run_as())).outcome == expected
    made = plan(replace(address, state, {**state, "x": 1}, paths=["x"]), providers=run_as())
    assert judge(OWN, made).outcome == expected
    assert judge(OWN, plan(delete(address, state))).outcome == "pass"  # nothing tells who runs it
    for harmless in (forget(address, state), no_op(address, state), update(address, state, {**state, "x": 1})):
        assert judge(OWN, plan(harmless, providers=run_as())).outcome == "pass"


def test_who_runs_it_may_stand_in_a_variable_or_a_data_source() -> None:
    gone = delete("aws_iam_role.r", arn=ROLE, name="deploy")
    variable = {"aws": {"assume_role": [{"role_arn": ref("var.role")}]}}
    assert judge(OWN, plan(gone, providers=variable, variables={"role": {"value": ROLE}})).outcome == "fail"
    assert judge(OWN, plan(gone, providers=variable, variables={"role": {"value": "other"}})).outcome == "pass"
    session = "arn:aws:sts::123456789012:assumed-role/deploy/ci-42"
    read = {"mode": "data", "type": "aws_caller_identity", "name": "me", "values": {"arn": session}}
    address = "module.m.data.aws_caller_identity.me"
    state = {"values": {"root_module": {"child_modules": [{"resources": [{**read, "address": address}]}]}}}
    asked = {"resources": [{**read, "address": "data.aws_caller_identity.me", "expressions": {}}]}
    configuration = {"root_module": {"module_calls": {"m": {"source": "./m", "module": asked}}}}

    def outcome(**sections: Any) -> str:
        return judge(OWN, plan(gone, **sections)).outcome

    assert outcome(prior_state=state, configuration=configuration) == "fail"
    assert outcome(prior_state=state) == "pass"  # nothing in the configuration asks
    for odd in ({}, {"values": None}, {"values": {"root_module": {"resources": [{"mode": "data"}, 7]}}}):
        assert outcome(prior_state=odd, configuration=configuration) == "pass"


def test_a_service_account_and_its_grants() -> None:
    email = "ci@acme.iam.gserviceaccount.com"
    providers = {"google": {"impersonate_service_account": email}}
    for change in (
        delete("google_service_account.ci", email=email),
        delete("google_project_iam_member.ci", member=f"serviceAccount:{email}"),
    ):
        assert judge(OWN, plan(change, providers=providers)).outcome == "fail"
    other = delete("google_project_iam_member.x", member="serviceAccount:app@acme.iam.gserviceaccount.com")
    assert judge(OWN, plan(other, providers=providers)).outcome == "pass"


BINDINGS = [type_ for type_ in OWN.types if type_.endswith("_iam_binding")]
CI, OTHER = "serviceAccount:ci@acme.iam.gserviceaccount.com", "user:someone@acme.example"


@pytest.mark.parametrize("type_", BINDINGS)
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([CI, OTHER], [OTHER], "fail"),
        ([CI, OTHER], [], "fail"),
        ([CI, OTHER], [CI], "pass"),
        ([OTHER], [], "pass"),
        ([CI], ref("var.members"), "unknown"),
        ([CI], None, "fail"),
    ],
)
def test_a_list_of_members_without_who_runs_it(type_: str, before: Any, after: Any, expected: str) -> None:
    providers = {"google": {"impersonate_service_account": CI.partition(":")[2]}}
    changed = update(f"{type_}.b", {"members": before, "x": 1}, {"members": after, "x": 2})
    assert judge(OWN, plan(changed, providers=providers)).outcome == expected
    assert judge(OWN, plan(changed)).outcome == "pass"
    gone = judge(OWN, plan(delete(f"{type_}.b", members=before), providers=providers)).outcome
    assert gone == ("fail" if CI in before else "pass")


def trust(*principals: str, kind: str = "AWS", effect: str = "Allow") -> str:
    statements = [{"Effect": effect, "Principal": {kind: who}, "Action": "sts:AssumeRole"} for who in principals]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (trust("1", "2"), trust("1"), "fail"),
        (trust("1"), trust(), "fail"),
        (trust("1"), trust("1", effect="Deny"), "fail"),
        (trust("1"), trust("1", kind="Federated"), "fail"),
        (trust("1"), trust("2", "1"), "pass"),
        (trust("1"), trust("*"), "pass"),
        (trust("1"), trust("1"), "pass"),
        (trust("1"), ref("data.x.y.json"), "unknown"),
        (trust("1"), "{", "unknown"),
    ],
)
def test_the_trust_in_the_role_that_runs_it(before: str, after: Any, expected: str) -> None:
    old = {"arn": ROLE, "name": "deploy", "assume_role_policy": before, "x": 1}
    changed = update("aws_iam_role.r", old, {**old, "assume_role_policy": after, "x": 2})
    found = judge(OWN, plan(changed, providers=run_as()))
    assert found.outcome == expected
    severities = {"fail": ["high"], "unknown": [None], "pass": None}
    assert found.severities.get("aws_iam_role.r") == severities[expected]
    assert judge(OWN, plan(changed)).outcome == "pass"


def policy_for(*principals: str, action: str = "kms:*", effect: str = "Allow") -> str:
    statements = [
        {"Effect": effect, "Principal": {"AWS": who}, "Action": action, "Resource": "*"} for who in principals
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


ROOT = "arn:aws:iam::123456789012:root"
WITH, WITHOUT = policy_for(ROOT, ROLE), policy_for(ROLE)


@pytest.mark.parametrize("type_", KEY_POLICY.types)
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (WITH, WITHOUT, ["high"]),
        (WITH, policy_for("123456789012"), None),
        (WITH, policy_for("*"), None),
        (WITH, policy_for(ROOT, action="kms:Decrypt"), ["high"]),
        (WITH, policy_for(ROOT, effect="Deny"), ["high"]),
        (WITHOUT, policy_for("arn:aws:iam::123456789012:role/other"), None),  # it was so before
        (WITHOUT, WITH, None),
        (WITH, WITH, None),
    ],
)
def test_key_policies(type_: str, before: str, after: str, expected: list[str] | None) -> None:
    made = plan(update(f"{type_}.k", {"policy": before}, {"policy": after, "x": 1}))
    assert judge(KEY_POLICY, made).severities.get(f"{type_}.k") == expected


def test_an_account_that_is_denied_does_not_manage_its_key() -> None:
    deny = {"Effect": "Deny", "Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"}
    mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}

    def outcome(**more: Any) -> str:
        statements = [*json.loads(WITH)["Statement"], {**deny, **more}]
        after = json.dumps({"Version": "2012-10-17", "Statement": statements})
        return judge(KEY_POLICY, plan(update("aws_kms_key.k", {"policy": WITH}, {"policy": after}))).outcome

    assert outcome() == outcome(Principal="*") == outcome(Action=["kms:Decrypt", "kms:PutKeyPolicy"]) == "fail"
    assert outcome(**mfa) == outcome(Action="kms:Decrypt") == outcome(Principal={"AWS": ROLE}) == "pass"


def test_a_new_key_and_one_whose_policy_only_the_apply_tells() -> None:
    def said(change: Any) -> Any:
        return judge(KEY_POLICY, plan(change))

    assert said(create("aws_kms_key.k", policy=WITHOUT)).severities == {"aws_kms_key.k": ["medium"]}
    assert said(create("aws_kms_key.k", policy=WITH)).outcome == "pass"
    assert said(create("aws_kms_key.k", unknown=["policy"])).outcome == "pass"  # the default policy
    unknown = said(create("aws_kms_key.k", policy=ref("terraform_data.x.output")))
    assert unknown.severities == {"aws_kms_key.k": ["low"]}
    assert unknown.outcome == "unknown"
    later = update("aws_kms_key.k", {"policy": WITH}, {"policy": ref("terraform_data.x.output")})
    assert said(later).outcome == "unknown"
    for value in ("", "{", "[]", "7", None):
        assert said(create("aws_kms_key.k", policy=value)).outcome in ("pass", "fail", "unknown")
