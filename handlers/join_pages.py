"""What is shown in the place of a classroom where a personal link leads nowhere. No names: anybody may see it."""

from dataclasses import dataclass
from typing import Final

_FRAME: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 34rem; padding: 12vh 1.5rem 2rem }}
h1 {{ font-size: 1.5rem; line-height: 1.25 }}
</style>
<main>
<h1>{title}</h1>
<p>{why}</p>
<p>{remedy}</p>
</main>
</html>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its status."""

    status: int
    title: str
    why: str
    #: what to do
    remedy: str

    @property
    def html(self) -> str:
        return _FRAME.format(title=self.title, why=self.why, remedy=self.remedy)


_NEW_ONE: Final = (
    "Open <b>Rollcall</b> in Slack: its <b>Home</b> tab has a <b>Join</b> button with your own link."
    " Without Slack, ask your trainer or your school for it."
)

UNKNOWN: Final = Page(
    404, "This link is not known", "It may have been cut when it was copied, or it is not one of this school.", _NEW_ONE
)
REVOKED: Final = Page(410, "This link is good no more", "Your school has replaced it with a new one.", _NEW_ONE)
ENDED: Final = Page(
    410,
    "Your time in this course is over",
    "This link led into a course in which you are not enrolled any more.",
    "If you should be, tell your trainer or your school.",
)
NO_LINK: Final = Page(
    404,
    "This course has no link to its room",
    "Your own link is right, but nobody has said yet where the lessons take place.",
    "Ask your trainer for the link to the room.",
)
UNAVAILABLE: Final = Page(
    503,
    "Rollcall cannot look that up just now",
    "Your link may well be right; it is we who have trouble.",
    "Try again in a minute. If the lesson has begun, ask your trainer for the link to the room.",
)
