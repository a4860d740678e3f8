"""The two real plans of all rows: what is before, as new; and what is after, against that as the state."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from .. import real  # noqa: TID252 - the tests are no package
from ..real import Body  # noqa: TID252 - as above
from .real_cases import CHANGES, NEW, Case, Resource, Schemas, aws_rows
from .real_changes import blocks, states, weakening
from .real_losses import bases, guards, parts, stateful

_NAMES = {"id", "arn", "name", "bucket", "identifier", "cluster_identifier"}


def everything(schemas: Schemas) -> tuple[list[Resource], list[Case]]:
    """All resources and cases, in the order of the rows."""
    made = [way(schemas) for way in (weakening, blocks, states, stateful, guards, parts)]
    return bases(schemas) + [one for found in made for one in found[0]], [one for found in made for one in found[1]]


def planned(folder: Path, mirror: Path, schemas: Schemas) -> tuple[list[Case], dict[str, Any]]:
    """The cases, and the plan documents that the real provider makes, by name."""
    resources, cases = everything(schemas)
    real.write(folder / NEW, {"resource": first(resources)})
    new = real.planned(folder / NEW, mirror)
    real.write(folder / CHANGES, then(resources, schemas))
    (folder / CHANGES / "terraform.tfstate").write_text(json.dumps(state(resources, new, schemas)))
    changes = real.planned(folder / CHANGES, mirror, *requested(resources))
    return cases, {NEW: kept(new, cases, NEW), CHANGES: kept(changes, cases, CHANGES)}


def first(resources: list[Resource]) -> Body:
    """What is planned as new."""
    return _by_type({one.address: one.before for one in resources if one.before is not None})


def then(resources: list[Resource], schemas: Schemas) -> Body:
    """The configuration of the second plan."""
    after = {one.address: _ignoring(one, schemas) for one in resources if one.after is not None}
    lifecycle = {"lifecycle": {"destroy": False}}
    removed = [{"from": one.address, **lifecycle} for one in resources if one.fate == "forgotten"]
    return {"resource": _by_type(after), "removed": removed}


def _ignoring(one: Resource, schemas: Schemas) -> Body:
    after = one.after or {}
    if "lifecycle" in after or one.fate in ("tainted", "requested"):
        return after
    return real.ignoring(schemas[one.address.partition(".")[0]]["block"], after)


def _by_type(bodies: dict[str, Body]) -> Body:
    found: Body = dict(real.SOURCE)
    for address, body in bodies.items():
        type_, _, name = address.partition(".")
        found.setdefault(type_, {})[name] = body
    return found


def requested(resources: list[Resource]) -> list[str]:
    """The options of the second plan."""
    return [f"-replace={one.address}" for one in resources if one.fate == "requested"]


def state(resources: list[Resource], new: dict[str, Any], schemas: Schemas) -> Body:
    """The state of the second plan: what the first one makes, for each that it has and those like it."""
    made = {f"{one['type']}.{one['name']}": one for one in real.state(new, schemas, whole=True)["resources"]}
    found = []
    for one in resources:
        if one.fate == "new":
            continue
        like = copy.deepcopy(made[one.like or one.address])
        like["name"] = one.address.partition(".")[2]
        instance = like["instances"][0]
        for name, value in one.told.items():
            instance["attributes"][name] = _merged(instance["attributes"].get(name), value)
        if one.fate == "tainted":
            instance["status"] = "tainted"
        found.append(like)
    return real.state_of(found)


def _merged(was: Any, value: Any) -> Any:
    """Blocks keep what they have besides."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{**(was[0] if was else {}), **value[0]}]
    return value


# -- what is kept -----------------------------------------------------------------------------------------


def kept(document: dict[str, Any], cases: list[Case], name: str) -> dict[str, Any]:
    """The plan with the resources of its cases and what they are joined to, reduced to what the rows read."""
    rows = [row for one in ("weakening", "blocks", "states", "stateful", "guards", "parts") for row in aws_rows(one)]
    read = real.read_by(rows, "block", "skip")
    for row in (*aws_rows("guards"), *aws_rows("parts")):
        for type_ in (row["type"], row.get("guard", row["type"]), row.get("whole", row["type"])):
            read.setdefault(type_, set()).update(_NAMES)
        owner = row.get("guard", row["type"])
        read[owner].add(row["by"])
        read[owner].update(c["path"].partition("[")[0] for c in row.get("if_any", ()))
    wanted = {case.address.partition(".")[2] for case in cases if case.plan == name}
    return real.only(real.reduced(document, read), lambda one: one["name"] in wanted)
