"""Every kind of message at every stage, and the first line that people read of it: the handbook of what Rollcall says."""

import re
from dataclasses import dataclass
from typing import Any

from bot.attendance.wanted import MessageKind as Kind
from tests.bot.messages.contents import (
    ABSENT_KAY,
    EARLY_EVE,
    LATE_BOB,
    NOTICE,
    QUESTIONS,
    WHO_IS_THE_IPAD,
    Content,
    a_board,
    a_cancelled,
    a_card,
    a_check_card,
    a_coordinator,
    a_did_it_take_place,
    a_dispute_settled,
    a_feed_silent,
    a_let_them_in,
    a_lost_you,
    a_missing_person,
    a_question_to_ada,
    a_reminder,
    a_row,
    a_summary,
    a_trainer_late,
    a_trainer_missing,
    a_verdict_changed,
    a_was_this_a_lesson,
    about,
    answered_late,
    candidate,
    check_counts,
    clock,
    deliveries_late,
    deliveries_refused,
    reports,
    seen,
    slack_refused,
    summary_files,
)


@dataclass(frozen=True)
class Case:
    """One message: what is wanted, and its first line."""

    name: str
    kind: Kind
    content: Content
    first_line: str
    options: dict[str, Any] | None = None

    def __str__(self) -> str:
        """The name as it stands in the name of a snapshot's file."""
        return re.sub("[^a-z0-9]+", "_", self.name.lower())


NO_ANSWER = "Missed: no answer by 19:05"


def answered(stage: str, **changes: Any) -> Content:
    return a_question_to_ada(stage=stage, **{"at": clock(61), **changes})


def promised(**changes: Any) -> Content:
    return a_reminder(said="on_my_way", promised_at=clock(10), **changes)


