"""The methods that the sandbox has, each by its name in the Web API."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sandbox.slack.api import app, chat, conversations, files, history, reactions, users, views
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

Implementation = Callable[["Workspace", Json], Json]

IMPLEMENTED: Mapping[str, Implementation] = {
    "apps.connections.open": app.open_connection,
    "auth.test": app.auth_test,
    "blocks.validate": app.validate_blocks,
    "bots.info": app.bots_info,
    "chat.delete": chat.delete,
    "chat.deleteScheduledMessage": chat.delete_scheduled_message,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.scheduleMessage": chat.schedule_message,
    "chat.scheduledMessages.list": chat.list_scheduled_messages,
    "chat.update": chat.update,
    "conversations.history": history.history,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_,
    "conversations.replies": history.replies,
    "dnd.info": users.dnd_info,
    "dnd.teamInfo": users.dnd_team_info,
    "files.completeUploadExternal": files.complete_upload,
    "files.delete": files.delete,
    "files.getUploadURLExternal": files.get_upload_url,
    "files.info": files.info,
    "reactions.add": reactions.add,
    "reactions.remove": reactions.remove,
    "team.info": app.team_info,
    "usergroups.list": users.list_groups,
    "usergroups.users.list": users.list_group_members,
    "users.conversations": conversations.of_user,
    "users.getPresence": users.get_presence,
    "users.info": users.info,
    "users.list": users.list_,
    "users.lookupByEmail": users.lookup_by_email,
    "users.profile.get": users.get_profile,
    "views.open": views.open_,
    "views.publish": views.publish,
    "views.push": views.push,
    "views.update": views.update,
}
