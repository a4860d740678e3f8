"""Whether Checkov judges beside our own policies: on every run one look at one file, and nothing more without it."""

from __future__ import annotations

from plangate.checkov.places import installed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate.checkov.absent import Absent
    from plangate.checkov.beside import Beside
    from plangate.decide.settings import Settings


def beside(settings: Settings, option: str | None, environ: dict[str, str]) -> Beside | Absent | None:
    """Checkov's part of a run, None when it is off."""
    mode = option or settings.checkov.mode
    if mode == "off":
        return None
    own = settings.checkov
    plain = mode == "auto" and not (own.skip or own.only or own.external_checks or own.python)
    if plain and not environ.get("PLANGATE_CHECKOV_PYTHON") and installed(environ) is None:
        from plangate.checkov.absent import Absent

        return Absent()
    from plangate.checkov.beside import Beside

    return Beside(settings, mode, environ)
