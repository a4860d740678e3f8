"""The nearest right word for a wrong one."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that looks most like `word`, or None when none does."""
    import difflib  # only ever needed on the way to an error

    found = difflib.get_close_matches(word[:100], list(choices), n=1, cutoff=0.6)
    return found[0] if found else None


def hint(word: str, choices: Iterable[str], known: str) -> str:
    """What to do about a wrong `word`: take the nearest, else choose from all, called `known`."""
    from plangate.decide.toml_write import quoted

    choices = list(choices)
    near = nearest(word, choices)
    if near:
        return f"did you mean {quoted(near)}?"
    if not choices:
        return f"there are no {known}"
    some = ", ".join(quoted(choice) for choice in choices[:12])
    return f"{known}: {some}" + (f" and {len(choices) - 12} more" if len(choices) > 12 else "")
