"""Who must be told what: the decision of the ladder, as data.

A wanted message names a message function of `bot/messages` and its arguments. The words are made when it is sent, in
the reader's language and zone. In these arguments instants are whole seconds of the UNIX epoch, because they are kept
as JSON and shown by Slack in each reader's own zone; lengths are seconds.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum, unique
from typing import Any, Final, Literal, NotRequired, TypedDict

from msgspec import Struct


@unique
class MessageKind(StrEnum):
    """One message function each; the row's identity is (workspace, kind, lesson, recipient)."""

    # to a student
    REMINDER_1 = "reminder_1"
    REMINDER_2 = "reminder_2"
    PROMISE_OVER = "promise_over"  # the promised time has come
    LOST_YOU = "lost_you"
    CANCELLED_DM = "cancelled_dm"  # to those who had been reminded
    # Each has a second row: what is new is a new message, because an edit notifies nobody, and the earlier one goes.
    VERDICT_CHANGED = "verdict_changed"
    VERDICT_CHANGED_AGAIN = "verdict_changed_again"
    DISPUTE_SETTLED = "dispute_settled"
    DISPUTE_SETTLED_AGAIN = "dispute_settled_again"
    # … about one question of a presence check, whose id stands in the place of the lesson's
    CHECK_QUESTION = "check_question"
    # to a trainer
    TRAINER_MISSING = "trainer_missing"
    TRAINER_CARD = "trainer_card"
    LET_THEM_IN = "let_them_in"
    DID_IT_TAKE_PLACE = "did_it_take_place"
    WAS_THIS_A_LESSON = "was_this_a_lesson"
    # … about one presence check, whose id stands in the place of the lesson's
    CHECK_CARD = "check_card"
    # to the coordinator
    COORDINATOR_TRAINER_MISSING = "coordinator_trainer_missing"
    COORDINATOR_NOT_HELD = "coordinator_not_held"
    # to the admins
    FEED_SILENT = "feed_silent"
    # … and about no lesson: of a platform account, of a channel
    DELIVERIES_REFUSED = "deliveries_refused"
    DELIVERIES_LATE = "deliveries_late"
    SLACK_REFUSED = "slack_refused"
    # to a channel
    TRAINER_LATE = "trainer_late"
    CANCELLED = "cancelled"
    BOARD = "board"
    SUMMARY = "summary"
    # files in the thread of a summary, and of a presence check's card
    SUMMARY_FILES = "summary_files"
    SUMMARY_REPORTS = "summary_reports"
    CHECK_REPORT = "check_report"


#: Smaller is sooner: late students, then escalations, then the board, then the summary (slack.md, section 2.2).
PRIORITY: Mapping[MessageKind, int] = {
    MessageKind.REMINDER_1: 1,
    MessageKind.REMINDER_2: 1,
    MessageKind.PROMISE_OVER: 1,
    MessageKind.LOST_YOU: 1,
    MessageKind.CANCELLED_DM: 1,
    MessageKind.TRAINER_MISSING: 1,
    MessageKind.CHECK_QUESTION: 1,
    MessageKind.LET_THEM_IN: 2,
    MessageKind.COORDINATOR_TRAINER_MISSING: 2,
    MessageKind.TRAINER_LATE: 2,
    MessageKind.TRAINER_CARD: 2,
    MessageKind.CHECK_CARD: 2,
    MessageKind.FEED_SILENT: 2,
    MessageKind.DELIVERIES_REFUSED: 5,
    MessageKind.DELIVERIES_LATE: 5,
    MessageKind.SLACK_REFUSED: 5,
    MessageKind.CANCELLED: 3,
    MessageKind.BOARD: 4,
    MessageKind.SUMMARY: 4,
    MessageKind.CHECK_REPORT: 5,
    MessageKind.SUMMARY_FILES: 6,
    MessageKind.SUMMARY_REPORTS: 6,
    MessageKind.DID_IT_TAKE_PLACE: 5,
    MessageKind.WAS_THIS_A_LESSON: 5,
    MessageKind.COORDINATOR_NOT_HELD: 5,
    MessageKind.VERDICT_CHANGED: 6,
    MessageKind.VERDICT_CHANGED_AGAIN: 6,
    MessageKind.DISPUTE_SETTLED: 6,
    MessageKind.DISPUTE_SETTLED_AGAIN: 6,
}


#: … and an edit of it, where that is less urgent: a class that misses a question does not keep the board waiting.
EDIT_PRIORITY: Mapping[MessageKind, int] = {**PRIORITY, MessageKind.CHECK_QUESTION: 6}

#: Files: making them takes seconds, so that they go by a lane of their own and hold up nobody's message.
FILES: Final = frozenset({MessageKind.SUMMARY_FILES, MessageKind.SUMMARY_REPORTS, MessageKind.CHECK_REPORT})


