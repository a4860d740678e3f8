"""Plans for the tests of policies, written as Python: no JSON, no mocks.

    from plangate.testing import create, judge, plan, ref

    def test_forgotten_encryption_fails():
        verdicts = judge(efs_unencrypted, plan(create("aws_efs_file_system.f", unknown=["encrypted"])))
        assert verdicts.outcomes == {"aws_efs_file_system.f": "fail"}

A value given is in the configuration as a constant. `ref("aws_kms_key.k.arn")` as a value is known only after
the apply, and configured. A path in `unknown` is known only after the apply and left out of the configuration,
unless `expressions` says what it refers to. `plan` writes a plan document and reads it as `check` does.
"""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from .plan.addresses import module_address
from .plan.paths import parse_path
from .plan.read import read
from .testing_document import Written, document, parse_address, ref, write
from .testing_judge import Verdicts, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .plan.model import Plan

    Values = Mapping[str, Any] | None
    Expressions = Mapping[str, str | list[str]] | None

__all__ = [
    "Verdicts",
    "create",
    "delete",
    "forget",
    "imported",
    "judge",
    "moved",
    "no_op",
    "plan",
    "ref",
    "replace",
    "update",
]

# What the provider always computes: in the state, never in the configuration.
_COMPUTED = ("id", "arn", "tags_all", "effective_labels", "terraform_labels")


class Example:
    """One change to come in a plan: its entry of `resource_changes`, and what the configuration says of it."""

    def __init__(self, entry: dict[str, Any], configured: dict[str, Any] | None) -> None:
        self.entry, self.configured = entry, configured

    def __repr__(self) -> str:
        return f"<Example {'/'.join(self.entry['change']['actions'])} {self.entry['address']}>"


def create(
    address: str,
    after: Values = None,
    *,
    unknown: Iterable[str] = (),
    expressions: Expressions = None,
    sensitive: Iterable[str] = (),
    dynamic: Iterable[str] = (),
    for_each: str | list[str] | None = None,
    provider: str | None = None,
    provisioners: Iterable[str] = (),
    **attributes: Any,
) -> Example:
    """A resource that is made. `id` is unknown unless it is given.

    `dynamic` names blocks that a `dynamic` made: Terraform writes nothing of them into the configuration.
    `for_each` is what the resource's for_each refers to; `provider` the key of its provider configuration.
    """
    return _example(
        address,
        ["create"],
        None,
        {**(after or {}), **attributes},
        unknown=unknown,
        expressions=expressions,
        sensitive=sensitive,
        dynamic=dynamic,
        for_each=for_each,
        provider=provider,
        provisioners=provisioners,
    )


def update(address: str, before: Mapping[str, Any], after: Mapping[str, Any], **options: Any) -> Example:
    """A resource that is changed in place; options as for `create`. `after` is the whole object."""
    return _example(address, ["update"], before, after, **options)


def replace(
    address: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    paths: Iterable[str] = (),
    order: str = "delete-first",
    reason: str | None = None,
    **options: Any,
) -> Example:
    """A resource that is made anew. `paths` force it; `order` is delete-first, create-first or create-then-forget."""
    actions = {
        "delete-first": ["delete", "create"],
        "create-first": ["create", "delete"],
        "create-then-forget": ["create", "forget"],
    }[order]
    example = _example(address, actions, before, after, **options)
    steps = [list(parse_path(path)) for path in paths]
    if steps:
        example.entry["change"]["replace_paths"] = steps
    reason = reason or ("replace_because_cannot_update" if steps else "replace_by_request")
    example.entry["action_reason"] = reason
    return example


def delete(
    address: str,
    before: Values = None,
    *,
    deposed: str | None = None,
    reason: str = "delete_because_no_resource_config",
    **attributes: Any,
) -> Example:
    """A resource that is destroyed and is no longer in the configuration."""
    example = _example(address, ["delete"], {**(before or {}), **attributes}, None)
    example.entry["action_reason"] = reason
    if deposed:
        example.entry["deposed"] = deposed
    return example


def forget(address: str, before: Values = None, **attributes: Any) -> Example:
    """A resource that Terraform drops from its state and leaves alone."""
    return _example(address, ["forget"], {**(before or {}), **attributes}, None)


def no_op(address: str, values: Values = None, **options: Any) -> Example:
    """A resource that this plan does not touch; options as for `create`, nothing is unknown."""
    values = dict(values or {})
    return _example(address, ["no-op"], values, values, **options)


