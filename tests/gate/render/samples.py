"""Whole reports as a run would write them, from a clean plan to a hostile and a huge one."""

from __future__ import annotations

from .build import Report, change, finding, report, waiver


def clean() -> Report:
    """Three policies judged, nothing found."""
    return report(
        changes=[
            change("aws_s3_bucket.logs", "create"),
            *[change(f"aws_iam_role.app[{i}]", "update", attributes=["tags", "tags_all.owner"]) for i in range(12)],
            change("module.net.aws_subnet.a", "no-op", previous_address="aws_subnet.a"),
        ],
        summary={"move": 1, "no_op": 0},
    )


def empty() -> Report:
    """A plan that changes nothing, judged without settings."""
    settings = {**report()["settings"], "files": [], "environment": None}
    return report(settings=settings, run={**report()["run"], "environment": None})


def failing() -> Report:
    """What a bad night looks like: a database goes, a bucket is bare, twelve tags are missing."""
    docs = "https://plangate.dev/p/"
    tags = {
        "remediation": "Add the tags to the resource or to default_tags of the provider.",
        "references": [docs + "missing-tags"],
    }
    return report(
        "fail",
        1,
        changes=[
            change("aws_db_instance.main", "delete", reason="delete_because_no_resource_config"),
            change(
                "aws_instance.web[0]",
                "replace",
                replace_paths=["ami", "subnet_id"],
                reason="replace_because_cannot_update",
            ),
            change(
                "aws_instance.web[1]",
                "replace",
                replace_paths=["ami", "subnet_id"],
                reason="replace_because_cannot_update",
            ),
            change("aws_instance.old", "replace", reason="replace_because_tainted"),
            *[change(f"aws_s3_bucket.b[{i}]", "create") for i in range(12)],
            *[change(f'aws_iam_role.r["{n}"]', "update", attributes=["tags"]) for n in "abcdefg"],
            change("module.data.aws_efs_file_system.fs", "create"),
        ],
        findings=[
            finding(
                "destructive/stateful-delete",
                "critical",
                "aws_db_instance.main",
                "deletes a database: its data goes with it",
                remediation="Keep the resource, or waive this finding for exactly this address.",
                references=[docs + "stateful-delete"],
                location={"file": "main.tf", "line": 12, "end_line": 30, "inside": None},
            ),
            *[
                finding(
                    "tagging/missing-tags",
                    "high",
                    f"aws_s3_bucket.b[{i}]",
                    "tags owner, cost-center are missing",
                    attribute="tags",
                    **tags,
                )
                for i in range(12)
            ],
            *[
                finding(
                    "tagging/missing-tags",
                    "high",
                    f'aws_iam_role.r["{n}"]',
                    "tag owner is missing",
                    attribute="tags",
                    **tags,
                )
                for n in "abcdefg"
            ],
            finding(
                "encryption/aws-efs-unencrypted",
                "high",
                "module.data.aws_efs_file_system.fs",
                "encrypted is not known until apply",
                outcome="unknown",
                attribute="encrypted",
                origin="data.aws_ssm_parameter.encrypt",
                remediation="Set encrypted = true.",
                references=[docs + "aws-efs-unencrypted"],
            ),
            finding("encryption/aws-s3-no-cmk", "low", "aws_s3_bucket.b[3]", "no customer key is named"),
            *[
                finding(
                    "encryption/aws-ebs-unencrypted",
                    "high",
                    f"aws_ebs_volume.v[{i}]",
                    "the volume is not encrypted",
                    stops=False,
                    status="existing",
                )
                for i in range(50)
            ],
            finding(
                "destructive/stateful-replace",
                "critical",
                "aws_instance.old",
                "replaces an instance",
                stops=False,
                outcome="waived",
                waiver=waiver("destructive/*", "aws_instance.old"),
            ),
        ],
        waivers={
            "used": [waiver("destructive/*", "aws_instance.old")],
            "unused": [waiver("tagging/*", "aws_vpc.gone", source="plangate.toml:20")],
            "expired": [waiver("encryption/*", "aws_s3_bucket.old", expires="2026-01-31")],
        },
        invocations=[{"kind": "provisioner", "address": "aws_instance.old", "type": "local-exec", "when": "create"}],
        notes=["format_version 1.99 is newer than any plangate knows: fields it does not know were kept"],
        summary={"outputs": 3, "drift": 2},
    )


def undecided() -> Report:
    """A policy of the user's raised, another file does not load, and one finding stops besides."""
    return report(
        "error",
        4,
        changes=[change("aws_s3_bucket.logs", "update", attributes=["acl"])],
        findings=[
            finding(
                "encryption/aws-s3-public",
                "high",
                "aws_s3_bucket.logs",
                "acl is public-read",
                attribute="acl",
            ),
            finding(
                "acme/naming",
                "medium",
                "aws_s3_bucket.logs",
                "raised KeyError in policies/naming.py line 12",
                outcome="error",
                stops=True,
                enforcement="soft-mandatory",
            ),
        ],
        errors=[
            {
                "kind": "policy",
                "message": "did not load: SyntaxError at line 3",
                "path": "policies/broken.py",
                "policy": None,
            },
        ],
    )


def unreadable() -> Report:
    """Not a plan at all: most of what a report says is not known."""
    plan = dict.fromkeys(report()["plan"])
    return report(
        "error",
        3,
        plan={**plan, "path": "terraform.tfstate"},
        errors=[
            {
                "kind": "plan",
                "message": "this is a state, not a plan; run terraform show -json on a plan file",
                "path": "terraform.tfstate",
                "policy": None,
            }
        ],
        policies={"loaded": 41, "evaluated": 0, "not_applicable": 0, "digest": None, "list": []},
    )


def hostile() -> Report:
    """Every name fights back: escapes, commands, bidi, tags, marks, and lines that claim a pass."""
    names = [
        "::add-mask::plangate",
        "##[error]x",
        "\x1b[2K\x1b[1A\x1b[32mPASS\x1b[0m",
        "a\nplangate: PASS (exit 0)",
        "\u202egnp.exe\u202c",
        "pro\u200bd",
        "p\u0430ypal",
        "Z" + "\u0351\u036b\u0343" * 60,
        "\u65e5\u672c" * 40,
        "\ud800",
        "x" * 5000,
        "\x9b31m",
        "##vso[task.complete]",
        "\U000e0041\U000e0042",
    ]
    return report(
        "fail",
        1,
        changes=[change(f'aws_instance.web["{n}"]', "delete") for n in names],
        findings=[
            finding("destructive/stateful-delete", "high", n, n, attribute=n, remediation=n, references=[n])
            for n in names
        ],
        notes=names,
        invocations=[{"kind": "action", "address": n, "type": n, "when": n} for n in names],
    )


def huge(number: int = 5000) -> Report:
    """Many of everything: what does not fit must be said."""
    return report(
        "fail",
        1,
        changes=[change(f'module.m["{i}"].aws_db_instance.d', "delete") for i in range(number)],
        findings=[
            finding(
                f"pack/fault-{i % 40}",
                "high",
                f'module.m["{i}"].aws_db_instance.d',
                f"message {i % 90}",
                remediation="do something",
                references=["https://plangate.dev/p/x"],
            )
            for i in range(number)
        ],
        errors=[
            {"kind": "policy", "message": f"error {i}", "path": f"policies/p{i}.py", "policy": f"acme/p{i}"}
            for i in range(30)
        ],
        notes=[f"note {i}" for i in range(30)],
    )


SAMPLES = {s.__name__: s for s in (clean, empty, failing, undecided, unreadable, hostile, huge)}
