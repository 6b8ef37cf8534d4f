"""What somebody wanted of a presence check and cannot have: the protocol's word, and a sentence for people."""

from enum import StrEnum, unique

from bot.errors import NotAllowedNow


@unique
class RefusalCode(StrEnum):
    """The words of the protocol for what went wrong."""

    INSUFFICIENT_PERMISSIONS = "insufficient_permissions"
    PRESENCE_LOGGING_ALREADY_ENABLED = "presence_logging_already_enabled"
    PRESENCE_LOGGING_NOT_ENABLED = "presence_logging_not_enabled"
    PRESENCE_LOGGING_NOT_ALLOWED_FOR_PARTICIPANT = "presence_logging_not_allowed_for_participant"
    STORAGE_EXCEEDED = "storage_exceeded"
    GENERATE = "generate"
    STORAGE = "storage"
    INVALID_PARAMETERS = "invalid_parameters"


class CheckRefused(NotAllowedNow):
    """That is not possible in this presence check; nothing was changed."""

    def __init__(self, code: RefusalCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class ReportFailed(CheckRefused):
    """The participation report could not be made or stored; the code is one of the three that say why."""


def not_for_you(sentence: str) -> CheckRefused:
    """This person may not answer, or not any more."""
    return CheckRefused(RefusalCode.PRESENCE_LOGGING_NOT_ALLOWED_FOR_PARTICIPANT, sentence)
