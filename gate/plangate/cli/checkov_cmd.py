"""`plangate checkov install|status|run`: Checkov's own environment, and its bare results."""

from __future__ import annotations

import json
import os

from plangate.checkov import places
from plangate.errors import UndecidedError, UsageError

from . import inputs
from .outputs import emit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from plangate.checkov.places import Place
    from plangate.decide.settings import Settings

    from .streams import Streams

MIB = 1024 * 1024
_PLAN = b"""{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{}},\
"resource_changes":[],"configuration":{"root_module":{}}}"""


def install(options: dict[str, Any], streams: Streams) -> int:
    """Make the environment, with progress on a terminal."""
    from plangate.checkov.install import install as make

    environ = streams.environ
    ready = places.installed(environ) is not None and not options["force"]
    folder = make(environ, options["offline"], options["force"], streams.progress)
    streams.clear()
    streams.verdict = 0
    what = "is installed already" if ready else "is installed"
    emit(f"Checkov {places.VERSION} {what} in {folder}\n", streams.out)
    return 0


def status(options: dict[str, Any], streams: Streams) -> int:
    """Say what there is, and whether it works: by asking it about a plan that has nothing but the planted fault."""
    import time

    from plangate.checkov.bare import bare

    place = _place(options, streams, _settings(options, streams))
    streams.verdict = 0
    if place is None:
        streams.verdict = 4
        emit(f"Checkov is not installed\nwanted: {places.VERSION}\n", streams.out)
        streams.error(_absent())
        return 4
    with open(place.index, encoding="utf-8") as file:
        index = json.load(file)
    began = time.monotonic()
    bare(_PLAN, "the plan of a check", place, streams.environ)
    lines = [
        f"Checkov {index['checkov']} works ({time.monotonic() - began:.1f} s)",
        f"python: {index['python']}, {place.python}",
        f"from: {place.given or 'plangate checkov install'}",
        f"checks: {len({row[0] for row in index['checks']} | {entry['id'] for entry in index['graph']})}",
    ]
    emit("\n".join(lines) + "\n", streams.out)
    return 0


def run(path: str, options: dict[str, Any], streams: Streams) -> int:
    """Print the bare results on a plan, one JSON object a line, sorted."""
    from plangate.checkov.bare import bare

    settings = _settings(options, streams)
    place = _place(options, streams, settings)
    if place is None:
        raise _absent()
    for given in inputs.plans(path, streams.input, options, settings.limits.plan_mib * MIB, streams.environ):
        streams.progress(f"Checkov judges {given.where} ...")
        results, broken = bare(given.data, given.where, place, streams.environ)
        streams.clear()
        streams.verdict = 0
        text = "".join(
            json.dumps({"check": check, "address": address, "result": result}) + "\n"
            for check, address, result in results
        )
        emit(text, streams.out)
        if broken:
            streams.say(
                f"plangate: Checkov's own checks broke on this plan, which it does not tell: {', '.join(broken)}"
            )
    return 0


def _settings(options: dict[str, Any], streams: Streams) -> Settings:
    from .inforce import settings_for

    return settings_for(options, streams, os.getcwd(), {"workspace": None, "path": None, "branch": None})


def _place(options: dict[str, Any], streams: Streams, settings: Settings) -> Place | None:
    from plangate.checkov.index import place_of

    environ = dict(streams.environ)
    python = options["python"]
    if python is not None:
        if not python or os.path.isdir(python):
            raise UsageError("this is no Python", where=python, fix="--python names an interpreter")
        environ.pop("PLANGATE_CHECKOV_PYTHON", None)
        return place_of(os.path.abspath(python), "--python", environ)
    return place_of(settings.checkov.python, settings.origins.get("checkov.python", "checkov.python"), environ)


def _absent() -> UndecidedError:
    return UndecidedError("Checkov is not installed", fix="`plangate checkov install`")
