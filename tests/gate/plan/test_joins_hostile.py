"""Whatever stands in a document, a join or a document is an answer or undecided, and never a crash."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plangate import UnknownValue
from plangate.errors import PlangateError
from plangate.plan.read import read

STACKS = Path(__file__).parents[2] / "policies" / "stacks"
PLANS = [json.loads((STACKS / name / "plan.json").read_bytes()) for name in ("event-workflow", "data-lake")]
JUNK = st.sampled_from(
    [None, True, 0, "", "x", [], {}, [None], {"references": 1}, {"references": ["["]}, {"references": ["module."]},
     {"references": ["each.value"]}, {"references": ["var.x.y"]}, {"constant_value": None}, "module.state", ["a"], 1.5]
)  # fmt: skip
_PARTS = ("configuration", "resource_changes")


def places(node: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything below a node."""
    found: list[tuple[Any, ...]] = [at] if at else []
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in steps:
        found += places(inner, (*at, step))
    return found


PLACES = [[p for part in _PARTS for p in places(document[part], (part,)) if len(p) > 2] for document in PLANS]


def ask(made: Any) -> None:
    for change in made.changes:
        for question in (
            lambda c=change: c.companions("aws_s3_bucket_versioning", by="bucket"),
            lambda c=change: c.companions("aws_sqs_queue_policy", by="queue_url", leaving=True),
            lambda c=change: c.companions("aws_glue_job", by="command.script_location"),
            lambda c=change: c.referred("bucket"),
            lambda c=change: c.referred("role_arn", type="aws_iam_role"),
            lambda c=change: [s.is_public() for s in c.document("policy") or ()],
            lambda c=change: list(c.document("assume_role_policy") or ()),
        ):
            try:
                question()
            except UnknownValue:
                continue


@pytest.mark.parametrize("number", range(len(PLANS)))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_part_of_the_document_may_be_anything(number: int, data: Any) -> None:
    document = copy.deepcopy(PLANS[number])
    for place in data.draw(st.lists(st.sampled_from(PLACES[number]), min_size=1, max_size=4)):
        node: Any = document
        try:
            for step in place[:-1]:
                node = node[step]
            node[place[-1]] = data.draw(JUNK)
        except (KeyError, IndexError, TypeError):
            continue
    try:
        made = read(json.dumps(document).encode(), "the plan")
    except PlangateError:
        return
    ask(made)
