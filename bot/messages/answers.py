"""One-sentence answers at Slack's door: what was noted, what is not possible, and what failed.

They stand where somebody pressed or typed, and only who acted sees them.
"""

from collections.abc import Callable, Sequence

from bot.messages.blocks import plain, section
from bot.messages.formatting import Writer, escape
from bot.messages.message import Block, Reader
from bot.permissions import Action


class Answers:
    """The answers for one reader; moments are seconds of the epoch."""

    def __init__(self, reader: Reader) -> None:
        self._write = Writer(reader)
        self._: Callable[..., str] = self._write.text

    # What went wrong on our side

    def something_failed(self, error_id: str) -> str:
        """For errors that nobody foresaw; the id is in the log."""
        return self._(
            "That did not work, and it is our mistake. If it fails once more, please tell your admin: {error_id}.",
            error_id=error_id,
        )

    def try_again_soon(self, error_id: str) -> str:
        """The memory is out of reach for now; nothing was changed."""
        return self._(
            "That could not be noted just now. Please try again in a moment; if it fails again, tell your admin: "
            "{error_id}.",
            error_id=error_id,
        )

    def slack_failed(self, error_id: str) -> str:
        """Slack did not take what a press would have opened or said."""
        return self._(
            "Slack did not take that. Please try again; if it fails again, tell your admin: {error_id}.",
            error_id=error_id,
        )

    def old_button(self) -> str:
        """A button that nobody listens to any more."""
        return self._(
            "This button is from an older version and does nothing any more. Type `/rollcall` for what there is."
        )

    def not_our_button(self) -> str:
        """A value that no button of ours carries."""
        return self._("This button is not one of ours.")

    # Who may, and what there is

    def not_allowed(self, action: Action) -> str:
        """Somebody else may do this."""
        _ = self._
        sentences = {
            Action.SEE_WHY: _("You can see only your own attendance: `/rollcall why`."),
            Action.SAY_ABOUT_SELF: _("You are not a student of this course."),
            Action.DISPUTE: _("You can say this only about your own attendance."),
            Action.CANCEL: _("Only a trainer or the coordinator of this course can cancel a lesson."),
            Action.NAME_SUBSTITUTE: _("Only a trainer or the coordinator of this course can say who teaches."),
        }
        return sentences.get(action, _("Only a trainer of this course can do that."))

    def no_lesson(self) -> str:
        return self._("This lesson is not there any more.")

    def no_course(self) -> str:
        return self._("You are in no course here. If you should be, ask your trainer or admin.")

    def no_course_of_yours(self) -> str:
        return self._("You teach no course here.")

    def no_course_named(self, names: Sequence[str]) -> str:
        """A course that the person does not teach."""
        return self._("You teach no course of that name, only {names}.", names=self._write.names(names))

    def no_lesson_found(self) -> str:
        return self._("No lesson fits. Say the course and the day, for example `Python 101 yesterday`.")

    def no_lesson_now(self, title: str, next_at: int | None) -> str:
        """`now`, but no lesson runs; when the next one begins, if it is known."""
        if next_at is None:
            return self._("No lesson of {title} is running.", title=escape(title))
        return self._(
            "No lesson of {title} is running; the next one is at {date}.",
            title=escape(title),
            date=self._write.date(next_at),
        )

    def nobody_named(self, name: str, suggestions: Sequence[str]) -> str:
        """A name that nobody on the roster has."""
        if not suggestions:
            return self._("Nobody in your courses is called “{name}”.", name=escape(name))
        return self._(
            "Nobody in your courses is called “{name}”. Did you mean {meant}?",
            name=escape(name),
            meant=self._write.listed([escape(each) for each in suggestions]),
        )

    def not_in_course(self, name: str) -> str:
        """A person with whom no course is shared."""
        return self._("{name} is in no course that you teach.", name=escape(name))

    def no_students(self, title: str) -> str:
        return self._("Nobody is enrolled in {title}.", title=escape(title))

    def not_on_roster(self, title: str) -> str:
        """Somebody who was no student on the day of the lesson."""
        return self._("This person is no student of that lesson of {title}.", title=escape(title))

    def unknown_account(self) -> str:
        """A Slack account that no course knows."""
        return self._("This person is in no course here.")

    def unknown_verb(self, typed: str, suggestion: str) -> str:
        """A word that is no command."""
        if suggestion:
            return self._(
                "There is no `{typed}`. Did you mean `/rollcall {suggestion}`? `/rollcall help` shows everything.",
                typed=escape(typed, 40),
                suggestion=suggestion,
            )
        return self._("There is no `{typed}`. `/rollcall help` shows everything.", typed=escape(typed, 40))

    def how_to_mark(self) -> str:
        return self._(
            "Say who and what: `/rollcall mark @student present`, `excused` or `absent`, and a reason if you like."
        )

    # Not now

    def already_noted(self) -> str:
        return self._("That is noted already.")

    def is_over(self, title: str) -> str:
        return self._("{title} is over.", title=escape(title))

    def locked_needs_reason(self, title: str, name: str) -> str:
        """A change of a locked lesson is possible, and has to say why."""
        return self._(
            "{title} is locked: say why too, for example `/rollcall mark {name} present was in by phone`.",
            title=escape(title),
            name=escape(name) or self._("@student"),
        )

    def is_cancelled(self, title: str) -> str:
        return self._("{title} is cancelled.", title=escape(title))

    def not_begun(self, title: str, start: int) -> str:
        return self._("{title} begins at {date}.", title=escape(title), date=self._write.date(start))

    def still_running(self, title: str) -> str:
        return self._("{title} is still running: `/rollcall now` shows who is here.", title=escape(title))

    def you_are_in(self) -> str:
        return self._("You are in: we see you.")

    def break_runs(self, until: int) -> str:
        return self._("A break is running until {time}.", time=self._write.time(until))

    def nobody_to_remind(self) -> str:
        return self._(
            "There is nobody to remind: whoever is missing has answered already, or cannot be reached in Slack."
        )

    def stranger_gone(self, name: str) -> str:
        """Somebody was to be named who is settled by now."""
        if not name:
            return self._("That is settled already.")
        return self._("“{name}” is settled already.", name=escape(name))

    def nothing_to_credit(self) -> str:
        return self._("There is no waiting to credit.")

    def end_before_start(self) -> str:
        return self._("The end has to be after the start.")

    # Done

    def noted(self) -> str:
        return self._("Noted. Thank you.")

    def trainer_is_asked(self) -> str:
        return self._("Noted. Your trainer is asked, and you will be told.")

    def reminded(self, n: int) -> str:
        return self._write.count("{n} student is reminded.", "{n} students are reminded.", n)

    def marked(self, name: str, kind: str, title: str, start: int) -> str:
        """`kind` is present, excused or absent."""
        _, who, lesson, date = self._, escape(name), escape(title), self._write.date(start)
        sentences = {
            "present": _("{name} is marked present in {title} at {date}.", name=who, title=lesson, date=date),
            "excused": _("{name} is excused from {title} at {date}.", name=who, title=lesson, date=date),
            "absent": _("{name} is marked absent in {title} at {date}.", name=who, title=lesson, date=date),
        }
        return sentences[kind]

    def cancelled(self, title: str, start: int) -> str:
        return self._(
            "{title} at {date} is cancelled. The channel and the students are told.",
            title=escape(title),
            date=self._write.date(start),
        )

    def summary_comes(self, title: str, start: int) -> str:
        return self._(
            "The summary of {title} at {date} is posted again.", title=escape(title), date=self._write.date(start)
        )

    def teaches_now(self, name: str, title: str) -> str:
        return self._("{name} teaches {title} today.", name=escape(name), title=escape(title))

    def is_now_known(self, display_name: str, name: str) -> str:
        """Who a stranger is; `name` is empty for a guest, `display_name` for who has none."""
        if not display_name:
            return self._("Who has no name there is {name}.", name=escape(name))
        if not name:
            return self._("“{shown}” is a guest and counts for nobody.", shown=escape(display_name))
        return self._("“{shown}” is {name}.", shown=escape(display_name), name=escape(name))

    # Modals

    def failed_view(self, sentence: str) -> Block:
        """The modal that stands in place of one that failed; the sentence is one of these."""
        return {
            "type": "modal",
            "title": plain(self._("Rollcall")),
            "close": plain(self._("Close")),
            "blocks": [section(sentence)],
        }
