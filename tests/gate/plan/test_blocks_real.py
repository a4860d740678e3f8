"""No block of blocks.jsonl is filled in by the real provider where the block around it is written without it.

One plan with a resource for each block that has listed ones inside: it is written with what it requires, and what is
not in its body has to plan as nothing, but for what blocks_real.json has under `filled_in`, which has to be unknown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from plangate.plan import blocks
from plangate.plan.blocks import only_written

from ...policies import real  # noqa: TID252 - the tests are no package

LISTED: dict[str, list[str]] = {
    row["type"]: row["blocks"]
    for row in map(json.loads, Path(blocks.__file__).with_name("blocks.jsonl").read_text("utf-8").splitlines()[1:])
}
_KEPT: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("blocks_real.json").read_bytes())
FILLED_IN, NEEDED, REFUSED, SLOW = (_KEPT[name] for name in ("filled_in", "needed", "refused", "slow"))


def outer(block: str) -> str:
    return block.rpartition(".")[0]


def name(block: str) -> str:
    return block.replace(".", "-") or "alone"


def around(type_: str) -> list[str]:
    """The blocks of a type, "" for the resource itself, that are planned without those listed inside."""
    found = {outer(block) for block in [*LISTED.get(type_, ()), *FILLED_IN.get(type_, ())]}
    return sorted(found.intersection(SLOW.get(type_, found)).difference(REFUSED.get(type_, ())))


def body(type_: str, schema: real.Schema, block: str) -> real.Body:
    """A body in which a block is written, with what it requires and nothing else."""
    made: real.Body = {}
    if block:
        real.put(schema, made, f"{block}.x", real.MISSING)
    for path, value in NEEDED.get(type_, {}).items():
        if not real.has(made, path):
            real.put(schema, made, path, value)
    real.complete(type_, schema, made)
    repeat(schema, made)
    return made


def repeat(schema: real.Schema, made: real.Body) -> None:
    """Write blocks of which several are required as often as that."""
    for inner, block in schema.get("block_types", {}).items():
        bodies = made.get(inner)
        if isinstance(bodies, list) and bodies:
            bodies += [bodies[0]] * (block.get("min_items", 0) - len(bodies))
        for one in bodies if isinstance(bodies, list) else []:
            repeat(block["block"], one)


def planned(value: Any, mask: Any, block: list[str]) -> list[str]:
    """What is planned for a block, in each of those around it: "unknown", "written" or "nothing"."""
    if mask is True:
        return ["unknown"]
    if isinstance(value, list) and block:
        masks = mask if isinstance(mask, list) else [{}] * len(value)
        return [one for inner, its in zip(value, masks, strict=True) for one in planned(inner, its, block)]
    if not block:
        return ["written" if value or mask else "nothing"]
    inner, its = ({} if tree in (None, False) else tree for tree in (value, mask))
    return planned(inner.get(block[0]), its.get(block[0]), block[1:]) if inner or its else []


def test_what_the_provider_fills_in_is_not_listed() -> None:
    assert only_written("aws_emr_cluster", ("core_instance_fleet", 0, "instance_type_configs"))
    found = [
        (t, block) for t, several in FILLED_IN.items() for block in several if only_written(t, (*block.split("."),))
    ]
    assert found == []


def test_half_a_surrogate_pair_names_nothing() -> None:
    assert not only_written("aws_emr_cluster", ("\ud800",))
    assert not only_written("aws_\ud800", ("setting",))


def test_the_provider_fills_in_none_that_is_listed(aws: Path, schemas: dict[str, real.Schema], tmp_path: Path) -> None:
    made = {
        (type_, name(block)): body(type_, schemas[type_]["block"], block)
        for type_ in sorted({*LISTED, *FILLED_IN})
        for block in around(type_)
    }
    resources: dict[str, dict[str, real.Body]] = {}
    for (type_, label), one in made.items():
        resources.setdefault(type_, {})[label] = one
    real.write(tmp_path / "plan", {"resource": {**real.SOURCE, **resources}})
    document = real.planned(tmp_path / "plan", aws)
    changes = {(c["type"], c["name"]): c["change"] for c in document["resource_changes"]}

    wrong, looked = [], 0
    for type_ in sorted(resources):
        for block in [*LISTED.get(type_, ()), *FILLED_IN.get(type_, ())]:
            key = (type_, name(outer(block)))
            if key not in made or real.has(made[key], block):
                continue
            told = set(planned(changes[key]["after"], changes[key]["after_unknown"], block.split(".")))
            looked += len(told)
            if told - ({"unknown"} if block in FILLED_IN.get(type_, ()) else {"nothing"}):
                wrong.append((type_, block, told))
    assert wrong == []
    assert looked > 2000
