"""Plans and reports that stand in S3: `s3://bucket/key`, read and written only where somebody names one.

By boto3, which finds region and credentials as every AWS tool does; it comes with the extra `aws`.
"""

from __future__ import annotations

from plangate.errors import PlanError, PlangateError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCHEME = "s3://"
_SECONDS = 30  # to connect, and between two pieces of an answer


def read(address: str, limit: int) -> bytes:
    """At most `limit` + 1 bytes of an object. Raises PlanError (exit 3) where it cannot be had."""
    bucket, key = _parts(address)
    try:
        found = _client().get_object(Bucket=bucket, Key=key)["Body"].read(limit + 1)
    except PlangateError:
        raise
    except Exception as error:  # noqa: BLE001 - botocore makes its classes as it goes
        raise PlanError(f"cannot be read ({_why(error)})", where=address, fix="look at bucket, key and role") from None
    return bytes(found)


def write(address: str, text: str) -> None:
    """Put a report there, encrypted by the bucket's own rule. Raises PlangateError (exit 5) where that fails."""
    bucket, key = _parts(address)
    try:
        _client().put_object(Bucket=bucket, Key=key, Body=text.encode("utf-8", "backslashreplace"))
    except PlangateError:
        raise
    except Exception as error:  # noqa: BLE001 - as above
        what = f"the file could not be written ({_why(error)})"
        raise PlangateError(what, where=address, fix="look at bucket, key and role") from None


def _parts(address: str) -> tuple[str, str]:
    bucket, _, key = address[len(SCHEME) :].partition("/")
    if not bucket or not key or key.endswith("/"):
        raise UsageError("this names no object", where=address, fix="write s3://BUCKET/KEY")
    return bucket, key


def _client() -> Any:
    try:
        import boto3  # type: ignore[import-not-found,import-untyped,unused-ignore]
        from botocore.config import Config  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise UsageError("s3:// needs boto3", fix="install plangate[aws]") from None
    limits = Config(connect_timeout=_SECONDS, read_timeout=_SECONDS, retries={"total_max_attempts": 3})
    return boto3.client("s3", config=limits)


def _why(error: Exception) -> str:
    """The service's word for it (`NoSuchKey`, `AccessDenied`), else the kind of error: its text may hold addresses."""
    answer = getattr(error, "response", None)
    code = answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None
    return str(code)[:60] if code else type(error).__name__
