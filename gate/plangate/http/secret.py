"""Secrets as values that no message, log or traceback can show."""

from __future__ import annotations

MASK = "***"
_SHORT = 6  # characters: what is shorter hides nothing, and hiding it would riddle every text


class Secret:
    """An address or token. `repr`, `str` and `format` give `***`; `reveal()` is for the edge alone."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not to be copied or stored")


class Scrubber:
    """A second net: takes every secret it knows, and the telling parts of addresses, out of a text."""

    def __init__(self) -> None:
        self._parts: set[str] = set()

    def know(self, secret: Secret) -> Secret:
        """Remember the secret, as it is and as it is written in URLs and headers; gives it back."""
        from base64 import b64encode
        from urllib.parse import quote, unquote, urlsplit

        value = secret.reveal().strip()
        parts = {value, *value.split()}
        if "://" in value:
            try:
                url = urlsplit(value)
                parts |= {url.path, url.query, url.username or "", url.password or ""}
                parts |= {url.path + "?" + url.query, url.netloc.rpartition("@")[0]}
                parts |= {piece for piece in url.path.split("/") if len(piece) > 7}
                parts |= {piece.partition("=")[2] for piece in url.query.split("&")}
            except ValueError:
                pass
        parts |= {quote(part, safe="") for part in parts} | {unquote(part) for part in parts}
        parts |= {b64encode(part.encode("utf-8", "surrogatepass")).decode() for part in set(parts)}
        self._parts |= {part for part in parts if len(part) >= _SHORT}
        return secret

    def scrub(self, text: str) -> str:
        """`text` with `***` where a secret stood."""
        for part in sorted(self._parts, key=len, reverse=True):
            if part in text:
                text = text.replace(part, MASK)
        return text
