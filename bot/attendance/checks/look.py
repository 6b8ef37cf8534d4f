"""One presence check with everybody who has part in it: what there is to be told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.attendance.checks.run import RunState
from bot.attendance.checks.values import Answer, Checkpoint, PresenceCheck
from bot.attendance.lessons import Lesson, Person


@dataclass(frozen=True, kw_only=True)
class CheckLook:
    """One presence check as it stands now, with everybody who has part in it."""

    lesson: Lesson
    check: PresenceCheck
    state: RunState
    #: of this check
    answers: tuple[Answer, ...]
    #: everybody who is named in an answer, and the trainers, by id
    people: Mapping[str, Person]
    #: person ids of who gets the card
    trainers: tuple[str, ...]
    #: (checkpoint, person) of the questions that may have changed; None: any
    changed: frozenset[tuple[str, str]] | None = None
    now: datetime

    @cached_property
    def checkpoints(self) -> Mapping[str, Checkpoint]:
        return {each.id: each for each in self.check.checkpoints}

    def name_of(self, person_id: str) -> str:
        person = self.people.get(person_id)
        return person.name if person is not None else ""