A_STUDENT_READS = [
    Case("reminder", Kind.REMINDER_1, a_reminder(), "Python 101 started 3 min ago"),
    Case("second reminder", Kind.REMINDER_2, a_reminder(after_seconds=480), "Python 101 started 8 min ago"),
    Case("reminder without its step", Kind.REMINDER_1, a_reminder(after_seconds=None), "Python 101 started at 18:00"),
    Case(
        "first reminder ever, somebody unknown in the room",
        Kind.REMINDER_1,
        a_reminder(can_say_in=True, notice=NOTICE),
        "Python 101 started 3 min ago",
    ),
    Case("reminder, feed unknown", Kind.REMINDER_1, a_reminder(is_feed_proven=False), "Python 101 started 3 min ago"),
    Case(
        "reminder without a link",
        Kind.REMINDER_1,
        a_reminder(about=about(join_url="")),
        "Python 101 started 3 min ago",
    ),
    Case("on my way", Kind.REMINDER_1, promised(), "Python 101: you are expected at 18:10"),
    Case(
        "technical problem",
        Kind.REMINDER_1,
        a_reminder(said="technical_problem"),
        "Python 101: your trainer knows of your technical problem",
    ),
    Case(
        "can't come",
        Kind.REMINDER_1,
        a_reminder(said="cannot_come"),
        "Python 101: your trainer knows that you can't come",
    ),
    Case(
        "in already",
        Kind.REMINDER_1,
        a_reminder(said="in_already", can_say_in=True),
        "Python 101: your trainer is asked if you are in already",
    ),
    Case("the promised time has come", Kind.PROMISE_OVER, promised(), "Python 101: you wanted to be here by 18:10"),
    Case(
        "joined late",
        Kind.REMINDER_1,
        a_reminder(stage="joined", joined_at=clock(7), late_seconds=430),
        "You joined at 18:07, 7 min late",
    ),
    Case("joined in time", Kind.REMINDER_1, a_reminder(stage="joined", joined_at=clock(4)), "You joined at 18:04"),
    Case("joined, not known when", Kind.REMINDER_1, a_reminder(stage="joined"), "You are in"),
    Case("excused", Kind.REMINDER_1, a_reminder(stage="excused"), "You are excused from Python 101"),
    Case("over, unheard", Kind.REMINDER_2, a_reminder(stage="over", is_feed_proven=False), "Python 101 is over"),
    Case(
        "over, silent",
        Kind.REMINDER_2,
        a_reminder(stage="over", is_feed_proven=False, no_data_since=clock(2)),
        "Python 101 is over",
    ),
    Case("over", Kind.REMINDER_2, a_reminder(stage="over", can_say_in=True), "Python 101 is over"),
    Case(
        "over, asked to be excused", Kind.REMINDER_2, a_reminder(stage="over", said="cannot_come"), "Python 101 is over"
    ),
    Case("cancelled", Kind.REMINDER_1, a_reminder(stage="cancelled"), "Python 101 at 18:00 is cancelled"),
    Case("lost you", Kind.LOST_YOU, a_lost_you(), "Lost you at 18:31"),
    Case("lost you, first contact", Kind.LOST_YOU, a_lost_you(notice=NOTICE), "Lost you at 18:31"),
    Case("lost you, technical", Kind.LOST_YOU, a_lost_you(said="technical_problem"), "Lost you at 18:31"),
    Case("lost you, can't come back", Kind.LOST_YOU, a_lost_you(said="cannot_come"), "Lost you at 18:31"),
    Case(
        "back",
        Kind.LOST_YOU,
        a_lost_you(stage="back", back_at=clock(35)),
        "You are back since 18:35, after 4 min",
    ),
    Case(
        "back at once",
        Kind.LOST_YOU,
        a_lost_you(stage="back", back_at=clock(31)),
        "You are back since 18:31",
    ),
    Case("lost until the end", Kind.LOST_YOU, a_lost_you(stage="over"), "Python 101 is over"),
    Case("lost, cancelled", Kind.LOST_YOU, a_lost_you(stage="cancelled"), "Python 101 at 18:00 is cancelled"),
    Case("cancelled by", Kind.CANCELLED_DM, a_cancelled(), "Python 101 at 18:00 is cancelled"),
    Case(
        "verdict changed",
        Kind.VERDICT_CHANGED,
        a_verdict_changed(),
        "Your attendance of Python 101 is now: attended, 94.9 %",
    ),
    Case(
        "verdict changed, first contact, counts in the channel",
        Kind.VERDICT_CHANGED_AGAIN,
        a_verdict_changed(notice={"kept_days": 1, "names_in_channel": False}),
        "Your attendance of Python 101 is now: attended, 94.9 %",
    ),
    Case(
        "verdict changed, no percentage",
        Kind.VERDICT_CHANGED,
        a_verdict_changed(new="not_held", permille=None, note="The lesson was not held."),
        "Your attendance of Python 101 is now: lesson not held",
    ),
    Case(
        "a second dispute, accepted",
        Kind.DISPUTE_SETTLED_AGAIN,
        a_dispute_settled(),
        "Python 101: corrected by Grace Hopper, 21:10",
    ),
    Case("dispute accepted", Kind.DISPUTE_SETTLED, a_dispute_settled(), "Python 101: corrected by Grace Hopper, 21:10"),
    Case(
        "dispute declined",
        Kind.DISPUTE_SETTLED,
        a_dispute_settled(is_accepted=False, reason="The log shows no phone", verdict="absent", permille=0),
        "Python 101: left as it is by Grace Hopper, 21:10",
    ),
    Case(
        "excuse accepted",
        Kind.DISPUTE_SETTLED,
        a_dispute_settled(about_what="excuse", verdict="excused", permille=None),
        "Python 101: excused by Grace Hopper, 21:10",
    ),
    Case(
        "excuse declined",
        Kind.DISPUTE_SETTLED,
        a_dispute_settled(about_what="excuse", is_accepted=False, reason="Too late", verdict="absent", permille=0),
        "Python 101: not excused, says Grace Hopper, 21:10",
    ),
]

