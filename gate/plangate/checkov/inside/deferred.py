"""Start Checkov's check modules without what they never use on a plan.

Importing any of Checkov's check modules imports all of them (its packages do `from ... import *`), and with them
HTTP clients, graph libraries and validators that a plan never needs: 1.4 of 2 seconds. Here packages become empty
ones with the same path, so that modules are imported one by one, and third parties become names that import the
real thing when anything is done with them: nothing is left out, only put off.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What Checkov's base modules import and a plan does not need, of checkov 3.3.30.
PUT_OFF = (
    "aiohttp", "asyncio", "boto3", "detect_secrets", "ecdsa", "hcl2", "lark", "networkx", "requests", "rustworkx",
    "urllib3",
)  # fmt: skip
_PACKAGES = ("checkov.terraform", "checkov.terraform.checks")
_KINDS = ("resource", "data", "provider", "module")


class _Name:
    """A name of a module that is not imported yet; the first use of it is the use of the real one."""

    def __init__(self, module: str, name: str) -> None:
        self.__dict__["_at"] = (module, name)

    def _real(self) -> Any:
        found = self.__dict__.get("_found")
        if found is None:
            module, name = self.__dict__["_at"]
            found = getattr(real(module), name)
            self.__dict__["_found"] = found
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real(), name)

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._real()(*given, **named)

    def __instancecheck__(self, thing: Any) -> bool:
        # Where its module was never imported there can be no instance of it.
        return _imported(self.__dict__["_at"][0]) and isinstance(thing, self._real())

    def __subclasscheck__(self, kind: Any) -> bool:
        return issubclass(kind, self._real())

    def __mro_entries__(self, bases: Any) -> Any:
        return (self._real(),)

    def __getitem__(self, key: Any) -> Any:
        return self._real()[key]

    def __or__(self, other: Any) -> Any:
        return self._real() | other

    def __ror__(self, other: Any) -> Any:
        return other | self._real()

    def __eq__(self, other: object) -> bool:
        return bool(self._real() == other)

    def __hash__(self) -> int:
        return hash(self._real())

    def __iter__(self) -> Any:
        return iter(self._real())


class _Module(types.ModuleType):
    """A module that is not imported yet."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if _imported(self.__name__):
            return getattr(real(self.__name__), name)
        return _Name(self.__name__, name)


class _Finder:
    """Makes the modules of PUT_OFF placeholders, until the real one of a package is wanted."""

    wanted: set[str] = set()

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG003 - the protocol's
        top = name.partition(".")[0]
        if top not in PUT_OFF or top in cls.wanted:
            return None
        return importlib.machinery.ModuleSpec(name, cls, is_package=True)  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: Any) -> Any:
        return _Module(spec.name)

    @staticmethod
    def exec_module(module: Any) -> None:
        pass


def _imported(name: str) -> bool:
    return name.partition(".")[0] in _Finder.wanted


def real(name: str) -> Any:
    """The real module of that name, imported now."""
    top = name.partition(".")[0]
    if top not in _Finder.wanted:
        _Finder.wanted.add(top)
        for known in [m for m in sys.modules if m == top or m.startswith(top + ".")]:
            del sys.modules[known]
    return importlib.import_module(name)


def start() -> None:
    """Put imports off; to be called before anything of Checkov is imported."""
    sys.meta_path.insert(0, _Finder)
    spec = importlib.machinery.PathFinder.find_spec("checkov")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'checkov'", name="checkov")
    (root,) = spec.submodule_search_locations
    for name in _PACKAGES:
        _empty(name, os.path.join(root, *name.split(".")[1:]))
    for kind in _KINDS:
        folder = os.path.join(root, "terraform", "checks", kind)
        _empty(f"checkov.terraform.checks.{kind}", folder)
        for entry in os.scandir(folder):
            if entry.is_dir() and entry.name.isidentifier() and not entry.name.startswith("__"):
                _empty(f"checkov.terraform.checks.{kind}.{entry.name}", entry.path)


def _empty(name: str, path: str) -> None:
    module = types.ModuleType(name)
    module.__path__ = [path]
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = [path]
    module.__spec__ = spec
    sys.modules[name] = module
    parent, _, last = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], last, module)
