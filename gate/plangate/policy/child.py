"""The process that other people's policies run in: `python -I -S -m`-like, started afresh.

Reads one JSON line and the plan's bytes from stdin, writes JSON lines to the stdout it was started with, each
with the nonce of the request; the policies' own stdout and stderr go nowhere. It has no token, no key and no
network of its own making in its environment; what it says is checked by policy.isolate.
"""

from __future__ import annotations

import gc
import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main() -> None:
    gc.disable()
    stdin = os.fdopen(os.dup(0), "rb")
    request = json.loads(stdin.readline())
    data = stdin.read(request["size"])
    out = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.path.extend(request["sys_path"])
    nonce = request["nonce"]

    def say(**message: Any) -> None:
        out.write(json.dumps({"nonce": nonce, **message}) + "\n")
        out.flush()

    _limit(request["memory_mib"])
    from plangate import selfcheck
    from plangate.plan.read import read

    from . import engine
    from .answers import as_result

    say(control=as_result(engine.evaluate(selfcheck.plan(), selfcheck.control())))
    policies = _load(request, say)
    say(loaded=[describe(policy, file) for policy, file in policies])
    if request.get("examples"):
        from .examples import serve

        serve(policies, json.loads(stdin.readline())["units"], say)
        os._exit(0)
    plan = read(data, "plan", allow_incomplete=True)
    plan.run, plan.backend = request["run"], request["backend"]
    go = json.loads(stdin.readline())
    stdin.close()
    chosen = set(go["chosen"])
    for policy, _ in policies:
        if policy.id not in chosen:
            continue
        say(start=policy.id)
        result = engine.evaluate(plan, policy, go["settings"].get(policy.id), request["keep_passes"])
        say(result=as_result(result))
    say(end=True)
    out.flush()
    os._exit(0)


def _load(request: dict[str, Any], say: Any) -> list[tuple[Any, str]]:
    from .api import PolicyMistake
    from .load import load_file

    found: list[tuple[Any, str]] = []
    for path in request["files"]:
        say(loading=path)
        try:
            found += [(policy, path) for policy in load_file(path)]
        except PolicyMistake as mistake:
            say(mistake=str(mistake), file=path)
    for name, target in request["entry_points"]:
        say(loading=name)
        try:
            found += [(policy, name) for policy in load_entry_point(target)]
        except PolicyMistake as mistake:
            say(mistake=str(mistake), file=name)
    return found


def load_entry_point(target: str) -> list[Any]:
    """The policies of an installed pack, `module:ATTRIBUTE`. Raises PolicyMistake when they do not load."""
    from importlib import import_module

    from .api import Policy, PolicyMistake

    module, _, attribute = target.partition(":")
    try:
        found = getattr(import_module(module.strip()), (attribute or "POLICIES").strip())
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a pack does at import
        raise PolicyMistake(f"{target} does not load: {type(error).__name__}: {str(error)[:200]}") from None
    if not isinstance(found, tuple | list) or not found or not all(isinstance(p, Policy) for p in found):
        raise PolicyMistake(f"{target} is not a tuple of policies")
    return list(found)


def describe(policy: Any, file: str) -> dict[str, Any]:
    """What the deciding process needs to know of a policy; tuples become lists on their way out of a child."""
    return {
        "id": policy.id,
        "title": policy.title,
        "doc": policy.doc,
        "severity": policy.severity,
        "types": policy.types,
        "judges": policy.judges,
        "remediation": policy.remediation,
        "references": policy.references,
        "on_unknown": policy.on_unknown,
        "on_unknown_reason": policy.on_unknown_reason,
        "aliases": policy.aliases,
        "alias_types": policy.alias_types,
        "settings": policy.settings,
        "file": file,
        "line": policy.line,
    }


def _limit(memory_mib: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the limit on time is the only one
        return
    limit = memory_mib * 1024 * 1024
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        pass
