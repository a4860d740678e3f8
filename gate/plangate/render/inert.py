"""Make any text harmless where a person or a CI runner reads it line by line.

Every string of a plan is hostile: it may move the cursor, hide or reorder what stands beside it,
look like another word, or be a command to the runner that prints it. `terminal` is the one place
where such a string becomes something to be shown:

    C0, DEL, C1                            \\xNN         (a newline is \\x0a: one record stays one line)
    U+2028, U+2029, lone surrogates        \\uXXXX
    bidi controls, zero-width, tags,
    unassigned, private, odd blanks        <U+XXXX>
    `::` at the start, `##[`, `##vso[`     \\x3a:, \\x23#[ (GitHub, Azure and TeamCity runner commands)

Nothing else changes, so names in any script stay readable.
"""

from __future__ import annotations

_OTHER = ((0x370, 0x52F), (0x1C80, 0x1C8F), (0x1F00, 0x1FFF), (0xA640, 0xA69F))  # Greek and Cyrillic

# Marks kept on one base: enough for Vietnamese and Hebrew, too few to paint over other lines.
MARKS = 4

# Default_Ignorable_Code_Point (Unicode DerivedCoreProperties) as far as the category does not tell,
# and U+2800, a letterless blank. Category Cf, Co, Cn, Cs, Cc, Zl and Zp are all hidden besides.
_IGNORABLE = (
    (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0000, 0xE0FFF),
)  # fmt: skip
_NO_URL = frozenset(' "<>\\^`{|}')  # what RFC 3986 has in no URL, of printable ASCII
_BLANKS = "\u00a0\u3000"  # blanks that are plainly seen, and usual in French and Japanese


def terminal(text: str, limit: int | None = None) -> str:
    """`text` on one line, inert. With `limit` at most that many cells, cut between graphemes and
    closed with ` ... (+N)`, N being the characters left out (just dots where that does not fit)."""
    if text.isascii() and text.isprintable() and "::" not in text and "##" not in text:
        return text if limit is None or len(text) <= limit else _cut_plain(text, limit)
    text = _defuse(text)
    units: list[tuple[int, str, int]] = []  # (where it starts in text, as shown, cells)
    used = 0
    for unit in _units(text):
        units.append(unit)
        used += unit[2]
        if limit is not None and used > limit:
            return _cut(text, units, used, limit)
    return "".join([shown for _, shown, _ in units])


