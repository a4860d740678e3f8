"""A small runner of buildspecs: the phases as CodeBuild runs them.

Version 0.2 runs all commands in one shell; a command that fails ends its phase, `finally` always runs; after a failed
install or pre_build nothing follows, after a failed build post_build still does, with CODEBUILD_BUILD_SUCCEEDING=0.
https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details.html#view-build-details-phases
"""

from __future__ import annotations

import glob
import os
import shlex
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_PHASES = ("install", "pre_build", "build", "post_build")


@dataclass
class Built:
    """What a build left behind: `artifacts` are paths below its base directory."""

    succeeded: bool
    log: str
    exported: dict[str, str] = field(default_factory=dict)
    artifacts: list[str] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)


def build(spec: Path, source: Path, *, skip: tuple[str, ...] = (), **environ: str) -> Built:
    """Run it in `source`; `skip` leaves out phases. Parameters of SSM are texts that nobody may see."""
    found: dict[str, Any] = yaml.safe_load(spec.read_text(encoding="utf-8"))
    assert found["version"] == 0.2
    env = found.get("env", {})
    secrets = {name: f"https://127.0.0.1:9/{place}" for name, place in env.get("parameter-store", {}).items()}
    exported = env.get("exported-variables", [])
    lines = ["ok=1; ended=0"]
    for phase in _PHASES:
        entry = found["phases"].get(phase)
        if entry is None or phase in skip:
            continue
        lines.append("export CODEBUILD_BUILD_SUCCEEDING=$ok; if [ $ended = 0 ]; then bad=0")
        lines += [f"[ $bad = 1 ] || eval {shlex.quote(command)} || bad=1" for command in entry.get("commands", [])]
        lines += [f"eval {shlex.quote(command)} || bad=1" for command in entry.get("finally", [])]
        stops = entry.get("on-failure") == "ABORT" or phase in ("install", "pre_build")
        lines.append(f"[ $bad = 0 ] || {{ ok=0; ended={int(stops)}; }}; fi")
    lines += [f'printf "%s" "${{{name}-}}" > {shlex.quote(str(source))}/.exported-{name}' for name in exported]
    lines.append("[ $ok = 1 ]")
    done = subprocess.run(
        ["sh", "-c", "\n".join(lines)],
        cwd=source,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
        env={
            **{k: os.environ[k] for k in ("PATH", "HOME", "TMPDIR", "LANG") if k in os.environ},
            "CI": "true",
            "CODEBUILD_BUILD_ID": "gate:11111111-2222-3333-4444-555555555555",
            "CODEBUILD_BUILD_URL": "https://eu-central-1.console.aws.amazon.com/codesuite/codebuild/build/gate",
            "CODEBUILD_INITIATOR": "codepipeline/infra",
            "CODEBUILD_SRC_DIR": str(source),
            **{name: str(value) for name, value in env.get("variables", {}).items()},
            **secrets,
            **environ,
        },
    )
    log = done.stdout + done.stderr
    assert not any(secret in log for secret in secrets.values())
    built = Built(done.returncode == 0, log)
    built.exported = {name: (source / f".exported-{name}").read_text(encoding="utf-8") for name in exported}
    base = source / found.get("artifacts", {}).get("base-directory", ".")
    for pattern in found.get("artifacts", {}).get("files", []):
        matched = [Path(path) for path in glob.glob(str(base / pattern), recursive=True)]
        built.artifacts += sorted(str(path.relative_to(base)) for path in matched if path.is_file())
    for report in found.get("reports", {}).values():
        built.reports += [source / report["base-directory"] / name for name in report["files"]]
    return built
