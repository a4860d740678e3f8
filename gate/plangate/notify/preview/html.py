"""What the drawers share: escaping, links, and the hashes of every style that the page may have."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from plangate.render.html_words import allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    Attributes = list[tuple[str, str | None]]


def esc(text: str) -> str:
    """Text as text, in an element or in a quoted attribute."""
    return escape(text.encode("utf-8", "replace").decode(), quote=True)


def link(url: str, label: str, kind: str = "") -> str:
    """A link to an https page; any other address is only its label."""
    what = f' class="{kind}"' if kind else ""
    if not url.startswith("https://"):
        return f"<span{what}>{esc(label)}</span>"
    return f'<a{what} href="{esc(url)}" rel="noopener noreferrer">{esc(label)}</a>'


class Styles:
    """Hashes for the content policy: of style sheets, and of the style attributes of a mail."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[str, None] = {}

    def sheet(self, text: str) -> None:
        """Allow this text, of a style element or attribute."""
        self._found[allowed(text)] = None

    def of(self, html: str) -> None:
        """Allow every style of a document of ours."""
        reader = _Reader()
        reader.feed(html)
        reader.close()
        for text in reader.found:
            self.sheet(text)

    def sources(self) -> str:
        """The policy's list; attributes need `'unsafe-hashes'`, which allows nothing that has no hash."""
        return " ".join([*(["'unsafe-hashes'"] if len(self._found) > 1 else []), *self._found])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._inside = tag == "style"
        if self._inside:
            self.found.append("")
        self.found += [value for name, value in attrs if name == "style" and value]

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data
