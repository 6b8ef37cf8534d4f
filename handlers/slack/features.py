"""Everything that people can do in Slack: the one list of features."""

from handlers.checks import Checks
from handlers.documents import Documents
from handlers.slack.app import Feature
from handlers.slack.board import BoardDoor
from handlers.slack.cancel import CancelDoor
from handlers.slack.check import CheckDoor
from handlers.slack.confirm import ConfirmDoor
from handlers.slack.grammar import Verb
from handlers.slack.home import HomeDoor
from handlers.slack.mark import MarkDoor
from handlers.slack.me import MeDoor
from handlers.slack.meant import Answering
from handlers.slack.menu import MenuDoor
from handlers.slack.now import NowDoor
from handlers.slack.office import Office
from handlers.slack.people import PeopleDoor
from handlers.slack.reminder import ReminderDoor
from handlers.slack.report import ReportDoor
from handlers.slack.settle import SettleDoor
from handlers.slack.summary import SummaryDoor
from handlers.slack.took_place import TookPlaceDoor
from handlers.slack.trainer import TrainerDoor
from handlers.slack.who_is_it import WhoIsItDoor
from handlers.slack.why import WhyDoor


def features(office: Office, checks: Checks, documents: Documents) -> list[Feature]:
    """One of each, over the same memory."""
    now, summary, mark = NowDoor(office), SummaryDoor(office), MarkDoor(office)
    cancel, me, why = CancelDoor(office), MeDoor(office), WhyDoor(office)
    confirming = ConfirmDoor(office, checks)
    check = CheckDoor(office, checks, confirming)
    report = ReportDoor(office, documents)
    verbs: dict[Verb, Answering] = {
        Verb.NOW: now,
        Verb.SUMMARY: summary,
        Verb.MARK: mark,
        Verb.CANCEL: cancel,
        Verb.ME: me,
        Verb.WHY: why,
        Verb.CHECK: check,
        Verb.REPORT: report,
    }
    return [
        confirming,  # Bolt asks one after the other whether it is theirs, and of these presses a thousand come at once
        MenuDoor(office, verbs),
        now,
        summary,
        mark,
        cancel,
        me,
        why,
        check,
        report,
        ReminderDoor(office),
        TrainerDoor(office),
        WhoIsItDoor(office),
        SettleDoor(office),
        TookPlaceDoor(office),
        BoardDoor(office),
        PeopleDoor(office),
        HomeDoor(office),
    ]
