"""Text that no spreadsheet computes."""

from typing import Final

#: What a spreadsheet takes for the beginning of a formula, or trims before looking.
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_risky(text: str) -> bool:
    """Whether a spreadsheet would compute it."""
    return text.startswith(RISKY) or text.lstrip().startswith(RISKY)


def harmless(text: str) -> str:
    """What looks like a formula gets a leading apostrophe."""
    return f"'{text}" if is_risky(text) else text
