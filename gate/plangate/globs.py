"""The globs of the settings: over policy ids, paths and names, and over addresses.

`?` is one character, `*` any run of characters, both without the separator; `**` is anything; a lone
`*` is everything. A backslash takes the next character literally. Brackets, quotes and dots are literal.

    ids, paths, names    the separator is '/'
    addresses            the separator is '.', but a dot inside a quoted instance key belongs to the
                         key: `module.x[*].aws_s3_bucket.*` matches `module.x["a.b"].aws_s3_bucket.c[0]`

All states of a pattern are kept as the bits of one integer, so a match takes one step a character of
the text, whatever the pattern: plan text and settings are other people's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    Item = str | int

# What is no plain character: a separator, `?`, `*`, `**`.
_SEPARATOR, _ONE, _RUN, _ANY = 0, 1, 2, 3


def match_id(pattern: str, text: str) -> bool:
    """Whether `pattern` matches a policy id or the name of a workspace, branch or environment."""
    return pattern == "*" or _match(pattern, text, "/", False)


def match_path(pattern: str, path: str) -> bool:
    """Whether `pattern` matches a relative path with '/'; a leading `**/` may stand for no folder."""
    return match_id(pattern, path) or (pattern.startswith("**/") and match_id(pattern, "/" + path))


def match_address(pattern: str, address: str) -> bool:
    """Whether `pattern` matches the address of a resource."""
    return pattern == "*" or _match(pattern, address, ".", True)


def escape(text: str) -> str:
    """The pattern that matches `text` and nothing else."""
    for special in "\\*?":
        text = text.replace(special, "\\" + special)
    return text


def specificity(pattern: str) -> tuple[bool, int]:
    """How narrow a pattern is, to compare: without wildcards first, then by literal characters."""
    items = _items(pattern)
    literal = sum(isinstance(item, str) for item in items)
    return literal == len(items), literal


def _match(pattern: str, text: str, separator: str, keys: bool) -> bool:
    head = _literal_head(pattern)
    if len(head) == len(pattern):
        return pattern == text
    if not text.startswith(head):
        return False
    wanted = _separated(_items(pattern), separator, keys)
    return _run(wanted, _separated(list(text), separator, keys))


def _literal_head(pattern: str) -> str:
    for index, char in enumerate(pattern):
        if char in "*?\\":
            return pattern[:index]
    return pattern


def _items(pattern: str) -> list[Item]:
    """Literal characters as strings, wildcards as numbers; a run of stars is its strongest one."""
    items: list[Item] = []
    index = 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char == "\\" and index < len(pattern):
            items.append(pattern[index])
            index += 1
        elif char == "*":
            end = index
            while end < len(pattern) and pattern[end] == "*":
                end += 1
            items.append(_RUN if end == index else _ANY)
            index = end
        else:
            items.append(_ONE if char == "?" else char)
    return items


def _separated(items: list[Item], separator: str, keys: bool) -> list[Item]:
    """`items` with the separators marked; with `keys`, none inside `["..."]`."""
    index, end = 0, len(items)
    while index < end:
        if items[index] == separator:
            items[index] = _SEPARATOR
        elif keys and items[index] == "[" and index + 1 < end and items[index + 1] == '"':
            close = _key_end(items, index + 2)
            # A key that never ends is none: every dot counts, so that a star covers less, not more.
            keys = close > 0
            index = max(index, close)
        index += 1
    return items


def _key_end(items: list[Item], index: int) -> int:
    """Where the `"]` of a key stands (the index of its bracket), 0 for nowhere."""
    while index + 1 < len(items):
        if items[index] == "\\":
            index += 1
        elif items[index] == '"' and items[index + 1] == "]":
            return index + 1
        index += 1
    return 0


def _run(wanted: list[Item], text: list[Item]) -> bool:
    """Bit n of `states` says: the first n items of the pattern can have matched what was read."""
    literal: dict[Item, int] = {}
    one = run = anything = 0
    for index, item in enumerate(wanted):
        bit = 1 << index
        if item == _ONE:
            one |= bit
        elif item == _RUN:
            run |= bit
        elif item == _ANY:
            anything |= bit
        else:
            literal[item] = literal.get(item, 0) | bit
    stars = run | anything
    states = 1 | (1 & stars) << 1
    for char in text:
        step, stay = literal.get(char, 0), anything
        if char != _SEPARATOR:
            step, stay = step | one, stars
        states = (states & step) << 1 | (states & stay)
        states |= (states & stars) << 1
        if not states:
            return False
    return bool(states >> len(wanted) & 1)
