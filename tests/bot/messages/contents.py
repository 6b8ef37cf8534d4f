"""Contents to be worded, with defaults: a test states only what matters to it.

Lessons start on 2 March 2026 at 18:00 in Rome and last three hours. `CASES` holds every kind at every stage; other tests
walk over it: snapshots, limits, and the sandbox's judge.
"""

from typing import Any

from bot.attendance.sheet import QuestionKind
from bot.attendance.wanted import (
    About,
    Candidate,
    Choice,
    MessageKind,
    MissingPerson,
    Notice,
    OpenQuestion,
    SeenPerson,
    SummaryRow,
)
from bot.messages.message import Message, Reader
from bot.messages.render import render

#: 2 March 2026, 18:00 in Rome
SIX = 1772470800
ROME = Reader("en", "Europe/Rome")
CHECKPOINT = "7c11f6f2b10e4a0f9d3c5a6b7c8d9e0f"
LESSON = "5f0c7f0e-3a51-5d6e-8c11-0c7f1f6f2b10"
MINUTE = 60
HOUR = 3600

Content = dict[str, Any]


def clock(minutes: float) -> int:
    """So many minutes after the planned start, in seconds of the epoch."""
    return SIX + int(minutes * MINUTE)


def about(**changes: Any) -> About:
    base: About = {
        "lesson_id": LESSON,
        "title": "Python 101",
        "start": SIX,
        "end": clock(180),
        "zone": "Europe/Rome",
        "platform": "zoom",
        "join_url": "https://example.com/j/97711976001",
    }
    return {**base, **changes}  # type: ignore[typeddict-item]  # changes are fields of it


NOTICE: Notice = {"kept_days": 400, "names_in_channel": True}


def a_reminder(**changes: Any) -> Content:
    base = {
        "about": about(),
        "stage": "missing",
        "said": "",
        "promised_at": None,
        "joined_at": None,
        "late_seconds": None,
        "is_feed_proven": True,
        "can_say_in": False,
        "after_seconds": 180,
    }
    return {**base, **changes}


def a_lost_you(**changes: Any) -> Content:
    base = {
        "about": about(),
        "stage": "lost",
        "said": "",
        "lost_at": clock(31),
        "back_at": None,
    }
    return {**base, **changes}


def a_trainer_missing(**changes: Any) -> Content:
    base = {
        "about": about(),
        "stage": "missing",
        "students_here": 10,
        "students_waiting": 14,
        "promised_at": None,
        "joined_at": None,
        "candidates": [],
        "substitute": "",
    }
    return {**base, **changes}


def a_coordinator(**changes: Any) -> Content:
    base = {
        "about": about(),
        "stage": "missing",
        "trainers": ["Grace Hopper"],
        "students_here": 14,
        "promised_at": None,
        "joined_at": None,
        "is_feed_proven": True,
    }
    return {**base, **changes}


def a_trainer_late(**changes: Any) -> Content:
    base = {"about": about(), "stage": "waiting", "promised_at": None, "joined_at": None, "is_feed_proven": True}
    return {**base, **changes}


def a_missing_person(name: str = "Bob Stone", **changes: Any) -> MissingPerson:
    base: MissingPerson = {
        "person_id": name.lower().replace(" ", "-"),
        "name": name,
        "said": "",
        "promised_at": None,
        "note": "",
        "is_reachable": True,
    }
    return {**base, **changes}  # type: ignore[typeddict-item]  # changes are fields of it


def seen(name: str = "Ada Lovelace", at: int = clock(2)) -> SeenPerson:
    return {"person_id": name.lower().replace(" ", "-"), "name": name, "at": at}


def choice(name: str) -> Choice:
    return {"person_id": name.lower().replace(" ", "-"), "name": name}


def candidate(name: str, *, subject: str = "", joined_at: int | None = None) -> Candidate:
    return {"subject": subject or name, "name": name, "joined_at": joined_at}


def a_question(kind: QuestionKind, **changes: Any) -> OpenQuestion:
    base: OpenQuestion = {
        "kind": kind.value,
        "subject": "bob-stone",
        "name": "Bob Stone",
        "suggestions": [],
        "seconds": 0,
        "note": "",
    }
    return {**base, **changes}  # type: ignore[typeddict-item]  # changes are fields of it


