"""Secrets that a parameter keeps as plain text, told by the parameter's name."""

from __future__ import annotations

from itertools import pairwise

from plangate import Finding, Undecided, is_unknown, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate import Change

_WORDS = ("password", "passwd", "secret", "token", "credential", "credentials", "passphrase")
_PAIRS = (("api", "key"), ("access", "key"), ("private", "key"), ("secret", "key"))
# What stands behind such a word and says that not the secret itself is meant.
_ABOUT = ("arn", "id", "name", "path", "url", "uri", "ttl", "policy", "length", "age", "expiry", "version", "endpoint")


@policy(
    "encryption/aws-ssm-parameter-plaintext-secret",
    types="aws_ssm_parameter",
    severity="high",
    remediation='Set `type = "SecureString"`, or keep the value in Secrets Manager.',
    references=(
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
    ),
    aliases=("CKV2_AWS_34",),
)
def plaintext_secret(
    change: Change, *, words: tuple[str, ...] = _WORDS, every_parameter: bool = False
) -> Iterator[Finding]:
    """SSM parameter keeps a secret as plain text.

    A String or StringList is stored in clear and shown to everybody who may describe it. Whether a parameter holds a
    secret is told by its name: one of `words` in it, or two such as api and key, unless it ends in a word such as arn
    or id that says it only names one. Parameters with other names are judged with `every_parameter = true` alone: most
    hold no secret. A name that only the apply tells is `unknown`, and not severe.
    """
    name = change.after["name"]
    untold = is_unknown(name)
    secret = not untold and isinstance(name, str) and _names_a_secret(name, words)
    if not (secret or untold or every_parameter) or change.after["type"] not in ("String", "StringList"):
        return
    if untold and not every_parameter:
        text = "Only the apply tells the name, and with it whether this is a secret; the type keeps it as plain text."
        yield Undecided(text, "name", severity="low")
    else:
        said = "The name says that this is a secret, and the" if secret else "The"
        yield Finding(f"{said} type keeps it as plain text.", "type")


def _names_a_secret(name: str, words: tuple[str, ...]) -> bool:
    parts = "".join(c.lower() if c.isalnum() else " " for c in name).split()
    if not parts or parts[-1] in _ABOUT:
        return False
    return any(part in words for part in parts) or any(pair in _PAIRS for pair in pairwise(parts))


POLICIES = (plaintext_secret,)
