"""Bodies of resources made from the rows of the encryption tables, for the tests of every row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import plangate_policies
from plangate.testing import ref

FOLDER = Path(plangate_policies.__file__).parent / "encryption"
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted(FOLDER.glob("aws.jsonl"))  # the other clouds' rows are judged in ../encryption_clouds
    for line in path.read_text().splitlines()[1:]
]
MISSING = object()
ANYTHING = [{"a": "b"}]  # set, whatever it is
KEY = "arn:aws:kms:eu-west-1:123456789012:key/k"
Body = dict[str, Any]


def name(row: dict[str, Any]) -> str:
    return f"{row['policy']}:{row['type']}.{row['path']}"


def right(row: dict[str, Any]) -> Any:
    op, values = row["op"], row.get("values", ())
    if op == "at_least":
        return values[0]
    first = str(values[0]).rstrip("*") if values else ""
    return {
        "true": True,
        "false": False,
        "set": KEY,
        "customer_key": KEY,
        "one_of": first,
        "none_of": "something-new",
        "contains": ["x", first],
        "excludes": ["something-new"],
        "subset": [first],
    }[op]


def wrong(row: dict[str, Any]) -> Any:
    """A value that is wrong; MISSING where only absence is."""
    op, values = row["op"], row.get("values", ())
    if op == "at_least":
        return values[0] - 1
    first = str(values[0]).rstrip("*") if values else None
    return {
        "true": False,
        "false": True,
        "set": first or MISSING,
        "customer_key": "alias/aws/x",
        "one_of": "SOMETHING-ELSE",
        "none_of": first,
        "contains": ["SOMETHING-ELSE"],
        "excludes": ["something-new", first],
        "subset": [first, "SOMETHING-ELSE"],
    }[op]


def wrong_type(row: dict[str, Any]) -> tuple[Any, str]:
    """A value of a type that the attribute cannot have, and the outcome."""
    if row["op"] == "at_least":
        return "x", "fail"
    return 7, "fail" if row["op"] in ("true", "false", "one_of", "contains", "subset") else "pass"


def absent(row: dict[str, Any]) -> str:
    return {"wrong": "fail", "right": "pass", "depends": "unknown"}[row["when_absent"]]


def put(body: Body, path: str, value: Any) -> None:
    """Set the value at a row's path; MISSING takes it away. Blocks on the way are made."""
    if "{}." in path:
        outer, _, inner = path.partition("{}.")
        found = json.loads(body.get(outer, "{}"))
        put(found, inner, value)
        body[outer] = json.dumps(found)
        return
    if "=" in path:
        block, _, rest = path.partition("[")
        key, _, word = rest.partition("=")
        word, _, leaf = word.rpartition("].")
        listed = body.setdefault(block, [])
        one = next((b for b in listed if b[key] == word), None)
        if one is None:
            one = {key: word}
            listed.append(one)
        put(one, leaf, value)
        return
    *blocks, leaf = path.split(".")
    for block in blocks:
        if block.endswith("[*]"):
            body = body.setdefault(block[:-3], [{}])[0]
        else:
            body = body.setdefault(block, {})
    if value is MISSING:
        body.pop(leaf, None)
    elif not (value is ANYTHING and body.get(leaf)):
        body[leaf] = value


def condition_path(row: dict[str, Any], condition: dict[str, Any]) -> str:
    path: str = condition["path"]
    if not path.startswith("."):
        return path
    block = row["path"].rpartition(".")[0]
    return f"{block}{path}" if block else path[1:]


def satisfy(body: Body, row: dict[str, Any], condition: dict[str, Any]) -> None:
    """Make a condition hold that is about the resource itself."""
    if "any" in condition:
        satisfy(body, row, condition["any"][0])
    elif condition.get("not") or condition.get("set") is False:
        put(body, condition_path(row, condition), MISSING)
    elif "set" in condition:
        put(body, condition_path(row, condition), ANYTHING)
    elif "at_least" in condition:
        put(body, condition_path(row, condition), condition["at_least"])
    elif "values" in condition:
        value = condition["values"][0]
        put(body, condition_path(row, condition), value.strip("*") if isinstance(value, str) else value)


def base(row: dict[str, Any]) -> Body:
    """A body in which all rows of this policy and type are right, and this one is asked."""
    body: Body = {}
    for other in ROWS:
        if (other["policy"], other["type"]) == (row["policy"], row["type"]):
            put(body, other["path"], right(other))
    for condition in row.get("only_if", ()):
        satisfy(body, row, condition)
    return body


def with_value(row: dict[str, Any], value: Any) -> Body:
    body = base(row)
    put(body, row["path"], value)
    return body


def configured(row: dict[str, Any]) -> Body:
    """The value is written, and known only after the apply."""
    body = base(row)
    reference = ref("terraform_data.x.output")
    if "{}." in row["path"]:
        body[row["path"].partition("{}.")[0]] = reference
    else:
        put(body, row["path"], reference)
    return body


def concrete(row: dict[str, Any], body: Body) -> str:
    """The path of the row's value in this body."""
    path: str = row["path"]
    if "=" in path:
        block, _, rest = path.partition("[")
        word = rest.partition("=")[2].rpartition("].")
        return f"{block}[{[b['name'] for b in body[block]].index(word[0])}].{word[2]}"
    return path.partition("{}.")[0] if "{}." in path else path.replace("[*]", "[0]")
