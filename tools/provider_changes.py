"""What the schemas of providers say of the data of the packs: what there is not, and what is new in a version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from check_data import Data
    from provider_schema import Schemas

GUARDS = re.compile(
    r"deletion_protection\w*|termination_protection|disable_api_termination|skip_final_\w+|force_destroy\w*|force_delete"
    r"|recovery_window\w*|final_snapshot\w*|\w*retention\w*|delete_protection\w*|prevent_destroy"
)
SWITCHES = re.compile(r"(^|.*[._\]])(encrypt\w*|\w*kms_key\w*|\w*_cmek?\w*|sse_\w+|\w*tls_(policy|version)\w*|ssl_\w+)")


def plain(type_: Any, path: str) -> str:
    """`type.path`, as headers and rows are compared."""
    return f"{type_}.{path}".replace("[*]", "")


def against(data: Data, schemas: Schemas) -> Iterator[str]:
    """Types and paths of a file that there are not; a note where the file is also made for another version."""
    known: set[str] = set()
    made_for = {key.rpartition("/")[2]: str(text) for key, text in (data.header.get("_providers") or {}).items()}
    for line, row in data.rows:
        for type_, path in places(row):
            if not schemas.covers(type_) or not _meant(row, schemas.version(type_)):
                continue
            where = f"{data.name}{f':{line}' if line else ''}"
            versions = made_for.get(type_.partition("_")[0], "")
            if versions and str(schemas.version(type_)) not in versions:
                where = f"note: {where} (made for {versions})"
            if type_ not in schemas.types:
                if type_ not in known:
                    yield f"{where}: there is no {type_}"
                known.add(type_)
            elif path and not schemas.has(type_, path):
                yield f"{where}: {type_} has no {path}"


def places(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every (type, path) that a row speaks of."""
    type_ = row.get("type") or row.get("child")
    if not isinstance(type_, str) or "*" in type_:
        return
    block = row.get("path", "").rpartition(".")[0]
    yield type_, str(row.get("path") or row.get("attribute") or row.get("block") or "")
    for other in (*row.get("inherits", ()), *filter(None, [row.get("part_of")])):
        yield type_, other
    if "guard" in row:
        yield row["guard"], row.get("by", "")
    if isinstance(row.get("parent"), str) and "*" not in row["parent"]:
        yield row["parent"], ""
    for one in _conditions(row):
        path = one.get("path", "")
        other = one.get("companion") or one.get("beside")
        if other:
            yield other, one.get("by", "")
            yield other, path
            continue
        of = row.get("guard", type_) if one in row.get("if_any", ()) else one.get("of", {}).get("type", type_)
        yield of, f"{block}{path}".lstrip(".") if path.startswith(".") else path


def _conditions(node: Any) -> Iterator[dict[str, Any]]:
    """The conditions below a row: objects with a path or a companion."""
    for key, value in node.items() if isinstance(node, dict) else ():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                if key != "asks" and ({"path", "companion", "beside"} & item.keys()):
                    yield item
                yield from _conditions(item)


def _meant(row: dict[str, Any], version: str | None) -> bool:
    """Whether a row is about this version of its provider."""
    if version is None:
        return True
    versions = row.get("versions")
    if isinstance(versions, list) and versions and version not in versions:
        return False
    number = _number(version)
    return not ("since" in row and _number(row["since"]) > number) and not (
        "until" in row and _number(row["until"]) < number[: len(_number(row["until"]))]
    )


def _number(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def new_in(schemas: Schemas, tables: dict[str, Data]) -> Iterator[str]:
    """What the schemas have and the tables do not: to be looked at by a person."""
    facts = {
        name: set(_strings(data.header)) | {s for _, r in data.rows for s in _strings(r)}
        for name, data in tables.items()
    }
    stateful = facts.get("gate/plangate/plan/stateful.jsonl", set())
    taggable = facts.get("gate/plangate/plan/taggable.json", set())
    encryption = [data for name, data in tables.items() if "/encryption/" in name]
    told = {plain(row.get("type"), row.get("path", "")) for data in encryption for _, row in data.rows}
    told |= {spot for data in encryption for spot in data.left_out()}
    told |= {spot[:at] for spot in told for at, char in enumerate(spot) if char == "."}  # the blocks on the way
    for type_ in sorted(schemas.types):
        block = schemas.types[type_]
        names = block.get("attributes", {})
        guards = sorted(name for name in names if GUARDS.fullmatch(name))
        if guards and type_ not in stateful:
            yield f"stateful? {type_} has {', '.join(guards)}"
        if {"tags_all", "effective_labels"} & names.keys() and type_ not in taggable:
            yield f"taggable? {type_}"
        switches = [p for p in schemas.attributes(type_) if SWITCHES.fullmatch(p) and plain(type_, p) not in told]
        if switches:
            yield f"encryption? {type_} has {', '.join(switches)}"


def _strings(node: Any) -> Iterator[str]:
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, str):
            yield here
        elif isinstance(here, dict):
            stack += [*here, *here.values()]
        elif isinstance(here, list):
            stack += here
