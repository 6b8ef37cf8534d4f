"""One lesson at one instant: who was where, on what ground, and how healthy the feed is.

The sheet, the ladder, the board and the end of a lesson are all read off this one view.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.attendance.checks.answers import as_ended
from bot.attendance.checks.values import Answer, PresenceLogging
from bot.attendance.events import PresenceEvent
from bot.attendance.feed import FeedHealth, feed_of
from bot.attendance.held import Ground, ground_of, took_place
from bot.attendance.hosts import hosts_by_role
from bot.attendance.identity import UNRESOLVED, Resolution, Strength, comparable, resolve
from bot.attendance.intervals import intersect, length, union
from bot.attendance.lessons import (
    Confirmation,
    Correction,
    CorrectionKind,
    Feed,
    Interval,
    LessonFacts,
    LessonState,
    Person,
    Role,
)
from bot.attendance.merging import by_records, with_records
from bot.attendance.presence import NOWHERE, PersonPresence, presence_of
from bot.attendance.scene import Scene
from bot.attendance.timeline import ConnectionKey, by_connection, session_spans
from bot.attendance.verdict import Court, least_presence

ENDED = frozenset({LessonState.PROVISIONAL, LessonState.RECONCILED, LessonState.LOCKED})


@dataclass(frozen=True, kw_only=True)
class Unnamed:
    """All connections of one display name that nobody has named."""

    name: str
    keys: tuple[ConnectionKey, ...]
    presence: PersonPresence
    is_host: bool


@dataclass(frozen=True, kw_only=True)
class LessonView:
    """Everything computed about one lesson at one instant, before it is written as a sheet."""

    facts: LessonFacts
    scene: Scene
    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    presences: Mapping[str, PersonPresence]
    resolutions: Mapping[ConnectionKey, Resolution]
    unnamed: Sequence[Unnamed]
    ground: Ground
    health: FeedHealth
    court: Court

    def presence(self, person_id: str) -> PersonPresence:
        return self.presences.get(person_id, NOWHERE)

    @cached_property
    def logging(self) -> PresenceLogging | None:
        """The presence checks; after the lesson's end as they are about to be, so that no sheet is written twice."""
        logging = self.facts.logging
        return logging if logging is None or self.court.is_live else as_ended(logging)

    @property
    def answers(self) -> Mapping[str, Sequence[Answer]]:
        """Person id → what they answered to the lesson's presence checks, in the order of asking."""
        return self.logging.by_person if self.logging is not None else {}

    def is_weak(self, person_id: str) -> bool:
        """Whether only a name says that it was this person."""
        connections = self.presence(person_id).connections
        return bool(connections) and all(self.resolutions[key].strength <= Strength.WEAK for key in connections)

    def corrections_of(self, person_id: str) -> Sequence[Correction]:
        """What was changed or said about somebody, in order."""
        return self.presence(person_id).corrections


def view_of(facts: LessonFacts, *, now: datetime) -> LessonView:
    """Compute who was where; the live view up to `now` before the lesson's end, the final one after it."""
    is_live = facts.lesson.state not in ENDED
    events = hosts_by_role(with_records(facts.events, facts.records), facts.lesson.policy.host_roles)
    connections = by_connection(events)
    scene = Scene(facts=facts, spans=session_spans(events), now=now, is_live=is_live)
    resolutions = resolve(facts, connections)
    people = {person.id: person for person in (*facts.known, *facts.roster)}
    roles = _roles(facts, people)
    presences = _presences(scene, connections, resolutions, people, _trusted(facts))
    unnamed = _unnamed(scene, connections, resolutions)
    ground = ground_of(
        facts.lesson,
        _trainers_present(scene, roles, presences, connections, resolutions),
        facts.corrections,
        now=now,
        is_live=is_live,
    )
    health = feed_of(facts, seen=frozenset(key for key, value in presences.items() if value.connections), now=now)
    return LessonView(
        facts=facts,
        scene=scene,
        people=people,
        roles=roles,
        presences=presences,
        resolutions=resolutions,
        unnamed=unnamed,
        ground=ground,
        health=health,
        court=_court(facts, roles, presences, unnamed, ground, health.feed, is_live=is_live),
    )


