"""What the real plans of the rows are made of: resources that are before, after or both, and what is said of them.

What else a type requires comes from the provider's schema (../real.py), and is ignored where a resource is only
changed, so that the row's attribute alone changes; what the provider checks beyond its schema stands in
`real_values.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from .. import real  # noqa: TID252 - the tests are no package
from ..real import Body, Schema  # noqa: TID252 - as above
from .rowcases import table

HERE = Path(__file__).parent
VALUES: dict[str, Any] = json.loads((HERE / "real_values.json").read_bytes())
Schemas = dict[str, Schema]
NEW, CHANGES = "new", "changes"  # the two plans: what is before, as new; and what is after, against it


def aws_rows(name: str) -> list[dict[str, Any]]:
    """The AWS rows of a table that the tested provider has: what came later says so itself."""
    return [row for row in table(name)[1] if row["type"].startswith("aws_") and "since" not in row]


class Resource(NamedTuple):
    """One resource of the two plans. Its state is what the first plan makes of `before`, or of another (`like`)."""

    address: str
    before: Body | None = None
    like: str = ""
    told: Body = {}  # attributes that its state has besides
    after: Body | None = None  # None: it is gone from the configuration
    fate: str = ""  # "new": only in the first plan; "tainted", "requested" (-replace), "forgotten"


class Case(NamedTuple):
    """What a policy is to say of a resource in one of the plans, by a row."""

    policy: str
    row: str
    kind: str
    address: str
    outcome: str
    plan: str = CHANGES
    severity: str | None = None
    path: str | None = None  # where the finding stands, in the words of the row
    says: str | None = None  # a part of the message


Made = tuple[list[Resource], list[Case]]


def body(schemas: Schemas, row: dict[str, Any], path: str, value: Any) -> Body:
    """A whole body with a value at a path, and with what `real_values.json` has besides for the row."""
    made: Body = {}
    schema, at = schemas[row["type"]]["block"], f"{row['type']}.{path}"
    real.put(schema, made, path, value)
    for name in (row["type"], at, f"{at}:{row.get('change', row.get('op'))}"):
        for other, more in VALUES["besides"].get(name, {}).items():
            if other != path:
                real.put(schema, made, other, more)
    real.complete(row["type"], schema, made)
    return made


def whole(schemas: Schemas, type_: str) -> Body:
    """The smallest body of a type that the provider takes."""
    made: Body = {}
    for path, more in VALUES["besides"].get(type_, {}).items():
        real.put(schemas[type_]["block"], made, path, more)
    real.complete(type_, schemas[type_]["block"], made)
    return made
