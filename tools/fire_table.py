"""How often each built-in policy fires on a collection of plans: a Markdown table on stdout.

    python tools/fire_table.py FOLDER [FOLDER...] > docs/fires.md

Every readable plan document (.json, .json.gz) below the folders is judged by every policy with its default settings;
what is no finished plan is counted and passed over. A policy's matches are the resources, changes or plans that it was
called on; its share is what failed of them. One that fires on more than one in five is marked, to be read by hand.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from plangate import Plan
from plangate.errors import PlanError
from plangate.plan.decode import decode
from plangate.plan.read import read
from plangate.policy.engine import evaluate
from plangate_policies import POLICIES

LARGEST = 64 << 20
OFTEN = 0.2
COLUMNS = ("plans", "matched", "failed", "unknown", "errors")


def plans(folders: Iterable[str], refused: Counter[str]) -> Iterator[Plan]:
    """The finished plans below the folders, each content once; `refused` counts the others by why."""
    seen: set[bytes] = set()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.json*")):
            if not path.is_file() or path.suffix not in (".json", ".gz"):
                continue
            try:
                data, _ = decode(path.read_bytes(), where="plan", max_bytes=LARGEST)
                if data in seen:
                    refused["the same again"] += 1
                    continue
                seen.add(data)
                yield read(data, "plan")
            except PlanError:
                refused["no finished plan"] += 1


def counted(plans: Iterable[Plan]) -> tuple[int, dict[str, Counter[str]]]:
    """(number of plans, policy id -> counts): plans it matched in, matched, failed, unknown, errors."""
    found: dict[str, Counter[str]] = {policy.id: Counter() for policy in POLICIES}
    number = 0
    for plan in plans:
        number += 1
        for policy in POLICIES:
            result = evaluate(plan, policy)
            if result.matched:
                found[policy.id].update(
                    plans=1,
                    matched=result.matched,
                    failed=result.failed,
                    unknown=result.unknown,
                    errors=result.errors,
                )
    return number, found


def table(number: int, counts: dict[str, Counter[str]]) -> str:
    """The table, most often failing first; policies that matched nothing are named below it."""
    lines = [
        "# How often the policies fire",
        "",
        f"On a collection of {number} real plans, with default settings, made by `tools/fire_table.py`. *Share* is",
        f"what failed of what matched; above {OFTEN:.0%} it is bold. Policies that wait for a setting never fire here.",
        "",
        "| policy | " + " | ".join(COLUMNS) + " | share |",
        "| --- " * 7 + "|",
    ]
    fired = [(id, c) for id, c in counts.items() if c["matched"]]
    fired.sort(key=lambda item: (-item[1]["failed"] / item[1]["matched"], -item[1]["matched"], item[0]))
    for id, count in fired:
        share = count["failed"] / count["matched"]
        shown = f"**{share:.0%}**" if share > OFTEN else f"{share:.0%}"
        lines.append(f"| `{id}` | " + " | ".join(str(count[name]) for name in COLUMNS) + f" | {shown} |")
    never = sorted(id for id, count in counts.items() if not count["matched"])
    if never:
        lines += ["", "Nothing to judge in this collection: " + ", ".join(f"`{id}`" for id in never) + "."]
    return "\n".join(lines) + "\n"


def main(folders: list[str]) -> int:
    """Print the table; what was passed over goes to stderr. 2 without a folder or a plan."""
    refused: Counter[str] = Counter()
    number, counts = counted(plans(folders, refused))
    sys.stderr.write("".join(f"{count} files passed over: {why}\n" for why, count in sorted(refused.items())))
    if not number:
        sys.stderr.write("no plan was found: fire_table.py FOLDER\n")
        return 2
    sys.stdout.write(table(number, counts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