def moved(address: str, values: Mapping[str, Any], *, previous: str, **options: Any) -> Example:
    """A resource that only gets another address."""
    example = no_op(address, values, **options)
    example.entry["previous_address"] = previous
    return example


def imported(address: str, values: Mapping[str, Any], *, id: str = "imported", **options: Any) -> Example:
    """A resource that is brought under Terraform as it is."""
    example = no_op(address, values, **options)
    example.entry["change"]["importing"] = {"id": id}
    return example


class _Options:
    """What `create` and its kin take besides the bodies; raises TypeError for anything else."""

    def __init__(
        self,
        *,
        unknown: Iterable[str] = (),
        expressions: Expressions = None,
        sensitive: Iterable[str] = (),
        dynamic: Iterable[str] = (),
        for_each: str | list[str] | None = None,
        provider: str | None = None,
        provisioners: Iterable[str] = (),
    ) -> None:
        self.unknown, self.sensitive, self.dynamic = list(unknown), list(sensitive), list(dynamic)
        self.expressions, self.for_each = expressions or {}, for_each
        self.provider, self.provisioners = provider, list(provisioners)


def _example(address: str, actions: list[str], before: Values, after: Values, **given: Any) -> Example:
    options = _Options(**given)
    modules, mode, type_, name, index = parse_address(address)
    if "create" in actions and "id" not in (after or {}) and "id" not in options.unknown:
        options.unknown.append("id")
    new = None if after is None else write(after, options.unknown, options.expressions, options.sensitive)
    old_sensitive = [path for path in options.sensitive if before and parse_path(path)[0] in before]
    old = None if before is None else write(before, (), {}, old_sensitive)
    entry: dict[str, Any] = {
        "address": address,
        "mode": mode,
        "type": type_,
        "name": name,
        "provider_name": f"registry.terraform.io/hashicorp/{type_.partition('_')[0]}",
        "change": {
            "actions": actions,
            "before": None if old is None else old.value,
            "after": None if new is None else new.value,
            "after_unknown": {} if new is None else new.unknown,
            "before_sensitive": False if old is None else old.sensitive,
            "after_sensitive": False if new is None else new.sensitive,
        },
    }
    if modules:
        entry["module_address"] = module_address(modules)
    if index is not None:
        entry["index"] = index
    return Example(entry, None if new is None else _configured(entry, new, options))


def _configured(entry: dict[str, Any], new: Written, options: _Options) -> dict[str, Any]:
    """The resource in the configuration."""
    mode, type_, name = entry["mode"], entry["type"], entry["name"]
    expressions = {
        k: v
        for k, v in new.expressions.items()
        if k not in options.dynamic and (k not in _COMPUTED or "references" in v)  # of a topic's policy, arn is written
    }
    made: dict[str, Any] = {
        "address": ("data." if mode == "data" else "") + f"{type_}.{name}",
        "mode": mode,
        "type": type_,
        "name": name,
        "provider_config_key": options.provider or type_.partition("_")[0],
        "expressions": expressions,
        "schema_version": 0,
    }
    if "index" in entry:
        which = "count_expression" if isinstance(entry["index"], int) else "for_each_expression"
        made[which] = {"references": ref(options.for_each).names} if options.for_each else {}
    if options.provisioners:
        made["provisioners"] = [{"type": kind} for kind in options.provisioners]
    return made


def plan(
    *changes: Example,
    providers: Mapping[str, Mapping[str, Any]] | None = None,
    modules: Mapping[str, Mapping[str, Any]] | None = None,
    **sections: Any,
) -> Plan:
    """The plan with these changes, read from a document as `check` reads one.

    `providers` are the arguments of provider configurations, `{"aws": {"region": "eu-west-1"}}`. `modules` say
    how a module is called, `{"module.a": {"source": "./a", "variables": {"key": ref("aws_kms_key.k.arn")},
    "outputs": {"id": ref("aws_s3_bucket.b.id")}}}`, its address without instance keys. Other sections of the
    document by name: `variables=`, `timestamp=`, `complete=False`. Raises PlanError as reading does.
    """
    made = document([(c.entry, c.configured) for c in changes], providers or {}, modules or {})
    made.update(deepcopy(sections))
    data = json.dumps(made).encode()
    return read(data, "the example", allow_incomplete=bool(made.get("deferred_changes")) or made["complete"] is False)
