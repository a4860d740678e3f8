"""The places in a plan that a row's path names, also in blocks of names and values and in texts of JSON or YAML.

encrypted                               an attribute
rule[*].kms                             of every block
parameter[name=rds.force_ssl].value     of the block with that name
configuration{}.Encryption.AtRest       in the JSON or YAML text of an attribute
metadata[*].annotations["a.b/c"]        under that key of a map
"""

from __future__ import annotations

import json

from plangate import ABSENT, Block, Items, is_unknown
from plangate_policies.tables import values_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Spot = tuple[str, Any, bool]


UNREAD = object()  # a text that is there, and whose meaning depends on who reads it


def spots(body: Any, path: str) -> list[Spot]:
    """(concrete path, value, whether its block is there) for each; see `tables.values_at`."""
    if "{}." in path:
        outer, _, inner = path.partition("{}.")
        return [one for spot in values_at(body, outer) for one in _in_text(*spot, inner)]
    if path.endswith('"]'):
        outer, _, key = path[:-2].partition('["')
        return [_under(*spot, key) for spot in values_at(body, outer)]
    if "=" in path:
        before, _, rest = path.partition("=")
        block, _, key = before.rpartition("[")
        name, _, leaf = rest.rpartition("].")
        return [one for spot in values_at(body, block) for one in _named(*spot, key, name, leaf)]
    return values_at(body, path)


def _named(path: str, blocks: Any, there: bool, key: str, name: str, leaf: str) -> list[Spot]:
    if is_unknown(blocks) or not isinstance(blocks, Items):
        return [(path, blocks if is_unknown(blocks) else ABSENT, there)]
    unknown = None
    for i in range(len(blocks)):
        block = blocks[i]
        if not isinstance(block, Block):
            continue
        named = block[key]
        if is_unknown(named):
            unknown = named
        elif named == name:
            return [(f"{path}[{i}].{leaf}", block.at(leaf), True)]
    return [(path, ABSENT, True) if unknown is None else (path, unknown, False)]


def _under(path: str, found: Any, there: bool, key: str) -> Spot:
    value = found[key] if isinstance(found, Block) else found if is_unknown(found) else ABSENT
    return (f'{path}["{key}"]', value, there and not is_unknown(found))


def _in_text(path: str, text: Any, there: bool, inner: str) -> list[Spot]:
    if not isinstance(text, str) or not text:
        return [(path, text, there and not is_unknown(text))]
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = _yaml(text)
    if value is None:
        return [(path, ABSENT, there)]  # nothing stands there that could be right
    for word in inner.split(".") if value is not UNREAD else ():
        value = value.get(word) if isinstance(value, dict) else None
    return [(path, None if value in ([], {}) else value, True)]


def _yaml(text: str) -> Any:
    """What a text that is no JSON says as YAML; None if it is none either."""
    if text not in _read:
        from .yaml_text import NotRead, load  # few plans have such a text

        if len(_read) >= _KEPT:
            _read.clear()
        try:
            _read[text] = load(text)
        except NotRead:
            _read[text] = UNREAD
        except ValueError:
            _read[text] = None
    return _read[text]


_read: dict[str, Any] = {}  # several rows ask of one text, and to read it takes long
_KEPT = 64
