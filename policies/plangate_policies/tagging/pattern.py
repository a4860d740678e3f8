"""Regular expressions whose time is linear in the text: the pattern is the user's, the text is anybody's.

A pattern becomes a machine of states (Thompson, "Regular expression search algorithm", 1968); all states that a
text can have led to are kept at once, so that nothing is ever tried twice. Whole texts are matched.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Test = Callable[[str], bool]

MAX_PATTERN = 1000
MAX_STATES = 2000
MAX_TEXT = 1024  # no cloud has longer tags
MAX_DEPTH = 40

_CLASSES: dict[str, Test] = {
    "d": str.isdecimal,
    "w": lambda c: c.isalnum() or c == "_",
    "s": str.isspace,
}
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


class PatternMistake(Exception):
    """A text is no pattern, or more than a pattern here can be. `fix` says what to do."""

    def __init__(self, what: str, fix: str | None = None) -> None:
        self.fix = fix
        super().__init__(what)


class Pattern:
    """A compiled pattern. Raises PatternMistake."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_PATTERN:
            raise PatternMistake(f"longer than {MAX_PATTERN} characters")
        # A state is ("char", test, next), ("split", [next...]), ("begin", next), ("end", next) or ("done",).
        self._states: list[tuple[Any, ...]] = [("done",)]
        self._steps = 0
        any_case = text.startswith("(?i)")
        tree = _Parser(text[4:] if any_case else text, any_case).whole()
        self._start = self._build(tree, 0)
        self._seen: dict[str, bool] = {}

    def matches(self, text: str) -> bool:
        """Whether the whole text matches; a text longer than MAX_TEXT never does."""
        found = self._seen.get(text)
        if found is None:
            found = len(text) <= MAX_TEXT and self._run(text)
            if len(self._seen) < 10_000:
                self._seen[text] = found
        return found

    def _run(self, text: str) -> bool:
        last = len(text)
        states = self._reach([self._start], True, last == 0)
        for at, char in enumerate(text, 1):
            after = [state[2] for state in (self._states[n] for n in states) if state[0] == "char" and state[1](char)]
            if not after:
                return False
            states = self._reach(after, False, at == last)
        return 0 in states

    def _reach(self, found: list[int], first: bool, last: bool) -> set[int]:
        """All states that are reached without a further character."""
        reached: set[int] = set()
        stack = found
        while stack:
            number = stack.pop()
            if number in reached:
                continue
            reached.add(number)
            state = self._states[number]
            if state[0] == "split":
                stack += state[1]
            elif (state[0] == "begin" and first) or (state[0] == "end" and last):
                stack.append(state[1])
        return reached

    def _add(self, *state: Any) -> int:
        if len(self._states) >= MAX_STATES:
            raise PatternMistake(f"larger than {MAX_STATES} states", "use smaller numbers in { }")
        self._states.append(state)
        return len(self._states) - 1

    def _build(self, tree: tuple[Any, ...], after: int) -> int:
        """The state at which a part begins that goes on with state `after`."""
        self._steps += 1
        if self._steps > 10 * MAX_STATES:  # parts that are empty cost no state, but are built all the same
            raise PatternMistake("too many repetitions of repetitions", "use smaller numbers in { }")
        kind = tree[0]
        if kind == "char":
            return self._add("char", tree[1], after)
        if kind in ("begin", "end"):
            return self._add(kind, after)
        if kind == "all":
            for part in reversed(tree[1]):
                after = self._build(part, after)
            return after
        if kind == "any":
            return self._add("split", [self._build(part, after) for part in tree[1]])
        _, part, least, most = tree
        if most is None:
            loop = self._add("split", [after])
            self._states[loop][1].append(self._build(part, loop))
            after = loop
        else:
            skip = after
            for _ in range(most - least):
                after = self._add("split", [self._build(part, after), skip])
        for _ in range(least):
            after = self._build(part, after)
        return after


