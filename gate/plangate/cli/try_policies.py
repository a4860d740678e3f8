"""`plangate policies test [PATH]`: do the examples that authors keep beside their policies hold?"""

from __future__ import annotations

import os

from plangate.decide.words import nearest
from plangate.errors import UndecidedError, UsageError, worst
from plangate.policy.load import examples_of, expectation
from plangate.render.inert import terminal

from .catalogue import shown
from .context import branch_of, context
from .inforce import policy_files, settings_for
from .outputs import emit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from plangate.policy.trial import Document, Trial, Unseen

    from .streams import Streams

_FOLDER = "policies"


def try_policies(path: str | None, options: dict[str, Any], streams: Streams) -> int:
    """Run the examples of the policies in `path`: 0 all hold, 1 one does not, 4 a file does not load.

    Raises UsageError when `path` names no policy, or an example belongs to none.
    """
    from plangate.policy.isolate import Limits
    from plangate.policy.trial import run_examples

    cwd = os.getcwd()
    facts = {"workspace": None, "path": None, "branch": branch_of(context(streams.environ, cwd, 0))}
    settings = settings_for(options, streams, cwd, facts)
    paths = _paths(path, settings.policy_paths)
    files = policy_files(paths)
    kept = _kept(paths, files)
    limits = settings.limits
    strict = [folder for folder in paths if os.path.isdir(folder)]
    trial = run_examples(
        files,
        lambda metas: documents(metas, kept, bool(strict)),
        Limits(limits.policy_seconds, limits.total_seconds, limits.memory_mib),
        dict(streams.environ),
    )
    for file, why in trial.mistakes:
        streams.error(UndecidedError(why, where=shown(file), fix="mend the file"))
    code = worst([4] * bool(trial.mistakes) + [1] * any(not e.holds for e in trial.examples))
    streams.verdict = code
    lines = [*_lines(trial, options["verbose"]), *_unjudged(trial), *_unseen(trial.unseen)]
    emit("".join(f"{terminal(line)}\n" for line in lines), streams.out)
    return code


def _paths(path: str | None, configured: tuple[str, ...]) -> list[str]:
    if path is not None:
        if not path:
            raise UsageError("an empty PATH was given", fix="name a policy file or a folder of them")
        return [path]
    if configured:
        return list(configured)
    if not os.path.isdir(_FOLDER):
        raise UsageError(
            f"there is no PATH, no policies.paths in the settings and no folder {_FOLDER}",
            fix="`plangate policies test PATH`",
        )
    return [_FOLDER]


def _kept(paths: Iterable[str], files: list[str]) -> list[str]:
    """The example documents under the folders, or in the folder of a file; absolute."""
    folders = [path if os.path.isdir(path) else os.path.dirname(os.path.abspath(path)) for path in paths]
    if not files:
        return []
    return sorted({os.path.abspath(place) for folder in folders for place in examples_of(folder)})


def documents(metas: list[dict[str, Any]], kept: list[str], strict: bool) -> list[Document]:
    """The documents that belong to policies: `FAULT.fail.json` beside the policy's file, or `FAULT/fail.json`.

    FAULT is what follows the slash in the id, or the name of a file with one policy; `_` is as good as `-`.
    `strict`: one that belongs to none is a UsageError and not passed over.
    """
    owners: dict[tuple[str, str], str] = {}
    in_file: dict[str, list[str]] = {}
    for meta in metas:
        in_file.setdefault(meta["file"], []).append(meta["id"])
    for file, ids in in_file.items():
        folder, name = os.path.split(file)
        if len(ids) == 1:
            owners[folder, _word(os.path.splitext(name)[0])] = ids[0]
    for meta in metas:
        owners[os.path.dirname(meta["file"]), _word(meta["id"].partition("/")[2])] = meta["id"]
    found: list[Document] = []
    for path in kept:
        folder, name = os.path.split(path)
        fault = ".".join(name.split(".")[:-2])
        place = (folder, _word(fault)) if fault else (os.path.dirname(folder), _word(os.path.basename(folder)))
        owner = owners.get(place)
        expected = expectation(path)
        if owner is not None and expected is not None:
            found.append((owner, path, expected))
        elif strict and metas:
            near = nearest(place[1], [word for at, word in owners if at == place[0]])
            raise UsageError(
                f"this example belongs to no policy ({place[1]} is none)",
                where=shown(path),
                fix=f'did you mean "{near}"?' if near else "call it FAULT.fail.json beside the policy's file",
            )
    return found


