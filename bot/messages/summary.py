"""The summary of a lesson: one line that says it all, then only the exceptions with their buttons, and the table."""

from bot.attendance.lessons import Confirmation, Feed, LessonState, RecordState
from bot.attendance.sheet import Flag, Verdict
from bot.attendance.wanted import About, DifferenceRow, MeetingFacts, OpenQuestion, SummaryRow
from bot.messages.actions import LOCK, ButtonValue
from bot.messages.blocks import actions, are_you_sure, button, context, section, table
from bot.messages.exceptions import exception_blocks, exception_line, is_exception
from bot.messages.fitting import questions_that_fit
from bot.messages.formatting import Writer, cut, escape, fitting, plain_time, sorted_by_name, written
from bot.messages.message import Block, Message, Reader
from bot.messages.shared import platform_name
from bot.messages.verdicts import flag_words, verdict_words

#: Slack takes 200 rows by one page of its documentation and 100 by another.
MOST_TABLE_ROWS = 100
#: of the 20,000 characters that Slack takes in all cells, less the header and the dashes of empty cells
ROOM_FOR_TABLE = 19_000
PAGE_SIZE = 25
ROOM_FOR_QUESTIONS = 3_200
ROOM_FOR_NAMES = 700
#: of recordings; an element of a context takes 3,000 characters
ROOM_FOR_LINKS = 2_000
#: of what stands in for the table, and of the notification
ROOM_FOR_LIST = 2_000


def summary(
    *,
    about: About,
    state: str,
    confirmation: str,
    feed: str,
    record: str,
    planned_seconds: int,
    held_seconds: int,
    rows: list[SummaryRow],
    not_enrolled: list[str],
    questions: list[OpenQuestion],
    shows_names: bool,
    has_reopened: bool,
    version: int,
    sha256: str,
    is_unplanned: bool,
    reader: Reader,
    more_questions: int = 0,
    more_not_enrolled: int = 0,
    differences: list[DifferenceRow] | None = None,
    more_differences: int = 0,
    meeting: MeetingFacts | None = None,
    plain: bool = False,
) -> Message:
    """SUMMARY; `plain` writes the table as a list, for a workspace that refuses the table block."""
    text, rich = written(reader)

    def fact(write: Writer) -> str:
        if state == LessonState.LIVE:
            return write.text("{title} goes on", title=escape(about["title"]))
        return _fact(write, about, rows, confirmation, planned_seconds, held_seconds, is_unplanned=is_unplanned)

    blocks = [section(f"*{fact(rich)}*"), context(_state(rich, about, state, record, feed, has_reopened=has_reopened))]
    listed: list[str] = []
    if shows_names:
        people = sorted_by_name(rows)
        exceptions = [row for row in people if is_exception(row)]
        blocks += exception_blocks(rich, about["lesson_id"], exceptions)
        blocks += questions_that_fit(
            rich, questions, lesson=about["lesson_id"], room=ROOM_FOR_QUESTIONS, more=more_questions
        )
        if not_enrolled:
            names = rich.names(not_enrolled, room=ROOM_FOR_NAMES, more=more_not_enrolled)
            blocks.append(context(rich.text("There, but not enrolled: {names}", names=names)))
        blocks += _differences(rich, about, differences or [], more_differences)
        blocks += _meeting(rich, meeting) if meeting is not None else []
        blocks += _everybody(text, people, reader, is_plain=plain)
        listed = [exception_line(text, row) for row in exceptions]
        blocks += _lock(rich, about, state, confirmation)
    if sha256:
        witness = rich.text("Sheet {hash}, version {version}", hash=f"`{sha256[:12]}`", version=version)
        blocks.append(context(witness))
    lines = [fact(text), *([text.listed(listed, room=ROOM_FOR_LIST, between="\n")] if listed else [])]
    return Message("\n".join(lines), blocks)


