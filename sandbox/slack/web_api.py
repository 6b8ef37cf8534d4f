"""One call of the Web API from token to reply, without the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.slack.api import IMPLEMENTED
from sandbox.slack.errors import Refused
from sandbox.slack.faults import Fault
from sandbox.slack.judge.arguments import read_arguments, unknown_arguments
from sandbox.slack.methods import METHODS, MethodSpec
from sandbox.slack.model import Json

if TYPE_CHECKING:
    from sandbox.slack.workspace import Workspace

# Which scope a conversation asks for is known only once it is found; these methods check it themselves.
_SCOPE_BY_CONVERSATION = {"conversations.open"}


@dataclass(frozen=True, slots=True)
class Answer:
    """HTTP status, headers and JSON of a reply."""

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(
    workspace: "Workspace", method: str, arguments: Mapping[str, Any], token: str | None, *, fault: Fault | None = None
) -> Answer:
    """Judge one call, do it, and note it among the workspace's calls.

    `fault` is an error or a rate limit that happens on purpose; other faults are the server's business.
    """
    headers: dict[str, str] = {}
    workspace.scheduled.post_due()
    try:
        body = {"ok": True, **_do(workspace, method, arguments, token, fault, headers)}
        status, outcome = 200, "ok"
    except Refused as refused:
        body, outcome = refused.body(), refused.code
        status = 200
        if refused.retry_after is not None:
            status = 429
            headers["Retry-After"] = str(refused.retry_after)
    workspace.record(method, arguments, outcome, status)
    return Answer(status, body, headers)


def _do(
    workspace: "Workspace",
    method: str,
    arguments: Mapping[str, Any],
    token: str | None,
    fault: Fault | None,
    headers: dict[str, str],
) -> Json:
    spec = METHODS.get(method)
    if spec is None:
        raise Refused("unknown_method", extra={"req_method": method})
    workspace.tokens.check(spec, token)
    _add_scope_headers(workspace, spec, headers)
    if fault is not None and fault.kind == "error":
        raise Refused(fault.error)
    if fault is not None and fault.kind == "rate_limited":
        raise Refused("ratelimited", retry_after=fault.retry_after)
    if workspace.rates is not None:
        workspace.rates.check_method(method, spec.tier, workspace.clock.now())
    if method not in _SCOPE_BY_CONVERSATION:
        workspace.tokens.require(spec.scopes)
    if unknown := unknown_arguments(spec, arguments):
        workspace.complain(f"{method}: unknown argument {', '.join(unknown)}")
    implementation = IMPLEMENTED.get(method)
    if implementation is None:
        workspace.complain(f"{method}: a method of Slack that the sandbox does not have")
        raise Refused("unknown_method", extra={"req_method": method})
    return implementation(workspace, read_arguments(spec, arguments))


def _add_scope_headers(workspace: "Workspace", spec: MethodSpec, headers: dict[str, str]) -> None:
    headers["x-oauth-scopes"] = ",".join(workspace.tokens.scopes)
    if spec.scopes:
        headers["x-accepted-oauth-scopes"] = ",".join(spec.scopes)
