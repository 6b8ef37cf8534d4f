"""The tables of architecture section 12. Every row belongs to a workspace, directly or through its parent.

States are the same `StrEnum`s as in `bot/`, stored as their text. Instants are `UtcDateTime`. Ids are opaque text.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Naive ones are refused.

    SQLite has no type for it, and SQLAlchemy's own would give it back naive: there it is text of one width, in UTC with
    its offset, so that it sorts as it should and anybody can read it.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    # The processors themselves, not `process_…`: these are called for every instant of every row.

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _written if dialect.name == "sqlite" else _in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:  # noqa: ARG002  SQLAlchemy's signature
        return _read if dialect.name == "sqlite" else None  # asyncpg gives it aware and in UTC


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        message = f"naive datetime {value!r}: every instant is aware"
        raise ValueError(message)
    return value.astimezone(UTC)


def _written(value: datetime | None) -> str | None:
    instant = _in_utc(value)
    return None if instant is None else instant.isoformat(" ", "microseconds")


def _read(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


#: JSON that PostgreSQL can look into.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
#: SQLite counts rowids up by itself only for a column declared INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


metadata = SQLModel.metadata


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for queries in Core."""
    return metadata.tables[str(model.__tablename__)]


def new_id() -> str:
    """A fresh opaque id."""
    return token_hex(16)


def instant(*, nullable: bool = True, index: bool = False) -> Any:
    """A column that holds an instant."""
    return Field(default=None, sa_type=UtcDateTime, nullable=nullable, index=index)


class Workspace(SQLModel, table=True):
    id: str = Field(default_factory=new_id, primary_key=True)
    slack_enterprise_id: str | None = None
    slack_team_id: str | None = Field(default=None, unique=True)
    name: str = ""
    created_at: datetime = instant(nullable=False)
    #: head of the chain of history; its row is the lock under which `seq` is taken
    history_seq: int = 0
    history_hash: str = ""


