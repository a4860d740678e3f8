"""Checkov's solvers of graph checks, asked in line and by type instead of by threads over every vertex.

Same answers as with rustworkx (checkov 3.3.30). What is replaced is only how vertices are found, compared (by
identity: two vertices are never equal, their addresses differ) and counted; what a check means is Checkov's own.
"""

from __future__ import annotations

from importlib import import_module
from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .vertices import Graph

    Answer = tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]

_SOLVERS = "checkov.common.checks_infra.solvers"


class View:
    """A graph of some types only."""

    def __init__(self, graph: Graph, types: Any) -> None:
        self._graph, self._types = graph, types

    def of_types(self, types: Any) -> list[dict[str, Any]]:
        if not self._types:
            return self._graph.of_types(types)
        wanted = [name for name in types if name in self._types] if types else list(self._types)
        return self._graph.of_types(wanted) if wanted else []

    def edges(self) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
        return self._graph.edges(self._types)

    def nodes(self) -> list[tuple[int, dict[str, Any]]]:
        return list(enumerate(self.of_types(())))


def reader(types: Iterable[str], kinds: set[str]) -> Callable[[str], list[tuple[str, list[str]]]]:
    """A function from a string to the (block type, parts of the name) it refers to, as Checkov reads them.

    `kinds` are the block types that the graph has: what refers to others leads nowhere.
    """
    utils = import_module("checkov.terraform.graph_builder.utils")
    read = utils.get_referenced_vertices_in_str_value
    without_index = utils.remove_index_pattern_from_str
    names = set(types)
    seen: dict[str, list[tuple[str, list[str]]]] = {}

    def references(text: str) -> list[tuple[str, list[str]]]:
        found = seen.get(text)
        if found is None:
            found = seen[text] = []
            if "_" in text or "data." in text:
                for reference in read(text, {}, names):
                    kind = str(reference.block_type)
                    if kind in kinds:
                        found.append((kind, [without_index(part) for part in reference.sub_parts]))
        return found

    return references


def install() -> None:
    """Put the functions of this file in the place of Checkov's."""
    attribute: Any = import_module(f"{_SOLVERS}.attribute_solvers.base_attribute_solver")
    attribute.BaseAttributeSolver.run = _attribute_run
    attribute.debug = _Quiet()
    complex_ = import_module(f"{_SOLVERS}.complex_solvers.base_complex_solver")
    complex_.BaseComplexSolver.run = _complex_run
    resource = import_module(f"{_SOLVERS}.resource_solvers.base_resource_solver")
    resource.BaseResourceSolver.run = _resource_run
    base = import_module(f"{_SOLVERS}.connections_solvers.base_connection_solver")
    base.BaseConnectionSolver.run = _connection_run
    base.BaseConnectionSolver.set_vertices = _set_vertices
    exists = import_module(f"{_SOLVERS}.connections_solvers.connection_exists_solver")
    exists.ConnectionExistsSolver._get_operation = _exists
    one = import_module(f"{_SOLVERS}.connections_solvers.connection_one_exists_solver")
    one.ConnectionOneExistsSolver.get_operation = _one_exists
    both = import_module(f"{_SOLVERS}.connections_solvers.and_connection_solver")
    both.AndConnectionSolver.get_operation = _and
    either = import_module(f"{_SOLVERS}.connections_solvers.or_connection_solver")
    either.OrConnectionSolver.get_operation = _or
    one_table()


