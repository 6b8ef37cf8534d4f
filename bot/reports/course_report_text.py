"""The course report for a terminal: what it is about, then one line per student."""

from bot.attendance.course_report import CourseLine, CourseReport
from bot.language import words_for
from bot.reports.attendance_text import WIDEST_NAME
from bot.reports.course_report_words import period_words
from bot.text import in_columns


def course_report_text(report: CourseReport) -> str:
    """Hours as `2:57`, percent of what counts, and the best that is still possible."""
    words = words_for("en")
    _ = words.text
    about = (
        words.count("{n} lesson", "{n} lessons", len(report.lessons)),
        _("held {held} of {planned}", held=_hours(report.held_seconds), planned=_hours(report.planned_seconds)),
        _("attended {percent}", percent=_share(report.permille).strip()),
    )
    heads = f"  {'':{WIDEST_NAME}}  lessons  planned     held  attended  percent     best  late  excused"
    lines = [f"{report.title}  {period_words(words, report)}", " · ".join(about), "", heads]
    return "\n".join([*lines, *(_line(student) for student in report.students)]) + "\n"


def _line(line: CourseLine) -> str:
    planned, held, attended = (
        _hours(seconds) for seconds in (line.planned_seconds, line.held_seconds, line.attended_seconds)
    )
    numbers = f"{line.lessons:7}  {planned:>7}  {held:>7}  {attended:>8}  {_share(line.permille)}"
    rest = f"{_share(line.best_permille)}  {line.late:4}  {line.excused:7}  {line.outlook.value}"
    return f"  {in_columns(line.name, WIDEST_NAME)}  {numbers}  {rest}"


def _hours(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02}"


def _share(permille: int | None) -> str:
    return "      –" if permille is None else f"{permille / 10:5.1f} %"
