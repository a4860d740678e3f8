"""Module instances in an address."""

from __future__ import annotations


def outwards(module: str) -> list[str]:
    """A module instance and those around it, innermost first. Keys may hold dots and brackets, in quotes."""
    if '"' not in module:
        names = module.split(".module.")
        return [".module.".join(names[:end]) for end in range(len(names), 0, -1)]
    ends, quoted, i = [], False, 0
    while i < len(module):
        if quoted and module[i] == "\\":
            i += 1
        elif module[i] == '"':
            quoted = not quoted
        elif not quoted and module.startswith(".module.", i):
            ends.append(i)
        i += 1
    return [module, *(module[:end] for end in reversed(ends))]


def counted(module: str) -> list[tuple[str, int, str]]:
    """The calls with count on the way to a module instance, as (call, index, the way inwards from there):
    `module.a[1].module.b` -> [("module.a", 1, ".module.b")]."""
    found = []
    numbered = any(key[:1].isdecimal() for key in module.split("[")[1:])  # of most none is, and that is quick to see
    for outer in outwards(module) if numbered else ():
        call, _, key = outer.rpartition("[")
        if key[:-1].isdecimal() and len(key) < 10:
            found.append((call, int(key[:-1]), module[len(outer) :]))
    return found
