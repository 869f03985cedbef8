"""Has somebody other than the drafter approved what the case is now? Followed decision by decision.

The same rule serves the walk over every way (before a route is activated) and the running case (so that moving it to
another version, or a mistake elsewhere, cannot carry it past the approval).
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from workflows.routes.parts import DRAFTER, Decision, Step


@dataclass(frozen=True)
class Vouching:
    """`overtaken`: steps that were open when the case was sent back; what they approve is being mended already."""

    vouched: bool = False
    overtaken: frozenset[str] = frozenset()

    def after(self, step: Step, decision: Decision, still_open: AbstractSet[str]) -> "Vouching":
        """Count one decision. Sending back and the drafter's own work undo what was approved before."""
        overtaken = self.overtaken - {step.id}
        if decision is Decision.SEND_BACK or step.assignment.person == DRAFTER:
            return Vouching(vouched=False, overtaken=frozenset(still_open))
        counts = decision is Decision.APPROVE and step.assignment.not_drafter and step.id not in self.overtaken
        return Vouching(self.vouched or counts, overtaken)

    def without(self, step_id: str) -> "Vouching":
        """Take a step out that a clock has ended."""
        return Vouching(self.vouched, self.overtaken - {step_id})


NOBODY_YET = Vouching()
