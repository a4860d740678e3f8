"""Checkov's checks on the blocks of a plan: the bare results, and beside them what an unknown value leaves of them."""

from __future__ import annotations

from importlib import import_module

from . import iam, paths, solve
from .vertices import Graph, type_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .checks import Checks
    from .definitions import Entity

# Python checks that search the whole graph: their types need it to be there before anything changes a block.
SEARCHES = ("aws_s3_bucket_acl", "aws_api_gateway_method", "google_compute_security_policy")
RESULTS = ("PASSED", "FAILED", "SKIPPED", "UNKNOWN")


class Judge:
    """`rows` are [check id, address, bare result, result with unknown values told, evaluated keys].

    A result is PASSED, FAILED, SKIPPED, or UNKNOWN, which Checkov's command line does not show, or None for no
    result at all; `broken` are [check id, address, class of what was raised].
    """

    def __init__(self, checks: Checks, entities: list[Entity], say: Any, correct: bool) -> None:
        self._checks, self._entities, self._say = checks, entities, say
        self._correct = correct
        self.rows: list[list[Any]] = []
        self.broken: list[list[Any]] = []
        self._seen: set[tuple[str, str, Any, Any]] = set()
        self._graph: Graph | None = None
        _install()

    def run(self) -> None:
        """Judge everything. Graph checks come first: Python checks may change what they are given."""
        kinds = {entity.kind for entity in self._entities}
        types = [entity.type for entity in self._entities if entity.kind == "resource"]
        self._run_graph(kinds, types)
        if self._graph is not None and any(name in SEARCHES for name in types):
            self._graph.nodes()
        elif self._graph is not None and not self._checks.custom:
            self._graph = None
        self._run_python()

    # -- graph checks -------------------------------------------------------------------------------------

    def _run_graph(self, kinds: set[str], types: list[str]) -> None:
        references = solve.reader(types, kinds)
        graph = self._graph = Graph(self._entities, references)
        checks = self._checks.graph(graph.types)
        if not checks:
            return
        solve.install()
        other = None
        if self._correct and any(entity.filled is not None for entity in self._entities):
            other = Graph(self._entities, references, filled=True)
        for check in checks:
            if check.id in self._checks.custom:
                self._say(doing=["check", check.id])
            bare = self._solved(check, graph)
            told = self._solved(_fresh(check), other) if other is not None else bare
            keys = check.get_evaluated_keys()
            for address in {**bare, **told}:
                mine, theirs = bare.get(address, [None]), told.get(address, [None])
                if len(mine) == 1 and len(theirs) == 1:
                    self._row(check.id, address, mine[0], theirs[0], keys)
                else:  # Checkov calls one block both passed and failed
                    for result in mine:
                        self._row(check.id, address, result, result if result in theirs else theirs[0], keys)

    def _solved(self, check: Any, graph: Graph) -> dict[str, list[str | None]]:
        try:
            answers = check.run(graph)
        except Exception as error:  # noqa: BLE001 - Checkov loses it in a thread, with all results of the check
            self.broken.append([check.id, None, type(error).__name__])
            return {}
        found: dict[str, list[str | None]] = {}
        for result, vertices in zip(("PASSED", "FAILED", "UNKNOWN"), answers, strict=True):
            for vertex in vertices:
                listed = found.setdefault(vertex.get("__address__") or "", [])
                if result not in listed:
                    listed.append(result)
        for listed in found.values():
            if len(listed) > 1 and "UNKNOWN" in listed:
                listed.remove("UNKNOWN")
        return found

    # -- Python checks ------------------------------------------------------------------------------------

    def _run_python(self) -> None:
        base = import_module("checkov.common.checks.base_check").BaseCheck
        listed: dict[tuple[str, str], list[Any]] = {}
        for entity in self._entities:
            key = entity.kind, entity.type
            checks = listed.get(key)
            if checks is None:
                checks = listed[key] = self._checks.of(*key)
                for check in checks:
                    check.graph = self._graph
                iam.prepare()
            if self._correct:
                iam.forget()
            for check in checks:
                custom = check.id in self._checks.custom
                if custom:
                    self._say(doing=["check", check.id])
                bare = self._python(check, entity, entity.conf, base)
                told = bare
                if entity.filled is not None and self._correct:
                    told = self._python(check, entity, entity.filled, base)
                if bare or told:
                    self._row(check.id, entity.address, bare, told, check.get_evaluated_keys())
            entity.conf = entity.filled = None

    def _python(self, check: Any, entity: Entity, conf: Any, base: Any) -> str | None:
        check.details = []
        check.evaluated_keys = []
        check.entity_path = f"/plan.json:{entity.type}:{entity.name}"
        try:
            if type(check).run is base.run:
                result = check.scan_entity_conf(conf, entity.type)
            else:
                result = check.run("/plan.json", conf, entity.name, entity.type, {}).get("result")
        except BaseException as error:  # Checkov makes it UNKNOWN, and shows nothing
            if not isinstance(error, Exception) and check.id not in self._checks.custom:
                raise
            self.broken.append([check.id, entity.address, type(error).__name__])
            return None
        found = getattr(result, "value", result)
        return found if found in RESULTS else None

    def _row(self, id: str, address: str, bare: str | None, told: str | None, keys: Any) -> None:
        row = id, address, bare, told
        if (bare or told) and row not in self._seen:
            self._seen.add(row)
            clear = bare == told == "PASSED"
            self.rows.append([*row, [] if clear else sorted({str(k) for k in keys or ()})])


def _fresh(check: Any) -> Any:
    """Some solvers keep what they found: a second run on another graph starts from nothing."""
    stack = [check.solver]
    while stack:
        solver = stack.pop()
        stack += getattr(solver, "solvers", None) or ()
        for name in ("_passed_vertices", "_failed_vertices", "_unknown_vertices"):
            if hasattr(solver, name):
                setattr(solver, name, [])
    return check


def _install() -> None:
    """Put what is quick in the place of what is slow, in the base classes of Checkov's checks."""
    prefix = "checkov.terraform.checks.resource."
    plain: Any = import_module(prefix + "base_resource_check")
    handle = paths.without_dynamic(plain.handle_dynamic_values)
    plain.handle_dynamic_values = handle
    for name in ("base_resource_value_check", "base_resource_negative_value_check"):
        module: Any = import_module(prefix + name)
        module.handle_dynamic_values = handle
        module.dpath = paths.Dpath(module.dpath)


__all__ = ["Judge", "type_of"]
