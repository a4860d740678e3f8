"""What plangate itself knows of one of Checkov's checks: the page of `plangate policies show checkov/CKV_AWS_20`."""

from __future__ import annotations

from plangate.checkov.places import VERSION
from plangate.checkov.results import PREFIX
from plangate.checkov.table import doubts, ids, severities
from plangate.decide.settings import level_for, selected, severity_for
from plangate.globs import match_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.decide.settings import Settings


def entry(id: str, metas: dict[str, dict[str, Any]], settings: Settings) -> dict[str, Any] | None:
    """The check of this id, with or without `checkov/`; None where the pinned Checkov has none.

    `same` are our own policies that ask what it asks. Title and page of a check are Checkov's: a report has them.
    """
    check = id.removeprefix(PREFIX)
    severity = severities().get(check)
    if severity is None:
        return None
    policy = PREFIX + check
    here = severity_for(settings, policy, severity)
    asked = settings.checkov
    on = selected(settings, policy) and asked.mode != "off"
    on = on and (not asked.only or any(match_id(glob, check) for glob in asked.only))
    on = on and not any(match_id(glob, check) for glob in asked.skip)
    return {
        "id": policy,
        "severity": here,
        "level": level_for(settings, policy, here) if on else "off",
        "source": f"checkov {VERSION}",
        "doubtful": doubts().get(check),
        "same": sorted(meta["id"] for meta in metas.values() if check in meta["aliases"]),
    }


def page(found: dict[str, Any]) -> list[str]:
    """The lines that people are shown of an entry."""
    lines = [
        f"{found['id']}: a check of Checkov",
        "",
        f"severity     {found['severity']}",
        f"level        {found['level']}",
        f"source       {found['source']}; it judges where `plangate checkov status` finds one",
    ]
    if found["same"]:
        lines.append(f"same as      {', '.join(found['same'])}")
    if found["doubtful"]:
        lines += ["", f"Doubtful on a plan: {found['doubtful']}."]
    return [*lines, "", "What it asks for is on Checkov's page of it, which each of its findings names."]


__all__ = ["entry", "ids", "page"]
