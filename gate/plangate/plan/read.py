"""From a document's bytes to a Plan: refuse what is not one finished plan, keep everything else.

Small documents are built whole by the standard library. Large ones are checked in one pass that keeps
nothing, then decoded by msgspec only as far as a gate looks: bodies stay bytes until a policy asks.
"""

from __future__ import annotations

from plangate.errors import PlanError

from . import strict
from .actions import ACTIONS
from .change import Change
from .checks import contradictions, without_key
from .model import Plan, Sections

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

LARGE = 4 * 1024 * 1024  # below it `import msgspec` costs more than it saves
KNOWN_MINOR = 2
_BODIES = ("before", "after", "after_unknown", "before_sensitive", "after_sensitive")
# Sections of the JSON format, Terraform 1.17-dev and OpenTofu 1.12; anything else is named to the reader.
SECTIONS = frozenset(
    {
        "format_version", "terraform_version", "variables", "planned_values", "resource_drift", "resource_changes",
        "deferred_changes", "deferred_action_invocations", "output_changes", "action_invocations", "prior_state",
        "configuration", "relevant_attributes", "checks", "condition_results", "timestamp", "errored", "applyable",
        "complete", "proposed_unknown",
        # the redacted plan of HCP Terraform (json-output-redacted)
        "plan_format_version", "provider_format_version", "provider_schemas",
    }
)  # fmt: skip


def read(data: bytes, where: str, *, allow_incomplete: bool = False) -> Plan:
    """The plan in `data` (UTF-8 JSON of `terraform show -json`).

    Raises PlanError when it is none, is errored, contradicts itself, or is incomplete and that is not allowed.
    """
    import json

    try:
        if len(data) < LARGE:
            document, decode = strict.parse(data, where), None
        else:
            from . import large, spans

            document, decode = spans.sections(data, where), large.decode
    except json.JSONDecodeError as error:
        raise _not_json(data, error, where) from None
    try:
        return _plan(document, decode, where, allow_incomplete)
    except PlanError as error:
        raise error if error.where else PlanError(error.what, where=where, fix=error.fix) from None
    except RecursionError:
        raise PlanError("the document nests too deeply", where=where, fix="make it again") from None


def _not_json(data: bytes, error: Any, where: str) -> PlanError:
    from .kinds import explain

    what, fix = explain(data, error)
    return PlanError(what, where=where, fix=fix)


def _plan(document: Any, decode: Callable[[Any], Any] | None, where: str, allow_incomplete: bool) -> Plan:
    if type(document) is not dict or not _looks_like_plan(document):
        from .kinds import kind_of

        whole = document if decode is None else _decoded(document, decode)
        what, fix = kind_of(whole) or (
            "this is not a plan document",
            "give the output of `terraform show -json PLANFILE`",
        )
        raise PlanError(what, where=where, fix=fix)
    small = {k: decode(v) if decode and k in _SMALL else v for k, v in document.items()}
    notes = _version(small, where)
    _finished(small, where, allow_incomplete, notes)
    changes = _changes(small, "resource_changes", decode, where)
    deferred = _deferred(small, decode, where, allow_incomplete, notes)
    drift = _changes(small, "resource_drift", decode, where)
    unseen = sorted(set(small) - SECTIONS)
    if unseen:
        notes.append("not judged, because this version does not know it: " + ", ".join(unseen[:10]))
    sections = Sections(small, decode)
    plan = Plan(_facts(small, notes), changes + deferred, drift, sections)
    contradictions(plan, where)
    return plan


_SMALL = frozenset(
    ["format_version", "plan_format_version", "terraform_version", "timestamp", "errored", "applyable", "complete"]
)


def _decoded(document: Any, decode: Callable[[Any], Any]) -> Any:
    return {k: decode(v) for k, v in document.items()} if type(document) is dict else document


def _looks_like_plan(document: dict[str, Any]) -> bool:
    if "plan_format_version" in document:
        return True
    # `provider_schemas` beside `format_version` is what `terraform providers schema -json` and internal
    # documents have, never a plan of `terraform show -json`.
    return (
        "provider_schemas" not in document
        and "format_version" in document
        and bool({"resource_changes", "planned_values", "configuration", "output_changes"} & document.keys())
    )


def _version(document: dict[str, Any], where: str) -> list[str]:
    version = document.get("format_version", document.get("plan_format_version"))
    parts = version.split(".") if type(version) is str else []
    if len(parts) != 2 or not (parts[0].isdecimal() and parts[1].isdecimal()):
        raise PlanError(
            f"its format_version is {ascii(version)[:40]}, not of the form 1.2",
            where=where,
            fix="give the output of `terraform show -json PLANFILE`",
        )
    if parts[0] not in ("0", "1"):
        raise PlanError(
            f"plan format {version} is not known, only 0.x and 1.x are",
            where=where,
            fix="use a newer plangate",
        )
    if parts[0] == "1" and int(parts[1]) > KNOWN_MINOR:
        return [f"plan format {version} is newer than the newest known, 1.{KNOWN_MINOR}: what it adds is not judged"]
    return []


