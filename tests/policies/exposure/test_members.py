"""Members of Google's policies: one, some, or a document with its bindings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from plangate.testing import create, ref

from .test_joins import said


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"member": "allUsers"}, "fail"),
        ({"member": "allAuthenticatedUsers"}, "fail"),
        ({"member": "user:a@example.com"}, "pass"),
        ({"members": ["user:a@example.com", "allUsers"]}, "fail"),
        ({"members": []}, "pass"),
        ({"policy_data": json.dumps({"bindings": [{"role": "r", "members": ["allUsers"]}]})}, "fail"),
        ({"policy_data": json.dumps({"bindings": []})}, "pass"),
        ({"policy_data": "{"}, "unknown"),
        ({"policy_data": '{"bindings": 7}'}, "unknown"),
        ({"policy_data": "[" * 100_000}, "unknown"),
        ({"member": ref("google_service_account.s.member")}, "pass"),
        ({"member": ref("var.member")}, "unknown"),
    ],
)
def test_google_members(values: dict[str, Any], expected: str) -> None:
    assert said("google-resource-public", create("google_storage_bucket_iam_policy.x", values)).outcome == expected


def test_google_document_read_during_the_apply_is_judged_from_its_bindings() -> None:
    public = create("data.google_iam_policy.p", binding=[{"role": "roles/run.invoker", "members": ["allUsers"]}])
    private = create(
        "data.google_iam_policy.p", binding=[{"role": "roles/run.invoker", "members": ["user:a@example.com"]}]
    )
    policy = create("google_cloud_run_service_iam_policy.x", policy_data=ref("data.google_iam_policy.p.policy_data"))
    assert said("google-service-public", policy, public).outcome == "fail"
    assert said("google-service-public", policy, private).outcome == "pass"
    assert said("google-service-public", policy).outcome == "unknown"


def test_google_data_is_critical() -> None:
    assert said(
        "google-resource-public", create("google_storage_bucket_iam_member.x", member="allUsers")
    ).severities == {"google_storage_bucket_iam_member.x": ["critical"]}
    assert said("google-resource-public", create("google_pubsub_topic_iam_member.x", member="allUsers")).severities == {
        "google_pubsub_topic_iam_member.x": ["high"]
    }
