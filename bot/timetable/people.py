"""The people of a course: trainers, students and observers, in line or from a roster.csv, and the coordinator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.timetable.fields import Fields, fields_of
from bot.timetable.files import ReadFile, read_named_file, relative_path
from bot.timetable.nodes import Node
from bot.timetable.problems import Place, Problems, quoted
from bot.timetable.roster import roster_rows
from bot.timetable.values import day, email, line_of_text, slack_user

#: the keys of a person, and the columns of a roster
COLUMNS = ("name", "email", "slack", "external_id", "registrant_id", "from", "until")
#: by these a platform or Slack tells people apart
_IDS = ("email", "slack", "external_id", "registrant_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPlan:
    """One person as the course file names them."""

    name: str
    #: lower case; empty where unknown, as all that follow
    email: str = ""
    slack: str = ""
    #: what the school gives the platform as user id
    external_id: str = ""
    registrant_id: str = ""
    #: dates in the course's zone, both inclusive; None is open
    from_on: date | None = None
    until_on: date | None = None


class Everybody:
    """Who was named in one course so far: nobody may stand in it twice."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._seen: dict[tuple[str, str], Place] = {}

    def add(self, person: PersonPlan, fields: Fields) -> None:
        """Report each id of this person that somebody of the course has already."""
        for key in _IDS:
            value = getattr(person, key)
            if not value:
                continue
            first = self._seen.setdefault((key, value), fields.place)
            if first is not fields.place:
                where = f"{first.file} line {first.line}" if first.file else f"line {first.line}"
                self._problems.add(
                    fields.place_of(key),
                    f"{quoted(value)} stands already at {first.path} ({where}): keep one of the two",
                )


def read_people(course: Fields, key: str, *, everybody: Everybody, read: ReadFile) -> tuple[PersonPlan, ...]:
    """The people under one key of a course, those of its rosters in their place."""
    found: list[PersonPlan] = []
    for path, item in course.items(key):
        for fields in _rows(item, path, course.problems, read):
            person = read_person(fields)
            if person is not None:
                everybody.add(person, fields)
                found.append(person)
    return tuple(found)


def read_person(fields: Fields) -> PersonPlan | None:
    """One person; None where nothing says who it is, which is reported. The e-mail stands in for a missing name."""
    name = fields.optional("name", line_of_text)
    address = fields.optional("email", email)
    texts: dict[str, Callable[[str], str]] = {
        "slack": slack_user,
        "external_id": line_of_text,
        "registrant_id": line_of_text,
    }
    ids = {key: fields.optional(key, read) or "" for key, read in texts.items()}
    from_on, until_on = fields.optional("from", day), fields.optional("until", day)
    fields.finish()
    if from_on and until_on and until_on < from_on:
        fields.problems.add(fields.place_of("until"), f"`{until_on}` is before `from`, {from_on}: exchange the two")
    if not fields.has("name") and not fields.has("email"):
        fields.missing("name", "say who this is, by name or email")
        return None
    return PersonPlan(name=name or address or "", email=address or "", from_on=from_on, until_on=until_on, **ids)


def _rows(item: Node, path: str, problems: Problems, read: ReadFile) -> Iterator[Fields]:
    fields = fields_of(item, path, problems)
    if fields is None:
        return
    if not fields.has("csv"):
        yield fields
        return
    name = fields.optional("csv", relative_path)
    fields.finish()
    text = read_named_file(name, read, fields.place_of("csv"), problems) if name else None
    if name and text is not None:
        for row in roster_rows(text, Place(line=1, path=path, file=name), problems, columns=COLUMNS):
            yield Fields(row, path, problems)
