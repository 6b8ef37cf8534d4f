"""What the rules of attendance are given: a lesson with its roster, its facts, and what people said and changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from bot.attendance.asking import Asking
from bot.attendance.checks.values import PresenceLogging
from bot.attendance.events import PresenceEvent
from bot.attendance.inside import Shown
from bot.attendance.records import PlatformRecord

if TYPE_CHECKING:
    from bot.attendance.sheet import WrittenSheet  # which itself speaks of lessons

#: A lesson sees every session of its room that was open in planned start − 30 min … planned end + 120 min.
WINDOW_BEFORE = timedelta(minutes=30)
WINDOW_AFTER = timedelta(minutes=120)


@unique
class Role(StrEnum):
    """What a person is in one lesson."""

    STUDENT = "student"
    TRAINER = "trainer"
    OBSERVER = "observer"
    NOT_ENROLLED = "not_enrolled"  # known in the workspace, not on this roster


@unique
class LessonState(StrEnum):
    """Attendance-rules, section 5."""

    PLANNED = "planned"
    LIVE = "live"
    PROVISIONAL = "provisional"
    RECONCILED = "reconciled"
    LOCKED = "locked"
    CANCELLED = "cancelled"


@unique
class Confirmation(StrEnum):
    """Whether there was a lesson at all."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    NOT_HELD = "not_held"


@unique
class Feed(StrEnum):
    """Feed health of (platform account, room, lesson)."""

    PROVEN = "proven"
    UNKNOWN = "unknown"
    SILENT = "silent"


@unique
class RecordState(StrEnum):
    """Whether the platform's own record has come."""

    PENDING = "pending"
    IN = "in"
    NONE = "none"


class Interval(msgspec.Struct, frozen=True, order=True, gc=False):
    """[start, end) between two instants, never of negative length; a struct, as there are tens of thousands."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start


#: of `Policy.lock_after`: the local midnight that follows the planned end
END_OF_DAY: Final = "end of day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The numbers a course chooses; stamped on the lesson when it starts."""

    late_grace: timedelta = timedelta(minutes=5)
    early_grace: timedelta = timedelta(minutes=5)
    #: of the denominator, inclusive
    minimum: Fraction = Fraction(90, 100)
    #: gaps of at most this are filled
    bridge: timedelta = timedelta(seconds=60)
    min_presence: timedelta = timedelta(seconds=120)
    #: what verdicts count against
    basis: Literal["held", "planned"] = "held"
    late_reference: Literal["trainer", "planned"] = "trainer"
    remind_students_after: tuple[timedelta, ...] = (timedelta(minutes=3), timedelta(minutes=8))
    tell_trainer_after: timedelta = timedelta(minutes=10)
    waiting_after: timedelta = timedelta(minutes=2)
    dropped_after: timedelta = timedelta(minutes=3)
    trainer_missing_after: timedelta = timedelta(minutes=2)
    coordinator_after: timedelta = timedelta(minutes=5)
    #: in lower case; whose part the platform calls so is the host; none: as the platform's folder has it
    host_roles: tuple[str, ...] = ()
    presence_checks: str = "off"
    autostart: bool = False
    check_rule: Fraction = Fraction(75, 100)
    check_failure: Literal["flag", "partial"] = "flag"
    #: names in the course's channel; otherwise counts
    summary_names: bool = True
    #: after the planned end, or `END_OF_DAY`; None is never
    lock_after: timedelta | Literal["end of day"] | None = timedelta(days=7)
    retention: timedelta = timedelta(days=400)


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A known human being, in the role they have in this lesson."""

    id: str
    name: str
    role: Role
    email: str = ""  # lower case
    external_id: str = ""
    registrant_id: str = ""
    slack_user_id: str = ""  # empty: not reachable in Slack
    #: was told that attendance is recorded
    is_informed: bool = True


@unique
class LinkKind(StrEnum):
    """By what a person was confirmed to be somebody: attendance-rules, section 6."""

    USER_ID = "user_id"
    REGISTRANT_ID = "registrant_id"
    EXTERNAL_ID = "external_id"
    EMAIL = "email"
    ALIAS = "alias"  # a display name, normalised by `identity.comparable`


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What somebody confirmed once and is remembered: this value is these persons, or nobody (a note-taker)."""

    kind: LinkKind
    value: str
    person_ids: tuple[str, ...]


