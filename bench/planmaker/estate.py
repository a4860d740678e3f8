"""Makes the instances of an estate one after the other and hands every piece of the document to its spool."""

from __future__ import annotations

from random import Random
from typing import Any

from planmaker.actions import Dealer
from planmaker.blueprints import Group, Role, layout
from planmaker.configuration import Configuration
from planmaker.context import Context, Instance, Type
from planmaker.encode import UNKNOWN, dumps, known_part, sensitive_mask, unknown_mask
from planmaker.spool import Spools, path_address, sort_key
from planmaker.values import depends_on, expressions, plan_existing, plan_new, relevant, resolve

_PROVIDERS = {
    "aws": "registry.terraform.io/hashicorp/aws",
    "random": "registry.terraform.io/hashicorp/random",
}
_ACTIONS = {
    "no-op": '["no-op"]', "create": '["create"]', "update": '["update"]', "delete": '["delete"]',
    "replace": '["delete","create"]', "replace create first": '["create","delete"]',
}  # fmt: skip


class Estate:
    """count resources of one profile (`mixed` or `create`), the same for the same seed."""

    def __init__(self, count: int, seed: int, profile: str, spools: Spools) -> None:
        self.left = count
        self.create_only = profile == "create"
        self.rng = Random(seed)
        self.dealer = Dealer(Random(seed + 1))
        self.spools = spools
        self.configuration = Configuration()
        self.foundation: dict[str, list[Instance]] = {}
        self.relevant: dict[tuple[str, str], None] = {}
        self.checks: list[str] = []
        self.outputs: list[tuple[str, bool, Any, Any, list[str]]] = []

    def make(self) -> None:
        for group in layout(self.rng):
            if self.left <= 0:
                return
            self._group(group)

    def _group(self, group: Group) -> None:
        context = Context(self.rng, group.base, group.slug, group.number, self.foundation, in_module=bool(group.path))
        first = not self.foundation
        if first:
            self.foundation = context.foundation = context.built
        size = min(group.size, self.left)
        whole = "create" if self.create_only else None if first else self.dealer.whole_group(size)
        if whole == "delete" and len(group.path) == 2:
            whole = None  # would leave half a platform behind: its module call stays
        arguments: dict[str, Any] = {}
        for role in group.roles:
            for key in role.keys:
                if self.left <= 0:
                    break
                self.left -= 1
                self._instance(group, context, role, key, whole, first, arguments)
        if not any(instance.planned for made in context.built.values() for instance in made):
            return
        self.configuration.call(group.path, group.base, context.shared_used, arguments)
        self._output(group, context)

    def _allowed(self, group: Group, role: Role, key: int | str | None, first: bool) -> tuple[str, ...]:
        if first:
            return ("update",)
        if not role.leaf:
            return ("update", "replace")
        if role.keys == (None,):
            # One of several instances of a module cannot lose a block that the others keep.
            return ("create", "update", "replace", "delete") if group.alone else ("update", "replace")
        return ("create", "update", "replace", "delete") if key == role.keys[-1] else ("update", "replace")

    def _instance(
        self, group: Group, context: Context, role: Role, key: int | str | None, whole: str | None,
        first: bool,
        arguments: dict[str, Any],
    ) -> None:  # fmt: skip
        kind = role.kind
        name = role.name if group.path else f"{group.base}-{role.name}".replace("-", "_")
        local = f"{kind.name}.{name}"
        module = path_address(group.path)
        address = f"{module}.{local}" if module else local
        block = "".join(f"module.{call}." for call, _ in group.path) + local
        if key is not None:
            address += f"[{dumps(key)}]"
        instance = Instance(local, block, address, key)
        context.built.setdefault(role.name, []).append(instance)
        context.enter(role.name, key)
        made: dict[str, Any] = kind.build(context)
        action = whole or self.dealer.one(self._allowed(group, role, key, first))
        forcing: list[str] = []
        if action == "create":
            instance.planned = plan_new(kind, made)
        elif action == "delete":
            instance.now = resolve(made, planned=False)
        else:
            action, instance.now, instance.planned, forcing = plan_existing(
                kind, made, action, role.leaf, self.dealer.total
            )
        self.dealer.record(action, whole is not None)
        if action != "delete":
            written = expressions(kind, made, instance.planned, context, arguments)
            self.configuration.block(group.path, kind, name, key, written)
            if action != "no-op":
                self.relevant.update(dict.fromkeys(relevant(made)))
        self._write(group, role, instance, action, forcing, name, made, whole is not None)

    def _write(
        self, group: Group, role: Role, instance: Instance, action: str, forcing: list[str], name: str,
        made: dict[str, Any], whole: bool,
    ) -> None:  # fmt: skip
        kind, key, serial = role.kind, instance.key, self.dealer.total
        index = "" if key is None else f'"index":{dumps(key)},'
        here = f'"address":{dumps(instance.address)},'
        who = (
            f'"mode":"managed","type":"{kind.name}","name":"{name}",{index}'
            f'"provider_name":"{_PROVIDERS[kind.provider]}",'
        )
        order = (sort_key(group.path), kind.name, name, sort_key(((("", key)),)))
        before = "null" if action == "create" else dumps(instance.now)
        before_mask = "false" if action == "create" else dumps(sensitive_mask(instance.now, kind.sensitive))
        after, unknown, after_mask = before, "{}", before_mask
        if action == "delete":
            after, after_mask = "null", "false"
        elif action != "no-op":
            known = known_part(instance.planned)
            after, after_mask = dumps(known), dumps(sensitive_mask(known, kind.sensitive))
            if known != instance.planned:
                unknown = dumps(unknown_mask(instance.planned))
        values = f'{{{here}{who}"schema_version":{kind.schema_version},"values":'
        if action != "delete":
            text = f'{values}{after},"sensitive_values":{after_mask}}}'
            self.spools.planned.add(group.path, order, text)
        if action != "create":
            depends = depends_on(made)
            tail = f',"depends_on":{dumps(depends)}}}' if depends else "}"
            self.spools.prior.add(group.path, order, f'{values}{before},"sensitive_values":{before_mask}{tail}')
        module = path_address(group.path)
        place = f'"module_address":{dumps(module)},' if module else ""
        moved = imported = ""
        if action == "no-op" and serial % 331 == 0:
            moved = f'"previous_address":{dumps(instance.address.replace(name, name + "_old", 1))},'
        elif action == "no-op" and serial % 457 == 0 and isinstance(instance.now.get("id"), str):
            imported = f',"importing":{{"id":{dumps(instance.now["id"])}}}'
        actions = _ACTIONS["replace create first" if action == "replace" and serial % 10 < 3 else action]
        paths = f',"replace_paths":{dumps([[path] for path in forcing])}' if forcing else ""
        change = (
            f'{{"actions":{actions},"before":{before},"after":{after},"after_unknown":{unknown},'
            f'"before_sensitive":{before_mask},"after_sensitive":{after_mask}{paths}{imported}}}'
        )
        reason = self._reason(group, key, action, forcing, whole)
        self.spools.changes.add((), order, f'{{{here}{moved}{place}{who}"change":{change}{reason}}}')
        if action in ("no-op", "update") and serial % 211 == 0 and "tags" in instance.now:
            drifted = dumps({**instance.now, "tags": None, "tags_all": {}})
            drift = (
                f'{{"actions":["update"],"before":{drifted},"after":{before},"after_unknown":{{}},'
                f'"before_sensitive":{before_mask},"after_sensitive":{before_mask}}}'
            )
            self.spools.drift.add((), order, f'{{{here}{place}{who}"change":{drift}}}')
        if action != "delete" and key is None and serial % 97 == 0:
            self._check(kind, name, instance, module, action)

    def _reason(self, group: Group, key: int | str | None, action: str, forcing: list[str], whole: bool) -> str:
        if action == "replace":
            return f',"action_reason":"replace_because_{"cannot_update" if forcing else "tainted"}"'
        if action != "delete":
            return ""
        if whole:
            reason = "no_module" if group.path else "no_resource_config"
        elif key is None:
            reason = "no_resource_config"
        else:
            reason = "each_key" if isinstance(key, str) else "count_index"
        return f',"action_reason":"delete_because_{reason}"'

    def _check(self, kind: Type, name: str, instance: Instance, module: str, action: str) -> None:
        status = "unknown" if action in ("create", "replace") else "pass"
        place = {"module": module} if module else {}
        checked = {"kind": "resource", "mode": "managed", "name": name, "to_display": instance.address,
                   "type": kind.name, **place}  # fmt: skip
        one = {"address": {"to_display": instance.address, **place}, "status": status}
        self.checks.append(dumps({"address": checked, "instances": [one], "status": status}))

    def _output(self, group: Group, context: Context) -> None:
        """One root output for every third group outside nested modules: an id, or a password."""
        if len(group.path) > 1 or not group.alone or group.number % 3:
            return
        secret = group.blueprint == "database" and "password" in context.built
        made = context.built["password"] if secret else next(iter(context.built.values()))
        instance, attribute = made[0], "result" if secret else "id"
        planned = instance.planned.get(attribute, UNKNOWN)
        name = f"{group.base}-{attribute}".replace("-", "_")
        if group.path:
            call = group.path[0][0]
            written = [f"module.{call}.{attribute}", f"module.{call}"]
            self.configuration.output(group.path, attribute, instance, secret)
        else:
            written = [f"{instance.local}.{attribute}", instance.local]
        self.outputs.append((name, secret, instance.now.get(attribute), planned, written))
