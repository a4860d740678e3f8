"""The ways in which one secret may be written in a text: its pieces, and the forms of each piece.

Pieces are what a text may hold instead of the whole value: its lines, the strings of a JSON document,
the password of an address. Forms are what encoders make of a piece: JSON, Go, HCL, Python, URL, HTML,
base64 (also inside a longer base64 text) and hex. Costs are linear in the length of the secrets.
"""

from __future__ import annotations

import binascii
import json

from plangate.report.masks import MIN_LENGTH, leaves
from plangate.report.names import common_value, secret_name

_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
# Left as they are, by encoder: Go's QueryEscape and urllib; paths; encodeURIComponent; encodeURI.
_SAFE = (b"", b"/", b"!'()*", b";,/?:@&=+$#!'()*")
_URL_TABLES: list[list[str]] = []
# The quotes differ by encoder: Python, Go and Markdown, PHP, XML, and text that leaves quotes alone.
_HTML_QUOTES = (
    ("&quot;", "&#x27;"),
    ("&#34;", "&#39;"),
    ("&quot;", "&#039;"),
    ("&quot;", "&apos;"),
    ("&quot;", "&#39;"),
    ("&quot;", "'"),
    ('"', "'"),
)
_URLSAFE = str.maketrans("+/", "-_")
_GO = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_GO |= {'"': '\\"', "\\": "\\\\"}
_HCL = {key: _GO[key] for key in '\n\r\t"\\'}
_json_ascii = json.encoder.encode_basestring_ascii
_json_raw = json.encoder.encode_basestring


def _quoted(text: str, short: dict[str, str], hex_controls: bool) -> str:
    """As Go's strconv.Quote writes it, or Terraform in an address (no `\\x`)."""
    out = []
    for char in text:
        if char in short:
            out.append(short[char])
        elif char.isprintable():
            out.append(char)
        elif hex_controls and ord(char) < 0x80:
            out.append(f"\\x{ord(char):02x}")
        else:
            out.append(f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}")
    return "".join(out)


def _json(text: str) -> set[str]:
    """What a text is between the quotes of JSON: as Python, PHP and Go (Terraform) write it."""
    raw = _json_raw(text)[1:-1]
    out = {raw}
    if not text.isascii():
        out.add(_json_ascii(text)[1:-1])
    if "<" in text or ">" in text or "&" in text or not text.isascii():
        out |= {
            form.replace("<", "\\u003c")
            .replace(">", "\\u003e")
            .replace("&", "\\u0026")
            .replace("\u2028", "\\u2028")
            .replace("\u2029", "\\u2029")
            for form in out
        }
    return out


def _other_quotes(text: str) -> set[str]:
    """What a text is between the quotes of Go, HCL, Python and PHP's JSON."""
    out = set()
    if "/" in text:
        out.add(_json_raw(text)[1:-1].replace("/", "\\/"))
    plain = text.isprintable() and '"' not in text and "\\" not in text
    if not plain or "'" in text:
        out.add(repr(text)[1:-1])
        out.add(text.replace("\\", "\\\\").replace("'", "\\'"))
    if not plain:
        out.add(_quoted(text, _GO, True))
        out.add(_quoted(text, _HCL, False))
    if "${" in text or "%{" in text:
        out |= {form.replace("${", "$${").replace("%{", "%%{") for form in out | {text}}
    return out


def _url(data: bytes) -> set[str]:
    """What a text is in a URL or a form, by several encoders, in upper and lower hex."""
    if not _URL_TABLES:
        for digits in ("%%%02X", "%%%02x"):
            for safe in _SAFE:
                keep = _UNRESERVED + safe
                _URL_TABLES.append([chr(byte) if byte in keep else digits % byte for byte in range(256)])
    out = set()
    for table in _URL_TABLES:
        form = "".join([table[byte] for byte in data])
        out.add(form)
        if "%20" in form:
            out.add(form.replace("%20", "+"))
    return out


