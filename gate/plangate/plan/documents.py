"""Policy documents of AWS as small plain objects: known JSON, or planned by `data.aws_iam_policy_document`.

A document that the apply makes is unknown as a whole, although nearly all of it stands in the plan: in the data
source that it comes from. Then only what is unknown in there is (documents_read.py). Element names:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from .values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any


class Principal:
    """`type` is `*`, AWS, Service, Federated or CanonicalUser; `id` a text or an Unknown.

    `names` tells of an Unknown that it is the name of some one thing (the ARN of a role of this plan).
    """

    __slots__ = ("id", "names", "type")

    def __init__(self, type: Any, id: Any, names: bool = False) -> None:
        self.type, self.id, self.names = type, id, names

    def is_everyone(self) -> bool:
        """Whether it is `*`. Raises UnknownValue where only the apply can tell."""
        return _told(self._everyone())

    def _everyone(self) -> Any:
        if type(self.id) is Unknown:
            return False if self.names else self.id
        return self.id == "*" or (type(self.id) is str and "::*:" in self.id)


class Condition:
    """`operator` (`StringEquals`), `key` (`aws:SourceArn`) and `values`, texts or Unknowns."""

    __slots__ = ("key", "operator", "values")

    def __init__(self, operator: Any, key: Any, values: Any) -> None:
        self.operator, self.key, self.values = operator, key, values

    def narrows(self) -> bool:
        """Whether it ties a statement to some account, organisation, network or resource. See condition_keys.json.

        Not `...IfExists`, `ForAllValues:` or `Null`, which hold where the key is missing; not a negation; not `*`.
        A value that the apply makes names one thing.
        """
        return _told(self._narrows())

    def _narrows(self) -> Any:
        from .conditions import narrows

        return narrows(self)


class Statement:
    """One statement. `effect` is Allow or Deny; each of the lists holds texts, or is an Unknown as a whole."""

    __slots__ = (
        "actions",
        "conditions",
        "effect",
        "not_actions",
        "not_principals",
        "not_resources",
        "principals",
        "resources",
        "sid",
    )

    def __init__(self, effect: Any, sid: Any = None, **parts: Any) -> None:
        self.effect, self.sid = effect, sid
        self.principals: Any = parts.get("principals", [])
        self.not_principals: Any = parts.get("not_principals", [])
        self.actions: Any = parts.get("actions", [])
        self.not_actions: Any = parts.get("not_actions", [])
        self.resources: Any = parts.get("resources", [])
        self.not_resources: Any = parts.get("not_resources", [])
        self.conditions: Any = parts.get("conditions", [])

    @property
    def allows(self) -> bool:
        return bool(self.effect == "Allow")

    def is_for_everyone(self) -> bool:
        """Whether it allows everybody something, its conditions aside; `NotPrincipal` is everybody but some."""
        return _told(self._everyone())

    def is_narrowed(self) -> bool:
        """Whether a condition ties it to somebody."""
        return _told(_any(self.conditions, Condition._narrows))

    def is_public(self) -> bool:
        """Whether it allows everybody something, and no condition narrows that. Raises UnknownValue."""
        return _told(self._public())

    def includes(self, action: str, resource: str) -> bool:
        """Whether an action (of any case) on a resource, or all that such patterns with `*` stand for, is in its lists.

        A list that is not there holds everything; what is unknown holds nothing, and so does what is left out.
        """
        from .denials import fits

        if any(type(words) is Unknown or words for words in (self.not_actions, self.not_resources)):
            return False
        wanted = (self.actions, action.lower(), str.lower), (self.resources, resource, str)
        return all(
            type(words) is not Unknown
            and (not words or any(type(word) is str and fits(how(word), text) for word in words))
            for words, text, how in wanted
        )

    def _everyone(self) -> Any:
        if type(self.effect) is Unknown:
            return self.effect
        if self.effect != "Allow":
            return False
        others = self.not_principals
        return True if type(others) is not Unknown and others else _any(self.principals, Principal._everyone)

    def _public(self) -> Any:
        everyone = self._everyone()
        if everyone is False:
            return False
        narrowed = _any(self.conditions, Condition._narrows)
        if narrowed is True:
            return False
        return everyone if type(everyone) is Unknown else narrowed if type(narrowed) is Unknown else True


class Document:
    """The statements of a document; iterate over it.

    Where the plan does not have all of them (one that it is merged from is made by the apply), the iteration ends
    with UnknownValue after those that it has: what they allow is found all the same. `path` is the attribute.
    """

    __slots__ = ("_rest", "id", "path", "statements", "version")

    def __init__(self, statements: list[Statement], rest: list[Callable[[], Any]], path: str) -> None:
        self.statements, self._rest, self.path = statements, rest, path
        self.version: Any = None
        self.id: Any = None

    @property
    def complete(self) -> bool:
        """Whether every statement is there, though not everything in them may be known."""
        return not self._rest

    def __iter__(self) -> Iterator[Statement]:
        yield from self.statements
        for ask in self._rest:
            ask()

    def public_statements(self) -> Iterator[Statement]:
        """Those that allow everybody something, and of which no denial of the document leaves nothing but for somebody.

        Ends with UnknownValue when one of the others cannot be told.
        """
        unknown: Any = None
        for statement in self.statements:
            public = statement._public()
            if public is not False:
                left = self._leaves(statement)
                public = left if left is False or public is True else public
            if public is True:
                yield statement
            elif public is not False:
                unknown = public
        if unknown is not None:
            unknown._ask()
        for ask in self._rest:
            ask()

    def _leaves(self, statement: Statement) -> Any:
        """Whether the denials leave something of a statement, True where there are none."""
        denials = [one for one in self.statements if type(one.effect) is Unknown or one.effect == "Deny"]
        if not denials:
            return True
        from .denials import denied

        answer = denied(statement, denials)
        return answer if type(answer) is Unknown else not answer


# Three answers: True, False, or the Unknown that decides. It is asked only where nothing else decides, so that no
# policy ends in `unknown` for a value that does not matter.


def _told(answer: Any) -> bool:
    return answer if type(answer) is bool else answer._ask()


def _any(parts: Any, question: Callable[[Any], Any]) -> Any:
    if type(parts) is Unknown:
        return parts
    answers = [question(part) for part in parts]
    if any(answer is True for answer in answers):
        return True
    return next((answer for answer in answers if answer is not False), False)