class _Parser:
    """A pattern's text to a tree; its parts are char, begin, end, all, any and times, as _build reads them."""

    def __init__(self, text: str, any_case: bool) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.any_case = any_case

    def whole(self) -> tuple[Any, ...]:
        tree = self._either()
        if self.at < len(self.text):
            raise PatternMistake("a `)` without its `(`")
        return tree

    def _next(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _take(self) -> str:
        char = self._next()
        self.at += 1
        return char

    def _either(self) -> tuple[Any, ...]:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PatternMistake(f"more than {MAX_DEPTH} groups in each other")
        parts = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            parts.append(self._sequence())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else ("any", parts)

    def _sequence(self) -> tuple[Any, ...]:
        parts = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._times(self._atom()))
        return ("all", parts)

    def _times(self, part: tuple[Any, ...]) -> tuple[Any, ...]:
        sign = self._next()
        if sign in ("*", "+", "?") and sign:
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif sign == "{" and (counted := self._counts()) is not None:
            least, most = counted
        else:
            return part
        if self._next() == "?":  # lazy: the same texts match
            self.at += 1
        if (self._next() in ("*", "+", "?") and self._next()) or (self._next() == "{" and self._counts() is not None):
            raise PatternMistake("a repetition of a repetition", "put the inner one into ( )")
        return ("times", part, least, most)

    def _counts(self) -> tuple[int, int | None] | None:
        """The numbers of `{2}`, `{2,}`, `{,3}`, `{2,3}`; None where the brace is only a character."""
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at + 1 : end].partition(",") if end > 0 else ("", "", "")
        if not (low or (comma and high)) or not all(n == "" or (n.isascii() and n.isdigit()) for n in (low, high)):
            return None
        if max(len(low), len(high)) > 4:
            raise PatternMistake("a number of repetitions above 9999")
        least = int(low or 0)
        most = int(high) if high else None if comma else least
        if most is not None and most < least:
            raise PatternMistake("a repetition whose first number is the larger one")
        self.at = end + 1
        return least, most

    def _atom(self) -> tuple[Any, ...]:
        char = self._take()
        if char == "(":
            if self._next() == "?":
                self._group_kind()
            tree = self._either()
            if self._take() != ")":
                raise PatternMistake("a `(` without its `)`")
            return tree
        if char == "[":
            return ("char", self._class())
        if char == ".":
            return ("char", lambda c: c != "\n")
        if char in "^$":
            return ("begin",) if char == "^" else ("end",)
        if char in "*+?":
            raise PatternMistake(f"`{char}` repeats nothing", f"write \\{char} for the character")
        if char == "\\":
            return self._escape()
        return ("char", self._same(char))

    def _same(self, char: str) -> Test:
        return self._cased(lambda c: c == char)

    def _cased(self, test: Test) -> Test:
        """The test in any case, where that is asked; of a class before it is negated."""
        return (lambda c: test(c) or test(c.lower()) or test(c.upper())) if self.any_case else test

    def _group_kind(self) -> None:
        if self.text.startswith("?:", self.at):
            self.at += 2
            return
        end = self.text.find(">", self.at)
        if self.text.startswith("?P<", self.at) and self.text[self.at + 3 : end].isidentifier() and end > 0:
            self.at = end + 1
            return
        raise PatternMistake("look-around, flags inside and other `(?` are not supported", "use ( ) or (?: )")

    def _escape(self) -> tuple[Any, ...]:
        char = self._take()
        if char in ("A", "Z") and char:
            return ("begin",) if char == "A" else ("end",)
        return ("char", self._escaped(char))

    def _escaped(self, char: str) -> Test:
        if char.lower() in _CLASSES and char:
            test = _CLASSES[char.lower()]
            return test if char.islower() else _is_not(test)
        if char in _ESCAPED:
            return self._same(_ESCAPED[char])
        if not char:
            raise PatternMistake("a `\\` at the end")
        if char.isalnum():
            raise PatternMistake(f"`\\{char}` is not supported")
        return self._same(char)

    def _class(self) -> Test:
        negated = self._next() == "^"
        self.at += negated
        tests: list[Test] = []
        singles: set[str] = set()
        first = True
        while first or self._next() != "]":
            first = False
            char = self._take()
            if not char:
                raise PatternMistake("a `[` without its `]`")
            if char == "\\":
                escaped = self._take()
                if escaped.isalpha() and escaped.lower() in _CLASSES:
                    tests.append(self._escaped(escaped))
                    continue
                self._escaped(escaped)
                char = _ESCAPED.get(escaped, escaped)
            if self._next() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
                self.at += 1
                tests.append(_between(char, self._end_of_range(char)))
            else:
                singles.add(char)
        self.at += 1

        def among(c: str) -> bool:
            return c in singles or any(test(c) for test in tests)

        cased = self._cased(among)
        return _is_not(cased) if negated else cased

    def _end_of_range(self, first: str) -> str:
        end = self._take()
        if end == "\\":
            escaped = self._take()
            self._escaped(escaped)
            if escaped.lower() in _CLASSES:
                raise PatternMistake(f"a range in [ ] that ends in `\\{escaped}`", "name one character")
            end = _ESCAPED.get(escaped, escaped)
        if not end or end < first:
            raise PatternMistake("a range in [ ] that does not go upwards")
        return end


def _between(first: str, last: str) -> Test:
    return lambda c: first <= c <= last


def _is_not(test: Test) -> Test:
    return lambda c: not test(c)
