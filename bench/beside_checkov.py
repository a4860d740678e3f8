"""What `check --checkov required` costs against Checkov's own command line on the same plan."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from typing import TYPE_CHECKING

import measure

from plangate.checkov.index import place_of

if TYPE_CHECKING:
    from run import Bench, Row

MIB = 1 << 20
QUIET = {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "CRITICAL"}
# Resources, bar of the CPU, rounds: a round of 10,000 costs the command line some 100 s.
SIZES = ((100, 0.20, 5), (1_000, 0.17, 3), (10_000, 0.12, 1))


def rows(bench: Bench, make: type[Row]) -> Iterator[Row]:
    """Ratios of CPU at three sizes, of memory at the largest, and of a second run on an unchanged plan."""
    place = place_of(None, "", os.environ)
    if place is None:
        raise measure.WrongExit("Checkov is not installed (plangate checkov install)")
    os.environ.update(QUIET)
    fresh = os.path.join(bench.folder, "fresh.toml")
    with open(fresh, "w", encoding="utf-8") as file:
        file.write("[checkov]\ncache = false\nmemory_mib = 16384\n")
    for count, bar, rounds in SIZES:
        plan = bench.plan(count)
        arguments = ["-f", plan, "--framework", "terraform_plan", "--skip-download", "--compact", "-o", "json"]
        command = [place.python, "-I", "-m", "checkov.main", *arguments]
        check = bench.check(count, "--checkov", "required", "-c", fresh, holds="checkov/CKV2_AWS_6")
        ratios, spent, used, theirs = [], [], 0, 0
        for _ in range(min(rounds, bench.rounds or rounds)):
            one, other = check(), measure.run(command, bench.empty, (0, 1))
            ratios.append(one.cpu / other.cpu)
            spent.append(one.cpu)
            used, theirs = max(used, one.memory), max(theirs, other.memory)
        more = f"{min(ratios):.3f} to {max(ratios):.3f}, {statistics.median(spent):,.2f} s"
        yield make(f"check p{count} with Checkov / its command line", statistics.median(ratios), bar, more)
    more = f"{used / MIB:,.0f} MiB, {theirs / MIB:,.0f} MiB"
    yield make(f"memory p{count} with Checkov / its command line", used / theirs, 0.25, more)
    for count, rounds in ((100, 15), (10_000, 3)):
        again = bench.check(count, "--checkov", "required", holds="checkov/CKV2_AWS_6")
        without = bench.check(count)
        yield bench.against(f"check p{count} with Checkov again / without", 1.5, again, without, rounds)
