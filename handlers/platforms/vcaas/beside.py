"""What the push tells beside attendance: devices, recordings, quizzes and polls.

It is read leniently: what cannot be understood of it is left out, and attendance stands.
"""

from collections.abc import Iterable

import msgspec

from bot.attendance.records import AskedInMeeting, GivenInMeeting, Interaction
from bot.errors import UnreadableDelivery
from bot.payloads import NOTHING, Scalar, Shape, read_as, text
from bot.text import clean_text
from handlers.platforms.vcaas.shapes import (
    AllAsked,
    AllGiven,
    Attendee,
    AttendeeInteractive,
    Given,
    Interactive,
    MeetingData,
    Video,
)

#: characters of a question or an answer that are kept
LONGEST = 500
LONGEST_URL = 2_000
LONGEST_DEVICE = 100


def recordings_of(pushed: MeetingData) -> tuple[str, ...]:
    """The addresses of the recordings: what no browser would open as a page is none."""
    video = _lenient(pushed.meeting_video_data, Video)
    urls = (video.video_urls or ()) if video is not None else ()
    return tuple(dict.fromkeys(url for url in (text(each).strip() for each in urls) if _is_address(url)))


def devices_of(attendees: Iterable[Attendee]) -> tuple[tuple[str, str], ...]:
    """(external id, device), each once, in order."""
    told = {(_words(each.external_id), _device(each.device)) for each in attendees}
    return tuple(sorted((who, device) for who, device in told if who and device))


def asked_in(pushed: MeetingData) -> tuple[AskedInMeeting, ...]:
    """The questions of quizzes, then the polls."""
    told = _lenient(pushed.meeting_interactive_data, Interactive)
    if told is None:
        return ()
    return (*_asked(Interaction.QUIZ, told.quiz_data), *_asked(Interaction.POLL, told.poll_data))


def given_in(pushed: MeetingData) -> tuple[GivenInMeeting, ...]:
    """What each person answered; of whom the school gave no id nobody knows whose answer it is."""
    people = _lenient(pushed.attendee_interactive_datas, list[AttendeeInteractive]) or []
    return tuple(
        answer
        for person in people
        if _words(person.external_id)
        for kind, data in ((Interaction.QUIZ, person.attendee_quiz_data), (Interaction.POLL, person.attendee_poll_data))
        for answer in _given(_words(person.external_id), kind, data)
    )


def _asked(kind: Interaction, told: AllAsked | None) -> Iterable[AskedInMeeting]:
    for each in (told.detail_datas if told is not None else None) or ():
        content = each.content
        options = (content.options if content is not None else None) or ()
        yield AskedInMeeting(
            kind=kind,
            id=_words(each.id),
            text=_words(content.content if content is not None else None),
            options=tuple((_words(option.value), _words(option.label)) for option in options),
            correct=_words(each.correct_answer),
            accuracy=_words(
                str(each.average_accuracy) if isinstance(each.average_accuracy, float) else each.average_accuracy
            ),
        )


def _given(who: str, kind: Interaction, told: AllGiven | None) -> Iterable[GivenInMeeting]:
    for each in (told.answers if told is not None else None) or ():
        yield GivenInMeeting(external_id=who, kind=kind, asked=_words(each.id), value=_value(each))


def _value(given: Given) -> str:
    option = given.poll_option
    return _words(given.selection) or (_words(option.value) or _words(option.label) if option is not None else "")


def _device(raw: msgspec.Raw) -> str:
    return _words(_lenient(raw, str))[:LONGEST_DEVICE]


def _words(value: Scalar) -> str:
    return clean_text(text(value), longest=LONGEST)


def _is_address(url: str) -> bool:
    is_web = url.startswith(("https://", "http://"))
    return is_web and len(url) <= LONGEST_URL and url.isprintable() and not any(each in url for each in " <>|")


def _lenient(raw: msgspec.Raw, shape: type[Shape]) -> Shape | None:
    if raw == NOTHING:
        return None
    try:
        return read_as(bytes(raw), shape)
    except UnreadableDelivery:
        return None
