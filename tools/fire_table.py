"""How often each built-in policy fires on a collection of plans: a Markdown table on stdout.

    python tools/fire_table.py [--date YYYY-MM-DD] FOLDER [FOLDER...] > docs/fires.md

Every readable plan document (.json, .json.gz) below the folders is judged by every policy with its default settings;
what is no finished plan is counted and passed over. A policy's matches are the resources, changes or plans that it was
called on; its share is what failed of them. One that fires on more than one in five is marked and to be read by hand:
what ten of its findings showed stands in fire_reasons.json and ends its line. Those not read are named on stderr.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
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
REASONS = Path(__file__).with_name("fire_reasons.json")
HEAD = """\
# How often the policies fire

A collection of {number} plan documents that stand in public repositories, most of them tests, samples and
demonstrations of tools and therefore worse than what people apply. Judged on {date} with default settings;
policies that wait for a setting never fire here. *Share* is what failed of what matched. Of the policies above
{often:.0%} (bold) ten findings each, or all where there are fewer, were read by hand against the plan: the last column
says what came of it.

    python tools/fire_table.py --date {date} FOLDER > docs/fires.md
"""


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


def read_by_hand() -> dict[str, str]:
    """Policy id -> what its findings showed."""
    found: dict[str, str] = json.loads(REASONS.read_bytes())
    return {id: reason for id, reason in found.items() if not id.startswith("_")}


def share(count: Counter[str]) -> float:
    """What failed of what matched."""
    return count["failed"] / count["matched"] if count["matched"] else 0.0


def table(number: int, counts: dict[str, Counter[str]], date: str) -> str:
    """The table, most often failing first; policies that matched nothing are named below it."""
    reasons = read_by_hand()
    lines = [
        HEAD.format(number=number, date=date, often=OFTEN),
        "| policy | " + " | ".join(COLUMNS) + " | share | read by hand |",
        "| --- " * 8 + "|",
    ]
    fired = [(id, c) for id, c in counts.items() if c["matched"]]
    fired.sort(key=lambda item: (-share(item[1]), -item[1]["matched"], item[0]))
    for id, count in fired:
        often = share(count) > OFTEN
        shown = f"**{share(count):.0%}**" if often else f"{share(count):.0%}"
        reason = reasons.get(id, "") if often else ""
        lines.append(f"| `{id}` | " + " | ".join(str(count[name]) for name in COLUMNS) + f" | {shown} | {reason} |")
    never = sorted(id for id, count in counts.items() if not count["matched"])
    if never:
        lines += ["", "Nothing to judge in this collection: " + ", ".join(f"`{id}`" for id in never) + "."]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Print the table; what was passed over and what nobody read goes to stderr. 2 without a plan."""
    parser = argparse.ArgumentParser(description="How often each built-in policy fires on a collection of plans.")
    parser.add_argument("--date", default=dt.datetime.now(dt.UTC).date().isoformat())
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    asked = parser.parse_args(arguments)
    refused: Counter[str] = Counter()
    number, counts = counted(plans(asked.folders, refused))
    sys.stderr.write("".join(f"{count} files passed over: {why}\n" for why, count in sorted(refused.items())))
    if not number:
        sys.stderr.write("no plan was found: fire_table.py FOLDER\n")
        return 2
    sys.stdout.write(table(number, counts, asked.date))
    unread = sorted(id for id, count in counts.items() if share(count) > OFTEN and id not in read_by_hand())
    sys.stderr.write("".join(f"not read by hand: {id}\n" for id in unread))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
