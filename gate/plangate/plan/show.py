"""Turning a plan file into JSON: `terraform show -json`, run as a stranger.

`show` needs no credentials, so it gets none: its environment is built from allowed names. It starts the
provider programs installed in the root module's folder to learn their schemas; nothing else runs, and
`init` never does.
"""

from __future__ import annotations

import os
import sys

from plangate.errors import PlanError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen
    from threading import Thread

MAX_JSON = 256 << 20  # bytes of standard output
MAX_SAID = 64 << 10  # bytes of standard error that are looked at
MAX_LINE = 200  # characters of it that are told

ALLOWED = (
    *("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "LANG", "LC_ALL", "TZ"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"),
    *("TF_DATA_DIR", "TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR"),
)

_INIT = "run `terraform init` in the root module the plan belongs to, and name that folder with --chdir DIR"


def show_json(
    path: str,
    data: bytes,
    *,
    terraform: str | None,
    chdir: str | None,
    env: Mapping[str, str],
    timeout: float = 300,
    max_bytes: int = MAX_JSON,
) -> bytes:
    """The JSON of the plan file whose bytes are `data`; `path` only names it and finds its folder.

    `terraform` is a program (a path, or a name to look for on PATH), by default terraform, else tofu.
    It runs in `chdir`, else in the folder of `path` when that has `.terraform`, else in the working
    directory. Raises PlanError: no program, an error of it, `timeout` seconds, `max_bytes` of output.
    """
    import tempfile

    program = _program(path, terraform, env)
    folder = _folder(path, chdir)
    # What was read is what is shown: a file exchanged under the same name meanwhile changes nothing.
    with tempfile.TemporaryDirectory(prefix="plangate-") as private:
        copy = os.path.join(private, "plan.tfplan")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(copy, flags, 0o600), "wb") as file:
            file.write(data)
        command = [program, "show", "-json", "-no-color", copy]
        code, out, said = _run(command, path, folder, environment(env), timeout, max_bytes)
    if code != 0:
        line = first_line(said) or f"exit code {code}"
        raise PlanError(f"{_name(program)} could not show this plan file: {line}", where=path, fix=_fix(line))
    if not out.strip():
        raise PlanError(f"{_name(program)} show printed nothing", where=path, fix=_by_hand(path))
    return out


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """The variables of `env` that `terraform show` is given: ALLOWED and no others, so no token."""
    found = {name: env[name] for name in ALLOWED if name in env}
    if "PATH" in found:
        found["PATH"] = os.pathsep.join(_directories(env))
    if not os.path.isfile(found.get("TF_CLI_CONFIG_FILE", "")):
        found.pop("TF_CLI_CONFIG_FILE", None)
    return {**found, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"}


def first_line(said: bytes) -> str:
    """What `said` (standard error) complains of, in at most MAX_LINE printable characters.

    Terraform frames an error as `Error: summary`, an empty line, then detail; a detail that begins with
    `on FILE line N` quotes source text, which is not told. Of a file it cannot read it says first why it
    is no state, then why it is no plan (`Plan read error: `): only that counts here.
    """
    lines = [_plain(line) for line in said[:MAX_SAID].decode("utf-8", "replace").splitlines()]
    starts = [at for at, line in enumerate(lines) if line.startswith("Plan read error: ")] or [
        at for at, line in enumerate(lines) if line.startswith("Error: ")
    ]
    if not starts:
        return next((line for line in lines if line), "")[:MAX_LINE]
    told = lines[starts[0]].removeprefix("Error: ")
    rest = lines[starts[0] + 1 :]
    if told is not lines[starts[0]]:
        told += ":"
        while rest and not rest[0]:
            rest.pop(0)
    for line in rest:
        if not line or line.startswith(("on ", "Error: ", "Warning: ")):
            break
        told += f" {line}"
    text = told.rstrip(":")
    return text if len(text) <= MAX_LINE else text[: MAX_LINE - 1] + "…"


def _plain(line: str) -> str:
    """`line` without ANSI sequences, control and format characters, and the box around errors."""
    import re

    line = re.sub(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?", "", line)
    line = "".join(char if char.isprintable() else " " for char in line)
    return " ".join(line.lstrip("╷│╵ ").split())


def _program(path: str, terraform: str | None, env: Mapping[str, str]) -> str:
    found = program(terraform, env)
    if found:
        return found
    if terraform and os.path.basename(terraform) != terraform:
        raise PlanError(f"a plan file, and no program at {terraform[:200]!a}", where=path, fix=_by_hand(path))
    what = f"a plan file, and no {terraform or 'terraform or tofu'} on PATH to turn it into JSON"
    raise PlanError(what, where=path, fix=f"name one with --terraform PATH, or {_by_hand(path)}")


def program(terraform: str | None, env: Mapping[str, str]) -> str | None:
    """The program that is named, by a path or by a name on PATH; without one terraform, or tofu. None for none."""
    if terraform and os.path.basename(terraform) != terraform:
        import shutil

        return shutil.which(os.path.abspath(terraform))
    return on_path(terraform, env) if terraform else on_path("terraform", env) or on_path("tofu", env)


def on_path(name: str, env: Mapping[str, str]) -> str | None:
    """The first program of this name on absolute entries of PATH, None for none."""
    import shutil

    for directory in _directories(env):
        found = shutil.which(os.path.join(directory, name))
        if found:
            return found
    return None


def _directories(env: Mapping[str, str]) -> list[str]:
    """PATH without relative entries: a program that lies in the checkout is not the one meant."""
    return [entry for entry in env.get("PATH", "").split(os.pathsep) if os.path.isabs(entry)]


def _folder(path: str, chdir: str | None) -> str:
    if chdir is not None:
        if not os.path.isdir(chdir):
            fix = "--chdir names the root module of the plan"
            raise PlanError(f"no folder {chdir[:200]!a}", where=path, fix=fix)
        return os.path.abspath(chdir)
    own = os.path.dirname(os.path.abspath(path))
    return own if path != "-" and os.path.isdir(os.path.join(own, ".terraform")) else os.getcwd()


def _run(
    command: list[str], path: str, folder: str, env: dict[str, str], timeout: float, max_bytes: int
) -> tuple[int, bytes, bytes]:
    """(exit code, standard output, the beginning of standard error); the group is killed in every way out."""
    import subprocess
    import threading
    import time

    deadline = time.monotonic() + timeout
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        what = f"{_name(command[0])} could not be started ({error.strerror})"
        raise PlanError(what, where=path, fix=_by_hand(path)) from error
    out, said = bytearray(), bytearray()

    def keep_out() -> None:
        while process.stdout and len(out) <= max_bytes and (chunk := os.read(process.stdout.fileno(), 1 << 20)):
            out.extend(chunk)

    def keep_said() -> None:
        while process.stderr and (chunk := os.read(process.stderr.fileno(), 1 << 16)):
            said.extend(chunk[: max(0, MAX_SAID - len(said))])

    readers = [threading.Thread(target=keep, daemon=True) for keep in (keep_out, keep_said)]
    try:
        for reader in readers:
            reader.start()
        readers[0].join(max(0.0, deadline - time.monotonic()))
        if len(out) > max_bytes:
            what = f"{_name(command[0])} show printed more than {max_bytes >> 20} MiB"
            raise PlanError(what, where=path, fix="raise the limit if it is meant")
        readers[1].join(max(0.0, deadline - time.monotonic()))
        try:
            code = process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            code = None
        if code is None or any(reader.is_alive() for reader in readers):
            what = f"{_name(command[0])} show did not end within {timeout:g} seconds"
            raise PlanError(what, where=path, fix=_by_hand(path))
    finally:
        _end(process, readers)
    return code, bytes(out), bytes(said)


def _end(process: Popen[bytes], readers: list[Thread]) -> None:
    """Kill whatever is left of the group (a provider that outlived its parent holds the pipes open)."""
    if process.returncode is None or any(reader.is_alive() for reader in readers):
        try:
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, 9)
        except OSError:
            pass
    process.wait()
    for reader in readers:
        reader.join(5)
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()


def _name(program: str) -> str:
    return "tofu" if "tofu" in os.path.basename(program) else "terraform"


def _by_hand(path: str) -> str:
    return f"run `terraform show -json {'FILE' if path == '-' else path} > plan.json` and give plan.json"


def _fix(line: str) -> str:
    lower = line.lower()
    if "created by" in lower or "different terraform versions" in lower:
        return "name the version that made the plan with --terraform PATH"
    if any(word in lower for word in ("provider", "plugin", "schema", "init", "module", "lock file")):
        return _INIT
    return "run it by hand in the plan's root module, or name that folder with --chdir DIR"
