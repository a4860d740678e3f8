"""Values of a plan without what tells whose plan it is: the same value becomes the same pseudonym everywhere, so that
what is joined by equal values stays joined.

Hidden are sensitive leaves and whatever holds a secret by its name or shape. Account numbers, UUIDs, cloud ids, mail
addresses and public network addresses become others of the same form; names become `name-1`. Words that a policy
asks for (`Enabled`, `aws:kms`, `0.0.0.0/0`, ports, switches) stay.
"""

from __future__ import annotations

import itertools
import json
import os
import re

from plangate.report.masks import has_mark
from plangate.report.names import carrier_name, common_value, secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match
    from typing import Any

    from plangate.report.redact import Redactor

_REDACTED = "(redacted)"
# Account numbers of AWS, UUIDs, ids of EC2 and its kin, mail addresses, IPv4 addresses with their prefix length.
_FORMS = re.compile(
    r"(?P<account>(?<![\d.])\d{12}(?![\d.]))"
    r"|(?P<uuid>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b)"
    r"|(?P<kind>\b[a-z]{1,12}-)(?P<cloud>[0-9a-f]{17}|[0-9a-f]{8})\b"
    r"|(?P<mail>[A-Za-z0-9._%+-]{1,64}@(?!\()[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})"
    r"|(?P<ip>(?<![\d.])(?:\d{1,3}\.){3}\d{1,3})(?P<bits>/\d{1,2})?(?![\d.])"
)
_REGION = re.compile(r"[a-z]{2,12}-[a-z-]{2,20}-?\d[a-z]?|[A-Z][A-Za-z]+ ?[A-Z]?[A-Za-z]*\d?")
_BETWEEN = re.compile(r"[^:/]+")
_WIDE = 8  # a network of fewer bits than this names nobody
_lists: dict[str, frozenset[str]] = {}


def _known(kind: str) -> frozenset[str]:
    if not _lists:
        path = os.path.join(os.path.dirname(__file__), "pseudonyms.json")
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        _lists.update({name: frozenset(data[name]) for name in ("identities", "kept", "tags", "words")})
    return _lists[kind]


class Pseudonyms:
    """One mapping of values to pseudonyms. With `names` False, names of things stay as they are.

    `learn` every value that will be written before the first is: a name may stand inside others.
    """

    def __init__(self, redactor: Redactor, names: bool = True) -> None:
        self._redactor, self._names = redactor, names
        self._whole: dict[str, str] = {}  # identities, and what each becomes
        self._forms: dict[str, dict[str, int]] = {}
        self._hidden: dict[Any, int] = {}
        self._inside: re.Pattern[str] | None = None

    # -- learning -----------------------------------------------------------------------------------------

    def learn(self, value: Any, name: str = "", tag: bool = False) -> None:
        """Take the identities below a value; `name` is the attribute it stands at."""
        if not self._names:
            return
        stack = [(value, name, tag, False)]
        while stack:
            node, here, tags, pair = stack.pop()
            if type(node) is dict:
                pair = "value" in node or "values" in node  # the name of a name/value pair is a word of the service
                stack += [(v, k, tags or here in _known("tags"), pair) for k, v in node.items()]
            elif type(node) is list:
                stack += [(item, here, tags, pair) for item in node]
            elif type(node) is str and node:
                self._learn_text(node, here, tags, pair)

    def _learn_text(self, text: str, name: str, tags: bool, pair: bool) -> None:
        if text[0] in "{[" and (inner := _json(text)) is not None:
            self.learn(inner)
            return
        if not (tags or in_question(name) or text.startswith("arn:")) or (pair and name == "name"):
            return
        for part in _parts(self._text_of(text)):
            if part not in self._whole and _is_identity(part):
                self._whole[part] = f"{'value' if tags else _kind(name)}-{len(self._whole) + 1}"
                self._inside = None

    # -- writing ------------------------------------------------------------------------------------------

    def body(self, value: Any, *masks: Any, name: str = "", carried: bool = False) -> Any:
        """The value without what must not be shown; what any of the sensitive masks marks is hidden."""
        if any(_covers(mask, value) for mask in masks):
            return self._hide(value)
        if type(value) is dict:
            if name in _known("tags"):  # a tag called Env is no environment of a program
                return {self.key(k): self.body(v, *[_at(m, k) for m in masks]) for k, v in value.items()}
            carried = carried or (carrier_name(name) and not secret_name(name))
            return {
                self.key(k): self.body(v, *[_at(m, k) for m in masks], name=k, carried=carried)
                for k, v in value.items()
            }
        if type(value) is list:
            return [self.body(v, *[_at(m, i) for m in masks], name=name, carried=carried) for i, v in enumerate(value)]
        if secret_name(name) and value is not None and type(value) is not bool:
            return self._hide(value)
        return self._string(value, name, carried) if type(value) is str else value

    def _string(self, text: str, name: str, carried: bool) -> str:
        if text[:1] in ("{", "[") and (inner := _json(text)) is not None:
            written = self.body(inner, name=name, carried=carried or carrier_name(name))
            return json.dumps(written, separators=(",", ":"), ensure_ascii=False)
        if text and ((carried and name not in ("name", "type")) or carrier_name(name)):
            return _REDACTED
        return self.text(text)

    def mask(self, mask: Any) -> Any:
        """A mask, or a tree of expressions' names, with its keys as `body` writes them."""
        if type(mask) is dict:
            return {self.key(k): self.mask(v) for k, v in mask.items()}
        return [self.mask(m) for m in mask] if type(mask) is list else mask

    def key(self, key: str) -> str:
        """A key of an object: the name of an attribute stays."""
        return key if key.replace("_", "").isalnum() and key.islower() else self.text(key)

    def text(self, text: str) -> str:
        """A text with every secret hidden and every known identity replaced."""
        found = self._text_of(text)
        whole = self._whole.get(found)
        if whole is not None:
            return whole
        if self._inside is None:
            # Short words stand in others by chance: only what is long and no plain word is replaced inside.
            inner = sorted((w for w in self._whole if len(w) >= 6 and not w.isalpha()), key=len, reverse=True)
            self._inside = re.compile("|".join(map(re.escape, inner)) or r"(?!)")
        found = self._inside.sub(lambda match: self._whole[match[0]], found)
        if "/" in found or found.startswith("arn:"):  # each part of a path or an ARN may be a name of its own
            head = len(":".join(found.split(":", 5)[:5])) if found.startswith("arn:") else 0
            found = found[:head] + _BETWEEN.sub(lambda match: self._whole.get(match[0], match[0]), found[head:])
        return found

    def _text_of(self, text: str) -> str:
        return _FORMS.sub(self._form, self._redactor.message(text))

    def _form(self, match: Match[str]) -> str:
        kind = match.lastgroup or ""
        if match["cloud"]:
            return match["kind"] + self._number("cloud", match["cloud"], f"{{:0{len(match['cloud'])}x}}")
        if kind == "account":
            return self._number(kind, match[0], "{:012d}")
        if kind == "uuid":
            return self._number(kind, match[0].lower(), "00000000-0000-4000-8000-{:012x}")
        if kind == "mail":
            return self._number(kind, match[0], "person-{}@example.com")
        bits = match["bits"] or ""
        if not _is_public(match["ip"]) or (bits and int(bits[1:]) < _WIDE):
            return match[0]
        # 198.18.0.0/15 is set aside for tests (RFC 2544): as many networks as a plan may name.
        number = self._numbered("ip", match["ip"])
        return f"198.{18 + number // 65536 % 2}.{number // 256 % 256}.{number % 256}" + bits

    def _number(self, kind: str, text: str, form: str) -> str:
        return form.format(self._numbered(kind, text))

    def _numbered(self, kind: str, text: str) -> int:
        known = self._forms.setdefault(kind, {})
        return known.setdefault(text, len(known) + 1)

    def _hide(self, value: Any) -> Any:
        """A placeholder of the value's type; equal values get equal ones. null and what is empty hide nothing."""
        if type(value) is dict:
            keys = {k: k if k.replace("_", "").isalpha() else f"key {self._hide_number(k)}" for k in value}
            return {keys[k]: self._hide(v) for k, v in value.items()}
        if type(value) is list:
            return [self._hide(v) for v in value]
        if value is None or value == "":
            return value
        if type(value) is bool:
            return False
        number = self._hide_number(value)
        return f"(sensitive {number})" if type(value) is str else number

    def _hide_number(self, value: Any) -> int:
        return self._hidden.setdefault((type(value), value), len(self._hidden) + 1)