def restated(view: LessonView, facts: LessonFacts) -> LessonView:
    """The view of the same lesson in another state, computed anew only where the state makes a difference."""
    before, after = view.facts.lesson.state, facts.lesson.state
    if {before, after} != {LessonState.PLANNED, LessonState.LIVE}:
        return view_of(facts, now=view.scene.now)
    court = replace(view.court, lesson=facts.lesson)
    return replace(view, facts=facts, scene=replace(view.scene, facts=facts), court=court)


def _roles(facts: LessonFacts, people: Mapping[str, Person]) -> dict[str, Role]:
    """Each person's role in this lesson; who was picked to teach instead is a trainer of it."""
    roles = {person_id: person.role for person_id, person in people.items()}
    for correction in facts.corrections:
        if correction.kind is CorrectionKind.SUBSTITUTE:
            roles |= {person_id: Role.TRAINER for person_id in correction.person_ids if person_id in people}
    return roles


def _trusted(facts: LessonFacts) -> Mapping[str, Mapping[ConnectionKey, Sequence[PresenceEvent]]]:
    """Person id → the connections as the record alone has them, of those for whom a trainer said that it is right."""
    people = {each.person for each in facts.corrections if each.kind is CorrectionKind.TAKE_RECORD and each.person}
    if not people or not facts.records:
        return {}
    return dict.fromkeys(people, by_connection(by_records(facts.events, facts.records)))


def _presences(
    scene: Scene,
    connections: Mapping[ConnectionKey, Sequence[PresenceEvent]],
    resolutions: Mapping[ConnectionKey, Resolution],
    people: Mapping[str, Person],
    trusted: Mapping[str, Mapping[ConnectionKey, Sequence[PresenceEvent]]],
) -> dict[str, PersonPresence]:
    """Person id → presence, of everybody with a connection or a correction."""
    own: dict[str, dict[ConnectionKey, Sequence[PresenceEvent]]] = defaultdict(dict)
    for key, resolution in resolutions.items():
        for person_id in resolution.person_ids:
            if person_id in people:
                own[person_id][key] = trusted.get(person_id, connections).get(key, ())
    said: dict[str, list[Correction]] = defaultdict(list)
    for correction in sorted(scene.facts.corrections, key=lambda each: (each.at, each.id)):
        if correction.person is not None and correction.person in people:
            said[correction.person].append(correction)
    return {
        person_id: presence_of(scene, own.get(person_id, {}), said.get(person_id, ()))
        for person_id in (*own, *(each for each in said if each not in own))
    }


def _unnamed(
    scene: Scene,
    connections: Mapping[ConnectionKey, Sequence[PresenceEvent]],
    resolutions: Mapping[ConnectionKey, Resolution],
) -> list[Unnamed]:
    """Whom nobody has named, by display name; without a name, by connection."""
    groups: dict[str, list[ConnectionKey]] = defaultdict(list)
    names: dict[str, str] = {}
    for key, resolution in resolutions.items():
        if resolution.is_nobody or resolution.person_ids:
            continue
        name = next((event.handle.name for event in reversed(connections[key]) if event.handle.name), "")
        group = comparable(name) or name or f"{key[0]} {key[1]}"
        names.setdefault(group, name)
        groups[group].append(key)
    return [
        Unnamed(
            name=names[group],
            keys=tuple(sorted(keys)),
            presence=presence_of(scene, {key: connections[key] for key in keys}),
            is_host=any(event.handle.is_host for key in keys for event in connections[key]),
        )
        for group, keys in sorted(groups.items())
    ]


