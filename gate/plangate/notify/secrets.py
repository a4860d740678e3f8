"""Where a secret stands (`env:NAME`, `file:PATH`, `ssm:NAME`), and how it is fetched from there."""

from __future__ import annotations

import os

from plangate.http import DeliveryError, Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMES = ("env", "file", "ssm")
_LIMIT = 65536  # bytes of a file that holds a secret
_SSM_SECONDS = 5


class Reference:
    """A place that holds a secret: `scheme`, `name`, and for files the folder that the name is relative to."""

    __slots__ = ("folder", "name", "scheme")

    def __init__(self, scheme: str, name: str, folder: str = "") -> None:
        self.scheme, self.name, self.folder = scheme, name, folder

    def __str__(self) -> str:
        return f"{self.scheme}:{self.name}"


def parse(written: str, folder: str) -> Reference | None:
    """The reference that is written, None for anything else."""
    scheme, colon, name = written.partition(":")
    if not colon or scheme not in SCHEMES or not name.strip() or name != name.strip():
        return None
    if scheme == "env" and not name.replace("_", "a").isalnum():
        return None
    if scheme == "ssm" and not all(c.isascii() and (c.isalnum() or c in "/._-:") for c in name):
        return None
    return Reference(scheme, name, folder)


def fetch(reference: Reference, environ: Mapping[str, str]) -> Secret:
    """The secret. Raises DeliveryError that names the place and nothing of what it holds."""
    if reference.scheme == "env":
        value = environ.get(reference.name, "")
        if not value.strip():
            raise DeliveryError(f"{reference} is not set", fix="set it in the job that runs plangate")
    elif reference.scheme == "file":
        value = _file(reference)
    else:
        value = _parameter(reference, environ)
    value = value.strip()
    if not value:
        raise DeliveryError(f"{reference} is empty", fix="set it, or leave the notifier out")
    if any(ord(c) < 32 or ord(c) == 127 or "\ud800" <= c <= "\udfff" for c in value):
        raise DeliveryError(
            f"{reference} holds characters that no address or token has", fix="set it again, on one line"
        )
    return Secret(value)


def _file(reference: Reference) -> str:
    path = os.path.normpath(os.path.join(reference.folder, reference.name))
    try:
        if not os.path.isfile(path):
            raise DeliveryError(f"{reference} is no file")
        with open(path, "rb") as file:
            data = file.read(_LIMIT + 1)
        if len(data) > _LIMIT:
            raise DeliveryError(f"{reference} is too large for a secret")
        return data.decode("utf-8-sig")
    except (OSError, ValueError):
        raise DeliveryError(f"{reference} cannot be read") from None


def _parameter(reference: Reference, environ: Mapping[str, str]) -> str:
    """The parameter of AWS SSM Parameter Store, decrypted."""
    from plangate.http import aws

    try:
        client = aws.client("ssm", environ, _SSM_SECONDS, attempts=2)
        return str(client.get_parameter(Name=reference.name, WithDecryption=True)["Parameter"]["Value"])
    except ImportError:
        raise DeliveryError(f"{reference} needs boto3", fix=aws.EXTRA) from None
    except Exception as error:  # noqa: BLE001 - botocore makes its errors at run time, and their texts may say much
        raise DeliveryError(
            f"{reference} cannot be read ({aws.why(error)})", fix="look at its name and the role's rights"
        ) from None
