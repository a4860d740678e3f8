"""Waivers: what is excepted, why, by whom and until when.

A waiver that is malformed or past its date covers nothing, and the run says so: an exception nobody
answers for any more must not keep a finding quiet, and a finding that returns must explain itself.
"""

from __future__ import annotations

from plangate.decide.toml_write import quoted, writable
from plangate.globs import escape, match_address, match_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# The address of a finding on the plan as a whole; no resource can be called so.
WHOLE_PLAN = "(plan)"

_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Waiver:
    """One exception: a glob over policy ids, a glob over addresses, and who answers for it until when.

    `expires` is the last day it holds, YYYY-MM-DD in UTC; `environment` a glob over names or None for
    all; `source` the file and line it stands in.
    """

    __slots__ = ("address", "environment", "expires", "owner", "policy", "reason", "source", "ticket")

    def __init__(
        self,
        policy: str,
        address: str,
        reason: str,
        owner: str,
        expires: str,
        *,
        environment: str | None = None,
        ticket: str | None = None,
        source: str = "",
    ) -> None:
        self.policy, self.address, self.reason, self.owner = policy, address, reason, owner
        self.expires, self.environment, self.ticket, self.source = expires, environment, ticket, source


def problem(waiver: Waiver, today: str) -> str | None:
    """Why the waiver covers nothing on `today` (YYYY-MM-DD, UTC), as a line to show; None when it holds."""
    for name in ("policy", "address", "reason", "owner"):
        if not getattr(waiver, name).strip():
            return f"{waiver.source}: this waiver covers nothing: {name} is blank"
    if not is_date(waiver.expires):
        return f"{waiver.source}: this waiver covers nothing: expires is not a date (YYYY-MM-DD)"
    if not is_date(today) or today > waiver.expires:
        what = f"{quoted(waiver.policy)} on {quoted(waiver.address)}"
        return f"{waiver.source}: this waiver of {what} covers nothing: it expired after {waiver.expires}"
    return None


def usable(waiver: Waiver, today: str) -> bool:
    """Whether the waiver holds on `today` (YYYY-MM-DD, UTC)."""
    return problem(waiver, today) is None


def cover(
    waivers: Iterable[Waiver], policy_id: str, address: str | None, environment: str | None, today: str
) -> Waiver | None:
    """The first usable waiver of this finding; without an `address` it is on the WHOLE_PLAN.

    A waiver for an environment holds in no run without one.
    """
    for waiver in waivers:
        if (
            match_id(waiver.policy, policy_id)
            and match_address(waiver.address, address or WHOLE_PLAN)
            and (waiver.environment is None or _here(waiver.environment, environment))
            and usable(waiver, today)
        ):
            return waiver
    return None


def paste(policy_id: str, address: str | None, today: str) -> str:
    """The entry that waives exactly this finding for a month from `today`, to paste into `plangate.toml`.

    Lines of printable ASCII without one at the end; reason and owner are for the reader to fill in.
    """
    if not writable(policy_id + (address or "")):
        return "# no waiver can name this address: it holds text that TOML cannot write"
    return "\n".join(
        (
            "[[waiver]]",
            f"policy = {quoted(escape(policy_id))}",
            f"address = {quoted(escape(address or WHOLE_PLAN))}",
            'reason = "say why this is acceptable"',
            'owner = "who answers for it"',
            f"expires = {_month_later(today)}",
        )
    )


def is_date(text: str) -> bool:
    """Whether `text` is a day of the calendar, written YYYY-MM-DD."""
    if len(text) != 10 or not text.isascii() or text[4] != "-" or text[7] != "-":
        return False
    digits = text[:4] + text[5:7] + text[8:]
    if not digits.isdigit():
        return False
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= _days(year, month)


def _here(glob: str, environment: str | None) -> bool:
    return environment is not None and match_id(glob, environment)


def _days(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _MONTHS[month - 1]


def _month_later(today: str) -> str:
    year, month, day = int(today[:4]), int(today[5:7]), int(today[8:])
    year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return f"{year:04}-{month:02}-{min(day, _days(year, month)):02}"
