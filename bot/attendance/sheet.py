"""The sheet: who attended one lesson, and how. The one object behind every face: Slack, JSON, CSV and documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique

import msgspec

from bot.attendance.checks.counting import NO_CHECKS, CheckCounts, CheckpointSheet
from bot.attendance.lessons import Confirmation, Feed, Interval, LessonState, RecordState, Role
from bot.attendance.records import Interaction


@unique
class Presence(StrEnum):
    """Where somebody is now."""

    PRESENT = "present"
    WAITING = "waiting"
    LEFT = "left"
    NOT_JOINED = "not_joined"


@unique
class Verdict(StrEnum):
    """One per student and lesson: the first that fits, attendance-rules, section 3."""

    NOT_HELD = "not_held"
    NO_DATA = "no_data"
    EXCUSED = "excused"
    PENDING = "pending"
    ABSENT = "absent"
    PARTIAL = "partial"
    VALIDATED = "validated"


@unique
class Flag(StrEnum):
    """What stands beside a verdict."""

    LATE = "late"
    LEFT_EARLY = "left_early"
    DROPPED = "dropped"
    WAITED = "waited"
    BRIDGED = "bridged"
    ASSUMED = "assumed"
    WEAK_IDENTITY = "weak_identity"
    CHECK_FAILED = "check_failed"
    CORRECTED = "corrected"

    # That of enums is a function of Python's; a sheet asks thousands of times.
    __hash__ = str.__hash__


class Stay(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One interval in which somebody was in; the union of their connections, gaps not bridged."""

    joined_at: datetime
    #: None: still in
    left_at: datetime | None
    #: the most at once
    connections: int = 1
    #: holds "joined_at" and/or "left_at"
    assumed: frozenset[str] = frozenset()
    #: it ended because the connection was lost
    lost: bool = False
    #: "webhooks" or "manual"
    source: str = "webhooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """A length against both bases, in whole seconds."""

    planned: int
    held: int


@unique
class ChangeKind(StrEnum):
    """One line of *why*."""

    JOINED = "joined"
    LEFT = "left"
    LOST = "lost"
    BACK = "back"
    MOVED = "moved"
    WAITING = "waiting"
    ADMITTED = "admitted"
    CREDITED = "credited"
    EXCUSED = "excused"
    TAKEN_AWAY = "taken_away"
    BRIDGED = "bridged"
    SAID = "said"
    CHECKED = "checked"  # was asked in a presence check; the note is the answer's state, and a reason behind a colon

    # That of enums is a function of Python's; a sheet sorts tens of thousands of changes.
    __hash__ = str.__hash__


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One change of somebody's presence, with its source: what *why* shows, in order."""

    kind: ChangeKind
    at: datetime
    until: datetime | None = None
    #: the device's or display name, where the platform told one
    device: str = ""
    #: the platform's name and "webhook", "assumed", or the person id of who changed it
    source: str = ""
    is_assumed: bool = False
    note: str = ""


class PersonSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One person's line. For trainers and observers `verdict` is None and `flags` empty.

    A struct, as `Person` is: a school of thousands makes tens of thousands in a minute, five times as fast.
    """

    person_id: str
    name: str
    role: Role
    email: str
    slack_user_id: str
    presence: Presence
    verdict: Verdict | None
    #: in the order of `Flag`
    flags: tuple[Flag, ...]
    first_joined_at: datetime | None
    last_left_at: datetime | None
    #: A − R, None before the arrival
    late_by: timedelta | None
    attended: Seconds
    #: the denominators for this person, excused time left out
    denominator: Seconds
    #: in tenths of a percent, rounded down (949 is 94.9 %); None where the denominator is 0
    permille_planned: int | None
    permille_held: int | None
    assumed_seconds: int
    waited_seconds: int
    #: waiting inside the lesson and let in later or never: what one tap would credit
    waited: tuple[Interval, ...]
    #: against planned, without corrections
    measured_seconds: int
    bridged_seconds: int
    stays: tuple[Stay, ...]
    #: since when the present live state holds; None if not joined
    since: datetime | None
    #: (session, connection) of everything counted for this person
    connections: tuple[tuple[str, str], ...] = ()
    excused: bool = False
    #: asked to be excused, undecided
    asked_excuse: bool = False
    #: how all this came about; empty unless the sheet was to be explained
    changes: tuple[Change, ...] = ()
    #: what they answered to all presence checks of the lesson
    checks: CheckCounts = NO_CHECKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """Somebody in the room whom nobody has named: all connections of one display name."""

    #: (session, connection) of each
    connections: tuple[tuple[str, str], ...]
    display_name: str
    platform: str
    presence: Presence
    attended_seconds: int
    stays: tuple[Stay, ...]
    is_host: bool
    #: person ids of the roster, best first
    suggestions: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """What questions and buttons call them: the display name; who has none, by the connection.

        The latter begins with a space, which no display name does, so nobody becomes somebody by a name typed in.
        """
        return self.display_name or " ".join(("", *self.connections[0]))


def display_name_of(subject: str) -> str:
    """The display name that a stranger is called by; empty where it is a connection."""
    return "" if subject.startswith(" ") else subject


@unique
class QuestionKind(StrEnum):
    """What only a person can settle."""

    DID_IT_TAKE_PLACE = "did_it_take_place"
    WAS_THIS_A_LESSON = "was_this_a_lesson"
    WHO_IS_THIS = "who_is_this"  # `subject` is the stranger's
    SAYS_IS_IN = "says_is_in"  # `subject` is the person who pressed *I am in already*
    WAITED = "waited"  # waited and was not let in, or waited at first
    MUCH_ASSUMED = "much_assumed"  # over 10 minutes
    IDENTITIES_DISAGREE = "identities_disagree"
    WEAK_IDENTITY = "weak_identity"
    ASKED_EXCUSE = "asked_excuse"
    DISPUTED = "disputed"
    LATE_FACTS = "late_facts"  # this would worsen verdicts
    RECORD_DIFFERS = "record_differs"  # the platform's record has less than webhooks told


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One open question to the trainer."""

    kind: QuestionKind
    #: the person's id, `Stranger.subject`, or empty for the lesson
    subject: str = ""
    #: person ids: suggestions, or those whose verdicts would change
    person_ids: tuple[str, ...] = ()
    note: str = ""
    #: of what it is about, where no line says so
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Somebody for whom the platform's record differs from its webhooks; planned time, in whole seconds."""

    person_id: str
    webhooks_seconds: int
    record_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """What one person answered to a question in the meeting."""

    person_id: str
    value: str
    #: None: the platform told no right answer
    is_right: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """One question of a quiz, or one poll, that the platform held in the meeting; no presence check of ours."""

    kind: Interaction
    text: str
    options: tuple[tuple[str, str], ...]
    correct: str
    #: in the platform's own words
    accuracy: str
    #: of people on this sheet, by name
    answers: tuple[GivenAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that can be said about one lesson at one instant."""

    lesson_id: str
    title: str
    state: LessonState
    confirmation: Confirmation
    feed: Feed
    record: RecordState
    computed_at: datetime
    planned_start: datetime
    planned_end: datetime
    actual_start: datetime | None
    actual_end: datetime | None
    planned_seconds: int
    held_seconds: int
    sources: tuple[str, ...]
    #: students by name, then trainers
    people: tuple[PersonSheet, ...]
    strangers: tuple[Stranger, ...]
    not_enrolled: tuple[PersonSheet, ...]
    observers: tuple[PersonSheet, ...]
    questions: tuple[Question, ...] = ()
    #: R: late counts from here; None while no trainer has come
    reference_start: datetime | None = None
    #: E
    expected_end: datetime | None = None
    held: tuple[Interval, ...] = ()
    #: in the order of `people`
    differences: tuple[Difference, ...] = ()
    #: addresses at which the lesson can be watched
    recordings: tuple[str, ...] = ()
    #: (person id, what they were in with), where the platform tells
    devices: tuple[tuple[str, str], ...] = ()
    #: what the platform itself asked in the meeting
    asked: tuple[AskedQuestion, ...] = ()
    #: in the order of asking
    checkpoints: tuple[CheckpointSheet, ...] = ()

    @property
    def students(self) -> tuple[PersonSheet, ...]:
        return tuple(person for person in self.people if person.role is Role.STUDENT)

    @property
    def trainers(self) -> tuple[PersonSheet, ...]:
        return tuple(person for person in self.people if person.role is Role.TRAINER)

    def person(self, person_id: str) -> PersonSheet | None:
        """The line of one person, in whatever role they stand on this sheet."""
        return self.by_id.get(person_id)

    @property
    def by_id(self) -> Mapping[str, PersonSheet]:
        everybody = (*self.people, *self.not_enrolled, *self.observers)
        return {person.person_id: person for person in everybody}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSheet:
    """The newest sheet of a lesson that was written down whole: what people have read."""

    version: int
    state: LessonState
    at: datetime
    sheet: Sheet
    #: of its canonical JSON
    sha256: str
