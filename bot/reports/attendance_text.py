"""A sheet for a terminal: the line that says it all, then one line per person."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.attendance.inside import Shown
from bot.attendance.sheet import PersonSheet, Sheet, Verdict
from bot.language import Words, words_for
from bot.text import in_columns

WIDEST_NAME = 32


def attendance_text(sheet: Sheet, *, zone: str, language: str = "en", shown: Shown | None = None) -> str:
    """Times in the lesson's zone; `shown` is what came of asking the platform who is in the room."""
    words, place = words_for(language), ZoneInfo(zone)
    _ = words.text
    span = f"{_clock(sheet.planned_start, place, '%Y-%m-%d %H:%M')}–{_clock(sheet.planned_end, place)} {zone}"
    held = _("held {held} of {planned}", held=_length(sheet.held_seconds), planned=_length(sheet.planned_seconds))
    state = " · ".join((sheet.state.value, sheet.confirmation.value, _("feed {feed}", feed=sheet.feed.value), held))
    lines = [f"{sheet.title}  {span}", state, *_shown(shown, words, place), _counts(sheet, words), ""]
    lines += [_line(person, place) for person in (*sheet.people, *sheet.not_enrolled, *sheet.observers)]
    lines += [
        f"? {in_columns(each.display_name, WIDEST_NAME)}  {_length(each.attended_seconds)}" for each in sheet.strangers
    ]
    return "\n".join(lines).rstrip() + "\n"


def _shown(shown: Shown | None, words: Words, place: ZoneInfo) -> list[str]:
    """What the platform last said; where it never answered, why not."""
    _ = words.text
    if shown is None:
        return []
    if shown.inside is None or shown.answered_at is None:
        asked_at = _clock(shown.asked_at, place)
        return [_("asked at {time} who is in: {problem}", time=asked_at, problem=shown.error)] if shown.error else []
    answered_at = _clock(shown.answered_at, place)
    return [_("asked at {time} who is in: {n} in the room", time=answered_at, n=shown.inside.people)]


def _counts(sheet: Sheet, words: Words) -> str:
    attended = sum(person.verdict is Verdict.VALIDATED for person in sheet.students)
    total = words.count("{n} student", "{n} students", len(sheet.students))
    return words.text("{attended} of {total} attended", attended=attended, total=total)


def _line(person: PersonSheet, place: ZoneInfo) -> str:
    joined = _clock(person.first_joined_at, place) if person.first_joined_at else "–"
    left = _clock(person.last_left_at, place) if person.last_left_at else "–"
    permille = person.permille_held
    share = f"{permille / 10:5.1f} %" if permille is not None else "      –"
    verdict = person.verdict.value if person.verdict is not None else person.role.value
    flags = " ".join(flag.value for flag in person.flags)
    times = f"{joined:>5}–{left:<5}  {_length(person.attended.held):>9}  {share}"
    return f"  {in_columns(person.name, WIDEST_NAME)}  {times}  {verdict} {flags}".rstrip()


def _clock(moment: datetime, place: ZoneInfo, form: str = "%H:%M") -> str:
    return moment.astimezone(place).strftime(form)


def _length(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes:02d}" if hours else f"{minutes} min"