def _html(text: str) -> set[str]:
    """What a text is in HTML or XML, by several encoders."""
    base = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if '"' not in text and "'" not in text:
        return {base}
    return {base.replace('"', double).replace("'", single) for double, single in _HTML_QUOTES}


def _base64(data: bytes) -> set[str]:
    """The base64 text of the bytes, and what of it does not depend on the bytes around them."""
    out = set()
    for offset, start in ((0, 0), (1, 2), (2, 3)):
        text = binascii.b2a_base64(bytes(offset) + data, newline=False).decode("ascii")
        out.add(text[start : (offset + len(data)) * 8 // 6])
        if offset == 0:
            out |= {text, text.rstrip("=")}
    return out | {form.translate(_URLSAFE) for form in out if "+" in form or "/" in form}


def forms(piece: str) -> set[str]:
    """Every form of one piece, itself among them."""
    data = piece.encode("utf-8", "surrogatepass")
    out = {piece}
    encoded = {data}
    if not (piece.isascii() and piece.replace("-", "").replace("_", "").isalnum()):
        once = _json(piece)
        out |= once | _other_quotes(piece)
        for form in once:
            if form != piece:
                # A document in a document; and base64encode(jsonencode(...)), how most user data is made.
                out.add(_json_raw(form)[1:-1])
                encoded.add(form.encode("utf-8", "surrogatepass"))
        if data.translate(None, _UNRESERVED):
            out |= _url(data)
        if "&" in piece or "<" in piece or ">" in piece or '"' in piece or "'" in piece:
            out |= _html(piece)
    for item in encoded:
        out |= _base64(item)
    digits = data.hex()
    return out | {digits, digits.upper()}


def _address_parts(text: str) -> set[str]:
    """Of an address with a scheme: the password before `@`, and the longer values of its query."""
    rest = text.partition("://")[2]
    head, _, query = rest.partition("?")
    user = head.partition("/")[0].rpartition("@")[0]
    parts = {user.partition(":")[2]}
    parts |= {pair.partition("=")[2] for pair in query.partition("#")[0].split("&")}
    return {part for part in parts if len(part) >= 12 or part == user.partition(":")[2]}


def _line_parts(line: str) -> set[str]:
    """Of a line or connection string: itself, and the values given to the name of a secret."""
    out = {line}
    for item in line.split(";"):
        for mark in ("=", ":"):
            name, found, value = item.partition(mark)
            if found and secret_name(name.strip(" \t\"'")):
                out.add(value.strip(" \t\"',"))
    return out


def _document_parts(text: str) -> set[str]:
    """The strings and numbers of a JSON document (not its keys); of any other text none."""
    out: set[str] = set()
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return out
    stack = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)
        else:
            leaves(node, out)
    return out


def pieces(secret: str) -> set[str]:
    """The texts to search for on behalf of one secret: of MIN_LENGTH or more, none of them common."""
    out: set[str] = set()
    todo = [secret]
    while todo:
        text = todo.pop()
        if text in out or len(text) < MIN_LENGTH or common_value(text):
            continue
        out.add(text)
        stripped = text.strip()
        todo.append(stripped)
        if stripped[:1] in ("{", "["):
            todo.extend(_document_parts(stripped))
        if "://" in text:
            todo.extend(_address_parts(text))
        if not text.isprintable() or "=" in text or ":" in text:
            lines = stripped.splitlines()
            for line in lines:
                # A rule of dashes is no part of a secret.
                if len(lines) == 1 or len(set(line.strip())) > 1:
                    todo.extend(_line_parts(line.strip()))
    return out


def all_forms(secrets: set[str] | frozenset[str]) -> set[str]:
    """Every form of every piece of several secrets."""
    parts: set[str] = set()
    for secret in secrets:
        parts |= pieces(secret)
    out: set[str] = set()
    for part in parts:
        out |= forms(part)
    return out
