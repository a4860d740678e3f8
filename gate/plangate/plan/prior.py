"""What stands in `prior_state`, read without its values: it is the longest section of a large plan."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .large import Listed
    from .model import Sections


def size(sections: Sections) -> int:
    """How many managed resources there are; 0 where nothing is of the shape."""
    large = _large(sections)
    if large is not None:
        return large.managed
    return sum(mode == "managed" for _, mode, _ in _walk(sections.get("prior_state")))


def _large(sections: Sections) -> Listed | None:
    section = sections.undecoded("prior_state")
    if section is None or type(section) is dict:
        return None
    from .large import values_of

    return values_of(section, prior=True)


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
    large = _large(sections)
    if large is None:
        every = list(_walk(sections.get("prior_state")))
    else:
        every = [(address, mode, values) for address, mode, _, values in large.spoken]
    found = [
        values
        for address, mode, values in every
        if mode == "data" and type(address) is str and f".data.{type_}." in f".{address}"
    ]
    if large is not None and found:
        from .large import decode

        found = [decode(values) for values in found]
    return [values for values in found if type(values) is dict]
