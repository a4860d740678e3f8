"""What `doctor` finds on this machine: versions, Terraform and its wrappers, Checkov, git's hook, GitHub's token."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from plangate.checkov import places
from plangate.context import git
from plangate.context.run import facts
from plangate.errors import UsageError
from plangate.plan.show import environment, on_path
from plangate.version import VERSION

from .doctor import Found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .doctor import Patient

_PROGRAMS = (
    ("terraform", "TERRAFORM_CLI_PATH", "hashicorp/setup-terraform", "terraform_wrapper"),
    ("tofu", "TOFU_CLI_PATH", "opentofu/setup-opentofu", "tofu_wrapper"),
)
_SAYS_COMPLETE = (1, 8)  # the first Terraform whose plans say whether they are complete
_API = "https://api.github.com"


def versions(_: Patient) -> Iterator[Found]:
    """plangate's own, and Python's."""
    python = ".".join([str(part) for part in sys.version_info[:3]])
    yield Found("ok", f"plangate {VERSION}, Python {python}")


def terraform(patient: Patient) -> Iterator[Found]:
    """What turns a plan file into JSON; a plan document needs none."""
    environ = patient.streams.environ
    config = environ.get("TF_CLI_CONFIG_FILE")
    if config and not os.path.isfile(config):
        yield Found("missing", "TF_CLI_CONFIG_FILE names a file that is not there", "unset it, or write the file")
    there = False
    for name, variable, action, switch in _PROGRAMS:
        path = on_path(name, environ)
        if path is None:
            continue
        there = True
        said = _version(path, environ)
        version = _number(said)
        if said.startswith("[command]") or (environ.get(variable) and _wrapped(path, name)):
            fix = f"set {switch}: false for {action}, or give --terraform {path}-bin"
            yield Found("note", f"{name}: a wrapper that prints lines of its own stands before it", fix)
        if version is None:
            yield Found("missing", f"{name}: it does not say its version", f"run `{name} version`")
        elif name == "terraform" and version < _SAYS_COMPLETE:
            what = f"{name} {'.'.join(map(str, version))}: its plans do not say whether they are complete"
            yield Found("note", what, "1.8 and later do")
        else:
            yield Found("ok", f"{name} {'.'.join(map(str, version))}")
    if not there:
        yield Found("note", "neither terraform nor tofu is on PATH", "plan files need one; plan documents do not")


def _wrapped(path: str, name: str) -> bool:
    folder = os.path.dirname(path)
    return any(os.path.isfile(os.path.join(folder, name + end)) for end in ("-bin", "-bin.exe"))


def _version(path: str, environ: Mapping[str, str]) -> str:
    command = [path, "version", "-json"]
    try:
        done = subprocess.run(command, env=environment(environ), capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip()


def _number(said: str) -> tuple[int, ...] | None:
    try:
        found = json.loads(said[said.index("{") : said.rindex("}") + 1])["terraform_version"]
        return tuple(int(part) for part in found.partition("-")[0].split("."))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def checkov(patient: Patient) -> Iterator[Found]:
    """Checkov's environment, ours or the one that is named, as far as the settings want it."""
    own = patient.settings.checkov if patient.settings is not None else None
    mode = own.mode if own is not None else "auto"
    if mode == "off":
        yield Found("ok", "Checkov: the settings leave it out")
        return
    named = places.given(patient.streams.environ, own.python if own is not None else None, "python under [checkov]")
    if named is not None:
        if os.path.isfile(named[0]):
            yield Found("ok", f"Checkov: the environment that {named[1]} names", "`plangate checkov status` tries it")
        else:
            yield Found("missing", f"Checkov: there is no Python at {named[0]}", f"look at {named[1]}")
        return
    if places.installed(patient.streams.environ) is not None:
        yield Found("ok", f"Checkov {places.VERSION} is installed")
        return
    fix = "plangate checkov install"
    if mode == "required":
        yield Found("missing", "Checkov: the settings want it, and it is not installed", fix)
    else:
        yield Found("note", "Checkov is not installed: only plangate's policies judge", fix)


def hook(patient: Patient) -> Iterator[Found]:
    """Whether a push is judged; of no interest where a CI service runs this."""
    from .context import in_ci
    from .prepush.changed import git as ask_git

    top = git.top(patient.cwd)
    if top is None or in_ci(patient.streams.environ):
        return
    try:
        _, said = ask_git(top, "rev-parse", "--git-path", "hooks/pre-push")
        with open(os.path.join(top, said.strip()), encoding="utf-8", errors="replace") as file:
            text = file.read(65536)
    except (OSError, UsageError):
        text = ""
    if "pre-commit" in text:
        try:
            with open(os.path.join(top, ".pre-commit-config.yaml"), encoding="utf-8", errors="replace") as file:
                text = file.read(1 << 20)
        except OSError:
            text = ""
    if "plangate" in text:
        yield Found("ok", "hook: git asks plangate before a push")
    else:
        yield Found("note", "hook: a push is not judged", "plangate init pre-push")


def token(patient: Patient) -> Iterator[Found]:
    """What GitHub's token may do, as far as GitHub tells."""
    environ = patient.streams.environ
    secret = environ.get("GITHUB_TOKEN")
    try:
        known = facts(environ, patient.cwd)
    except UsageError as error:
        yield Found("missing", error.line())
        return
    if not secret or not known["repository"]:
        if environ.get("GITHUB_ACTIONS") == "true" and not secret:
            fix = "env: GITHUB_TOKEN: ${{ github.token }}, with pull-requests: write"
            yield Found("note", "GITHUB_TOKEN: this step has none, so nothing is commented", fix)
        return
    if known["fork"]:
        fix = "comment from a workflow_run (docs/ci/github.md), or leave it at the job's summary"
        yield Found("note", "GITHUB_TOKEN: the change comes from a fork, so it can only read", fix)
        return
    yield _asked(secret, known["repository"], environ)


def _asked(secret: str, repository: str, environ: Mapping[str, str]) -> Found:
    from plangate.http import DeliveryError, Http, Rules, Secret

    url = f"{(environ.get('GITHUB_API_URL') or _API).rstrip('/')}/repos/{repository}"
    rules = Rules(insecure=environ.get("PLANGATE_ALLOW_INSECURE") == "1")
    headers: dict[str, Secret | str] = {
        "Authorization": Secret(f"Bearer {secret}"),
        "Accept": "application/vnd.github+json",
    }
    try:
        answer = Http(environ, rules, time.monotonic() + 10).send("GET", url, headers)
    except DeliveryError as error:
        return Found("note", f"GITHUB_TOKEN: GitHub could not be asked: {error.said}", error.fix)
    if answer.status == 401:
        return Found("missing", "GITHUB_TOKEN: GitHub does not know it", "look whether it has expired")
    if answer.status != 200:
        fix = "permissions: contents: read, pull-requests: write"
        return Found("missing", f"GITHUB_TOKEN: it may not see {repository} ({answer.status})", fix)
    scopes = answer.headers.get("x-oauth-scopes")
    if scopes is not None and not {"repo", "public_repo"} & {one.strip() for one in scopes.split(",")}:
        return Found("missing", "GITHUB_TOKEN: it lacks the scope repo, so it cannot comment", "make one that has it")
    what = f"GITHUB_TOKEN: it may see {repository}"
    if scopes is not None:
        return Found("ok", f"{what}, and may comment")
    return Found("ok", f"{what}; whether it may comment only a comment shows: pull-requests: write")
