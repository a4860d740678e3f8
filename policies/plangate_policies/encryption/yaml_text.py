"""YAML texts within attributes, strictly: what two readers could read differently is not read."""

from __future__ import annotations

from typing import Any

import yaml

# Characters; AWS Systems Manager takes documents of 64 KB ("Service quotas for Systems Manager").
MAX_LENGTH = 64 * 1024
_BRACKETS = 1000


class NotRead(Exception):
    """It may be YAML, and its meaning depends on the reader: a key twice, merged mappings, a tag, an odd key; or it has
    more brackets than any document of a service."""


class _Loader(yaml.SafeLoader):
    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            raise NotRead  # merged again and again, a few lines grow without end

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(found) != len(node.value):
            raise NotRead
        return found


def load(text: str) -> Any:
    """The value of a YAML text. Raises NotRead, and ValueError for what is no YAML, or longer than a service takes."""
    if len(text) > MAX_LENGTH:
        raise ValueError("too long")
    if text.count("[") + text.count("{") > _BRACKETS:
        raise NotRead  # each open one is looked at for every word behind it
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader, and stricter
    except (yaml.constructor.ConstructorError, LookupError, ArithmeticError, AttributeError):
        raise NotRead from None  # the last three: a tag or a number of which the loader can make nothing
    except (yaml.YAMLError, RecursionError):
        raise ValueError("no YAML") from None
