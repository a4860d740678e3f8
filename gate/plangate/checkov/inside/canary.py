"""A resource that must fail, planted in the copy of the plan: whoever lets it pass is not believed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .definitions import Entity

CHECK = "CKV_AWS_24"  # SSH open to the world
_GRAPH = {
    "metadata": {"id": "PLANGATE_CANARY", "name": "the planted resource", "category": "GENERAL_SECURITY"},
    "definition": {
        "cond_type": "attribute",
        "resource_types": ["aws_security_group"],
        "attribute": "ingress.from_port",
        "operator": "not_equals",
        "value": 22,
    },
}


def failed(planted: list[Entity], index: dict[str, Any], say: Any) -> list[str]:
    """The checks that the planted resource fails, Python's and the graph's, by the way of every other resource."""
    from .checks import Checks
    from .judge import Judge

    alone = {**index, "graph": [{"id": "PLANGATE_CANARY", "types": [], "raw": _GRAPH}]}
    judged = Judge(Checks(alone, {CHECK, "PLANGATE_CANARY"}), planted, say, correct=False)
    judged.run()
    return sorted(row[0] for row in judged.rows if row[2] == "FAILED")
