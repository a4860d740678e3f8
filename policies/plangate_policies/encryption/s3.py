"""S3 keeps a bucket's encryption in a resource of its own, joined to the bucket by name or by reference.

Every bucket has been encrypted with S3's own keys since 2023-01-05, with no such resource at all
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html). What can be wrong is whose
key it is, and that a key somebody chose is given up.
"""

from __future__ import annotations

from plangate import Finding, is_unknown, policy
from plangate_policies.tables import any_holds, is_empty, like, values_at

from .classes import is_asked
from .documents import refuses_cleartext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from plangate import Change

_CONFIGURATION = "aws_s3_bucket_server_side_encryption_configuration"
_DEFAULT = "rule[*].apply_server_side_encryption_by_default[*]"
# Who writes logs that arrive only in a bucket whose default is S3's own key, or lets them in: access logs of S3 itself,
# and of application and classic load balancers (those of network load balancers may have a KMS key).
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
_LOGS = (
    ("aws_s3_bucket_logging", "target_bucket"),
    ("aws_lb", "access_logs.bucket"),
    ("aws_alb", "access_logs.bucket"),
    ("aws_elb", "access_logs.bucket"),
    ("aws_s3_bucket_acl", "bucket"),
)
_REFERENCES = ("https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",)


def _has_kms(body: Any, prefix: str = "") -> bool:
    """Whether it encrypts with a KMS key; raises UnknownValue where only the apply can tell."""
    found = [value for _, value, _ in values_at(body, f"{prefix}{_DEFAULT}.sse_algorithm")]
    return any(value in ("aws:kms", "aws:kms:dsse") for value in found)


def _has_customer_key(configuration: Change, body: Any, prefix: str = "") -> bool:
    if not _has_kms(body, prefix):
        return False
    for path, value, _ in values_at(body, f"{prefix}{_DEFAULT}.kms_master_key_id"):
        if type(value) is str:
            if value and not value.startswith("alias/aws/") and ":alias/aws/" not in value:
                return True
        elif value is not None and configuration.is_set(path):
            return True  # unknown, and written: a key of this plan
    return False


def _takes_logs(change: Change) -> bool:
    """Whether logs are delivered to it that a key of its own would keep out; raises UnknownValue."""

    def taken(join: tuple[str, str] | None) -> bool:
        return any_holds(change.plan, _delivers, change.companions(join[0], by=join[1]) if join else [change])

    return any_holds(change.plan, taken, (None, *_LOGS))


def _delivers(one: Change) -> bool:
    if one.type in ("aws_s3_bucket", "aws_s3_bucket_acl"):
        return not one.is_left_out("acl") and bool(one.after["acl"] == "log-delivery-write")
    return one.type not in ("aws_lb", "aws_alb") or bool(one.after["load_balancer_type"] != "network")


@policy(
    "encryption/aws-s3-bucket-kms-removed",
    types="aws_s3_bucket",
    severity="high",
    remediation="Keep the encryption configuration, or set the bucket's encryption to aws:kms in another one.",
    references=_REFERENCES,
)
def kms_removed(change: Change) -> Iterator[Finding]:
    """S3 bucket loses its KMS encryption.

    This plan removes the `aws_s3_bucket_server_side_encryption_configuration` that encrypted the bucket with a
    KMS key, or sets it to AES256, and none with a KMS key stays. New objects are then encrypted with keys that
    everybody who may read the bucket can use. A bucket that never had one is not meant, nor one whose configuration
    said AES256: that is what every bucket has.
    """
    leaving = change.companions(_CONFIGURATION, by="bucket", leaving=True)
    lost = [c for c in leaving if c.action != "forget" and (_has_kms(c.before) or is_empty(c.before["rule"]))]
    staying = change.companions(_CONFIGURATION, by="bucket")
    changed = [c for c in staying if c.action in ("update", "replace") and _has_kms(c.before)]
    if not (lost or changed) or any(_has_kms(c.after) for c in staying):
        return
    what = "is removed, and no other one stays" if lost else "names none any more"
    yield Finding(f"The encryption configuration with a KMS key {what}: new objects get S3's own keys.")