A_TRAINER_READS = [
    Case(
        "trainer missing",
        Kind.TRAINER_MISSING,
        a_trainer_missing(),
        "Your lesson has started, 14 students are waiting",
    ),
    Case(
        "one student waits",
        Kind.TRAINER_MISSING,
        a_trainer_missing(students_here=0, students_waiting=1),
        "Your lesson has started, 1 student is waiting",
    ),
    Case(
        "nobody waits",
        Kind.TRAINER_MISSING,
        a_trainer_missing(students_here=0, students_waiting=0),
        "Your lesson has started",
    ),
    Case(
        "is this you",
        Kind.TRAINER_MISSING,
        a_trainer_missing(candidates=[candidate("Room 4"), candidate("iPad")]),
        "Your lesson has started, 14 students are waiting",
    ),
    Case(
        "trainer on the way",
        Kind.TRAINER_MISSING,
        a_trainer_missing(promised_at=clock(10)),
        "You are expected at 18:10, 14 students are waiting",
    ),
    Case(
        "trainer on the way to nobody",
        Kind.TRAINER_MISSING,
        a_trainer_missing(promised_at=clock(10), students_here=0, students_waiting=0),
        "You are expected at 18:10",
    ),
    Case(
        "trainer here", Kind.TRAINER_MISSING, a_trainer_missing(stage="here", joined_at=clock(4)), "You joined at 18:04"
    ),
    Case("trainer here, not known since when", Kind.TRAINER_MISSING, a_trainer_missing(stage="here"), "You are in"),
    Case(
        "somebody else teaches",
        Kind.TRAINER_MISSING,
        a_trainer_missing(substitute="Katherine Johnson"),
        "Katherine Johnson teaches Python 101 today",
    ),
    Case(
        "trainer's lesson cancelled",
        Kind.TRAINER_MISSING,
        a_trainer_missing(stage="cancelled"),
        "Python 101 at 18:00 is cancelled",
    ),
    Case("trainer never came", Kind.TRAINER_MISSING, a_trainer_missing(stage="over"), "Python 101 is over"),
    Case("card: one missing", Kind.TRAINER_CARD, a_card(), "Python 101: 1 missing"),
    Case(
        "card: what everybody said",
        Kind.TRAINER_CARD,
        a_card(
            missing=[
                a_missing_person("Bob Stone", said="on_my_way", promised_at=clock(10)),
                a_missing_person("Alan Kay", said="technical_problem"),
                a_missing_person("Eve Clark", said="cannot_come", note="dentist"),
                a_missing_person("Ida Rhodes", said="cannot_come"),
                a_missing_person("Jean Bartik", said="in_already", note="iPad (2)"),
                a_missing_person("Ruth Teitelbaum", said="in_already"),
                a_missing_person("Kay McNulty", is_reachable=False),
            ],
            lost=[seen("Mary Jackson", clock(31))],
            arrived=[seen("Ada Lovelace", clock(7))],
        ),
        "Python 101: 7 missing, 1 lost",
    ),
    Case(
        "card: a question",
        Kind.TRAINER_CARD,
        a_card(missing=[], questions=[WHO_IS_THE_IPAD]),
        "Python 101: nobody is missing, 1 question",
    ),
    Case(
        "card: every question",
        Kind.TRAINER_CARD,
        a_card(questions=[*QUESTIONS.values()]),
        "Python 101: 1 missing, 16 questions",
    ),
    Case(
        "card: a crowd of strangers",
        Kind.TRAINER_CARD,
        a_card(questions=[WHO_IS_THE_IPAD], more_questions=2_988),
        "Python 101: 1 missing, 2989 questions",
    ),
    Case(
        "card: feed unknown",
        Kind.TRAINER_CARD,
        a_card(feed="unknown", is_feed_proven=False),
        "Python 101: 1 not seen yet",
    ),
    Case("card: silent", Kind.TRAINER_CARD, a_card(feed="silent", is_feed_proven=False), "Python 101: 1 not seen yet"),
    Case("card: what is late comes in", Kind.TRAINER_CARD, a_card(is_feed_proven=False), "Python 101: 1 not seen yet"),
    Case(
        "card: over, unheard",
        Kind.TRAINER_CARD,
        a_card(stage="over", feed="unknown", is_feed_proven=False),
        "Python 101 is over, 1 student was not seen",
    ),
    Case("card: over", Kind.TRAINER_CARD, a_card(stage="over"), "Python 101 is over, 1 student did not come"),
    Case(
        "card: over, all came",
        Kind.TRAINER_CARD,
        a_card(stage="over", missing=[]),
        "Python 101 is over, everybody came",
    ),
    Case(
        "let one in",
        Kind.LET_THEM_IN,
        a_let_them_in(),
        "Ada Lovelace has been in the waiting room since 18:02: let them in",
    ),
    Case(
        "let two in",
        Kind.LET_THEM_IN,
        a_let_them_in(waiting=[seen("Bob Stone", clock(3)), seen()]),
        "2 people have been in the waiting room since 18:02: let them in",
    ),
    Case(
        "a crowd waits",
        Kind.LET_THEM_IN,
        a_let_them_in(waiting=[seen(), seen("")], more_waiting=2_988),
        "2990 people have been in the waiting room since 18:02: let them in",
    ),
    Case("all let in", Kind.LET_THEM_IN, a_let_them_in(stage="done"), "Python 101: nobody is waiting to be let in"),
    Case("did it take place", Kind.DID_IT_TAKE_PLACE, a_did_it_take_place(), "Did Python 101 take place?"),
    Case(
        "it took place",
        Kind.DID_IT_TAKE_PLACE,
        a_did_it_take_place(answer="took_place", answered_by="Grace Hopper", answered_at=clock(200)),
        "Python 101 took place",
    ),
    Case(
        "it did not take place",
        Kind.DID_IT_TAKE_PLACE,
        a_did_it_take_place(answer="not_held", answered_by="Grace Hopper"),
        "Python 101 did not take place",
    ),
    Case(
        "nobody said whether it took place",
        Kind.DID_IT_TAKE_PLACE,
        a_did_it_take_place(answer="not_held"),
        "Python 101 did not take place",
    ),
    Case("was this a lesson", Kind.WAS_THIS_A_LESSON, a_was_this_a_lesson(), "Python 101: was this a lesson?"),
    Case(
        "it was a lesson",
        Kind.WAS_THIS_A_LESSON,
        a_was_this_a_lesson(answer="was_a_lesson", answered_by="Grace Hopper"),
        "Python 101: that was a lesson",
    ),
    Case(
        "it was no lesson",
        Kind.WAS_THIS_A_LESSON,
        a_was_this_a_lesson(answer="no_lesson", answered_by="Grace Hopper"),
        "Python 101: that was not a lesson",
    ),
]

