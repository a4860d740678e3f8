"""What a resource type may ask while it makes up one instance: names, ids, tags and other resources."""

from __future__ import annotations

import zlib
from random import Random
from typing import Any

ACCOUNT = "123456789012"
REGION = "eu-west-1"
ENVIRONMENT = "production"
DEFAULT_TAGS = {"Environment": ENVIRONMENT, "ManagedBy": "terraform"}


class Type:
    """One resource type of the catalogue; attribute lists are given as words in one string.

    build: makes the values of an existing object; computed: not known before the apply; settable: what stands
    in the configuration; force_new: a change of these replaces; update, replace: (attribute, values to take
    in turn); sensitive: marks as `encode.sensitive_mask` wants them.
    """

    __slots__ = (
        "build", "computed", "force_new", "name", "provider", "replace", "schema_version", "sensitive",
        "settable", "update",
    )  # fmt: skip

    def __init__(
        self, name: str, build: Any, *, computed: str = "id", settable: str = "", force_new: str = "",
        update: tuple[str, tuple[Any, ...]] | None = None, replace: tuple[str, tuple[Any, ...]] | None = None,
        sensitive: Any = None, schema_version: int = 0,
    ) -> None:  # fmt: skip
        self.name = name
        self.build = build
        self.provider = name.partition("_")[0]
        self.computed = frozenset(computed.split())
        self.settable = tuple(sorted(settable.split()))
        self.force_new = frozenset(force_new.split())
        self.update = update
        self.replace = replace
        self.sensitive = sensitive
        self.schema_version = schema_version


class Ref:
    """A value taken from another resource: now, as planned, and how the configuration says it."""

    __slots__ = ("attribute", "now", "planned", "references", "target")

    def __init__(self, target: Instance, attribute: str, references: list[str]) -> None:
        self.now = target.now.get(attribute)
        self.planned = target.planned.get(attribute)
        self.references = references
        self.target = target
        self.attribute = attribute


class Instance:
    """One instance of a block that has been made: what others may refer to.

    local: `type.name`; block: the same with the path of its module in the configuration; now,
    planned: values,
    `planned` with UNKNOWN where Terraform would not know them.
    """

    __slots__ = ("address", "block", "key", "local", "now", "planned")

    def __init__(self, local: str, block: str, address: str, key: int | str | None) -> None:
        self.local = local
        self.block = block
        self.address = address
        self.key = key
        self.now: dict[str, Any] = {}
        self.planned: dict[str, Any] = {}


class Context:
    """The view of one instance on its group; `base` names the group, `slug` the module instance."""

    __slots__ = (
        "base", "built", "choice", "foundation", "in_module", "key", "number", "role", "rng", "shared_used",
        "slug", "tags",
    )  # fmt: skip

    def __init__(
        self, rng: Random, base: str, slug: str, number: int, foundation: dict[str, list[Instance]],
        in_module: bool,
    ) -> None:  # fmt: skip
        self.rng = rng
        self.base = base
        self.slug = slug
        self.number = number
        self.built: dict[str, list[Instance]] = {}
        self.foundation = foundation
        self.in_module = in_module
        self.shared_used: dict[str, list[str]] = {}
        self.role = ""
        self.key: int | str | None = None
        self.choice = 0
        self.tags = {
            "CostCenter": f"cc-{1000 + number % 90}",
            "Owner": base.partition("-")[0],
        }

    def enter(self, role: str, key: int | str | None) -> None:
        self.role = role
        self.key = key
        self.choice = zlib.crc32(f"{self.base}/{role}".encode())

    @property
    def name(self) -> str:
        base = f"{ENVIRONMENT[:4]}-{self.slug}-{self.role.replace('_', '-')}"
        return base if self.key is None else f"{base}-{self.key}"

    def pick(self, *choices: Any) -> Any:
        """The same for every instance of a block, as a written argument is."""
        self.choice = (self.choice * 2654435761 + 12345) & 0xFFFFFFFFFFFF
        return choices[(self.choice >> 16) % len(choices)]

    def hex(self, digits: int) -> str:
        return f"{self.rng.getrandbits(4 * digits):0{digits}x}"

    def aws_id(self, prefix: str) -> str:
        return f"{prefix}-0{self.rng.getrandbits(64):016x}"

    def arn(self, service: str, rest: str) -> str:
        return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"

    def tagged(self) -> dict[str, Any]:
        tags = {"Name": self.name, **self.tags}
        return {"tags": tags, "tags_all": {**DEFAULT_TAGS, **tags}}

    def ref(self, role: str, attribute: str) -> Ref:
        """Of another role of the same group: the instance with the same key, else the first."""
        targets = self.built[role]
        target = targets[0]
        for candidate in targets:
            if candidate.key == self.key:
                target = candidate
        local = target.local
        if target.key is None:
            references = [f"{local}.{attribute}", local]
        elif target.key == self.key:
            references = [local, "each.key" if isinstance(target.key, str) else "count.index"]
        else:
            step = f'{local}["{target.key}"]' if isinstance(target.key, str) else f"{local}[{target.key}]"
            references = [f"{step}.{attribute}", step, local]
        return Ref(target, attribute, references)

    def shared(self, role: str, attribute: str) -> Ref:
        """Of the foundation in the root module; a module gets it through a variable."""
        targets = self.foundation[role]
        target = targets[self.number % len(targets)]
        if target.key is None:
            direct = [f"{target.local}.{attribute}", target.local]
        else:
            step = f'{target.local}["{target.key}"]'
            direct = [f"{step}.{attribute}", step, target.local]
        if not self.in_module:
            return Ref(target, attribute, direct)
        variable = f"{role}_{attribute}"
        self.shared_used[variable] = direct
        return Ref(target, attribute, [f"var.{variable}"])