class PlatformAccount(SQLModel, table=True):
    __tablename__ = "platform_account"
    __table_args__ = (UniqueConstraint("workspace_id", "platform", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    platform: str
    #: `default` has its secrets in the environment, the others in `account_secret`
    name: str = "default"
    #: SHA-256 of the secret part of its address; None: it has the platform's own
    token_hash: str | None = Field(default=None, unique=True)
    created_at: datetime = instant(nullable=False)
    #: when the newest delivery that told something arrived, and how long after what it told
    last_received_at: datetime | None = instant()
    last_delay_ms: int = 0
    #: since when deliveries have been coming late; None: they are not
    late_first_at: datetime | None = instant()
    #: requests that no secret of it proved, since the first of them; 0 and None: it is quiet
    refused: int = 0
    refused_first_at: datetime | None = instant()
    refused_last_at: datetime | None = instant()


class AccountSecret(SQLModel, table=True):
    """A webhook secret of an account, encrypted."""

    __tablename__ = "account_secret"

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="platform_account.id", index=True)
    sealed: str = Field(sa_type=Text)
    created_at: datetime = instant(nullable=False)
    #: after this it proves nothing any more; None: it is the account's newest
    good_until: datetime | None = instant()


class ApiToken(SQLModel, table=True):
    """A token that was given out: what it allows, never the token itself."""

    __tablename__ = "api_token"

    #: of a JWT its `jti`
    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    #: SHA-256 of the token; None: a JWT, which is known by its id
    token_hash: str | None = Field(default=None, unique=True)
    #: `Scope`s
    scopes: Any = Field(default=None, sa_type=Json, nullable=True)
    #: None: all of the workspace
    course_id: str | None = Field(default=None, foreign_key="course.id")
    #: of a JWT: for which lesson, and whose it is
    lesson_id: str | None = Field(default=None, foreign_key="lesson.id")
    person_id: str | None = Field(default=None, foreign_key="person.id")
    #: all three are wire time
    created_at: datetime = instant(nullable=False)
    expires_at: datetime | None = instant()
    revoked_at: datetime | None = instant()


class Room(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("account_id", "ref"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="platform_account.id")
    #: the platform's own id of the room
    ref: str
    #: when a delivery about it was last applied
    heard_at: datetime | None = instant()


class Course(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    key: str
    name: str
    room_id: str = Field(foreign_key="room.id", index=True)
    platform: str
    channel: str = ""
    staff_channel: str = ""
    zone: str = "UTC"
    join_url: str = ""
    #: the schedule as written, so that lessons can be laid out ahead again
    schedule: Any = Field(default=None, sa_type=Json, nullable=True)
    breaks: Any = Field(default=None, sa_type=Json, nullable=True)
    policy: Any = Field(default=None, sa_type=Json, nullable=True)
    coordinator_id: str | None = Field(default=None, foreign_key="person.id")
    #: every session of the room becomes a lesson
    from_sessions: bool = False
    created_at: datetime = instant(nullable=False)
    laid_out_until: datetime | None = instant()


class Person(SQLModel, table=True):
    __table_args__ = (
        Index("ix_person_email", "workspace_id", "email"),
        Index("ix_person_slack", "workspace_id", "slack_user_id"),
        Index("ix_person_external", "workspace_id", "external_id"),
        Index("ix_person_admin", "workspace_id", sqlite_where=text("is_admin = 1"), postgresql_where=text("is_admin")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    name: str
    #: normalised: trimmed, lower case; empty where unknown
    email: str = ""
    external_id: str = ""
    slack_user_id: str = ""
    #: IANA, as Slack last told; empty: the course's
    zone: str = ""
    language: str = ""
    is_admin: bool = False
    #: Slack says that the account is deactivated
    is_gone: bool = False
    #: when Slack was last asked about this person
    looked_up_at: datetime | None = instant()
    #: when they were told that attendance is recorded
    informed_at: datetime | None = instant()
    #: merging points, it rewrites no facts, so it can be undone
    merged_into: str | None = Field(default=None, foreign_key="person.id")


class Identity(SQLModel, table=True):
    """What somebody confirmed once: this value is this person, or nobody."""

    __table_args__ = (Index("ix_identity_value", "workspace_id", "kind", "value"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    account_id: str | None = Field(default=None, foreign_key="platform_account.id")
    #: None: all of the workspace
    course_id: str | None = Field(default=None, foreign_key="course.id")
    #: `LinkKind`
    kind: str
    value: str
    #: None: not a person
    person_id: str | None = Field(default=None, foreign_key="person.id")
    confirmed_by: str = ""
    confirmed_at: datetime = instant(nullable=False)
    withdrawn_at: datetime | None = instant()


class Enrolment(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("course_id", "person_id", "role", "from_on"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    course_id: str = Field(foreign_key="course.id", index=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    #: `Role`
    role: str
    registrant_id: str = Field(default="", index=True)
    #: dates in the course's zone, both inclusive; None is open
    from_on: date | None = None
    until_on: date | None = None


class JoinLink(SQLModel, table=True):
    """That somebody's personal way into a course was made anew; who has no row has the first one."""

    __tablename__ = "join_link"

    course_id: str = Field(foreign_key="course.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    #: the only one that is good
    generation: int
    renewed_at: datetime = instant(nullable=False)


class Registrant(SQLModel, table=True):
    """Somebody whom we register for a room, and the link that its platform gave us for them."""

    room_id: str = Field(foreign_key="room.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    #: the platform's id of the registration; empty: there is none yet
    registrant_id: str = Field(default="", index=True)
    #: the link, encrypted: whoever has it comes in under this person's name
    sealed_url: str = Field(default="", sa_type=Text)
    made_at: datetime | None = instant()
    #: when the platform is to be asked; None: it need not
    due_at: datetime | None = instant(index=True)
    #: how often it was asked in vain, and its last answer
    attempts: int = 0
    error: str = ""


class Lesson(SQLModel, table=True):
    __table_args__ = (
        # In the order in which they are looked at, chunk by chunk.
        Index("ix_lesson_due", "due_at", "id"),
        Index("ix_lesson_room_window", "room_id", "window_start"),
        Index("ix_lesson_course_start", "course_id", "planned_start"),
    )

    #: uuid5(course, schedule item, original local start): two replicas lay out the same row, a moved lesson keeps it
    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    course_id: str = Field(foreign_key="course.id")
    room_id: str = Field(foreign_key="room.id")
    #: which item of the schedule, and its original local start
    schedule_item: str = ""
    original_start: str = ""
    planned_start: datetime = instant(nullable=False)
    planned_end: datetime = instant(nullable=False)
    window_start: datetime = instant(nullable=False)
    window_end: datetime = instant(nullable=False)
    #: [[start, end], …] as RFC 3339; breaks are part of the plan
    breaks: Any = Field(default=None, sa_type=Json, nullable=True)
    #: stamped at the planned start: {"policy": …, "zone": …, "title": …}; None before
    stamp: Any = Field(default=None, sa_type=Json, nullable=True)
    #: `LessonState`, `Confirmation`, `Feed`
    state: str = "planned"
    confirmation: str = "confirmed"
    feed: str = "unknown"
    is_unplanned: bool = False
    #: over before it was imported: nothing is sent about it
    is_silent: bool = False
    cancelled_at: datetime | None = instant()
    #: counts every change of an input; a decision is kept only for the revision it was made from
    revision: int = 0
    #: when somebody must look next; None: never
    due_at: datetime | None = instant()
    #: looked at in vain: how often, and what was wrong
    failures: int = 0
    error: str = ""


class Delivery(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("account_id", "delivery_key"),
        Index("ix_delivery_waiting", "state", "id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    account_id: str = Field(foreign_key="platform_account.id")
    route: str
    delivery_key: str
    headers: str = Field(sa_type=Text)  # JSON, ASCII
    body: bytes = Field(sa_type=LargeBinary)
    received_at: datetime = instant(nullable=False)
    verified_at: datetime = instant(nullable=False)
    #: `DeliveryState`; the database fills in how each begins, so that the door need not tell it
    state: str = Field(default="received", sa_column_kwargs={"server_default": "received"})
    #: one sentence
    error: str = Field(default="", sa_column_kwargs={"server_default": text("''")})
    applied_at: datetime | None = instant()


class Session(SQLModel, table=True):
    """One live run of a room. Its times are caches: least and greatest of what events told, whatever their order."""

    __table_args__ = (UniqueConstraint("account_id", "ref"), Index("ix_session_room", "room_id", "open_until"))

    id: str = Field(default_factory=new_id, primary_key=True)
    account_id: str = Field(foreign_key="platform_account.id")
    room_id: str = Field(foreign_key="room.id")
    ref: str
    #: earliest and latest instant that any event of it names
    first_at: datetime = instant(nullable=False)
    last_at: datetime = instant(nullable=False)
    joined_at: datetime | None = instant()
    ended_at: datetime | None = instant()
    #: until when lessons see it: see `SessionRow.open_until`
    open_until: datetime = instant(nullable=False)
    #: outside the timetable: when somebody must look next whether it is a lesson; None: never
    due_at: datetime | None = instant(index=True)


class Connection(SQLModel, table=True):
    """One device of a participant: a cache of who it was, for questions and for the API; the events are the facts."""

    __table_args__ = (UniqueConstraint("session_id", "ref"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    session_id: str = Field(foreign_key="session.id")
    ref: str
    #: every name and user id it was seen with
    names: Any = Field(default=None, sa_type=Json, nullable=True)
    user_ids: Any = Field(default=None, sa_type=Json, nullable=True)
    email: str = ""
    registrant_id: str = ""
    is_host: bool = False


class Stranger(SQLModel, table=True):
    """An e-mail in a session that was nobody's whom we knew: Slack is asked whose it is."""

    workspace_id: str = Field(foreign_key="workspace.id", primary_key=True)
    email: str = Field(primary_key=True)
    session_id: str = Field(foreign_key="session.id", primary_key=True)
    #: from when on Slack is to be asked; None: it has answered, whatever it said
    due_at: datetime | None = instant(index=True)
    asked_at: datetime | None = instant()


class PresenceEvent(SQLModel, table=True):
    __tablename__ = "presence_event"
    __table_args__ = (
        UniqueConstraint("session_id", "who", "kind", "occurred_at"),
        Index(
            "ix_presence_event_delayed",
            "received_at",
            # As SQLAlchemy writes the condition: SQLite compares the words.
            sqlite_where=text("is_delayed = 1"),
            postgresql_where=text("is_delayed"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    session_id: str = Field(foreign_key="session.id")
    delivery_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="delivery.id")
    #: `PresenceEvent.who`: the connection, or where the platform names none, the person's handle
    who: str
    connection: str | None = None
    #: `PresenceEvent.number`
    number: str = ""
    #: `EventKind`
    kind: str
    occurred_at: datetime = instant(nullable=False)
    received_at: datetime = instant(nullable=False)
    #: `Handle`, and what only some events tell
    name: str = ""
    email: str = ""
    user_id: str = ""
    registrant_id: str = ""
    external_id: str = ""
    role: str = ""
    is_host: bool = False
    lost: bool = False
    joined_at: datetime | None = instant()
    bound_to: str | None = None
    session_started_at: datetime | None = instant()
    planned_seconds: int | None = None
    is_time_assumed: bool = False
    #: it was told more than `LATE_DELIVERY` after it happened
    is_delayed: bool = False


class Record(SQLModel, table=True):
    """The platform's own intervals of a session; each version is kept."""

    __table_args__ = (UniqueConstraint("session_id", "fetched_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    session_id: str = Field(foreign_key="session.id")
    fetched_at: datetime = instant(nullable=False)
    source: str
    intervals: Any = Field(default=None, sa_type=Json, nullable=True)


class PresenceLogging(SQLModel, table=True):
    """Where the state machine of a lesson's presence checks stands; no row: nobody ever checked."""

    __tablename__ = "presence_logging"

    lesson_id: str = Field(foreign_key="lesson.id", primary_key=True)
    #: `RunState`
    state: str
    #: it starts by itself
    is_armed: bool = False
    #: the last look at which the bot ran and Slack answered
    well_at: datetime | None = instant()
    #: counts every change but those of answers; a decision is kept only for the revision it was made from
    revision: int = 0
    #: when somebody must look next; None: never
    due_at: datetime | None = instant(index=True)
    #: looked at in vain: how often, and what was wrong
    failures: int = 0
    error: str = ""


class RecordRequest(SQLModel, table=True):
    """When to ask a platform next for its record of a lesson."""

    __tablename__ = "record_request"

    lesson_id: str = Field(foreign_key="lesson.id", primary_key=True)
    #: the end of the last session of the lesson, from which the attempts are counted
    ended_at: datetime = instant(nullable=False)
    #: None: never
    due_at: datetime | None = instant(index=True)
    #: attempts that were made, and answers in a row that were none
    made: int = 0
    tries: int = 0
    #: wire time
    lease_until: datetime | None = instant()
    #: why the last answer was none
    error: str = ""


class RoomLook(SQLModel, table=True):
    """When to ask a platform who is in the room of a lesson, and what it showed."""

    __tablename__ = "room_look"

    lesson_id: str = Field(foreign_key="lesson.id", primary_key=True)
    #: None: not now
    due_at: datetime | None = instant(index=True)
    #: wire time
    lease_until: datetime | None = instant()
    #: when it was asked last, and why that was in vain
    asked_at: datetime | None = instant()
    error: str = ""
    #: when it answered last: how many were in, and when the last of them had come
    answered_at: datetime | None = instant()
    people: int = 0
    came_at: datetime | None = instant()


class PresenceCheck(SQLModel, table=True):
    """One run of asking, from enabling to its report."""

    __tablename__ = "presence_check"

    id: str = Field(default_factory=new_id, primary_key=True)
    lesson_id: str = Field(foreign_key="lesson.id", index=True)
    #: None: it started by itself
    creator_id: str | None = Field(default=None, foreign_key="person.id")
    #: `CheckSettings`
    settings: Any = Field(default=None, sa_type=Json, nullable=True)
    created_at: datetime = instant(nullable=False)
    #: its moments follow from it; the hash stands in the history since it was created
    seed: str
    seed_hash: str
    started_at: datetime | None = instant()
    #: `StartReason`, `EndReason`; empty: not yet
    start_reason: str = ""
    ended_at: datetime | None = instant()
    end_reason: str = ""
    #: its report is made, or there is none to make
    is_over: bool = False
    #: of the report, and its name
    asset_id: str = ""
    filename: str = ""
    #: why there is no report
    trouble: str = ""


class Checkpoint(SQLModel, table=True):
    """One question in a presence check."""

    __table_args__ = (UniqueConstraint("presence_check_id", "draw"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    presence_check_id: str = Field(foreign_key="presence_check.id")
    #: which draw of the seed gave its moment
    draw: int
    #: counts from 1 in the order of asking; 0: not asked
    number: int = 0
    #: `CheckpointState`
    state: str
    planned_at: datetime = instant(nullable=False)
    opened_at: datetime | None = instant()
    closed_at: datetime | None = instant()
    #: None: open until the next one
    window_seconds: int | None = None
    #: what a trainer says aloud
    word: str = ""


class Answer(SQLModel, table=True):
    """A student's, to a checkpoint."""

    checkpoint_id: str = Field(foreign_key="checkpoint.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    #: `AnswerState`
    state: str
    #: counts only if confirmed
    is_optional: bool = False
    window_seconds: int | None = None
    asked_at: datetime | None = instant()
    deadline: datetime | None = instant()
    at: datetime | None = instant()
    #: `Via`, or empty
    via: str = ""
    #: who waived it or accepted it, when and why
    decided_by: str = ""
    decided_at: datetime | None = instant()
    reason: str = ""
    disputed_at: datetime | None = instant()


class AnswerTime(SQLModel, table=True):
    """A student who has longer to answer in one course, because a trainer said so."""

    __tablename__ = "answer_time"

    course_id: str = Field(foreign_key="course.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True)
    seconds: int
    given_by: str
    given_at: datetime = instant(nullable=False)


class CheckEvent(SQLModel, table=True):
    """What sockets are told of a presence check, in this order."""

    __tablename__ = "check_event"
    __table_args__ = (Index("ix_check_event_lesson", "lesson_id", "id"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    lesson_id: str = Field(foreign_key="lesson.id")
    #: the protocol's message word
    kind: str
    #: creator, participants, all, or a person's id
    recipient: str
    #: the other fields of the message
    facts: Any = Field(default=None, sa_type=Json, nullable=True)
    checkpoint_id: str | None = None
    at: datetime = instant(nullable=False, index=True)


class Socket(SQLModel, table=True):
    """Somebody's open socket in one lesson; one that is closed is remembered for a while, for those who ask why."""

    __table_args__ = (Index("ix_socket_lesson", "lesson_id", "left_at"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    lesson_id: str = Field(foreign_key="lesson.id")
    person_id: str = Field(foreign_key="person.id")
    is_owner: bool = False
    #: the run of the room that it belongs to: the id of the socket that opened an empty room
    session: str
    joined_at: datetime = instant(nullable=False)
    #: until when we know that it was open
    seen_at: datetime = instant(nullable=False)
    #: wire time: after it nobody holds the socket any more, because its process died
    lease_until: datetime = instant(nullable=False, index=True)
    left_at: datetime | None = instant()
    left_reason: str = ""


class Correction(SQLModel, table=True):
    """What a person changed or said about one lesson: appended, withdrawn by another, never edited."""

    __table_args__ = (
        Index("ix_correction_lesson", "lesson_id", "at"),
        Index(
            "ix_correction_substitute",
            "at",
            sqlite_where=text("kind = 'substitute'"),
            postgresql_where=text("kind = 'substitute'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    lesson_id: str = Field(foreign_key="lesson.id")
    #: `CorrectionKind`, or `WITHDRAWN` for one that only takes another back
    kind: str
    at: datetime = instant(nullable=False)
    actor: str
    person_id: str | None = Field(default=None, foreign_key="person.id")
    during_start: datetime | None = instant()
    during_end: datetime | None = instant()
    session_ref: str | None = None
    connection_ref: str | None = None
    person_ids: Any = Field(default=None, sa_type=Json, nullable=True)
    note: str = ""
    #: `CorrectionKind` of what a refusal refuses
    answers: str = ""
    #: the correction that this one takes back
    withdraws: str | None = Field(default=None, foreign_key="correction.id", index=True)
    #: a second press of the same button gives the same key and changes nothing
    press_key: str | None = Field(default=None, unique=True)


class History(SQLModel, table=True):
    """One link of the workspace's chain: ids and facts, no names."""

    __table_args__ = (Index("ix_history_subject", "workspace_id", "subject"),)

    workspace_id: str = Field(foreign_key="workspace.id", primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = instant(nullable=False)
    actor: str
    action: str
    subject: str
    facts: Any = Field(default=None, sa_type=Json, nullable=True)
    #: sha256(salt ‖ value) of what is personal; value and salt stand in `history_secret`
    commitment: str = ""
    previous_hash: str = ""
    hash: str


class HistorySecret(SQLModel, table=True):
    """What a history entry commits to; deleted when a person is erased, and the chain still verifies."""

    __tablename__ = "history_secret"

    workspace_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    person_id: str | None = Field(default=None, index=True)
    salt: str
    value: str = Field(sa_type=Text)


class Sheet(SQLModel, table=True):
    """A sheet written down whole: read from here, never recomputed."""

    lesson_id: str = Field(foreign_key="lesson.id", primary_key=True)
    version: int = Field(primary_key=True)
    state: str
    at: datetime = instant(nullable=False)
    rules_version: int
    #: canonical JSON
    body: str = Field(sa_type=Text)
    sha256: str
    #: what lists say of the lesson, as JSON: a body with all its people is read only where they are shown
    lesson: str = Field(sa_type=Text)


class Asset(SQLModel, table=True):
    """A document that was made once and is kept: what it is; its bytes are in a file beside the database."""

    #: follows from what it is made from, so that making it twice is making it once
    id: str = Field(primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id", index=True)
    lesson_id: str = Field(foreign_key="lesson.id", index=True)
    presence_check_id: str | None = Field(default=None, foreign_key="presence_check.id")
    #: `AssetKind`
    kind: str
    file_name: str
    media_type: str
    #: bytes; and SHA-256 of them
    size: int
    sha256: str
    version: int = 1
    made_at: datetime = instant(nullable=False)


class Attended(SQLModel, table=True):
    """One student's line of the newest sheet of a lesson: what the course's sums are made of, without the sheet."""

    lesson_id: str = Field(foreign_key="lesson.id", primary_key=True)
    person_id: str = Field(foreign_key="person.id", primary_key=True, index=True)
    #: "held" or "planned": what its verdict counts against
    basis: str
    #: `Verdict`, and the `Flag`s beside it
    verdict: str
    flags: Any = Field(default=None, sa_type=Json, nullable=True)
    late_seconds: int | None = None
    attended_planned: int
    attended_held: int
    base_planned: int
    base_held: int
    #: the lesson's own length
    lesson_planned: int
    lesson_held: int


class Message(SQLModel, table=True):
    """One row per message that exists or should exist in Slack, not per call."""

    __table_args__ = (
        # In this order, so that it finds the messages of a lesson too.
        UniqueConstraint("subject", "kind", "recipient", "workspace_id"),
        Index("ix_message_due", "state", "due_at"),
        Index(
            "ix_message_rejected",
            "called_at",
            sqlite_where=text("state = 'rejected'"),
            postgresql_where=text("state = 'rejected'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    workspace_id: str = Field(foreign_key="workspace.id")
    #: `MessageKind`
    kind: str
    #: the lesson's id, or which trouble of which account or channel it tells of
    subject: str
    #: a person's id, or `#channel` name or id
    recipient: str
    #: what should stand: arguments of the message function named by the kind; None: nothing
    desired: Any = Field(default=None, sa_type=Json, nullable=True)
    desired_revision: int = 0
    sent_revision: int = 0
    #: where it stands
    channel: str = ""
    ts: str = ""
    #: when it was posted; an edit does not change it
    sent_at: datetime | None = instant()
    #: when Slack last answered about it; an edit gap counts from here
    called_at: datetime | None = instant()
    #: id of the message whose thread it belongs to
    thread_of: str | None = None
    due_at: datetime | None = instant()
    #: not posted after this; an edit of what stands has no such end
    not_after: datetime | None = instant()
    #: an edit waits this long after the last call
    edit_gap_seconds: int = 0
    #: smaller is sooner
    priority: int = 5
    #: calls in vain since the last one that Slack took
    attempts: int = 0
    #: wire time
    lease_until: datetime | None = instant()
    #: `MessageState`
    state: str = "waiting"
    error: str = ""


class Attempt(SQLModel, table=True):
    """One call to Slack for a message, or that there will be none."""

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    message_id: str = Field(foreign_key="message.id", index=True)
    at: datetime = instant(nullable=False)
    #: empty where Slack was not called
    method: str
    #: "ok", Slack's error code, or why it was not called
    outcome: str


class Pacing(SQLModel, table=True):
    """A bucket of Slack's rate limits: a row, so that a restart or a second replica does not double the rate."""

    workspace_id: str = Field(foreign_key="workspace.id", primary_key=True)
    #: "chat.update" or "chat.postMessage:C123"
    bucket: str = Field(primary_key=True)
    #: the moment up to which the rate is used up
    used_until: datetime = instant(nullable=False)
