"""A user's settings and policies, as a team of some size has them: 40 lines of TOML and ten policy files."""

from __future__ import annotations

import os

_SETTINGS = """\
fail_on = "high"
scope = "changed"

[policies]
paths = ["policies"]

[environments.production]
workspace = ["prod-*", "production"]
branch = ["main"]
fail_on = "medium"

[environments.staging]
workspace = ["stage-*"]
fail_on = "high"

[[enforcement]]
policy = "team-0/*"
level = "hard-mandatory"
environment = "production"

[[enforcement]]
policy = "team-9/*"
level = "advisory"

[severity]
"team-3/*" = "low"

[settings."team-1/rule-1"]
limit = 5

[settings."team-2/rule-2"]
names = ["legacy", "sandbox"]

[[waiver]]
policy = "team-4/*"
address = "module.search*"
reason = "moves to the new platform in the next quarter"
owner = "search team"
expires = 2099-12-31
ticket = "PLAT-1234"
"""

_POLICY = '''\
"""Rules of team {number}: what its members agreed on."""

from __future__ import annotations

from plangate import Finding, policy

FORBIDDEN = frozenset(["{forbidden}", "none"])


@policy(
    "team-{number}/rule-{number}",
    types="{type}",
    severity="{severity}",
    remediation="Set {attribute} to what the handbook says.",
    references=["https://handbook.example.com/rules/{number}"],
)
def rule_{number}(change, *, limit: int = 3, names: list[str] = ()):
    """{type} has a forbidden {attribute}."""
    value = change.after["{attribute}"]
    if value in FORBIDDEN or value in names:
        yield Finding(f"{attribute} is not allowed for more than {{limit}} resources.", "{attribute}")


@policy("team-{number}/owner-missing", types="{type}", severity="low")
def owner_missing(change):
    """{type} names no owner."""
    if not change.after["tags"]:
        yield Finding("No tags at all: nobody knows who owns it.", "tags")


POLICIES = (rule_{number}, owner_missing)
'''
_TARGETS = (
    ("aws_s3_bucket", "bucket"), ("aws_db_instance", "engine"), ("aws_instance", "instance_type"),
    ("aws_ebs_volume", "type"), ("aws_lambda_function", "runtime"), ("aws_sqs_queue", "name"),
    ("aws_iam_role", "path"), ("aws_efs_file_system", "throughput_mode"), ("aws_dynamodb_table", "hash_key"),
    ("aws_kms_key", "description"),
)  # fmt: skip


def write_settings(folder: str) -> list[str]:
    """Writes them to `folder`; gives the options of `check` that use them."""
    policies = os.path.join(folder, "policies")
    os.makedirs(policies, exist_ok=True)
    settings = os.path.join(folder, "plangate.toml")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(_SETTINGS)
    for number, (kind, attribute) in enumerate(_TARGETS):
        text = _POLICY.format(
            number=number, type=kind, attribute=attribute, forbidden=f"old-{number}",
            severity=("medium", "high")[number % 2],
        )  # fmt: skip
        with open(os.path.join(policies, f"team_{number}.py"), "w", encoding="utf-8") as file:
            file.write(text)
    return ["--config", settings]
