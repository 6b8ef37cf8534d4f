"""What a platform's record tells beside attendance: devices, recordings, quizzes and polls, by person."""

from collections.abc import Iterable

from bot.attendance.records import AskedInMeeting, GivenInMeeting, Interaction, PlatformRecord
from bot.attendance.sheet import AskedQuestion, GivenAnswer, PersonSheet
from bot.attendance.view import LessonView


def devices_of(view: LessonView) -> tuple[tuple[str, str], ...]:
    """(person id, the devices they were in with)."""
    found: dict[str, list[str]] = {}
    for record in _newest(view):
        for external_id, device in record.devices:
            for person_id in _people(view, record, external_id):
                found.setdefault(person_id, []).append(device)
    return tuple(sorted((person_id, ", ".join(dict.fromkeys(devices))) for person_id, devices in found.items()))


def recordings_of(view: LessonView) -> tuple[str, ...]:
    """The addresses of the recordings, each once."""
    return tuple(dict.fromkeys(url for record in _newest(view) for url in record.recordings))


def asked_in(view: LessonView, people: Iterable[PersonSheet]) -> tuple[AskedQuestion, ...]:
    """Every question in the order in which the platform has them, with the answers of those on the sheet."""
    listed = [person.person_id for person in people]
    return tuple(_question(view, record, asked, listed) for record in _newest(view) for asked in record.asked)


def is_right(asked: AskedInMeeting, value: str) -> bool | None:
    """Whether the answer is the one that the platform holds for right; of several options the order does not matter."""
    if asked.kind is not Interaction.QUIZ or not asked.correct:
        return None
    return _options(value) == _options(asked.correct)


def _question(view: LessonView, record: PlatformRecord, asked: AskedInMeeting, listed: list[str]) -> AskedQuestion:
    answers: dict[str, GivenInMeeting] = {}
    for given in record.given:
        if (given.kind, given.asked) == (asked.kind, asked.id):
            answers |= dict.fromkeys(_people(view, record, given.external_id), given)
    return AskedQuestion(
        kind=asked.kind,
        text=asked.text,
        options=asked.options,
        correct=asked.correct,
        accuracy=asked.accuracy,
        answers=tuple(
            GivenAnswer(person_id=each, value=answers[each].value, is_right=is_right(asked, answers[each].value))
            for each in listed
            if each in answers
        ),
    )


def _people(view: LessonView, record: PlatformRecord, external_id: str) -> tuple[str, ...]:
    """Whom the platform calls so; such records name a person and no connection."""
    resolution = view.resolutions.get((record.session, f"~{external_id}"))
    return resolution.person_ids if resolution is not None else ()


def _newest(view: LessonView) -> list[PlatformRecord]:
    """Of each session the version that counts, in order of time."""
    newest = {each.session: each for each in sorted(view.facts.records, key=lambda each: each.received_at)}
    return sorted(newest.values(), key=lambda each: (each.started_at, each.session))


def _options(value: str) -> frozenset[str]:
    return frozenset(each.strip().casefold() for each in value.split(",") if each.strip())
