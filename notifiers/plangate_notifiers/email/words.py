"""What a mail says, as text and as HTML: verdict first, then what would be lost and is stopped, then the rest.

HTML has inline styles only, besides one block for the dark scheme; no picture, no request. Text of a plan is escaped,
and cut by <wbr> where a mail program would find an address in it.
"""

from __future__ import annotations

from html import escape

from plangate.notify.api import outline, unlinked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate.notify.api import Message

    Runs = list[tuple[str, str]]
    Pair = tuple[str, str]

_ROOM = 80_000  # bytes of rows in the HTML part, which Gmail clips at 102 KB
_BREAKS = str.maketrans({c: f"{c}\0" for c in "./:@["})
_COLOURS = {"pass": "#1a7f37", "fail": "#c9252d", "error": "#9a6700"}
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans','Noto Sans KR',sans-serif"
_MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'Noto Sans Mono',monospace;font-size:13px"
_DARK = (
    "@media (prefers-color-scheme:dark){"
    ".pg{background:#0d1117!important;color:#e6edf3!important}"
    ".pg .card{background:#161b22!important;border-color:#30363d!important;color:#e6edf3!important}"
    ".pg .quiet{color:#9198a1!important}.pg code{background:#262c36!important;color:#e6edf3!important}"
    ".pg li{border-color:#30363d!important}}"
)


def body(message: Message, *, attached: bool) -> Pair:
    """(text, HTML) of a mail."""
    found = outline.sections(message)
    outline.fill(found, _ROOM, _row, lambda row: len(row[1].encode("utf-8", "replace")) + 2, details=True)
    small = outline.small_print(message)
    if attached:
        small.append(message.texts.say("report.attached"))
    return _text(message, found, small), _html(message, found, small)


# -- rows: (text, HTML) ------------------------------------------------------------------------------------------


def _row(runs: Runs) -> Pair:
    plain = "".join([unlinked(text) if kind == "plan" else text for kind, text in runs])
    return f"  - {plain}", _item("".join([_run(kind, text) for kind, text in runs]))


def _run(kind: str, text: str) -> str:
    if kind == "plan":
        style = f"{_MONO};background:#eff1f3;border-radius:4px;padding:1px 4px;word-break:break-word"
        return f'<code style="{style}">{_inert(text)}</code>'
    return f"<b>{_inert(text)}</b>" if kind == "bold" else _inert(text)


def _item(inner: str) -> str:
    return f'<li style="margin:0;padding:7px 0;border-top:1px solid #d8dee4;list-style:none">{inner}</li>'


def _inert(text: str) -> str:
    """Text in HTML: escaped, and never an address in one piece. It may be broken where long names have a joint."""
    pieces = unlinked(text).translate(_BREAKS).split("\0")
    return "<wbr>".join([escape(piece) for piece in pieces])


# -- text --------------------------------------------------------------------------------------------------------


def _text(message: Message, found: list[outline.Section], small: list[str]) -> str:
    parts = [unlinked(message.header)] if message.header else []
    parts.append(f"{outline.verdict(message) if not message.test else 'plangate'} - {outline.why(message)}")
    if message.roots and not message.test:
        parts[-1] += f"\n{unlinked(outline.where(message))}"
        totals = outline.totals(message)
        parts[-1] += f"\n{totals}" if totals else ""
    parts += [f"{name}: {url}" for name, url in outline.links(message)]
    for section in found:
        rows = [row[0] for row in section.elements] + ([f"  - {left}"] if (left := section.left) else [])
        parts.append("\n".join([section.title, *rows]))
    if message.elsewhere:
        parts.append(message.texts.say("elsewhere", n=message.elsewhere))
    parts += [unlinked(message.footer)] if message.footer else []
    parts.append("-- \n" + "\n".join([unlinked(text) for text in small]))
    return "\n\n".join(parts) + "\n"


# -- HTML --------------------------------------------------------------------------------------------------------


def _html(message: Message, found: list[outline.Section], small: list[str]) -> str:
    colour = _COLOURS[message.verdict]
    parts = [_note(message.header)] if message.header else []
    parts.append(_top(message, colour))
    parts += [_section(section) for section in found]
    if message.elsewhere:
        parts.append(_note(message.texts.say("elsewhere", n=message.elsewhere)))
    parts += [_note(message.footer)] if message.footer else []
    quiet = "".join([f"{_inert(text)}<br>" for text in small])
    parts.append(f'<p class="quiet" style="font-size:12px;line-height:18px;color:#59636e;margin:16px 4px">{quiet}</p>')
    inner = "\n".join(parts)
    push = _inert(outline.push(message, 200))
    language = escape(message.texts.language)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{_inert(outline.verdict(message))}</title><style>{_DARK}</style></head>\n"
        f'<body class="pg" style="margin:0;padding:0;background:#f6f8fa;color:#1f2328;{_FONT};font-size:15px;'
        'line-height:22px"><div style="display:none;max-height:0;overflow:hidden">'
        f"{push}</div>\n"
        f'<div class="pg" style="max-width:640px;margin:0 auto;padding:12px">\n{inner}\n</div></body></html>\n'
    )


def _top(message: Message, colour: str) -> str:
    word = outline.verdict(message) if not message.test else "plangate"
    band = f"background:{colour};color:#ffffff;font-size:20px;line-height:26px;font-weight:700"
    lines = [
        f'<div style="{band};padding:10px 16px;border-radius:8px 8px 0 0">{_inert(word)}</div>',
        '<div style="padding:12px 16px">',
        f'<p style="margin:0 0 6px;font-weight:600">{_inert(outline.why(message))}</p>',
    ]
    if message.roots and not message.test:
        lines.append(f'<p style="margin:0 0 6px">{_run("plan", outline.where(message))}</p>')
        totals = outline.totals(message)
        lines += [f'<p class="quiet" style="margin:0;color:#59636e">{_inert(totals)}</p>'] if totals else []
    links = outline.links(message)
    if links:
        style = (
            "display:inline-block;margin:10px 8px 2px 0;padding:9px 18px;border-radius:6px;background:#0a58ca;"
            "color:#ffffff;text-decoration:none;font-weight:600"
        )
        buttons = [f'<a href="{escape(url)}" style="{style}">{_inert(name)}</a>' for name, url in links]
        lines.append(f"<div>{''.join(buttons)}</div>")
    return _card("".join([*lines, "</div>"]), "padding:0")


def _section(section: outline.Section) -> str:
    rows = [row[1] for row in section.elements]
    rows += [_item(f"<b>{_inert(left)}</b>")] if (left := section.left) else []
    title = f'<h2 style="font-size:15px;line-height:22px;margin:0 0 6px">{_inert(section.title)}</h2>'
    return _card(f'{title}<ul style="margin:0;padding:0">' + "\n".join(rows) + "</ul>", "padding:12px 16px")


def _card(inner: str, padding: str) -> str:
    style = f"background:#ffffff;border:1px solid #d1d9e0;border-radius:8px;margin:0 0 12px;{padding}"
    return f'<div class="card" style="{style}">{inner}</div>'


def _note(text: str) -> str:
    return f'<p style="margin:0 4px 12px">{"<br>".join([_inert(line) for line in text.splitlines()])}</p>'
