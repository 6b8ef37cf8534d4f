"""The course report in Slack: what it comes to, who is in danger, and where the document is."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.attendance.course import Outlook
from bot.attendance.course_report import CourseLine, CourseReport
from bot.messages.blocks import section
from bot.messages.formatting import Writer, escape, written
from bot.messages.message import Message, Reader


def course_report(report: CourseReport, *, reader: Reader) -> Message:
    """The line that says it all, then who is at risk and for whom the minimum is out of reach."""
    plain, rich = written(reader)
    _ = rich.text
    groups = [
        (_("Out of reach of {minimum}", minimum=_minimum(rich, report)), _of(report, Outlook.LOST)),
        (_("At risk"), _of(report, Outlook.AT_RISK)),
    ]
    lines = [f"*{heading}*: {_listed(rich, students)}" for heading, students in groups if students]
    fact = _fact(plain, report)
    return Message(fact, [section(f"*{_fact(rich, report)}*"), *(section(line) for line in lines)])


class ReportAnswers:
    """One-sentence answers to who asks for a report."""

    def __init__(self, reader: Reader) -> None:
        self._write = Writer(reader)
        self._: Callable[..., str] = self._write.text

    def which_course(self, example: str, names: Sequence[str]) -> str:
        """Several fit, and none was named; the example is one of them."""
        return self._(
            "Say of which course, for example `/rollcall report {name} last week`: {names}.",
            name=escape(example),
            names=self._write.names(names),
        )

    def how_to_ask(self) -> str:
        """Something was typed that is no period and no form."""
        return self._(
            "Say a course, a period and a form: `/rollcall report Python 101 last month xlsx`, `… 2026-11`, "
            "`… 2026-11-02 to 2026-11-27 pdf`, `… csv`."
        )

    def it_is_there(self) -> str:
        """It was asked for somewhere else than in the conversation with us, where it is."""
        return self._("The report is in your messages with me: only you see it there.")


def _fact(write: Writer, report: CourseReport) -> str:
    _ = write.text
    return _(
        "{title}, {period}: {lessons}, held {held} of {planned}, {students} attended {percent}",
        title=escape(report.title),
        period=_period(write, report),
        lessons=write.count("{n} lesson", "{n} lessons", len(report.lessons)),
        held=write.length(report.held_seconds),
        planned=write.length(report.planned_seconds),
        students=write.count("{n} student", "{n} students", len(report.students)),
        percent=write.percent(report.permille),
    )


def _period(write: Writer, report: CourseReport) -> str:
    _ = write.text
    first = report.period.first
    last = report.period.end - timedelta(days=1) if report.period.end is not None else None
    if first is not None and last is not None:
        return f"{first} – {last}" if first != last else str(first)
    if first is not None:
        return _("from {day}", day=first)
    return _("until {day}", day=last) if last is not None else _("whole course")


def _minimum(write: Writer, report: CourseReport) -> str:
    return write.percent(int(report.minimum * 1000))


def _of(report: CourseReport, outlook: Outlook) -> list[CourseLine]:
    return [student for student in report.students if student.outlook is outlook]


def _listed(write: Writer, students: Sequence[CourseLine]) -> str:
    """Names with the percentage of each; in the order of the report."""
    return write.listed([f"{escape(each.name)} ({write.percent(each.permille)})" for each in students])
