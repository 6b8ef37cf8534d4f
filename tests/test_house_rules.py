"""The rules of the house that no tool of the trade knows."""

import re
import sys
from pathlib import Path

import pytest

from handlers.platforms import CONNECTORS, OWN

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "handlers", "storage", "sandbox")
#: Those of our platforms, as in course files and as folders; what is our own is no vendor's word.
PLATFORM_NAMES = (
    set(CONNECTORS) | {path.parent.name for path in (ROOT / "handlers" / "platforms").glob("*/connector.py")}
) - OWN
#: The names of video platforms, and the words of their payloads.
VENDOR_WORDS = re.compile(
    "|".join(sorted(map(re.escape, PLATFORM_NAMES))) + r"|hms_|opentalk|bigbluebutton|\bbbb\b|livekit"
    r"|participant_uuid|customer_key|registrant_uuid|leave_reason|meetingExternalId|userRole"
    r"|\bparticipant_joined|\bparticipant_left|meeting\.ended|peer\.join|peer\.leave|session\.close",
    re.IGNORECASE,
)
#: (file, word): where a vendor's word is ours to say, and why.
ALLOWED_WORDS = {
    ("bot/messages/shared.py", "vcaas"): "how people write the name",
    ("bot/attendance/identity.py", "zoom"): "what the platform calls somebody without a name is nobody's name",
    ("bot/timetable/policy.py", "opentalk"): "the name of a template of presence checks",
    ("bot/attendance/checks/settings.py", "opentalk"): "the same",
    ("bot/messages/check_views.py", "opentalk"): "the same",
    ("bot/messages/help.py", "opentalk"): "the same",
}
#: Longer than 300 lines, and why.
LONG_FILES = {
    "bot/attendance/sheet.py": "a table: everything that a sheet says",
    "bot/attendance/wanted.py": "a table: the arguments of every message",
    "storage/tables.py": "a table: every table",
    "storage/migrations/versions/0001_all_tables.py": "a table: every table, as it was at first",
}


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def vendor_words(path: Path) -> set[tuple[str, str]]:
    found = {word.lower() for word in VENDOR_WORDS.findall(path.read_text(encoding="utf-8"))}
    return {(name_of(path), word) for word in found}


@pytest.mark.parametrize("path", modules("bot", "storage"), ids=name_of)
def test_a_vendors_words_stay_in_the_vendors_folder(path: Path):
    assert vendor_words(path) - ALLOWED_WORDS.keys() == set()


def test_no_exception_outlives_its_word():
    used = {each for path in modules("bot", "storage") for each in vendor_words(path)}
    assert ALLOWED_WORDS.keys() - used == set()


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=name_of)
def test_no_module_has_the_name_of_a_standard_one(path: Path):
    # `python bot` would import `bot/platform.py` for the library's `platform`.
    name = path.parent.name if path.name == "__init__.py" else path.stem
    assert name not in sys.stdlib_module_names - {"__main__"}


@pytest.mark.parametrize("folder", PACKAGES)
def test_every_top_folder_says_what_belongs_there(folder: str):
    lines = (ROOT / folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) >= 5


@pytest.mark.parametrize("path", modules(*PACKAGES), ids=name_of)
def test_every_module_says_what_one_finds_there(path: Path):
    text = path.read_text(encoding="utf-8").lstrip()
    assert not text or text.startswith('"""')


def test_a_file_over_300_lines_has_a_reason():
    long = {name_of(path) for path in modules(*PACKAGES) if len(path.read_text(encoding="utf-8").splitlines()) > 300}
    assert long == LONG_FILES.keys()


def test_every_folder_of_tests_is_a_package():
    # Without it `tests/bot` would shadow `bot`.
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def excuses() -> list[tuple[str, str]]:
    """(place, reason) of every `noqa` and `type: ignore`."""
    pattern = re.compile(r"# (?:noqa|type: ignore)(?:: [A-Z0-9, ]+|\[[a-z\-, ]+\])?(.*)")
    return [
        (f"{name_of(path)}:{number}", found.group(1))
        for path in modules(*PACKAGES, "tests")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := pattern.search(line))
    ]


def test_every_exception_to_a_check_has_its_reason_in_the_line():
    assert [place for place, reason in excuses() if len(reason.strip(" #")) < 4] == []
