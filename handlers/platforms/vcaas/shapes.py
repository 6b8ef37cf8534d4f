"""The parts of VCaaS's JSON that attendance needs. What a callback cannot do without is said where it is read."""

import msgspec

from bot.payloads import NOTHING, Scalar

#: the documentation has text in one place and a number in the next; whole or not
Number = Scalar | float


class Callback(msgspec.Struct, rename="camel", gc=False):
    """The four real-time callbacks together."""

    meeting_uid: Scalar = None
    meeting_external_id: Scalar = None
    user_role: Scalar = None
    external_id: Scalar = None
    external_name: Scalar = None
    user_status: Scalar = None
    meeting_status: Scalar = None
    meeting_end_type: Scalar = None
    recording_status: Scalar = None
    timestamp: Number = None


class Unaddressed(msgspec.Struct, rename="camel", gc=False):
    """Any of the five, read for what kind it is."""

    meeting_data: msgspec.Raw = NOTHING
    user_role: Scalar = None
    user_status: Scalar = None
    meeting_status: Scalar = None
    recording_status: Scalar = None


class Meeting(msgspec.Struct, rename="camel", gc=False):
    """`meetingData`."""

    meeting_uid: Scalar = None
    meeting_external_id: Scalar = None
    start_time: Number = None
    end_time: Number = None


class Detail(msgspec.Struct, rename="camel", gc=False):
    """One of `attendeeDatas[].details`."""

    type: Scalar = None
    timestamp: Number = None


class Attendee(msgspec.Struct, rename="camel", gc=False):
    """One of `attendeeDatas`."""

    external_id: Scalar = None
    time_in: Number = None
    time_out: Number = None
    details: list[Detail] | None = None


class MeetingData(msgspec.Struct, rename="camel", gc=False):
    """The push after the meeting. Recordings, quizzes and polls stay in the kept body until somebody asks for them."""

    meeting_data: Meeting | None = None
    attendee_datas: list[Attendee] | None = None
