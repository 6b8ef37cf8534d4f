"""What stands beside the files in a thread."""

from collections.abc import Sequence

from bot.attendance.wanted import About, KeptReport
from bot.messages.blocks import section
from bot.messages.formatting import escape, written
from bot.messages.message import Message, Reader


def summary_files(*, about: About, version: int, sha256: str, reader: Reader) -> Message:  # noqa: ARG001  the hash is on the documents
    """SUMMARY_FILES."""
    plain, rich = written(reader)
    said = [
        write.text(
            "{title}, {time}: the attendance sheet, version {version}",
            title=escape(about["title"]),
            time=write.date(about["start"]),
            version=version,
        )
        for write in (plain, rich)
    ]
    what = rich.text("To sign as PDF, as a table in XLSX and CSV, and the timeline as a picture.")
    return Message(said[0], [section(f"{said[1]}\n{what}")])


def reports(*, about: About, reports: Sequence[KeptReport], reader: Reader) -> Message:
    """SUMMARY_REPORTS and CHECK_REPORT."""
    plain, rich = written(reader)
    said = [
        write.count(
            "{title}, {time}: the participation report of the presence check",
            "{title}, {time}: the participation reports of {n} presence checks",
            len(reports),
            title=escape(about["title"]),
            time=write.date(about["start"]),
        )
        for write in (plain, rich)
    ]
    return Message(said[0], [section(said[1])])
