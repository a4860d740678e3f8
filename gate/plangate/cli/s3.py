"""Plans and reports that stand in S3: `s3://bucket/key`, read and written only where somebody names one.

By boto3, which finds credentials as every AWS tool does; it comes with the extra `aws`.
"""

from __future__ import annotations

import os

from plangate.errors import PlanError, PlangateError, UsageError
from plangate.http import aws

from .inputs import S3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SECONDS = 30  # to connect, and between two pieces of an answer


def read(address: str, limit: int) -> bytes:
    """At most `limit` + 1 bytes of an object. Raises PlanError (exit 3) where it cannot be had."""
    bucket, key = _parts(address)
    try:
        found = _client().get_object(Bucket=bucket, Key=key)["Body"].read(limit + 1)
    except PlangateError:
        raise
    except Exception as error:  # noqa: BLE001 - botocore makes its classes as it goes
        raise PlanError(
            f"cannot be read ({aws.why(error)})", where=address, fix="look at bucket, key and role"
        ) from None
    return bytes(found)


def write(address: str, text: str) -> None:
    """Put a report there, encrypted by the bucket's own rule. Raises PlangateError (exit 5) where that fails."""
    bucket, key = _parts(address)
    try:
        _client().put_object(Bucket=bucket, Key=key, Body=text.encode("utf-8", "backslashreplace"))
    except PlangateError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        what = f"the file could not be written ({aws.why(error)})"
        raise PlangateError(what, where=address, fix="look at bucket, key and role") from None


def _parts(address: str) -> tuple[str, str]:
    bucket, _, key = address[len(S3) :].partition("/")
    if not bucket or not key or key.endswith("/"):
        raise UsageError("this names no object", where=address, fix="write s3://BUCKET/KEY")
    return bucket, key


def _client() -> Any:
    try:
        return aws.client("s3", os.environ, _SECONDS, attempts=3)
    except ImportError:
        raise UsageError("s3:// needs boto3", fix=aws.EXTRA) from None