class Wanted(Struct, frozen=True, kw_only=True):
    """What should stand in Slack for one (kind, lesson, recipient)."""

    kind: MessageKind
    #: a person's id, or a channel's name or id
    recipient: str
    #: arguments of the message function as JSON; None: nothing should stand, what stands is deleted
    content: Mapping[str, Any] | None
    #: not before this
    due_at: datetime
    #: a first posting after this is skipped; None: always worth posting
    not_after: datetime | None = None
    #: what stands or waits already is left as it is
    only_if_new: bool = False
    #: an edit waits at least this many seconds after the last sending, so that edits coalesce
    edit_gap_seconds: int = 0


class About(TypedDict):
    """Of which lesson a message speaks; part of every content."""

    lesson_id: str
    title: str
    start: int
    end: int
    zone: str
    platform: str
    join_url: str


class Notice(TypedDict):
    """That attendance is recorded: part of the first message that a student ever gets, whichever it is."""

    #: how long it is kept
    kept_days: int
    #: other students read names in the course's channel; otherwise counts
    names_in_channel: bool


class ToStudent(TypedDict):
    """Part of every content that may be the first one that a student gets."""

    notice: NotRequired[Notice]


#: What a missing student said by a button.
Said = Literal["", "on_my_way", "technical_problem", "cannot_come", "in_already"]


class ReminderContent(ToStudent):
    """REMINDER_1, REMINDER_2 and PROMISE_OVER: one message, edited through its life."""

    about: About
    stage: Literal["missing", "joined", "excused", "over", "cancelled"]
    said: Said
    #: of *on my way*
    promised_at: int | None
    joined_at: int | None
    #: None: not late
    late_seconds: int | None
    #: False: "we do not see you yet", never "you are missing"
    is_feed_proven: bool
    #: somebody unrecognised is in the room: offer *I am in already*
    can_say_in: bool
    #: the step of the ladder, from the planned start: "Python 101 started 3 min ago"; without it the start is named
    after_seconds: NotRequired[int]
    #: the feed is silent: nobody could be seen
    no_data_since: NotRequired[int]


class LostYouContent(ToStudent):
    """LOST_YOU."""

    about: About
    stage: Literal["lost", "back", "over", "cancelled"]
    said: Said
    lost_at: int
    back_at: int | None


class Candidate(TypedDict):
    """Somebody unrecognised in the room, who may be the one that is missed."""

    #: `Stranger.subject`
    subject: str
    #: empty for who has none
    name: str
    joined_at: int | None


class TrainerMissingContent(TypedDict):
    """TRAINER_MISSING, to each trainer of the lesson."""

    about: About
    stage: Literal["missing", "here", "cancelled", "over"]
    students_here: int
    #: all who wait for the trainer, in the room or in its waiting room
    students_waiting: int
    promised_at: int | None
    joined_at: int | None
    #: the host or somebody unrecognised in the room, hosts first: *Is "Room 4" you?*
    candidates: list[Candidate]
    #: name of who teaches instead, if somebody was picked
    substitute: str


class CoordinatorContent(TypedDict):
    """COORDINATOR_TRAINER_MISSING and COORDINATOR_NOT_HELD."""

    about: About
    stage: Literal["missing", "here", "cancelled", "over", "not_held"]
    trainers: list[str]
    students_here: int
    promised_at: int | None
    joined_at: int | None
    #: False: "no trainer seen yet", never "no trainer came"
    is_feed_proven: bool
    #: the feed is silent: nobody could be seen
    no_data_since: NotRequired[int]


class TrainerLateContent(TypedDict):
    """TRAINER_LATE: one calm line to the students in the channel."""

    about: About
    stage: Literal["waiting", "here", "over"]
    promised_at: int | None
    joined_at: int | None
    is_feed_proven: bool


class MissingPerson(TypedDict):
    """One line of the trainer's card."""

    person_id: str
    name: str
    said: Said
    promised_at: int | None
    #: the reason, or the name they say they are in under
    note: str
    #: False: has no Slack account
    is_reachable: bool


class SeenPerson(TypedDict):
    """Somebody and since when."""

    #: empty for somebody unrecognised
    person_id: str
    name: str
    at: int


class Choice(TypedDict):
    """A person to pick."""

    person_id: str
    name: str


class OpenQuestion(TypedDict):
    """One open question with its buttons; `kind` is a `QuestionKind`."""

    kind: str
    subject: str
    name: str
    suggestions: list[Choice]
    #: of whom there is no room among `suggestions`
    more_suggestions: NotRequired[int]
    seconds: int
    note: str
    #: of somebody without a name
    joined_at: NotRequired[int]


