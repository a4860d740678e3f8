"""Real losses: of every type of stateful.jsonl one that is deleted, one that is replaced and one that is forgotten,
with what its state may say about that; and guards and parts with what they belong to.
"""

from __future__ import annotations

from typing import Any

from ..real import Body  # noqa: TID252 - the tests are no package
from .real_cases import Case, Made, Resource, Schemas, aws_rows, whole
from .rowcases import key

DELETE, REPLACE, FORGOTTEN = "stateful-delete", "stateful-replace", "stateful-forgotten"
REFUSED = "delete-will-fail"
NO_COPY = "No last copy is made"


def base(type_: str) -> str:
    """The address of the resource whose state others of its type have, too."""
    return f"{type_}.{type_}"


def bases(schemas: Schemas) -> list[Resource]:
    """One of every type that is lost, guarded or part of something."""
    types = {row["type"] for name in ("stateful", "guards", "parts") for row in aws_rows(name)}
    types |= {row["guard"] for row in aws_rows("guards")} | {row["whole"] for row in aws_rows("parts")}
    return [Resource(base(type_), whole(schemas, type_), fate="new") for type_ in sorted(types)]


# -- stateful ---------------------------------------------------------------------------------------------


def stateful(schemas: Schemas) -> Made:
    """Every type deleted, replaced (tainted, or as -replace asks) and forgotten; and what its state says about it."""
    resources: list[Resource] = []
    cases: list[Case] = []
    for number, row in enumerate(aws_rows("stateful")):
        type_, like = row["type"], base(row["type"])
        gone, made_anew, left = (f"{type_}.{name}" for name in ("deleted", "replaced", "forgotten"))
        after = whole(schemas, type_)
        resources += [
            Resource(gone, like=like),
            Resource(made_anew, like=like, after=after, fate="tainted" if number % 2 else "requested"),
            Resource(left, like=like, fate="forgotten"),
        ]
        lost = row["severity"]
        again = row.get("on_replace", lost)
        said = "pass" if lost == "info" else "fail"
        cases += [
            Case(DELETE, key(row), "deleted", gone, "fail", severity=lost),
            Case(DELETE, key(row), "forgotten", left, "pass"),
            Case(REPLACE, key(row), "replaced", made_anew, "fail" if again else "pass", severity=again),
            Case(REPLACE, key(row), "deleted", gone, "pass"),
            Case(FORGOTTEN, key(row), "forgotten", left, said),
            Case(FORGOTTEN, key(row), "deleted", gone, "pass"),
        ]
        if "create_first" in row:
            first = f"{type_}.replaced_first"
            lifecycle = {"lifecycle": {"create_before_destroy": True}}
            resources.append(Resource(first, like=like, after={**after, **lifecycle}, fate="tainted"))
            found = {"outcome": "fail", "severity": row["create_first"]}
            cases.append(Case(REPLACE, key(row), "created first", first, **found))
        for made in (_states(schemas, row), _last_copies(schemas, row), _left_behind(schemas, row)):
            resources += made[0]
            cases += made[1]
    return resources, cases


def _deleted(row: dict[str, Any], name: str, told: Body) -> Resource:
    return Resource(f"{row['type']}.{name}", like=base(row["type"]), told=told)


def _conditions(schemas: Schemas, row: dict[str, Any], word: str) -> list[dict[str, Any]]:
    return [condition for condition in row.get(word, ()) if known(schemas, row["type"], condition)]


def known(schemas: Schemas, type_: str, condition: dict[str, Any]) -> bool:
    """Whether the tested provider has the attribute of a condition: some are of a later one."""
    block = schemas[type_]["block"]
    return condition["path"].partition("[")[0] in {*block["attributes"], *block.get("block_types", {})}


def _states(schemas: Schemas, row: dict[str, Any]) -> Made:
    """Deletes that are refused by what the state says, and one that nothing stands against."""
    resources, cases, free = [], [], {}
    for number, condition in enumerate([c for w in ("stops", "holds") for c in _conditions(schemas, row, w)]):
        path, value = condition["path"], condition["values"][0]
        refused = _deleted(row, f"refused_{number}", {path: value})
        resources.append(refused)
        severity = "low" if condition in row.get("holds", ()) else None
        cases.append(Case(REFUSED, key(row), f"{path} on", refused.address, "fail", severity=severity, path=path))
        free[path] = not value if isinstance(value, bool) else "INACTIVE"
    unnamed = row.get("unnamed")
    if unnamed is not None:
        told = {unnamed["skip"]: False, unnamed["path"]: None}
        resources.append(_deleted(row, "unnamed", told | free))
        cases.append(Case(REFUSED, key(row), "unnamed", resources[-1].address, "fail", path=unnamed["path"]))
        free |= {unnamed["skip"]: False, unnamed["path"]: "last"}
    if free:
        resources.append(_deleted(row, "free", free))
        cases.append(Case(REFUSED, key(row), "free", resources[-1].address, "pass"))
    return resources, cases


