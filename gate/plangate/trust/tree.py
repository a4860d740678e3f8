"""Files of a commit, read as git's own objects and written to a private folder: plain files only, within limits."""

from __future__ import annotations

import os
import subprocess
import threading

from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .git import Git

FILES, BYTES, FILE_BYTES = 2000, 64 << 20, 8 << 20  # written in all, in all, of one file
_TREE_BYTES = 32 << 20  # of one folder's list of names
_DEPTH = 40  # folders in folders
_SECONDS = 120.0
_FOLDER, _LINK, _MODULE = "40000", "120000", "160000"
Entry = tuple[str, str]  # (mode, object id)


class Objects:
    """`git cat-file --batch`: one process for all questions. Raises UsageError for what is broken or too large."""

    def __init__(self, git: Git) -> None:
        self._process = subprocess.Popen(
            [*git.command, "cat-file", "--batch"],
            cwd=git.top,
            env=git.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._timer = threading.Timer(_SECONDS, self._process.kill)
        self._timer.daemon = True
        self._timer.start()

    def read(self, name: str, kind: str, most: int, where: str) -> tuple[str, bytes]:
        """(object id, content) of the object `name`, of at most `most` bytes; `where` is its path, for messages."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(name.encode() + b"\n")
            stdin.flush()
            head = stdout.readline(1000).decode("ascii", "replace").split()
            size = int(head[2]) if len(head) == 3 and head[1] == kind else -1
            if size > most:
                raise UsageError(f"this is larger than {most >> 20} MiB in the trusted commit", where=where)
            data = stdout.read(size + 1) if size >= 0 else b""
        except (OSError, ValueError):
            size, data = -1, b""
        if size < 0 or len(data) != size + 1:
            what = f"git cannot read this {'folder' if kind == 'tree' else 'file'} of the trusted commit"
            raise UsageError(what, where=where, fix="is the repository whole? fetch the commit again")
        return head[0], data[:-1]

    def close(self) -> None:
        """End the process."""
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                pass  # it had not been read to its end


class Tree:
    """The files of `commit`. Paths are relative to its top, with '/'; the top itself is ""."""

    def __init__(self, objects: Objects, commit: str) -> None:
        self._objects = objects
        root, data = objects.read(f"{commit}^{{tree}}", "tree", _TREE_BYTES, "(top)")
        self._lists: dict[str, dict[str, Entry]] = {root: parsed(data, len(root))}
        self._root: Entry = (_FOLDER, root)

    def entry(self, path: str) -> Entry | None:
        """What stands at `path`, None for nothing. Raises UsageError for a link or a submodule on the way."""
        found = self._root
        done: list[str] = []
        for part in path.split("/") if path else ():
            if found[0] != _FOLDER:
                return None
            inner = self.names(found, "/".join(done)).get(part)
            if inner is None:
                return None
            done.append(part)
            _plain(inner, "/".join(done))
            found = inner
        return found

    def names(self, entry: Entry, path: str) -> dict[str, Entry]:
        """What a folder holds."""
        id = entry[1]
        if id not in self._lists:
            self._lists[id] = parsed(self._objects.read(id, "tree", _TREE_BYTES, path)[1], len(id))
        return self._lists[id]

    def content(self, entry: Entry, path: str) -> bytes:
        """The bytes of a file, as they are stored: no filter and no line ending is applied."""
        return self._objects.read(entry[1], "blob", FILE_BYTES, path)[1]


class Export:
    """Writes files of a tree below `folder` (private, and empty at first). `written` are their paths."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self.tree, self.folder = tree, folder
        self.written: dict[str, bytes] = {}
        self._size = 0

    def take(self, path: str, deep: bool = False) -> str | None:
        """Write the file at `path`, or with `deep` all of a folder: "file", "folder", or None where nothing is."""
        entry = self.tree.entry(path)
        if entry is None:
            return None
        if entry[0] != _FOLDER:
            self._file(path, entry)
            return "file"
        if deep:
            self._folder(path, entry, 0)
        return "folder"

    def _folder(self, path: str, entry: Entry, depth: int) -> None:
        if depth > _DEPTH:
            raise UsageError(f"more than {_DEPTH} folders in each other in the trusted commit", where=path)
        os.makedirs(os.path.join(self.folder, path), mode=0o700, exist_ok=True)
        for name, inner in self.tree.names(entry, path).items():
            below = f"{path}/{name}" if path else name
            _plain(inner, below)
            if inner[0] == _FOLDER:
                self._folder(below, inner, depth + 1)
            else:
                self._file(below, inner)

    def _file(self, path: str, entry: Entry) -> None:
        if path in self.written:
            return
        data = self.tree.content(entry, path)
        self._size += len(data)
        if len(self.written) >= FILES or self._size > BYTES:
            raise UsageError(
                f"settings and policies are more than {FILES} files or {BYTES >> 20} MiB in the trusted commit",
                where=os.path.dirname(path) or path,
                fix="name a smaller folder",
            )
        target = os.path.join(self.folder, path)
        try:
            os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(target, flags, 0o600), "wb") as file:
                file.write(data)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "no name of a file here"
            raise UsageError(f"this file of the trusted commit cannot be kept ({why})", where=path) from None
        self.written[path] = data


def parsed(data: bytes, digits: int) -> dict[str, Entry]:
    """A tree object: {name: (mode, id)}; `digits` is the length of ids. Raises UsageError for one that is broken or
    holds a name that no checkout would have."""
    found: dict[str, Entry] = {}
    at, size = 0, digits // 2
    while at < len(data):
        space, end = data.find(b" ", at), data.find(b"\0", at)
        if not at < space < end or end + 1 + size > len(data):
            raise UsageError("a folder of the trusted commit is broken", where="--trusted-ref")
        name = data[space + 1 : end].decode("utf-8", "surrogateescape")
        if name in ("", ".", "..") or "/" in name or "\\" in name or name.lower() in (".git", "git~1"):
            raise UsageError(
                f"the trusted commit holds a file called {name[:60]!a}", where="--trusted-ref", fix="no checkout has it"
            )
        found[name] = (data[at:space].decode("ascii", "replace"), data[end + 1 : end + 1 + size].hex())
        at = end + 1 + size
    return found


def _plain(entry: Entry, path: str) -> None:
    if entry[0] in (_LINK, _MODULE):
        what = "a link" if entry[0] == _LINK else "a submodule"
        raise UsageError(
            f"this is {what} in the trusted commit; settings and policies must be files of it",
            where=path,
            fix="keep the files themselves there, or name a folder outside of the repository with -c or -p",
        )
