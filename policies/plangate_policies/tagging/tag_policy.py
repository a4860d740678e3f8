"""AWS Organizations tag policies: the text of one to rules.

Taken is a policy as it is written, with its operators, one that is effective (they are resolved), and what
DescribeEffectivePolicy or DescribePolicy answer. Syntax and meaning:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
"""

from __future__ import annotations

import json

from .cover import wild

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PARTS = ("tag_key", "tag_value", "enforced_for", "report_required_tag_for")
_CHILDREN = "@@operators_allowed_for_child_policies"
_OPERATORS = ("@@assign", "@@append", "@@remove")
# What the AWS command line prints, from the outside in.
_WRAPPINGS = (("EffectivePolicy", "PolicyContent"), ("Policy", "Content"))


class TagPolicyMistake(Exception):
    """A text is no tag policy; `line` is where, as far as it can be told."""

    def __init__(self, what: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(what)


class Rule:
    """What a tag policy says of one key.

    `key` is how it must be written, `values` what it may be (None: anything; `*` stands for any text), `enforced`
    and `required` the resource types for which AWS refuses what does not comply, and reports what is missing.
    """

    __slots__ = ("enforced", "key", "required", "values")

    def __init__(self, key: str, values: list[str] | None, enforced: list[str], required: list[str]) -> None:
        self.key, self.values, self.enforced, self.required = key, values, enforced, required

    def takes(self, value: str) -> bool:
        """Whether a value complies."""
        return self.values is None or any(wild(value, allowed) for allowed in self.values)


class TagPolicy:
    """The rules of a tag policy. `inherits`: it has operators that only AWS can resolve with the policies above."""

    __slots__ = ("inherits", "rules")

    def __init__(self, rules: list[Rule], inherits: bool) -> None:
        self.rules, self.inherits = rules, inherits


def parse(text: str) -> TagPolicy:
    """The rules of a tag policy's text. Raises TagPolicyMistake."""
    return _Reader(text).read()


def names_type(listed: list[str], tag_types: list[str]) -> bool:
    """Whether a list (`ec2:instance`, `ec2:*`, `secretsmanager:ALL_SUPPORTED`) names one of a resource's types."""
    for item in listed:
        service, _, kind = item.partition(":")
        for tag_type in tag_types:
            if item == tag_type or (kind in ("*", "ALL_SUPPORTED") and service in ("*", tag_type.partition(":")[0])):
                return True
    return False


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.inherits = False

    def read(self) -> TagPolicy:
        body = self._unwrapped(_json(self.text))
        if not isinstance(body, dict) or not isinstance(body.get("tags"), dict):
            raise TagPolicyMistake('has no table "tags"', 1)
        extra = [key for key in body if key != "tags" and not key.startswith("@@")]
        if extra:
            raise self._mistake(f"has {extra[0]!a} beside tags", extra[0])
        rules, seen = [], {}
        for name, stated in body["tags"].items():
            if name == _CHILDREN:
                continue
            rule = self._rule(name, stated)
            low = rule.key.lower()
            if low in seen:
                raise self._mistake(f"has two rules for the key {rule.key!a}", name)
            seen[low] = True
            rules.append(rule)
        if not rules:
            raise TagPolicyMistake("has no rule for any tag", self._line("tags"))
        return TagPolicy(rules, self.inherits)

    def _unwrapped(self, body: Any) -> Any:
        for outer, inner in _WRAPPINGS:
            found = body.get(outer) if isinstance(body, dict) else None
            content = found.get(inner) if isinstance(found, dict) else None
            if content is None and isinstance(body, dict) and isinstance(body.get(inner), str):
                content = body[inner]
            if isinstance(content, str):
                self.text = content
                try:
                    return _json(content)
                except TagPolicyMistake as mistake:
                    raise TagPolicyMistake(f"has a {inner} that {mistake}", 1) from None
        return body

    def _rule(self, name: str, stated: Any) -> Rule:
        if not isinstance(stated, dict):
            raise self._mistake(f"says nothing of {name!a} but a value; it must be a table", name)
        for part in stated:
            if part not in _PARTS and part != _CHILDREN:
                raise self._mistake(f"has {part!a} under {name!a}; known are {', '.join(_PARTS)}", name, part)
        key = self._text(name, stated.get("tag_key"))
        if key.lower() != name.lower():
            raise self._mistake(f"has a tag_key {key!a} that is not {name!a} but for case", name, "tag_key")
        values = self._list(name, "tag_value", stated.get("tag_value"))
        if any(value.count("*") > 1 for value in values):
            raise self._mistake(f"has a tag_value of {name!a} with several `*`; one is allowed", name, "tag_value")
        enforced, required = (self._types(name, part, stated.get(part)) for part in _PARTS[2:])
        return Rule(key, values or None, enforced, required)

    def _types(self, name: str, part: str, stated: Any) -> list[str]:
        found = self._list(name, part, stated)
        for item in found:
            service, colon, kind = item.partition(":")
            if not (service and colon and kind) or any(c.isspace() for c in item):
                what = f"has {item!a} in {part} of {name!a}; a type is written service:type"
                raise self._mistake(what, name, item)
        return found

    def _text(self, name: str, stated: Any) -> str:
        """A tag_key; left out it is the policy key in lower case."""
        if isinstance(stated, dict):
            unknown = [key for key in stated if key not in ("@@assign", _CHILDREN)]
            if unknown:
                what = f"has {unknown[0]!a} in tag_key of {name!a}; only @@assign counts there"
                raise self._mistake(what, name, unknown[0])
            stated = stated.get("@@assign")
        if stated is None:
            return name.lower()
        if not isinstance(stated, str) or not stated:
            raise self._mistake(f"has a tag_key of {name!a} that is no text", name, "tag_key")
        return stated

    def _list(self, name: str, part: str, stated: Any) -> list[str]:
        """A list of texts, its operators applied in the order in which they stand."""
        if not isinstance(stated, dict):
            return self._texts(name, part, [] if stated is None else stated)
        found: list[str] = []
        for operator, given in stated.items():
            if operator == _CHILDREN:
                continue
            if operator not in _OPERATORS:
                what = f"has {operator!a} in {part} of {name!a}; known are {', '.join(_OPERATORS)}"
                raise self._mistake(what, name, operator)
            texts = self._texts(name, part, given)
            if operator == "@@assign":
                found = texts
            elif operator == "@@append":
                found, self.inherits = [*found, *texts], True
            else:
                found, self.inherits = [text for text in found if text not in texts], True
        return found

    def _texts(self, name: str, part: str, given: Any) -> list[str]:
        given = [given] if isinstance(given, str) else given
        if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
            raise self._mistake(f"has a {part} of {name!a} that is no list of texts", name, part)
        return list(given)

    def _mistake(self, what: str, *keys: str) -> TagPolicyMistake:
        return TagPolicyMistake(what[:300], self._line(*keys))

    def _line(self, *keys: str) -> int:
        """The line of the last of these keys or texts, each sought behind the one before."""
        at = 0
        for key in keys:
            found = self.text.find(json.dumps(key, ensure_ascii=False), at)
            at = found if found >= 0 else at
        return self.text.count("\n", 0, at) + 1


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise TagPolicyMistake(f"has the key {key[:60]!a} twice")
            found[key] = value
        return found

    try:
        return json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise TagPolicyMistake(f"is not JSON: {error.msg}", error.lineno) from None
    except (ValueError, RecursionError):
        raise TagPolicyMistake("is not JSON that can be read: too deep, or a number too long") from None
