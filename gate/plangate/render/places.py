"""Where a finding is pinned to: a relative path and lines, never an absolute path; and its address online."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Report = dict[str, Any]


def place(finding: Report, report: Report) -> tuple[str, int, int]:
    """(path with '/', first line, last line): the block that the finding is about; where that is not known, the first
    line of the plan it was found in, which is a fact as well."""
    location = finding.get("location") or {}
    path, line = location.get("file"), location.get("line")
    if path:
        first = line if type(line) is int and line > 0 else 1
        last = location.get("end_line")
        return relative(str(path)), first, last if type(last) is int and last >= first else first
    return relative(str((report.get("plan") or {}).get("path") or "plan.json")), 1, 1


def told(report: Report) -> list[Report]:
    """The report's findings but passes, and what could not be judged as findings, too: a reader of findings alone must
    not take a plan that nobody judged for a clean one."""
    findings = [f for f in report.get("findings") or () if f.get("outcome") != "pass"]
    broken = {f.get("policy") for f in findings if f.get("outcome") == "error"}
    errors = [e for e in report.get("errors") or () if e.get("policy") is None or e["policy"] not in broken]
    return [*[_unjudged(e) for e in errors], *findings]


UNJUDGED = "plangate/not-judged"


def _unjudged(error: Report) -> Report:
    from hashlib import sha256

    parts = [str(error.get(name) or "") for name in ("kind", "policy", "path")]
    said = [error["policy"]] if error.get("policy") else []
    said += [relative(error["path"])] if error.get("path") else []
    return {
        "policy": UNJUDGED,
        "title": "plangate could not judge this",
        "severity": "critical",
        "enforcement": "hard-mandatory",
        "outcome": "error",
        "status": "new",
        "stops": True,
        "message": ": ".join([*said, str(error.get("message") or "")]),
        "remediation": "Mend what it names and judge the plan again: until then nothing counts as passed.",
        "fingerprint": sha256("\0".join([UNJUDGED, *parts]).encode("utf-8", "surrogatepass")).hexdigest()[:32],
    }


def relative(path: str) -> str:
    """A path as it may be published: of an absolute one, or one that leaves its folder, only the name."""
    path = path.replace("\\", "/")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    outside = path.startswith("/") or ".." in parts or (parts and parts[0].endswith(":"))
    name = (parts[-1] if parts else "plan.json") if outside else "/".join(parts)
    return "plan.json" if name in ("<stdin>", "", "..") else name


def uri(path: str) -> str:
    """A relative path as a URI reference (RFC 3986): percent-encoded, and no scheme can be read into it."""
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogatepass"), safe="/")


def root_name(report: Report) -> str:
    """What tells this root from others of the same commit: environment, path and workspace, as far as known."""
    plan, settings = report.get("plan") or {}, report.get("settings") or {}
    path = relative(str(plan.get("path") or "plan.json"))
    words = [str(settings.get("environment") or ""), path, str(plan.get("workspace") or "")]
    return "/".join([word for word in words if word and word != "default"])


def repository(run: Report) -> str:
    """Where the files of the judged commit can be read: told by the job's own address, else nowhere ("")."""
    url, name, commit = (str(run.get(key) or "") for key in ("url", "repository", "commit"))
    if not (name and commit and url.startswith("https://") and f"/{name}/" in url):
        return ""
    base = url[: url.index(f"/{name}/") + len(name) + 1]
    return f"{base}/-/blob/{commit}" if f"{base}/-/" in url else f"{base}/blob/{commit}"


def shown(location: Report | None) -> str:
    """`main.tf:12`, or "" where no file is known."""
    if not location or not location.get("file"):
        return ""
    return f"{location['file']}:{location['line']}" if location.get("line") else str(location["file"])


def href(location: Report | None, base: str) -> str:
    """The address of these lines below `base` (see `repository`), percent-encoded; "" where either is not known."""
    if not base or not location or not location.get("file"):
        return ""
    from urllib.parse import quote

    line = location.get("line")
    path = quote(str(location["file"]).encode("utf-8", "surrogatepass"))
    return f"{base}/{path}" + (f"#L{line}" if type(line) is int else "")
