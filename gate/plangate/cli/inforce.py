"""What holds for a command: the settings with the options over them, and the policy files they name."""

from __future__ import annotations

import os

from plangate.decide.load import load
from plangate.decide.settings import Settings, override
from plangate.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .streams import Streams


def settings_for(options: Mapping[str, Any], streams: Streams, cwd: str, facts: Mapping[str, str | None]) -> Settings:
    """The settings of a run in `cwd`; `facts` (workspace, path, branch) choose the environment."""
    settings = load(
        cwd,
        config=options["config"],
        env_name=options["env"],
        require=options["require_config"],
        facts=facts,
        home=streams.environ.get("HOME"),
    )
    for name in ("fail_on", "scope"):
        if options.get(name):
            override(settings, name, options[name], f"--{name.replace('_', '-')}")
    for name in ("select", "ignore"):
        if options.get(name):
            override(settings, name, tuple(options[name]), f"--{name}")
    return settings


def policy_files(paths: Iterable[str]) -> list[str]:
    """The policy files that paths name, absolute, each once. Raises UsageError for a path that names none."""
    from plangate.policy.load import files_of

    files: list[str] = []
    for path in paths:
        try:
            listed = files_of(path)
        except FileNotFoundError:
            raise UsageError(
                "there is no policy file or folder here", where=path, fix="look at --policy and policies.paths"
            ) from None
        if not listed:
            raise UsageError(
                "this folder holds no policy (.py or .json)", where=path, fix="name another, or leave it out"
            )
        files += [os.path.abspath(f) for f in listed if os.path.abspath(f) not in files]
    return files