def _fact(
    write: Writer,
    about: About,
    rows: list[SummaryRow],
    confirmation: str,
    planned_seconds: int,
    held_seconds: int,
    *,
    is_unplanned: bool,
) -> str:
    _ = write.text
    title = escape(about["title"])
    verdicts = [row["verdict"] for row in rows]
    if is_unplanned and confirmation != Confirmation.CONFIRMED:
        there = sum(row["attended_seconds"] > 0 for row in rows)
        people = write.count("{n} student was there", "{n} students were there", there)
        return _("{title}, not in the timetable: {people}", title=title, people=people)
    if confirmation == Confirmation.NOT_HELD:
        return _("{title} did not take place", title=title)
    if rows and all(verdict == Verdict.NO_DATA for verdict in verdicts):
        return _("{title}: no data from {platform}", title=title, platform=platform_name(about))
    if confirmation == Confirmation.UNCONFIRMED:
        there = sum(row["attended_seconds"] > 0 for row in rows)
        people = write.count("{n} student was there", "{n} students were there", there)
        return _("{title}: did it take place? {people}", title=title, people=people)
    attended = _("{n} of {total} attended", n=verdicts.count(Verdict.VALIDATED), total=len(rows))
    held = _("lesson held {held} of {planned}", held=write.length(held_seconds), planned=write.length(planned_seconds))
    return _("{title}: {parts}", title=title, parts=", ".join([attended, *_counts(write, rows), held]))


def _counts(write: Writer, rows: list[SummaryRow]) -> list[str]:
    """What is not as it should be, each where there is any of it."""

    def flagged(flag: Flag) -> int:
        return sum(flag in row["flags"] for row in rows)

    def judged(verdict: Verdict) -> int:
        return sum(row["verdict"] == verdict for row in rows)

    late, early, dropped = flagged(Flag.LATE), flagged(Flag.LEFT_EARLY), flagged(Flag.DROPPED)
    failed = flagged(Flag.CHECK_FAILED)
    partial, absent, excused = judged(Verdict.PARTIAL), judged(Verdict.ABSENT), judged(Verdict.EXCUSED)
    no_data, pending = judged(Verdict.NO_DATA), judged(Verdict.PENDING)
    counts = [
        (partial, write.count("{n} in part", "{n} in part", partial)),
        (late, write.count("{n} late", "{n} late", late)),
        (early, write.count("{n} left early", "{n} left early", early)),
        (dropped, write.count("{n} dropped out", "{n} dropped out", dropped)),
        (failed, write.count("{n} failed the presence check", "{n} failed the presence check", failed)),
        (absent, write.count("{n} absent", "{n} absent", absent)),
        (excused, write.count("{n} excused", "{n} excused", excused)),
        (no_data, write.count("{n} without data", "{n} without data", no_data)),
        (pending, write.count("{n} undecided", "{n} undecided", pending)),
    ]
    return [text for n, text in counts if n]


def _state(write: Writer, about: About, state: str, record: str, feed: str, *, has_reopened: bool) -> str:
    """How final it is, and from what it was made."""
    _ = write.text
    platform = platform_name(about)
    told = [f"{write.date(about['start'])} – {write.time(about['end'])}"]
    if has_reopened:
        told.append(_("The lesson went on after it had seemed to end."))
    if state == LessonState.LIVE:
        return " · ".join(told)
    if feed == Feed.SILENT:
        told.append(_("{platform} sent nothing.", platform=platform))
    if state == LessonState.PROVISIONAL and record == RecordState.IN:
        told.append(_("{platform}'s own record is in.", platform=platform))
    elif state == LessonState.PROVISIONAL:
        told.append(_("Provisional until {platform}'s own record is in.", platform=platform))
    elif record == RecordState.NONE:
        told.append(_("From webhooks only: {platform} gave no record.", platform=platform))
    else:
        told.append(_("Reconciled with {platform}'s own record.", platform=platform))
    if state == LessonState.LOCKED:
        told.append(_("Locked."))
    return " · ".join(told)


