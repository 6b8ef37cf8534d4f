"""The course report as a workbook: a row per student, a row per lesson, and what it is about."""

from bot.attendance.course_report import CourseLine, CourseReport
from bot.attendance.sheet import Verdict
from bot.language import Words
from bot.reports.course_report_json import course_report_sha256
from bot.reports.course_report_words import outlook_words, period_words
from bot.reports.forms import Forms
from bot.reports.spreadsheet import Book, Cell, Column, Kind, Table, workbook


def course_report_xlsx(report: CourseReport, *, language: str = "en") -> bytes:
    """The numbers of the CSV, with hours and minutes beside seconds."""
    forms = Forms(language, report.zone, moments=(report.as_of,))
    tables = [_students(report, forms.words), _lessons(report, forms.words), _about(report, forms)]
    book = Book(
        title=report.title,
        tables=tables,
        made_at=report.as_of,
        zone=report.zone,
        foot=f"{report.course_id} {course_report_sha256(report)}",
    )
    return workbook(book)


def _students(report: CourseReport, words: Words) -> Table:
    _ = words.text
    columns = [
        Column(_("Person")),
        Column(_("E-mail")),
        Column(_("Lessons"), Kind.NUMBER),
        Column(_("Min. planned"), Kind.NUMBER),
        Column(_("Min. held"), Kind.NUMBER),
        Column(_("Min. attended"), Kind.NUMBER),
        Column("%", Kind.PERCENT),
        Column(_("Best possible, %"), Kind.PERCENT),
        Column(_("Outlook")),
        Column(_("Attended"), Kind.NUMBER),
        Column(_("Attended in part"), Kind.NUMBER),
        Column(_("Absent"), Kind.NUMBER),
        Column(_("Late"), Kind.NUMBER),
        Column(_("Excused"), Kind.NUMBER),
        Column(_("Not counted"), Kind.NUMBER),
        Column(_("Seconds planned"), Kind.NUMBER),
        Column(_("Seconds held"), Kind.NUMBER),
        Column(_("Seconds attended"), Kind.NUMBER),
        Column(_("Out of seconds"), Kind.NUMBER),
        Column(_("Seconds to come"), Kind.NUMBER),
    ]
    return Table(title=_("Students"), columns=columns, rows=[_student(line, words) for line in report.students])


def _student(line: CourseLine, words: Words) -> list[Cell]:
    return [
        line.name,
        line.email,
        line.lessons,
        line.planned_seconds // 60,
        line.held_seconds // 60,
        line.attended_seconds // 60,
        line.permille,
        line.best_permille,
        outlook_words(words, line.outlook),
        line.validated,
        line.partial,
        line.absent,
        line.late,
        line.excused,
        line.not_counted,
        line.planned_seconds,
        line.held_seconds,
        line.attended_seconds,
        line.base_seconds,
        line.to_come_seconds,
    ]


def _lessons(report: CourseReport, words: Words) -> Table:
    _ = words.text
    columns = [
        Column(_("Lesson"), Kind.MOMENT),
        Column(_("Min. planned"), Kind.NUMBER),
        Column(_("Min. held"), Kind.NUMBER),
        Column(_("Students"), Kind.NUMBER),
        Column(_("Attended"), Kind.NUMBER),
        Column(_("Attended in part"), Kind.NUMBER),
        Column(_("Absent"), Kind.NUMBER),
        Column(_("Late"), Kind.NUMBER),
        Column(_("Excused"), Kind.NUMBER),
        Column(_("Document")),
    ]
    rows: list[list[Cell]] = [
        [
            lesson.planned_start,
            lesson.planned_seconds // 60,
            lesson.held_seconds // 60,
            lesson.students,
            lesson.verdicts.get(Verdict.VALIDATED, 0),
            lesson.verdicts.get(Verdict.PARTIAL, 0),
            lesson.verdicts.get(Verdict.ABSENT, 0),
            lesson.late,
            lesson.verdicts.get(Verdict.EXCUSED, 0),
            lesson.id,
        ]
        for lesson in report.lessons
    ]
    return Table(title=_("Lessons"), columns=columns, rows=rows)


def _about(report: CourseReport, forms: Forms) -> Table:
    words = forms.words
    _ = words.text
    minimum = int(report.minimum * 1000)
    rows: list[tuple[str, str]] = [
        (_("Course"), report.title),
        (_("Period"), period_words(words, report)),
        (_("As of"), f"{forms.moment(report.as_of)} {forms.offset(report.as_of)}"),
        (_("Time zone"), report.zone),
        (_("Minimum"), forms.percent(minimum)),
        (_("Lessons"), str(len(report.lessons))),
        (_("Planned"), forms.length(report.planned_seconds)),
        (_("Held"), forms.length(report.held_seconds)),
        (_("Attended by all together"), forms.percent(report.permille)),
        (_("Document"), report.course_id),
        (_("SHA-256 of the report"), course_report_sha256(report)),
        (_("Rounding"), _("Minutes are whole minutes and percentages have one decimal, both rounded down.")),
    ]
    return Table(title=_("Document"), columns=[Column(_("About")), Column(report.title)], rows=rows)