OTHERS_READ = [
    Case(
        "coordinator: no trainer",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(),
        "Python 101 has no trainer yet, 14 students are waiting",
    ),
    Case(
        "coordinator: nobody there",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(students_here=0),
        "Python 101 has no trainer yet",
    ),
    Case(
        "coordinator: trainer expected",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(promised_at=clock(10)),
        "Python 101 has no trainer yet, expected at 18:10",
    ),
    Case(
        "coordinator: trainer came",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(stage="here", joined_at=clock(12)),
        "Python 101: the trainer joined at 18:12",
    ),
    Case(
        "coordinator: trainer came, not known when",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(stage="here", trainers=[]),
        "Python 101: the trainer is in",
    ),
    Case(
        "coordinator: cancelled",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(stage="cancelled"),
        "Python 101 at 18:00 is cancelled",
    ),
    Case(
        "coordinator: no trainer came",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(stage="over"),
        "Python 101 is over and no trainer came",
    ),
    Case(
        "coordinator: no trainer seen",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(students_here=0, is_feed_proven=False),
        "Python 101: no trainer seen yet",
    ),
    Case(
        "coordinator: no trainer seen, silent, expected",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(students_here=0, is_feed_proven=False, no_data_since=clock(2), promised_at=clock(10)),
        "Python 101: no trainer seen yet, expected at 18:10",
    ),
    Case(
        "coordinator: no trainer was seen",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(stage="over", is_feed_proven=False),
        "Python 101 is over and no trainer was seen",
    ),
    Case(
        "coordinator: over, silent",
        Kind.COORDINATOR_TRAINER_MISSING,
        a_coordinator(stage="over", is_feed_proven=False, no_data_since=clock(2)),
        "Python 101 is over: no data from Zoom since 18:02",
    ),
    Case(
        "coordinator: not held",
        Kind.COORDINATOR_NOT_HELD,
        a_coordinator(stage="not_held"),
        "Python 101 at 18:00 did not take place",
    ),
    Case(
        "admins: silent",
        Kind.FEED_SILENT,
        a_feed_silent(),
        "Python 101: no data from Zoom since 18:02",
    ),
    Case(
        "admins: pressed but unseen",
        Kind.FEED_SILENT,
        a_feed_silent(why="pressed_but_unseen"),
        "Python 101: no data from Zoom since 18:02",
    ),
    Case(
        "admins: seen by the platform",
        Kind.FEED_SILENT,
        a_feed_silent(why="seen_by_platform", seen=3, seen_at=clock(1.5)),
        "Python 101: no data from Zoom since 18:02",
    ),
    Case(
        "admins: late",
        Kind.FEED_SILENT,
        a_feed_silent(why="late_deliveries"),
        "Python 101: no data from Zoom since 18:02",
    ),
    Case("admins: proven", Kind.FEED_SILENT, a_feed_silent(stage="proven"), "Python 101: data from Zoom is coming in"),
    Case("admins: over", Kind.FEED_SILENT, a_feed_silent(stage="over"), "Python 101 is over"),
    Case(
        "admins: refused",
        Kind.DELIVERIES_REFUSED,
        deliveries_refused(),
        "Zoom: 21 requests refused since 2026-03-02 18:02",
    ),
    Case(
        "admins: refused among good ones",
        Kind.DELIVERIES_REFUSED,
        deliveries_refused(account="Evening <school>", has_good=True),
        "Zoom (Evening &lt;school&gt;): 21 requests refused since 2026-03-02 18:02",
    ),
    Case(
        "admins: nothing refused any more",
        Kind.DELIVERIES_REFUSED,
        deliveries_refused(stage="over"),
        "Zoom: no more requests are refused",
    ),
    Case(
        "admins: deliveries late",
        Kind.DELIVERIES_LATE,
        deliveries_late(),
        "Zoom sends 12 min late, since 2026-03-02 18:02",
    ),
    Case("admins: in time again", Kind.DELIVERIES_LATE, deliveries_late(stage="over"), "Zoom sends in time again"),
    Case(
        "admins: bot not in channel", Kind.SLACK_REFUSED, slack_refused(), "#python-101: Slack takes no messages there"
    ),
    Case(
        "admins: no such channel",
        Kind.SLACK_REFUSED,
        slack_refused(code="channel_not_found"),
        "#python-101: Slack takes no messages there",
    ),
    Case(
        "admins: channel archived",
        Kind.SLACK_REFUSED,
        slack_refused(channel="C0PYTHON", code="is_archived"),
        "C0PYTHON: Slack takes no messages there",
    ),
    Case(
        "admins: channel restricted",
        Kind.SLACK_REFUSED,
        slack_refused(code="restricted_action"),
        "#python-101: Slack takes no messages there",
    ),
    Case(
        "admins: messages arrive again",
        Kind.SLACK_REFUSED,
        slack_refused(stage="over"),
        "#python-101: messages arrive again",
    ),
    Case(
        "channel: trainer late",
        Kind.TRAINER_LATE,
        a_trainer_late(),
        "Python 101 begins a little later; your trainer has been told",
    ),
    Case(
        "channel: trainer not seen",
        Kind.TRAINER_LATE,
        a_trainer_late(is_feed_proven=False),
        "Python 101: we do not see your trainer yet and have sent them word",
    ),
    Case(
        "channel: trainer expected",
        Kind.TRAINER_LATE,
        a_trainer_late(promised_at=clock(10)),
        "Python 101 begins a little later, at about 18:10",
    ),
    Case(
        "channel: trainer came",
        Kind.TRAINER_LATE,
        a_trainer_late(stage="here", joined_at=clock(12)),
        "Python 101 began at 18:12",
    ),
    Case("channel: begun", Kind.TRAINER_LATE, a_trainer_late(stage="here"), "Python 101 has begun"),
    Case("channel: trainer never came", Kind.TRAINER_LATE, a_trainer_late(stage="over"), "Python 101 is over"),
    Case(
        "thread: documents",
        Kind.SUMMARY_FILES,
        summary_files(),
        "Python 101, 2026-03-02 18:00: the attendance sheet, version 2",
    ),
    Case(
        "thread: report of a presence check",
        Kind.CHECK_REPORT,
        reports(),
        "Python 101, 2026-03-02 18:00: the participation report of the presence check",
    ),
    Case(
        "thread: reports of two presence checks",
        Kind.SUMMARY_REPORTS,
        reports(2),
        "Python 101, 2026-03-02 18:00: the participation reports of 2 presence checks",
    ),
    Case("channel: cancelled", Kind.CANCELLED, a_cancelled(reason="", by=""), "Python 101 at 18:00 is cancelled"),
]

