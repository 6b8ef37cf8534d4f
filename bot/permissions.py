"""Who may do what: one table, and every door asks it.

Somebody stands to a matter in one or more ways (they teach the course, it is about themselves, …); an action lists the
standings that may do it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique

from bot.attendance.lessons import Role


@unique
class Standing(StrEnum):
    """How somebody stands to what they want to do."""

    ANYBODY = "anybody"  # of the workspace, known or not
    SELF = "self"  # it is about themselves, and they are a student of the course
    TRAINER = "trainer"  # of the course, or of this lesson as a substitute
    ADMIN = "admin"  # of the Slack workspace
    COORDINATOR = "coordinator"  # of the course; where it names none, the admins


@unique
class Action(StrEnum):
    """Everything that somebody can do at one of the doors."""

    SEE_OWN_ATTENDANCE = "see own attendance"
    SEE_WHY = "see why"
    SEE_LIVE = "see who is here"
    POST_SUMMARY = "post the summary"
    SEE_REPORT = "see a course's report"
    SAY_ABOUT_SELF = "say about oneself"  # on my way, technical problem, can't come, in already
    DISPUTE = "dispute"
    SAY_AS_TRAINER = "say as the trainer"  # on my way, in under another name, "Room 4" is me
    NAME_SUBSTITUTE = "name a substitute"
    CANCEL = "cancel"
    MARK = "mark"
    LOCK = "lock a lesson"
    SETTLE = "settle"  # accept, excuse, credit waiting, decline
    IDENTIFY = "identify"
    REMIND = "remind"
    BREAK = "tap a break"
    DECIDE_IF_HELD = "decide if it took place"
    SEE_CONNECTIONS = "see the connections"
    CHECK = "check presence"  # ask who is there, and decide of answers


TABLE: Mapping[Action, frozenset[Standing]] = {
    Action.SEE_OWN_ATTENDANCE: frozenset({Standing.ANYBODY}),
    Action.SEE_WHY: frozenset({Standing.SELF, Standing.TRAINER}),
    Action.SEE_LIVE: frozenset({Standing.TRAINER}),
    Action.POST_SUMMARY: frozenset({Standing.TRAINER}),
    Action.SEE_REPORT: frozenset({Standing.TRAINER}),
    Action.SAY_ABOUT_SELF: frozenset({Standing.SELF}),
    Action.DISPUTE: frozenset({Standing.SELF}),
    Action.SAY_AS_TRAINER: frozenset({Standing.TRAINER}),
    Action.NAME_SUBSTITUTE: frozenset({Standing.TRAINER, Standing.COORDINATOR}),
    Action.CANCEL: frozenset({Standing.TRAINER, Standing.COORDINATOR}),
    Action.MARK: frozenset({Standing.TRAINER}),
    Action.LOCK: frozenset({Standing.TRAINER}),
    Action.SETTLE: frozenset({Standing.TRAINER}),
    Action.IDENTIFY: frozenset({Standing.TRAINER}),
    Action.REMIND: frozenset({Standing.TRAINER}),
    Action.BREAK: frozenset({Standing.TRAINER}),
    Action.DECIDE_IF_HELD: frozenset({Standing.TRAINER}),
    Action.SEE_CONNECTIONS: frozenset({Standing.ADMIN}),
    Action.CHECK: frozenset({Standing.TRAINER}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who wants to do something."""

    #: empty: somebody of the workspace whom no course knows
    person_id: str
    #: course id → the roles they have in it
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    is_admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What it is about. What is left empty is not part of the matter."""

    course_id: str = ""
    #: who coordinates the course; empty: nobody by name, so the admins do
    coordinator_id: str = ""
    #: person ids of who also teaches this very lesson
    substitutes: frozenset[str] = frozenset()
    #: the person it is about
    person_id: str = ""


def may(actor: Actor, action: Action, subject: Subject) -> bool:
    """Whether the table lets this person do it."""
    return bool(TABLE[action] & standings(actor, subject))


def standings(actor: Actor, subject: Subject) -> frozenset[Standing]:
    """Every way in which this person stands to the matter."""
    roles = actor.roles.get(subject.course_id, frozenset())
    is_known = bool(actor.person_id)
    coordinates = actor.person_id == subject.coordinator_id if subject.coordinator_id else actor.is_admin
    holds = {
        Standing.ANYBODY: True,
        Standing.SELF: is_known and actor.person_id == subject.person_id and Role.STUDENT in roles,
        Standing.TRAINER: Role.TRAINER in roles or (is_known and actor.person_id in subject.substitutes),
        Standing.ADMIN: actor.is_admin,
        Standing.COORDINATOR: bool(subject.course_id) and coordinates,
    }
    return frozenset(standing for standing, is_so in holds.items() if is_so)
