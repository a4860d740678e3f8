"""EBS encryption by default: a switch of the account and region, which a delete turns off.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ebs_encryption_by_default
"""

from __future__ import annotations

from plangate import Finding, policy
from plangate_policies.tables import truth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change

_SWITCH = "aws_ebs_encryption_by_default"


@policy(
    "encryption/aws-ebs-default-encryption-removed",
    types=_SWITCH,
    judges="change",
    actions=("delete",),
    severity="high",
    remediation="Keep the resource; where another configuration has it now, let go of it with a `removed` block and "
    "`destroy = false`, and where it only has another name, with a `moved` block.",
    references=("https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",),
)
def default_encryption_removed(change: Change) -> Iterator[Finding]:
    """EBS encryption by default is switched off by a delete.

    To delete an `aws_ebs_encryption_by_default` switches the encryption of new volumes off in the whole region of the
    account, for those of other configurations too. One that says `enabled = false` switches nothing off, and one that
    is only forgotten stays as it is. Another one of this plan may come before or after the delete: nobody knows which.
    """
    if truth(change.before["enabled"]) is False:
        return
    others = [c for c in change.plan.of_type(_SWITCH) if not c.goes_away and c.provider == change.provider]
    beside = ", unless the other one of this plan comes later" if others else ""
    yield Finding(f"New volumes of this account and region that do not say otherwise are in clear then{beside}.")


POLICIES = (default_encryption_removed,)
