"""The whole document, section after section, in the order in which Terraform writes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from planmaker.context import ACCOUNT, ENVIRONMENT, REGION
from planmaker.encode import UNKNOWN, dumps
from planmaker.estate import Estate
from planmaker.spool import Spools

_TERRAFORM = "1.11.4"
_VARIABLES: dict[str, Any] = {
    "api_token": "not-a-secret-of-anyone",
    "environment": ENVIRONMENT,
    "regions": ["eu-west-1", "us-east-1"],
    "region": REGION,
    "tags": {"Owner": "platform@example.com", "Project": "shop & <more>"},
}


def _data(type_name: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"address": f"data.{type_name}.current", "mode": "data", "type": type_name, "name": "current",
            "provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0, "values": values,
            "sensitive_values": {}}  # fmt: skip


_DATA = (
    _data("aws_caller_identity", {"account_id": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:role/deploy",
                                  "id": ACCOUNT, "user_id": "AROAEXAMPLE:deploy"}),
    _data("aws_region", {"description": "Europe (Ireland)", "endpoint": f"ec2.{REGION}.amazonaws.com",
                         "id": REGION, "name": REGION}),
)  # fmt: skip


def write_document(estate: Estate, spools: Spools, write: Callable[[bytes], Any]) -> None:
    """Writes one line of JSON; `write` takes bytes."""

    def text(piece: str) -> None:
        write(piece.encode())

    text(f'{{"format_version":"1.2","terraform_version":"{_TERRAFORM}",')
    text(f'"variables":{dumps({name: {"value": value} for name, value in _VARIABLES.items()})},')
    text(f'"planned_values":{{{_outputs(estate, planned=True)}"root_module":')
    spools.planned.write_module(write)
    text("}")
    for name, spool in (("resource_drift", spools.drift), ("resource_changes", spools.changes)):
        if spool.end:
            text(f',"{name}":[')
            spool.write_list((), write)
            text("]")
    if estate.outputs:
        changes = ",".join(_output_change(*output) for output in sorted(estate.outputs, key=_name))
        text(f',"output_changes":{{{changes}}}')
    text(f',"prior_state":{{"format_version":"1.0","terraform_version":"{_TERRAFORM}","values":{{')
    text(f'{_outputs(estate, planned=False)}"root_module":')
    spools.prior.write_module(write, ",".join(dumps(one) for one in _DATA).encode())
    text("}}")
    _configuration(estate, text)
    if estate.relevant:
        listed = (f'{{"resource":{dumps(address)},"attribute":["{attribute}"]}}'
                  for address, attribute in estate.relevant)  # fmt: skip
        text(f',"relevant_attributes":[{",".join(listed)}]')
    if estate.checks:
        text(f',"checks":[{",".join(sorted(estate.checks))}]')
    text(',"timestamp":"2026-01-15T09:30:00Z","applyable":true,"complete":true,"errored":false}\n')


def _name(output: tuple[Any, ...]) -> str:
    return str(output[0])


def _outputs(estate: Estate, *, planned: bool) -> str:
    members = []
    for name, secret, now, after, _ in sorted(estate.outputs, key=_name):
        value = after if planned else now
        if not planned and value is None:
            continue
        told = "" if value is UNKNOWN else f',"type":"string","value":{dumps(value)}'
        members.append(f'"{name}":{{"sensitive":{dumps(secret)}{told}}}')
    return f'"outputs":{{{",".join(members)}}},' if members else ""


def _output_change(name: str, secret: bool, now: Any, after: Any, _: list[str]) -> str:
    action = "create" if now is None else "no-op" if now == after else "update"
    told = "" if after is UNKNOWN else f'"after":{dumps(after)},'
    marks = f'"before_sensitive":{dumps(secret)},"after_sensitive":{dumps(secret)}'
    body = f'"before":{dumps(now)},{told}"after_unknown":{dumps(after is UNKNOWN)},{marks}'
    return f'"{name}":{{"actions":["{action}"],{body}}}'


def _configuration(estate: Estate, text: Callable[[str], None]) -> None:
    providers = {
        "aws": {"name": "aws", "full_name": "registry.terraform.io/hashicorp/aws",
                "version_constraint": "~> 6.0",
                "expressions": {"default_tags": [{"tags": {}}], "region": {"references": ["var.region"]}}},
        "random": {"name": "random", "full_name": "registry.terraform.io/hashicorp/random",
                   "version_constraint": ">= 3.6"},
    }  # fmt: skip
    text(f',"configuration":{{"provider_config":{dumps(providers)},"root_module":')
    root = estate.configuration.root
    for name, secret, _, _, references in estate.outputs:
        mark = '"sensitive":true,' if secret else ""
        root.outputs[name] = f'{{{mark}"expression":{dumps({"references": references})}}}'
    for name in _VARIABLES:
        secret = name == "api_token"
        root.variables[name] = dumps({"sensitive": True} if secret else {"description": f"The {name}"})
    for data in _DATA:
        described = {key: data[key] for key in ("address", "mode", "type", "name", "schema_version")}
        # Sorted by type and name, the data sources of the root come before its managed resources.
        root.resources["", data["type"]] = dumps({**described, "provider_config_key": "aws"})
    text(estate.configuration.module_json())
    text("}")
