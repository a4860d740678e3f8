"""The process in Checkov's environment: a request and a copy of the plan come in, results go out.

Started by plangate.checkov.start, with an empty folder for a home and a working directory, and an environment
of a few names. It writes JSON lines with the request's nonce to the stdout it was given; what checks print goes
nowhere, and whatever tries to reach a network is refused and counted.
"""

from __future__ import annotations

import gc
import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto",
            "socket.sendmsg", "socket.bind")  # fmt: skip
_LOCAL = 1  # AF_UNIX


class Refused(OSError):
    """What a check gets that wants to talk to someone."""


class _Guard:
    """Refuses connections; `attempts` is how many were wanted."""

    def __init__(self) -> None:
        self.attempts = 0

    def __call__(self, event: str, given: tuple[Any, ...]) -> None:
        if event in _NETWORK and not (event == "socket.bind" and _is_local(given)):
            self.attempts += 1
            raise Refused("plangate lets no check use the network")


def _is_local(given: tuple[Any, ...]) -> bool:
    return bool(given) and getattr(given[0], "family", None) == _LOCAL


def main() -> NoReturn:
    """Answer one request and end."""
    gc.disable()
    stdin = os.fdopen(os.dup(0), "rb")
    request = json.loads(stdin.readline())
    out = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    nonce = request["nonce"]

    def say(**message: Any) -> None:
        out.write(json.dumps({"nonce": nonce, **message}) + "\n")
        out.flush()

    guard = _Guard()
    sys.addaudithook(guard)
    try:
        _answer(request, stdin, say, guard)
    except MemoryError:
        say(broken="memory ran out")
    except BaseException as error:  # noqa: BLE001 - nothing may end this process without a word
        name = getattr(error, "name", None)
        say(broken=f"{type(error).__name__}: {str(error)[:300]}", module=name if type(name) is str else None)
    out.flush()
    os._exit(0)


def _answer(request: dict[str, Any], stdin: Any, say: Any, guard: _Guard) -> None:
    _limit(request["memory_mib"])
    from . import deferred

    deferred.start()
    import logging

    logging.disable(logging.CRITICAL)
    from . import canary, checks, definitions, judge

    with open(request["index"], encoding="utf-8") as file:
        index = json.load(file)
    say(started=index["checkov"])
    loaded = checks.Checks(index, set(request["wanted"]) if request["wanted"] is not None else None)
    try:
        loaded.add_python(request["python"], say)
        loaded.add_graph(request["graph"], say)
    except checks.Broken as broken:
        say(mistake=broken.why, file=broken.file)
        return
    say(custom=loaded.custom)
    entities = definitions.entities(_read(stdin.read(request["size"])), index["documents"])
    planted = [entity for entity in entities if entity.address == request["canary"]]
    entities = [entity for entity in entities if entity.address != request["canary"]]
    say(entities=sum(entity.kind != "provider" for entity in entities))
    judged = judge.Judge(loaded, entities, say, request["correct"])
    judged.run()
    say(
        rows=_packed(judged.rows, request["passes"]),
        broken_checks=judged.broken[:1000],
        about=_about(index, loaded, judged.rows),
    )
    say(canary=canary.failed(planted, index, say), attempts=guard.attempts, end=True)


def _read(data: bytes) -> Any:
    if len(data) > 1 << 20:  # below that, importing it costs more than it saves
        try:
            import orjson

            return orjson.loads(data)
        except (ImportError, ValueError):
            pass  # integers beyond 64 bits, lone surrogates
    return json.loads(data)


def _packed(rows: list[list[Any]], passes: bool) -> list[Any]:
    """Rows by check: [id, passed without a doubt, [rows that are not]]; with `passes` every row is listed."""
    found: dict[str, list[Any]] = {}
    for id, *row in rows:
        entry = found.setdefault(id, [id, 0, []])
        if not passes and row[1] == row[2] == "PASSED":
            entry[1] += 1
        else:
            entry[2].append(row)
    return list(found.values())


def _about(index: dict[str, Any], loaded: Any, rows: list[list[Any]]) -> dict[str, Any]:
    """[name, link, types of a graph check or None] of every check that gave a result."""
    ids = {row[0] for row in rows}
    found = {}
    for id, module, name, _, guideline in index["checks"]:
        if id in ids:
            found[id] = [name, guideline or _source(index, module.replace(".", "/") + ".py"), None]
    for entry in index["graph"]:
        if entry["id"] in ids:
            known = entry["raw"]["metadata"]
            link = known.get("guideline") or _source(index, f"checkov/terraform/checks/graph_checks/{entry['file']}")
            found[entry["id"]] = [known.get("name"), link, entry["types"]]
    for id, custom in loaded.custom.items():
        found[id] = [custom["name"], custom["guideline"], custom["types"]]
    return found


def _source(index: dict[str, Any], file: str) -> str:
    """Where a check's own code can be read: most have no page that is free of charge."""
    return f"https://github.com/bridgecrewio/checkov/blob/{index['checkov']}/{file}"


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
