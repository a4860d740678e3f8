"""plangate: the last check between `terraform plan` and `terraform apply`.

What a policy author needs, and nothing more:

    from plangate import Finding, policy

    @policy("acme/queue-unencrypted", types="aws_sqs_queue", severity="high")
    def queue_unencrypted(change):
        \"\"\"SQS queue is not encrypted.\"\"\"
        if not change.after["sqs_managed_sse_enabled"]:
            yield Finding("The queue stores its messages in clear.", "sqs_managed_sse_enabled")
"""

from __future__ import annotations

from .plan.change import Change
from .plan.facts import stateful_rows
from .plan.malformed import NotADocument
from .plan.model import Plan
from .plan.tags import has_tags, tag_shape, tag_table
from .plan.values import ABSENT, Block, Items, Unknown, UnknownValue, is_unknown
from .policy.api import FileText, Finding, Policy, SettingMistake, Undecided, policy

__all__ = [
    "ABSENT",
    "Block",
    "Change",
    "FileText",
    "Finding",
    "Items",
    "NotADocument",
    "Plan",
    "Policy",
    "SettingMistake",
    "Undecided",
    "Unknown",
    "UnknownValue",
    "has_tags",
    "is_unknown",
    "policy",
    "stateful_rows",
    "tag_shape",
    "tag_table",
]
