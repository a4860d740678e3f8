"""One finding for what several policies of a pack cannot know, in the same words."""

from __future__ import annotations

from .settings import LEVELS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SAME = ("address", "deposed", "attribute", "message", "origin", "status")


def told_once(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings without those `unknown` that another one of the same pack says about the same value; its `also`
    gets their policies. Worst first comes in, and the worst stays: none that binds harder gives way.

    It is decided here and not by the policies: each of them judges as if it were alone, so that whichever is selected,
    waived or enforced says what it cannot know.
    """
    stay: dict[tuple[Any, ...], dict[str, Any]] = {}
    kept = []
    for finding in findings:
        if finding["outcome"] == "unknown":
            same = (finding["policy"].partition("/")[0], *(finding[name] for name in _SAME))
            other = stay.setdefault(same, finding)
            if other["policy"] != finding["policy"] and _binds(other) >= _binds(finding):
                other["also"] += [name for name in (finding["policy"], *finding["also"]) if name not in other["also"]]
                continue
        kept.append(finding)
    return kept


def _binds(finding: dict[str, Any]) -> tuple[bool, int]:
    return finding["stops"], LEVELS.index(finding["enforcement"])