class _Quiet:
    """Stands for Checkov's module `debug`, which prints only when it is asked to."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _attribute_run(self: Any, graph_connector: Any) -> Answer:
    passed: list[Any] = []
    failed: list[Any] = []
    unknown: list[Any] = []
    for vertex in graph_connector.of_types(self.resource_types):
        try:
            result = self.get_operation(vertex=vertex)
        except Exception:  # noqa: BLE001, S112 - Checkov's thread ends here, and nobody asks what it raised
            continue
        (unknown if result is None else passed if result else failed).append(vertex)
    return passed, failed, unknown


def _complex_run(self: Any, graph_connector: Any) -> Answer:
    passed: list[Any] = []
    failed: list[Any] = []
    unknown: list[Any] = []
    for vertex in graph_connector.of_types(self.resource_types):
        result = self.get_operation(vertex)
        (unknown if result is None else passed if result else failed).append(vertex)
    return passed, failed, unknown


def _resource_run(self: Any, graph_connector: Any) -> Answer:
    for _, vertex in graph_connector.nodes():
        self._handle_result(self.get_operation(str(vertex.get("resource_type"))), vertex)
    return self._passed_vertices, self._failed_vertices, self._unknown_vertices


def _connection_run(self: Any, graph_connector: Any) -> Any:
    self.set_vertices(graph_connector, [], [])
    if self.vertices_under_resource_types:
        graph_connector = View(graph_connector, self.targeted_resources_types)
    return self.get_operation(graph_connector)


def _set_vertices(self: Any, graph: Any, exclude: list[Any], unknown: list[Any]) -> None:
    self.vertices_under_resource_types = graph.of_types(self.resource_types)
    self.vertices_under_connected_resources_types = graph.of_types(self.connected_resources_types)
    excluded, unsure = set(map(id, exclude)), set(map(id, unknown))
    both = list(chain(self.vertices_under_resource_types, self.vertices_under_connected_resources_types))
    self.excluded_vertices = [v for v in both if id(v) in excluded]
    self.unknown_vertices = [v for v in both if id(v) in unsure]


def _exists(self: Any, graph_connector: Any) -> Answer:
    passed: list[Any] = []
    failed: list[Any] = []
    unknown: list[Any] = []
    ours, theirs = self.vertices_under_resource_types, self.vertices_under_connected_resources_types
    if not ours or not theirs:
        return passed, [*ours, *theirs], unknown
    here, there = set(map(id, ours)), set(map(id, theirs))
    excluded, unsure = set(map(id, self.excluded_vertices)), set(map(id, self.unknown_vertices))
    for origin, destination in graph_connector.edges():
        opposite = there if id(origin) in here else here if id(origin) in there else None
        if opposite is None or id(destination) not in opposite:
            continue
        ends = {id(origin), id(destination)}
        out = failed if ends & excluded else unknown if ends & unsure else passed
        out += (origin, destination)
    known = set(map(id, chain(passed, unknown)))
    failed += [v for v in chain(ours, theirs) if id(v) not in known]
    return passed, failed, unknown


def _one_exists(self: Any, graph_connector: Any) -> Answer:
    passed, failed, unknown = _exists(self, graph_connector)
    fine = set(map(id, passed))
    return passed, [v for v in failed if id(v) not in fine], [v for v in unknown if id(v) not in fine]


def _and(self: Any, graph_connector: Any) -> Any:
    if not self.vertices_under_resource_types:
        return [], [], []
    passed, failed, unknown = self.run_attribute_solvers(graph_connector)
    bad = {_name(v) for v in chain(failed, unknown)}
    passed = [v for v in passed if _name(v) not in bad]
    for solver in self.get_sorted_connection_solvers():
        solver.set_vertices(graph_connector, failed, unknown)
        more = solver.get_operation(graph_connector)
        for mine, theirs in zip((passed, failed, unknown), more, strict=True):
            mine.extend(theirs)
    fails = {_name(v) for v in failed}
    bad = fails | {_name(v) for v in unknown}
    passed = [v for v in passed if _name(v) not in bad]
    unknown = [v for v in unknown if _name(v) not in fails]
    return self.filter_results(passed, failed, unknown)


def _or(self: Any, graph_connector: Any) -> Any:
    passed, failed, unknown = self.run_attribute_solvers(graph_connector)
    connection = import_module(f"{_SOLVERS}.connections_solvers.base_connection_solver").BaseConnectionSolver
    for solver in self.solvers:
        if isinstance(solver, connection):
            solver.set_vertices(graph_connector, [], [])
            more = solver.get_operation(graph_connector)
            for mine, theirs in zip((passed, failed, unknown), more, strict=True):
                mine.extend(theirs)
    fine = {_name(v) for v in passed}
    unknown = [v for v in unknown if _name(v) not in fine]
    fine |= {_name(v) for v in unknown}
    failed = [v for v in failed if _name(v) not in fine]
    return self.filter_results(passed, failed, unknown)


def _name(vertex: dict[str, Any]) -> tuple[Any, Any]:
    return vertex["id_"], vertex.get("__address__")


def one_table() -> None:
    """Make the tables of the JSONPath grammar once, not for each expression."""
    parser: Any = import_module("bc_jsonpath_ng.parser")
    made: dict[Any, Any] = {}

    class Yacc:
        """Stands for `ply.yacc` there."""

        @staticmethod
        def yacc(module: Any, start: str, **options: Any) -> Any:
            key = type(module), start
            if key not in made:
                made[key] = plain.yacc.yacc(module=module, start=start, **options)
            return made[key]

    class Ply:
        """Stands for `ply` there."""

        yacc = Yacc

    plain = parser.ply
    parser.ply = Ply
