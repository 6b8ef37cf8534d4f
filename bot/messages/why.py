"""Why: how one student's verdict came about, one line per change with its source, then the arithmetic."""

from collections.abc import Mapping
from datetime import datetime

from bot.attendance.inside import Shown
from bot.attendance.lessons import Lesson
from bot.attendance.sheet import Change, ChangeKind, Difference, Flag, PersonSheet, Verdict
from bot.messages.actions import THIS_IS_WRONG, ButtonValue
from bot.messages.blocks import actions, button, context, section
from bot.messages.formatting import Writer, escape, fitting, written
from bot.messages.message import Message, Reader
from bot.messages.shared import seen_inside
from bot.messages.verdicts import flag_words, verdict_words

LONGEST_NOTE = 200
ROOM_IN_TEXT = 3_000
#: a section takes 3,000 characters, a message four of them beside the rest
ROOM_IN_SECTION = 2_800
MOST_SECTIONS = 4
#: flags that the arithmetic tells with their lengths
SAID_IN_LENGTHS = frozenset({Flag.LATE, Flag.WAITED, Flag.BRIDGED, Flag.ASSUMED})
#: changes whose note says what changed
TOLD_IN_THE_NOTE = frozenset({ChangeKind.SAID, ChangeKind.MOVED, ChangeKind.CHECKED})


def why(
    *,
    person: PersonSheet,
    lesson: Lesson,
    names: Mapping[str, str],
    reader: Reader,
    can_dispute: bool = False,
    difference: Difference | None = None,
    shown: Shown | None = None,
) -> Message:
    """What `/rollcall why` and *Why?* answer.

    `names` are those of the people who changed something, by id. `can_dispute` offers *This is wrong*: to the student
    it is about, once there is a verdict. `difference`: what the platform's record says otherwise. `shown`: what it said
    when it was asked who is in, where nothing else is known.
    """
    plain, rich = written(reader)

    def fact(write: Writer) -> str:
        _ = write.text
        verdict = verdict_words(write, person.verdict or Verdict.PENDING)
        return _("{name}, {title}: {verdict}", name=escape(person.name), title=escape(lesson.title), verdict=verdict)

    steps = _steps(rich, person, names) or _seen(rich, lesson, shown) or [rich.text("Nothing was seen or said.")]
    blocks = [section(f"*{fact(rich)}*"), *(section(text) for text in _paragraphs(rich, steps))]
    blocks.append(section(arithmetic(rich, person=person, lesson=lesson)))
    if difference is not None:
        blocks.append(context(_differing(rich, difference)))
    if any(change.is_assumed for change in person.changes):
        blocks.append(context(rich.text("What is assumed was not told by the platform; it counts, and is shown.")))
    if can_dispute:
        _, value = rich.text, ButtonValue(lesson.id)
        blocks += actions(button(_("This is wrong"), action=THIS_IS_WRONG, value=value))
    lines = _steps(plain, person, names) or _seen(plain, lesson, shown)
    told = [fact(plain), *([plain.listed(lines, room=ROOM_IN_TEXT, between="\n")] if lines else [])]
    return Message("\n".join([*told, arithmetic(plain, person=person, lesson=lesson)]), blocks)


def _seen(write: Writer, lesson: Lesson, shown: Shown | None) -> list[str]:
    """That the platform itself showed people, of whom it told us nothing."""
    if shown is None or shown.answered_at is None or shown.inside is None or shown.inside.people == 0:
        return []
    return [seen_inside(write, lesson.platform, shown.inside.people, _epoch(shown.answered_at))]


def _differing(write: Writer, difference: Difference) -> str:
    """*Webhooks 52 min, record 58 min*."""
    told, recorded = write.length(difference.webhooks_seconds), write.length(difference.record_seconds)
    return write.text("Webhooks {told}, the platform's record {recorded}.", told=told, recorded=recorded)


def arithmetic(write: Writer, *, person: PersonSheet, lesson: Lesson) -> str:
    """*168 of 177 min = 94.9 %; late 7 min (grace 5)*: the numbers behind the verdict, on the course's basis."""
    is_held = lesson.policy.basis == "held"
    attended = person.attended.held if is_held else person.attended.planned
    base = person.denominator.held if is_held else person.denominator.planned
    permille = person.permille_held if is_held else person.permille_planned
    _ = write.text
    if permille is None:
        parts = [_("No time to count against")]
    else:
        parts = [f"{_share(write, attended, base)} = {write.percent(permille)}"]
    if person.late_by is not None and Flag.LATE in person.flags:
        grace = int(lesson.policy.late_grace.total_seconds()) // 60
        late = write.length(int(person.late_by.total_seconds()))
        parts.append(_("late {length} (grace {n})", length=late, n=grace))
    if person.checks.countable:
        parts.append(_answers(write, person, lesson))
    others = [flag for flag in person.flags if flag not in SAID_IN_LENGTHS]
    needed = _("{percent} % needed", percent=f"{float(lesson.policy.minimum * 100):g}")
    return "; ".join([*parts, *flag_words(write, others), *_seconds(write, person), needed])


def _answers(write: Writer, person: PersonSheet, lesson: Lesson) -> str:
    """*2 of 3 presence checks (3 needed)*: those that count for or against somebody."""
    checks, needed = person.checks, person.checks.needed(lesson.policy.check_rule)
    return write.text(
        "{n} of {total} presence checks ({needed} needed)", n=checks.answered, total=checks.countable, needed=needed
    )


