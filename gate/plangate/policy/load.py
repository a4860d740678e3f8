"""Policies from a user's files: a Python file, a JSON Schema, or a folder of them.

Runs in the child process (policy.child), never in the process that decides. Each file is loaded by its path;
`sys.path` is not touched, so a user's `json.py` is only ever itself.
"""

from __future__ import annotations

import os

from .api import Policy, PolicyMistake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SKIPPED_FOLDERS = ("__pycache__", "node_modules", "site-packages", "venv", "tests")


def files_of(path: str) -> list[str]:
    """The policy files that a path names: itself, or the `.py` and `.json` files of the folder, sorted.

    Hidden folders, virtual environments, tests (`test_*.py`, `conftest.py`) and examples (`*.pass.json`,
    `pass*.json` ...) are left out. Raises FileNotFoundError when nothing is there.
    """
    if os.path.isfile(path):
        return [path]
    if not os.path.isdir(path):
        raise FileNotFoundError(path)
    return [place for place in _walk(path) if is_policy_file(place)]


def examples_of(folder: str) -> list[str]:
    """The example plans kept in a folder and below it, sorted."""
    return [place for place in _walk(folder) if is_example(place)]


def _walk(path: str) -> list[str]:
    found: list[str] = []
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(
            f
            for f in folders
            if not f.startswith(".")
            and f not in SKIPPED_FOLDERS
            and not os.path.exists(os.path.join(folder, f, "pyvenv.cfg"))
        )
        found += [os.path.join(folder, name) for name in sorted(names)]
    return found


def is_policy_file(path: str) -> bool:
    """Whether a file of a policy folder holds policies: by its name, and an example's by its text besides."""
    name = os.path.basename(path)
    if name.startswith((".", "_", "test_")) or name == "conftest.py":
        return False
    return name.endswith(".py") or (name.endswith(".json") and not is_example(path))


def is_example(path: str) -> bool:
    """Whether a file is an example plan kept beside a policy: `pass.json`, `fail-2.json`, `x.unknown.json` ...

    A policy may be called `pass-role.json`: what holds a "schema" and no "resource_changes" is a policy.
    """
    if expectation(path) is None:
        return False
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:
        return True
    return b'"schema"' not in text or b'"resource_changes"' in text


def expectation(path: str) -> str | None:
    """What an example's name expects: its last word before `.json`, with nothing but a number or `-...` after."""
    parts = os.path.basename(path).split(".")
    if len(parts) < 2 or parts[-1] != "json":
        return None
    for word in ("pass", "fail", "unknown"):
        rest = parts[-2].removeprefix(word)
        if rest != parts[-2] and not rest[:1].isalpha():
            return word
    return None


def load_file(path: str) -> list[Policy]:
    """The policies of one file. Raises PolicyMistake for every mistake an author makes, with the line."""
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        raise PolicyMistake(f"cannot be read: {error.strerror}") from None
    if path.endswith(".json"):
        from .schema import load_schema

        return load_schema(source, path)
    return _from_python(source, path)


def _from_python(source: bytes, path: str) -> list[Policy]:
    namespace: dict[str, Any] = {
        "__name__": _module_name(path),
        "__file__": path,
        "__builtins__": __builtins__,
    }
    try:
        exec(compile(source, path, "exec", dont_inherit=True), namespace)  # noqa: S102 - loading policies is its job
    except SyntaxError as error:
        raise PolicyMistake(f"line {error.lineno}: not Python: {error.msg}") from None
    except PolicyMistake as error:
        raise PolicyMistake(f"line {line_in(error, path)}: {error}") from None
    except ImportError as error:
        raise PolicyMistake(
            f"line {line_in(error, path)}: {error}; policies may import the standard library and installed packages"
        ) from None
    except TypeError as error:
        hint = '; @policy needs an id: @policy("pack/fault", types=...)' if "policy()" in str(error) else ""
        raise PolicyMistake(f"line {line_in(error, path)}: TypeError: {error}{hint}") from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - sys.exit at import must not end the child
        raise PolicyMistake(f"line {line_in(error, path)}: {type(error).__name__}: {str(error)[:200]}") from None
    return _collect(namespace, path)


def _collect(namespace: dict[str, Any], path: str) -> list[Policy]:
    defined = [v for v in namespace.values() if isinstance(v, Policy) and v.source == path]
    listed = namespace.get("POLICIES")
    if listed is None:
        if not defined:
            raise PolicyMistake("defines no policy; decorate a generator function with @policy(...)")
        return defined
    if not isinstance(listed, tuple | list) or not all(isinstance(p, Policy) for p in listed):
        raise PolicyMistake("POLICIES must be a tuple of policies (functions decorated with @policy)")
    forgotten = [p.id for p in defined if p not in listed]
    if forgotten:
        raise PolicyMistake(f"POLICIES leaves out {', '.join(forgotten)}")
    return list(listed)


def line_in(error: BaseException, path: str) -> int:
    """The last line of `path` in the error's traceback, 1 when there is none."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _module_name(path: str) -> str:
    return "plangate_user_" + os.path.splitext(os.path.basename(path))[0]
