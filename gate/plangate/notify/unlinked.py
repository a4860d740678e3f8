"""Text of a plan for places that turn whatever looks like an address into a link."""

from __future__ import annotations

import re

_WWW = re.compile(r"(www)\.", re.IGNORECASE)


def unlinked(text: str) -> str:
    r"""`text` in which no client finds a web address: `https:\x2f/...`, `www\x2e...`."""
    return _WWW.sub(r"\1\\x2e", text.replace("://", ":\\x2f/"))