def _share(write: Writer, attended: int, base: int) -> str:
    """In minutes; with the seconds where there are any, so that the percentage can be worked out again."""
    if attended % 60 or base % 60:
        return write.text("{n} of {total} min", n=_with_seconds(attended), total=_with_seconds(base))
    return write.text("{n} of {total} min", n=attended // 60, total=base // 60)


def _with_seconds(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


def _seconds(write: Writer, person: PersonSheet) -> list[str]:
    _ = write.text
    counts = [
        (person.bridged_seconds, _("{length} in short gaps filled", length=write.length(person.bridged_seconds))),
        (person.waited_seconds, _("{length} waiting", length=write.length(person.waited_seconds))),
        (person.assumed_seconds, _("{length} assumed", length=write.length(person.assumed_seconds))),
    ]
    return [text for seconds, text in counts if seconds]


def _paragraphs(write: Writer, lines: list[str]) -> list[str]:
    """The lines in order, as many to a section as it takes; what is too much even so is counted in words."""
    paragraphs: list[str] = []
    rest = lines
    while rest and len(paragraphs) < MOST_SECTIONS - 1:
        taken = fitting(rest, room=ROOM_IN_SECTION)
        paragraphs.append("\n".join(rest[:taken]))
        rest = rest[taken:]
    return [*paragraphs, write.listed(rest, room=ROOM_IN_SECTION, between="\n")] if rest else paragraphs


def _steps(write: Writer, person: PersonSheet, names: Mapping[str, str]) -> list[str]:
    """One line per change, in order."""
    returns = _returns(person)
    lines = []
    for change in person.changes:
        device = "" if change.device.casefold() == person.name.casefold() else escape(change.device)
        if change.kind is ChangeKind.BACK:
            what = _back(write, change, device, returns)
        elif change.kind is ChangeKind.SAID:
            what = _said(write, change)
        elif change.kind is ChangeKind.CHECKED:
            what = _checked(write, change)
        else:
            what = _what(write, change, device)
        note = "" if change.kind in TOLD_IN_THE_NOTE else escape(change.note, LONGEST_NOTE)
        told = f"{what} – {note}" if note else what
        lines.append(f"{write.time(_epoch(change.at))}  {told}  ({_source(write, change, names)})")
    return lines


def _returns(person: PersonSheet) -> Mapping[datetime, int]:
    """When they came in again, and how many seconds they had been away with every device."""
    again = zip(person.stays, person.stays[1:], strict=False)
    return {
        later.joined_at: _epoch(later.joined_at) - _epoch(earlier.left_at)
        for earlier, later in again
        if earlier.left_at
    }


def _back(write: Writer, change: Change, device: str, returns: Mapping[datetime, int]) -> str:
    """Back after so long; or in with another device, while the first still was."""
    _ = write.text
    if change.at not in returns:
        return _("in with another device, “{device}”", device=device) if device else _("in with another device")
    away = write.length(returns[change.at])
    return (
        _("back after {length}, as “{device}”", length=away, device=device)
        if device
        else _("back after {length}", length=away)
    )


def _what(write: Writer, change: Change, device: str) -> str:
    _ = write.text
    length = write.length(_epoch(change.until) - _epoch(change.at)) if change.until else ""
    until = write.time(_epoch(change.until)) if change.until else ""
    if change.kind is ChangeKind.JOINED:
        return _("joined as “{device}”", device=device) if device else _("joined")
    if change.kind is ChangeKind.MOVED:
        is_out = change.note == "breakout"
        return _("moved to a breakout room") if is_out else _("moved back to the main room")
    if change.kind is ChangeKind.WAITING:
        return _("waiting to be let in, for {length}", length=length) if length else _("waiting to be let in")
    words = {
        ChangeKind.LEFT: _("left"),
        ChangeKind.LOST: _("connection lost"),
        ChangeKind.ADMITTED: _("let in"),
        ChangeKind.CREDITED: _("counted as present until {time}", time=until),
        ChangeKind.EXCUSED: _("excused until {time}", time=until),
        ChangeKind.TAKEN_AWAY: _("counted as not present until {time}", time=until),
        ChangeKind.BRIDGED: _("a gap of {length} is filled", length=length),
    }
    return words[change.kind]


def _said(write: Writer, change: Change) -> str:
    """What somebody said by a button; the note is the kind of the correction, and their words behind a colon."""
    _ = write.text
    kind, _colon, note = change.note.partition(": ")
    said = {
        "on_my_way": _("said: on my way"),
        "cannot_come": _("said: can't come"),
        "technical_problem": _("said: technical problem"),
        "in_already": _("said: in already"),
        "disputed": _("said: this is wrong"),
        "declined": _("declined"),
        "accept_verdict": _("accepted as it stands"),
        "take_record": _("the platform's record counts"),
    }.get(kind, escape(kind))
    return f"{said}, “{escape(note, LONGEST_NOTE)}”" if note else said


def _checked(write: Writer, change: Change) -> str:
    """What came of a question; the note is the answer's state, and a trainer's reason behind a colon."""
    _ = write.text
    state, _colon, reason = change.note.partition(": ")
    at = write.time(_epoch(change.until)) if change.until else ""
    answered = {
        "awaited": _("asked whether they are there"),
        "confirmed": _("asked whether they are there: yes, at {time}", time=at),
        "late": _("asked whether they are there: too late, at {time}", time=at),
        "missed": _("asked whether they are there: no answer"),
        "disconnected": _("asked whether they are there: not connected"),
        "undelivered": _("asked whether they are there: could not be reached"),
        "waived": _("asked whether they are there: does not count"),
        "void": _("asked whether they are there: ended before the deadline"),
    }[state]
    return f"{answered}, “{escape(reason, LONGEST_NOTE)}”" if reason else answered


def _source(write: Writer, change: Change, names: Mapping[str, str]) -> str:
    _ = write.text
    if change.source in names:
        return escape(names[change.source])
    if change.source == "assumed" or change.is_assumed:
        return _("assumed")
    return _("by rule") if change.source == "rule" else escape(change.source)


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
