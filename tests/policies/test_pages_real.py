"""The examples of the pages of AWS policies are planned by the real provider, and are what their policies ask for."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import hcl2
import pytest

from plangate import Policy
from plangate.plan.read import read
from plangate.policy.engine import evaluate
from plangate_policies import POLICIES

from ..terraform import Root  # noqa: TID252 - the tests are no package
from ..tools import load  # noqa: TID252
from . import real

MARKS = ("__comments__", "__inline_comments__", "__is_block__")
# Settings that make a policy judge what it leaves alone by itself.
ASKED = ("require_cmk", "required")


def plain(value: Any) -> Any:
    """What python-hcl2 read, without its marks and the quotes around texts."""
    if isinstance(value, dict):
        return {plain(k): plain(v) for k, v in value.items() if k not in MARKS}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return json.loads(value)
    return value


class Examples:
    """The examples of all pages as one configuration; `pages` tells of each address whose example it is."""

    def __init__(self, schemas: dict[str, real.Schema]) -> None:
        self.schemas, self.pages = schemas, {}
        self.document: dict[str, Any] = {"resource": defaultdict(dict, real.SOURCE), "data": defaultdict(dict)}
        made = load("policy_examples").examples
        for policy in POLICIES:
            rows = list(policy.rows() if policy.rows is not None else ())
            later = {row["type"] for row in rows if "since" in row}  # of a provider that is not here
            for block in re.findall(r"```hcl\n(.*?)```", "\n".join(made(policy, rows)), re.DOTALL):
                self._add(policy, plain(hcl2.loads(block)), later)
        self._add_what_is_referred_to()

    def _add(self, policy: Policy, written: dict[str, Any], later: set[str]) -> None:
        for kind in ("resource", "data"):
            for one in written.get(kind, ()):
                for type_, named in one.items():
                    for body in named.values():
                        if type_.startswith("aws_") and type_ not in later:
                            name = f"p{len(self.pages)}"
                            self._put(kind, type_, name, body)
                            self.pages[f"{type_}.{name}"] = policy.id

    def _put(self, kind: str, type_: str, name: str, body: real.Body) -> None:
        if kind == "resource":
            real.complete(type_, self.schemas[type_]["block"], body)
        self.document[kind][type_][name] = body

    def _add_what_is_referred_to(self) -> None:
        for prefix, type_, name in re.findall(r"\b(data\.)?(aws_\w+)\.(\w+)\.", json.dumps(self.document)):
            kind = "data" if prefix else "resource"
            if name not in self.document[kind][type_]:
                self._put(kind, type_, name, {})


@pytest.fixture(scope="module")
def planned(
    aws: Path, schemas: dict[str, real.Schema], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Examples, dict[str, Any], list[dict[str, Any]]]:
    """The examples, their plan, and what `terraform validate` says of them."""
    folder = tmp_path_factory.mktemp("pages") / "plan"
    found = Examples(schemas)
    real.write(folder, {kind: types for kind, types in found.document.items() if types})
    document = real.planned(folder, aws)
    return found, document, json.loads(Root(folder).run("validate", "-json"))["diagnostics"]


def test_an_example_is_what_its_policy_asks_for(planned: tuple[Examples, dict[str, Any], Any]) -> None:
    examples, document, _ = planned
    plan = read(json.dumps(document).encode(), "the examples")
    by_id = {policy.id: policy for policy in POLICIES}
    wrong = []
    for id in dict.fromkeys(examples.pages.values()):
        settings = {word: True for word in ASKED if by_id[id].settings.get(word, ("",))[0] == "bool"}
        found = (row for row in evaluate(plan, by_id[id], settings).found if examples.pages.get(row[1]) == id)
        wrong += [f"{id}: {row[1]}: {row[4]}" for row in found if row[0] != "unknown"]
    assert wrong == []
    assert len(examples.pages) > 200


def test_no_example_uses_what_the_provider_gives_up(planned: tuple[Examples, Any, list[dict[str, Any]]]) -> None:
    examples, _, told = planned
    assert [(examples.pages.get(one.get("address", "")), one["detail"]) for one in told] == []
