"""A sheet written down whole: canonical JSON and its hash, so that what was signed can be read and proven later."""

from hashlib import sha256

import msgspec

from bot.attendance.sheet import Sheet

#: Counts up when a rule changes in a way that could change a sheet.
RULES_VERSION = 1

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Sheet)


def canonical(sheet: Sheet) -> str:
    """The sheet as JSON: keys sorted, instants as RFC 3339, lengths as ISO 8601. Equal sheets give equal text."""
    return _encoder.encode(sheet).decode()


def parse(body: str) -> Sheet:
    """The sheet that `canonical` wrote."""
    return _decoder.decode(body)


def fingerprint(body: str) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return sha256(body.encode()).hexdigest()
