"""The documents in the summary's thread: of the newest version that was written down, where names may stand."""

from datetime import timedelta
from typing import Final

from bot.attendance.telling import Telling
from bot.attendance.wanted import MessageKind, SummaryFilesContent

#: Deliveries trickle in after the end and trainers tap: the first documents come when that has calmed down …
CALM: Final = timedelta(minutes=2)
#: … and are exchanged for newer ones at most this often.
BETWEEN: Final = timedelta(minutes=10)


def show_files(telling: Telling, *, version: int, sha256: str) -> None:
    """Want the documents wherever the summary stands with names: they have everybody's."""
    lesson = telling.lesson
    for wanted in list(telling.wanted) if telling.is_over else []:
        if wanted.kind is MessageKind.SUMMARY and wanted.content is not None and wanted.content["shows_names"]:
            telling.want(
                MessageKind.SUMMARY_FILES,
                wanted.recipient,
                SummaryFilesContent(about=telling.about, version=version, sha256=sha256),
                not_before=lesson.planned_end + CALM,
                edit_gap_seconds=int(BETWEEN.total_seconds()),
            )