class TrainerCardContent(TypedDict):
    """TRAINER_CARD: who is missing, who said what; one card, edited as people come."""

    about: About
    stage: Literal["live", "over"]
    missing: list[MissingPerson]
    #: lost for longer than `dropped_after`
    lost: list[SeenPerson]
    #: were missing or lost on an earlier version of the card, and came
    arrived: list[SeenPerson]
    questions: list[OpenQuestion]
    #: that are open too, and not among `questions`
    more_questions: NotRequired[int]
    feed: str
    #: False: "not seen yet", never "missing"
    is_feed_proven: bool


class LetThemInContent(TypedDict):
    """LET_THEM_IN."""

    about: About
    stage: Literal["waiting", "done"]
    #: who has waited longest
    waiting: list[SeenPerson]
    more_waiting: NotRequired[int]


class DidItTakePlaceContent(TypedDict):
    """DID_IT_TAKE_PLACE; `answer` is a `CorrectionKind` or empty."""

    about: About
    students_there: int
    held_seconds: int
    planned_seconds: int
    answer: str
    answered_by: str
    answered_at: NotRequired[int]


class WasThisALessonContent(TypedDict):
    """WAS_THIS_A_LESSON, about an unplanned lesson."""

    about: About
    people: int
    answer: str
    answered_by: str
    answered_at: NotRequired[int]


class FeedSilentContent(TypedDict):
    """FEED_SILENT, to the admins, once."""

    about: About
    stage: Literal["silent", "proven", "over"]
    why: Literal["never_delivered", "pressed_but_unseen", "late_deliveries", "seen_by_platform"]
    since: int
    #: how many the platform showed when it was asked, and when that was
    seen: NotRequired[int]
    seen_at: NotRequired[int]


class DeliveriesRefusedContent(TypedDict):
    """DELIVERIES_REFUSED, to the admins, once for each trouble."""

    platform: str
    #: name of the platform account; empty: the one of the settings
    account: str
    stage: Literal["refused", "over"]
    #: requests that no secret proved, and when the first of them came
    count: int
    since: int
    #: others came meanwhile that were proven
    has_good: bool


class DeliveriesLateContent(TypedDict):
    """DELIVERIES_LATE, to the admins, once for each trouble."""

    platform: str
    account: str
    stage: Literal["late", "over"]
    since: int
    #: how long after what it tells the last one came
    delay_seconds: int


class SlackRefusedContent(TypedDict):
    """SLACK_REFUSED, to the admins, at most once a day for a channel."""

    #: a name with `#`, or an id
    channel: str
    stage: Literal["refused", "over"]
    #: Slack's own word
    code: str


class CancelledContent(ToStudent):
    """CANCELLED and CANCELLED_DM."""

    about: About
    reason: str
    #: person's name
    by: str


class BoardContent(TypedDict):
    """BOARD: the live message of a running lesson."""

    about: About
    state: Literal["open", "live", "over", "cancelled"]
    expected: int
    #: names, by group; in a course that shows counts only the names are empty texts
    here: list[str]
    waiting: list[str]
    dropped: list[str]
    on_the_way: list[str]
    missing: list[str]
    excused: list[str]
    strangers: list[str]
    more_strangers: NotRequired[int]
    has_trainer: bool
    feed: str
    #: False: "not seen yet", never "missing"
    is_feed_proven: bool
    #: end of the break that runs now
    break_until: int | None
    shows_names: bool


class SummaryRow(TypedDict):
    """One student on the summary; `verdict` and `flags` are those of the sheet."""

    person_id: str
    name: str
    verdict: str
    flags: list[str]
    late_seconds: int | None
    joined_at: int | None
    left_at: int | None
    attended_seconds: int
    base_seconds: int
    #: tenths of a percent on the course's basis
    permille: int | None
    waited_seconds: int
    assumed_seconds: int
    asked_excuse: bool
    #: somebody settled it: no buttons
    is_settled: bool
    #: their name, and when: "Excused by Grace Hopper, 18:31"
    settled_by: NotRequired[str]
    settled_at: NotRequired[int]


class DifferenceRow(TypedDict):
    """Somebody for whom the platform's record has another length than its webhooks told."""

    name: str
    webhooks_seconds: int
    record_seconds: int


class MeetingFacts(TypedDict):
    """What the platform itself kept of a lesson: recordings, and how much it asked."""

    #: addresses
    recordings: list[str]
    quizzes: int
    polls: int
    #: answers to quizzes of which the right one is known, and how many were right
    answers: int
    right: int


