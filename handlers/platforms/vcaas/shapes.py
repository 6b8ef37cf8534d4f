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
    #: raw, because of thousands of people it would be built for nothing
    device: msgspec.Raw = NOTHING
    time_in: Number = None
    time_out: Number = None
    details: list[Detail] | None = None


class Video(msgspec.Struct, rename="camel", gc=False):
    """`meetingVideoData`."""

    video_urls: list[Scalar] | None = None


class Option(msgspec.Struct, gc=False):
    """One option of a question, and of a poll's answer the one that was taken."""

    value: Scalar = None
    label: Scalar = None


class Content(msgspec.Struct, gc=False):
    """`content` of a question or a poll."""

    content: Scalar = None
    options: list[Option] | None = None


class Asked(msgspec.Struct, rename="camel", gc=False):
    """One of `detailDatas`."""

    id: Scalar = None
    content: Content | None = None
    average_accuracy: Number = None
    correct_answer: Scalar = None


class AllAsked(msgspec.Struct, rename="camel", gc=False):
    """`quizData` and `pollData`."""

    detail_datas: list[Asked] | None = None


class Interactive(msgspec.Struct, rename="camel", gc=False):
    """`meetingInteractiveData`."""

    quiz_data: AllAsked | None = None
    poll_data: AllAsked | None = None


class Given(msgspec.Struct, rename="camel", gc=False):
    """One of an attendee's `answers`."""

    id: Scalar = None
    selection: Scalar = None
    poll_option: Option | None = None


class AllGiven(msgspec.Struct, gc=False):
    """`attendeeQuizData` and `attendeePollData`."""

    answers: list[Given] | None = None


class AttendeeInteractive(msgspec.Struct, rename="camel", gc=False):
    """One of `attendeeInteractiveDatas`."""

    external_id: Scalar = None
    attendee_quiz_data: AllGiven | None = None
    attendee_poll_data: AllGiven | None = None


class MeetingData(msgspec.Struct, rename="camel", gc=False):
    """The push after the meeting. What is beside attendance stays raw: a mistake in it costs nobody their presence."""

    meeting_data: Meeting | None = None
    attendee_datas: list[Attendee] | None = None
    meeting_video_data: msgspec.Raw = NOTHING
    meeting_interactive_data: msgspec.Raw = NOTHING
    attendee_interactive_datas: msgspec.Raw = NOTHING
