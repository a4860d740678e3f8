"""What happens to the managed resources of a plan, counted once for all policies that ask."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plangate import Change, Plan


class Census:
    """The managed resources by what happens to them; deposed objects are left out.

    `replaced` are those whose old object is deleted, `forgotten` those that are dropped, by a replace too;
    `listed` how many there are before, as far as the plan lists them (a targeted one does not list all).
    """

    __slots__ = ("_plan", "created", "deleted", "forgotten", "listed", "replaced", "updated")

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.created: list[Change] = []
        self.deleted: list[Change] = []
        self.forgotten: list[Change] = []
        self.replaced: list[Change] = []
        self.updated: list[Change] = []
        self.listed = 0
        for change in plan.changes:
            if change.mode != "managed" or change.deposed is not None:
                continue
            self.listed += 1
            action = change.action
            if action == "no-op":
                continue
            if action == "create":
                self.created.append(change)
                self.listed -= 1
            elif action == "update":
                self.updated.append(change)
            elif action == "delete":
                self.deleted.append(change)
            elif change.is_destructive:
                self.replaced.append(change)
            elif action in ("forget", "replace"):
                self.forgotten.append(change)

    @property
    def destroyed(self) -> list[Change]:
        return self.deleted + self.replaced

    def existing(self) -> int:
        """How many managed resources there are before: by the plan, or by the state where that has more."""
        return max(self.listed, self._plan.state_size)


def census(plan: Plan) -> Census:
    """The census of a plan, made once."""
    found: Census | None = plan.memo.get("destructive/census")
    if found is None:
        found = plan.memo["destructive/census"] = Census(plan)
    return found