class SummaryContent(TypedDict):
    """SUMMARY: the message that shows a sheet in Slack."""

    about: About
    #: "live": the lesson went on after it had seemed to end; there are no rows until it ends again
    state: str
    confirmation: str
    feed: str
    record: str
    planned_seconds: int
    held_seconds: int
    rows: list[SummaryRow]
    not_enrolled: list[str]
    more_not_enrolled: NotRequired[int]
    #: with seconds in the room
    questions: list[OpenQuestion]
    more_questions: NotRequired[int]
    #: where webhooks and the platform's record disagree; left out where they do not
    differences: NotRequired[list[DifferenceRow]]
    more_differences: NotRequired[int]
    #: what the platform's record tells beside attendance; left out where there is none
    meeting: NotRequired[MeetingFacts]
    #: False: counts only
    shows_names: bool
    #: the lesson had ended before and went on
    has_reopened: bool
    version: int
    sha256: str
    is_unplanned: bool


class SummaryFilesContent(TypedDict):
    """SUMMARY_FILES: the documents of one version of a sheet, in the thread of its summary."""

    about: About
    version: int
    sha256: str


class KeptReport(TypedDict):
    """A document that is kept."""

    asset_id: str
    name: str


class ReportsContent(TypedDict):
    """SUMMARY_REPORTS and CHECK_REPORT: participation reports, in the thread of a summary or of a check's card."""

    about: About
    reports: list[KeptReport]


class VerdictChangedContent(ToStudent):
    """VERDICT_CHANGED and VERDICT_CHANGED_AGAIN, to a student about the own verdict, once per version."""

    about: About
    old: str
    new: str
    permille: int | None
    note: str


class DisputeSettledContent(ToStudent):
    """DISPUTE_SETTLED and DISPUTE_SETTLED_AGAIN, to the student who said *This is wrong* or asked to be excused."""

    about: About
    about_what: Literal["dispute", "excuse"]
    is_accepted: bool
    #: why not, in the words of who decided
    reason: str
    #: person's name
    by: str
    at: int
    #: the verdict now
    verdict: str
    permille: int | None


class CheckQuestionContent(ToStudent):
    """CHECK_QUESTION: one question to one student, its whole life in one message.

    While it is *asked* nothing in it changes: its deadline is counted from its own delivery, and so made when the words
    are.
    """

    about: About
    checkpoint_id: str
    stage: Literal[
        "asked",
        "confirmed",
        "missed",
        "late",
        "disputed",
        "accepted",
        "waived",
        "disconnected",
        "void",
        "cancelled",
    ]
    #: how long this student has from the delivery; None: until the next question
    window_seconds: int | None
    #: when it was answered
    at: NotRequired[int]
    #: of a question that is asked, only where it was put off after an outage
    deadline: NotRequired[int]
    via: NotRequired[Literal["button", "code", "web"]]
    #: name of who accepted or waived it, and why
    by: NotRequired[str]
    reason: NotRequired[str]


class AnswerCounts(TypedDict):
    """The answers to one question, by their states; `asked` are all of them."""

    asked: int
    awaited: int
    confirmed: int
    late: int
    missed: int
    disconnected: int
    undelivered: int
    waived: int
    void: int


class OpenCheckpoint(TypedDict):
    """The question that is open now."""

    number: int
    opened_at: int
    #: the last deadline of those who were asked so far; None: until the next question
    closes_at: int | None
    #: what the trainer says aloud for who cannot press the button
    word: str


class AnsweredLate(TypedDict):
    """Somebody who pressed *I was there*: late within twice the window, a dispute after that."""

    checkpoint_id: str
    number: int
    person_id: str
    name: str
    at: int
    is_dispute: bool


class CheckCardContent(TypedDict):
    """CHECK_CARD, to each trainer of the lesson: one presence check as it runs."""

    about: About
    check_id: str
    #: `nothing_left`: no moment of its plan is to come, and nobody was asked
    stage: Literal["waiting", "preparing", "nothing_left", "asking", "between", "over", "cancelled"]
    #: False: asked once, at once
    is_series: bool
    started: Literal["", "autostart", "first_participant_joined", "started_manually"]
    #: name of who started it; empty: it started by itself
    started_by: str
    ended: Literal["", "last_participant_left", "creator_left", "stopped_manually"]
    #: of the newest question, and how many there were
    counts: AnswerCounts
    questions: int
    #: how many could not be asked in time
    cancelled: int
    open_now: OpenCheckpoint | None
    #: names of who has not confirmed the newest question
    unconfirmed: list[str]
    more_unconfirmed: NotRequired[int]
    late: list[AnsweredLate]
    more_late: NotRequired[int]
    #: there is somebody whose missed or late answer can be waived
    can_waive: bool
    #: so few questions that each has to be confirmed
    none_may_be_missed: bool
    #: who did not keep to the rule; known when the check is over
    failed: list[str]
    more_failed: NotRequired[int]
    #: why there is no report, in a word of the protocol; empty: nothing is wrong
    trouble: str
