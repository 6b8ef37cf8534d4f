"""One-sentence answers about presence checks: what began, what was noted, and what is not possible."""

from collections.abc import Callable
from typing import Final

from bot.messages.formatting import Writer, escape
from bot.messages.message import Reader


class CheckAnswers:
    """The answers for one reader; moments are seconds of the epoch."""

    def __init__(self, reader: Reader) -> None:
        self._write: Final = Writer(reader)
        self._: Final[Callable[..., str]] = self._write.text

    # What was typed

    def unknown_check(self, typed: str) -> str:
        """A word behind `check` that means nothing."""
        return self._(
            "There is no `{typed}`. It is `/presence now`, `start`, `stop`, `status`, `time` or `confirm WORD`.",
            typed=escape(typed, 40),
        )

    def no_length(self, typed: str) -> str:
        """A length should stand there; what was typed may be nothing at all."""
        if not typed:
            return self._("Say how long too, for example `every 20m` or `after 10m within 20m`.")
        return self._(
            "“{typed}” is no length of time: say for example `every 20m` or `after 10m within 20m`.",
            typed=escape(typed, 40),
        )

    def no_range(self) -> str:
        """A field of the modal; it knows no markup."""
        return self._("For example 20m, or 10-30m for a moment between the two.")

    def no_window(self) -> str:
        """A field of the modal; it knows no markup."""
        return self._("For example 5m, or a dash for no deadline.")

    def how_to_give_time(self) -> str:
        return self._("Say who and how long: `/presence time @student 15m`.")

    def say_the_word(self) -> str:
        return self._("Type the word that your trainer says aloud, for example `/presence confirm lomitu`.")

    # Refused; each is one of the protocol's errors

    def refused(self, code: str) -> str:
        """What an error of the protocol means; the codes are those of `CheckRefused`."""
        _ = self._
        sentences = {
            "insufficient_permissions": _("Only a trainer of this course can do that."),
            "presence_logging_already_enabled": _(
                "A presence check is running already: `/presence status` shows it, `/presence stop` ends it."
            ),
            "presence_logging_not_enabled": _("No presence check is running."),
            "presence_logging_not_allowed_for_participant": _(
                "You are not asked here: a presence check is for students who are in the lesson."
            ),
            "invalid_parameters": _(
                "That cannot be: a question comes after 1 s to 10 h, its range is at most 10 h long, and the time to "
                "answer is 30 s to 60 min."
            ),
            "storage_exceeded": _(
                "The report could not be kept, because the storage is full. Your admin can give it more room; the "
                "answers are safe."
            ),
            "generate": _("The report could not be made. The answers are safe; please tell your admin."),
            "storage": _("The report could not be stored. The answers are safe; please tell your admin."),
        }
        return sentences.get(code, _("That is not possible now."))

    def nothing_to_waive(self) -> str:
        return self._("There is nothing to waive: nobody has missed a question.")

    def not_asked(self) -> str:
        return self._("There is no open question for you.")

    def wrong_word(self) -> str:
        return self._("That is not the word. Ask your trainer to say it again.")

    def too_late(self) -> str:
        """A word that was typed after the deadline."""
        return self._("The time to answer is over. If you were there, press *I was there* in the message.")

    # Done

    def asked(self, n: int) -> str:
        if not n:
            return self._("Nobody is asked: no student has been in the lesson for two minutes.")
        return self._write.count("{n} student is asked.", "{n} students are asked.", n)

    def started(self, title: str) -> str:
        """Students are there."""
        return self._(
            "The presence check of {title} is on. The moments are drawn by lot, and nobody is told them.",
            title=escape(title),
        )

    def started_in_vain(self, title: str) -> str:
        """Students are there, and no moment of the plan is to come."""
        return self._(
            "The presence check of {title} is on, but no moment of its plan is left: nobody will be asked. Ask with "
            "`/presence now`, or stop it and start another, for example `/presence start every 20m`.",
            title=escape(title),
        )

    def waits(self, title: str) -> str:
        """Nobody is there yet."""
        return self._("The presence check of {title} is on: it begins when a student is there.", title=escape(title))

    def stopped(self, title: str) -> str:
        return self._("The presence check of {title} is stopped.", title=escape(title))

    def confirmed(self, at: int) -> str:
        return self._("Confirmed {time} ✓", time=self._write.time(at))

    def stands(self, stage: str) -> str:
        """A press on something that is settled by now; `stage` is that of the question."""
        _ = self._
        sentences = {
            "late": _("Noted: you answered late, and your trainer decides if it counts."),
            "disputed": _("Noted: your trainer decides."),
            "accepted": _("It is accepted: you were there ✓"),
            "waived": _("It is waived and does not count against you."),
            "disconnected": _("You were offline when we asked; it does not count against you."),
            "void": _("This question does not count."),
            "cancelled": _("This question is cancelled and counts for nobody."),
        }
        return sentences.get(stage, _("There is no open question for you."))

    def longer(self, name: str, seconds: int) -> str:
        """A student who needs more time to answer."""
        return self._(
            "{name} has {length} to answer, from the next question on, in all lessons of the course.",
            name=escape(name),
            length=self._write.length(seconds),
        )

    def accepted(self, name: str) -> str:
        return self._("The answer of {name} counts now.", name=escape(name))

    def waived(self, name: str) -> str:
        return self._("The question is waived for {name}.", name=escape(name))
