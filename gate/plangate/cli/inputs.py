"""From a PLAN argument to bytes: files, stdin, gzip, encodings, plan files, JSON lines."""

from __future__ import annotations

import os

from plangate.errors import PlanError, UsageError
from plangate.plan.decode import decode, is_plan_file
from plangate.run import Input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, BinaryIO

    from plangate.plan.model import Plan

S3 = "s3://"  # what stands there: cli.s3


def digest(data: bytes) -> str:
    """The SHA-256 of `data`, in hex."""
    from hashlib import sha256

    return sha256(data).hexdigest()


def read_bytes(path: str, stdin: BinaryIO, limit: int, named: str = "plan document or plan file") -> bytes:
    """The bytes of a file, or of stdin for `-`; no more than `limit`. `named` is what the file should be.

    Raises PlanError (exit 3), UsageError for "".
    """
    if not path:
        raise UsageError("an empty PLAN was given", fix=f"name the {named}")
    if path == "-":
        data = stdin.read(limit + 1)
    elif path.startswith(S3):
        from .s3 import read

        data = read(path, limit)
    else:
        try:
            if os.path.isdir(path):
                raise PlanError("this is a folder", where=path, fix=f"name the {named} in it")
            with open(path, "rb") as file:
                data = file.read(limit + 1)
        except FileNotFoundError:
            maker = "makes the plan" if "plan" in named else f"writes the {named}"
            raise PlanError("there is no such file", where=path, fix=f"did the step that {maker} run?") from None
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "no path"
            raise PlanError(f"cannot be read ({why})", where=shown(path), fix="look at its permissions") from None
    if len(data) > limit:
        raise PlanError(
            f"larger than {limit // 1048576} MiB",
            where=shown(path),
            fix="raise plan_mib under [limits] in plangate.toml",
        )
    return data


def shown(path: str) -> str:
    """How a path stands in messages and reports."""
    return "<stdin>" if path == "-" else path


def plans(path: str, stdin: BinaryIO, options: dict[str, Any], limit: int, environ: dict[str, str]) -> Iterator[Input]:
    """Every plan of one PLAN argument. Raises PlanError and UsageError."""
    _folders_exist(options)
    data = read_bytes(path, stdin, limit)
    where = shown(path)
    if is_plan_file(data):
        yield _plan_file(path, data, options, limit, environ)
        return
    text, notes = decode(data, where=where, max_bytes=limit)
    if options.get("lines") or path.removesuffix(".gz").endswith(".jsonl"):
        yield from _lines(text, where, notes)
        return
    sha = digest(data)
    json_sha = sha if text is data else digest(text)
    given = Input(text, where, {"path": where, "sha256": sha, "json_sha256": json_sha}, notes)
    given.folders = _later(path, options)
    yield given


def _folders_exist(options: dict[str, Any]) -> None:
    for name in ("chdir", "source"):
        if options.get(name) and not os.path.isdir(options[name]):
            raise UsageError(
                f"--{name}: there is no such folder", where=options[name], fix="name the root module's folder"
            )


def _later(path: str, options: dict[str, Any]) -> Callable[[Plan], Any]:
    """The folders of a plan document, looked for only when a format shows places."""

    def folders(plan: Plan) -> Any:
        from .sources import of_document

        return of_document(path, options)(plan)

    return folders


def _lines(text: bytes, where: str, notes: list[str]) -> Iterator[Input]:
    found = False
    for number, line in enumerate(text.split(b"\n"), 1):
        if line.strip():
            place = f"{where}:{number}"
            sha = digest(line)
            yield Input(line, place, {"path": place, "sha256": sha, "json_sha256": sha}, notes, first=not found)
            found = True
    if not found:
        raise PlanError("no line holds a plan", where=where, fix="did `terragrunt show --all -json` print anything?")


def _plan_file(path: str, data: bytes, options: dict[str, Any], limit: int, environ: dict[str, str]) -> Input:
    from plangate.plan.planfile import read_plan_file
    from plangate.plan.show import show_json

    where = shown(path)
    file = read_plan_file(data, where=where)
    text = show_json(
        path,
        data,
        terraform=options.get("terraform"),
        chdir=options.get("chdir"),
        env=environ,
        max_bytes=limit,
    )
    text, notes = decode(text, where=where, max_bytes=limit)
    origin = {
        "path": where,
        "sha256": digest(data),
        "json_sha256": digest(text),
        "workspace": file.workspace,
        "lineage": file.lineage,
        "serial": file.serial,
    }
    given = Input(text, where, origin, notes)
    given.backend = file.backend

    def folders(plan: Plan) -> Any:
        from .sources import of_file

        return of_file(file, path, options)(plan)

    given.folders = folders
    return given