def _finished(document: dict[str, Any], where: str, allow_incomplete: bool, notes: list[str]) -> None:
    for flag in ("errored", "complete", "applyable"):
        if document.get(flag) not in (True, False, None):
            raise PlanError(f"its `{flag}` is neither true nor false", where=where, fix="make the plan again")
    if document.get("errored"):
        raise PlanError(
            "this plan is errored: planning failed, and only a part of the changes is in it",
            where=where,
            fix="read the errors of `terraform plan`, mend them and plan again",
        )
    if document.get("complete") is False:
        if not allow_incomplete:
            raise PlanError(
                "this plan is incomplete (made with -target, or with deferred changes): the rest was not planned",
                where=where,
                fix="plan without -target, or judge what is there with --allow-incomplete",
            )
        notes.append("this plan is incomplete: what it leaves out was not judged")
    elif "complete" not in document:
        notes.append("completeness not stated by the tool that made the plan")


def _deferred(
    document: dict[str, Any], decode: Any, where: str, allow_incomplete: bool, notes: list[str]
) -> list[Change]:
    entries = _list(document, "deferred_changes", decode, where)
    if not entries:
        return []
    if not allow_incomplete:
        raise PlanError(
            f"this plan is incomplete: {len(entries)} changes are deferred to a later round",
            where=where,
            fix="apply and plan again, or judge what is there with --allow-incomplete",
        )
    notes.append(f"{len(entries)} changes are deferred to a later round; they are judged by what is known")
    found = []
    for each in entries:
        entry = decode(each) if decode else each
        inner = entry.get("resource_change") if type(entry) is dict else None
        reason = str(entry.get("reason") or "unknown") if type(entry) is dict else "unknown"
        found.append(_change(inner, None, where, "deferred_changes", reason))
    return found


def _list(document: dict[str, Any], name: str, decode: Any, where: str) -> list[Any]:
    if name not in document:
        return []
    value = document[name]
    if decode is not None:
        from . import large

        value = large.changes(value) if name in ("resource_changes", "resource_drift") else decode(value)
        document[name] = value
    if type(value) is not list:
        raise PlanError(f"its `{name}` is not a list", where=where, fix="make the document again: this one was altered")
    return value


def _changes(document: dict[str, Any], name: str, decode: Any, where: str) -> list[Change]:
    entries = _list(document, name, decode, where)
    if decode is not None:
        from . import large

        found = [large.change(entry, _actions, name) for entry in entries]
    else:
        found = [_change(entry, None, where, name) for entry in entries]
    seen: set[tuple[str, str | None]] = set()
    for change in found:
        if change.actions not in ACTIONS:
            raise _unknown_action(change.actions, change.address, where)
        key = change.address, change.deposed
        if key in seen and name == "resource_changes":
            raise PlanError(
                f"`{name}` holds {without_key(change.address)} twice",
                where=where,
                fix="make the document again: it was altered",
            )
        seen.add(key)
    return found


def _unknown_action(actions: Iterable[Any], address: str, where: str) -> PlanError:
    named = ", ".join(ascii(a) for a in actions) or "none"
    return PlanError(
        f"the action [{named}] of {without_key(address)} is not known",
        where=where,
        fix="use a plangate that knows this version of Terraform or OpenTofu",
    )


def _actions(value: Any, address: str, where: str = "") -> tuple[str, ...]:
    actions = tuple(value) if type(value) is list else ()
    try:
        if actions in ACTIONS:
            return actions
    except TypeError:
        pass
    raise _unknown_action(actions, address, where)


def _change(entry: Any, decode: Any, where: str, section: str, deferred: str | None = None) -> Change:
    change = entry.get("change") if type(entry) is dict else None
    if type(change) is not dict or type(entry.get("address")) is not str:
        raise PlanError(
            f"an entry of `{section}` has no address or no change",
            where=where,
            fix="make the document again: it was altered",
        )
    get = entry.get
    for name in (
        "module_address",
        "mode",
        "type",
        "name",
        "provider_name",
        "deposed",
        "action_reason",
        "previous_address",
    ):
        if type(get(name, "")) is not str and get(name) is not None:
            raise PlanError(
                f"`{name}` of {without_key(entry['address'])} is not text",
                where=where,
                fix="make the document again",
            )
    if type(get("index")) not in (str, int, type(None)):
        what = f"`index` of {without_key(entry['address'])} is neither a number nor text"
        raise PlanError(what, where=where, fix="make the document again")
    return Change(
        entry["address"],
        get("deposed") or None,
        get("module_address") or "",
        get("mode") or "managed",
        get("type") or "",
        get("name") or "",
        get("index"),
        get("provider_name") or "",
        _actions(change.get("actions"), entry["address"], where),
        get("action_reason"),
        get("previous_address") or None,
        change.get("importing"),
        change.get("replace_paths"),
        tuple(change.get(name) for name in _BODIES),  # type: ignore[arg-type]
        decode,
        deferred,
    )


def _facts(document: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    text = {k: v if type(v := document.get(k)) is str else None for k in ("terraform_version", "timestamp")}
    return {
        "format_version": document.get("format_version", document.get("plan_format_version")),
        **text,
        "complete": document.get("complete"),
        "applyable": document.get("applyable"),
        "errored": document.get("errored"),
        "redacted": "plan_format_version" in document,
        "notes": notes,
    }
