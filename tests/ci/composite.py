"""A small runner of composite actions: each step one by one, as GitHub's runner starts it.

`run` steps are executed by bash; of the actions named by `uses` only a cache is played, on a folder. Expressions are
those that action.yml has: `inputs.x`, `steps.x.outputs.y`, `github.token`, `==`, `!=`, `&&` and texts. An unknown
input, step or output is an error, and so is an expression in `run`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCES = os.pathsep.join(str(ROOT / name) for name in ("gate", "policies", "notifiers"))
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


def program(folder: Path) -> Path:
    """What stands for the installed Python in tests: this one, with this checkout on its path."""
    path = folder / "python-of-tests"
    path.write_text(
        f'#!/bin/sh\n[ "$1" = -I ] || exit 9\nshift\nPYTHONPATH="{SOURCES}" exec "{sys.executable}" -P "$@"\n',
        encoding="utf-8",
    )
    path.chmod(0o755)
    return path


@dataclass
class Done:
    """What a run of the action left behind."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str
    ran: list[str] = field(default_factory=list)


class Composite:
    """action.yml, the inputs of one use of it, and the runner's folders below `work`."""

    def __init__(self, work: Path, *, event: dict[str, Any] | None = None, event_name: str = "push") -> None:
        self.work = work
        self.action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        self.temp, self.cache, self.workspace = work / "_temp", work / "_cache", work / "workspace"
        for folder in (self.temp, self.cache, self.workspace):
            folder.mkdir(parents=True, exist_ok=True)
        (work / "event.json").write_text(yaml.safe_dump({}) if event is None else _json(event), encoding="utf-8")
        self.event_name = event_name
        self.given: dict[str, dict[str, str]] = {}  # outputs of steps that are not run

    def run(self, inputs: dict[str, str], *, real_install: bool = False, **environ: str) -> Done:
        """Execute every step. Without `real_install` this interpreter stands for the installed one."""
        defaults = {name: str(entry.get("default") or "") for name, entry in self.action["inputs"].items()}
        assert set(inputs) <= set(defaults), sorted(set(inputs) - set(defaults))
        token = environ.pop("TOKEN", "")
        values = {**defaults, **inputs}
        values["github-token"] = inputs.get("github-token", token)
        steps: dict[str, dict[str, str]] = {}
        done = Done(0, "", {}, "")
        for step in self.action["runs"]["steps"]:
            name = step.get("id") or step.get("uses") or step["run"]
            steps.setdefault(step.get("id", ""), {})
            if "if" in step and not self._holds(step["if"], values, steps):
                continue
            done.ran.append(name)
            if "uses" in step:
                steps[step.get("id", "")] = self._cache(step, values, steps)
                continue
            if name == "install" and not real_install:
                steps["install"] = {"program": str(program(self.work))}
                continue
            code, outputs = self._step(step, values, steps, done, environ)
            steps[step.get("id", "")] = outputs
            if code != 0:
                done.code = code
                break
        for name, entry in self.action["outputs"].items():
            found = _EXPRESSION.fullmatch(entry["value"])
            assert found, entry
            done.outputs[name] = self._value(found[1], values, steps)
        return done

    def _step(
        self, step: dict[str, Any], values: dict[str, str], steps: dict[str, dict[str, str]], done: Done,
        environ: dict[str, str],
    ) -> tuple[int, dict[str, str]]:  # fmt: skip
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input would be a part of the script"
        files = {name: self.work / f"file-{len(done.ran)}-{name}" for name in ("output", "summary", "env", "path")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        own = {name: self._filled(str(text), values, steps) for name, text in (step.get("env") or {}).items()}
        env = {
            **{k: os.environ[k] for k in ("PATH", "HOME", "LANG", "TMPDIR") if k in os.environ},
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_REPOSITORY": "acme/infra",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": "a" * 40,
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_RUN_ID": "7",
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_WORKFLOW": "plan",
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(self.work / "event.json"),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            "RUNNER_TEMP": str(self.temp),
            **{f"GITHUB_{name}": str(path) for name, path in (("OUTPUT", files["output"]), ("ENV", files["env"]),
               ("PATH", files["path"]), ("STEP_SUMMARY", files["summary"]))},
            **environ,
            **own,
        }  # fmt: skip
        script = self.work / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        ended = subprocess.run(
            command, cwd=self.workspace, env=env, capture_output=True, encoding="utf-8", check=False, timeout=300
        )
        done.log += ended.stdout + ended.stderr
        done.summary += files["summary"].read_text(encoding="utf-8")
        assert not files["env"].read_text(encoding="utf-8"), "a step changed the environment of the job"
        assert not files["path"].read_text(encoding="utf-8"), "a step changed the PATH of the job"
        return ended.returncode, parsed(files["output"].read_text(encoding="utf-8"))

    def _cache(self, step: dict[str, Any], values: dict[str, str], steps: dict[str, dict[str, str]]) -> dict[str, str]:
        assert re.fullmatch(r"actions/cache/(restore|save)@[0-9a-f]{40}", step["uses"]), step["uses"]
        given = {name: self._filled(text, values, steps) for name, text in step["with"].items()}
        kept, folder = self.cache / given["key"], Path(given["path"])
        if "/restore@" in step["uses"]:
            if kept.is_dir():
                shutil.copytree(kept, folder, dirs_exist_ok=True)
            return {"cache-hit": str(kept.is_dir()).lower()}
        if folder.is_dir() and not kept.exists():
            shutil.copytree(folder, kept)
        return {}

    def _filled(self, text: str, values: dict[str, str], steps: dict[str, dict[str, str]]) -> str:
        return _EXPRESSION.sub(lambda found: self._value(found[1], values, steps), text)

    def _holds(self, condition: str, values: dict[str, str], steps: dict[str, dict[str, str]]) -> bool:
        for part in condition.split("&&"):
            found = re.fullmatch(r"\s*(\S+) (==|!=) '([^']*)'\s*", part)
            assert found, condition
            if (self._value(found[1], values, steps) == found[3]) != (found[2] == "=="):
                return False
        return True

    def _value(self, name: str, values: dict[str, str], steps: dict[str, dict[str, str]]) -> str:
        kind, _, rest = name.partition(".")
        if kind == "inputs":
            return values[rest]
        if name == "github.token":
            return values["github-token"]
        step, _, output = rest.partition(".outputs.")
        assert kind == "steps", name
        assert step in {entry.get("id") for entry in self.action["runs"]["steps"]}, name
        return steps.get(step, {}).get(output, "")


def parsed(text: str) -> dict[str, str]:
    """A file of GITHUB_OUTPUT as the runner reads it, plain lines only: a delimiter would be no work of ours."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        assert equals, line
        assert re.fullmatch(r"[a-z-]+", name), line
        assert name not in found, line
        found[name] = value
    return found


def _json(value: Any) -> str:
    import json

    return json.dumps(value)