def _word(text: str) -> str:
    return text.replace("_", "-").lower()


def _lines(trial: Trial, verbose: bool) -> list[str]:
    lines = []
    for example in trial.examples:
        said = f" ({example.said})" if example.said else ""
        where = _place(example.where)
        if not example.holds:
            lines.append(
                f"FAIL  {example.policy}: {where} expects {example.expected}, but it is {example.outcome}{said}"
            )
        elif verbose:
            lines.append(f"ok    {example.policy}: {where} is {example.outcome}{said}")
    bad = sum(not example.holds for example in trial.examples)
    ids = [meta["id"] for meta in trial.loaded]
    count = len(trial.examples)
    lines.append(f"{count} example{'s' * (count != 1)} of {len(ids)} policies: {count - bad} hold, {bad} do not")
    proven = {example.policy for example in trial.examples if example.expected == "fail"}
    missing = [id for id in ids if id not in proven]
    if missing:
        verb = "have" if len(missing) != 1 else "has"
        lines.append(f"{len(missing)} of {len(ids)} policies {verb} no failing example: {', '.join(missing)}")
    return lines


def _unseen(attributes: list[Unseen]) -> list[str]:
    """A line for each attribute that is read and that neither an example nor a table of our own knows."""
    if not attributes:
        return []
    from plangate import packs

    rows: dict[str, set[str]] = {}
    wanted = {one.type for one in attributes}
    for policy in packs.load_own(packs.installed(packs.search_paths())[0]):
        for row in policy.rows() if policy.rows is not None else ():
            if isinstance(row, dict) and row.get("type") in wanted:
                rows.setdefault(row["type"], set()).update(_paths_in(row))
    lines = []
    for one in attributes:
        known = rows.get(one.type, set())
        if not any(path == one.path or path.startswith(one.path + ".") for path in known):
            near = nearest(one.path, sorted({*known, *one.known}))
            meant = f'did you mean "{near}"?' if near else "misspelt, or an example is missing"
            lines.append(f"note  {one.policy}: reads {one.path} of {one.type}, which no example has; {meant}")
    return lines


def _paths_in(row: dict[str, Any]) -> Iterable[str]:
    """The attribute paths of a row and its conditions, without `[*]`; a path that begins with a dot is of no use."""
    stack: list[Any] = [row]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            path = here.get("path")
            if isinstance(path, str) and not path.startswith(".") and not {"companion", "beside"} & here.keys():
                yield path.replace("[*]", "")
            stack += here.values()
        elif isinstance(here, list):
            stack += here


def _unjudged(trial: Trial) -> list[str]:
    """A line for each policy that judges nothing in any of its examples: its types are misspelt, perhaps."""
    from plangate import packs
    from plangate.policy.examples import UNJUDGED

    judged: dict[str, bool] = {}
    for example in trial.examples:
        judged[example.policy] = judged.get(example.policy, False) or not example.said.startswith(UNJUDGED)
    lines, known = [], set[str]()
    for meta in trial.loaded:
        if judged.get(meta["id"], True):
            continue
        if not known:
            known = {
                t for p in packs.load_own(packs.installed(packs.search_paths())[0]) for t in p.types if "*" not in t
            }
        near = [nearest(t, sorted(known)) for t in meta["types"] if t not in known]
        meant = f'; did you mean "{near[0]}"?' if near and near[0] else ""
        lines.append(f"note  {meta['id']}: no example has anything that it judges ({', '.join(meta['types'])}){meant}")
    return lines


def _place(where: str) -> str:
    path, colon, line = where.rpartition(":")
    return f"{shown(path)}:{line}" if colon and line.isdigit() else shown(where)
