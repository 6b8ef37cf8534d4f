"""`/rollcall report [course] [period] [csv|xlsx|pdf]`: a course over a period, as a file for who asked."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bot.attendance.course_report import WHOLE_COURSE, CourseReport, Period
from bot.attendance.lessons import Role
from bot.errors import BadInput, NotAllowedNow, NotFound
from bot.messages import actions
from bot.messages.actions import pattern
from bot.messages.course_report import ReportAnswers, course_report
from bot.permissions import Action, Subject, may
from bot.reports.course_report_words import report_file_name
from bot.timetable.periods import period_of
from handlers.documents import Documents
from handlers.handed_out import REPORT_FORMS, report_as
from handlers.slack.door import Door
from handlers.slack.grammar import Verb, Word, leading_name
from handlers.slack.meant import Asked
from handlers.slack.office import Caller, Office
from handlers.slack.visit import Visit
from handlers.slack_values import SlackFile
from storage.door import KnownCourse

#: Where none is said: it can be read on a telephone, and signed.
USUAL_FORM: Final = "pdf"


class ReportDoor:
    """The report goes to the conversation with who asked: names of students are nobody else's business."""

    def __init__(self, office: Office, documents: Documents) -> None:
        self._office = office
        self._documents = documents

    def register(self, door: Door) -> None:
        door.action(pattern(actions.MENU_REPORT), self.chosen)

    async def answer(self, visit: Visit, caller: Caller, asked: Asked) -> None:
        """The command: a course of the caller's, a period and a form, each of which may be left out."""
        course, rest = _course(caller, asked.words)
        if not may(caller.actor, Action.SEE_REPORT, Subject(course_id=course.id)):
            raise NotAllowedNow(caller.says.not_allowed(Action.SEE_REPORT))
        period, form = _wishes(caller, rest, today=visit.now.astimezone(ZoneInfo(course.zone)).date())
        async with self._office.store.read() as memory:
            report = await memory.course_reports.make(course.id, period, now=visit.now)
        await self._send(visit, caller, report, form)

    async def chosen(self, visit: Visit) -> None:
        """In the menu."""
        await self.answer(visit, await self._office.caller(visit), Asked(verb=Verb.REPORT))

    async def _send(self, visit: Visit, caller: Caller, report: CourseReport, form: str) -> None:
        said, slack = course_report(report, reader=caller.reader), self._office.slack
        body = await report_as(form, report, self._documents, language=caller.reader.language)
        name = report_file_name(report, form)
        posted = await slack.post(visit.user, text=said.text, blocks=said.blocks)
        await slack.upload([SlackFile(name, name, body)], channel=posted.channel, thread_ts=None, text=name)
        if visit.channel not in {posted.channel, visit.user}:
            await self._office.say(visit, ReportAnswers(caller.reader).it_is_there())


def _course(caller: Caller, words: Sequence[Word]) -> tuple[KnownCourse, Sequence[Word]]:
    """The course that is named, or the only one; and the words behind it. Raises with a sentence."""
    courses = caller.courses_as(Role.TRAINER)
    if not courses:
        raise NotAllowedNow(caller.says.no_course_of_yours())
    name, rest = leading_name(words, [course.name for course in courses])
    named = [course for course in courses if course.name == name] or courses
    if len(named) > 1:
        names = [course.name for course in courses]
        raise NotFound(ReportAnswers(caller.reader).which_course(names[0], names))
    return named[0], rest


def _wishes(caller: Caller, words: Sequence[Word], *, today: date) -> tuple[Period, str]:
    """The period and the form, in either order. Raises `BadInput` with a sentence for anything else."""
    forms = [word.key for word in words if word.key in REPORT_FORMS]
    left = [word.key for word in words if word.key not in REPORT_FORMS]
    found = period_of(left, today=today) if left else (WHOLE_COURSE, 0)
    if found is None or found[1] < len(left) or len(forms) > 1:
        raise BadInput(ReportAnswers(caller.reader).how_to_ask())
    return found[0], forms[0] if forms else USUAL_FORM
