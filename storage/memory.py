"""What one transaction can be asked and told: one attribute per kind of row."""

from functools import cached_property

from storage.accounts import Accounts
from storage.api_tokens import ApiTokens
from storage.assets import Assets
from storage.attended import AttendedLessons
from storage.checks import Checks
from storage.checkup import Checkup
from storage.corrections import Corrections
from storage.course_reports import CourseReports
from storage.courses import Courses
from storage.deliveries import Deliveries
from storage.door import Door
from storage.history import History
from storage.inbox import Inbox
from storage.join_links import JoinLinks
from storage.layout import Layout
from storage.lessons import Lessons
from storage.messages import Messages
from storage.overview import Overview
from storage.pacing import Pacing
from storage.people import People
from storage.presence import Presence
from storage.record_requests import RecordRequests
from storage.registrants import Registrants
from storage.room_looks import RoomLooks
from storage.sheets import Sheets
from storage.slack_accounts import SlackAccounts
from storage.sockets import Sockets
from storage.strangers import Strangers
from storage.strays import Strays
from storage.timetable import Timetable
from storage.transaction import Transaction
from storage.troubles import Troubles


class Memory:
    """The queries of one open transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def workspace_id(self) -> str:
        """Whose memory it is."""
        return self._transaction.workspace_id

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self._transaction)

    @cached_property
    def api_tokens(self) -> ApiTokens:
        return ApiTokens(self._transaction)

    @cached_property
    def assets(self) -> Assets:
        return Assets(self._transaction)

    @cached_property
    def deliveries(self) -> Deliveries:
        return Deliveries(self._transaction)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._transaction)

    @cached_property
    def presence(self) -> Presence:
        return Presence(self._transaction)

    @cached_property
    def strays(self) -> Strays:
        return Strays(self._transaction)

    @cached_property
    def strangers(self) -> Strangers:
        return Strangers(self._transaction)

    @cached_property
    def lessons(self) -> Lessons:
        return Lessons(self._transaction)

    @cached_property
    def door(self) -> Door:
        return Door(self._transaction)

    @cached_property
    def slack_accounts(self) -> SlackAccounts:
        return SlackAccounts(self._transaction)

    @cached_property
    def sockets(self) -> Sockets:
        return Sockets(self._transaction)

    @cached_property
    def corrections(self) -> Corrections:
        return Corrections(self._transaction)

    @cached_property
    def record_requests(self) -> RecordRequests:
        return RecordRequests(self._transaction)

    @cached_property
    def room_looks(self) -> RoomLooks:
        return RoomLooks(self._transaction)

    @cached_property
    def history(self) -> History:
        return History(self._transaction)

    @cached_property
    def sheets(self) -> Sheets:
        return Sheets(self._transaction)

    @cached_property
    def attended(self) -> AttendedLessons:
        return AttendedLessons(self._transaction)

    @cached_property
    def checks(self) -> Checks:
        return Checks(self._transaction)

    @cached_property
    def checkup(self) -> Checkup:
        return Checkup(self._transaction)

    @cached_property
    def overview(self) -> Overview:
        return Overview(self._transaction)

    @cached_property
    def layout(self) -> Layout:
        return Layout(self._transaction)

    @cached_property
    def troubles(self) -> Troubles:
        return Troubles(self._transaction)

    @cached_property
    def timetable(self) -> Timetable:
        return Timetable(self._transaction)

    @cached_property
    def courses(self) -> Courses:
        return Courses(self._transaction)

    @cached_property
    def course_reports(self) -> CourseReports:
        return CourseReports(self._transaction)

    @cached_property
    def messages(self) -> Messages:
        return Messages(self._transaction)

    @cached_property
    def pacing(self) -> Pacing:
        return Pacing(self._transaction)

    @cached_property
    def people(self) -> People:
        return People(self._transaction)

    @cached_property
    def join_links(self) -> JoinLinks:
        return JoinLinks(self._transaction)

    @cached_property
    def registrants(self) -> Registrants:
        return Registrants(self._transaction)