def _last_copies(schemas: Schemas, row: dict[str, Any]) -> Made:
    resources, cases = [], []
    for number, condition in enumerate(_conditions(schemas, row, "no_copy")):
        block, _, inner = condition["path"].partition("[*].")
        value = None if condition.get("empty") else condition["values"][0]
        resources.append(_deleted(row, f"uncopied_{number}", {block: [{inner: value}] if inner else value}))
        found = {"severity": row["severity"], "says": NO_COPY}
        cases.append(Case(DELETE, key(row), f"{condition['path']} off", resources[-1].address, "fail", **found))
    return resources, cases


def _left_behind(schemas: Schemas, row: dict[str, Any]) -> Made:
    resources, cases = [], []
    for number, condition in enumerate(_conditions(schemas, row, "stays")):
        resources.append(_deleted(row, f"left_{number}", {condition["path"]: condition["values"][0]}))
        address, kind = resources[-1].address, f"{condition['path']} on"
        cases.append(Case(DELETE, key(row), kind, address, "pass"))
        cases.append(Case(FORGOTTEN, key(row), kind, address, "fail"))
    return resources, cases


# -- guards and parts -------------------------------------------------------------------------------------


def guards(schemas: Schemas) -> Made:
    """Each guard deleted while what it protects stays; kept; deleted with it; and one that did not guard, deleted."""
    resources: list[Resource] = []
    cases: list[Case] = []
    for number, row in enumerate(aws_rows("guards")):
        kinds = [("unguarded", "fail"), ("guarded", "pass"), ("both_gone", "not judged")]
        kinds += [("never_guarded", "pass")] if "if_any" in row else []
        for kind, outcome in kinds:
            name = f"{kind}_{number}"
            told, shown = _identity(schemas, row["type"], name, row["by"])
            protected = f"{row['type']}.{name}"
            stays = {**whole(schemas, row["type"]), "lifecycle": {"ignore_changes": "all"}}
            after = None if kind == "both_gone" else stays
            resources.append(Resource(protected, like=base(row["type"]), told=told, after=after))
            guard = {row["by"]: shown}
            for condition in row.get("if_any", ()):
                block, _, inner = condition["path"].partition("[*].")
                value = _off(condition["values"][0]) if kind == "never_guarded" else condition["values"][0]
                guard[block] = [{inner: value}] if inner else value
            kept = {**whole(schemas, row["guard"]), "lifecycle": {"ignore_changes": "all"}}
            after = kept if kind == "guarded" else None
            resources.append(Resource(f"{row['guard']}.{name}", like=base(row["guard"]), told=guard, after=after))
            severity = row["severity"] if outcome == "fail" else None
            cases.append(Case(row["policy"], key(row), kind, protected, outcome, severity=severity))
    return resources, cases


def _off(value: Any) -> Any:
    return not value if isinstance(value, bool) else "Disabled" if value == "Enabled" else "DISABLED"


def _identity(schemas: Schemas, type_: str, name: str, by: str) -> tuple[Body, str]:
    """(what the state has for the resource that others name, what they name it by)"""
    has = schemas[type_]["block"]["attributes"]
    words = ("arn", "id", "name") if by.endswith("arn") else ("id", "name", "arn")
    word = next(word for word in words if word in has)
    shown = f"arn:aws:x:eu-west-1:111122223333:{name}" if word == "arn" else name
    return {word: shown}, shown


def parts(schemas: Schemas) -> Made:
    """Each part deleted with its whole: the loss of that tells."""
    resources: list[Resource] = []
    cases: list[Case] = []
    for number, row in enumerate(aws_rows("parts")):
        name, at = f"part_{number}", f"part:{row['type']}:{row['whole']}"
        told, shown = _identity(schemas, row["whole"], name, row["by"])
        resources.append(Resource(f"{row['whole']}.{name}", like=base(row["whole"]), told=told))
        resources.append(Resource(f"{row['type']}.{name}", like=base(row["type"]), told={row["by"]: shown}))
        cases.append(Case(DELETE, at, "with its whole", f"{row['type']}.{name}", "pass"))
        cases.append(Case(DELETE, at, "the whole", f"{row['whole']}.{name}", "fail"))
    return resources, cases