BOARDS = [
    Case("board", Kind.BOARD, a_board(), "Python 101 · 2 of 5 here · 1 waiting · 1 dropped · 1 on the way · 0 missing"),
    Case(
        "board: before the start",
        Kind.BOARD,
        a_board(state="open", waiting=[], dropped=[], on_the_way=[], missing=["Bob Stone"], has_trainer=False),
        "Python 101 · begins at 18:00 · 2 of 5 here",
    ),
    Case(
        "board: a break",
        Kind.BOARD,
        a_board(waiting=[], dropped=[], on_the_way=[], missing=["Bob Stone"], break_until=clock(95)),
        "Python 101 · 2 of 5 here · 1 missing · break until 19:35",
    ),
    Case(
        "board: excused and unknown",
        Kind.BOARD,
        a_board(waiting=[], dropped=[], on_the_way=[], excused=["Bob Stone"], strangers=["iPad (2)"]),
        "Python 101 · 2 of 5 here · 0 missing · 1 excused · 1 unknown",
    ),
    Case(
        "board: a crowd of strangers",
        Kind.BOARD,
        a_board(waiting=[], dropped=[], on_the_way=[], strangers=["iPad (2)", ""], more_strangers=2_988),
        "Python 101 · 2 of 5 here · 0 missing · 2990 unknown",
    ),
    Case(
        "board: no trainer, feed unknown",
        Kind.BOARD,
        a_board(
            here=[], waiting=[], dropped=[], on_the_way=[], has_trainer=False, feed="unknown", is_feed_proven=False
        ),
        "Python 101 · 0 of 5 here · 0 not seen yet",
    ),
    Case(
        "board: silent",
        Kind.BOARD,
        a_board(here=[], waiting=[], dropped=[], on_the_way=[], feed="silent", is_feed_proven=False),
        "Python 101 · 0 of 5 here · 0 not seen yet · no data",
    ),
    Case(
        "board: counts only",
        Kind.BOARD,
        a_board(here=["", ""], waiting=[""], dropped=[""], on_the_way=[""], missing=[""], shows_names=False),
        "Python 101 · 2 of 5 here · 1 waiting · 1 dropped · 1 on the way · 1 missing",
    ),
    Case("board: over", Kind.BOARD, a_board(state="over"), "Python 101 is over"),
    Case(
        "board: over, with the way to the summary",
        Kind.BOARD,
        a_board(state="over"),
        "Python 101 is over",
        {"link": "https://school.slack.com/archives/C1/p1"},
    ),
    Case("board: cancelled", Kind.BOARD, a_board(state="cancelled"), "Python 101 is cancelled"),
]

