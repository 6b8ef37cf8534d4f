"""The missing-now ladder, for trainers, coordinators and admins (product.md)."""

from datetime import datetime, timedelta

from bot.attendance.lessons import CorrectionKind, Feed, LessonState, Role
from bot.attendance.sheet import Presence
from bot.attendance.telling import Telling, epoch, maybe_epoch
from bot.attendance.wanted import (
    CoordinatorContent,
    FeedSilentContent,
    MessageKind,
    TrainerLateContent,
    TrainerMissingContent,
)

#: While the host or somebody unrecognised is in the room, the trainer is asked first and the coordinator waits.
ASK_FIRST = timedelta(minutes=5)


def tell_trainers(telling: Telling) -> None:
    """Want everything that trainers, the coordinator, the admins and the channel should be told while it runs."""
    _trainer_missing(telling)
    _feed(telling)


def _is_trainer_missing(telling: Telling, moment: datetime) -> bool:
    return telling.is_running and not telling.is_trainer_here() and telling.has_come(moment)


def _trainer_missing(telling: Telling) -> None:
    lesson, policy = telling.lesson, telling.lesson.policy
    is_missing_now = _is_trainer_missing(telling, lesson.planned_start + policy.trainer_missing_after)
    content = _trainer_content(telling)
    for person in telling.reachable(Role.TRAINER):
        telling.keep_standing(
            MessageKind.TRAINER_MISSING, person.id, content, is_new=is_missing_now, not_after=telling.lesson.planned_end
        )
    asked_first = ASK_FIRST if telling.candidates else timedelta(0)
    escalates = _is_trainer_missing(telling, lesson.planned_start + policy.coordinator_after + asked_first)
    for recipient in coordinators_of(telling):
        telling.keep_standing(
            MessageKind.COORDINATOR_TRAINER_MISSING,
            recipient,
            coordinator_content(telling),
            is_new=escalates,
            not_after=telling.lesson.planned_end,
        )
    if lesson.channel:
        telling.keep_standing(
            MessageKind.TRAINER_LATE,
            lesson.channel,
            _channel_content(telling),
            is_new=escalates,
            not_after=telling.lesson.planned_end,
        )


def coordinators_of(telling: Telling) -> tuple[str, ...]:
    lesson = telling.lesson
    return (lesson.coordinator,) if lesson.coordinator else telling.view.facts.admins


def _trainer_joined_at(telling: Telling) -> datetime | None:
    moments = [line.first_joined_at for line in telling.trainers if line.first_joined_at is not None]
    return min(moments, default=None)


def _promise(telling: Telling) -> datetime | None:
    """The latest time a trainer promised."""
    said = [telling.said_by(line.person_id) for line in telling.trainers]
    return max((each.during.end for each in said if each is not None and each.during is not None), default=None)


def _stage(telling: Telling) -> str:
    if telling.is_cancelled:
        return "cancelled"
    if telling.is_trainer_here():
        return "here"
    return "over" if telling.is_past else "missing"


def _trainer_content(telling: Telling) -> TrainerMissingContent:
    students = telling.students
    return TrainerMissingContent(
        about=telling.about,
        stage=_stage(telling),  # type: ignore[typeddict-item]  # one of the four
        students_here=sum(line.presence is Presence.PRESENT for line in students),
        students_waiting=sum(line.presence in {Presence.PRESENT, Presence.WAITING} for line in students),
        promised_at=maybe_epoch(_promise(telling)),
        joined_at=maybe_epoch(_trainer_joined_at(telling)),
        candidates=telling.candidates,
        substitute=_substitute(telling),
    )


def _substitute(telling: Telling) -> str:
    picked = [each for each in telling.view.facts.corrections if each.kind is CorrectionKind.SUBSTITUTE]
    ids = picked[-1].person_ids if picked else ()
    return ", ".join(telling.view.people[each].name for each in ids if each in telling.view.people)


def coordinator_content(telling: Telling) -> CoordinatorContent:
    content = CoordinatorContent(
        about=telling.about,
        stage=_stage(telling),  # type: ignore[typeddict-item]  # one of the five
        trainers=[line.name for line in telling.trainers],
        students_here=len(telling.present_students()),
        promised_at=maybe_epoch(_promise(telling)),
        joined_at=maybe_epoch(_trainer_joined_at(telling)),
        is_feed_proven=telling.is_feed_proven,
    )
    if telling.no_data_since is not None:
        content["no_data_since"] = epoch(telling.no_data_since)
    return content


def _channel_content(telling: Telling) -> TrainerLateContent:
    stage = _stage(telling)
    return TrainerLateContent(
        about=telling.about,
        stage="waiting" if stage == "missing" else "here" if stage == "here" else "over",
        promised_at=maybe_epoch(_promise(telling)),
        joined_at=maybe_epoch(_trainer_joined_at(telling)),
        is_feed_proven=telling.is_feed_proven,
    )


def _feed(telling: Telling) -> None:
    """The admins are told once that the ladder is quiet because the feed is silent."""
    lesson, health = telling.lesson, telling.view.health
    is_live = lesson.state is LessonState.LIVE and not lesson.is_silent and not lesson.is_unplanned
    is_silent = is_live and health.feed is Feed.SILENT and telling.now < lesson.planned_end
    is_new = is_silent and telling.has_come(lesson.planned_start + lesson.policy.trainer_missing_after)
    if health.next_look_at is not None:
        telling.looks.append(health.next_look_at)
    content = FeedSilentContent(
        about=telling.about,
        stage="silent" if is_silent else "proven" if health.feed is Feed.PROVEN else "over",
        why=health.why or "never_delivered",
        since=epoch(health.since or lesson.window.start),
    )
    shown = telling.view.facts.feed.shown
    if health.why == "seen_by_platform" and shown is not None and shown.inside is not None:
        content["seen"], content["seen_at"] = shown.inside.people, epoch(shown.answered_at or shown.asked_at)
    for admin in telling.view.facts.admins:
        telling.keep_standing(
            MessageKind.FEED_SILENT, admin, content, is_new=is_new, not_after=telling.lesson.planned_end
        )
