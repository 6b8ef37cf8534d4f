"""What people can press, pick and submit: every `action_id` and `callback_id`, and what each one's value holds.

A button's value and a modal's `private_metadata` are written and read by `ButtonValue`. Who pressed is never in it: a
button that was forwarded acts for the person who presses it, or not at all.

Slack wants an `action_id` once per message, so one that may stand several times is numbered (`summary.accept.3`); a
listener registers for `pattern(ACCEPT)`, which matches the bare id and every numbered one.
"""

import re
from dataclasses import dataclass

from bot.errors import BadInput

SEPARATOR = "|"


@dataclass(frozen=True, slots=True)
class ButtonValue:
    """What a button is about; written as `lesson|person|detail`, in at most 2,000 characters."""

    lesson: str = ""
    #: the id of the person whom it is about
    person: str = ""
    #: minutes, a display name or a verb: the comment beside each constant says which
    detail: str = ""

    def __str__(self) -> str:
        # Parts, not characters, are left out at the end: a display name may end with the separator.
        parts = [self.lesson, self.person, self.detail]
        while parts and not parts[-1]:
            parts.pop()
        return SEPARATOR.join(parts)

    @classmethod
    def read(cls, text: str) -> "ButtonValue":
        """The value that was written; raises `BadInput` for what no button of ours carries."""
        if not text or len(text) > 2000:
            raise BadInput("This button is not one of ours.")
        return cls(*text.split(SEPARATOR, 2))


def numbered(action: str, number: int | str) -> str:
    """The `action_id` of one of several equal buttons of a message."""
    return f"{action}.{number}"


def pattern(action: str) -> re.Pattern[str]:
    """What a listener for this action matches: the bare id and every numbered one."""
    return re.compile(rf"^{re.escape(action)}(\.\d+)?$")


# --- Into the room: a link, and a value for the listener that only notes the press.
JOIN = "lesson.join"  # lesson

# --- A student's reminder, and *Lost you*. The person is whoever pressed.
ON_MY_WAY = "reminder.on_my_way"  # lesson, detail: minutes; numbered 5, 10, 15
TECHNICAL_PROBLEM = "reminder.technical_problem"  # lesson
CANNOT_COME = "reminder.cannot_come"  # lesson; opens CANNOT_COME_VIEW
IN_ALREADY = "reminder.in_already"  # lesson; opens IN_ALREADY_VIEW
THAT_WAS_ME = "reminder.that_was_me"  # lesson; opens IN_ALREADY_VIEW, after the lesson

# --- A trainer who is missing.
TRAINER_ON_MY_WAY = "trainer.on_my_way"  # lesson, detail: minutes; numbered 5, 10, 15
TRAINER_IN_ALREADY = "trainer.in_already"  # lesson; opens IN_ALREADY_VIEW
IS_THIS_YOU = "trainer.is_this_you"  # lesson, detail: the display name; numbered
CANCEL_TODAY = "trainer.cancel_today"  # lesson; asks for confirmation by itself; the coordinator has it too
SOMEBODY_ELSE_TEACHES = "trainer.somebody_else_teaches"  # lesson; opens SUBSTITUTE_VIEW

# --- Open questions: on the trainer's card and on the summary. All may be numbered.
IS_PERSON = "question.is_person"  # lesson, person, detail: the display name: "it is Ada"
SOMEBODY_ELSE = "question.somebody_else"  # lesson, detail: the display name; opens WHO_IS_IT_VIEW
NOT_A_PERSON = "question.not_a_person"  # lesson, detail: the display name: a guest or a note-taker
NOT_THIS_PERSON = (
    "question.not_this_person"  # lesson, person, detail: the display name, or empty: all that counts weakly
)
DECIDE_IDENTITY = "question.decide_identity"  # lesson, person: who it is, detail: the id of whom it counts for now
CREDIT_WAITING = "question.credit_waiting"  # lesson, person
APPROVE_DISPUTE = "question.approve_dispute"  # lesson, person: credits the whole planned time
DECLINE = "question.decline"  # lesson, person, detail: "excuse" or "dispute"; opens DECLINE_VIEW
APPLY_CHANGES = "question.apply_changes"  # lesson: late facts that worsen verdicts
TAKE_RECORD = "question.take_record"  # lesson, person: where it has less than webhooks told, the record is right

# --- Did it take place? Was this a lesson?
TOOK_PLACE_WHOLE = "took_place.whole_time"  # lesson
TOOK_PLACE_FROM_TO = "took_place.from_to"  # lesson; opens FROM_TO_VIEW
TOOK_PLACE_AS_MEASURED = "took_place.as_measured"  # lesson
TOOK_NO_PLACE = "took_place.no"  # lesson
WAS_A_LESSON = "unplanned.was_a_lesson"  # lesson
NO_LESSON = "unplanned.no_lesson"  # lesson

