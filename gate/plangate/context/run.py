"""The facts of a run from every source: options, PLANGATE_RUN_*, the CI service, git; the first that knows one wins."""

from __future__ import annotations

from plangate.errors import UsageError

from . import ci, git
from .facts import FACTS, fact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_PREFIX = "PLANGATE_RUN_"


def facts(environ: Mapping[str, str], folder: str, given: Iterable[str] = ()) -> dict[str, Any]:
    """{fact: text or None} of FACTS, and `fork`, a bool; of a run in `folder`.

    `given` are the values of --run, KEY=VALUE each; an empty VALUE says that it is not known. Raises UsageError for a
    KEY that is none, in `given` or as PLANGATE_RUN_KEY, and for a VALUE that cannot be what KEY says.
    """
    row = ci.recognised(environ)
    if row is not None:
        found = ci.said(row, environ)
        if row["ci"] == "github":
            from . import github

            event = github.event(environ)
            if event is not None:
                github.add(found, event, environ.get("GITHUB_EVENT_NAME", ""))
    else:
        found = {**dict.fromkeys(FACTS), "fork": False}
    if found["actor"] is None and row is None:
        found["actor"] = environ.get("USER") or environ.get("USERNAME") or None
    found["workspace"] = environ.get("TF_WORKSPACE") or found["workspace"]
    written = _written(environ, given)
    git.fill(found, folder)
    return {**found, **written}


def _written(environ: Mapping[str, str], given: Iterable[str]) -> dict[str, str | None]:
    pairs = [(name, name[len(_PREFIX) :].lower(), value) for name, value in environ.items() if name.startswith(_PREFIX)]
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"{text[:60]!a} is no KEY=VALUE", where="--run", fix=f"KEY is one of {', '.join(FACTS)}")
        pairs.append(("--run", key.strip().lower().replace("-", "_"), value))
    found: dict[str, str | None] = {}
    for where, key, value in pairs:
        if key not in FACTS:
            from plangate.decide.words import hint

            raise UsageError(f"a run has no {key[:40]!a}", where=where, fix=hint(key, FACTS, "facts of a run"))
        made = fact(key, value)
        if made is None and value.strip():
            raise UsageError(f"this is no {key}", where=where, fix="look at docs/ci.md, or leave it out")
        found[key] = made
    return found
