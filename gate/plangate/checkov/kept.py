"""Results of Checkov kept in the user's cache: the same resources, checks, settings and version give the same.

What is kept are check ids, addresses and results, never values. The key is a digest of what was asked, so that a
file of another question is never found; what is read is checked like an answer of the process.
"""

from __future__ import annotations

import json
import os

from plangate.errors import UndecidedError

from .ask import Answer, Wanted, _custom, take
from .places import VERSION, cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .places import Place

FORMAT = "1"
KEPT = 64  # files; the oldest go
_SECTIONS = ("planned_values", "resource_changes", "configuration")


def key(data: bytes, decoded: bool, document: Any, secrets: frozenset[str], place: Place, wanted: Wanted) -> str:
    """The digest of a question. `document` gives the copy's bytes; of a large plan its sections are taken instead."""
    from hashlib import sha256

    from plangate.version import VERSION as OURS

    digest = sha256(f"{FORMAT}\0{VERSION}\0{OURS}\0{wanted.passes}\0{wanted.correct}\0".encode())
    with open(place.index, "rb") as file:
        digest.update(sha256(file.read()).digest())
    digest.update(json.dumps(sorted(wanted.ids) if wanted.ids is not None else None).encode())
    for path in (*wanted.python, *wanted.graph):
        with open(path, "rb") as file:
            digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + sha256(file.read()).digest())
    if decoded:
        digest.update(document())
    else:
        from plangate.plan import large

        sections = large.sections(data)
        for name in _SECTIONS:
            digest.update(name.encode() + b"\0" + sha256(sections.get(name, b"")).digest())
        digest.update(sha256("\0".join(sorted(secrets)).encode("utf-8", "surrogatepass")).digest())
    return digest.hexdigest()


def _folder(environ: Mapping[str, str]) -> str | None:
    root = cache(environ)
    return os.path.join(root, "checkov", "results") if root else None


def find(name: str, environ: Mapping[str, str], addresses: set[str] | None) -> Answer | None:
    """The answer kept under a key, None when there is none or it is not whole."""
    folder = _folder(environ)
    if folder is None:
        return None
    path = os.path.join(folder, f"{name}.json")
    try:
        with open(path, "rb") as file:
            kept = json.loads(file.read())
        answer = Answer()
        take(answer, {"rows": kept["rows"], "about": kept["about"], "broken_checks": kept["broken"]}, addresses)
        answer.custom = kept["custom"]
        os.utime(path)
    except (OSError, ValueError, KeyError, TypeError, RecursionError, UndecidedError):
        return None  # there is none, or it is not well-formed: ask again
    return answer if _custom(answer.custom) else None


def keep(name: str, answer: Answer, environ: Mapping[str, str]) -> None:
    """Keep an answer; a cache that cannot be written is no error."""
    folder = _folder(environ)
    if folder is None:
        return
    scratch = os.path.join(folder, f".{name}.{os.getpid()}")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(json.dumps(answer.packed(), separators=(",", ":")).encode("ascii"))
        os.replace(scratch, os.path.join(folder, f"{name}.json"))
        _prune(folder)
    except OSError:
        try:
            os.unlink(scratch)
        except OSError:
            pass


def _prune(folder: str) -> None:
    files = [os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(".json")]
    if len(files) > KEPT:
        for path in sorted(files, key=os.path.getmtime)[:-KEPT]:
            os.unlink(path)