# --- The board.
REMIND_MISSING = "board.remind_missing"  # lesson
MARK = "board.mark"  # lesson; opens MARK_VIEW; on the trainer's card too
BREAK = "board.break"  # lesson, detail: minutes; numbered 5, 10, 15

# --- Presence checks. The detail is the id of the question, unless the comment says otherwise.
CHECK_CONFIRM = "check.confirm"  # lesson, detail
CHECK_WAS_THERE = "check.was_there"  # lesson, detail
CHECK_ACCEPT = "check.accept"  # lesson, person, detail; numbered
CHECK_WAIVE = "check.waive"  # lesson, detail: the id of the check; opens CHECK_WAIVE_VIEW
CHECK_NOW = "check.now"  # lesson: ask once, at once
CHECK_START = "check.start"  # lesson; opens CHECK_VIEW; on the board
CHECK_STOP = "check.stop"  # lesson; asks for confirmation by itself

# --- The summary's exceptions. All numbered.
ACCEPT = "summary.accept"  # lesson, person: it stays as it stands
EXCUSE = "summary.excuse"  # lesson, person; on the trainer's card too
LOCK = "summary.lock"  # lesson; asks for confirmation by itself
WHY = "summary.why"  # lesson, person; without a person: of whoever pressed

# --- *Why*, and what a student may say against it.
THIS_IS_WRONG = "why.this_is_wrong"  # lesson; about whoever pressed; opens DISPUTE_VIEW

# --- The menu; no lesson.
MENU_NOW = "menu.now"
MENU_SUMMARY = "menu.summary"
MENU_REPORT = "menu.report"
MENU_MARK = "menu.mark"  # opens MARK_VIEW
MENU_CANCEL = "menu.cancel"  # opens CANCEL_VIEW
MENU_ME = "menu.me"
MENU_WHY = "menu.why"  # a trainer: opens WHY_VIEW; a student: the own newest lesson
MENU_CHECK = "menu.check"  # opens CHECK_VIEW
MENU_HELP = "menu.help"  # detail: the verb, or empty

# --- *Which lesson?*: goes on with the verb for the lesson that was picked.
PICK_LESSON = "pick.lesson"  # lesson, person (may be empty), detail: the verb; numbered
PICK_PERSON = "pick.person"  # lesson, person, detail: the verb and its words; numbered

# --- Modals. `private_metadata` is a `ButtonValue`; each input's `block_id` and `action_id` are both the field's name.
CANNOT_COME_VIEW = "reminder.cannot_come_view"  # lesson; REASON (may be empty)
IN_ALREADY_VIEW = "reminder.in_already_view"  # lesson; NAME_IN_ROOM or NAME_TYPED
SUBSTITUTE_VIEW = "trainer.substitute_view"  # lesson; SLACK_USER
WHO_IS_IT_VIEW = "question.who_is_it_view"  # lesson, detail: the display name; PERSON
DECLINE_VIEW = "question.decline_view"  # lesson, person, detail: "excuse" or "dispute"; REASON
FROM_TO_VIEW = "took_place.from_to_view"  # lesson; FROM, TO (seconds of the epoch)
MARK_VIEW = "board.mark_view"  # lesson; PERSON, MARK_KIND ("present", "excused", "absent"), REASON (may be empty)
DISPUTE_VIEW = "why.dispute_view"  # lesson; REASON
WHY_VIEW = "why.person_view"  # lesson; PERSON: a trainer picks of whom to read *why*
CANCEL_VIEW = "menu.cancel_view"  # lesson; REASON (may be empty)
CHECK_VIEW = "check.start_view"  # lesson; CHECK_TEMPLATE, CHECK_FIRST, CHECK_THEN, CHECK_ANSWER (all may be empty)
CHECK_WAIVE_VIEW = "check.waive_view"  # lesson; CHECK_ANSWERED, REASON

# --- Fields of modals, with where the value stands in `view.state.values[field][field]`.
REASON = "reason"  # plain_text_input: value
NAME_IN_ROOM = "name_in_room"  # static_select: selected_option.value, the first 150 characters of the display name
NAME_TYPED = "name_typed"  # plain_text_input: value
PERSON = "person"  # static_select: selected_option.value, the person's id
SLACK_USER = "slack_user"  # users_select: selected_user
FROM = "from"  # datetimepicker: selected_date_time
TO = "to"  # datetimepicker: selected_date_time
MARK_KIND = "mark_kind"  # radio_buttons: selected_option.value
CHECK_TEMPLATE = "check_template"  # static_select: selected_option.value, "now", a template, or "custom"
CHECK_FIRST = "check_first"  # plain_text_input: value, a range such as 10-30m
CHECK_THEN = "check_then"  # plain_text_input: value
CHECK_ANSWER = "check_answer"  # plain_text_input: value, a length, or a dash for no deadline
CHECK_ANSWERED = "check_answered"  # static_select: selected_option.value, the question's id and the person's
