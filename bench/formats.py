"""What a plan of 10,000 changes costs in each format, beside the same check that writes JSON."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import measure

HERE = os.path.dirname(os.path.abspath(__file__))
CHANGES = 10_000
BAR = 2.0
JUDGED = (0, 1)


def rows(bench: Any, row: Any) -> Iterator[Any]:
    """A row for every format but JSON; `bench` and `row` are those of run.py."""
    from plangate.cli.options import FORMATS

    plan = os.path.join(bench.folder, f"c{CHANGES}.json")
    if not os.path.exists(plan):
        print(f"making {plan}", file=sys.stderr)
        generator = os.path.join(HERE, "generate.py")
        subprocess.run([sys.executable, generator, str(CHANGES), "--profile", "create", "-o", plan], check=True)
    for name in FORMATS:
        if name != "json":
            one, other = _cpu(bench, plan, name), _cpu(bench, plan, "json")
            ratio, low, high, cpu = measure.pairs(one, other, bench.rounds or 3)
            yield row(f"{CHANGES} changes, {name} / json", ratio, BAR, f"{low:.2f} to {high:.2f}, {cpu * 1000:,.0f} ms")


def _cpu(bench: Any, plan: str, name: str) -> Any:
    output = os.path.join(bench.folder, f"out.{name}")
    command = [*bench.command, "check", plan, "--checkov", "off", "-f", f"{name}={output}"]

    def cpu() -> float:
        used = measure.run(command, bench.empty, JUDGED)
        if os.path.getsize(output) == 0:
            raise measure.WrongExit(f"{name}: nothing was written")
        os.remove(output)
        return float(used.cpu)

    return cpu
