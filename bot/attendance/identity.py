"""Who is this connection? Decided from all its events, strongest evidence first (attendance-rules, section 6).

Never by similarity, never by an id typed into a name; a click on a link is not presence.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from bot.attendance.events import EventKind, PresenceEvent
from bot.attendance.lessons import Correction, CorrectionKind, LessonFacts, Link, LinkKind, Person
from bot.attendance.timeline import ConnectionKey

#: Names of devices and roles: never remembered as somebody's.
_DEVICE = re.compile(
    r"(?:iphone|ipad|ipod|galaxy|android|pixel|huawei|xiaomi|redmi|oppo|phone|tablet|laptop|macbook|imac|windows"
    r"|zoom user|user|guest|gast|ospite|invité|invitado|host|student|teacher|trainer|room|unknown|participant)\b",
)
_TRAILING_PARENTHESES = re.compile(r"\s*\([^()]*\)\s*$")


class Strength(IntEnum):
    """How sure we are who a connection is."""

    NONE = 0
    WEAK = 1
    STRONG = 2
    CERTAIN = 3
    CONFIRMED = 4  # a trainer said so about this very connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Who a connection is: nobody known, one person, or several before one screen."""

    person_ids: tuple[str, ...] = ()
    strength: Strength = Strength.NONE
    #: a trainer said that this is not a person
    is_nobody: bool = False
    #: somebody else to whom other evidence of the same connection points
    disagrees_with: str = ""


UNRESOLVED = Resolution()


@dataclass(slots=True)
class _Evidence:
    """All that the events of one connection say about who it is; names in order of appearance."""

    names: list[str] = field(default_factory=list)
    emails: set[str] = field(default_factory=set)
    user_ids: set[str] = field(default_factory=set)
    registrant_ids: set[str] = field(default_factory=set)
    external_ids: set[str] = field(default_factory=set)

    def add(self, event: PresenceEvent) -> None:
        handle = event.handle
        name = comparable(handle.name)
        if name and name not in self.names:
            self.names.append(name)
        for values, value in (
            (self.emails, handle.email),
            (self.user_ids, handle.user_id),
            (self.registrant_ids, handle.registrant_id),
            (self.external_ids, handle.external_id),
        ):
            if value:
                values.add(value)


def comparable(name: str) -> str:
    """A name as it is compared: NFKC, case folded, spaces trimmed and single, without a trailing "(…)"."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(_TRAILING_PARENTHESES.sub("", folded).split())


def is_device_name(name: str) -> bool:
    """Whether a display name says nothing about a person: a device, a role, digits, or nothing at all."""
    plain = comparable(name)
    return not any(letter.isalpha() for letter in plain) or _DEVICE.match(plain) is not None


def resolve(
    facts: LessonFacts, connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]
) -> dict[ConnectionKey, Resolution]:
    """Who each connection is; `connections` holds each one's events in order."""
    if not connections:
        return {}
    directory = _Directory(facts)
    evidence = _bound_together(connections)
    confirmed = _confirmed_by_trainers(facts.corrections)
    resolved: dict[ConnectionKey, Resolution] = {}
    for key in connections:
        resolved[key] = confirmed.get(key) or directory.by_id(evidence[key])
    taken = _names_taken(evidence, resolved)
    for key, resolution in resolved.items():
        if resolution is UNRESOLVED:
            resolved[key] = directory.by_name(evidence[key], taken)
    return resolved


def _bound_together(connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]) -> dict[ConnectionKey, _Evidence]:
    """Each connection's evidence; connections that the platform binds share one."""
    shared: dict[ConnectionKey, _Evidence] = {key: _Evidence() for key in connections}
    members: dict[int, list[ConnectionKey]] = {id(evidence): [key] for key, evidence in shared.items()}
    for key, events in connections.items():
        for event in events:
            other = (event.session, event.bound_to or "")
            if event.kind is EventKind.BOUND and other in shared and shared[other] is not shared[key]:
                moving = members.pop(id(shared[other]))
                members[id(shared[key])] += moving
                for member in moving:
                    shared[member] = shared[key]
    for key, events in connections.items():
        for event in events:
            shared[key].add(event)
    return shared


