"""Where a plan's configuration can be read: its plan file's snapshot, --source, the working directory."""

from __future__ import annotations

import os

from plangate.checkov.places import cache
from plangate.context.git import top as repository

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from plangate.plan.model import Plan
    from plangate.plan.planfile import PlanFile
    from plangate.source.tree import Folder

    Folders = Callable[[Plan], Mapping[str, Folder] | None]

_MAX_BYTES = 4 << 20  # of one file


def of_file(file: PlanFile, path: str, options: dict[str, Any]) -> Folders:
    """The folders of a plan file's own snapshot; shown as the repository has them where the same files stand there."""

    def folders(_: Plan) -> Mapping[str, Folder]:
        from plangate.source.tree import ENDINGS, snapshot

        sources = file.sources()
        root = {name: data for name, data in sources.items() if "/" not in name and name.endswith(ENDINGS)}
        base = ""
        for place in _places(options.get("chdir"), options.get("source"), os.path.dirname(path), "."):
            if root and all(_read_file(os.path.join(place, name)) == data for name, data in root.items()):
                base = shown(place)
                break
        return snapshot(sources, file.manifest(), base)

    return folders


def of_document(path: str, options: dict[str, Any]) -> Folders:
    """The folders of --source, else of the working directory or the plan's own when the plan is of that root."""

    def folders(plan: Plan) -> Mapping[str, Folder] | None:
        from plangate.report.locations import belongs

        if options.get("source"):
            return _directory(options["source"], plan)
        for place in _places(".", os.path.dirname(path) if path != "-" else None):
            found = _directory(place, plan)
            if belongs(plan, found):
                return found
        return None

    return folders


def _places(*given: str | None) -> list[str]:
    """The folders, each once; none that is not there."""
    found: list[str] = []
    for place in given:
        real = os.path.realpath(place) if place is not None else ""
        if real and real not in found and os.path.isdir(real):
            found.append(real)
    return found


def _directory(root: str, plan: Plan) -> Mapping[str, Folder]:
    from plangate.source.tree import directory

    top = os.path.realpath(repository(root) or root)
    calls = {m["address"].replace("module.", ""): m["source"] for m in plan.modules}
    manifest = _read_file(os.path.join(root, ".terraform", "modules", "modules.json")) or b""

    def read(folder: str) -> Mapping[str, bytes]:
        place = os.path.realpath(os.path.join(root, folder))
        # Neither a manifest nor a link leads out of the repository.
        return _files(place) if place == top or place.startswith(top + os.sep) else {}

    return directory(read, manifest, calls, shown(root))


def _files(folder: str) -> dict[str, bytes]:
    from plangate.source.tree import ENDINGS, MAX_FILES

    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(ENDINGS))[:MAX_FILES]
    except OSError:
        return {}
    return {name: data for name in names if (data := _read_file(os.path.join(folder, name))) is not None}


def _read_file(path: str) -> bytes | None:
    try:
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            return file.read(_MAX_BYTES)
    except (OSError, ValueError):
        return None


def shown(folder: str) -> str:
    """A folder as seen from the top of its repository, else from here; "" for the top and for what is neither."""
    top = repository(folder) or os.getcwd()
    try:
        path = os.path.relpath(os.path.realpath(folder), os.path.realpath(top)).replace(os.sep, "/")
    except ValueError:  # another drive
        return ""
    return "" if path == "." or path.startswith("..") else path


# -- blocks, by content ----------------------------------------------------------------------------------------


def reader(environ: Mapping[str, str]) -> Callable[[str], Any]:
    """source.blocks.read that remembers by content what it parsed, in the user's cache; without one it just parses."""
    from plangate.source.blocks import read

    root = cache(environ)
    if root is None:
        return read
    folder = os.path.join(root, "blocks")

    def remembered(text: str) -> Any:
        from hashlib import sha256
        from importlib.metadata import version

        key = f"{version('python-hcl2')}\0{text}"
        path = os.path.join(folder, sha256(key.encode("utf-8", "surrogatepass")).hexdigest() + ".json")
        found = _recall(path)
        if found is None:
            found = read(text)
            _remember(path, found)
        return found

    return remembered


def _recall(path: str) -> Any:
    import json

    data = _read_file(path)
    try:
        rows = json.loads(data) if data else None
        return {tuple(names): (first, last) for names, first, last in rows} if type(rows) is list else None
    except (ValueError, TypeError, RecursionError):
        return None


def _remember(path: str, blocks: Any) -> None:
    import json

    scratch = f"{path}.{os.getpid()}.tmp"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(scratch, "w", encoding="utf-8") as file:
            json.dump([[list(names), *lines] for names, lines in blocks.items()], file)
        os.replace(scratch, path)
    except (OSError, ValueError):
        try:  # a cache that cannot be written is none
            os.unlink(scratch)
        except (OSError, ValueError):
            pass
