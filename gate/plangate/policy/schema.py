"""Policies stated as JSON Schema over `after`, without Python.

    {"id": "acme/bucket-versioned", "title": "Bucket is not versioned", "types": ["aws_s3_bucket"],
     "severity": "medium", "remediation": "...", "schema": {"properties": {...}}}

`schema` is a JSON Schema (draft 2020-12) of the state after the apply; a resource that does not hold it fails,
one finding an error. Where an error stands at something that is unknown until apply, the outcome is unknown.
"""

from __future__ import annotations

import json

from plangate.plan.paths import dotted, first_unknown
from plangate.plan.values import Node, UnknownValue

from .api import Finding, Policy, PolicyMistake, policy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_KEYS = {"id", "title", "description", "types", "severity", "remediation", "references", "schema"}


def load_schema(source: bytes, path: str) -> list[Policy]:
    """The policy of one file. Raises PolicyMistake for what is not one."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        stated = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise PolicyMistake(f"not JSON: {error}") from None
    if not isinstance(stated, dict) or "schema" not in stated:
        raise PolicyMistake("a policy in JSON is an object with id, title, types and schema")
    extra = sorted(set(stated) - _KEYS)
    if extra:
        raise PolicyMistake(f"unknown key {extra[0]!r}; known are {', '.join(sorted(_KEYS))}")
    missing = [k for k in ("id", "title", "types") if not stated.get(k)]
    if missing:
        raise PolicyMistake(f"{missing[0]} is missing")
    texts = ("id", "title", "description", "severity", "remediation")
    wrong = next((k for k in texts if not isinstance(stated.get(k, ""), str)), None)
    if wrong is not None:
        raise PolicyMistake(f"{wrong} must be a text")
    for name in ("types", "references"):
        given = stated.get(name, [])
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise PolicyMistake(f"{name} must be a list of texts")
    try:
        Draft202012Validator.check_schema(stated["schema"])
    except SchemaError as error:
        raise PolicyMistake(f"schema: {error.message[:200]}") from None
    if _remote(stated["schema"]):
        raise PolicyMistake("schema: a $ref to another document is not followed; write it into this one")
    validator = Draft202012Validator(stated["schema"])

    def judge(change: Any) -> Iterator[Finding]:
        yield from _judge(change, validator)

    judge.__doc__ = f"{stated['title']}\n\n{stated.get('description', '')}"
    try:
        made = policy(
            stated["id"],
            types=stated["types"],
            severity=stated.get("severity", "medium"),
            remediation=stated.get("remediation", ""),
            references=stated.get("references", ()),
        )(judge)
    except TypeError as error:
        raise PolicyMistake(str(error)) from None
    made.source, made.line = path, 1
    return [made]


def _remote(schema: Any) -> bool:
    stack = [schema]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            target = here.get("$ref", here.get("$dynamicRef"))
            if isinstance(target, str) and not target.startswith("#"):
                return True
            stack += here.values()
        elif isinstance(here, list):
            stack += here
    return False


def _judge(change: Any, validator: Any) -> Iterator[Finding]:
    after = change.after
    value, mask = (after._value, after._unknown) if isinstance(after, Node) else ({}, None)
    unknown: UnknownValue | None = None
    for error in validator.iter_errors(_comparable(value)):
        steps = tuple(error.absolute_path)
        touched = _unknown_at(mask, steps)
        if touched is not None:
            state, origin = change.why(touched)
            unknown = unknown or UnknownValue(dotted(touched), state, origin)
            continue
        name = dotted(steps)
        yield Finding(f"{name or 'the resource'} does not hold the schema: {_rule(error)}", name or None)
    if unknown is not None:
        raise unknown


def _comparable(value: Any) -> Any:
    from decimal import Decimal

    if isinstance(value, dict):
        return {k: _comparable(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_comparable(v) for v in value]
    return float(value) if isinstance(value, Decimal) else value


def _rule(error: Any) -> str:
    """The rule that is broken, in words without the value."""
    wanted = json.dumps(error.validator_value)
    return f"{error.validator}" + (f" {wanted}" if len(wanted) < 80 else "")


def _unknown_at(mask: Any, steps: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """The unknown path that an error may come from: on the way, below, or a required name that is unknown."""
    here = mask
    for at, step in enumerate(steps):
        if here is True:
            return steps[:at]
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list):
            here = here[step] if isinstance(step, int) and step < len(here) else None
        else:
            return None
    below = first_unknown(here)
    return (*steps, *below) if below is not None else None