WHO_IS_THE_IPAD = a_question(
    QuestionKind.WHO_IS_THIS,
    subject="iPad (2)",
    name="iPad (2)",
    seconds=48 * MINUTE,
    suggestions=[choice("Eve Clark"), choice("Bob Stone")],
)

QUESTIONS: dict[str, OpenQuestion] = {
    "who_is_this": WHO_IS_THE_IPAD,
    "who_is_this_without_suggestions": {**WHO_IS_THE_IPAD, "suggestions": []},
    "who_is_this_without_a_name": {
        **WHO_IS_THE_IPAD,
        "subject": " session-1 device-7",
        "name": "",
        "joined_at": clock(3),
        "suggestions": [],
    },
    "says_is_in": a_question(QuestionKind.SAYS_IS_IN, note="iPad (2)"),
    "waited": a_question(QuestionKind.WAITED, seconds=8 * MINUTE),
    "much_assumed": a_question(QuestionKind.MUCH_ASSUMED, seconds=12 * MINUTE),
    "identities_disagree": a_question(QuestionKind.IDENTITIES_DISAGREE, suggestions=[choice("Eve Clark")]),
    "weak_identity": a_question(QuestionKind.WEAK_IDENTITY),
    "asked_excuse": a_question(QuestionKind.ASKED_EXCUSE, note="dentist"),
    "asked_excuse_without_a_reason": a_question(QuestionKind.ASKED_EXCUSE),
    "disputed": a_question(QuestionKind.DISPUTED, note="I was in by phone"),
    "disputed_without_a_reason": a_question(QuestionKind.DISPUTED),
    "late_facts": a_question(QuestionKind.LATE_FACTS, subject="", name="", suggestions=[choice("Bob Stone")]),
    "record_differs": a_question(QuestionKind.RECORD_DIFFERS, seconds=6 * MINUTE),
    "did_it_take_place": a_question(QuestionKind.DID_IT_TAKE_PLACE, subject="", name=""),
    "was_this_a_lesson": a_question(QuestionKind.WAS_THIS_A_LESSON, subject="", name=""),
}


def a_card(**changes: Any) -> Content:
    base = {
        "about": about(),
        "stage": "live",
        "missing": [a_missing_person()],
        "lost": [],
        "arrived": [],
        "questions": [],
        "feed": "proven",
        "is_feed_proven": True,
    }
    return {**base, **changes}


def a_board(**changes: Any) -> Content:
    base = {
        "about": about(),
        "state": "live",
        "expected": 5,
        "here": ["Ada Lovelace", "Mary Jackson"],
        "waiting": ["Kay McNulty"],
        "dropped": ["Alan Kay"],
        "on_the_way": ["Bob Stone"],
        "missing": [],
        "excused": [],
        "strangers": [],
        "has_trainer": True,
        "feed": "proven",
        "is_feed_proven": True,
        "break_until": None,
        "shows_names": True,
    }
    return {**base, **changes}


def a_row(name: str = "Ada Lovelace", **changes: Any) -> SummaryRow:
    base: SummaryRow = {
        "person_id": name.lower().replace(" ", "-"),
        "name": name,
        "verdict": "validated",
        "flags": [],
        "late_seconds": None,
        "joined_at": clock(-2),
        "left_at": clock(180),
        "attended_seconds": 177 * MINUTE,
        "base_seconds": 177 * MINUTE,
        "permille": 1000,
        "waited_seconds": 0,
        "assumed_seconds": 0,
        "asked_excuse": False,
        "is_settled": False,
    }
    return {**base, **changes}  # type: ignore[typeddict-item]  # changes are fields of it


LATE_BOB = a_row(
    "Bob Stone",
    flags=["late"],
    late_seconds=7 * MINUTE,
    joined_at=clock(10),
    attended_seconds=168 * MINUTE,
    permille=949,
)
EARLY_EVE = a_row("Eve Clark", verdict="partial", flags=["left_early"], attended_seconds=120 * MINUTE, permille=677)
ABSENT_KAY = a_row("Kay McNulty", verdict="absent", attended_seconds=0, joined_at=None, left_at=None, permille=0)


