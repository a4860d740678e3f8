"""`plangate policies new NAME`: a policy that works, with examples and tests, for its author to change."""

from __future__ import annotations

import keyword
import os

from plangate.errors import PlangateError, UsageError
from plangate.policy.api import PolicyMistake, check_id
from plangate.policy.load import SKIPPED_FOLDERS, is_policy_file
from plangate.render.inert import terminal

from .outputs import emit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .streams import Streams

_TAKEN = {"Change", "Finding", "Iterator", "Plan", "change", "create", "examples", "plan", "policy"}

_POLICY = '''\
from __future__ import annotations

from collections.abc import Iterator

from plangate import Change, Finding, Plan, policy


@policy(
    "{id}",
    types="aws_sqs_queue",
    severity="high",
    remediation="Set sqs_managed_sse_enabled = true, or name a key in kms_master_key_id.",
)
def {name}(change: Change) -> Iterator[Finding]:
    """SQS queue is not encrypted.

    The first line is the title, the rest is the page that `plangate policies show {id}` prints.
    """
    if change.is_set("kms_master_key_id") or change.is_left_out("sqs_managed_sse_enabled"):
        return  # it has a key, or nobody wrote anything: then SQS encrypts
    if not change.after["sqs_managed_sse_enabled"]:
        yield Finding("The queue stores its messages in clear.", "sqs_managed_sse_enabled")


def examples() -> Iterator[tuple[str, Plan]]:
    """What `plangate policies test` holds the policy against."""
    from plangate.testing import create, plan, ref

    yield "fail", plan(create("aws_sqs_queue.q", sqs_managed_sse_enabled=False, kms_master_key_id=None))
    yield "pass", plan(create("aws_sqs_queue.q", sqs_managed_sse_enabled=True, kms_master_key_id=None))
    key = ref("aws_kms_key.k.arn")  # made by the same apply: not known yet, and certainly set
    yield "pass", plan(create("aws_sqs_queue.q", sqs_managed_sse_enabled=False, kms_master_key_id=key))
    # Nobody wrote it: unknown in the plan, too, and what it will be is the service's answer.
    yield "pass", plan(create("aws_sqs_queue.q", kms_master_key_id=None, unknown=["sqs_managed_sse_enabled"]))
    # It is written, and comes from something that only the apply tells.
    told = ref("terraform_data.told.output")
    yield "unknown", plan(create("aws_sqs_queue.q", kms_master_key_id=None, sqs_managed_sse_enabled=told))
'''

_TEST = '''\
"""`pytest` runs the examples of {id}, and whatever is added here."""

from __future__ import annotations

import pytest
from {module} import examples, {name}

from plangate import Plan
from plangate.testing import create, judge, plan


@pytest.mark.parametrize(("expected", "example"), list(examples()))
def test_examples_hold(expected: str, example: Plan) -> None:
    assert judge({name}, example).outcome == expected


def test_finding_names_the_attribute() -> None:
    bad = plan(create("aws_sqs_queue.q", sqs_managed_sse_enabled=False, kms_master_key_id=None))
    assert judge({name}, bad).attributes == {{"aws_sqs_queue.q": ["sqs_managed_sse_enabled"]}}
'''


def new_policy(id: str, folder: str | None, streams: Streams) -> int:
    """Write DIR/PACK/FAULT.py and its test. Raises UsageError for a wrong name, or a file that is there."""
    try:
        check_id(id)
    except PolicyMistake as mistake:
        raise UsageError(str(mistake), fix="such as acme/queue-unencrypted") from None
    pack, _, fault = id.partition("/")
    module = fault.replace("-", "_")
    name = module + "_policy" if keyword.iskeyword(module) or module in _TAKEN else module
    if pack in SKIPPED_FOLDERS or not is_policy_file(f"{module}.py") or keyword.iskeyword(module):
        raise UsageError(f"{pack}/{module}.py would not be taken for a policy", fix="choose another name")
    place = os.path.join(folder or "policies", pack)
    files = {
        os.path.join(place, f"{module}.py"): _POLICY.format(id=id, name=name),
        os.path.join(place, f"test_{module}.py"): _TEST.format(id=id, name=name, module=module),
    }
    for path in files:
        if os.path.lexists(path):
            raise UsageError("this file is there already", where=path, fix="choose another name, or remove it")
    try:
        os.makedirs(place, exist_ok=True)
        for path, text in files.items():
            with open(path, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except OSError as error:
        raise PlangateError(
            f"cannot be written ({error.strerror})", where=place, fix="look at the folder and the disk"
        ) from None
    streams.verdict = 0
    root = folder or "policies"
    lines = [
        *(f"wrote {path}" for path in files),
        f"next: plangate policies test {root}, then plangate check plan.json --policy {root}",
    ]
    emit("".join(f"{terminal(line)}\n" for line in lines), streams.out)
    return 0
