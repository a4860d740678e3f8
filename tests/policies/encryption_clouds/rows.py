"""Bodies and plans made from the rows of the Azure, Google and Kubernetes tables.

No provider made these plans: they are built from the schemas' facts, one attribute of a row at a time.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import plangate_policies
from plangate.testing import Verdicts, create, judge, plan, ref
from plangate_policies import POLICIES

Row = dict[str, Any]
CLOUDS = ("azurerm", "google", "kubernetes")
FOLDER = Path(plangate_policies.__file__).parent / "encryption"
ROWS: list[Row] = [
    json.loads(line) for cloud in CLOUDS for line in (FOLDER / f"{cloud}.jsonl").read_text().splitlines()[1:]
]
ENTRIES: dict[str, Row] = {
    entry["id"]: entry
    for cloud in CLOUDS
    for entry in json.loads((FOLDER / f"{cloud}.policies.json").read_bytes())["policies"]
}
BY_ID = {p.id: p for p in POLICIES}
OUTCOME = {"wrong": "fail", "right": "pass", "depends": "unknown"}
MISSING = object()


def name(row: Row) -> str:
    return f"{row['policy']}:{row['type']}.{row['path']}"


def rows_of(policy: str, type: str) -> list[Row]:
    return [row for row in ROWS if row["policy"] == policy and row["type"] == type]


def settings(policy: str) -> dict[str, Any]:
    """What makes an opt-in policy judge."""
    made = BY_ID["encryption/" + policy]
    return {word: True for word in ("require_cmk", "required") if word in made.settings}


def _text(pattern: str) -> str:
    return pattern.replace("*", "a.example")


def right(row: Row) -> Any:
    values = row.get("values", [None])
    return {
        "true": True,
        "false": False,
        "set": "a-key",
        "one_of": _text(str(values[0])),
        "none_of": "something-new",
        "excludes": ["something-new"],
        "at_least": values[0],
        "seconds_within": f"{values[-1]}s",
    }[row["op"]]


def wrong(row: Row) -> Any:
    """A value that is wrong, MISSING where only absence can be."""
    values = row.get("values", [0])
    return {
        "true": False,
        "false": True,
        "set": MISSING,
        "one_of": "SOMETHING-ELSE",
        "none_of": values[0],
        "excludes": ["something-new", _text(str(values[0]))],
        "at_least": values[0] - 1 if row["op"] == "at_least" else 0,
        "seconds_within": f"{values[-1] + 1}s" if row["op"] == "seconds_within" else "",
    }[row["op"]]


def _words(path: str) -> list[str]:
    """`a[*].b["c.d"]` as a, *, b, c.d: the steps of a path, `*` for the first block of a list."""
    outer, _, key = path.removesuffix('"]').partition('["')
    found: list[str] = []
    for word in outer.split("."):
        found += [word[:-3], "*"] if word.endswith("[*]") else [word]
    return found + ([key] if key else [])


def put(body: Row, path: str, value: Any) -> None:
    """Writes a value at a row's path; MISSING takes it away."""
    if "=" in path:
        block, _, rest = path.partition("[")
        named, _, leaf = rest.partition("].")
        key, _, word = named.partition("=")
        here = body.setdefault(block, [{key: word}])[0]
        put(here, leaf, value)
        return
    *steps, leaf = _words(path)
    here: Any = body
    for at, step in enumerate(steps):
        after = steps[at + 1] if at + 1 < len(steps) else leaf
        if step == "*":
            here = here[0]
        else:
            here = here.setdefault(step, [{}] if after == "*" else {})
    if value is MISSING:
        here.pop(leaf, None)
    else:
        here[leaf] = value


def concrete(row: Row) -> str:
    path = str(row["path"]).replace("[*]", "[0]")
    before, equals, rest = path.partition("=")
    return f"{before.rpartition('[')[0]}[0].{rest.partition('].')[2]}" if equals else path


def block(row: Row) -> str:
    """The outermost block of a row's path, "" where there is none."""
    outer, bracket, rest = str(row["path"]).partition("[")
    return outer if bracket and not rest.startswith('"') else ""


def meet(body: Row, condition: Row, type: str) -> list[Any]:
    """Writes into the body what makes a condition hold; gives the resources that it needs besides."""
    if "companion" in condition:
        child: Row = {condition["by"]: ref(f"{type}.x.id")}
        if "path" in condition:
            put(child, condition["path"], condition.get("values", ["a-key"])[0])
        return [create(f"{condition['companion']}.c", child)]
    put(body, condition["path"], condition["values"][0] if "values" in condition else "something")
    return []


def base(row: Row) -> tuple[Row, list[Any]]:
    """A body in which all rows of this policy and type are right, and the resources it needs besides."""
    body: Row = {}
    others: list[Any] = []
    for other in rows_of(row["policy"], row["type"]):
        if other["op"] != "joined":
            put(body, other["path"], right(other))
        for condition in other.get("only_if", ()):
            if condition["path" if "path" in condition else "companion"] != other["path"].partition("[")[0]:
                others += meet(body, condition, other["type"])
    return body, others


def judged(row: Row, body: Row, others: list[Any], **options: Any) -> Verdicts:
    made = BY_ID["encryption/" + row["policy"]]
    changes = plan(create(f"{row['type']}.x", body, **options), *others)
    return judge(made, changes, **settings(row["policy"]))


def said(row: Row, body: Row, others: list[Any], **options: Any) -> str:
    """The outcome for the resource of the row."""
    found: str = judged(row, body, others, **options).outcomes[f"{row['type']}.x"]
    return found