def width(text: str) -> int:
    """The cells a terminal gives to `text`, which is inert already."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(_cells(ch, unicodedata.category(ch)) for ch in text)


def mixed_script(text: str) -> bool:
    r"""Does one word mix Latin letters with Cyrillic or Greek ones (`p\u0430ypal`)?"""
    if text.isascii():
        return False
    latin = other = False
    for ch in text:
        code = ord(ch)
        if 0x300 <= code <= 0x36F:  # a mark belongs to the word it stands in
            continue
        if not ch.isalpha():
            latin = other = False
        elif code < 0x250 or 0x1E00 <= code <= 0x1EFF:
            latin = latin or ch != "\u00b5"  # the micro sign belongs to every script
        elif any(low <= code <= high for low, high in _OTHER):
            other = True
        if latin and other:
            return True
    return False


def lookalikes(names: Iterable[str]) -> list[str]:
    """What to say of names that may be taken for others; each once."""
    mixed = [name for name in names if not name.isascii() and mixed_script(name)]
    return [f"{name} mixes Latin with Cyrillic or Greek letters" for name in dict.fromkeys(mixed)]


def _defuse(text: str) -> str:
    """Break what a CI runner would obey. GitHub: a line whose first non-blank is `::`, and `##[`
    anywhere (actions/runner, ActionCommand.cs); Azure `##vso[`, TeamCity `##teamcity[`."""
    if text.lstrip().startswith("::"):
        text = text.replace("::", "\\x3a:", 1)
    if "##" not in text:
        return text
    parts = text.split("##")
    out = parts[0]
    for part in parts[1:]:
        word = part[: part.find("[")] if "[" in part[:32] else "-"
        out += ("\\x23#" if word == "" or word.isalpha() else "##") + part
    # three and more signs in a row leave a pair behind: break that one too
    return out.replace("##[", "\\x23#[")


def _units(text: str) -> Iterator[tuple[int, str, int]]:
    """Graphemes, more or less: a base with its marks, or one escaped character."""
    import unicodedata

    category, before = unicodedata.category, ""
    start, shown, cells, marks, dropped = 0, "", 0, 0, 0
    for i, ch in enumerate(text):
        kind = "" if " " <= ch <= "~" else category(ch)
        if kind and _extends(ch, kind, before):
            marks += 1
            if marks > MARKS:
                dropped += 1
            elif before:
                shown += ch
                cells += _cells(ch, kind)
                before += ch
            else:  # a mark without a base would sit on text of ours
                shown += f"<U+{ord(ch):04X}>"
                cells = len(shown)
            continue
        if shown or dropped:
            yield _unit(start, shown, cells, dropped)
        start, dropped = i, 0
        shown = ch if not kind else _shown(ch, kind)
        if shown == ch:
            before, marks, cells = ch, 0, _cells(ch, kind) if kind else 1
        else:
            before, cells = "", len(shown)  # the count of marks goes on: hidden ones part no storm
    if shown or dropped:
        yield _unit(start, shown, cells, dropped)


def _unit(start: int, shown: str, cells: int, dropped: int) -> tuple[int, str, int]:
    note = f"<+{dropped} marks>" if dropped else ""
    return start, shown + note, cells + len(note)


def _extends(ch: str, kind: str, before: str) -> bool:
    """Does `ch` belong to the grapheme of `before`? Marks, conjoining jamo, skin tones, flags."""
    code = ord(ch)
    if kind[0] == "M":
        return not _ignorable(code)
    if 0x1161 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FB:
        return True
    if 0x1F3FB <= code <= 0x1F3FF:
        return before != ""
    return 0x1F1E6 <= code <= 0x1F1FF and len(before) == 1 and 0x1F1E6 <= ord(before) <= 0x1F1FF


def _shown(ch: str, kind: str) -> str:
    code = ord(ch)
    if kind == "Cc":
        return f"\\x{code:02x}"
    if kind in ("Cs", "Zl", "Zp"):
        return f"\\u{code:04x}"
    if kind in ("Cf", "Co", "Cn") or (kind == "Zs" and ch not in _BLANKS) or _ignorable(code):
        return f"<U+{code:04X}>"
    return ch


def _ignorable(code: int) -> bool:
    return any(low <= code <= high for low, high in _IGNORABLE)


def _cells(ch: str, kind: str) -> int:
    if kind in ("Mn", "Me") or 0x1161 <= ord(ch) <= 0x11FF or 0xD7B0 <= ord(ch) <= 0xD7FB:
        return 0
    import unicodedata

    return 2 if unicodedata.east_asian_width(ch) in "WF" else 1


def is_url_text(text: str) -> bool:
    """Whether every character may stand in a URL; what it leads to is another question."""
    return text.isascii() and text.isprintable() and _NO_URL.isdisjoint(text)


def _cut(text: str, units: list[tuple[int, str, int]], used: int, limit: int) -> str:
    """Drop units from the end until the sign that says so fits into `limit` cells."""
    sign = ""
    while units:
        start, _, cells = units.pop()
        used -= cells
        sign = f" ... (+{len(text) - start})"
        if used + len(sign) <= limit:
            return "".join([shown for _, shown, _ in units]) + sign
    return sign.strip() if len(sign) <= limit + 1 else "..."[: max(limit, 0)]


def _cut_plain(text: str, limit: int) -> str:
    """_cut of printable ASCII, where every character is a cell."""
    size = len(text)
    for kept in range(max(limit - 7, 0), -1, -1):  # 7: one less than the shortest sign
        sign = f" ... (+{size - kept})"
        if kept + len(sign) <= limit:
            return text[:kept] + sign
    sign = f" ... (+{size})"
    return sign.strip() if len(sign) <= limit + 1 else "..."[: max(limit, 0)]


TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
