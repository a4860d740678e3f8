"""Where the step keeps its files, and what it takes from the runner: Terraform, the trusted commit, Checkov's cache."""

from __future__ import annotations

import json
import os

from plangate.cli.options import FORMATS
from plangate.context.run import facts
from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from plangate.cli.streams import Streams

    from .inputs import Inputs

# Output = what is always written, and under which name.
WRITTEN = {
    "report": ("json", "report.json"),
    "markdown": ("markdown", "report.md"),
    "html": ("html", "report.html"),
    "sarif": ("sarif", "plangate.sarif"),
}
# Folder and program behind the wrappers of hashicorp/setup-terraform and opentofu/setup-opentofu.
_WRAPPED = (("TERRAFORM_CLI_PATH", "terraform-bin"), ("TOFU_CLI_PATH", "tofu-bin"))
_MOST = 512 << 20  # bytes of a report of ours


class Files:
    """The step's own files below RUNNER_TEMP: one of each format, or a folder of each for several plans."""

    def __init__(self, folder: str, *, several: bool) -> None:
        self.folder, self.several = folder, several
        self.paths: dict[str, str] = {}
        for output, (format, name) in WRITTEN.items():
            self.paths[output] = os.path.join(folder, format) if several else os.path.join(folder, name)
            if several:
                os.makedirs(self.paths[output], exist_ok=True)

    def formats(self, wanted: list[str], *, annotations: str) -> list[str]:
        """The values of --format: our files, the log's text, and what the user wants besides. Raises UsageError."""
        found = ["text"] + (["github"] if annotations == "true" else [])
        for output, (format, name) in WRITTEN.items():
            stem, _, end = name.rpartition(".")
            path = os.path.join(self.paths[output], f"{stem}-{{n}}.{end}") if self.several else self.paths[output]
            found.append(f"{format}={path}")
        for line in wanted:
            name, equals, file = line.partition("=")
            if name not in FORMATS:
                from plangate.decide.words import hint

                raise UsageError(
                    f"there is no format {name[:40]!a}", where="format", fix=hint(name, FORMATS, "formats")
                )
            if not equals or not file:
                raise UsageError(f"{name} needs a file", where="format", fix=f"write {name}=FILE")
            if not any(line.startswith(f"{format}={file}") for format in found):
                found.append(line)
        return found

    def expected(self, given: str) -> str:
        """The file for `merge --expect`: `given` itself, or one that holds it where it is JSON."""
        if not given.startswith(("[", "{")):
            return given
        path = os.path.join(self.folder, "expect.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(given)
        return path

    def reports(self) -> list[dict[str, Any]]:
        """The JSON reports that were written."""
        path = self.paths["report"]
        names = sorted(os.listdir(path), key=lambda n: (len(n), n)) if self.several else ["."]
        found: list[dict[str, Any]] = []
        for name in names:
            try:
                with open(os.path.normpath(os.path.join(path, name)), "rb") as file:
                    read = json.loads(file.read(_MOST))
            except (OSError, ValueError):
                continue
            found += read if isinstance(read, list) else [read]
        return found


class Own:
    """What `check` is given besides the inputs that are its options."""

    def __init__(self, inputs: Inputs, environ: Mapping[str, str], streams: Streams) -> None:
        self.inputs, self.environ, self.streams = inputs, environ, streams
        cache = inputs.text("checkov-cache")
        if cache and inputs.text("checkov") != "off":
            streams.environ["LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME"] = os.path.abspath(cache)

    def options(self) -> list[str]:
        """Words of the command line. Raises UsageError."""
        return [*self._terraform(), *self._trusted(), *self._notify()]

    def _terraform(self) -> list[str]:
        """The program itself: the wrappers of the set-up actions print lines of their own around the JSON."""
        named = self.inputs.text("terraform")
        for variable, program in _WRAPPED:
            folder = self.environ.get(variable)
            if folder and named in ("", variable.partition("_")[0].lower()):
                path = os.path.join(folder, program + (".exe" if os.name == "nt" else ""))
                if os.path.isfile(path):
                    return [f"--terraform={path}"]
        return [f"--terraform={named}"] if named else []

    def _trusted(self) -> list[str]:
        given = self.inputs.text("trusted-ref") or "auto"
        if given in ("none", "off", "false"):
            return []
        if given != "auto":
            return [f"--trusted-ref={given}"]
        from .base import base

        commit = base(self.environ, facts(self.environ, os.getcwd()))
        if commit is None:
            return []
        from .base import credentials

        self.streams.environ.update(credentials(self.environ, os.getcwd()))
        return [f"--trusted-ref={commit}"]

    def _notify(self) -> list[str]:
        """Commenting is no part of it: a channel that settings name is told, or one that stands in the environment."""
        wanted = self.inputs.choice("notify", ("auto", "true", "false"))
        if wanted == "auto":
            return []
        return ["--notify"] if wanted == "true" else ["--no-notify"]
