"""The git program, asked for objects only: no checkout, no hook, no filter, no replaced object, no prompt."""

from __future__ import annotations

import os
import subprocess

from plangate.errors import UsageError
from plangate.plan.show import on_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Variables of git that say how to reach a remote; all others of its own could point it elsewhere.
_KEPT = (
    "GIT_ASKPASS", "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_KEY_", "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM", "GIT_CONFIG_VALUE_", "GIT_HTTP_", "GIT_PROXY_", "GIT_SSH", "GIT_SSL_",
)  # fmt: skip
_SET = {
    "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
}  # fmt: skip
_CONFIG = (
    f"core.hooksPath={os.devnull}", "core.fsmonitor=false", "fetch.recurseSubmodules=false", "gc.auto=0",
    "maintenance.auto=false", "protocol.ext.allow=never", "submodule.recurse=false",
)  # fmt: skip
_SECONDS = {"fetch": 120}  # of one call; others 30
_HEX = frozenset("0123456789abcdef")
_FORBIDDEN = frozenset(" ~^:?*[\\\x7f") | {chr(code) for code in range(32)}
_LINE = 200  # characters of what git said


class Git:
    """git in the repository at `top` (absolute). Raises UsageError where there is no git."""

    def __init__(self, top: str, environ: Mapping[str, str]) -> None:
        self.top = top
        self.environ = {k: v for k, v in environ.items() if not k.startswith("GIT_") or k.startswith(_KEPT)} | _SET
        self.command = [_program(environ), *(word for line in _CONFIG for word in ("-c", line))]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """(exit code, standard output, the first line of standard error) of one call."""
        try:
            done = subprocess.run(
                [*self.command, *arguments],
                cwd=self.top,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS.get(arguments[0], 30),
                check=False,
            )
        except subprocess.TimeoutExpired:
            return 124, "", f"git {arguments[0]} did not end in time"
        except OSError as error:
            return 127, "", f"git could not be started ({error.strerror})"
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return done.returncode, done.stdout.decode("utf-8", "replace").strip(), said[0][:_LINE] if said else ""

    def commit(self, ref: str) -> str:
        """The id of the commit that `ref` names, fetched where it is missing. Raises UsageError where there is none.

        A name that a branch and a tag share, with different commits, is refused: whoever may push tags could choose.
        """
        _check(ref)
        found = self._known(ref)
        said = ""
        if not found:
            said = self._fetch(ref)
            found = self._known(ref)
        if not found:
            why = f" ({said})" if said else ""
            raise UsageError(
                f"there is no commit {ref[:100]!a} here, and it cannot be fetched{why}",
                where="--trusted-ref",
                fix="fetch it before, or give the full id of the base commit",
            )
        if len(set(found.values())) > 1:
            names = " and ".join(found)
            raise UsageError(f"{ref[:100]!a} names {names}", where="--trusted-ref", fix="write one of them in full")
        return next(iter(found.values()))

    def _known(self, ref: str) -> dict[str, str]:
        """{full name: commit} of everything here that `ref` can mean."""
        if whole(ref) or ref.startswith("refs/"):
            names = [ref]
        else:
            names = [f"refs/{place}{ref}" for place in ("heads/", "tags/", "remotes/", "remotes/origin/")]
        found = {}
        for name in names:
            code, out, said = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
            if code == 0 and whole(out):
                found[name] = out
            elif code > 1 and said:  # 1 is "not there": anything else is git refusing this repository
                raise UsageError(f"git: {said}", where="--trusted-ref", fix=_mend(said, self.top))
        return found

    def _fetch(self, ref: str) -> str:
        """Fetch what `ref` names; what git complained of, "" for nothing."""
        _, out, _ = self.run("remote")
        remotes = out.split()
        remote = "origin" if "origin" in remotes else remotes[0] if len(remotes) == 1 else None
        if remote is None:
            return "there is no remote called origin"
        short = ref
        for start in (f"refs/remotes/{remote}/", f"{remote}/", "refs/heads/"):
            short = short.removeprefix(start)
        if whole(ref):
            what = ref
        elif short.startswith("refs/"):
            what = f"+{short}:{short}"
        else:
            what = f"+refs/heads/{short}:refs/remotes/{remote}/{short}"
        _, shallow, _ = self.run("rev-parse", "--is-shallow-repository")
        # A depth would make a whole clone a shallow one.
        depth = ["--depth=1"] if shallow == "true" else []
        code, _, said = self.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *depth, remote, what)
        return "" if code == 0 else said or f"git fetch ended with {code}"


def whole(text: str) -> bool:
    """Whether this is the full id of a commit; a short one can be made to mean another."""
    return len(text) in (40, 64) and _HEX.issuperset(text)


def _check(ref: str) -> None:
    """Raises UsageError for what is no name of a branch, tag or commit, and for the checkout itself."""
    if ref in ("HEAD", "@"):
        raise UsageError(
            "HEAD is the change that is judged",
            where="--trusted-ref",
            fix="give the base: its commit, or a branch such as origin/main",
        )
    parts = ref.split("/")
    wrong = not _FORBIDDEN.isdisjoint(ref) or ".." in ref or "@{" in ref or ref.startswith("-") or len(ref) > 500
    if wrong or any(not part or part.startswith(".") or part.endswith((".", ".lock")) for part in parts):
        raise UsageError(
            f"{ref[:60]!a} names no branch, tag or commit", where="--trusted-ref", fix="write origin/main or a commit"
        )


def _program(environ: Mapping[str, str]) -> str:
    found = on_path("git", environ)
    if found is None:
        raise UsageError(
            "there is no git on PATH", where="--trusted-ref", fix="install git, or use -c with trusted files"
        )
    return found


def _mend(said: str, top: str) -> str:
    if "dubious ownership" in said:
        return f"if you trust it: git config --global --add safe.directory {top}"
    return "look at it with `git status`"
