"""200 policies on one plan: the engine against a bare loop that calls the same functions.

    python bench/policies_loop.py PLAN [--rounds N]

Prints two lines, for policies that read an attribute of every resource and for policies that look at its name
only (where an engine's own cost shows most): what, the median of the ratios engine / loop, the lowest, the
highest. Both work on the same plan in one process, in turn; one round before the first makes sure that what
is decoded late is decoded.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from plangate import Finding, Policy, policy
from plangate.plan.read import read
from plangate.policy.engine import evaluate

COUNT = 200
# Half of the policies look at everything, half at one type, as a folder of policies does.
_TYPES = ("aws_s3_bucket", "aws_security_group", "aws_instance", "aws_db_instance", "aws_iam_role")


def _policies(make: Callable[[str], Any]) -> list[Policy]:
    made = []
    for number in range(COUNT):
        types = "aws_*" if number % 2 else _TYPES[number // 2 % len(_TYPES)]
        made.append(policy(f"bench/rule-{number}", types=types)(make(f"cc-{number:04d}")))
    return made


def _reads_an_attribute(wanted: str) -> Any:
    def rule(change: Any) -> Iterator[Finding]:
        """Its tags are what no tags can be."""
        if change.after["tags"] == wanted:
            yield Finding("Not one of ours.", "tags")

    return rule


def _looks_at_the_name(wanted: str) -> Any:
    def rule(change: Any) -> Iterator[Finding]:
        """Its name is one that nobody has."""
        if change.name == wanted:
            yield Finding("Not one of ours.", "id")

    return rule


def _engine(plan: Any, policies: list[Policy]) -> int:
    return sum(evaluate(plan, one).matched for one in policies)


def _loop(plan: Any, policies: list[Policy]) -> int:
    """What any engine must do: every policy's function, on every change it is for that stays."""
    called = 0
    staying = [change for change in plan.changes if not change.goes_away and change.mode == "managed"]
    by_type: dict[str, list[Any]] = {}
    for change in staying:
        by_type.setdefault(change.type, []).append(change)
    aws = [change for change in staying if change.type.startswith("aws_")]
    for one in policies:
        function = one.function
        targets = aws if one.types == ("aws_*",) else by_type.get(one.types[0], [])
        for change in targets:
            called += 1
            for found in function(change):
                raise AssertionError(found.message)
    return called


def _seconds(work: Callable[[Any, list[Policy]], int], plan: Any, policies: list[Policy]) -> float:
    gc.collect()
    start = time.process_time()
    work(plan, policies)
    return time.process_time() - start


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description="200 policies: the engine against a bare loop")
    parser.add_argument("plan")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args(argv)
    with open(options.plan, "rb") as file:
        plan = read(file.read(), options.plan)
    # As in a run of `check`, the collector is off.
    gc.disable()
    for what, make in (("an attribute", _reads_an_attribute), ("the name", _looks_at_the_name)):
        policies = _policies(make)
        called, expected = _engine(plan, policies), _loop(plan, policies)
        if called != expected:
            print(f"the engine called {called} functions, the loop {expected}", file=sys.stderr)
            return 1
        ratios = [_seconds(_engine, plan, policies) / _seconds(_loop, plan, policies) for _ in range(options.rounds)]
        print(f"{what} {statistics.median(ratios):.3f} {min(ratios):.3f} {max(ratios):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
