"""What `doctor` finds about notifiers: modules, secrets, routes, what can be remembered; and the test message."""

from __future__ import annotations

import time

from plangate.decide.settings_notify import Notify
from plangate.errors import UsageError
from plangate.http import DeliveryError
from plangate.notify.build import judged
from plangate.notify.compose import Telling, channel_for
from plangate.notify.deliver import deliver
from plangate.notify.secrets import fetch
from plangate.report.build import skeleton

from .context import context
from .doctor import Found
from .tell import notifiers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plangate.decide.settings import Settings
    from plangate.notify.api import Channel
    from plangate.notify.entries import Notifier

    from .doctor import Patient


def check(patient: Patient) -> Iterator[Found]:
    """Everything about notifiers; with --send each is sent a test message."""
    settings = patient.settings
    if settings is None:
        return
    environ = patient.streams.environ
    try:
        found = notifiers(settings, environ)
    except UsageError as error:
        yield Found("missing", error.line())
        return
    own = settings.notify or Notify()
    if not found:
        fix = "name one in plangate.toml, or set the variable of one"
        yield Found("missing" if patient.options["send"] else "note", "notifiers: nobody is told", fix)
        return
    if own.report_url is None:
        yield Found("note", "notify: messages have no link to the report", "write report_url under [notify]")
    ready = []
    for notifier in found:
        troubles = list(_troubles(notifier, settings, own, environ))
        yield from troubles
        if all(trouble.level != "missing" for trouble in troubles):
            ready.append(notifier)
            if not patient.options["send"]:
                yield Found(
                    "ok", f"{notifier.name}: kind {notifier.kind}", "plangate doctor --send sends a test message"
                )
    if patient.options["send"]:
        yield from _sent(ready, own, patient)


def _troubles(notifier: Notifier, settings: Settings, own: Notify, environ: dict[str, str]) -> Iterator[Found]:
    name = notifier.name
    if notifier.broken:
        yield Found("missing", f"{name}: the notifier does not load: {notifier.broken}", "look at its package")
        return
    fetched = set()
    for key, reference in notifier.references.items():
        if not reference.folder and not environ.get(reference.name):
            continue
        try:
            fetch(reference, environ)
            fetched.add(key)
        except DeliveryError as error:
            yield Found("missing", f"{name}: {key}: {error.said}", error.fix)
    written = {key for key, reference in notifier.references.items() if reference.folder}
    named = getattr(notifier.module, "ENVIRONMENT", ())
    if named and not written and not any(all(environ.get(one, "").strip() for one in names) for names in named):
        wanted = " or ".join([" and ".join(names) for names in named])
        yield Found("missing", f"{name}: it has no endpoint", f"set {wanted}, or write it as env:, file: or ssm:")
    if own.notifiers and own.routes and not any(name in route.notifiers for route in own.routes):
        yield Found("missing", f"{name}: no route names it, so it is told nothing", "add it to one of [[routes]]")
    if notifier.protected_only and not any(table.get("protected") for table in settings.environments.values()):
        said = f"{name}: it tells of protected environments only, and there is none"
        yield Found("missing", said, "write protected = true in one of [environments], or protected_only = false here")
    try:
        remembers = notifier.remembers(_channel(notifier, environ))
    except DeliveryError as error:
        yield Found("missing", f"{name}: {error.said}", error.fix)
        return
    if not remembers:
        said = f"{name}: its channel does not tell what was said last, so `recovered` and updating are off"
        yield Found("note", said, "give the report of the last run: --previous REPORT")


def _channel(notifier: Notifier, environ: dict[str, str]) -> Channel:
    telling = Telling({}, [], Notify(), environ, lambda _, __: "", {})
    return channel_for(telling, notifier, time.monotonic())


def _sent(found: list[Notifier], own: Notify, patient: Patient) -> Iterator[Found]:
    """A test message to each, past routes and notify_on."""
    run = context(patient.streams.environ, patient.cwd, time.time())
    report = {**skeleton(run, {"path": "(test)"}, None), "verdict": "pass", "exit_code": 0}
    plain = Notify()
    plain.language, plain.seconds = own.language, own.seconds
    telling = Telling(run, judged([report], {}), plain, patient.streams.environ, lambda _, __: "", {})
    telling.test = True
    for notifier in found:
        notifier.notify_on, notifier.protected_only = ("always",), False
    for result in deliver(telling, found, float(own.seconds)):
        if result.status == "sent":
            yield Found(
                "ok", f"{result.notifier}: a test message was sent" + (f" ({result.note})" if result.note else "")
            )
        elif result.status == "skipped":
            yield Found(
                "note", f"{result.notifier}: no test message was sent" + (f": {result.note}" if result.note else "")
            )
        else:
            yield Found("missing", f"{result.notifier}: {result.error}", result.fix)