def _trainers_present(
    scene: Scene,
    roles: Mapping[str, Role],
    presences: Mapping[str, PersonPresence],
    connections: Mapping[ConnectionKey, Sequence[PresenceEvent]],
    resolutions: Mapping[ConnectionKey, Resolution],
) -> list[Sequence[Interval]]:
    """When each trainer was there; where none was recognised in the room, the platform's host stands in."""
    trainers = [value for key, value in presences.items() if roles.get(key) is Role.TRAINER]
    present = [trainer.present for trainer in trainers]
    if any(trainer.connections for trainer in trainers):
        return present
    hosts = {
        key: events
        for key, events in connections.items()
        if any(event.handle.is_host for event in events)
        and not any(roles.get(each) is Role.STUDENT for each in resolutions.get(key, UNRESOLVED).person_ids)
    }
    return [*present, presence_of(scene, hosts).present]


def _court(
    facts: LessonFacts,
    roles: Mapping[str, Role],
    presences: Mapping[str, PersonPresence],
    unnamed: Sequence[Unnamed],
    ground: Ground,
    feed: Feed,
    *,
    is_live: bool,
) -> Court:
    students = [value for key, value in presences.items() if roles.get(key) is Role.STUDENT]
    nobody_was_there = not ground.held and not _was_there(facts, students)
    is_unanswered = took_place(facts.corrections) is None
    has_no_data = not is_live and feed is Feed.SILENT and nobody_was_there and is_unanswered
    return Court(
        lesson=facts.lesson,
        ground=ground,
        confirmation=_confirmation(facts, roles, presences, unnamed, ground, is_live=is_live, has_no_data=has_no_data),
        is_live=is_live,
        has_no_data=has_no_data,
        unhealthy=union(facts.feed.late_intervals),
        is_unplanned=facts.lesson.is_unplanned and not _said(facts, CorrectionKind.WAS_A_LESSON),
    )


def _said(facts: LessonFacts, kind: CorrectionKind) -> bool:
    return any(each.kind is kind for each in facts.corrections)


def _confirmation(
    facts: LessonFacts,
    roles: Mapping[str, Role],
    presences: Mapping[str, PersonPresence],
    unnamed: Sequence[Unnamed],
    ground: Ground,
    *,
    is_live: bool,
    has_no_data: bool,
) -> Confirmation:
    """Whether there was a lesson: attendance-rules, section 2.7 and section 5."""
    if facts.lesson.state is LessonState.CANCELLED:
        return Confirmation.NOT_HELD
    answer = took_place(facts.corrections)
    if answer is not None:
        is_held = answer.kind is CorrectionKind.TOOK_PLACE
        return Confirmation.CONFIRMED if is_held else Confirmation.NOT_HELD
    if facts.lesson.is_unplanned and not _said(facts, CorrectionKind.WAS_A_LESSON):
        return Confirmation.NOT_HELD if _said(facts, CorrectionKind.NO_LESSON) else Confirmation.UNCONFIRMED
    if is_live:
        return Confirmation.CONFIRMED
    if has_no_data:
        return Confirmation.UNCONFIRMED
    students = [value for key, value in presences.items() if roles.get(key) is Role.STUDENT]
    if _was_there(facts, students):
        return _enough(ground)
    if ground.held:
        return Confirmation.CONFIRMED
    strangers = [each.presence for each in unnamed]
    trainers = [value for key, value in presences.items() if roles.get(key) is Role.TRAINER]
    was_somebody_there = _was_there(facts, strangers) or _may_have_been_there(facts, [*students, *trainers, *strangers])
    return Confirmation.UNCONFIRMED if was_somebody_there else Confirmation.NOT_HELD


def _enough(ground: Ground) -> Confirmation:
    is_enough = bool(ground.held) and length(ground.held) * 2 >= length(ground.planned)
    return Confirmation.CONFIRMED if is_enough else Confirmation.UNCONFIRMED


def _was_there(facts: LessonFacts, presences: Sequence[PersonPresence]) -> bool:
    return _is_any_long_enough(facts, [each.present for each in presences])


def _may_have_been_there(facts: LessonFacts, presences: Sequence[PersonPresence]) -> bool:
    return _is_any_long_enough(facts, [each.doubtful for each in presences])


def _is_any_long_enough(facts: LessonFacts, sets: Iterable[Sequence[Interval]]) -> bool:
    least = least_presence(facts.lesson)
    return any(length(intersect(each, [facts.lesson.planned])) >= least for each in sets)
