"""The notifiers of a run: those the settings name, checked against what their kinds take, else those whose endpoint
or token stands in the environment."""

from __future__ import annotations

from plangate.decide.settings_notify import NOTIFY_ON, NotifierEntry
from plangate.decide.toml_file import short
from plangate.decide.words import hint
from plangate.errors import UsageError

from . import templates
from .secrets import Reference, parse
from .texts import languages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from plangate.decide.settings_notify import Notify

    from .api import Channel, Setting
    from .message import Message

_COMMON = (
    "kind", "notify_on", "required", "header", "footer", "mentions", "language", "private", "protected_only",
)  # fmt: skip
_KINDS = {"text": (str, "a string"), "secret": (str, "a string"), "flag": (bool, "true or false"),
          "number": (int, "a whole number"), "texts": (list, "a list of strings")}  # fmt: skip


class Notifier:
    """One notifier that may be told: its module (None where that does not load: `broken` says why), its settings with
    defaults, where its secrets stand, and what holds for every kind. `unset`: notify_on was not written."""

    __slots__ = (
        "broken", "footer", "header", "kind", "language", "mentions", "module", "name", "notify_on", "origin",
        "private", "protected_only", "references", "required", "settings", "unset",
    )  # fmt: skip

    def __init__(self, name: str, kind: str, module: Any, origin: str) -> None:
        self.name, self.kind, self.module, self.origin = name, kind, module, origin
        self.broken: str | None = None
        self.notify_on: tuple[str, ...] = tuple(getattr(module, "NOTIFY_ON", None) or ("changes",))
        self.unset = True
        self.required = self.private = False
        self.protected_only = bool(getattr(module, "PAGES", False))
        self.header: str | None = None
        self.footer: str | None = None
        self.mentions: tuple[str, ...] = ()
        self.language: str | None = None
        self.settings: dict[str, Any] = {}
        self.references: dict[str, Reference] = {}

    @property
    def updates(self) -> bool:
        """Whether a later message takes the place of an earlier one."""
        return bool(getattr(self.module, "UPDATES", False))

    @property
    def recalls(self) -> bool:
        """Whether channels of this kind know what they told last."""
        return hasattr(self.module, "recall")

    def replaces(self, message: Message, channel: Channel) -> bool:
        """Whether this message takes the place of the one that `channel.remembered` names."""
        ask = getattr(self.module, "updates", None)
        return self.updates and (ask is None or bool(ask(message, channel)))

    def remembers(self, channel: Channel) -> bool:
        """Whether this channel, with what it is given, knows what it told last. Raises DeliveryError."""
        ask = getattr(self.module, "remembers", None)
        return self.recalls and (ask is None or bool(ask(channel)))


def configured(
    own: Notify, kinds: Iterable[str], load: Callable[[str], Any], environ: Mapping[str, str]
) -> list[Notifier]:
    """Every [notifiers.NAME]. Raises UsageError with file and line for what is wrong with one.

    `load` gives the module of a kind, or raises ImportError with the reason."""
    for key in ("report_url", "decide_url"):
        _check_template(getattr(own, key), own.origins.get(key, ""), key, link=True)
    _check_language(own.language, own.origins.get("language", ""))
    return [_configured(entry, list(kinds), load, environ) for entry in own.notifiers.values()]


def from_environment(
    kinds: Iterable[str], load: Callable[[str], Any], environ: Mapping[str, str], everything: bool = False
) -> list[Notifier]:
    """A notifier of every kind that works by its variables alone; of every kind with `everything`."""
    found = []
    for kind in kinds:
        try:
            module = load(kind)
        except ImportError:
            continue
        named = getattr(module, "ENVIRONMENT", ())
        if everything or any(all(environ.get(name, "").strip() for name in names) for names in named):
            notifier = Notifier(kind, kind, module, "environment")
            _defaults(notifier, environ)
            found.append(notifier)
    return found


