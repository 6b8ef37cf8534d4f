"""Who is this connection? Decided from all its events, strongest evidence first (attendance-rules, section 6).

Never by similarity, never by an id typed into a name; a click on a link is not presence.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from bot.attendance.events import EventKind, Handle, PresenceEvent
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
    """All that was shown of one connection and says who it is; names in order of appearance."""

    names: list[str] = field(default_factory=list)
    emails: set[str] = field(default_factory=set)
    user_ids: set[str] = field(default_factory=set)
    registrant_ids: set[str] = field(default_factory=set)
    external_ids: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, handles: Iterable[Handle]) -> "_Evidence":
        found = cls()
        for handle in handles:
            found.add(handle)
        return found

    def add(self, handle: Handle) -> None:
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
    if folded.rstrip().endswith(")"):
        folded = _TRAILING_PARENTHESES.sub("", folded)
    return " ".join(folded.split())


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
    evidence = _evidence_of(connections)
    confirmed = {key: said for key, said in _confirmed_by_trainers(facts.corrections).items() if key in connections}
    # Most connections show what others of the same person have shown: each evidence is looked up once.
    shown = {id(each): each for key, each in evidence.items() if key not in confirmed}
    found = {mark: directory.by_id(each) for mark, each in shown.items()}
    taken = _names_taken(
        [*((evidence[key], said) for key, said in confirmed.items()), *zip(shown.values(), found.values(), strict=True)]
    )
    for mark, resolution in found.items():
        if resolution is UNRESOLVED:
            found[mark] = directory.by_name(shown[mark], taken)
    if not confirmed:
        return {key: found[id(each)] for key, each in evidence.items()}
    return {key: confirmed[key] if key in confirmed else found[id(each)] for key, each in evidence.items()}


def _evidence_of(connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]) -> dict[ConnectionKey, _Evidence]:
    """Each connection's evidence; connections that the platform binds, or that showed the same, share one."""
    told = dict(connections)
    for group in _bound_together(connections):
        together = [event for key, events in connections.items() if key in group for event in events]
        told |= dict.fromkeys(group, together)
    made: dict[tuple[int, ...], _Evidence] = {}
    found: dict[ConnectionKey, _Evidence] = {}
    for key, events in told.items():
        # The same object mostly stands for all that the platform says of a participant.
        handles = {id(event.handle): event.handle for event in events}
        marks = tuple(handles)
        if marks not in made:
            made[marks] = _Evidence.of(handles.values())
        found[key] = made[marks]
    return found


def _bound_together(connections: Mapping[ConnectionKey, Sequence[PresenceEvent]]) -> Iterable[set[ConnectionKey]]:
    """The connections that the platform binds to each other, group by group."""
    is_bound = EventKind.BOUND
    bound = [(key, event) for key, events in connections.items() for event in events if event.kind is is_bound]
    groups: dict[ConnectionKey, set[ConnectionKey]] = {}
    for key, event in bound:
        other = (event.session, event.bound_to or "")
        if other in connections:
            group = groups.get(key, {key}) | groups.get(other, {other})
            groups |= dict.fromkeys(group, group)
    return {id(group): group for group in groups.values()}.values()


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


def _names_taken(resolved: Iterable[tuple[_Evidence, Resolution]]) -> dict[str, set[str]]:
    """Name → the persons to whom connections of that name are linked by more than a name."""
    taken: dict[str, set[str]] = defaultdict(set)
    for evidence, resolution in resolved:
        if resolution.strength >= Strength.STRONG:
            for name in evidence.names:
                taken[name].update(resolution.person_ids)
    return taken


class _Directory:
    """The persons a connection may be, by each thing that points to them."""

    def __init__(self, facts: LessonFacts) -> None:
        people = (*facts.roster, *facts.known)
        self._registrants = _index(people, "registrant_id")
        # Our own id of somebody stands there where we gave it ourselves, in a token of ours.
        self._externals = _index(people, "external_id") | {person.id: person.id for person in people}
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
