"""The documentation's pictures of documents: python -m tests.documents.pictures docs/pictures"""

import sys
from hashlib import sha256
from pathlib import Path

from bot.attendance.checks.counting import CheckCounts
from bot.reports.course_report_print import course_report_print
from bot.reports.lesson_sheet import lesson_sheet, lesson_timeline
from bot.reports.participation import participation_report
from tests.bot.course_reports import a_course
from tests.builders import replace
from tests.documents.classes import ALL_LETTERS, USUAL_ANSWERS, a_participation, a_sheet, printed_sheet
from tests.documents.reading import png_of

CAST = (
    "Ada Lovelace",
    "Bob Kahn",
    "نور الأمين",
    "José Núñez",
    "王小明",
    "Lina Øst",
    "Дмитрий Волков",
    "Yuki Mori",
    "María de los Ángeles Fernández de Córdoba y Álvarez de Toledo",
)
HASH = sha256(b"a sheet").hexdigest()


def main(folder: Path) -> None:
    sheet = a_sheet(len(CAST), names=CAST)
    checked = tuple(
        replace(each, checks=CheckCounts(asked=4, confirmed=4 - number % 3, missed=number % 3)) if each.stays else each
        for number, each in enumerate(sheet.students)
    )
    about = printed_sheet(
        replace(sheet, people=(*checked, *sheet.trainers)), sha256=HASH, history_hash=sha256(HASH.encode()).hexdigest()
    )
    report = a_participation(len(CAST), 9, names=CAST, answers=USUAL_ANSWERS, seed_hash=HASH)
    pictures = {
        "document-sheet": lesson_sheet(about, ALL_LETTERS),
        "document-timeline": lesson_timeline(about, ALL_LETTERS),
        "document-participation": participation_report(report, ALL_LETTERS),
        "document-course": course_report_print(a_course(CAST), ALL_LETTERS),
    }
    for name, printed in pictures.items():
        (folder / f"{name}.png").write_bytes(png_of(printed))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
