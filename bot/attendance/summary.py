"""The summary: a sheet as Slack shows it, with what is exceptional and who settled it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.attendance.asked import answers, last_word
from bot.attendance.ending import has_reopened
from bot.attendance.lessons import Confirmation, Correction, CorrectionKind
from bot.attendance.records import Interaction
from bot.attendance.sheet import PersonSheet, Sheet, Verdict
from bot.attendance.telling import MOST_LISTED, Telling, epoch, maybe_epoch
from bot.attendance.trainer_card import open_questions
from bot.attendance.wanted import (
    DifferenceRow,
    DisputeSettledContent,
    MeetingFacts,
    MessageKind,
    SummaryContent,
    SummaryRow,
    VerdictChangedContent,
)

#: After these the verdict is as it was, or worse: what was asked for was not granted.
LEAVES_AS_IT_WAS = frozenset({CorrectionKind.DECLINED, CorrectionKind.NOT_PRESENT, CorrectionKind.ACCEPT_VERDICT})
EXCUSED = CorrectionKind.EXCUSED
VERDICT_CHANGED = (MessageKind.VERDICT_CHANGED, MessageKind.VERDICT_CHANGED_AGAIN)
DISPUTE_SETTLED = (MessageKind.DISPUTE_SETTLED, MessageKind.DISPUTE_SETTLED_AGAIN)
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
    if not telling.is_over:
        return _gone_on(telling, shows_names=shows_names)
    questions, more_questions = open_questions(telling, sheet.questions)
    content = SummaryContent(
        about=telling.about,
        state=sheet.state.value,
        confirmation=sheet.confirmation.value,
        feed=sheet.feed.value,
        record=sheet.record.value,
        planned_seconds=sheet.planned_seconds,
        held_seconds=sheet.held_seconds,
        rows=[_row(telling, line) for line in telling.students],
        not_enrolled=[line.name for line in sheet.not_enrolled[:MOST_LISTED]],
        questions=questions,
        shows_names=shows_names,
        has_reopened=has_reopened(telling.view),
        version=version,
        sha256=sha256,
        is_unplanned=telling.lesson.is_unplanned,
    )
    if more_questions:
        content["more_questions"] = more_questions
    if len(sheet.not_enrolled) > MOST_LISTED:
        content["more_not_enrolled"] = len(sheet.not_enrolled) - MOST_LISTED
    _add_differences(content, sheet)
    if sheet.recordings or sheet.asked:
        content["meeting"] = _meeting(sheet)
    return content


def _meeting(sheet: Sheet) -> MeetingFacts:
    known = [each.is_right for asked in sheet.asked for each in asked.answers if each.is_right is not None]
    return MeetingFacts(
        recordings=list(sheet.recordings[:MOST_LISTED]),
        quizzes=sum(asked.kind is Interaction.QUIZ for asked in sheet.asked),
        polls=sum(asked.kind is Interaction.POLL for asked in sheet.asked),
        answers=len(known),
        right=sum(known),
    )


def _add_differences(content: SummaryContent, sheet: Sheet) -> None:
    """What the platform's record says otherwise than its webhooks."""
    if sheet.differences:
        content["differences"] = [
            DifferenceRow(
                name=sheet.by_id[each.person_id].name,
                webhooks_seconds=each.webhooks_seconds,
                record_seconds=each.record_seconds,
            )
            for each in sheet.differences[:MOST_LISTED]
        ]
    if len(sheet.differences) > MOST_LISTED:
        content["more_differences"] = len(sheet.differences) - MOST_LISTED


def _gone_on(telling: Telling, *, shows_names: bool) -> SummaryContent:
    """What stands of a summary while the lesson runs again: that it does. Its numbers would change every second."""
    sheet = telling.sheet
    return SummaryContent(
        about=telling.about,
        state=sheet.state.value,
        confirmation=sheet.confirmation.value,
        feed=sheet.feed.value,
        record=sheet.record.value,
        planned_seconds=0,
        held_seconds=0,
        rows=[],
        not_enrolled=[],
        questions=[],
        shows_names=shows_names,
        has_reopened=True,
        version=0,
        sha256="",
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
        permille=_permille(telling, line),
        waited_seconds=line.waited_seconds,
        assumed_seconds=line.assumed_seconds,
        asked_excuse=line.asked_excuse,
        is_settled=settled is not None,
    )
    if settled is not None:
        row["settled_by"] = telling.name_of(settled.actor)
        row["settled_at"] = epoch(settled.at)
    return row


def _settled(corrections: Sequence[Correction]) -> Correction | None:
    """The last decision about somebody, unless they disputed it since."""
    last = last_word(corrections)
    return None if last is None or last.kind is CorrectionKind.DISPUTED else last


def tell_changed_verdicts(telling: Telling, before: Mapping[str, PersonSheet]) -> None:
    """Tell each student whose verdict is another than the one written down; `before` is the sheet they could read."""
    if telling.lesson.is_silent:
        return
    for line in telling.students:
        old = before[line.person_id].verdict if line.person_id in before else None
        if old is None or line.verdict is None or old in {Verdict.PENDING, line.verdict} or not line.slack_user_id:
            continue
        content = VerdictChangedContent(
            about=telling.about, old=old.value, new=line.verdict.value, permille=_permille(telling, line), note=""
        )
        telling.want_news(
            VERDICT_CHANGED,
            line.person_id,
            telling.with_notice(content, line.person_id),
            since=telling.now,
            not_before=telling.lesson.planned_end + TRICKLE,
        )


def _permille(telling: Telling, line: PersonSheet) -> int | None:
    return line.permille_held if telling.lesson.policy.basis == "held" else line.permille_planned


def tell_decisions(telling: Telling) -> None:
    """Tell who disputed a verdict or asked to be excused what became of it."""
    for line in telling.students:
        answered = _answered(telling.view.corrections_of(line.person_id))
        if answered is None or not line.slack_user_id:
            continue
        asked, decision = answered
        is_dispute = asked is CorrectionKind.DISPUTED
        content = DisputeSettledContent(
            about=telling.about,
            about_what="dispute" if is_dispute else "excuse",
            is_accepted=decision.kind not in LEAVES_AS_IT_WAS if is_dispute else decision.kind is EXCUSED,
            reason=decision.note,
            by=telling.name_of(decision.actor),
            at=epoch(decision.at),
            verdict=line.verdict.value if line.verdict is not None else "",
            permille=_permille(telling, line),
        )
        content = telling.with_notice(content, line.person_id)
        telling.want_news(DISPUTE_SETTLED, line.person_id, content, since=decision.at)


def _answered(corrections: Sequence[Correction]) -> tuple[CorrectionKind, Correction] | None:
    """The last answer to what somebody asked, and what that was; of two that it answers, the dispute."""
    found: list[tuple[Correction, CorrectionKind]] = []
    for kind in (CorrectionKind.DISPUTED, CorrectionKind.CANNOT_COME):
        since = max((index for index, each in enumerate(corrections) if each.kind is kind), default=None)
        if since is not None:
            found += [(each, kind) for each in corrections[since + 1 :] if answers(each, kind)]
    if not found:
        return None
    decision, asked = max(found, key=lambda each: each[0].at)
    return asked, decision
