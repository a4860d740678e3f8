"""Any form of text a plan document arrives in -> UTF-8 bytes without a byte order mark.

PowerShell 5 writes UTF-16 with a mark when output is redirected, artefact stores compress, editors
add marks. Nothing is guessed beyond the marks and JSON's own pattern of zero bytes (RFC 4627,
section 3: the first two characters of a JSON text are ASCII); what does not fit is refused.
"""

from __future__ import annotations

from plangate.errors import PlanError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Decoder = Callable[[memoryview, str, bool], tuple[str, int]]

RATIO = 200  # JSON of Terraform compresses 5:1 to 60:1; deflate ends at 1032:1
RATIO_FREE = 1 << 20  # bytes that may come out whatever the ratio: small documents compress well
CHUNK = 1 << 20
BLANK = b" \t\r\n\0"
BOM = b"\xef\xbb\xbf"

_REMAKE = "make it again with `terraform show -json PLANFILE > plan.json`"
_EMPTY = "did terraform fail before writing it? look at its exit code and stderr"
_CUT = "the file was cut (disk full, broken upload?): copy it again"
_COMPRESSED = (
    (b"PK\x03\x04", "a zip archive"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"\xfd7zXZ\x00", "compressed with xz"),
    (b"BZh", "compressed with bzip2"),
)
# With a mark; the marks of UTF-32 first, since that of UTF-16 little endian begins the same way.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf_32_le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf_32_be", "UTF-32"),
    (b"\xff\xfe", "utf_16_le", "UTF-16"),
    (b"\xfe\xff", "utf_16_be", "UTF-16"),
)


def is_plan_file(data: bytes) -> bool:
    """Whether `data` begins as a zip does, and so is no text; what kind of zip, read_plan_file says."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def decode(data: bytes, *, where: str, max_bytes: int) -> tuple[bytes, list[str]]:
    """The document as UTF-8 without a mark, and notes on how it was read (`["read as UTF-16"]`).

    Plain UTF-8 is handed back as the same object. Raises PlanError, naming `where`: nothing in it,
    more than `max_bytes` before or after, broken or cut compression, bytes that are not that text.
    """
    notes: list[str] = []
    if len(data) > max_bytes:
        raise _too_big(where, max_bytes)
    if data[:2] == b"\x1f\x8b":
        data = _gunzip(data, where, max_bytes)
        notes.append("read as gzip")
        if data[:2] == b"\x1f\x8b":
            raise PlanError("compressed twice", where=where, fix="decompress it once with gunzip")
    _refuse_blank(data, where)
    for magic, what in _COMPRESSED:
        if data.startswith(magic):
            raise PlanError(f"{what}, not a JSON document", where=where, fix="decompress it first")
    codec, label, mark = _wide(data)
    if codec:
        data = _to_utf8(data, mark, codec, label, where, max_bytes)
        notes.append(f"read as {label}")
        _refuse_blank(data, where)
    elif data.startswith(BOM):
        data = data[len(BOM) :]
        notes.append("read as UTF-8 with a byte order mark")
        _refuse_blank(data, where)
    if data.startswith(BOM):
        raise PlanError("two byte order marks at its beginning", where=where, fix=_REMAKE)
    if not codec and not data.isascii():
        _validate(data, where)
    return data, notes


def _wide(data: bytes) -> tuple[str, str, int]:
    """(codec, name, bytes of its mark) where the text is UTF-16 or UTF-32; ("", "", 0) where not."""
    for mark, codec, label in _MARKS:
        if data.startswith(mark):
            return codec, label, len(mark)
    zeros = tuple(byte == 0 for byte in data[:4])
    if zeros == (True, True, True, False):
        return "utf_32_be", "UTF-32", 0
    if zeros == (False, True, True, True):
        return "utf_32_le", "UTF-32", 0
    if zeros[:2] == (True, False):
        return "utf_16_be", "UTF-16", 0
    if zeros[:2] == (False, True):
        return "utf_16_le", "UTF-16", 0
    return "", "", 0


def _to_utf8(data: bytes, mark: int, codec: str, label: str, where: str, max_bytes: int) -> bytes:
    """UTF-16 or UTF-32 after its mark -> UTF-8, chunk by chunk."""
    unit = 4 if label == "UTF-32" else 2
    if len(data) % unit:
        raise PlanError(f"{label} text of {len(data)} bytes, not a multiple of {unit}", where=where, fix=_CUT)
    out = bytearray()
    for text in _decoded(data, mark, codec, label, where):
        out += text.encode()
        if len(out) > max_bytes:
            raise _too_big(where, max_bytes)
    return bytes(out)


def _validate(data: bytes, where: str) -> None:
    """Raise PlanError with the byte offset where `data` stops being UTF-8; keeps no decoded copy."""
    for _ in _decoded(data, 0, "utf_8", "UTF-8", where):
        pass


def _decoded(data: bytes, position: int, codec: str, label: str, where: str) -> Iterator[str]:
    import codecs

    # These functions say how many bytes they used, so a character split between chunks needs no state.
    step: Decoder = getattr(codecs, f"{codec}_decode")
    view, size = memoryview(data), len(data)
    while position < size:
        try:
            text, used = step(view[position : position + CHUNK], "strict", position + CHUNK >= size)
        except UnicodeDecodeError as error:
            offset = position + error.start
            raise PlanError(f"not valid {label} at byte {offset}", where=where, fix=_REMAKE) from None
        position += used
        yield text


def _gunzip(data: bytes, where: str, max_bytes: int) -> bytes:
    """The one member of a gzip file; never more than `max_bytes` or RATIO times its size in memory."""
    import zlib

    by_ratio = max(RATIO * len(data), RATIO_FREE)
    limit = min(max_bytes, by_ratio)
    stream = zlib.decompressobj(wbits=31)
    try:
        out = stream.decompress(data, limit + 1)
    except zlib.error:
        raise PlanError("broken gzip data", where=where, fix="compress or copy it again") from None
    if len(out) > max_bytes:
        raise _too_big(where, max_bytes)
    if len(out) > limit:
        what = f"gzip data that grows more than {RATIO} times: no plan does"
        raise PlanError(what, where=where, fix="decompress it first if it is meant")
    if not stream.eof:
        raise PlanError("gzip data that ends early", where=where, fix=_CUT)
    if stream.unused_data:
        raise PlanError("data after the end of the gzip stream", where=where, fix="give one plan a file")
    return out


def _refuse_blank(data: bytes, where: str) -> None:
    # The head decides for every real file; only a blank head costs a look at the rest.
    if data[:4096].strip(BLANK) or data.lstrip(BLANK):
        return
    if not data:
        raise PlanError("empty", where=where, fix=_EMPTY)
    if not data.strip(b"\0"):
        raise PlanError(f"only zero bytes ({len(data)})", where=where, fix=f"was there a crash? {_REMAKE}")
    raise PlanError("only white space", where=where, fix=_EMPTY)


def _too_big(where: str, max_bytes: int) -> PlanError:
    size = f"{max_bytes >> 20} MiB" if max_bytes >= 1 << 20 else f"{max_bytes} bytes"
    return PlanError(f"larger than the limit of {size}", where=where, fix="raise the limit if it is meant")
