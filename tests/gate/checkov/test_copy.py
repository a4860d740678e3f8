"""The copy of a plan that Checkov gets: what is in it, and what is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plangate.checkov.copy import changes, copy, masked, placeholder
from plangate.checkov.fill import fills
from plangate.plan.read import LARGE, read
from plangate.report.gather import secrets_of
from plangate.report.redact import MARKER, Redactor

from ..cli.plans import document, entry  # noqa: TID252 - the tests are no package
from .plans import group, log_group_in_module, untouched

SECRET = "hunter2-hunter2"
leaf = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
values = st.recursive(leaf, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside))


def copied(plan: dict[str, Any], large: bool = False) -> dict[str, Any]:
    text = json.dumps(plan)
    read_ = read((text + " " * LARGE if large else text).encode(), "plan", allow_incomplete=True)
    found: dict[str, Any] = json.loads(copy(read_, Redactor(secrets_of(read_))).data())
    return found


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [value]


def test_placeholders_have_the_type_of_what_they_stand_for() -> None:
    assert [placeholder(v) for v in ("x", "", 7, 1.5, None, True, False)] == [MARKER, "", 0, 0, None, True, False]


@given(values)
def test_a_mark_on_the_whole_hides_every_leaf(value: Any) -> None:
    assert all(leaf in (MARKER, "", 0, None, True, False) for leaf in leaves(masked(value, True)))


@given(values, values)
def test_a_mask_that_does_not_fit_breaks_nothing(value: Any, mask: Any) -> None:
    hidden = masked(value, mask)
    assert len(leaves(hidden)) == len(leaves(value))
    assert masked(value, False) == value


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
def test_no_secret_is_in_it(large: bool) -> None:
    one = group(name=SECRET, note=f"x {SECRET}")
    one["change"]["after_sensitive"] = {"name": True}
    plan = document(one, variables={"password": {"value": "another-secret-1"}})
    plan["planned_values"]["root_module"]["resources"][0]["sensitive_values"] = {"name": True}
    plan["configuration"]["provider_config"]["aws"]["expressions"] = {
        "secret_key": {"constant_value": "third-secret-22"},
        "region": {"constant_value": "eu-west-1"},
    }
    plan["configuration"]["root_module"]["resources"][0]["provisioners"] = [
        {"type": "local-exec", "expressions": {"command": {"constant_value": f"echo {SECRET}"}}}
    ]
    text = json.dumps(copied(plan, large))
    for secret in (SECRET, "another-secret-1", "third-secret-22"):
        assert secret not in text
    assert "eu-west-1" in text


def test_small_and_large_documents_give_the_same_copy() -> None:
    plan = document(group(), untouched(group("other")), log_group_in_module({}, {})["resource_changes"][0])
    assert copied(plan) == copied(plan, large=True)


def test_only_what_checks_look_at_is_in_it() -> None:
    plan = document(group(), outputs={"o": {"value": "seen nowhere"}}, prior_state={"values": {}})
    made = copied(plan)
    assert set(made) == {"planned_values", "configuration", "changes", "fill"}
    (resource,) = made["planned_values"]["root_module"]["resources"]
    assert set(resource) == {"address", "mode", "type", "name", "values"}
    assert "constant_value" not in json.dumps(made["configuration"]["root_module"])


def test_attributes_that_change_are_told() -> None:
    before, after = {"name": "a", "size": 1, "gone": 2}, {"name": "a", "size": 3, "new": 4}
    plan = read(json.dumps(document(entry("x_y.z", ["update"], before, after))).encode(), "plan")
    assert changes(plan) == {"x_y.z": [["update"], ["size", "gone"]]}


def test_an_address_with_a_secret_is_told_back() -> None:
    one = group()
    one = {**one, "address": f'aws_security_group.open["{SECRET}"]', "index": SECRET}
    other = entry("aws_db_instance.d", ["create"], None, {"password": SECRET})
    other["change"]["after_sensitive"] = {"password": True}
    plan = document(one, other)
    read_ = read(json.dumps(plan).encode(), "plan")
    made = copy(read_, Redactor(secrets_of(read_)))
    assert SECRET.encode() not in made.data()
    hidden = next(a for a in made.addresses if a.startswith("aws_security_group"))
    assert made.address(hidden) == one["address"]


def test_what_comes_through_a_module_is_resolved() -> None:
    plan = log_group_in_module({}, {"kms_key_id": True, "id": True})
    found = fills(read(json.dumps(plan).encode(), "plan"))
    assert found == {"module.m.aws_cloudwatch_log_group.lg": [[["kms_key_id"], "aws_kms_key.k.key", ["aws_kms_key.k"]]]}