@unique
class CorrectionKind(StrEnum):
    """What people change or say about a lesson: one more input, appended, withdrawn by another, never edited."""

    # about a person's presence; `during` None is the whole planned time
    PRESENT = "present"
    NOT_PRESENT = "not_present"
    EXCUSED = "excused"
    CREDIT_WAITING = "credit_waiting"
    ACCEPT_VERDICT = "accept_verdict"  # the exception is settled as it stands
    TAKE_RECORD = "take_record"  # where the platform's record has less than webhooks told, it is right
    # about who a connection is: `connection` and `person_ids` (none: not a person)
    LINK = "link"
    UNLINK = "unlink"
    # about the lesson
    TOOK_PLACE = "took_place"  # `during` None: as measured
    NOT_HELD = "not_held"
    CANCELLED = "cancelled"
    BREAK = "break"  # a break tapped in the lesson; replaces the next planned one
    SUBSTITUTE = "substitute"  # `person_ids`: also trainers of this lesson
    WAS_A_LESSON = "was_a_lesson"  # an unplanned one, for the whole course
    NO_LESSON = "no_lesson"  # an unplanned one, forgotten
    REMIND = "remind"  # a trainer asks for one more step of the ladder, now
    LOCK = "lock"  # a trainer locks it before `lock_after` does
    APPLY_CHANGES = "apply_changes"  # late facts that worsen verdicts, accepted up to `at`
    # what people said while it ran
    ON_MY_WAY = "on_my_way"  # `during.end` is the promised time
    CANNOT_COME = "cannot_come"
    TECHNICAL_PROBLEM = "technical_problem"
    JOIN_PRESSED = "join_pressed"
    IN_ALREADY = "in_already"  # `note` is the name they say they are in under
    DISPUTED = "disputed"  # "this is wrong"
    DECLINED = "declined"  # what a student asked; `answers` says what of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One thing that a person changed or said about one lesson."""

    id: str
    kind: CorrectionKind
    at: datetime
    #: person id of who did it
    actor: str
    #: the person it is about; None for the lesson
    person: str | None = None
    during: Interval | None = None
    #: (session, connection)
    connection: tuple[str, str] | None = None
    person_ids: tuple[str, ...] = ()
    note: str = ""
    #: of `DECLINED`: what it refuses, an excuse (`CANNOT_COME`), a dispute (`DISPUTED`) or a claim (`IN_ALREADY`)
    answers: CorrectionKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFacts:
    """What is known of the way from the platform to us, around one lesson."""

    #: this platform account delivered something, ever
    account_ever_delivered: bool = True
    #: when a delivery about this room was last applied, since the window opened
    room_heard_at: datetime | None = None
    #: [occurred_at, received_at) of deliveries of the account that came more than 2 min late
    late_intervals: tuple[Interval, ...] = ()
    #: when the newest delivery of the account arrived, and how late it was
    last_delay: timedelta = timedelta(0)
    last_received_at: datetime | None = None
    #: what came of asking the platform who is in the room; None: nobody asked
    shown: Shown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What the timetable says should happen, with the policy it runs under."""

    id: str
    #: the course's name, as people read it
    title: str
    planned_start: datetime
    planned_end: datetime
    breaks: tuple[Interval, ...] = ()
    policy: Policy = field(default_factory=Policy)
    state: LessonState = LessonState.PLANNED
    #: it was found in the room, not in the timetable; it has no ladder, no late, no absent and no partial
    is_unplanned: bool = False
    #: its planned end had passed before it was imported: nothing is sent about it
    is_silent: bool = False
    zone: str = "UTC"
    platform: str = ""
    join_url: str = ""
    channel: str = ""
    #: empty: names and details go to `channel`
    staff_channel: str = ""
    #: person id of who is told when the trainer does not come; empty: the admins
    coordinator: str = ""

    @property
    def window(self) -> Interval:
        """Planned start − 30 min to planned end + 120 min."""
        return Interval(self.planned_start - WINDOW_BEFORE, self.planned_end + WINDOW_AFTER)

    @property
    def planned(self) -> Interval:
        """From planned start to planned end, breaks included."""
        return Interval(self.planned_start, self.planned_end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message about this lesson that stands, stood or was wanted in Slack."""

    #: None: not sent yet
    sent_at: datetime | None
    #: a content is wanted; False once it was taken back
    is_wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonFacts:
    """All that the rules may know about one lesson. `sheet = f(facts, now)` and nothing else writes a verdict."""

    lesson: Lesson
    #: students, trainers and observers of the day
    roster: tuple[Person, ...]
    #: others of the workspace whom a handle of these events points to
    known: tuple[Person, ...] = ()
    links: tuple[Link, ...] = ()
    #: all events of every session of the room that was open in the window, from the session's beginning
    events: tuple[PresenceEvent, ...] = ()
    #: what the platform itself wrote down about these sessions, as far as it has come
    records: tuple[PlatformRecord, ...] = ()
    #: how it stands with asking for more of these; None: nobody was asked
    asking: Asking | None = None
    corrections: tuple[Correction, ...] = ()
    feed: FeedFacts = FeedFacts()
    #: planned intervals of this room's lessons around this one, this one included
    room_lessons: tuple[Interval, ...] = ()
    #: (message kind, recipient) → what stands in Slack
    told: Mapping[tuple[str, str], Told] = field(default_factory=dict)
    #: the sheet last written down: what people have read
    written: "WrittenSheet | None" = None
    admins: tuple[str, ...] = ()  # person ids of the workspace's
    logging: PresenceLogging | None = None  # its presence checks; None: nobody ever checked
