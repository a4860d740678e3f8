"""That every section of a plan that marks or names a secret is collected from."""

from __future__ import annotations

import copy
import json

import pytest

from plangate.report.names import carrier_name, common_value, secret_name
from plangate.report.redact import Redactor
from plangate.report.secrets import Collector

SECRET = "CANARY-0f3b7a"


def collected(**sections: object) -> set[str]:
    collector = Collector()
    collector.document(sections)
    return collector.values


def entry(**change: object) -> dict[str, object]:
    return {"address": "aws_db_instance.main", "change": change}


MARKED = {"before": None, "after": {"password": SECRET}, "before_sensitive": False}
MARKED["after_sensitive"] = {"password": True}
ROOT_VARIABLE = {"root_module": {"variables": {"pw": {"sensitive": True}}}}


@pytest.mark.parametrize(
    "sections",
    [
        {"resource_changes": [entry(**MARKED)]},
        {"resource_drift": [entry(**MARKED)]},
        {"deferred_changes": [{"reason": "x", "resource_change": entry(**MARKED)}]},
        {"output_changes": {"o": {"after": SECRET, "before_sensitive": True, "after_sensitive": True}}},
        {
            "output_changes": {"o": {"after": SECRET}},
            "configuration": {"root_module": {"outputs": {"o": {"sensitive": True}}}},
        },
        {"planned_values": {"outputs": {"o": {"sensitive": True, "value": {"url": SECRET}}}}},
        {"prior_state": {"values": {"outputs": {"o": {"sensitive": True, "value": [SECRET]}}}}},
        {
            "planned_values": {
                "root_module": {
                    "child_modules": [{"resources": [{"values": {"p": SECRET}, "sensitive_values": {"p": True}}]}]
                }
            }
        },
        {"variables": {"pw": {"value": SECRET}}, "configuration": ROOT_VARIABLE},
        {"variables": {"pw": {"value": {"list": [SECRET]}}}},
        {"variables": {"undeclared": {"value": SECRET}}, "configuration": ROOT_VARIABLE},
        {
            "variables": {"db_password": {"value": SECRET}},
            "configuration": {"root_module": {"variables": {"db_password": {}}}},
        },
        {"configuration": {"root_module": {"variables": {"x": {"default": SECRET, "sensitive": True}}}}},
        {
            "configuration": {
                "root_module": {
                    "module_calls": {
                        "m": {
                            "expressions": {"x": {"constant_value": SECRET}},
                            "module": {"variables": {"x": {"sensitive": True}}},
                        }
                    }
                }
            }
        },
        {"configuration": {"provider_config": {"aws": {"expressions": {"secret_key": {"constant_value": SECRET}}}}}},
        {
            "configuration": {
                "provider_config": {
                    "k": {"expressions": {"exec": [{"env": {"constant_value": {"API_TOKEN": SECRET}}}]}}
                }
            }
        },
        {
            "configuration": {
                "root_module": {
                    "resources": [
                        {
                            "provisioners": [
                                {
                                    "type": "local-exec",
                                    "expressions": {"environment": {"constant_value": {"DB_PASS": SECRET}}},
                                }
                            ]
                        }
                    ]
                }
            }
        },
        {
            "configuration": {
                "root_module": {"outputs": {"o": {"sensitive": True, "expression": {"constant_value": SECRET}}}}
            }
        },
        {"action_invocations": [{"config_values": {"body": SECRET}, "config_sensitive": {"body": True}}]},
        {
            "deferred_action_invocations": [
                {
                    "reason": "x",
                    "action_invocation": {"config_values": {"b": SECRET}, "config_sensitive": True},
                }
            ]
        },
    ],
)
def test_every_section_that_marks_a_value_gives_it(sections: dict[str, object]) -> None:
    before = copy.deepcopy(sections)
    assert collected(**sections) == {SECRET}
    assert sections == before


def test_the_marks_of_both_sides_hold_for_both_values() -> None:
    change = entry(
        before={"password": "old-CANARY"},
        after={"password": "new-CANARY"},
        before_sensitive={},
        after_sensitive={"password": True},
    )
    assert collected(resource_changes=[change]) == {"old-CANARY", "new-CANARY"}


def test_a_plan_without_masks_is_not_searched_by_value() -> None:
    collector = Collector()
    collector.document({"resource_changes": [entry(before=None, after={"password": SECRET})]})
    assert not collector.masked
    assert collector.values == set()


def test_a_change_without_masks_in_a_plan_with_masks_gives_what_is_named_a_secret() -> None:
    plain = entry(before=None, after={"password": SECRET, "name": "orders-database"})
    marked = entry(before=None, after={}, before_sensitive=False, after_sensitive={})
    assert collected(resource_changes=[plain, marked]) == {SECRET}


def test_a_declared_variable_that_is_not_sensitive_is_no_secret() -> None:
    configuration = {"root_module": {"variables": {"region": {}, "owner": {"sensitive": False}}}}
    variables = {"region": {"value": "eu-somewhere-9"}, "owner": {"value": "team-orders"}}
    assert collected(variables=variables, configuration=configuration) == set()


def test_constants_of_other_names_are_no_secrets() -> None:
    expressions = {
        "metadata_options": [{"http_tokens": {"constant_value": "mandatory"}}],
        "password": {"references": ["var.password"]},
        "manage_master_user_password": {"constant_value": True},
    }
    assert collected(configuration={"root_module": {"resources": [{"expressions": expressions}]}}) == set()


@pytest.mark.parametrize("junk", [None, True, 3, "x", [], [None, 3, "x"], {}, {"a": None}, {"a": [1]}])
def test_sections_of_a_wrong_shape_give_nothing_and_do_not_raise(junk: object) -> None:
    names = ("resource_changes", "resource_drift", "deferred_changes", "output_changes", "planned_values")
    names += ("prior_state", "variables", "configuration", "action_invocations")
    assert collected(**dict.fromkeys(names, junk)) == set()
    for inner in ("root_module", "provider_config", "values", "outputs"):
        collected(**{key: {inner: junk} for key in names})
        collected(**{key: {"root_module": {inner: junk, "resources": junk}} for key in names})
    Collector().document(junk)


@pytest.mark.parametrize(
    "name", ["password", "db_password", "masterPassword", "api-key", "AWS_SECRET_ACCESS_KEY", "Token", "pwd"]
)
def test_names_of_secrets(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize("name", ["http_tokens", "password_policy", "hash_key", "public_key", "name", "key", ""])
def test_names_of_other_things(name: str) -> None:
    assert not secret_name(name)


def test_carriers_are_masked_where_they_stand_and_not_searched() -> None:
    assert carrier_name("user_data")
    assert carrier_name("db_password")
    assert not secret_name("user_data")
    assert not carrier_name("instance_type")


def test_common_values_are_not_searched_for() -> None:
    assert common_value("us-east-1")
    assert common_value("ENABLED")
    assert not common_value(SECRET)


def test_a_collected_plan_redacts_its_own_text() -> None:
    plan = {
        "resource_changes": [
            {
                "address": f'aws_instance.web["{SECRET}"]',
                "change": {**MARKED, "after": {"password": SECRET, "tags": {"note": f"is {SECRET}"}}},
            }
        ],
        "checks": [{"instances": [{"problems": [{"message": f"{SECRET} is weak"}]}]}],
    }
    collector = Collector()
    collector.document(plan)
    shown = json.dumps(Redactor(collector.values).tree(plan))
    assert SECRET not in shown
    assert 'aws_instance.web[\\"(sensitive)\\"]' in shown
