"""Policy documents for the real provider: whom they let in, what they allow, and the ways in which they are written."""

from __future__ import annotations

import json
from typing import Any

from .. import real  # noqa: TID252 - the tests are no package
from ..real import Body  # noqa: TID252 - as above

_SOMEBODY = {"AWS": "arn:aws:iam::111122223333:root"}
_OPEN = {"Effect": "Allow", "Principal": "*"}


def _if(operator: str, key: str, *values: str) -> Body:
    return {**_OPEN, "Condition": {operator: {key: list(values)}}}


# Statements without action and resource, and whether they let everybody in.
PRINCIPALS: dict[str, tuple[Body, str]] = {
    "star": (_OPEN, "fail"),
    "star-account": ({**_OPEN, "Principal": {"AWS": "*"}}, "fail"),
    "among-others": ({**_OPEN, "Principal": {"AWS": ["111122223333", "*"]}}, "fail"),
    "account": ({**_OPEN, "Principal": _SOMEBODY}, "pass"),
    "organisation": (_if("StringEquals", "aws:PrincipalOrgID", "o-0a1b2c3d4e"), "pass"),
}
# The same for one type of resource only, for what conditions do.
CONDITIONS: dict[str, tuple[Body, str]] = {
    "not-principal": ({"Effect": "Allow", "NotPrincipal": _SOMEBODY}, "fail"),
    "deny": ({"Effect": "Deny", "Principal": "*"}, "pass"),
    "service": ({**_OPEN, "Principal": {"Service": "sns.amazonaws.com"}}, "pass"),
    "source-arn": (_if("ArnLike", "aws:SourceArn", "arn:aws:s3:::a-bucket"), "pass"),
    "source-arn-of-anybody": (_if("ArnLike", "aws:SourceArn", "arn:aws:sns:*:*:*"), "fail"),
    "source-account": (_if("StringEquals", "aws:SourceAccount", "111122223333"), "pass"),
    "source-owner": (_if("StringEquals", "AWS:SourceOwner", "111122223333"), "pass"),
    "source-vpc": (_if("StringEquals", "aws:SourceVpc", "vpc-0a1b2c3d"), "pass"),
    "source-vpce": (_if("StringEquals", "aws:sourceVpce", "vpce-0a1b2c3d"), "pass"),
    "not-source-vpce": (_if("StringNotEquals", "aws:sourceVpce", "vpce-0a1b2c3d"), "fail"),
    "source-vpce-if-exists": (_if("StringEqualsIfExists", "aws:sourceVpce", "vpce-0a1b2c3d"), "fail"),
    "principal-arn": (_if("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/r"), "pass"),
    "principal-arn-of-anybody": (_if("StringLike", "aws:PrincipalArn", "arn:aws:iam::*:role/r"), "fail"),
    "org-paths": (_if("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-0a1b2c3d4e/r-ab12/*"), "pass"),
    "all-org-paths": (_if("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-0a1b2c3d4e/*"), "fail"),
    "any-organisation": (_if("StringLike", "aws:PrincipalOrgID", "*"), "fail"),
    "office": (_if("IpAddress", "aws:SourceIp", "192.0.2.0/24", "2001:db8::/48"), "pass"),
    "every-address": (_if("IpAddress", "aws:SourceIp", "0.0.0.0/0"), "fail"),
    "not-one-address": (_if("NotIpAddress", "aws:SourceIp", "192.0.2.0/24"), "fail"),
    "tls-only": (_if("Bool", "aws:SecureTransport", "true"), "fail"),
    "user-agent": (_if("StringEquals", "aws:UserAgent", "ours"), "fail"),
}
CONDITIONS_OF = "aws_sqs_queue_policy"

