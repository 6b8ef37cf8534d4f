"""What a changed roster changes: who is enrolled from when until when. Nothing is deleted: who vanished left today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.attendance.lessons import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentPlan:
    """One person's place in a course."""

    person_id: str
    role: Role
    registrant_id: str = ""
    #: dates in the course's zone, both inclusive; None is open
    from_on: date | None = None
    until_on: date | None = None

    def overlaps(self, other: "EnrolmentPlan") -> bool:
        """Whether there is a day that belongs to both."""
        return (self.from_on or date.min) <= (other.until_on or date.max) and (other.from_on or date.min) <= (
            self.until_on or date.max
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentChanges:
    """What becomes of the enrolments of one course."""

    new: tuple[EnrolmentPlan, ...]
    #: (enrolment id, how it is now), of those that differ
    changed: tuple[tuple[str, EnrolmentPlan], ...]
    #: (enrolment id, the same with its last day), of those that the file no longer has
    ended: tuple[tuple[str, EnrolmentPlan], ...]


def enrolment_changes(
    kept: Iterable[tuple[str, EnrolmentPlan]], planned: Sequence[EnrolmentPlan], *, today: date
) -> EnrolmentChanges:
    """Match the roster of a file with (enrolment id, enrolment) as kept.

    The same person in the same role keeps the enrolment that begins on the same day, else one that shares a day with
    the planned one; a period apart from all of them is a new enrolment, so that somebody may leave and come back.
    """
    rest = dict(kept)
    places: dict[tuple[str, Role], list[str]] = {}
    for key, old in rest.items():
        places.setdefault((old.person_id, old.role), []).append(key)
    new: list[EnrolmentPlan] = []
    changed: list[tuple[str, EnrolmentPlan]] = []
    for plan in planned:
        own = [(key, rest[key]) for key in places.get((plan.person_id, plan.role), ()) if key in rest]
        same = [pair for pair in own if pair[1].from_on == plan.from_on] or [
            pair for pair in own if pair[1].overlaps(plan)
        ]
        if not same:
            new.append(plan)
            continue
        enrolment_id, old = same[0]
        del rest[enrolment_id]
        if old != plan:
            changed.append((enrolment_id, plan))
    ended = [
        (enrolment_id, _until(old, today))
        for enrolment_id, old in rest.items()
        if old.until_on is None or old.until_on > today
    ]
    return EnrolmentChanges(new=tuple(new), changed=tuple(changed), ended=tuple(ended))


def _until(old: EnrolmentPlan, today: date) -> EnrolmentPlan:
    return EnrolmentPlan(
        person_id=old.person_id,
        role=old.role,
        registrant_id=old.registrant_id,
        from_on=old.from_on,
        until_on=today,
    )
