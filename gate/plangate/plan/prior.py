"""What stands in `prior_state`, read without its values: it is the longest section of a large plan."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .model import Sections


def listed(sections: Sections) -> list[tuple[Any, Any, Any]]:
    """(address, mode, values) of every resource there; values may be undecoded. [] where nothing is of the shape."""
    section = sections.undecoded("prior_state")
    if section is not None and type(section) is not dict:
        from .large import values_of

        found = values_of(section, inside=True)
        if found is not None:
            return [(address, mode, values) for address, mode, _, values in found[1]]
        section = sections.get("prior_state")
    return list(_walk(section))


def _walk(section: Any) -> Iterator[tuple[Any, Any, Any]]:
    values = section.get("values") if type(section) is dict else None
    modules: list[Any] = [values.get("root_module")] if type(values) is dict else []
    while modules:
        module = modules.pop()
        if type(module) is not dict:
            continue
        children, resources = module.get("child_modules"), module.get("resources")
        modules += children if type(children) is list else []
        for one in resources if type(resources) is list else ():
            if type(one) is dict:
                yield one.get("address"), one.get("mode"), one.get("values")


def data_read(sections: Sections, type_: str) -> list[dict[str, Any]]:
    """The values of every data source of a type that was read while the plan was made."""
    found = []
    for address, mode, values in listed(sections):
        if mode == "data" and type(address) is str and f".data.{type_}." in f".{address}":
            if type(values) is not dict and values is not None:
                from .large import decode

                values = decode(values)  # noqa: PLW2901 - the same, decoded
            if type(values) is dict:
                found.append(values)
    return found
