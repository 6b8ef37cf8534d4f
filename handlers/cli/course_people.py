"""Who the people of a course file are: those we know already, or new ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.attendance.lessons import Role
from bot.timetable.course_file import CoursePlan
from bot.timetable.enrolments import EnrolmentPlan
from bot.timetable.people import PersonPlan
from storage.memory import Memory
from storage.tables import new_id
from storage.timetable import PersonByFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The people of a course, as ids."""

    enrolments: tuple[EnrolmentPlan, ...]
    #: None: the admins
    coordinator_id: str | None


async def meet(memory: Memory, plan: CoursePlan, *, course_id: str | None) -> Places:
    """Find or make everybody whom the file names, and write what it says about them."""
    roster = [
        *((Role.TRAINER, person) for person in plan.trainers),
        *((Role.STUDENT, person) for person in plan.students),
        *((Role.OBSERVER, person) for person in plan.observers),
    ]
    everybody = [person for _, person in roster] + ([plan.coordinator] if plan.coordinator else [])
    known = await memory.timetable.people_like(
        emails={person.email for person in everybody} - {""},
        slack_user_ids={person.slack for person in everybody} - {""},
        external_ids={person.external_id for person in everybody} - {""},
    )
    members = await memory.timetable.people_of(course_id) if course_id is not None else []
    directory = _Directory(known, members)
    enrolments = tuple(
        EnrolmentPlan(
            person_id=directory.person(person),
            role=role,
            registrant_id=person.registrant_id,
            from_on=person.from_on,
            until_on=person.until_on,
        )
        for role, person in roster
    )
    coordinator_id = directory.person(plan.coordinator) if plan.coordinator else None
    await memory.timetable.keep_people(directory.written)
    return Places(enrolments=enrolments, coordinator_id=coordinator_id)


class _Directory:
    """Finds people by e-mail, then by Slack id, then by the school's own id, and by name alone within their course."""

    def __init__(self, known: Sequence[PersonByFile], members: Iterable[PersonByFile]) -> None:
        self._by: dict[tuple[str, str], PersonByFile] = {}
        for person in known:
            self._remember(person)
        names: dict[str, list[PersonByFile]] = {}
        for person in members:
            names.setdefault(person.name, []).append(person)
        self._members = {name: people[0] for name, people in names.items() if len(people) == 1}
        self._written: dict[str, PersonByFile] = {}

    @property
    def written(self) -> list[PersonByFile]:
        """Everybody who was asked for, as the file has them."""
        return list(self._written.values())

    def person(self, plan: PersonPlan) -> str:
        """The id of a person, the same for everybody of the same e-mail."""
        old = self._find(plan)
        person = PersonByFile(
            id=old.id if old is not None else new_id(),
            name=plan.name,
            email=plan.email,
            external_id=plan.external_id,
            slack_user_id=plan.slack,
        )
        self._remember(person)
        self._written[person.id] = person
        return person.id

    def _find(self, plan: PersonPlan) -> PersonByFile | None:
        found = self._by.get(("email", plan.email)) or self._by.get(("slack", plan.slack))
        if found is not None:
            return found
        # Where two have an e-mail each they are two people, whatever else they share.
        others = (self._by.get(("external_id", plan.external_id)), self._members.get(plan.name))
        return next((other for other in others if other is not None and not (plan.email and other.email)), None)

    def _remember(self, person: PersonByFile) -> None:
        for key in (("email", person.email), ("slack", person.slack_user_id), ("external_id", person.external_id)):
            if key[1]:
                self._by.setdefault(key, person)