@policy(
    "encryption/aws-s3-bucket-without-customer-key",
    types="aws_s3_bucket",
    severity="medium",
    remediation='Add an aws_s3_bucket_server_side_encryption_configuration with sse_algorithm = "aws:kms" and a'
    " kms_master_key_id of your own.",
    references=_REFERENCES,
    aliases=("CKV_AWS_145", "AVD-AWS-0132"),
)
def without_customer_key(
    change: Change,
    *,
    require_cmk: bool = False,
    types: tuple[str, ...] = ("*",),
    exempt_types: tuple[str, ...] = (),
    data_classes: tuple[str, ...] = (),
    data_class_tag: str = "DataClass",
) -> Iterator[Finding]:
    """S3 bucket is not encrypted with a customer-managed key.

    Judged only with `require_cmk = true`: S3 encrypts every bucket, the question is whose key it is. The
    bucket's own old `server_side_encryption_configuration` block counts too. `aws:kms` without a key of your own is
    AWS's key. With `data_classes`, only buckets whose tag `data_class_tag` has one of these values are judged.
    A bucket that takes access logs of S3 or of an application or classic load balancer is not meant: they arrive
    only where S3's own key is the default. `types` and `exempt_types` are there for settings of many policies at once.
    """
    if not require_cmk or not like(change.type, types) or like(change.type, exempt_types):
        return
    if not is_asked(change, data_classes, data_class_tag):
        return
    staying = change.companions(_CONFIGURATION, by="bucket")
    if any(_has_customer_key(c, c.after) for c in staying):
        return
    own = "server_side_encryption_configuration"
    if not staying and not change.is_left_out(own) and _has_customer_key(change, change.after, f"{own}[*]."):
        return
    if _takes_logs(change):
        return
    yield Finding("No encryption configuration with a customer-managed KMS key belongs to this bucket.")


@policy(
    "encryption/aws-s3-bucket-encryption-not-stated",
    types="aws_s3_bucket",
    severity="low",
    remediation="Add an aws_s3_bucket_server_side_encryption_configuration with the sse_algorithm that is meant.",
    references=_REFERENCES,
    aliases=("AVD-AWS-0088", "FG_R00099"),
)
def encryption_not_stated(change: Change, *, required: bool = False) -> Iterator[Finding]:
    """S3 bucket does not say how it is encrypted.

    Judged only with `required = true`: S3 encrypts every bucket with its own keys since 2023-01-05. Who wants it
    written down asks for it: an `aws_s3_bucket_server_side_encryption_configuration`, or the bucket's own old block.
    """
    if not required or change.companions(_CONFIGURATION, by="bucket"):
        return
    own = "server_side_encryption_configuration"
    value = change.after[own]
    if not (change.is_set(own) if is_unknown(value) else not is_empty(value)):
        yield Finding("No encryption configuration belongs to this bucket: S3's own keys hold.")


@policy(
    "encryption/aws-s3-bucket-cleartext",
    types="aws_s3_bucket",
    severity="medium",
    remediation="Add a statement to the bucket policy that denies s3:* on the bucket and its objects where "
    '`"Bool": {"aws:SecureTransport": "false"}`.',
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",),
    aliases=("FG_R00100",),
)
def cleartext(change: Change, *, every_bucket: bool = False) -> Iterator[Finding]:
    """S3 bucket answers plain HTTP.

    S3 does, unless the bucket's policy denies requests without TLS (`aws:SecureTransport`). Judged are buckets that
    have a policy in this plan, in a resource of its own or in the bucket's old attribute; with `every_bucket = true`
    also those without one. A policy that is read during the apply from an `aws_iam_policy_document` is judged by the
    statements planned there.
    """
    policies = change.companions("aws_s3_bucket_policy", by="bucket")
    if not policies and _keeps_its_own_policy(change):
        policies = [change]
    if not policies and not every_bucket:
        return
    if not any(refuses_cleartext(one, "policy") for one in policies):
        yield Finding(
            "Its policy does not deny requests without TLS." if policies else "No policy denies requests without TLS."
        )


def _keeps_its_own_policy(bucket: Change) -> bool:
    """Whether the bucket's own old attribute says its policy; what a resource of this plan takes away is no more."""
    own = bucket.after["policy"]
    if is_unknown(own):
        return not bucket.is_left_out("policy")
    return not is_empty(own) and not bucket.companions("aws_s3_bucket_policy", by="bucket", leaving=True)


POLICIES = (kms_removed, without_customer_key, encryption_not_stated, cleartext)