def _confirmed_by_trainers(corrections: Iterable[Correction]) -> dict[ConnectionKey, Resolution]:
    confirmed: dict[ConnectionKey, Resolution] = {}
    for correction in sorted(corrections, key=lambda each: (each.at, each.id)):
        if correction.connection is None or correction.kind not in {CorrectionKind.LINK, CorrectionKind.UNLINK}:
            continue
        if correction.kind is CorrectionKind.LINK:
            confirmed[correction.connection] = Resolution(
                person_ids=correction.person_ids,
                strength=Strength.CONFIRMED,
                is_nobody=not correction.person_ids,
            )
        else:
            confirmed[correction.connection] = Resolution(strength=Strength.CONFIRMED)
    return confirmed


def _names_taken(
    evidence: Mapping[ConnectionKey, _Evidence], resolved: Mapping[ConnectionKey, Resolution]
) -> dict[str, set[str]]:
    """Name → the persons to whom connections of that name are linked by more than a name."""
    taken: dict[str, set[str]] = defaultdict(set)
    for key, resolution in resolved.items():
        if resolution.strength >= Strength.STRONG:
            for name in evidence[key].names:
                taken[name].update(resolution.person_ids)
    return taken


class _Directory:
    """The persons a connection may be, by each thing that points to them."""

    def __init__(self, facts: LessonFacts) -> None:
        people = (*facts.roster, *facts.known)
        self._registrants = _index(people, "registrant_id")
        self._externals = _index(people, "external_id")
        self._emails = _index(people, "email")
        self._names: dict[str, list[str]] = defaultdict(list)
        for person in facts.roster:
            self._names[comparable(person.name)].append(person.id)
        self._links: dict[tuple[LinkKind, str], Link] = {(link.kind, link.value): link for link in facts.links}

    def by_id(self, evidence: _Evidence) -> Resolution:
        """By rules 1 to 3: ids, e-mails, and what a person confirmed before."""
        certain = self._certain(evidence)
        strong = self._strong(evidence)
        if certain:
            disagrees = strong.person_ids[0] if strong.person_ids and certain not in strong.person_ids else ""
            return Resolution(person_ids=(certain,), strength=Strength.CERTAIN, disagrees_with=disagrees)
        if strong is not UNRESOLVED:
            return strong
        return self._confirmed((LinkKind.ALIAS, name) for name in evidence.names if not is_device_name(name))

    def by_name(self, evidence: _Evidence, taken: Mapping[str, set[str]]) -> Resolution:
        """By rule 4: the full name of exactly one on the roster, whom no stronger evidence contradicts."""
        for name in evidence.names:
            found = self._names.get(name, [])
            if len(found) == 1 and taken.get(name, set()) <= set(found):
                return Resolution(person_ids=(found[0],), strength=Strength.WEAK)
        return UNRESOLVED

    def _certain(self, evidence: _Evidence) -> str:
        for index, values in ((self._registrants, evidence.registrant_ids), (self._externals, evidence.external_ids)):
            for value in sorted(values):
                if value in index:
                    return index[value]
        return ""

    def _strong(self, evidence: _Evidence) -> Resolution:
        for email in sorted(evidence.emails):
            if email in self._emails:
                return Resolution(person_ids=(self._emails[email],), strength=Strength.STRONG)
        remembered = [
            *((LinkKind.REGISTRANT_ID, value) for value in sorted(evidence.registrant_ids)),
            *((LinkKind.EXTERNAL_ID, value) for value in sorted(evidence.external_ids)),
            *((LinkKind.USER_ID, value) for value in sorted(evidence.user_ids)),
            *((LinkKind.EMAIL, value) for value in sorted(evidence.emails)),
        ]
        return self._confirmed(remembered, Strength.STRONG)

    def _confirmed(self, values: Iterable[tuple[LinkKind, str]], strength: Strength = Strength.WEAK) -> Resolution:
        for value in values:
            link = self._links.get(value)
            if link is not None:
                return Resolution(person_ids=link.person_ids, strength=strength, is_nobody=not link.person_ids)
        return UNRESOLVED


def _index(people: Iterable[Person], attribute: str) -> dict[str, str]:
    """Value → person id, of the values that belong to exactly one person."""
    found: dict[str, list[str]] = defaultdict(list)
    for person in people:
        value: str = getattr(person, attribute)
        if value:
            found[value].append(person.id)
    return {value: ids[0] for value, ids in found.items() if len(set(ids)) == 1}
