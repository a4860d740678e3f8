"""Prints what a check costs, as ratios: see README.md beside this file.

python bench/run.py --bars
python bench/run.py --only cold,memory --plangate "/path/to/plangate"
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

import measure
from fixture import write_settings

HERE = os.path.dirname(os.path.abspath(__file__))
MIB = 1 << 20
# A verdict of pass or fail; anything else means that the plan was not judged.
JUDGED = (0, 1)
_ORJSON = "import sys, orjson; orjson.loads(open(sys.argv[1], 'rb').read())"
# In a process of its own: what this one keeps in memory is counted to its children.
_HAS_VERDICT = """\
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
sys.exit(json.loads(text)["verdict"] not in ("pass", "fail") or f'"{sys.argv[2]}"' not in text)
"""


Command = Callable[[], measure.Used]


class Row:
    """One line of the output: what, the ratio, its bar, and what else there is to say."""

    __slots__ = ("bar", "more", "ratio", "what")

    def __init__(self, what: str, ratio: float, bar: float, more: str) -> None:
        self.what = what
        self.ratio = ratio
        self.bar = bar
        self.more = more


class Bench:
    """Where things are, and how to run them."""

    def __init__(self, folder: str, command: list[str], rounds: int | None) -> None:
        self.folder = folder
        self.command = command
        self.rounds = rounds
        self.settings: list[str] = []
        # Runs start in a folder without settings, so that the repository's own do not count.
        self.empty = os.path.join(folder, "empty")
        os.makedirs(self.empty, exist_ok=True)

    def plan(self, count: int) -> str:
        """The plan of so many resources, made when it is not there."""
        path = os.path.join(self.folder, f"p{count}.json")
        if not os.path.exists(path):
            print(f"making {path}", file=sys.stderr)
            generator = os.path.join(HERE, "generate.py")
            subprocess.run([sys.executable, generator, str(count), "-o", path], check=True)
        return path

    def check(self, count: int, *options: str, holds: str = "verdict") -> Command:
        """A check whose report was seen to hold a verdict (and the policy `holds`): a program that breaks at
        its start is quick, and ends with the same 1 as a plan that fails.
        """
        # Without Checkov, where the options do not ask for it: the last of an option holds.
        command = [*self.command, "check", self.plan(count), "--checkov", "off", *options]
        report = os.path.join(self.folder, "report.json")
        measure.run([*command, "-f", f"json={report}"], self.empty, JUDGED)
        try:
            measure.run([sys.executable, "-c", _HAS_VERDICT, report, holds], self.empty)
        except measure.WrongExit:
            raise measure.WrongExit(f"{shlex.join(command)} gave no report of a judged plan") from None
        finally:
            if os.path.exists(report):
                os.remove(report)
        return lambda: measure.run(command, self.empty, JUDGED)

    def python(self, code: str, *arguments: str) -> Command:
        command = [sys.executable, "-c", code, *arguments]
        return lambda: measure.run(command, self.empty)

    def against(self, what: str, bar: float, one: Command, other: Command, rounds: int) -> Row:
        """Paired CPU of two commands."""
        ratio, low, high, cpu = measure.pairs(lambda: one().cpu, lambda: other().cpu, self.rounds or rounds)
        return Row(what, ratio, bar, f"{low:.2f} to {high:.2f}, {cpu * 1000:,.0f} ms")


def cold(bench: Bench) -> Iterator[Row]:
    yield bench.against("check p100 / python -c pass", 8.0, bench.check(100), bench.python("pass"), 25)


def settings(bench: Bench) -> Iterator[Row]:
    options = write_settings(os.path.join(bench.folder, "settings"))
    check = bench.check(100, *options, holds="team-9/rule-9")
    yield bench.against("check p100, settings, 10 policy files / pass", 24.0, check, bench.python("pass"), 15)


def large(bench: Bench) -> Iterator[Row]:
    for count, bar, rounds in ((10_000, 1.0, 7), (50_000, 0.8, 3)):
        other = bench.python(_ORJSON, bench.plan(count))
        yield bench.against(f"check p{count} / orjson.loads", bar, bench.check(count), other, rounds)


def memory(bench: Bench) -> Iterator[Row]:
    for count in (10_000, 50_000):
        size = os.path.getsize(bench.plan(count))
        used = bench.check(count)().memory
        more = f"{used / MIB:,.0f} MiB, file {size / MIB:,.0f} MiB"
        yield Row(f"peak memory p{count} / (3 x file + 40 MiB)", used / (3 * size + 40 * MIB), 1.0, more)


def growth(bench: Bench) -> Iterator[Row]:
    checks = [bench.check(count) for count in (1_000, 10_000, 50_000)]
    checks[0]()
    ratios = []
    for _ in range(bench.rounds or 3):
        small, middle, big = (check().cpu for check in checks)
        ratios.append(((big - middle) / 40_000) / ((middle - small) / 9_000))
    more = f"{min(ratios):.2f} to {max(ratios):.2f}"
    yield Row("CPU per resource, 10k to 50k / 1k to 10k", statistics.median(ratios), 1.2, more)


def policies(bench: Bench) -> Iterator[Row]:
    script = os.path.join(HERE, "policies_loop.py")
    command = [sys.executable, script, bench.plan(10_000), "--rounds", str(bench.rounds or 5)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise measure.WrongExit((done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1])
    for line in done.stdout.splitlines():
        what, *numbers = line.rsplit(" ", 3)
        ratio, low, high = map(float, numbers)
        yield Row(f"200 policies, engine / loop: {what}", ratio, 1.5, f"{low:.2f} to {high:.2f}")


def with_checkov(bench: Bench) -> Iterator[Row]:
    from beside_checkov import rows

    yield from rows(bench, Row)


def formats(bench: Bench) -> Iterator[Row]:
    from formats import rows

    yield from rows(bench, Row)


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "cold": cold,
    "settings": settings,
    "large": large,
    "memory": memory,
    "growth": growth,
    "policies": policies,
    "formats": formats,
    "checkov": with_checkov,
}


def _folder() -> str:
    shared = "/dev/shm"
    base = shared if os.path.isdir(shared) and os.access(shared, os.W_OK) else tempfile.gettempdir()
    return os.path.join(base, f"plangate-bench-{os.getuid()}")


def main(argv: list[str]) -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--bars", action="store_true", help="print the bar beside each ratio")
    parser.add_argument("--only", metavar="NAMES", help=f"some of {','.join(PARTS)}")
    parser.add_argument("--rounds", type=int, help="rounds of each, instead of a number that fits it")
    parser.add_argument("--plangate", metavar="CMD", help="the command to measure (default: python -m plangate)")
    parser.add_argument("--folder", default=_folder(), help="where the generated files stay (default: %(default)s)")
    options = parser.parse_args(argv)
    names = options.only.split(",") if options.only else list(PARTS)
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        parser.error(f"--only: {', '.join(unknown)}: not among {', '.join(PARTS)}")
    os.makedirs(options.folder, exist_ok=True)
    command = shlex.split(options.plangate) if options.plangate else [sys.executable, "-m", "plangate"]
    bench = Bench(options.folder, command, options.rounds)
    for name in names:
        try:
            for row in PARTS[name](bench):
                bar = f"  bar {row.bar:>5.2f}  {'under' if row.ratio <= row.bar else 'OVER '}" if options.bars else ""
                print(f"{row.what:<46} {row.ratio:>7.2f}{bar}  ({row.more})", flush=True)
        except measure.WrongExit as error:
            print(f"{name}: not measured: {error}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