def in_question(name: str) -> bool:
    """Whether the value of an attribute of this name may be an identity."""
    if name in _known("kept"):
        return False
    return name in _known("identities") or name.rpartition("_")[2] in _known("identities")


def _kind(name: str) -> str:
    word = name.rpartition("_")[2]
    return word if word in ("bucket", "domain", "description", "user", "host", "project") else "name"


def _is_identity(text: str) -> bool:
    if len(text) < 3 or text.lower() in _known("words") or common_value(text) or text.startswith("("):
        return False
    if any(c in text for c in "*${}()<>") or text.isdigit() or _FORMS.fullmatch(text) or _REGION.fullmatch(text):
        return False
    return not text.startswith(("aws", "AWS", "Amazon", "azure", "Azure", "Microsoft", "google", "registry."))


def _parts(text: str) -> list[str]:
    """What of an identity is a name of its own: the last part of an ARN or path, its resource group or project."""
    if text.startswith("arn:"):
        _, _, service, _, owner, *rest = (*text.split(":", 5), "", "", "", "", "")[:6]
        if owner == "aws" or not rest[0]:
            return []
        words = [word for word in rest[0].replace(":", "/").split("/") if word and "*" not in word]
        return words[:1] + words[-1:] if service == "s3" else words[-1:]
    if "/" not in text:
        return [text]
    words = [word for word in text.replace(":", "/").split("/") if word]
    named = [after for before, after in itertools.pairwise(words) if before in ("resourceGroups", "projects")]
    return [*named, *words[-1:]]


def _covers(mask: Any, value: Any) -> bool:
    """Whether a mask marks the whole of a value; one that does not fit covers it when it marks anything."""
    if type(mask) is dict and type(value) is dict:
        return False
    if type(mask) is list and type(value) is list:
        return False
    return has_mark(mask) if mask is not None else False


def _at(mask: Any, step: Any) -> Any:
    """The mask of one step; one of another shape than the value covers all of it when it marks anything."""
    if type(mask) is dict and type(step) is str:
        return mask.get(step)
    if type(mask) is list and type(step) is int and step < len(mask):
        return mask[step]
    return has_mark(mask) if type(mask) in (dict, list) else mask


def _is_public(text: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(text).is_global
    except ValueError:
        return False


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
