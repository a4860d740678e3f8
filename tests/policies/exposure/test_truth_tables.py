"""Every row of `attributes.jsonl` in every state and with every action: what is expected follows from the row.

All cases of an action are resources of one plan, and every policy judges that plan once. What a row means is told in
`attributes.py`; a value that nobody wrote is what `when_absent` says, one in a dynamic block is certain in nothing.
"""

from __future__ import annotations

from typing import Any

import pytest

from plangate.plan.blocks import only_written
from plangate.testing import judge, plan

from ..every_action import ACTIONS, change  # noqa: TID252 - the tests are no package
from .states import LATER, MISSING, NOTHING
from .test_rows import BY_ID, ROWS, around, examples, put, word

ODD: dict[str, Any] = {"word": "some words", "number": 7, "words": ["a", "b"], "object": {"a": "b"}, "float": 1.5}
Case = tuple[str, dict[str, Any], dict[str, Any], str]  # state, after, options, outcome


def placed(row: dict[str, Any], value: Any) -> dict[str, Any]:
    """The body with the value, or with its blocks and without the leaf."""
    made = put(around(row), row["path"], None if value is MISSING else value)
    if value is MISSING:
        here: Any = made
        *blocks, leaf = row["path"].split(".")
        for block in blocks:
            here = here[block.removesuffix("[*]")]
            here = here[0] if isinstance(here, list) else here
        del here[leaf.removesuffix("[*]")]
    return made


def op(row: dict[str, Any]) -> str:
    return next(name for name in ("wrong", "right", "world", "set", "left", "no_account") if name in row)


def absent(row: dict[str, Any]) -> str:
    return "fail" if "left" in row or row.get("when_absent") == "wrong" else "pass"


def without(row: dict[str, Any]) -> str:
    return "fail" if row.get("without_block", row.get("when_absent")) == "wrong" else "pass"


def cases(row: dict[str, Any]) -> list[Case]:
    wrong, right = examples(row)
    path, kind = row["path"], op(row)
    place = path.replace("[*]", "[0]") if not path.endswith("[*]") else path.removesuffix("[*]")
    found: list[Case] = [
        ("right", placed(row, right), {}, "pass"),
        ("wrong", placed(row, wrong), {}, "fail"),
        ("sensitive_wrong", placed(row, wrong), {"sensitive": [place]} if wrong is not None else {}, "fail"),
    ]
    if right is not None:
        found.append(("sensitive_right", placed(row, right), {"sensitive": [place]}, "pass"))
    for listed in ("wrong", "right"):
        for number, value in enumerate(row.get(listed, ())):
            said = "fail" if listed == "wrong" else "pass"
            found.append((f"{listed}_{number}", placed(row, word(value)), {}, said))
            if isinstance(value, bool):
                found.append((f"{listed}_{number}_text", placed(row, str(value).lower()), {}, said))
            else:
                found.append((f"{listed}_{number}_case", placed(row, str(word(value)).swapcase()), {}, said))
    found += [(state, placed(row, value), {}, absent(row)) for state, value in NOTHING.items()]
    odd = {"wrong": "pass", "right": "fail", "world": "pass", "set": "fail", "left": "pass"}.get(kind, "pass")
    found += [(state, placed(row, value), {}, odd) for state, value in ODD.items()]
    told = {"set": "fail", "left": "pass"}.get(kind, "pass" if row.get("when_unknown") == "right" else "unknown")
    found.append(("configured", placed(row, LATER), {}, told))
    if "." not in path or "[*]." in path:  # below a map the configuration sets the whole of it
        block = only_written(row["type"], tuple(step.removesuffix("[*]") for step in path.split(".")))
        found.append(("left_out", placed(row, None), {"unknown": [place]}, "unknown" if block else absent(row)))
    if "[*]." in path:
        top = path.partition("[")[0]
        found.append(("dynamic", placed(row, None), {"unknown": [place], "dynamic": [top]}, "unknown"))
        for state, value in {"no_block": MISSING, "null_block": None, "empty_block": []}.items():
            body = {name: inner for name, inner in around(row).items() if name != top}
            asks = any(c["path"].startswith(top) for c in row.get("only_if", ()))
            said = "pass" if asks else without(row)
            found.append((state, body if value is MISSING else {**body, top: value}, {}, said))
            if value == []:
                said = "unknown" if only_written(row["type"], (top,)) else said
                found.append(("whole_block", {**body, top: value}, {"unknown": [top]}, said))
    return found


TABLE = [(row, case) for row in ROWS for case in cases(row)]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_row(action: str) -> None:
    stays = action in ("no-op", "import", "move")
    changes: list[Any] = []
    wanted: dict[str, dict[str, str]] = {}
    named = {}
    for number, (row, case) in enumerate(TABLE):
        if stays and case[0] in ("configured", "left_out", "dynamic", "whole_block"):
            continue
        address = f"{row['type']}.c{number}"
        named[address] = f"{row['policy']}:{row['type']}.{row['path']} {case[0]}"
        changes.append(change(action, address, placed(row, examples(row)[1]), case[1], case[2]))
        wanted.setdefault(row["policy"], {})[address] = case[3]
    document = plan(*changes)
    wrong = {}
    for policy, outcomes in wanted.items():
        found = judge(BY_ID[policy], document).outcomes
        for address, said in outcomes.items():
            if found.get(address) != (None if action in ("delete", "forget") else said):
                wrong[named[address]] = found.get(address), said
    assert not wrong, len(wrong)
