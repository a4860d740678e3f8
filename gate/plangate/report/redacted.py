"""Redaction of a whole report: which of its fields are text of the plan or of a policy."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from .redact import Redactor

# What of a report is the plan's own text, or a policy's; the rest is plangate's and stays as it is.
_FOREIGN = {
    "changes": (
        "address",
        "module",
        "type",
        "name",
        "provider",
        "previous_address",
        "importing",
        "attributes",
        "replace_paths",
        "reason",
        "deposed",
    ),
    "findings": ("address", "attribute", "checkov", "message", "origin", "remediation", "title"),
    "invocations": ("address", "type"),
    "errors": ("message",),
    "drift": ("address", "deposed", "type", "attributes", "relevant"),
    "outputs": ("name",),
    "checks": ("address", "kind", "status"),
    "renames": ("from", "to"),
}


def redacted(report: dict[str, Any], redactor: Redactor) -> dict[str, Any]:
    """The report, changed in place: every secret of the plan hidden wherever the plan or a policy wrote something, and
    in messages and shown values also what has the shape of a credential."""
    texts = _Once(redactor.text)
    if redactor:
        texts.update((text, text) for text in redactor.clean(dict.fromkeys(_texts(report))))
    text = texts.__getitem__
    message = _Once(lambda told: redactor.shaped(text(told))).__getitem__
    for part in (report["findings"], report["errors"]):
        for item in part:
            item["message"] = message(item["message"])
    for change in report["changes"]:
        for value in change["values"] or ():
            for side in ("before", "after"):
                value[side] = value[side] and redactor.message(value[side])
            value["path"] = text(value["path"])
    if redactor:
        for name, fields in _FOREIGN.items():
            for item in report[name]:
                for field in fields:
                    value = item.get(field)
                    if value:
                        item[field] = _hidden(value, text, redactor)
        report["notes"] = [redactor.text(note) for note in report["notes"]]
        report["plan"]["workspace"] = redactor.tree(report["plan"]["workspace"])
    return report


def _hidden(value: Any, text: Callable[[str], str], redactor: Redactor) -> Any:
    if type(value) is str:
        return text(value)
    plain = type(value) is list and all(type(one) is str for one in value)
    return [text(one) for one in value] if plain else redactor.tree(value)


class _Once(dict[str, str]):
    """What a function makes of texts: a report says most of them many times."""

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make

    def __missing__(self, text: str) -> str:
        made = self[text] = self._make(text)
        return made


def _texts(report: dict[str, Any]) -> Iterator[str]:
    for name, fields in _FOREIGN.items():
        for item in report[name]:
            for field in fields:
                value = item.get(field)
                if type(value) is str:
                    yield value
                elif type(value) is list:
                    yield from (one for one in value if type(one) is str)