def _differences(write: Writer, about: About, rows: list[DifferenceRow], more: int) -> list[Block]:
    """*Ada Lovelace: webhooks 52 min, record 58 min*: where the platform's own record says otherwise."""
    if not rows:
        return []
    _ = write.text
    lines = [
        _(
            "{name}: webhooks {told}, record {recorded}",
            name=escape(row["name"]),
            told=write.length(row["webhooks_seconds"]),
            recorded=write.length(row["record_seconds"]),
        )
        for row in rows
    ]
    listed = write.listed(lines, room=ROOM_FOR_NAMES, between="\n", more=more)
    return [context("\n".join([_("{platform}'s record differs:", platform=platform_name(about)), listed]))]


def _meeting(write: Writer, meeting: MeetingFacts) -> list[Block]:
    """*Recording: 1, 2 · 2 quiz questions, 75 % right · 1 poll*: what the platform kept beside attendance."""
    told: list[str] = []
    links = [f"<{escape(url)}|{number}>" for number, url in enumerate(meeting["recordings"], start=1)]
    if links:
        told.append(write.text("Recording: {links}", links=write.listed(links, room=ROOM_FOR_LINKS)))
    if meeting["quizzes"]:
        asked = write.count("{n} quiz question", "{n} quiz questions", meeting["quizzes"])
        right = write.percent(meeting["right"] * 1000 // meeting["answers"]) if meeting["answers"] else ""
        told.append(write.text("{asked}, {percent} right", asked=asked, percent=right) if right else asked)
    if meeting["polls"]:
        told.append(write.count("{n} poll", "{n} polls", meeting["polls"]))
    return [context(" · ".join(told))]


def _lock(write: Writer, about: About, state: str, confirmation: str) -> list[Block]:
    """A trainer may lock what is settled, before the course's own time for it has come."""
    if confirmation != Confirmation.CONFIRMED or state not in {LessonState.PROVISIONAL, LessonState.RECONCILED}:
        return []
    _ = write.text
    sure = are_you_sure(
        title=_("Lock this lesson?"),
        text=_("New data then changes nothing by itself, and every change has to say why."),
        yes=_("Lock it"),
        no=_("Not yet"),
    )
    return actions(button(_("Lock"), action=LOCK, value=ButtonValue(about["lesson_id"]), confirm=sure))


def _everybody(write: Writer, rows: list[SummaryRow], reader: Reader, *, is_plain: bool) -> list[Block]:
    """The table of all students, or a list of them; what does not fit is counted in words."""
    if not rows:
        return []
    _ = write.text
    if is_plain:
        lines = [f"{escape(row['name'])} – {', '.join(filter(None, _cells(write, row, reader)[1:]))}" for row in rows]
        return [section(write.listed(lines, room=ROOM_FOR_LIST, between="\n"))]
    header = [_("Name"), _("Result"), _("Joined"), _("Attended"), "%", _("Remarks")]
    cells = [_cells(write, row, reader) for row in rows[:MOST_TABLE_ROWS]]
    shown = cells[: fitting(["".join(row) for row in cells], room=ROOM_FOR_TABLE)]
    blocks = [table(caption=_("Attendance"), header=header, rows=shown, page_size=PAGE_SIZE)]
    left = len(rows) - len(shown)
    if left:
        blocks.append(context(write.count("and {n} more student", "and {n} more students", left)))
    return blocks


def _cells(write: Writer, row: SummaryRow, reader: Reader) -> list[str]:
    joined = "" if row["joined_at"] is None else plain_time(row["joined_at"], reader.zone)
    return [
        cut(row["name"]),
        verdict_words(write, row["verdict"]),
        joined,
        write.length(row["attended_seconds"]) if row["attended_seconds"] else "",
        "" if row["permille"] is None else write.percent(row["permille"]),
        ", ".join(flag_words(write, row["flags"], late_seconds=row["late_seconds"])),
    ]
