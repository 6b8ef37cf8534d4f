"""How VCaaS writes down what happened: a flat JSON object for each callback, and one large one after the meeting.

In the callbacks nearly everything is text, times are whole seconds, and only the status of a meeting is a number. In
the data of a meeting the times of the attendees' details are milliseconds and numbers, all others text.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sandbox.classroom.participant import Fields, Participant

TEACHER, STUDENT, SYSTEM = "0", "2", "2"
JOINED, LEFT, WAITING = "0", "1", "2"

Kind = Literal["AttendeeJoined", "AttendeeLeft", "AttendeeDropped"]


@dataclass(kw_only=True, slots=True)
class Attendee:
    """One person in one meeting, as the data pushed after it has them: what they did, on whatever devices."""

    participant: Participant
    uid: str
    role: str
    details: list[tuple[Kind, datetime]] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Meeting:
    """One run of the room."""

    uid: str
    room_id: str
    planned_minutes: int
    started_at: datetime
    attendees: dict[str, Attendee] = field(default_factory=dict)


def encode(document: Fields) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def of_person(meeting: Meeting, who: Participant, *, role: str, status: str, at: datetime) -> bytes:
    """Somebody joins, leaves, or stands in the waiting room."""
    return encode({**_head(meeting), **_who(who, role), "userStatus": status, "timestamp": seconds(at)})


def of_meeting(meeting: Meeting, *, has_ended: bool, at: datetime) -> bytes:
    told: Fields = {**_head(meeting), "timestamp": seconds(at), "meetingStatus": int(has_ended)}
    return encode({**told, "meetingEndType": 0} if has_ended else told)


def of_recording(meeting: Meeting, by: Participant | None, *, has_stopped: bool, at: datetime) -> bytes:
    """`by`: None is the system itself."""
    who = _who(by, TEACHER) if by else {"userRole": SYSTEM, "externalId": "", "externalName": ""}
    return encode({**_head(meeting), **who, "recordingStatus": str(int(has_stopped)), "timestamp": seconds(at)})


def class_ended_for_all(meeting: Meeting, by: Participant, *, at: datetime) -> bytes:
    return encode({**_head(meeting), **_who(by, TEACHER), "timestamp": seconds(at)})


def meeting_data(meeting: Meeting, *, ended_at: datetime) -> bytes:
    """What is pushed after the meeting."""
    head = _head(meeting)
    duration = int((ended_at - meeting.started_at).total_seconds())
    about: Fields = {
        **head,
        "scheduledStartTime": seconds(meeting.started_at),
        "scheduledEndTime": str(int(meeting.started_at.timestamp()) + meeting.planned_minutes * 60),
        "startTime": seconds(meeting.started_at),
        "endTime": seconds(ended_at),
        "duration": str(duration),
    }
    no_answers: Fields = {"totalCount": 0, "detailDatas": []}
    return encode(
        {
            "meetingData": about,
            "attendeeDatas": [_attendee(head, each, ended_at) for each in meeting.attendees.values() if each.details],
            "meetingVideoData": {**head, "videoUrls": [f"https://videos.example.com/{meeting.uid}.mp4"]},
            "meetingInteractiveData": {**head, "quizData": no_answers, "pollData": no_answers},
            "attendeeInteractiveDatas": [],
        }
    )


def _attendee(head: Fields, attendee: Attendee, ended_at: datetime) -> Fields:
    times = [at for _, at in attendee.details]
    is_in = sum(1 if kind == "AttendeeJoined" else -1 for kind, _ in attendee.details) > 0
    out = ended_at if is_in else max(times)
    return {
        **head,
        "attendeeUid": attendee.uid,
        "externalId": attendee.participant.external_id,
        "timeIn": seconds(min(times)),
        "timeOut": seconds(out),
        "totalTime": str(int(_total(attendee.details, out))),
        "device": "",
        "details": [{"type": kind, "timestamp": int(at.timestamp() * 1000)} for kind, at in attendee.details],
    }


def _total(details: Iterable[tuple[Kind, datetime]], out: datetime) -> float:
    """Seconds with at least one device in."""
    total, devices, since = 0.0, 0, out
    for kind, at in sorted(details, key=lambda detail: detail[1]):
        if kind == "AttendeeJoined":
            since = at if devices == 0 else since
            devices += 1
        else:
            devices -= 1
            total += (at - since).total_seconds() if devices == 0 else 0
    return total + ((out - since).total_seconds() if devices else 0)


def _head(meeting: Meeting) -> Fields:
    return {"meetingUid": meeting.uid, "meetingExternalId": meeting.room_id}


def _who(who: Participant, role: str) -> Fields:
    return {"userRole": role, "externalId": who.external_id, "externalName": who.name}
