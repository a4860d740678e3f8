"""Joins between resources whose ids the apply makes: each form that a configuration may write them in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from plangate import Change, Plan, UnknownValue
from plangate.plan import resolve, splits
from plangate.plan.instances import Instances
from plangate.testing import create, delete, no_op, plan, ref, update

BUCKET, CHILD = "aws_s3_bucket", "aws_s3_bucket_versioning"


def change(made: Plan, address: str) -> Change:
    return next(c for c in made.changes if c.address == address)


def joined(made: Plan, parent: str, kind: str = CHILD, by: str | None = "bucket") -> list[str] | str:
    """Addresses of the companions, or "undecided"."""
    try:
        return sorted(c.address for c in change(made, parent).companions(kind, by=by))
    except UnknownValue:
        return "undecided"


def referred(made: Plan, child: str, by: str | None = "bucket", kind: str | None = None) -> list[str] | str:
    try:
        return sorted(c.address for c in change(made, child).referred(by, type=kind))
    except UnknownValue:
        return "undecided"


def buckets(*names: str) -> list[Any]:
    return [create(f"{BUCKET}.{name}") for name in names]


def child(bucket: Any, name: str = "v", **options: Any) -> Any:
    return create(f"{CHILD}.{name}", bucket=bucket, **options)


# -- the seven steps --------------------------------------------------------------------------------------


def test_a_literal_names_the_bucket() -> None:
    made = plan(create(f"{BUCKET}.a", bucket="logs"), create(f"{BUCKET}.b", bucket="data"), child("logs"))
    assert joined(made, f"{BUCKET}.a") == [f"{CHILD}.v"]
    assert joined(made, f"{BUCKET}.b") == []
    assert referred(made, f"{CHILD}.v") == [f"{BUCKET}.a"]


def test_a_reference_names_the_bucket_and_no_other() -> None:
    made = plan(*buckets("a", "b"), child(ref(f"{BUCKET}.a.id")))
    assert joined(made, f"{BUCKET}.a") == [f"{CHILD}.v"]
    assert joined(made, f"{BUCKET}.b") == []
    assert referred(made, f"{CHILD}.v") == [f"{BUCKET}.a"]


def test_an_index_is_in_the_reference() -> None:
    made = plan(*buckets("a[0]", "a[1]"), child(ref([f"{BUCKET}.a[1].id", f"{BUCKET}.a[1]", f"{BUCKET}.a"])))
    assert joined(made, f"{BUCKET}.a[1]") == [f"{CHILD}.v"]
    assert joined(made, f"{BUCKET}.a[0]") == []


@pytest.mark.parametrize(("word", "keys"), [("each.key", ('"x.y"', '"b"')), ("count.index", ("0", "1"))])
def test_the_same_key_is_meant(word: str, keys: tuple[str, str]) -> None:
    both = [create(f"{CHILD}.v[{key}]", bucket=ref([f"{BUCKET}.a", word])) for key in keys]
    made = plan(*buckets(*(f"a[{key}]" for key in keys)), *both)
    for key in keys:
        assert joined(made, f"{BUCKET}.a[{key}]") == [f"{CHILD}.v[{key}]"]
        assert referred(made, f"{CHILD}.v[{key}]") == [f"{BUCKET}.a[{key}]"]


def test_an_index_that_may_be_shifted_is_undecided() -> None:
    # `count.index + 1` is written in the plan as `count.index`; unequal counts give it away.
    one = create(f"{CHILD}.v[0]", bucket=ref([f"{BUCKET}.a", "count.index"]))
    made = plan(*buckets("a[0]", "a[1]", "b"), one)
    assert joined(made, f"{BUCKET}.a[0]") == joined(made, f"{BUCKET}.a[1]") == "undecided"
    assert joined(made, f"{BUCKET}.b") == []


def test_each_value_over_a_set_of_constants_is_the_key() -> None:
    # Terraform writes nothing at all of `for_each = toset(["x", "y"])`.
    both = [create(f'{CHILD}.v["{key}"]', bucket=ref([f"{BUCKET}.a", "each.value"])) for key in "xy"]
    made = plan(*buckets('a["x"]', 'a["y"]'), *both)
    assert joined(made, f'{BUCKET}.a["x"]') == [f'{CHILD}.v["x"]']


@pytest.mark.parametrize(("value", "found"), [(["x", "y"], [f'{CHILD}.v["x"]']), ({"x": "y", "y": "x"}, "undecided")])
def test_each_value_over_a_variable_is_the_key_of_a_set(value: Any, found: Any) -> None:
    where = ref([f"{BUCKET}.a", "each.value"])
    both = [create(f'{CHILD}.v["{key}"]', bucket=where, for_each="var.names") for key in "xy"]
    made = plan(*buckets('a["x"]', 'a["y"]'), *both, variables={"names": {"value": value}})
    assert joined(made, f'{BUCKET}.a["x"]') == found
    inside = [create(f'module.m.{BUCKET}.a["{key}"]') for key in "xy"]
    both = [create(f'module.m.{CHILD}.v["{key}"]', bucket=where, for_each="var.given") for key in "xy"]
    modules = {"module.m": {"variables": {"given": ref("var.names")}}}
    deeper = plan(*inside, *both, modules=modules, variables={"names": {"value": value}})
    expected = found if found == "undecided" else [f"module.m.{one}" for one in found]
    assert joined(deeper, f'module.m.{BUCKET}.a["x"]') == expected


def test_for_each_over_the_resource() -> None:
    value = ref(["each.value.id", "each.value"])
    both = [create(f'{CHILD}.v["{key}"]', bucket=value, for_each=[f"{BUCKET}.a"]) for key in "xy"]
    made = plan(*buckets('a["x"]', 'a["y"]'), *both)
    assert joined(made, f'{BUCKET}.a["x"]') == [f'{CHILD}.v["x"]']
    assert joined(made, f'{BUCKET}.a["y"]') == [f'{CHILD}.v["y"]']


def test_for_each_over_one_that_is_not_repeated() -> None:
    one = create(f'{CHILD}.v["main"]', bucket=ref(["each.value.id", "each.value"]), for_each=[f"{BUCKET}.a"])
    assert joined(plan(*buckets("a"), one), f"{BUCKET}.a") == [f'{CHILD}.v["main"]']


def test_a_chain_of_for_each() -> None:
    value = ref(["each.value.bucket", "each.value"])
    blocks = [
        create(f'aws_s3_bucket_public_access_block.p["{k}"]', bucket=ref(["each.value.id"]), for_each=[f"{BUCKET}.a"])
        for k in "xy"
    ]
    walked = ["aws_s3_bucket_public_access_block.p"]
    both = [create(f'{CHILD}.v["{k}"]', bucket=value, for_each=walked) for k in "xy"]
    made = plan(*buckets('a["x"]', 'a["y"]'), *blocks, *both)
    assert joined(made, f'{BUCKET}.a["y"]') == [f'{CHILD}.v["y"]']


def test_a_module_output_downwards() -> None:
    made = plan(
        *[create(f"module.m.{BUCKET}.a"), create(f"module.m.{BUCKET}.b")],
        child(ref(["module.m.id", "module.m"])),
        modules={"module.m": {"outputs": {"id": ref(f"{BUCKET}.a.id"), "other": ref(f"{BUCKET}.b.id")}}},
    )
    assert joined(made, f"module.m.{BUCKET}.a") == [f"{CHILD}.v"]
    assert joined(made, f"module.m.{BUCKET}.b") == []
    assert referred(made, f"{CHILD}.v") == [f"module.m.{BUCKET}.a"]


def test_a_variable_upwards() -> None:
    made = plan(
        *buckets("a", "b"),
        create(f"module.m.{CHILD}.v", bucket=ref("var.bucket")),
        modules={"module.m": {"variables": {"bucket": ref(f"{BUCKET}.a.id")}}},
    )
    assert joined(made, f"{BUCKET}.a") == [f"module.m.{CHILD}.v"]
    assert joined(made, f"{BUCKET}.b") == []


def test_both_ways_through_nested_modules_with_keys() -> None:
    keys = ("p", "q")
    made = plan(
        *[create(f'module.store["{k}"].module.inner[0].{BUCKET}.a') for k in keys],
        *[create(f'module.guard["{k}"].module.rule.{CHILD}.v', bucket=ref("var.bucket")) for k in keys],
        modules={
            "module.store": {"outputs": {"id": ref(["module.inner[0].id", "module.inner[0]", "module.inner"])}},
            "module.store.module.inner": {"outputs": {"id": ref(f"{BUCKET}.a.id")}},
            "module.guard": {
                "for_each": ["module.store"],
                "variables": {"target": ref(["each.value.id", "each.value"])},
            },
            "module.guard.module.rule": {"variables": {"bucket": ref("var.target")}},
        },
    )
    for k in keys:
        one = f'module.store["{k}"].module.inner[0].{BUCKET}.a'
        assert joined(made, one) == [f'module.guard["{k}"].module.rule.{CHILD}.v']
        assert referred(made, f'module.guard["{k}"].module.rule.{CHILD}.v') == [one]


def test_which_output_is_not_written_of_a_module_with_an_index() -> None:
    # Of `module.m[each.key].id` the plan has `module.m` and `each.key`.
    modules = {"module.m": {"outputs": {"id": ref(f"{BUCKET}.a.id"), "key": ref("aws_kms_key.k.arn")}}}
    made = plan(
        *[create(f'module.m["{k}"].{BUCKET}.a') for k in "pq"],
        *[create(f'module.m["{k}"].aws_kms_key.k') for k in "pq"],
        *[create(f'{CHILD}.v["{k}"]', bucket=ref(["module.m", "each.key"])) for k in "pq"],
        modules=modules,
    )
    assert joined(made, f'module.m["p"].{BUCKET}.a') == [f'{CHILD}.v["p"]']
    assert joined(made, f'module.m["q"].{BUCKET}.a') == [f'{CHILD}.v["q"]']


# -- what cannot be decided, and for whom -----------------------------------------------------------------


def test_a_local_may_be_anything_that_its_module_can_name() -> None:
    made = plan(
        *buckets("a"),
        create(f"module.m.{BUCKET}.b"),
        create(f"module.m.{BUCKET}.hidden"),
        create(f"module.n.{BUCKET}.c"),
        create(f"module.n.{CHILD}.v", bucket=ref("local.name")),
        create(f"module.o.{CHILD}.v", bucket=ref("var.given")),
        modules={
            "module.m": {"outputs": {"id": ref(f"{BUCKET}.b.id")}},
            "module.n": {"variables": {"given": ref(["module.m.id", "module.m"])}},
            "module.o": {"variables": {"given": ref("aws_sqs_queue.q.id")}},
        },
    )
    assert joined(made, f"module.n.{BUCKET}.c") == "undecided"
    assert joined(made, f"module.m.{BUCKET}.b") == "undecided"
    assert joined(made, f"module.m.{BUCKET}.hidden") == []
    assert joined(made, f"{BUCKET}.a") == []
    assert referred(made, f"module.n.{CHILD}.v") == "undecided"


def test_one_of_two_is_undecided_for_both_and_for_no_other() -> None:
    condition = ref("var.on", f"{BUCKET}.a.id", f"{BUCKET}.b.id")
    made = plan(*buckets("a", "b", "c"), child(condition))
    assert joined(made, f"{BUCKET}.a") == joined(made, f"{BUCKET}.b") == "undecided"
    assert joined(made, f"{BUCKET}.c") == []
    assert referred(made, f"{CHILD}.v") == "undecided"


def test_what_is_known_cannot_be_where_an_unknown_value_comes_from() -> None:
    old = no_op(f"{BUCKET}.old", {"bucket": "old", "id": "old"})
    made = plan(old, *buckets("new"), child(ref("var.on", f"{BUCKET}.old.id", f"{BUCKET}.new.id")))
    assert joined(made, f"{BUCKET}.new") == [f"{CHILD}.v"]
    assert joined(made, f"{BUCKET}.old") == []


def test_a_bucket_that_is_not_there_is_no_candidate() -> None:
    # try(aws_s3_bucket.gone[0].id, aws_s3_bucket.a.id)
    made = plan(*buckets("a"), child(ref(f"{BUCKET}.gone[0].id", f"{BUCKET}.a.id")))
    assert joined(made, f"{BUCKET}.a") == [f"{CHILD}.v"]


def test_a_splat_in_one_and_in_a_list() -> None:
    one = plan(*buckets("a[0]"), child(ref([f"{BUCKET}.a"])))
    assert joined(one, f"{BUCKET}.a[0]") == [f"{CHILD}.v"]
    some = plan(*buckets("a[0]", "a[1]"), child(ref([f"{BUCKET}.a"])))
    assert joined(some, f"{BUCKET}.a[0]") == "undecided"
    subnets = [create(f"aws_subnet.s[{i}]") for i in range(3)]
    balancer = create("aws_lb.l", subnets=ref(["aws_subnet.s"]))
    made = plan(*subnets, balancer)
    assert joined(made, "aws_subnet.s[2]", "aws_lb", "subnets") == ["aws_lb.l"]
    assert referred(made, "aws_lb.l", "subnets") == [f"aws_subnet.s[{i}]" for i in range(3)]


@pytest.mark.parametrize("by", ["vpc_config.security_group_ids", "vpc_config[0].security_group_ids"])
def test_a_list_in_a_block_refers_to_each(by: str) -> None:
    groups = [create(f"aws_security_group.{name}") for name in "abc"]
    listed = [ref("aws_security_group.a.id"), ref("aws_security_group.b.id"), "sg-1"]
    function = create("aws_lambda_function.f", vpc_config=[{"security_group_ids": listed}])
    made = plan(*groups, function, no_op("aws_security_group.old", {"id": "sg-1"}))
    for name in ("a", "b", "old"):
        assert joined(made, f"aws_security_group.{name}", "aws_lambda_function", by) == ["aws_lambda_function.f"]
    assert joined(made, "aws_security_group.c", "aws_lambda_function", by) == []


def test_each_block_refers_to_its_own() -> None:
    groups = [create(f"aws_lb_target_group.{name}") for name in "ab"]
    blocks = [{"target_group_arn": ref(f"aws_lb_target_group.{name}.arn")} for name in "ab"]
    made = plan(*groups, create("aws_ecs_service.s", load_balancer=blocks))
    by = "load_balancer.target_group_arn"
    assert joined(made, "aws_lb_target_group.b", "aws_ecs_service", by) == ["aws_ecs_service.s"]
    assert referred(made, "aws_ecs_service.s", by) == ["aws_lb_target_group.a", "aws_lb_target_group.b"]


def test_a_dynamic_block_is_undecided() -> None:
    block = {"target_group_arn": ref("aws_lb_target_group.a.arn")}
    made = plan(
        create("aws_lb_target_group.a"), create("aws_ecs_service.s", load_balancer=[block], dynamic=["load_balancer"])
    )
    assert joined(made, "aws_lb_target_group.a", "aws_ecs_service", "load_balancer.target_group_arn") == "undecided"


def test_through_the_attribute_of_another_setting() -> None:
    block = create("aws_s3_bucket_public_access_block.p", bucket=ref(f"{BUCKET}.a.id"))
    for attribute in ("bucket", "id"):
        made = plan(*buckets("a", "b"), block, child(ref(f"aws_s3_bucket_public_access_block.p.{attribute}")))
        assert joined(made, f"{BUCKET}.a") == [f"{CHILD}.v"]
        assert joined(made, f"{BUCKET}.b") == []


def test_a_data_source_that_is_read_during_the_apply_may_be_the_bucket() -> None:
    data = create(f"data.{BUCKET}.d", bucket=ref(f"{BUCKET}.a.id"), unknown=["arn"])
    made = plan(*buckets("a", "b"), data, child(ref(f"data.{BUCKET}.d.arn")))
    assert joined(made, f"{BUCKET}.a") == "undecided"
    assert joined(made, f"{BUCKET}.b") == []
    assert referred(made, f"{CHILD}.v") == [f"data.{BUCKET}.d"]


def test_two_named_from_the_same_source_are_undecided() -> None:
    name = ref("random_id.n.hex")
    made = plan(create("random_id.n", unknown=["hex"]), create(f"{BUCKET}.a", bucket=name), child(name))
    assert joined(made, f"{BUCKET}.a") == "undecided"


def test_what_is_left_out_refers_to_nothing() -> None:
    made = plan(*buckets("a"), create(f"{CHILD}.v", unknown=["bucket"]))
    assert joined(made, f"{BUCKET}.a") == []


# -- before and after -------------------------------------------------------------------------------------


def test_an_existing_one_joins_by_value_and_a_leaving_one_is_leaving() -> None:
    old = no_op(f"{BUCKET}.a", {"bucket": "logs", "id": "logs"})
    made = plan(old, update(f"{CHILD}.v", {"bucket": "logs"}, {"bucket": "logs"}), delete(f"{CHILD}.w", bucket="logs"))
    parent = change(made, f"{BUCKET}.a")
    assert [c.address for c in parent.companions(CHILD)] == [f"{CHILD}.v"]
    assert [c.address for c in parent.companions(CHILD, leaving=True)] == [f"{CHILD}.w"]
    assert referred(made, f"{CHILD}.w") == [f"{BUCKET}.a"]


def test_a_name_inside_a_known_value_joins_by_reference() -> None:
    table = create("aws_dynamodb_table.t", name="orders")
    target = create(
        "aws_appautoscaling_target.t",
        resource_id="table/orders",
        expressions={"resource_id": "aws_dynamodb_table.t.name"},
    )
    literal = create("aws_appautoscaling_target.u", resource_id="table/orders")
    made = plan(table, target, literal, create("aws_dynamodb_table.u", name="users"))
    found = joined(made, "aws_dynamodb_table.t", "aws_appautoscaling_target", None)
    assert found == ["aws_appautoscaling_target.t", "aws_appautoscaling_target.u"]
    assert joined(made, "aws_dynamodb_table.u", "aws_appautoscaling_target", None) == []


def test_an_attribute_that_nobody_knows_must_be_named() -> None:
    made = plan(*buckets("a"), create("aws_sqs_queue.q"))
    with pytest.raises(LookupError, match="aws_sqs_queue refers to aws_s3_bucket"):
        change(made, f"{BUCKET}.a").companions("aws_sqs_queue")
    with pytest.raises(LookupError):
        change(made, "aws_sqs_queue.q").referred(type=BUCKET)
    with pytest.raises(TypeError):
        change(made, "aws_sqs_queue.q").referred()


# -- what it costs ----------------------------------------------------------------------------------------


def _each_key(count: int) -> Plan:
    keys = [f'["k{i}"]' for i in range(count)]
    made = [create(f"{CHILD}.v{key}", bucket=ref([f"{BUCKET}.b", "each.key"])) for key in keys]
    return plan(*buckets(*(f"b{key}" for key in keys)), *made)


def _by_name(count: int) -> Plan:
    names = [f"n{i}" for i in range(count)]
    return plan(*buckets(*names), *(child(ref(f"{BUCKET}.{name}.id"), name) for name in names))


def _by_local(count: int) -> Plan:
    names = [f"n{i}" for i in range(count)]
    return plan(*buckets(*names), *(child(ref("local.x"), name) for name in names))


def _by_module(count: int) -> Plan:
    inside = [create(f'module.m["k{i}"].{BUCKET}.b') for i in range(count)]
    made = [create(f'{CHILD}.v["k{i}"]', bucket=ref(["module.m", "each.key"])) for i in range(count)]
    return plan(*inside, *made, modules={"module.m": {"outputs": {"id": ref(f"{BUCKET}.b.id")}}})


def _by_any_index(count: int) -> Plan:
    return plan(
        *buckets(*(f"b[{i}]" for i in range(count))), *(child(ref([f"{BUCKET}.b"]), f"v{i}") for i in range(count))
    )


@pytest.mark.parametrize("grown", [_each_key, _by_name, _by_local, _by_module, _by_any_index])
def test_joins_cost_linear_work(grown: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    followed, looked = resolve._Walk.reference, Instances.of

    def reference(*given: Any) -> None:
        nonlocal steps
        steps += 1
        followed(*given)

    def of(*given: Any) -> Any:
        nonlocal steps
        steps += 1
        return looked(*given)

    monkeypatch.setattr(resolve._Walk, "reference", reference)
    monkeypatch.setattr(Instances, "of", of)
    work = []
    for count in (30, 120):
        made, steps = grown(count), 0
        for bucket in made.of_type(BUCKET):
            joined(made, bucket.address)
        work.append(steps)
    assert work[1] <= 4.2 * work[0]


# -- the table of split settings --------------------------------------------------------------------------

ROWS = splits.all_rows()
SCHEMA = json.loads((Path(splits.__file__).with_name("splits.schema.json")).read_bytes())


def test_every_row_is_of_the_schema_and_stands_once() -> None:
    for row in ROWS:
        Draft202012Validator(SCHEMA).validate(row)
    keys = [(row["child"], row["attribute"], row["parent"]) for row in ROWS]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)
    assert len(ROWS) >= 188


def _parent(row: dict[str, Any]) -> str:
    return "azurerm_linux_virtual_machine" if row["parent"] == "*" else str(row["parent"])


def _body(row: dict[str, Any], value: Any) -> dict[str, Any]:
    """The attribute, in its blocks."""
    *blocks, last = row["attribute"].split(".")
    body: Any = {last: value}
    for block in reversed(blocks):
        body = {block: [body]}
    return body


def _named(row: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The attributes of a parent whose name is known, and what a literal calls it."""
    name = row.get("names", ["name"])[0]
    if "{" in name:
        return {"name": "one"}, name.replace("{name}", "one")
    if "[0]" in name:
        return {name.partition("[")[0]: [{name.rpartition(".")[2]: "one"}]}, "one"
    return {name: "one"}, "one"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['child']}.{row['attribute']}-{row['parent']}")
