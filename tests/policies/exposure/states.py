"""What an attribute can be, and a check of one policy against a table of that, for what policies of exposure read.

Each in every state and with every action, all cases of an action in one plan. What is expected follows from the
pages of the policies and the clouds' documentation of each attribute, written down in the tables of the tests.
"""

from __future__ import annotations

import json
from typing import Any

from plangate.testing import judge, plan, ref

from ..every_action import change  # noqa: TID252 - the tests are no package
from .test_rows import BY_ID
from .test_rows import ROOT as EXPOSURE

LATER = ref("terraform_data.later.output")
MISSING = object()
NOTHING: dict[str, Any] = {"absent": MISSING, "null": None, "text": "", "list": [], "map": {}}
ODD: dict[str, Any] = {"word": "some words", "number": 7, "flag": True, "words": ["a", "b"], "object": {"a": "b"}}
ENTRIES = json.loads((EXPOSURE / "policies.json").read_text(encoding="utf-8"))["policies"]
Case = tuple[str, dict[str, Any], dict[str, Any], str]  # state, body, options, outcome


def has_unknown(case: Case) -> bool:
    return bool(case[2].get("unknown")) or "ref(" in repr(case[1])


def check(action: str, policy: str, table: list[tuple[str, dict[str, Any], Case]]) -> None:
    """`table`: (type, what was there before, case)."""
    stays = action in ("no-op", "import", "move")
    named = {
        f"{type_}.c{number}": (before, case)
        for number, (type_, before, case) in enumerate(table)
        if not (stays and has_unknown(case))
    }
    changes = [change(action, address, before, case[1], case[2]) for address, (before, case) in named.items()]
    found = judge(BY_ID[policy], plan(*changes)).outcomes
    wrong = {}
    for address, (_, case) in named.items():
        said = None if action in ("delete", "forget") else case[3]
        if found.get(address) != said:
            wrong[address.partition(".")[0], case[0]] = found.get(address), said
    assert not wrong, (policy, len(wrong), wrong)
