"""Hiding secrets by value: every occurrence of a secret, in any of its forms, becomes `(sensitive)`.

The second net, `message`, also hides what has the shape of a credential, for texts that policies and
providers wrote. What is too short or too common to be searched for is masked where it stands, by
whoever shows values.
"""

from __future__ import annotations

from plangate.report.masks import MIN_LENGTH, decimal_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

MARKER = "(sensitive)"
PATTERN_MARKER = "(redacted)"
# Every text of MIN_LENGTH holds a run of _GRAM characters that starts at a multiple of _STEP.
_GRAM = 4
_STEP = MIN_LENGTH - _GRAM + 1
# Of texts made to be slow to search: rounds of hiding, and comparisons for each character.
_MAX_ROUNDS = 8
_MAX_WORK = 64
_MEMO_ENTRIES, _MEMO_LENGTH = 8192, 512
_TOGETHER = 128  # texts that are searched as one


class Redactor:
    """Hides a set of secrets. Its index is built at the first text it is given."""

    __slots__ = ("_forms", "_grams", "_heads", "_memo", "_secrets")

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = frozenset(secrets)
        self._forms: set[str] = set()
        self._heads: dict[str, tuple[int, ...]] = {}
        self._grams: frozenset[str] | None = None
        self._memo: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._secrets)

    def _build(self) -> frozenset[str]:
        from plangate.report.forms import all_forms

        heads: dict[str, set[int]] = {}
        for form in all_forms(self._secrets):
            # A text is never without what the markers themselves are made of.
            if len(form) >= MIN_LENGTH and form not in MARKER and form not in PATTERN_MARKER:
                self._forms.add(form)
                heads.setdefault(form[:MIN_LENGTH], set()).add(len(form))
        self._heads = {head: tuple(sorted(sizes, reverse=True)) for head, sizes in heads.items()}
        grams: set[str] = set()
        for offset in range(_STEP):
            grams.update([head[offset : offset + _GRAM] for head in heads])
        self._grams = frozenset(grams)
        return self._grams

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where forms stand, the longest of each start, by start; they may overlap."""
        grams = self._grams if self._grams is not None else self._build()
        size = len(text)
        spans = []
        work = size * _MAX_WORK + 100_000
        for near in [i for i in range(0, size - _GRAM + 1, _STEP) if text[i : i + _GRAM] in grams]:
            for start in range(max(0, near - _STEP + 1), near + 1):
                for length in self._heads.get(text[start : start + MIN_LENGTH], ()):
                    work -= 1 + (length >> 6)
                    if text[start : start + length] in self._forms:
                        spans.append((start, start + length))
                        break
            if work < 0:
                return [(0, size)]
        return spans

    def text(self, text: str) -> str:
        """The text without any form of a secret. Texts that hold none are returned as they are."""
        if not self._secrets or len(text) < MIN_LENGTH:
            return text
        known = self._memo.get(text)
        if known is None:
            known = self._hide(text)
            if len(text) <= _MEMO_LENGTH:
                if len(self._memo) >= _MEMO_ENTRIES:
                    self._memo.clear()
                self._memo[text] = known
        # The memo may hold an equal string: an unchanged text stays the object it was.
        return text if known == text else known

    def _hide(self, text: str) -> str:
        marks: list[tuple[int, int]] = []
        for _ in range(_MAX_ROUNDS):
            spans = self._spans(text)
            if not spans:
                return text
            # A marker and the text beside it may read as a form again: that is hidden with it.
            text, marks = _cover(text, spans + marks)
        return MARKER

    def clean(self, texts: Iterable[str]) -> list[str]:
        """Those that hold no secret, as far as many can be told at once: of a text that is left out `text` tells."""
        every = list(texts)
        found = []
        for at in range(0, len(every), _TOGETHER):
            some = every[at : at + _TOGETHER]
            # What stands in one of them stands in all of them together.
            if not self._secrets or not self._spans("\n".join(some)):
                found += some
        return found

    def message(self, text: str) -> str:
        """`text`, and what has the shape of a credential becomes `(redacted)`."""
        return self.shaped(self.text(text))

    def shaped(self, hidden: str) -> str:
        """A text without secrets, in which also what has the shape of a credential becomes `(redacted)`."""
        from plangate.report.patterns import redact_patterns

        shaped = redact_patterns(hidden)
        return hidden if shaped == hidden else self.text(shaped)

    def tree(self, value: Any) -> Any:
        """A JSON-like value without secrets in its strings, numbers and keys.

        Objects and lists that hold none are the same objects as before; nothing given is changed.
        Keys that become equal are told apart by a number.
        """
        if not self._secrets:
            return value
        if not isinstance(value, (dict, list, tuple)):
            return self._leaf(value)
        done: dict[int, Any] = {}
        seen: set[int] = set()
        stack = [(value, False)]
        while stack:
            node, children_done = stack.pop()
            if children_done:
                done[id(node)] = self._node(node, done)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                children = node.values() if isinstance(node, dict) else node
                stack.extend((item, False) for item in children if isinstance(item, (dict, list, tuple)))
        return done[id(value)]

    def _node(self, node: Any, done: dict[int, Any]) -> Any:
        """One container, its children being done: itself when nothing in it changed."""
        old = list(node.values() if isinstance(node, dict) else node)
        new = [done[id(item)] if id(item) in done else self._leaf(item) for item in old]
        same = all(left is right for left, right in zip(old, new, strict=True))
        if not isinstance(node, dict):
            return node if same else tuple(new) if isinstance(node, tuple) else new
        keys = [self.text(key) if isinstance(key, str) else key for key in node]
        if same and all(left is right for left, right in zip(node, keys, strict=True)):
            return node
        return dict(zip(_distinct(keys), new, strict=True))

    def _leaf(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if value is None or isinstance(value, bool):
            return value
        hidden = any(self.text(text) != text for text in decimal_text(value))
        return MARKER if hidden else value


def _distinct(keys: list[Any]) -> list[Any]:
    """The keys, with a number behind each that stands in the list already."""
    taken = set(keys)
    used: set[Any] = set()
    out = []
    count = 1
    for key in keys:
        name = key
        while name in used or (name is not key and name in taken):
            count += 1
            name = f"{key} {count}"
        used.add(name)
        out.append(name)
    return out


def _cover(text: str, spans: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """The text with a marker in place of every run of overlapping or touching spans, and where."""
    parts: list[str] = []
    marks: list[tuple[int, int]] = []
    done = length = 0
    spans.sort()
    index = 0
    while index < len(spans):
        start, end = spans[index]
        index += 1
        while index < len(spans) and spans[index][0] <= end:
            end = max(end, spans[index][1])
            index += 1
        parts += (text[done:start], MARKER)
        length += start - done
        marks.append((length, length + len(MARKER)))
        length += len(MARKER)
        done = end
    parts.append(text[done:])
    return "".join(parts), marks
