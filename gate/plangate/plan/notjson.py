"""What a text is when it is no JSON document: the words for a parser's error.

Only the first and last few KiB and the surroundings of the error are looked at, and none of that is
repeated: whatever stands in such a file may be a log with secrets.
"""

from __future__ import annotations

Kind = tuple[str, str]

NEAR = 4096
SHOW = "make the plan document with `terraform show -json PLANFILE > plan.json`"
EVENTS: Kind = (
    "the event stream of `terraform plan -json` or `apply -json`, which holds no values, and not a plan",
    f"write a plan file with `terraform plan -out=PLANFILE`, then {SHOW}",
)

_STDOUT = "write standard output alone to the file (`> plan.json`, no `2>&1`, no log before or after it)"
_DIRECT = "let terraform write the file itself: `echo` and templates change what they are given"
_CUT = "it was not written or copied completely (disk full, broken upload?): make or copy it again"
_WRAPPER: Kind = (
    "not JSON: log lines of the hashicorp/setup-terraform wrapper stand around the document",
    "set `terraform_wrapper: false` for that action",
)
_WRAPPER_MARKS = (b"[command]", b"::debug::", b"::set-output", b"##[debug]", b"##[command]")
_STARTS: tuple[tuple[tuple[bytes, ...], str, str], ...] = (
    ((b"version https://git-lfs",), "a Git LFS pointer, not the file itself", "run `git lfs pull`"),
    ((b"<<<<<<< ",), "a file with merge conflicts", SHOW),
    (
        (b"<!doctype", b"<html"),
        "an HTML page, not a plan (a login or error page?)",
        "look at how it was downloaded: status and credentials",
    ),
    ((b"<",), "XML or HTML, not a plan", SHOW),
    ((b"-----begin ",), "a key or certificate (PEM), not a plan", SHOW),
    ((b"---", b"%yaml"), "YAML, not JSON", SHOW),
    (
        ("╷".encode(), "│".encode(), b"error: ", b"\nerror: "),
        "an error message of terraform, not a plan",
        f"mend what it names, then {SHOW}",
    ),
)
_HUMAN = (
    b"used the selected providers to generate",
    b"will perform the following actions",
    b"no changes. your infrastructure",
    b"no changes. infrastructure is up-to-date",
    b"an execution plan has been generated",
    b"resource actions are indicated with",
    b"refreshing state...",
    b"refreshing terraform state in-memory",
)
_HCL = (b"resource ", b"terraform ", b"provider ", b"variable ", b"module ", b"data ", b"output ", b"locals ")


def explain(data: bytes, error: object) -> Kind:
    """(what, fix) for `data` (UTF-8) that a JSON parser refused with `error`.

    Of `error` are used, where it has them, `pos` (in `doc`, else in `data`), `msg`, `lineno` and `colno`.
    """
    head, tail = data[:NEAR].lstrip(), data[-NEAR:].rstrip()
    first = head.split(b"\n", 1)[0]
    if first.startswith(b"{") and b'"@level"' in first and b'"@message"' in first:
        return EVENTS
    if _wrapped(head) or _wrapped(tail):
        return _WRAPPER
    if head[:1] in {b"{", b"["}:
        return _broken(data, head, tail, error)
    return _other_text(head)


def _wrapped(text: bytes) -> bool:
    """Whether a line is one of the wrapper's; lines of a JSON document begin with a blank or a bracket."""
    return any(line.startswith(_WRAPPER_MARKS) for line in text.splitlines())


def _around(data: bytes, error: object) -> tuple[bytes, bytes, bool]:
    """(256 characters before the error, 256 from it on, whether only blanks follow it)."""
    position = getattr(error, "pos", None)
    doc: object = getattr(error, "doc", data)
    if type(position) is not int or position < 0 or not isinstance(doc, str | bytes):
        return b"", b"", False
    before, after = doc[max(0, position - 256) : position], doc[position : position + 256]
    if isinstance(before, str):
        before = before.encode("utf-8", "replace")
    if isinstance(after, str):
        after = after.encode("utf-8", "replace")
    ends = position >= len(doc) or (position + 256 >= len(doc) and not after.strip())
    return before.rstrip(), after.lstrip(), ends


def _broken(data: bytes, head: bytes, tail: bytes, error: object) -> Kind:
    """A text that begins as JSON does."""
    message = str(getattr(error, "msg", ""))
    before, after, ends = _around(data, error)
    if head[1:].lstrip()[:1] == b"'" or after.startswith((b"None", b"True", b"False")):
        return "a Python value, not JSON", "write it with json.dumps(), or " + SHOW
    if message.startswith("Extra data"):
        return _extra(after)
    if ends or not tail.endswith((b"}", b"]")):
        return "a document that ends early: it is cut", _CUT
    at = _place(error)
    if after.startswith((b"//", b"/*", b"#")):
        return f"not JSON: a comment{at}", SHOW
    if (before.endswith(b",") and after[:1] in {b"}", b"]"}) or after[:1] == b",":
        return f"not JSON: a comma too many{at}", SHOW
    if message.startswith("Invalid control"):
        return f"not JSON: a raw control character (line break, tab, escape) inside a string{at}", _DIRECT
    if message.startswith(("Invalid \\", "Unterminated")):
        return (
            f"not JSON: {'a backslash' if 'Invalid' in message else 'a string'} that is not right{at}",
            _DIRECT,
        )
    if before[-1:] in {b"{", b","} and (after[:1].isalpha() or after[:1] in {b"_", b"$", b"'"}):
        return f"not JSON: a key without quotation marks{at}", SHOW
    return f"not JSON{at}", SHOW


def _extra(after: bytes) -> Kind:
    """A whole value, then `after`."""
    if after[:1] in {b"{", b"["}:
        fix = "give one plan a file, or one a line in a file named .jsonl (or with --lines)"
        return "more than one document in the file", fix
    if not after.strip(b"\0"):
        return "zero bytes after the document", _CUT
    return "text after the end of the document, so not JSON", _STDOUT


def _other_text(head: bytes) -> Kind:
    """A text that does not begin as JSON does."""
    lower = head.lower()
    if any(line.startswith((b'{"', b"{ ")) or line.rstrip() == b"{" for line in head.splitlines()):
        return "text before the document, so not JSON", _STDOUT
    for starts, what, fix in _STARTS:
        if lower.startswith(starts):
            return what, fix
    if any(mark in lower for mark in _HUMAN):
        return "the text of `terraform plan` for people, not its JSON", (
            f"write a plan file with `terraform plan -out=PLANFILE`, then {SHOW}"
        )
    first = lower.split(b"\n", 1)[0]
    if lower.startswith(_HCL) and b"{" in first:
        return "Terraform source (HCL), not a plan", f"run `terraform plan -out=PLANFILE`, then {SHOW}"
    if b"\0" in head or sum(byte < 9 for byte in head) > len(head) // 50:
        return "binary data, not JSON", SHOW
    key, colon, _ = first.partition(b":")
    if first.startswith(b"- ") or (colon and key.strip(b"\"'").replace(b"_", b"").replace(b"-", b"").isalnum()):
        return "YAML or another text of `key: value` lines, not JSON", SHOW
    return "not JSON: it does not begin with `{`", SHOW


def _place(error: object) -> str:
    line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
    return f" at line {line}, column {column}" if type(line) is int and type(column) is int else ""
