"""What runs in Checkov's environment, tried there: by the libraries whose answers it must give."""

from __future__ import annotations

import subprocess

from plangate.checkov.start import command

PATHS = """
import dpath, random
from plangate.checkov.inside.paths import Dpath

dpath.options.ALLOW_EMPTY_STRING_KEYS = True
ours, chance = Dpath(dpath), random.Random(7)
names = ["a", "b", "0", "rule", "", "a.b"]

def value(depth):
    kind = chance.randrange(6)
    if depth and kind < 2:
        return {chance.choice(names): value(depth - 1) for _ in range(chance.randrange(4))}
    if depth and kind < 4:  # lists in lists are another matter: dpath cannot copy those of Checkov's reader
        return [v for v in (value(depth - 1) for _ in range(chance.randrange(3))) if type(v) is not list]
    return chance.choice([None, True, 1, "x", ""])

def ask(library, what, conf, glob):
    try:
        if what == "deep":
            return list(library.search(conf, "**/" + glob.rpartition("/")[2], yielded=True))
        return getattr(library, what)(conf, glob) if what == "get" else bool(library.search(conf, glob))
    except Exception as error:
        return type(error).__name__

for _ in range(20000):
    conf = {chance.choice(names): value(4) for _ in range(4)}
    parts = ["a", "b", "[0]", "0", "1", "*", "rule", "r*", "a.b"]
    glob = "/".join(chance.choice(parts) for _ in range(chance.randint(1, 4)))
    for what in ("search", "get", "deep"):
        mine, theirs = ask(ours, what, conf, glob), ask(dpath, what, conf, glob)
        assert mine == theirs, (what, glob, conf, mine, theirs)
print("same")
"""

DEFERRED = """
import sys
from plangate.checkov.inside import deferred
deferred.start()
import checkov.terraform.checks.resource.base_resource_value_check
from checkov.common.checks_infra.checks_parser import GraphCheckParser
heavy = {"networkx", "aiohttp", "requests"}
assert not any(hasattr(sys.modules.get(name), "__version__") for name in heavy if name in sys.modules)
from networkx import DiGraph
import networkx
assert not isinstance(3, DiGraph)
graph = networkx.DiGraph()
graph.add_edge(1, 2)
assert isinstance(graph, DiGraph) and isinstance(graph, networkx.DiGraph)
assert list(graph.edges()) == [(1, 2)] and issubclass(networkx.DiGraph, DiGraph)
class Ours(DiGraph):
    pass
assert isinstance(Ours(), networkx.DiGraph)
assert "checkov.terraform.checks.resource.aws.EFSEncryptionEnabled" not in sys.modules
print("same")
"""


IAM = """
from cloudsplaining.shared.utils import remove_wildcard_only_actions as theirs
from policy_sentry.querying.all import get_all_actions
from plangate.checkov.inside.iam import restrictable
ours = restrictable(theirs)
everything = sorted(get_all_actions()) + [a.lower() for a in sorted(get_all_actions())[:500]]
assert len(everything) > 10_000
assert sorted(ours(everything)) == sorted(theirs(everything))
for odd in ([], ["s3:*"], ["nosuch:Thing"], ["s3:NoSuchThing", "S3:GetObject", "s3:getobject"], [":"]):
    assert sorted(ours(odd)) == sorted(theirs(odd)), odd
print("same")
"""


def inside(python: str, program: str) -> str:
    """What a program prints that runs as Checkov's process does."""
    start = command(python, "main")
    start[-1] = start[-1].partition("from plangate.checkov.inside")[0] + program
    done = subprocess.run(start, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_paths_are_found_as_dpath_finds_them(python: str) -> None:
    assert inside(python, PATHS) == "same\n"


def test_what_is_put_off_is_the_real_thing_when_it_is_used(python: str) -> None:
    assert inside(python, DEFERRED) == "same\n"


def test_actions_are_told_apart_as_cloudsplaining_does(python: str) -> None:
    assert inside(python, IAM) == "same\n"