# Statements without principal, and what three policies say: whether it allows everything on everything, every action,
# and every action of a queue.
PERMISSIONS: dict[str, tuple[Body, str, str, str]] = {
    "everything": ({"Effect": "Allow", "Action": "*", "Resource": "*"}, "fail", "fail", "fail"),
    "among-others": ({"Effect": "Allow", "Action": ["s3:*", "*"], "Resource": ["*"]}, "fail", "fail", "fail"),
    "every-action": ({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::a"}, "pass", "fail", "fail"),
    "one-service": ({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}, "pass", "pass", "fail"),
    "some-actions": ({"Effect": "Allow", "Action": ["sqs:Send*"], "Resource": "*"}, "pass", "pass", "pass"),
    "deny": ({"Effect": "Deny", "Action": "*", "Resource": "*"}, "pass", "pass", "pass"),
    "all-but-iam": ({"Effect": "Allow", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}, "pass", "fail", "fail"),
    "all-but-one": ({"Effect": "Allow", "NotAction": "s3:DeleteBucket", "Resource": "*"}, "fail", "fail", "fail"),
    "of-one": ({"Effect": "Allow", "NotAction": "s3:Get*", "Resource": "arn:aws:s3:::a"}, "pass", "pass", "fail"),
}

_ARN = "arn:aws:iam::111122223333:oidc-provider/"
_GITHUB = "token.actions.githubusercontent.com"


def _jobs(issuer: str, *conditions: tuple[str, str, str]) -> Body:
    found: dict[str, dict[str, list[str]]] = {}
    for operator, key, value in conditions:
        found.setdefault(operator, {}).setdefault(key, []).append(value)
    whom = {"Effect": "Allow", "Principal": {"Federated": _ARN + issuer}}
    return {**whom, "Condition": found} if found else whom


def _for(issuer: str, *subjects: str) -> Body:
    return _jobs(issuer, *(("StringLike", f"{issuer}:sub", subject) for subject in subjects))


# Trust policies, and whether the jobs of any customer of a CI service may come.
ISSUERS: dict[str, tuple[Body, str]] = {
    "no-condition": (_jobs(_GITHUB), "fail"),
    "audience": (_jobs(_GITHUB, ("StringEquals", f"{_GITHUB}:aud", "sts.amazonaws.com")), "fail"),
    "any-subject": (_for(_GITHUB, "*"), "fail"),
    "any-repository": (_for(_GITHUB, "repo:*"), "fail"),
    "names-alike": (_for(_GITHUB, "repo:acme*"), "fail"),
    "one-of-two": (_for(_GITHUB, "repo:acme/shop:*", "repo:*/shop:*"), "fail"),
    "any-environment": (_for(_GITHUB, "environment:production:*"), "fail"),
    "gitlab-any": (_for("gitlab.com", "project_path:*:ref_type:branch:ref:main"), "fail"),
    "terraform-any": (_for("app.terraform.io", "organization:*:project:*:workspace:*:run_phase:*"), "fail"),
    "buildkite-any": (_for("agent.buildkite.com", "organization:*"), "fail"),
    "codefresh-any": (_for("oidc.codefresh.io", "account:*"), "fail"),
    "organization": (_for(_GITHUB, "repo:acme/*"), "pass"),
    "repository": (_for(_GITHUB, "repo:acme/shop:*", "repo:acme@1234/shop@5678:*"), "pass"),
    "branch": (_jobs(_GITHUB, ("StringEquals", f"{_GITHUB}:sub", "repo:acme/shop:ref:refs/heads/main")), "pass"),
    "repository-claim": (_jobs(_GITHUB, ("StringEquals", f"{_GITHUB}:repository_id", "1234")), "pass"),
    "gitlab": (_for("gitlab.com", "project_path:acme/shop:ref_type:branch:ref:main"), "pass"),
    "terraform": (_for("app.terraform.io", "organization:acme:project:*:workspace:*:run_phase:*"), "pass"),
    "buildkite": (_for("agent.buildkite.com", "organization:acme:pipeline:shop:*"), "pass"),
    "own-issuer": (_jobs("oidc.circleci.com/org/0a1b2c3d"), "pass"),
    "enterprise": (_jobs(f"{_GITHUB}/acme"), "pass"),
    "cluster": (_jobs("oidc.eks.eu-west-1.amazonaws.com/id/0A1B2C3D"), "pass"),
}


def statements(entry: Body, type_: str) -> dict[str, tuple[Body, str]]:
    """The statements for one policy and type of resource, each with what the policy says."""
    if entry["by"] == "permissions":
        queue = "service" in entry["asks"]
        at = 3 if queue else 1 if entry["asks"]["both"] else 2
        whom = {"Principal": {"AWS": "arn:aws:iam::111122223333:role/r"}} if queue else {}
        return {name: ({**one[0], **whom}, one[at]) for name, one in PERMISSIONS.items()}
    if entry["by"] == "issuers":
        return {
            name: ({**one, "Action": "sts:AssumeRoleWithWebIdentity"}, said) for name, (one, said) in ISSUERS.items()
        }
    found = PRINCIPALS | (CONDITIONS if type_ == CONDITIONS_OF else {})
    action = "sts:AssumeRole" if type_ == "aws_iam_role" else "sqs:SendMessage"
    on = {"Action": action} | ({} if type_ == "aws_iam_role" else {"Resource": "*"})
    return {name: ({**statement, **on}, outcome) for name, (statement, outcome) in found.items()}


def text(statement: Body) -> str:
    """The JSON of a document."""
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def encoded(statement: Body) -> str:
    """The expression `jsonencode(...)` of a document of which the statement's name is known only after the apply."""
    made = text({**statement, "Sid": "LATER"}).replace('"LATER"', real.UNKNOWN[2:-1])
    return f"${{jsonencode({made})}}"


def planned(statement: Body) -> Body:
    """The arguments of `data.aws_iam_policy_document` for a statement, whose name is known only after the apply."""
    made: Body = {"sid": real.UNKNOWN, "effect": statement["Effect"]}
    for word, name in (("Action", "actions"), ("NotAction", "not_actions"), ("Resource", "resources")):
        if word in statement:
            made[name] = _listed(statement[word])
    for word, name in (("Principal", "principals"), ("NotPrincipal", "not_principals")):
        if word in statement:
            given = statement[word] if isinstance(statement[word], dict) else {"*": statement[word]}
            made[name] = [{"type": kind, "identifiers": _listed(ids)} for kind, ids in given.items()]
    made["condition"] = [
        {"test": operator, "variable": key, "values": _listed(values)}
        for operator, tests in statement.get("Condition", {}).items()
        for key, values in tests.items()
    ]
    return {"statement": [made]}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
