"""The errors of Rollcall: one small tree, caught at the doors and in the tick runner and nowhere else.

BotError
├── UntrustedDelivery        the request does not prove that the platform sent it      401
├── UnknownPlatform          no connector of that name is switched on                  404
├── DeliveryTooLarge         more bytes than the platform ever sends                   413
├── DeliveryTooSlow          its bytes do not come within the time                     503
├── IncompleteDelivery       it broke off, or is not encoded as it says                400
├── UnreadableDelivery       trusted, but not in a form we understand                  200, kept, alert
├── NotAllowedNow            understood, but at the wrong time or by the wrong person  shown to the user
├── NotFound                 there is no such course, lesson or person                 shown to the user, 404
├── BadInput                 a value that a person gave is wrong                       shown to the user, 400
├── SlackBusy                Slack asks us to wait                                     retried
├── SlackRefused             Slack will never accept this                              kept, alert
├── PlatformBusy             a platform's API asks us to wait                          asked again
├── PlatformRefused          a platform's API will never accept this                   kept, alert
├── PlatformUnavailable      a platform's API gave no usable answer                    asked again
├── DocumentFailed           a document could not be set                               kept, alert
└── StorageExceeded          no room for another document                              shown to the user
ConfigurationError           (not a BotError: nothing may swallow it)                  start refused
"""

import os
from datetime import timedelta


class BotError(Exception):
    """Something went wrong that Rollcall has a word for."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").split("\n", 1)[0])


class UntrustedDelivery(BotError):
    """The request does not prove that the platform sent it."""


class UnknownPlatform(BotError):
    """No platform of that name is switched on."""


class DeliveryTooLarge(BotError):
    """The request is larger than anything the platform sends."""


class DeliveryTooSlow(BotError):
    """The body did not come within the time. Try again later."""


class IncompleteDelivery(BotError):
    """The body broke off, or is not encoded as its headers say."""


class UnreadableDelivery(BotError):
    """The platform sent it, but not in a form we understand."""


class NotAllowedNow(BotError):
    """That is not possible now, or not for you."""


class NotFound(BotError):
    """There is no such thing here."""


class BadInput(BotError):
    """A value is wrong; the message names it and the remedy."""


class SlackBusy(BotError):
    """Slack asks us to wait, or gave no usable answer; try again after `retry_after`."""

    def __init__(self, message: str = "", *, code: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after


class SlackRefused(BotError):
    """Slack will never accept this call as it is; `code` is Slack's own word."""

    def __init__(self, message: str = "", *, code: str) -> None:
        super().__init__(message)
        self.code = code


class PlatformBusy(BotError):
    """The platform's API asks us to wait; try again after `retry_after`, where it says so."""

    def __init__(self, message: str = "", *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PlatformRefused(BotError):
    """The platform's API does not accept our credentials, or this call at all."""

    def __init__(self, message: str = "", *, status: int = 0, code: str = "") -> None:
        """`status` is that of HTTP, 0 where nothing was asked; `code` the platform's own word or number."""
        super().__init__(message)
        self.status = status
        self.code = code


class PlatformUnavailable(BotError):
    """The platform's API is not reachable, or answers nothing that can be used."""


class DocumentFailed(BotError):
    """A document could not be made."""


class StorageExceeded(BotError):
    """There is no room for another document: raise ROLLCALL_STORAGE_QUOTA, or delete old ones."""


class ConfigurationError(Exception):
    """The settings do not allow to start; the message names every problem and its remedy."""


def in_words(error: OSError) -> str:
    """What the system says of it, without the values that a library adds: *Connection refused*, *Permission denied*."""
    # The numbers of look-ups of names are negative, and their text is the system's already.
    number = error.errno or 0
    said = os.strerror(number) if number > 0 else error.strerror
    return said or type(error).__name__
