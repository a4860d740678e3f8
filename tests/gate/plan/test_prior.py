"""The prior state, read alike from small and large documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.plan.read import read

LARGE = 4 * 1024 * 1024  # from here on a document is read by msgspec
STATE = {
    "root_module": {
        "resources": [
            {"address": "aws_eip.a", "mode": "managed", "type": "aws_eip", "values": {"id": "x"}},
            {"address": "data.aws_caller_identity.me", "mode": "data", "values": {"arn": "one"}},
            {"address": "data.aws_caller_identity_else.me", "mode": "data", "values": {"arn": "none"}},
        ],
        "child_modules": [
            {
                "resources": [
                    {"address": "module.m.data.aws_caller_identity.me", "mode": "data", "values": {"arn": "two"}},
                    {"address": "module.m.aws_eip.a", "mode": "managed", "values": {}},
                ]
            }
        ],
    }
}


def plan(prior: Any, large: bool) -> Any:
    document = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [], "prior_state": prior}
    filling = {"proposed_unknown": {"filling": "x" * LARGE}} if large else {}
    return read(json.dumps({**filling, **document}).encode(), "x")


@pytest.mark.parametrize("large", [False, True])
def test_data_sources_and_how_much_there_is(large: bool) -> None:
    made = plan({"format_version": "1.0", "values": STATE}, large)
    assert sorted(found["arn"] for found in made.data_read("aws_caller_identity")) == ["one", "two"]
    assert made.data_read("aws_region") == []
    assert made.state_size == 2


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    "odd", [{}, {"values": None}, {"values": {"root_module": 7}}, {"values": {"root_module": {"resources": [7]}}}]
)
def test_odd_states_are_empty(odd: Any, large: bool) -> None:
    made = plan(odd, large)
    assert made.state_size == 0
    assert made.data_read("aws_caller_identity") == []
