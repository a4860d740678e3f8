"""Configurations made from the data of the pack: for each row of `attributes.jsonl`, each rule of a firewall and each
policy document of each resource type, what is wrong, what is right, what says nothing and what only the apply tells.

What is expected comes from the rows, and for rules and documents from the tables beside this, not from the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from plangate_policies import exposure
from plangate_policies.exposure.catalogue import TABLE

from .. import real  # noqa: TID252 - the tests are no package
from ..real import Body, Schema  # noqa: TID252 - as above
from . import real_documents as documents
from . import real_rules as rules

VALUES: dict[str, Any] = json.loads(Path(__file__).with_name("real_values.json").read_bytes())
ENTRIES: dict[str, dict[str, Any]] = {
    entry["id"]: entry
    for entry in json.loads((Path(exposure.__file__).parent / "policies.json").read_bytes())["policies"]
    if entry["id"].startswith("aws-")
}
ROWS = [row for row in TABLE.all() if row["type"].startswith("aws_")]
# It decides for every bucket of its plan, so it is kept apart.
APART = "aws_s3_account_public_access_block"


class Case(NamedTuple):
    """One resource of the plan, and what one policy is to say of it. `path` is that of its row, or ""."""

    policy: str
    path: str
    kind: str
    address: str
    outcome: str
    severity: str | None  # of a failure
    body: Body


def cases(schemas: dict[str, Schema]) -> tuple[list[Case], Body]:
    """All cases, and the data sources that they refer to."""
    found = [case for row in ROWS for case in _Row(row, schemas[row["type"]]["block"]).cases()]
    found += [case for type_ in rules.TYPES for case in _of_rules(type_, schemas[type_]["block"])]
    data: Body = {}
    for entry in ENTRIES.values():
        if entry["by"] in ("principals", "permissions", "issuers"):
            for type_ in entry["types"]:
                found += _of_documents(entry, type_, schemas[type_]["block"], data)
    return found, data


# -- rows -------------------------------------------------------------------------------------------------


class _Row:
    """The cases of one row of the table."""

    def __init__(self, row: Body, schema: Schema) -> None:
        self.row, self.schema, self.type, self.path = row, schema, row["type"], row["path"]
        self.key = f"{self.type}.{self.path}"
        rows = [o for o in ROWS if (o["policy"], o["type"]) == (row["policy"], self.type)]
        self.others = [o for o in rows if o is not row]
        self.mark = f"-{rows.index(row)}" if self.others else ""
        self.severity = row.get("severity", ENTRIES[row["policy"]]["severity"])
        self.asked = [(c["path"], _meant(self.type, c)) for c in row.get("only_if", ())]
        self.found: list[Case] = []

    def cases(self) -> list[Case]:
        row = self.row
        wrong, right = _values(row)
        self._add("wrong", "fail", wrong)
        self._add("right", "pass", right)
        required, block = real.leaf(self.path, self.schema)
        absent = "fail" if row.get("when_absent") == "wrong" else "pass"
        if not required and not {"left", "set"} & set(row):
            self._add("absent", absent, real.MISSING, severity=row.get("absent_severity"))
        if block is not None and block != self.path and self.type not in VALUES["always_a_block"]:
            said = {"right": "pass", "wrong": "fail"}[row.get("without_block", row.get("when_absent", "right"))]
            self._add("no-block", said, real.MISSING, leave=block, severity=row.get("absent_severity"))
        if self.key not in VALUES["never_unknown"]:
            told = "fail" if "set" in row else "pass" if "left" in row or "when_unknown" in row else "unknown"
            self._add("later", told, VALUES["later"].get(self.key, _later(right)))
        for word, outcome, severity in (("unless", "pass", None), ("eased_by", "fail", "medium")):
            for number, condition in enumerate(c for c in row.get(word, ()) if "of" not in c):
                beside = (condition["path"], _meant(self.type, condition))
                self._add(f"{word}-{number}", outcome, wrong, beside, severity=severity)
        for condition in row.get("only_if", ()):
            self._add("not-asked", "pass", wrong, (condition["path"], "111122223333"))
        return self.found

    def _add(
        self, kind: str, outcome: str, value: Any, *beside: Any, severity: str | None = None, leave: str = ""
    ) -> None:
        body: Body = {}
        for other in self.others:
            if other.get("when_absent") == "wrong":
                real.put(self.schema, body, other["path"], _values(other)[1])
        for path, more in VALUES["besides"].get(f"{self.key}:{kind}", VALUES["besides"].get(self.key, {})).items():
            real.put(self.schema, body, path, more)
        for path, one in (*self.asked, *beside):
            real.put(self.schema, body, path, one)
        real.put(self.schema, body, self.path, value)
        real.complete(self.type, self.schema, body)
        if leave:
            real.leave_out(body, leave)
        name = f"{self.row['policy'].removeprefix('aws-')}{self.mark}-{kind}"
        outcome = VALUES["expect"].get(f"{self.key}:{kind}", outcome)
        found = (severity or self.severity) if outcome == "fail" else None
        self.found.append(Case(self.row["policy"], self.path, kind, f"{self.type}.{name}", outcome, found, body))


def _values(row: Body) -> tuple[Any, Any]:
    """A wrong value and a right one."""
    key = f"{row['type']}.{row['path']}"
    # Two policies may ask about one attribute: the values of one of them stand under its name.
    found = VALUES["values"].get(f"{row['policy']}:{key}", VALUES["values"].get(key))
    if found is not None:
        wrong, right = found
        return tuple(real.MISSING if one == "MISSING" else one for one in (wrong, right))
    for word in ("wrong", "right"):
        if isinstance(row.get(word, [""])[0], bool):
            wrong = row[word][0] is (word == "wrong")
            return wrong, not wrong
    raise KeyError(f"real_values.json says nothing of {key}")


def _later(right: Any) -> Any:
    return [real.UNKNOWN] if isinstance(right, list) else real.UNKNOWN


def _meant(type_: str, condition: Body) -> Any:
    """A value for which a condition of a row holds."""
    key = f"{type_}.{condition['path']}"
    if key in VALUES["conditions"]:
        return VALUES["conditions"][key]
    return condition["values"][0]


# -- rules ------------------------------------------------------------------------------------------------


def _of_rules(type_: str, schema: Schema) -> list[Case]:
    written, asked = rules.TYPES[type_]
    found = []
    for direction, words in asked.items():
        for name, rule in rules.RULES.items():
            body = written(direction, rule)
            real.complete(type_, schema, body)
            for word in words:
                outcome = (
                    "fail" if word in rule.fails.split() else "unknown" if word in rule.unknown.split() else "pass"
                )
                policy = rules.policy(word)
                severity = ENTRIES[policy]["severity"] if outcome == "fail" else None
                found.append(Case(policy, "", name, f"{type_}.{direction}-{name}", outcome, severity, body))
    return found


# -- documents --------------------------------------------------------------------------------------------


def _of_documents(entry: Body, type_: str, schema: Schema, data: Body) -> list[Case]:
    asks = entry["asks"]
    path = asks.get("documents", {}).get(type_, asks.get("document", "policy"))
    path = VALUES["documents"].get(f"{entry['by']}.{type_}", path)
    found: list[Case] = []

    def add(kind: str, outcome: str, value: Any) -> None:
        body: Body = {}
        real.put(schema, body, path, value)
        real.complete(type_, schema, body)
        address = f"{type_}.{entry['id'].removeprefix('aws-')}-{kind}"
        found.append(
            Case(entry["id"], "", kind, address, outcome, entry["severity"] if outcome == "fail" else None, body)
        )

    statements = documents.statements(entry, type_)
    for name, (statement, outcome) in statements.items():
        add(name, outcome, documents.text(statement))
        source = f"{entry['id'].removeprefix('aws-')}-{type_}-{name}"
        data[source] = documents.planned(statement)
        add(f"{name}-planned", outcome, f"${{data.aws_iam_policy_document.{source}.json}}")
    add("encoded", "unknown", documents.encoded(next(iter(statements.values()))[0]))
    add("later", "unknown", real.UNKNOWN)
    if not real.leaf(path, schema)[0]:
        add("absent", "pass", real.MISSING)
    return found


# -- plans ------------------------------------------------------------------------------------------------


def planned(folder: Path, mirror: Path, schemas: dict[str, Schema]) -> tuple[list[Case], dict[str, dict[str, Any]]]:
    """The cases, and the reduced plans of them."""
    made, data = cases(schemas)
    kept = real.read_by(ROWS)
    kept["aws_iam_policy_document"] = set()
    for case in made:
        kept.setdefault(case.address.partition(".")[0], set()).update(case.body)
    for source in data.values():
        kept["aws_iam_policy_document"].update(source)
    resources: Body = {**real.SOURCE}
    for case in made:
        type_, _, resource = case.address.partition(".")
        resources.setdefault(type_, {})[resource] = case.body
    real.write(folder / "made", {"resource": resources, "data": {"aws_iam_policy_document": data}})
    document = real.reduced(real.planned(folder / "made", mirror), kept)
    return made, dict(zip(("made", "apart"), real.apart(document, APART), strict=True))
