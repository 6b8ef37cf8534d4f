"""The people of a scenario, one by one and by the dozen."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sandbox import crowd
from sandbox.places import Fields, Items, Problems
from sandbox.story import Face

PERSON = {"name", "email", "slack", "zone", "role", "admin", "external_id", "zoom"}
ZOOM = {"name", "email", "id", "registrant_id"}
ROLES = ("student", "trainer", "coordinator", "observer", "stranger")
CROWDS: Mapping[str, str] = {"students": "student", "observers": "observer", "strangers": "stranger"}
"""A crowd says how many of what it holds."""

ReadZone = Callable[[Any, str], str]
"""A time zone's name from what was written and where; an empty text is the zone of the course."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by their handles; `crowds` are the handles of those who have one name together."""

    people: Mapping[str, Face]
    crowds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def named(self, value: Any) -> list[str]:
        """The handles that a name or a list of names stands for, each crowd's one by one; unknown ones stay as is."""
        names = value if isinstance(value, Items) else [value]
        return [handle for name in names for handle in self.crowds.get(str(name), (str(name),))]

    def known(self) -> str:
        """Whom one can name, for a message."""
        in_crowds = {handle for crowd_ in self.crowds.values() for handle in crowd_}
        return ", ".join([*(handle for handle in self.people if handle not in in_crowds), *self.crowds])


def read_cast(people: Fields, crowds: Fields, *, read_zone: ReadZone, problems: Problems) -> Cast:
    """Everybody of the parts `people` and `crowds`; what is wrong goes to `problems`."""
    faces = {handle: _face(handle, person, read_zone, problems) for handle, person in people.items()}
    names = enumerate(crowd.names())
    zone = read_zone("", "")
    groups: dict[str, tuple[str, ...]] = {}
    for name, fields in crowds.items():
        if name in people:
            problems.at(fields, f"crowds.{name}", "is the name of one of the people already")
            continue
        size, role = _size(name, fields, problems)
        members = [
            _one_of_many(f"{name}-{position}", full_name, number, role=role, zone=zone)
            for position, (number, full_name) in enumerate(islice(names, size), start=1)
        ]
        if len(members) < size:
            problems.at(fields, f"crowds.{name}", f"there are names for {crowd.MOST} people in all")
        faces |= {face.handle: face for face in members}
        groups[name] = tuple(face.handle for face in members)
    return Cast(faces, groups)


def _size(name: str, value: Any, problems: Problems) -> tuple[int, str]:
    where = f"crowds.{name}"
    fields = problems.of_kind(value, Fields, where)
    problems.no_others(fields, CROWDS, where)
    if len(fields) != 1:
        problems.at(fields, where, f"needs one of {', '.join(CROWDS)}")
        return 0, "student"
    (kind, number), *_ = fields.items()
    if str(number).isascii() and str(number).isdigit() and int(number) > 0:
        return int(number), CROWDS.get(kind, "student")
    problems.at(number, f"{where}.{kind}", f"{number!r} is no number of people; write 240")
    return 0, "student"


def _one_of_many(handle: str, name: str, number: int, *, role: str, zone: str) -> Face:
    """Of ten, five come with their personal link, four signed in with the e-mail of the roster, one as a guest.

    Where the school gives ids of its own, the guests have none.
    """
    email = f"{handle.replace('_', '.')}@example.com"
    return Face(
        handle=handle,
        name=name,
        email=email,
        slack=f"U0CROWD{number:04}",
        zone=zone,
        role=role,
        registrant_id=f"Cr0wdReg1str4ntNo{number:05}" if number % 10 < 5 else "",
        zoom_email=email if 5 <= number % 10 < 9 else "",
        external_id=f"crowd-{number:04}" if number % 10 < 9 else "",
    )


def _face(handle: str, person: Any, read_zone: ReadZone, problems: Problems) -> Face:
    where = f"people.{handle}"
    fields = problems.of_kind(person, Fields, where)
    zoom = problems.of_kind(fields.get("zoom", Fields()), Fields, f"{where}.zoom")
    problems.no_others(fields, PERSON, where)
    problems.no_others(zoom, ZOOM, f"{where}.zoom")
    role = str(fields.get("role", "student"))
    if role not in ROLES:
        problems.at(fields, f"{where}.role", f"{role!r} is unknown; known are {', '.join(ROLES)}")
    if not fields.get("name"):
        problems.at(fields, f"{where}.name", "is missing")
    return Face(
        handle=handle,
        name=str(fields.get("name", handle)),
        email=str(fields.get("email", "")),
        slack=str(fields.get("slack", "")),
        zone=read_zone(fields.get("zone", ""), f"{where}.zone"),
        role=role,
        is_admin=fields.get("admin") == "yes",
        zoom_name=str(zoom.get("name", "")),
        zoom_email=str(zoom.get("email", "")),
        zoom_id=str(zoom.get("id", "")),
        registrant_id=str(zoom.get("registrant_id", "")),
        external_id=str(fields.get("external_id", "")),
    )


def roster_entry(face: Face) -> dict[str, str]:
    """What a course file says of somebody."""
    known = {key: getattr(face, key) for key in ("name", "email", "slack", "registrant_id", "external_id")}
    return {key: value for key, value in known.items() if value}


def handles_of(cast: Cast, value: Any, where: str, problems: Problems, *, at: Any = None) -> Iterator[str]:
    """The handles named by `value` that exist; the others go to `problems`, at the place of `at` or of `value`."""
    for handle in cast.named(value):
        if handle in cast.people:
            yield handle
        else:
            problems.at(at or value, where, f"nobody is called {handle!r}; there are {cast.known()}")