def test_each_row_joins_in_every_form(row: dict[str, Any]) -> None:
    parent, kind = _parent(row), row["child"]
    attributes, literal = _named(row)
    other = create(f"{parent}.other")
    forms = {
        "literal": plan(create(f"{parent}.one", attributes), other, create(f"{kind}.c", _body(row, literal))),
        "reference": plan(create(f"{parent}.one"), other, create(f"{kind}.c", _body(row, ref(f"{parent}.one.id")))),
        "for_each": plan(
            *[create(f'{parent}.{name}["k"]') for name in ("one", "other")],
            create(f'{kind}.c["k"]', _body(row, ref(["each.value.id", "each.value"])), for_each=[f"{parent}.one"]),
        ),
        "module output": plan(
            *[create(f"module.m.{parent}.{name}") for name in ("one", "other")],
            create(f"{kind}.c", _body(row, ref(["module.m.one", "module.m"]))),
            modules={"module.m": {"outputs": {"one": ref(f"{parent}.one.arn"), "other": ref(f"{parent}.other.arn")}}},
        ),
    }
    for form, made in forms.items():
        (one,) = [c for c in made.changes if c.type == parent and c.name == "one"]
        (left,) = [c for c in made.changes if c.type == parent and c.name == "other"]
        (held,) = [c for c in made.changes if c.type == kind and c.name == "c"]
        assert one.companions(kind) == [held], form
        assert left.companions(kind) == [], form
        assert held.referred(row["attribute"], type=parent) == [one], form
        if row["parent"] != "*":
            assert one in held.referred(type=parent), form


def test_rows_of_a_type_are_all_found() -> None:
    rows = splits.rows_of("aws_flow_log")
    assert {row["parent"] for row in rows} == {"aws_vpc", "aws_subnet"}
    assert splits.rows_of("aws_nothing") == []
