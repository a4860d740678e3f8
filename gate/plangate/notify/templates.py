"""Headers, footers and links that people write: fixed placeholders, filled in once, nothing else."""

from __future__ import annotations

import re

from plangate.render.inert import is_url_text, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What a template may name. All of it is known of the run or the settings; none is a value of a plan.
PLACEHOLDERS = (
    "account", "actor", "branch", "commit", "environment", "name", "pull_request", "repository", "run_id", "started_at",
    "verdict", "workflow", "workspace",
)  # fmt: skip
_PLACE = re.compile(r"\{([^{}]*)\}")
_LIMIT = 1000  # characters of a text that is filled in


def unknown(template: str) -> str | None:
    """The first placeholder that there is none of."""
    return next((name for name in _PLACE.findall(template) if name not in PLACEHOLDERS), None)


def fill(template: str, values: Mapping[str, str | None]) -> str:
    """The text with its placeholders filled in, showable; one that is not known is `-`."""
    lines = _PLACE.sub(lambda found: _value(found, values), template).splitlines()
    return "\n".join([terminal(line, _LIMIT) for line in lines]).strip()


def fill_url(template: str, values: Mapping[str, str | None], insecure: bool = False) -> str | None:
    """The link, every value percent-encoded (`/` stays in a repository's name); None where it would be no https URL,
    or where a value that it needs is not known."""
    from urllib.parse import quote, urlsplit

    if any(not values.get(name) for name in _PLACE.findall(template)):
        return None
    text = _PLACE.sub(
        lambda f: quote(_value(f, values), safe="/" if f[1] == "repository" else "", errors="replace"), template
    ).strip()
    return text if _is_url(text, urlsplit, insecure) else None


def _is_url(text: str, split: Callable[[str], Any], insecure: bool) -> bool:
    if not is_url_text(text) or len(text) > 2000:
        return False
    try:
        url = split(text)
        return (
            (url.scheme == "https" or (insecure and url.scheme == "http"))
            and bool(url.hostname)
            and "@" not in url.netloc
        )
    except ValueError:
        return False


def safe_url(text: str | None, insecure: bool = False) -> str | None:
    """`text` where it is an https URL that can be a link, else None."""
    from urllib.parse import urlsplit

    return text if text and _is_url(text, urlsplit, insecure) else None


def _value(found: re.Match[str], values: Mapping[str, str | None]) -> str:
    return values.get(found[1]) or "-"


if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
