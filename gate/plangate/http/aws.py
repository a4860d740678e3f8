"""AWS by boto3, from the extra `aws`: a client that gives up in time, and the word of the service for a failure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

EXTRA = "install plangate[aws]"  # what to do about the ImportError


def client(service: str, environ: Mapping[str, str], seconds: int, attempts: int) -> Any:
    """A client of a service; `seconds` to connect, and between two pieces of an answer. Raises ImportError without
    boto3, and what botocore raises where no region or profile can be used.

    AWS_REGION is what AWS's own runtimes set; boto3 by itself reads AWS_DEFAULT_REGION alone.
    """
    import boto3  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from botocore.config import Config  # type: ignore[import-not-found,import-untyped,unused-ignore]

    limits = Config(connect_timeout=seconds, read_timeout=seconds, retries={"total_max_attempts": attempts})
    region = environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION")
    return boto3.client(service, region_name=region, config=limits)


def why(error: Exception) -> str:
    """The service's word for it (`NoSuchKey`, `AccessDenied`), else the kind of error: its text may hold addresses."""
    answer = getattr(error, "response", None)
    found = answer.get("Error") if isinstance(answer, dict) else None
    code = found.get("Code") if isinstance(found, dict) else None
    return (
        "".join(c for c in str(code or "")[:60] if c.isascii() and (c.isalnum() or c in "._-")) or type(error).__name__
    )