def _configured(
    entry: NotifierEntry, kinds: list[str], load: Callable[[str], Any], environ: Mapping[str, str]
) -> Notifier:
    kind = str(entry.values.get("kind", entry.name))
    if kind not in kinds:
        fix = hint(kind, kinds, "kinds")
        raise UsageError(f"there is no kind of notifier {short(kind)}", where=entry.where("kind"), fix=fix)
    try:
        notifier = Notifier(entry.name, kind, load(kind), entry.where())
    except ImportError as error:
        notifier = Notifier(entry.name, kind, None, entry.where())
        notifier.broken = str(error)
        _common(notifier, entry)
        return notifier
    _defaults(notifier, environ)
    table: dict[str, Setting] = getattr(notifier.module, "SETTINGS", {})
    for key, value in entry.values.items():
        if key in _COMMON:
            continue
        if key not in table:
            fix = hint(key, [*table, *_COMMON], f"keys of {kind}")
            raise UsageError(f"unknown key {short(key)} for a notifier of kind {kind}", where=entry.where(key), fix=fix)
        _take(notifier, entry, key, table[key], value, environ)
    _common(notifier, entry)
    return notifier


def _defaults(notifier: Notifier, environ: Mapping[str, str]) -> None:
    for key, setting in getattr(notifier.module, "SETTINGS", {}).items():
        default = setting.default
        if setting.kind == "secret":
            if isinstance(default, str) and (reference := parse(default, "")):
                notifier.references[key] = reference
            continue
        if isinstance(default, str) and default.startswith("env:"):
            default = environ.get(default[4:]) or None
        if setting.kind == "texts":
            default = _split(default)
        notifier.settings[key] = default


def _split(value: object) -> tuple[str, ...]:
    """A list as variables hold it: parted by commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _take(
    notifier: Notifier, entry: NotifierEntry, key: str, setting: Setting, value: Any, environ: Mapping[str, str]
) -> None:
    where = entry.where(key)
    type_, words = _KINDS[setting.kind]
    wrong = not isinstance(value, type_) or (type_ is int and isinstance(value, bool))
    if isinstance(value, list) and not all(isinstance(part, str) for part in value):
        wrong = True
    if setting.kind == "texts" and isinstance(value, str) and value.startswith("env:"):
        wrong = False
    if wrong:
        raise UsageError(f"{key} must be {words}", where=where)
    if setting.kind == "secret":
        reference = parse(value, entry.folders[key])
        if reference is None:
            what = f"{key} must say where the secret stands, not hold it"
            raise UsageError(what, where=where, fix="write env:NAME, file:PATH or ssm:NAME")
        notifier.references[key] = reference
        return
    if isinstance(value, str) and value.startswith("env:"):
        value = environ.get(value[4:]) or None
    if isinstance(value, str) and setting.choices and value not in setting.choices:
        raise UsageError(f"{key} is {short(value)}", where=where, fix=hint(value, setting.choices, "it can be"))
    notifier.settings[key] = _split(value) if setting.kind == "texts" else value


def _common(notifier: Notifier, entry: NotifierEntry) -> None:
    """The keys that every kind has; their types were checked with the file."""
    values = entry.values
    if "notify_on" in values:
        notifier.notify_on = tuple(values["notify_on"])
        notifier.unset = False
        if not notifier.notify_on:
            fix = "leave it out, or name one of " + ", ".join(NOTIFY_ON)
            raise UsageError("notify_on is empty", where=entry.where("notify_on"), fix=fix)
    for key in ("required", "private", "protected_only", "header", "footer", "language"):
        if key in values:
            setattr(notifier, key, values[key])
    notifier.mentions = tuple(values.get("mentions", ()))
    for key in ("header", "footer"):
        _check_template(values.get(key), entry.where(key), key)
    _check_language(notifier.language, entry.where("language"))


def _check_template(template: str | None, where: str, key: str, link: bool = False) -> None:
    if template is None:
        return
    if link and not template.startswith(("https://", "http://", "env:")):
        raise UsageError(f"{key} is no URL", where=where, fix="write https://..., or env:NAME")
    name = templates.unknown(template)
    if name is not None:
        fix = hint(name, templates.PLACEHOLDERS, "placeholders")
        raise UsageError(f"{key} names the placeholder {short(name)}, and there is none", where=where, fix=fix)


def _check_language(language: str | None, where: str) -> None:
    if language is not None and language not in languages():
        fix = hint(language, languages(), "languages")
        raise UsageError(f"there are no texts in the language {short(language)}", where=where, fix=fix)
