"""The options of every command that judges, once: click builds its commands from this table, and the quick reader
of cli.quick reads the plain case of it without click.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SEVERITIES = ("info", "low", "medium", "high", "critical", "none")
FORMATS = ("text", "json", "markdown", "html", "sarif", "junit", "github", "gitlab", "gitlab-terraform")


class Option:
    """One option: its names, `kind` flag | value | list, the metavar, allowed values and the help line."""

    __slots__ = ("choices", "help", "kind", "metavar", "name", "names")

    def __init__(self, names: str, kind: str, help: str, metavar: str = "", choices: tuple[str, ...] = ()) -> None:
        self.names = names.split("/")
        self.name = self.names[-1].lstrip("-").replace("-", "_")
        self.kind, self.help, self.metavar, self.choices = kind, help, metavar, choices


CONFIG = (
    Option("-c/--config", "value", "The settings file (default: the nearest plangate.toml).", "FILE"),
    Option("-e/--env", "value", "The environment by name (default: by the matches in the settings).", "NAME"),
    Option("--require-config", "flag", "Stop when no plangate.toml is found."),
)
RUN = (
    Option(
        "--run",
        "list",
        "A fact of the run: repository, commit, ref, pull_request, workspace, root, url, ...; repeatable.",
        "KEY=VALUE",
    ),
)
POLICIES = (
    Option("-p/--policy", "list", "A policy file (.py, .json) or a folder of them; repeatable.", "PATH"),
    Option("--select", "list", "Judge only by policies of this glob; repeatable.", "GLOB"),
    Option("--ignore", "list", "Leave out policies of this glob; repeatable.", "GLOB"),
)
CHECK = (
    *CONFIG,
    *POLICIES,
    Option("--fail-on", "value", "Stop at this severity and above (default: high).", "SEVERITY", SEVERITIES),
    Option(
        "--scope",
        "value",
        "What stops: what this plan touches, or all (default: changed).",
        "SCOPE",
        ("changed", "all"),
    ),
    Option(
        "--checkov",
        "value",
        "Checkov's checks too: when it is installed, always, or never (default: auto).",
        "MODE",
        ("auto", "required", "off"),
    ),
    Option("--allow-incomplete", "flag", "Judge a plan made with -target, or with deferred changes."),
    Option("--terraform", "value", "The terraform or tofu that turns a plan file into JSON.", "PATH"),
    Option("--chdir", "value", "The root module that a plan file belongs to.", "DIR"),
    Option("--source", "value", "The root module's folder, for file and line (default: the plan's own).", "DIR"),
    *RUN,
    Option("--trusted-ref", "value", "Take settings, waivers and policies from this commit, not the checkout.", "REF"),
    Option("--lines", "flag", "Every line is a plan (`terragrunt show --all -json`)."),
    Option("-f/--format", "list", f"One of {', '.join(FORMATS)}, to stdout or to FILE; repeatable.", "FORMAT[=FILE]"),
    Option("--notify", "flag", "Tell people (default: in CI, when the settings name a notifier)."),
    Option("--no-notify", "flag", "Tell nobody."),
    Option("--previous", "list", "The report of an earlier run: what was told then; repeatable.", "REPORT"),
    Option("--show-passes", "flag", "List what passed, too."),
    Option("--show-values", "flag", "Show what attributes were and will be; never a sensitive one."),
    Option("-q/--quiet", "flag", "Only errors."),
    Option("-v/--verbose", "flag", "Everything, with the waiver that each finding would need."),
    Option("--debug", "flag", "A traceback when plangate itself breaks; never values."),
)
_READING = ("allow_incomplete", "terraform", "chdir", "lines", "show_values", "verbose", "debug")
SUMMARY = (*CONFIG, *(option for option in CHECK if option.name in _READING))
RENDER = tuple(option for option in CHECK if option.name in ("format", "verbose", "debug"))
NOTIFY = (
    *CONFIG,
    *(option for option in CHECK if option.name in ("previous", "run", "trusted_ref")),
    Option("--only", "list", "Only this notifier; repeatable.", "NAME"),
    Option("--explain", "flag", "Say who would be told of what, and why; send nothing."),
    Option("--dry-run", "flag", "Print what would be sent, without addresses and tokens; send nothing."),
    Option("--plan-failed", "value", "There is no plan: tell what the step that makes it said.", "TEXT"),
    Option("--plan", "value", "The PLAN that --plan-failed is about, as check would be given it.", "PATH"),
    Option("-o/--output", "value", "Write the reports, with what became of the deliveries.", "FILE"),
    Option("--inbox", "value", "Take messages instead: a small inbox on this machine, kept in DIR.", "DIR"),
    *(option for option in CHECK if option.name == "debug"),
)
DOCTOR = (
    *CONFIG,
    *(option for option in CHECK if option.name in ("run", "trusted_ref")),
    Option("--send", "flag", "Send a test message to every notifier."),
)
MERGE = (
    Option("--expect", "value", "The roots that must report: JSON, TOML, or a root a line; - for stdin.", "FILE"),
    *RUN,
    *(option for option in CHECK if option.name in ("format", "quiet", "verbose", "debug")),
)
CONFIG_SHOW = (*CONFIG, *(option for option in CHECK if option.name in ("fail_on", "scope")))
_FORMAT = Option("-f/--format", "value", "text or json.", "FORMAT", ("text", "json"))
POLICIES_LIST = (*CONFIG, *POLICIES, _FORMAT)
POLICIES_SHOW = (*CONFIG, POLICIES[0], _FORMAT)
POLICIES_CAPTURE = (
    *CONFIG,
    *(option for option in CHECK if option.name in ("terraform", "chdir")),
    Option("-f/--format", "value", "json, or python: calls of plangate.testing.", "FORMAT", ("json", "python")),
    Option("-o/--output", "value", "Write the fixture to FILE, not to stdout.", "FILE"),
)
POLICIES_NEW = (Option("--dir", "value", "The folder of policies to write into (default: policies).", "DIR"),)
POLICIES_TEST = (*CONFIG, Option("-v/--verbose", "flag", "Name the examples that hold, too."))
_PYTHON = Option("--python", "value", "The Python of an environment with Checkov in it, instead of ours.", "PATH")
CHECKOV_INSTALL = (
    Option("--offline", "value", "Take the packages from a folder of wheels.", "DIR"),
    Option("--force", "flag", "Make it anew, also where it is there."),
)
CHECKOV_STATUS = (*CONFIG, _PYTHON)
CHECKOV_RUN = (*CONFIG, _PYTHON, *(o for o in CHECK if o.name in ("terraform", "chdir", "lines", "debug")))

# The commands that cli.quick may read: those that CI waits for.
BY_COMMAND: dict[str, tuple[Option, ...]] = {"check": CHECK}


def defaults(options: tuple[Option, ...]) -> dict[str, Any]:
    """The value of every option that is not given: False, None or ()."""
    empty: dict[str, Any] = {"flag": False, "value": None, "list": ()}
    return {option.name: empty[option.kind] for option in options}
