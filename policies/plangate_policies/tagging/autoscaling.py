"""Autoscaling groups without tags, whose instances cannot get any from them."""

from __future__ import annotations

from plangate import Finding, Items, is_unknown, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change


@policy(
    "tagging/autoscaling-group-untagged",
    types="aws_autoscaling_group",
    severity="low",
    remediation="Add `tag` blocks, with propagate_at_launch for the instances; default_tags do not reach a group.",
    references=("https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html",),
    aliases={"CKV_AWS_153": ["aws_autoscaling_group"]},
)
def autoscaling_group_untagged(change: Change) -> Iterator[Finding]:
    """Autoscaling group has no tags.

    Neither the group nor the instances that it launches can then be told apart by owner, cost or environment: the
    provider's default_tags do not reach them. A `tag` block, or an `aws_autoscaling_group_tag` for the group, is
    enough; which tags those must be is asked by `tagging/missing-tags`. Tags that only the apply tells are `unknown`.
    """
    unsure = None
    for name in ("tag", "tags"):
        value = change.after[name]
        if is_unknown(value):
            unsure = unsure if change.is_left_out(name) else value
        elif isinstance(value, Items) and len(value):
            return
    separate = "aws_autoscaling_group_tag"
    if change.plan.of_type(separate) and change.companions(separate, by="autoscaling_group_name"):
        return
    if unsure is not None:
        bool(unsure)  # raises: only the apply tells
    yield Finding("The group has no tag.", "tag")
