"""The summary: a sheet as Slack shows it, with what is exceptional and who settled it."""

from collections.abc import Mapping
from datetime import timedelta

from bot.attendance.ending import has_reopened
from bot.attendance.lessons import Confirmation, Correction, CorrectionKind
from bot.attendance.sheet import PersonSheet
from bot.attendance.telling import Telling, epoch, maybe_epoch
from bot.attendance.trainer_card import open_question
from bot.attendance.wanted import (
    DisputeSettledContent,
    MessageKind,
    SummaryContent,
    SummaryRow,
    VerdictChangedContent,
)

#: What settles an exception.
SETTLES = frozenset(
    {
        CorrectionKind.ACCEPT_VERDICT,
        CorrectionKind.PRESENT,
        CorrectionKind.NOT_PRESENT,
        CorrectionKind.EXCUSED,
        CorrectionKind.CREDIT_WAITING,
        CorrectionKind.DECLINED,
    }
)
#: Deliveries trickle in after the end: a changed verdict is told to its student once they have settled.
TRICKLE = timedelta(minutes=5)


def show_summary(telling: Telling, *, version: int, sha256: str) -> None:
    """Want the summary in the channel, and with names in the staff channel where there is one."""
    lesson = telling.lesson
    is_forgotten = lesson.is_unplanned and telling.sheet.confirmation is not Confirmation.CONFIRMED
    if lesson.is_silent or is_forgotten or telling.is_cancelled:
        return
    recipients = {lesson.staff_channel: True, lesson.channel: not lesson.staff_channel and lesson.policy.summary_names}
    for recipient, shows_names in recipients.items():
        if recipient and (telling.is_over or telling.was_sent(MessageKind.SUMMARY, recipient)):
            content = _content(telling, shows_names=shows_names, version=version, sha256=sha256)
            telling.want(MessageKind.SUMMARY, recipient, content)


def _content(telling: Telling, *, shows_names: bool, version: int, sha256: str) -> SummaryContent:
    sheet = telling.sheet
    return SummaryContent(
        about=telling.about,
        state=sheet.state.value,
        confirmation=sheet.confirmation.value,
        feed=sheet.feed.value,
        record=sheet.record.value,
        planned_seconds=sheet.planned_seconds,
        held_seconds=sheet.held_seconds,
        rows=[_row(telling, line) for line in sheet.students],
        not_enrolled=[line.name for line in sheet.not_enrolled],
        questions=[open_question(telling, each) for each in sheet.questions],
        shows_names=shows_names,
        has_reopened=has_reopened(telling.view),
        version=version,
        sha256=sha256,
        is_unplanned=telling.lesson.is_unplanned,
    )


def _row(telling: Telling, line: PersonSheet) -> SummaryRow:
    is_held = telling.lesson.policy.basis == "held"
    settled = _settled(telling.view.corrections_of(line.person_id))
    row = SummaryRow(
        person_id=line.person_id,
        name=line.name,
        verdict=line.verdict.value if line.verdict is not None else "",
        flags=[flag.value for flag in line.flags],
        late_seconds=int(line.late_by.total_seconds()) if line.late_by is not None else None,
        joined_at=maybe_epoch(line.first_joined_at),
        left_at=maybe_epoch(line.last_left_at),
        attended_seconds=line.attended.held if is_held else line.attended.planned,
        base_seconds=line.denominator.held if is_held else line.denominator.planned,
        permille=line.permille_held if is_held else line.permille_planned,
        waited_seconds=line.waited_seconds,
        assumed_seconds=line.assumed_seconds,
        asked_excuse=line.asked_excuse,
        is_settled=settled is not None,
    )
    if settled is not None:
        row["settled_by"] = telling.name_of(settled.actor)
        row["settled_at"] = epoch(settled.at)
    return row


def _settled(corrections: list[Correction]) -> Correction | None:
    """The last decision about somebody, unless they disputed it since."""
    said = [each for each in corrections if each.kind in SETTLES or each.kind is CorrectionKind.DISPUTED]
    last = max(said, key=lambda each: (each.at, each.id), default=None)
    return last if last is not None and last.kind is not CorrectionKind.DISPUTED else None


def tell_changed_verdicts(telling: Telling, before: Mapping[str, PersonSheet]) -> None:
    """Tell each student whose verdict is another than the one written down; `before` is the sheet they could read."""
    if not telling.is_over or telling.lesson.is_silent:
        return
    for line in telling.sheet.students:
        old = before.get(line.person_id)
        if old is None or old.verdict is None or line.verdict is None or not line.slack_user_id:
            continue
        if old.verdict is not line.verdict and old.verdict.value != "pending" and _has_settled(telling):
            content = VerdictChangedContent(
                about=telling.about,
                old=old.verdict.value,
                new=line.verdict.value,
                permille=line.permille_held if telling.lesson.policy.basis == "held" else line.permille_planned,
                note="",
            )
            telling.want(MessageKind.VERDICT_CHANGED, line.person_id, content)


def _has_settled(telling: Telling) -> bool:
    return telling.now >= telling.lesson.planned_end + TRICKLE


def tell_decisions(telling: Telling) -> None:
    """Tell who disputed a verdict or asked to be excused what became of it."""
    for line in telling.sheet.students:
        corrections = telling.view.corrections_of(line.person_id)
        asked = [each for each in corrections if each.kind in {CorrectionKind.DISPUTED, CorrectionKind.CANNOT_COME}]
        settled = _settled(corrections)
        if not asked or settled is None or settled.at < asked[-1].at or not line.slack_user_id:
            continue
        content = DisputeSettledContent(
            about=telling.about,
            about_what="dispute" if asked[-1].kind is CorrectionKind.DISPUTED else "excuse",
            is_accepted=settled.kind not in {CorrectionKind.DECLINED, CorrectionKind.NOT_PRESENT},
            reason=settled.note,
            by=telling.name_of(settled.actor),
            at=epoch(settled.at),
            verdict=line.verdict.value if line.verdict is not None else "",
            permille=line.permille_held if telling.lesson.policy.basis == "held" else line.permille_planned,
        )
        telling.want(MessageKind.DISPUTE_SETTLED, line.person_id, content)