THREE = "2 of 4 attended, 1 in part, 1 late, 1 left early, 1 absent, lesson held 2 h 57 of 3 h"
SUMMARIES = [
    Case("summary", Kind.SUMMARY, a_summary(), f"Python 101: {THREE}"),
    Case("summary as a list", Kind.SUMMARY, a_summary(), f"Python 101: {THREE}", {"plain": True}),
    Case("summary: counts only", Kind.SUMMARY, a_summary(shows_names=False), f"Python 101: {THREE}"),
    Case(
        "summary: all attended",
        Kind.SUMMARY,
        a_summary(rows=[a_row()], held_seconds=3 * 3600),
        "Python 101: 1 of 1 attended, lesson held 3 h of 3 h",
    ),
    Case(
        "summary: settled",
        Kind.SUMMARY,
        a_summary(
            rows=[
                {**LATE_BOB, "is_settled": True, "settled_by": "Grace Hopper", "settled_at": clock(190)},
                {
                    **EARLY_EVE,
                    "verdict": "validated",
                    "flags": ["left_early", "corrected"],
                    "is_settled": True,
                    "settled_by": "Grace Hopper",
                    "settled_at": clock(191),
                },
                {
                    **ABSENT_KAY,
                    "verdict": "excused",
                    "permille": None,
                    "is_settled": True,
                    "settled_by": "Grace Hopper",
                    "settled_at": clock(31),
                },
                a_row("Zoe", verdict="absent", permille=None, attended_seconds=0, is_settled=True),
            ],
            state="reconciled",
            record="in",
            sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        ),
        "Python 101: 2 of 4 attended, 1 late, 1 left early, 1 absent, 1 excused, lesson held 2 h 57 of 3 h",
    ),
    Case(
        "summary: the lesson goes on",
        Kind.SUMMARY,
        a_summary(state="live", rows=[], planned_seconds=0, held_seconds=0, has_reopened=True, version=0),
        "Python 101 goes on",
    ),
    Case(
        "summary: questions, not enrolled, dropped",
        Kind.SUMMARY,
        a_summary(
            rows=[
                a_row("Bob Stone", verdict="partial", flags=["dropped", "waited"], asked_excuse=True, permille=500),
                a_row("Eve Clark", verdict="no_data", permille=None, attended_seconds=0, joined_at=None),
                a_row("Ida Rhodes", verdict="pending", permille=None),
            ],
            questions=[WHO_IS_THE_IPAD, QUESTIONS["waited"]],
            not_enrolled=["Alan Kay"],
            has_reopened=True,
            state="locked",
            record="none",
        ),
        "Python 101: 0 of 3 attended, 1 in part, 1 dropped out, 1 without data, 1 undecided, lesson held 2 h 57 of 3 h",
    ),
    Case(
        "summary: reconciled, with differences",
        Kind.SUMMARY,
        a_summary(
            state="reconciled",
            record="in",
            questions=[QUESTIONS["record_differs"]],
            differences=[
                {"name": "Ada Lovelace", "webhooks_seconds": 52 * 60, "record_seconds": 58 * 60},
                {"name": "Bob Stone", "webhooks_seconds": 58 * 60, "record_seconds": 52 * 60},
            ],
            more_differences=3,
            meeting={
                "recordings": ["https://video.example.com/1", "https://video.example.com/2"],
                "quizzes": 2,
                "polls": 1,
                "answers": 8,
                "right": 6,
            },
        ),
        "Python 101: 2 of 4 attended, 1 in part, 1 late, 1 left early, 1 absent, lesson held 2 h 57 of 3 h",
    ),
    Case(
        "summary: nobody on the roster",
        Kind.SUMMARY,
        a_summary(rows=[]),
        "Python 101: 0 of 0 attended, lesson held 2 h 57 of 3 h",
    ),
    Case("summary: not held", Kind.SUMMARY, a_summary(confirmation="not_held"), "Python 101 did not take place"),
    Case(
        "summary: unconfirmed",
        Kind.SUMMARY,
        a_summary(confirmation="unconfirmed", questions=[QUESTIONS["did_it_take_place"]]),
        "Python 101: did it take place? 3 students were there",
    ),
    Case(
        "summary: no data",
        Kind.SUMMARY,
        a_summary(
            rows=[a_row(verdict="no_data", permille=None, attended_seconds=0, joined_at=None)],
            feed="silent",
            record="none",
            state="reconciled",
        ),
        "Python 101: no data from Zoom",
    ),
    Case(
        "summary: unplanned",
        Kind.SUMMARY,
        a_summary(is_unplanned=True, confirmation="unconfirmed", questions=[QUESTIONS["was_this_a_lesson"]]),
        "Python 101, not in the timetable: 3 students were there",
    ),
]

