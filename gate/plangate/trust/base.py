"""A commit that a run trusts, as a private folder in which settings are found as they would be in its checkout."""

from __future__ import annotations

import os
import shutil
import tempfile

from plangate.context import git as files
from plangate.errors import UsageError

from .closure import Closure
from .git import Git, whole
from .tree import Export, Objects, Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A relative path of the settings that climbs out of the repository ends in empty folders of ours.
_DEEP = ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l")


class Base:
    """`ref` as given, `commit` its full id; `cwd` is the working directory as the commit has it. `fork` is the commit
    that the checkout was made from, where the base has gone on since: None where it has not, and where a shallow clone
    cannot tell. Ended by `close`.
    """

    def __init__(self, ref: str, commit: str, top: str, cwd: str) -> None:
        self.ref, self.commit, self._top = ref, commit, top
        self._scratch = tempfile.mkdtemp(prefix="plangate-")
        self.folder = os.path.join(os.path.realpath(self._scratch), *_DEEP)
        os.makedirs(os.path.join(self.folder, ".git"), mode=0o700)  # the search for settings ends here
        self.cwd = self.folder
        self.cwd = self.mapped(cwd)
        os.makedirs(self.cwd, mode=0o700, exist_ok=True)
        self._files: dict[str, bytes] = {}
        self._settings: set[str] = set()
        self.fork: Base | None = None

    def mapped(self, path: str) -> str:
        """A path of the checkout as the commit has it; one outside of the checkout as it is."""
        inner = files.below(path, self._top)
        return path if inner is None else os.path.normpath(os.path.join(self.folder, inner))

    def plain(self, text: str) -> str:
        """A text without the private folder's name."""
        return text.replace(self.folder + os.sep, "").replace(self.folder, self.ref)

    def differing(self, settings: bool = False) -> list[tuple[str, bool]]:
        """(path, whether it is still there) of every file taken that is another or none in the checkout. Settings that
        are still there are left out unless asked for: it is their meaning that counts."""
        found = []
        for path, data in sorted(self._files.items()):
            place = os.path.join(self._top, path)
            try:
                there = not os.path.islink(place) and os.path.isfile(place)
                with open(place, "rb") as file:
                    same = there and _even(file.read(len(data) * 2 + 1024)) == _even(data)
            except OSError:
                there, same = os.path.lexists(place), False
            if not same and (settings or not there or path not in self._settings):
                found.append((path, there))
        return found

    def take(self, git: Git, cwd: str, config: str | None, policies: Iterable[str]) -> None:
        """Write the files that a run in `cwd` needs. Raises UsageError."""
        objects = Objects(git)
        try:
            export = Export(Tree(objects, self.commit), self.folder)
            closure = Closure(export, self._top)
            closure.settings(cwd, config)
            closure.policies(cwd, policies)
            self._files, self._settings = export.written, closure.files
        finally:
            objects.close()

    def close(self) -> None:
        """Delete the folder."""
        if self.fork is not None:
            self.fork.close()
        shutil.rmtree(self._scratch, ignore_errors=True)


def base(ref: str, cwd: str, environ: Mapping[str, str], config: str | None, policies: Iterable[str]) -> Base:
    """The commit `ref`, with every file that a run in `cwd` needs of it. Raises UsageError where it cannot be had."""
    top = files.top(cwd)
    if top is None:
        raise UsageError("this is no git repository", where="--trusted-ref", fix="run it in the checkout")
    git = Git(top, environ)
    found = Base(ref, git.commit(ref), top, cwd)
    try:
        found.take(git, os.path.realpath(cwd), config, policies)
        code, at, _ = git.run("merge-base", found.commit, "HEAD")
        if code == 0 and whole(at) and at != found.commit:
            found.fork = Base(ref, at, top, cwd)
            try:
                found.fork.take(git, os.path.realpath(cwd), config, policies)
            except UsageError:  # what it had is not what judges
                found.fork.close()
                found.fork = None
    except BaseException:
        found.close()
        raise
    return found


def _even(data: bytes) -> bytes:
    """Line endings that a checkout may have changed."""
    return data.replace(b"\r\n", b"\n")
