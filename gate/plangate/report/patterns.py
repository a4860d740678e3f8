"""The second net: what has the shape of a credential, whether or not a plan marks it.

For texts that policies, providers and exceptions wrote. Each shape has a plain string that must occur
first, so that `re` is imported and run only for texts that may hold one. All expressions run in linear
time: whatever follows a repetition is outside of its class, or starts are bound to a word's start.
"""

from __future__ import annotations

from plangate.report.names import secret_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Match, Pattern

MARKER = "(redacted)"
_KEEP = ("(redacted)", "(sensitive)")

# (strings of which one must occur, expression; group 1 is kept, the rest becomes the marker)
_SHAPES = (
    # Access key ids of AWS: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    (("AKIA", "ASIA"), r"()(?<![A-Za-z0-9])A[KS]IA[A-Z0-9]{12,}"),
    (("eyJ",), r"()(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?"),
    (("://",), r"(://[^\s/:@?#]*:)[^\s/]+(?=@)"),
    (("xox", "xapp-"), r"()\b(?:xox[a-z]|xapp)-[A-Za-z0-9-]{8,}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"()\bgh[pousr]_[A-Za-z0-9]{16,}"),
    (("github_pat_", "glpat-"), r"()\b(?:github_pat_|glpat-)[A-Za-z0-9_-]{16,}"),
    (
        ("sk_live_", "rk_live_", "AIza", "npm_", "hvs.", "dop_v1_"),
        r"()\b(?:[sr]k_live_|AIza|npm_|hvs\.|dop_v1_)[A-Za-z0-9_-]{16,}",
    ),
    (
        ("hooks.slack.com", ".webhook.office.com", "/api/webhooks/", "/workflows/"),
        r"((?:hooks\.slack\.com|\.webhook\.office\.com|/api/webhooks|/workflows)/)[^\s\"'<>()]{8,}",
    ),
)
# NAME=value of environments, connection strings and queries; only names of secrets lose their value.
_ASSIGNMENT = r"(?<![A-Za-z0-9_.-])([A-Za-z][A-Za-z0-9_.-]{1,80})(=[\"']?)([^\s\"'&;,()]{6,})"
_SIGNATURES = ("sig", "signature", "x-amz-signature", "x-amz-security-token", "x-goog-signature")

_compiled: dict[str, Pattern[str]] = {}


def _pattern(expression: str) -> Pattern[str]:
    if expression not in _compiled:
        import re

        _compiled[expression] = re.compile(expression)
    return _compiled[expression]


def _keys(text: str) -> str:
    """Without the private keys in PEM; one that is cut off hides the rest of the text."""
    begin = "-----BEGIN "
    out: list[str] = []
    done = look = 0
    while (start := text.find(begin, look)) >= 0:
        look = start + len(begin)
        label = text[look : look + 64].partition("-----")[0]
        if "PRIVATE KEY" in label:
            out += (text[done:start], MARKER)
            foot = f"-----END {label}-----"
            end = text.find(foot, look)
            if end < 0:
                return "".join(out)
            done = look = end + len(foot)
    return "".join(out) + text[done:]


def _assignment(match: Match[str]) -> str:
    name, mark, value = match.group(1, 2, 3)
    if value in _KEEP or not (secret_name(name) or name.lower() in _SIGNATURES):
        return match.group(0)
    return f"{name}{mark}{MARKER}"


def _shape(match: Match[str]) -> str:
    kept: str = match.group(1)
    if match.group(0)[len(kept) :] in _KEEP:
        return match.group(0)
    return kept + MARKER


def redact_patterns(text: str) -> str:
    """The text with every credential-shaped part replaced by `(redacted)`."""
    if "-----BEGIN " in text:
        text = _keys(text)
    for hints, expression in _SHAPES:
        for hint in hints:
            if hint in text:
                text = _pattern(expression).sub(_shape, text)
                break
    if "=" in text:
        text = _pattern(_ASSIGNMENT).sub(_assignment, text)
    return text
