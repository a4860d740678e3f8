"""Paths of attributes, and masks: the trees of `true` beside a value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Step = str | int
    Path = tuple[Step, ...]


def dotted(path: Path) -> str:
    """`("rule", 0, "a.b")` as `rule[0]["a.b"]`, the way Terraform writes a path."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isascii() and step.replace("_", "a").replace("-", "a").isalnum() and not step.isdigit():
            text += f".{step}" if text else step
        else:
            quoted = step.replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{quoted}"]'
    return text


def parse_path(path: str) -> Path:
    """The steps of a path an author writes: `rule.0.kms`, `rule[0].kms`, `tags["a.b"]`."""
    steps: list[Step] = []
    word = ""
    i, n = 0, len(path)
    while i < n:
        c = path[i]
        if c == "[" and i + 1 < n and path[i + 1] == '"':
            if word:
                steps.append(word)
            word, i = "", i + 2
            key = ""
            while i < n and path[i] != '"':
                if path[i] == "\\" and i + 1 < n:
                    i += 1
                key += path[i]
                i += 1
            steps.append(key)
            i += 2
            continue
        if c in ".[]":
            if word:
                steps.append(_step(word))
            word = ""
        else:
            word += c
        i += 1
    if word:
        steps.append(_step(word))
    return tuple(steps)


def _step(word: str) -> Step:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else word


def first_unknown(mask: Any) -> Path | None:
    """The path of the first unknown leaf below `mask`, () for the whole value, None when all is known."""
    if mask is True:
        return ()
    stack: list[tuple[Any, Path]] = [(mask, ())]
    while stack:
        here, path = stack.pop()
        if here is True:
            return path
        if type(here) is dict:
            stack.extend((v, (*path, k)) for k, v in reversed(here.items()) if v)
        elif type(here) is list:
            stack.extend((v, (*path, i)) for i, v in reversed(list(enumerate(here))) if v)
    return None


def marked(mask: Any, path: Path) -> bool:
    """Whether a sensitive mask covers `path` or anything below it; one that does not fit covers everything."""
    for step in path:
        if mask is True:
            return True
        if type(mask) is dict and isinstance(step, str):
            mask = mask.get(step)
        elif type(mask) is list and isinstance(step, int):
            mask = mask[step] if step < len(mask) else True
        else:
            return bool(mask)
    return first_unknown(mask) is not None
