"""Compares `plangate checkov run` with Checkov's own command line: the same (check, address, result) on every plan.

python bench/checkov_diff.py plans/*.json          these plans
python bench/checkov_diff.py --sample 60           a fixed sample: generated plans, and real ones where they are
python bench/checkov_diff.py --corpus DIR          every plan document below a folder

Checks that look for secrets may differ, because plangate gives Checkov none; they are counted apart. So is what
`plangate check` puts right afterwards. Ends with 1 when anything else differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from generate import generate

from plangate.checkov import places
from plangate.checkov.ask import Question, Wanted
from plangate.checkov.copy import copy
from plangate.checkov.index import place_of
from plangate.errors import PlanError
from plangate.plan.decode import decode
from plangate.plan.read import read
from plangate.report.gather import secrets_of
from plangate.report.redact import Redactor

Rows = set[tuple[str, str, str]]
QUIET = {"CKV_SKIP_PACKAGE_UPDATE_CHECK": "true", "BC_SKIP_MAPPING": "TRUE", "LOG_LEVEL": "CRITICAL"}
LARGEST = 1 << 30


def secret_checks() -> set[str]:
    """The checks whose subject is a secret, by plangate's table."""
    with open(os.path.join(os.path.dirname(places.__file__), "severities.jsonl"), encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {id for row in rows if row.get("subject") == "secret" for id in row["checks"]}


def command_line(python: str, path: str) -> Rows | None:
    """What Checkov's command line says of a plan; None where it cannot read it."""
    with tempfile.TemporaryDirectory(prefix="checkov-diff-") as folder:
        link = os.path.join(folder, "plan.json")  # it reads only files of that ending
        os.symlink(os.path.abspath(path), link)
        done = subprocess.run(
            [python, "-I", "-m", "checkov.main", "-f", link, "--framework", "terraform_plan", "-o", "json",
             "--skip-download", "--compact"],
            capture_output=True, check=False, cwd=folder, env={**QUIET, "HOME": folder, "PATH": os.defpath},
        )  # fmt: skip
    try:
        said: Any = json.loads(done.stdout)
    except ValueError:
        return None
    said = said[0] if isinstance(said, list) else said
    results = said.get("results")
    if results is None:
        return set()
    if results.get("parsing_errors"):
        return None
    return {
        (row["check_id"], row["resource"], row["check_result"]["result"])
        for kind in ("passed_checks", "failed_checks", "skipped_checks")
        for row in results.get(kind) or ()
    }


def ours(place: places.Place, path: str) -> tuple[Rows, Counter[str]]:
    """plangate's bare rows, and how many of them `check` puts right, by reason. Raises PlanError."""
    with open(path, "rb") as file:
        data, _ = decode(file.read(), where=path, max_bytes=LARGEST)
    plan = read(data, path, allow_incomplete=True)
    copied = copy(plan, Redactor(secrets_of(plan)))
    rows: Rows = set()
    iam: dict[bool, Rows] = {}
    right: Counter[str] = Counter()
    gone = {c.address for c in plan.changes if c.goes_away}
    for correct in (False, True):
        wanted = Wanted(None, [], [], 3600, 1 << 16, passes=True, correct=correct)
        answer = Question(place, copied, wanted, os.environ).answer()
        flat = [(id, copied.address(r[0]), r[1], r[2]) for id, (_, listed) in answer.rows.items() for r in listed]
        iam[correct] = {(id, address, bare) for id, address, bare, _ in flat if bare in ("PASSED", "FAILED", "SKIPPED")}
        if correct:
            right["unknown values"] = sum(bare == "FAILED" and told != "FAILED" for _, _, bare, told in flat)
            right["resources that go"] = sum(address in gone for _, address, _, _ in flat)
    rows = iam[False]
    right["IAM documents"] = len(iam[False] - iam[True])
    return rows, right


def sample(count: int, folder: str, corpus: str | None) -> Iterator[str]:
    """Always the same plans: two thirds real ones where there are any, chosen by their digests; the rest generated."""
    real = sorted(plans_below(corpus), key=digest)[: count * 2 // 3] if corpus else []
    yield from real
    for seed in range(count - len(real)):
        path = os.path.join(folder, f"generated-{seed}.json")
        generate(20 + 7 * seed, seed + 100, "create" if seed % 2 else "mixed", path)
        yield path


def digest(path: str) -> bytes:
    """The SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).digest()


def plans_below(folder: str) -> list[str]:
    """Plan documents in UTF-8 with at least one resource of a provider that Checkov has checks for."""
    found = []
    for top, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(top, name)
            if name.endswith(".json"):
                with open(path, "rb") as file:
                    data = file.read()
                if b'"planned_values"' in data and b'"resource_changes"' in data:
                    found.append(path)
    return [path for path in found if any(word in open(path, "rb").read() for word in _PROVIDERS)]


_PROVIDERS = (b'"aws_', b'"azurerm_', b'"google_', b'"kubernetes_', b'"alicloud_', b'"oci_', b'"github_')


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plans", nargs="*", metavar="PLAN")
    parser.add_argument("--sample", type=int, metavar="N", help="a fixed sample of so many plans")
    parser.add_argument("--corpus", metavar="DIR", help="every plan below a folder; with --sample some of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(argv)
    place = place_of(None, "", os.environ)
    if place is None:
        print("Checkov is not installed: plangate checkov install", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="checkov-diff-") as folder:
        paths = list(options.plans)
        if options.sample:
            paths += sample(options.sample, folder, options.corpus)
        elif options.corpus:
            paths += sorted(plans_below(options.corpus))
        with ThreadPoolExecutor(options.jobs) as pool:
            return compare(paths, pool.map(lambda path: command_line(place.python, path), paths), place)


def compare(paths: list[str], theirs: Any, place: places.Place) -> int:
    """Print what differs and the sums; the exit code."""
    secrets = secret_checks()
    sums: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for path, wanted in zip(paths, theirs, strict=True):
        try:
            rows, put_right = ours(place, path)
        except PlanError:
            sums["refused by plangate"] += 1
            continue
        if wanted is None:
            sums["not read by Checkov"] += 1
            continue
        sums["plans"] += 1
        sums["results"] += len(wanted)
        right += put_right
        differing = rows ^ wanted
        about_secrets = {row for row in differing if row[0] in secrets}
        sums["results about secrets that differ"] += len(about_secrets) // 2
        if differing - about_secrets:
            sums["PLANS THAT DIFFER"] += 1
            for row in sorted(differing - about_secrets)[:10]:
                print(f"{path}: {'only Checkov' if row in wanted else 'only plangate'}: {' '.join(row)}")
    for what, count in sums.items():
        print(f"{count:>8}  {what}")
    for what, count in right.items():
        print(f"{count:>8}  put right by check: {what}")
    return 1 if sums["PLANS THAT DIFFER"] or not sums["plans"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
