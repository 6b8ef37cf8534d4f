"""Every kind of message in its fullest form, with so many people of any name."""

from bot.attendance.sheet import QuestionKind
from bot.attendance.wanted import MessageKind as Kind
from tests.bot.messages.contents import (
    NOTICE,
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
    a_question,
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
    choice,
    clock,
    deliveries_late,
    deliveries_refused,
    reports,
    seen,
    slack_refused,
    summary_files,
)

#: What somebody may be called; the first is what fills messages most.
NASTY = [
    "&" * 80,
    "<!channel>",
    "<@U0ADA|ada>",
    "*bold* _it_ ~no~ `code`",
    ":tada: :wave:",
    "> quoted",
    "محمد بن عبد الله",
    "אדה לאבלייס",
    "欧阳娜娜",
    "Ünïcödé 𝕬𝖉𝖆",
    "O'Neill | Ada || x",
    "http://example.com/?a=1&b=2",
    "{title} {0}",
    "%s %(name)s",
]

ABOUT_THE_LESSON = {QuestionKind.DID_IT_TAKE_PLACE, QuestionKind.WAS_THIS_A_LESSON}


def names(n: int) -> list[str]:
    """So many names, nasty ones first, of up to eighty letters."""
    return [f"{NASTY[number % len(NASTY)]} {number}"[:80] for number in range(n)]


def everything_about(n: int, who: list[str] | None = None) -> dict[Kind, list[Content]]:
    """For each kind, the fullest contents with so many students; `who` they are, if not everybody nasty."""
    title = who[0] if who else NASTY[0]
    who = names(n) if who is None else who
    lesson = about(title=title)
    questions = [
        a_question(kind, subject=name, name=name, note=name * 5, suggestions=[choice(each) for each in who[:5]])
        for kind in QuestionKind
        for name in who[: 1 if kind in ABOUT_THE_LESSON else max(1, n // 20)]
    ]
    missing = [a_missing_person(name, said="cannot_come", note="because " * 40, is_reachable=False) for name in who]
    people = [seen(name) for name in who]
    rows = [
        a_row(
            name,
            person_id="5f0c7f0e-3a51-5d6e-8c11-0c7f1f6f2b10",
            verdict="partial",
            flags=["late", "left_early", "waited", "assumed", "weak_identity", "corrected"],
            late_seconds=430,
            permille=677,
            asked_excuse=True,
            is_settled=number % 7 == 6,
            settled_by=name,
            settled_at=clock(190),
        )
        for number, name in enumerate(who)
    ]
    full: dict[Kind, list[Content]] = {
        Kind.REMINDER_1: [a_reminder(about=lesson, can_say_in=True, notice=NOTICE)],
        Kind.LOST_YOU: [a_lost_you(about=lesson, notice=NOTICE)],
        Kind.CANCELLED_DM: [a_cancelled(about=lesson, reason="flood & fire " * 400, by=title, notice=NOTICE)],
        Kind.VERDICT_CHANGED: [a_verdict_changed(about=lesson, note="x & y " * 400, notice=NOTICE)],
        Kind.DISPUTE_SETTLED: [a_dispute_settled(about=lesson, reason="x & y " * 400, by=title, notice=NOTICE)],
        Kind.TRAINER_MISSING: [
            a_trainer_missing(
                about=lesson, students_here=0, students_waiting=n, candidates=[candidate(each) for each in who]
            ),
            a_trainer_missing(about=lesson, substitute=title),
        ],
        Kind.TRAINER_CARD: [a_card(about=lesson, missing=missing, lost=people, arrived=people, questions=questions)],
        Kind.CHECK_QUESTION: [
            a_question_to_ada(about=lesson, notice=NOTICE),
            a_question_to_ada(about=lesson, stage="waived", by=title, reason="x & y " * 400),
        ],
        Kind.CHECK_CARD: [
            a_check_card(
                about=lesson,
                stage=stage,
                started_by=title,
                counts=check_counts(asked=n, missed=n, late=n),
                unconfirmed=who,
                late=[answered_late(each) for each in who],
                can_waive=True,
                none_may_be_missed=True,
                failed=who,
            )
            for stage in ("asking", "between", "over")
        ],
        Kind.LET_THEM_IN: [a_let_them_in(about=lesson, waiting=people)],
        Kind.DID_IT_TAKE_PLACE: [a_did_it_take_place(about=lesson, students_there=n, answered_by=title)],
        Kind.WAS_THIS_A_LESSON: [a_was_this_a_lesson(about=lesson, people=n, answer="no_lesson", answered_by=title)],
        Kind.COORDINATOR_TRAINER_MISSING: [a_coordinator(about=lesson, trainers=who, students_here=n)],
        Kind.FEED_SILENT: [a_feed_silent(about=lesson)],
        Kind.DELIVERIES_REFUSED: [deliveries_refused(account=title, count=n * 1_000, has_good=True)],
        Kind.DELIVERIES_LATE: [deliveries_late(account=title, delay_seconds=n * 1_000)],
        Kind.SLACK_REFUSED: [slack_refused(channel=f"#{title}", code="x & y"), slack_refused(channel="C0PYTHON")],
        Kind.TRAINER_LATE: [a_trainer_late(about=lesson)],
        Kind.SUMMARY_FILES: [summary_files(about=lesson)],
        Kind.SUMMARY_REPORTS: [reports(20, about=lesson)],
        Kind.BOARD: [
            a_board(
                about=lesson,
                expected=n,
                here=who,
                waiting=who,
                dropped=who,
                on_the_way=who,
                missing=who,
                excused=who,
                strangers=who,
                break_until=clock(95),
                has_trainer=False,
            ),
        ],
        Kind.SUMMARY: [
            a_summary(
                about=lesson, rows=rows, questions=questions, not_enrolled=who, has_reopened=True, sha256="a" * 64
            ),
            a_summary(about=lesson, rows=[{**row, "is_settled": True} for row in rows], questions=questions),
            a_summary(about=lesson, rows=[{**row, "is_settled": False} for row in rows], not_enrolled=who),
        ],
    }
    return {
        **full,
        Kind.REMINDER_2: full[Kind.REMINDER_1],
        Kind.PROMISE_OVER: full[Kind.REMINDER_1],
        Kind.CANCELLED: full[Kind.CANCELLED_DM],
        Kind.CHECK_REPORT: full[Kind.SUMMARY_REPORTS],
        Kind.VERDICT_CHANGED_AGAIN: full[Kind.VERDICT_CHANGED],
        Kind.DISPUTE_SETTLED_AGAIN: full[Kind.DISPUTE_SETTLED],
        Kind.COORDINATOR_NOT_HELD: full[Kind.COORDINATOR_TRAINER_MISSING],
    }