def a_summary(**changes: Any) -> Content:
    base = {
        "about": about(),
        "state": "provisional",
        "confirmation": "confirmed",
        "feed": "proven",
        "record": "pending",
        "planned_seconds": 3 * HOUR,
        "held_seconds": 177 * MINUTE,
        "rows": [a_row(), LATE_BOB, EARLY_EVE, ABSENT_KAY],
        "not_enrolled": [],
        "questions": [],
        "shows_names": True,
        "has_reopened": False,
        "version": 1,
        "sha256": "",
        "is_unplanned": False,
    }
    return {**base, **changes}


def a_did_it_take_place(**changes: Any) -> Content:
    base = {
        "about": about(),
        "students_there": 12,
        "held_seconds": 20 * MINUTE,
        "planned_seconds": 3 * HOUR,
        "answer": "",
        "answered_by": "",
    }
    return {**base, **changes}


def a_was_this_a_lesson(**changes: Any) -> Content:
    return {"about": about(), "people": 5, "answer": "", "answered_by": "", **changes}


def a_feed_silent(**changes: Any) -> Content:
    return {"about": about(), "stage": "silent", "why": "never_delivered", "since": clock(2), **changes}


def deliveries_refused(**changes: Any) -> Content:
    given = {"platform": "zoom", "account": "", "stage": "refused", "count": 21, "since": clock(2), "has_good": False}
    return {**given, **changes}


def deliveries_late(**changes: Any) -> Content:
    return {"platform": "zoom", "account": "", "stage": "late", "since": clock(2), "delay_seconds": 720, **changes}


def slack_refused(**changes: Any) -> Content:
    return {"channel": "#python-101", "stage": "refused", "code": "not_in_channel", **changes}


def a_cancelled(**changes: Any) -> Content:
    return {"about": about(), "reason": "The room is flooded", "by": "Grace Hopper", **changes}


def summary_files(**changes: Any) -> Content:
    return {"about": about(), "version": 2, "sha256": "3f" * 32, **changes}


def reports(many: int = 1, **changes: Any) -> Content:
    kept = [{"asset_id": f"a{number}", "name": "participation-2026-11-23-1800.pdf"} for number in range(many)]
    return {"about": about(), "reports": kept, **changes}


def a_verdict_changed(**changes: Any) -> Content:
    return {"about": about(), "old": "absent", "new": "validated", "permille": 949, "note": "", **changes}


def a_dispute_settled(**changes: Any) -> Content:
    base = {
        "about": about(),
        "about_what": "dispute",
        "is_accepted": True,
        "reason": "",
        "by": "Grace Hopper",
        "at": clock(190),
        "verdict": "validated",
        "permille": 1000,
    }
    return {**base, **changes}


def a_let_them_in(**changes: Any) -> Content:
    return {"about": about(), "stage": "waiting", "waiting": [seen()], **changes}


def a_question_to_ada(**changes: Any) -> Content:
    base = {"about": about(), "checkpoint_id": CHECKPOINT, "stage": "asked", "window_seconds": 5 * MINUTE}
    return {**base, **changes}


def a_check_card(**changes: Any) -> Content:
    base = {
        "about": about(),
        "check_id": "0b9f2a",
        "stage": "asking",
        "is_series": True,
        "started": "started_manually",
        "started_by": "Grace Hopper",
        "ended": "",
        "counts": check_counts(asked=22, awaited=4, confirmed=18),
        "questions": 2,
        "cancelled": 0,
        "open_now": {"number": 2, "opened_at": clock(60), "closes_at": clock(65), "word": "heron"},
        "unconfirmed": ["Bob Stone", "Eve Clark"],
        "more_unconfirmed": 2,
        "late": [],
        "can_waive": False,
        "none_may_be_missed": False,
        "failed": [],
        "trouble": "",
    }
    return {**base, **changes}


def check_counts(**counts: int) -> dict[str, int]:
    states = ("asked", "awaited", "confirmed", "late", "missed", "disconnected", "undelivered", "waived", "void")
    return {state: counts.get(state, 0) for state in states}


def answered_late(name: str = "Ada Lovelace", **changes: Any) -> dict[str, Any]:
    base = {"checkpoint_id": CHECKPOINT, "number": 1, "person_id": "p-ada", "at": clock(66), "is_dispute": False}
    return {**base, "name": name, **changes}


def written(kind: MessageKind, content: Content, **options: Any) -> Message:
    """The message, for a reader in Rome."""
    return render(kind, content, ROME, **options)