PRESENCE_CHECKS = [
    Case(
        "question", Kind.CHECK_QUESTION, a_question_to_ada(), "Are you there? Confirm by 19:05", {"sent_at": clock(60)}
    ),
    Case(
        "question without a deadline",
        Kind.CHECK_QUESTION,
        a_question_to_ada(window_seconds=None),
        "Are you there? Please confirm",
    ),
    Case(
        "question, the first message",
        Kind.CHECK_QUESTION,
        a_question_to_ada(notice=NOTICE),
        "Are you there? Confirm by 19:05",
        {"sent_at": clock(60)},
    ),
    Case("confirmed", Kind.CHECK_QUESTION, answered("confirmed", via="button"), "Confirmed 19:01 ✓"),
    Case("confirmed by the word", Kind.CHECK_QUESTION, answered("confirmed", via="code"), "Confirmed 19:01 ✓"),
    Case("missed", Kind.CHECK_QUESTION, a_question_to_ada(stage="missed", deadline=clock(65)), NO_ANSWER),
    Case("missed, no deadline", Kind.CHECK_QUESTION, a_question_to_ada(stage="missed"), "Missed: no answer"),
    Case("late", Kind.CHECK_QUESTION, answered("late", at=clock(67), deadline=clock(65)), "Answered late, at 19:07"),
    Case("late, no deadline", Kind.CHECK_QUESTION, answered("late", at=clock(67)), "Answered late, at 19:07"),
    Case("disputed", Kind.CHECK_QUESTION, answered("disputed", at=clock(80)), "You said at 19:20 that you were there"),
    Case("accepted", Kind.CHECK_QUESTION, answered("accepted", by="Grace Hopper"), "Accepted: you were there ✓"),
    Case(
        "waived",
        Kind.CHECK_QUESTION,
        a_question_to_ada(stage="waived", by="Grace Hopper", reason="the line was bad"),
        "Waived by Grace Hopper",
    ),
    Case("waived, no reason", Kind.CHECK_QUESTION, a_question_to_ada(stage="waived"), "Waived"),
    Case(
        "disconnected",
        Kind.CHECK_QUESTION,
        a_question_to_ada(stage="disconnected"),
        "You were offline when we asked",
    ),
    Case("void", Kind.CHECK_QUESTION, a_question_to_ada(stage="void"), "This question does not count"),
    Case("question cancelled", Kind.CHECK_QUESTION, a_question_to_ada(stage="cancelled"), "This question is cancelled"),
    Case(
        "check: waits for a student",
        Kind.CHECK_CARD,
        a_check_card(stage="waiting", questions=0, open_now=None, unconfirmed=[], more_unconfirmed=0),
        "Presence check · Python 101 · waits for a student",
    ),
    Case(
        "check: started by itself",
        Kind.CHECK_CARD,
        a_check_card(stage="preparing", started="autostart", started_by="", questions=0, open_now=None, unconfirmed=[]),
        "Presence check · Python 101 · runs, no question yet",
    ),
    Case(
        "check: nothing left to ask",
        Kind.CHECK_CARD,
        a_check_card(stage="nothing_left", questions=0, open_now=None, unconfirmed=[], more_unconfirmed=0),
        "Presence check · Python 101 · no moment of its plan is left, nobody will be asked",
    ),
    Case(
        "check: a question is open",
        Kind.CHECK_CARD,
        a_check_card(),
        "Presence check · Python 101 · question 2 · open until 19:05 · 18 of 22 confirmed · 4 to go",
    ),
    Case(
        "check: open until the next question",
        Kind.CHECK_CARD,
        a_check_card(open_now={"number": 2, "opened_at": clock(60), "closes_at": None, "word": ""}),
        "Presence check · Python 101 · question 2 · 18 of 22 confirmed · 4 to go",
    ),
    Case(
        "check: asked once",
        Kind.CHECK_CARD,
        a_check_card(is_series=False, questions=1, none_may_be_missed=True),
        "Presence check · Python 101 · question 2 · open until 19:05 · 18 of 22 confirmed · 4 to go",
    ),
    Case(
        "check: between two questions",
        Kind.CHECK_CARD,
        a_check_card(
            stage="between",
            open_now=None,
            counts=check_counts(
                asked=22, confirmed=16, late=1, missed=1, waived=1, disconnected=1, undelivered=1, void=1
            ),
            unconfirmed=["Bob Stone", "Eve Clark"],
            more_unconfirmed=0,
            late=[answered_late("Bob Stone"), answered_late("Eve Clark", is_dispute=True, at=clock(80))],
            can_waive=True,
        ),
        "Presence check · Python 101 · question 2 · 16 of 22 confirmed · 1 late · 1 missed · 1 waived · 1 offline"
        " · 1 not reached · 1 not counted",
    ),
    Case(
        "check: over",
        Kind.CHECK_CARD,
        a_check_card(
            stage="over",
            ended="last_participant_left",
            open_now=None,
            counts=check_counts(asked=22, confirmed=21, missed=1),
            unconfirmed=["Bob Stone"],
            more_unconfirmed=0,
            can_waive=True,
            failed=["Bob Stone"],
            cancelled=1,
        ),
        "Presence check · Python 101 · over · 2 questions · 21 of 22 confirmed · 1 missed",
    ),
    Case(
        "check: over, and the report could not be kept",
        Kind.CHECK_CARD,
        a_check_card(
            stage="over",
            ended="stopped_manually",
            open_now=None,
            counts=check_counts(asked=22, confirmed=22),
            questions=1,
            unconfirmed=[],
            more_unconfirmed=0,
            trouble="storage_exceeded",
        ),
        "Presence check · Python 101 · over · 1 question · 22 of 22 confirmed",
    ),
    Case(
        "check: cancelled",
        Kind.CHECK_CARD,
        a_check_card(stage="cancelled", open_now=None, unconfirmed=[], more_unconfirmed=0),
        "Presence check · Python 101 · cancelled",
    ),
]

CASES = [*A_STUDENT_READS, *PRESENCE_CHECKS, *A_TRAINER_READS, *OTHERS_READ, *BOARDS, *SUMMARIES]
