"""Writes a plan document of any size: realistic, consistent in itself, the same for the same seed.

python bench/generate.py 10000 -o /tmp/p10000.json
python bench/generate.py 1000 --seed 7 --profile create -o created.json
"""

from __future__ import annotations

import argparse
import os
import sys

from planmaker.document import write_document
from planmaker.estate import Estate
from planmaker.spool import Spools


def generate(count: int, seed: int, profile: str, path: str) -> None:
    """Writes a plan of `count` managed resources to `path`; the file appears only when it is whole."""
    folder = os.path.dirname(os.path.abspath(path))
    spools = Spools(folder)
    unfinished = f"{path}.{os.getpid()}"
    try:
        estate = Estate(count, seed, profile, spools)
        estate.make()
        with open(unfinished, "wb", buffering=1 << 20) as out:
            write_document(estate, spools, out.write)
        os.replace(unfinished, path)
    finally:
        spools.close()
        if os.path.exists(unfinished):
            os.remove(unfinished)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, metavar="N", help="managed resources in the plan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", choices=("mixed", "create"), default="mixed")
    parser.add_argument("-o", "--output", required=True, metavar="FILE")
    options = parser.parse_args(argv)
    if options.count < 1:
        parser.error("N must be 1 or more")
    generate(options.count, options.seed, options.profile, options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
