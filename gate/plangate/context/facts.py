"""What a fact of a run looks like: each as its service writes it, made one of a kind or None."""

from __future__ import annotations

# Every fact, in the order of the report. `ci` names the service; `root` is the root module's folder, from the top of
# the repository; `base_ref` is the branch a pull request would change, `base_commit` where that stands.
FACTS = (
    "repository", "commit", "ref", "base_ref", "base_commit", "pull_request", "pull_request_url", "workflow", "url",
    "actor", "ci", "server", "root", "workspace",
)  # fmt: skip

_LONGEST = 1000  # characters of any fact: whoever names a branch does not fill a page
_HEX = frozenset("0123456789abcdef")
_PLACES = ("refs/heads/", "refs/tags/", "refs/remotes/origin/", "remotes/origin/", "origin/")


def fact(name: str, written: str) -> str | None:
    """`written` as the fact `name`, None where it is none."""
    text = written.strip()[:_LONGEST]
    if not text:
        return None
    if name in ("commit", "base_commit"):
        return commit(text)
    if name in ("ref", "base_ref"):
        return branch(text)
    if name == "pull_request":
        return number(text)
    if name == "repository":
        return repository(text)
    if name in ("url", "pull_request_url", "server"):
        return text if text.startswith(("https://", "http://")) else None
    if name == "root":
        return root(text)
    return text


def commit(text: str) -> str | None:
    """A commit id of git, in whole or its first seven digits and more; no word and no version of an S3 object."""
    found = text.lower()
    return found if 7 <= len(found) <= 64 and _HEX.issuperset(found) else None


def branch(text: str) -> str | None:
    """The name of a branch or tag without where git keeps it."""
    for place in _PLACES:
        if text.startswith(place):
            return text[len(place) :] or None
    return text


def number(text: str) -> str | None:
    """The number of a pull request: `12`, `pr/12`, `12/merge`, or the end of its page's address."""
    parts = [part for part in text.split("/") if part.isascii() and part.isdigit()]
    found = parts[-1] if parts else ""
    return found.lstrip("0") if 0 < len(found) < 12 and found.strip("0") else None


def repository(text: str) -> str | None:
    """`owner/name` (or deeper) of a name or of any address that git clones from; a token in it is left out."""
    scheme, found, rest = text.partition("://")
    if found and scheme:
        rest = rest.rpartition("@")[2] if "@" in rest.partition("/")[0] else rest
        text = rest.partition("/")[2]
    elif "@" in text.partition(":")[0] and ":" in text:  # git@host:owner/name
        text = text.partition(":")[2]
    elif text.startswith(("/", ".", "\\")) or text[1:3] in (":\\", ":/"):
        return None  # a folder of this machine
    text = text.partition("?")[0].strip("/").removesuffix(".git")
    return text or None


def root(text: str) -> str | None:
    """A folder below the top of the repository, `.` for the top; None for what leads out of it."""
    parts = [part for part in text.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts or text.startswith("/") or text[1:2] == ":":
        return None
    return "/".join(parts) or "."
