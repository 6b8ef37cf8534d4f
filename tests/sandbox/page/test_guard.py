"""Only the page itself, opened on this machine, gets anything."""

from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from sandbox.page import Page, Scene
from sandbox.page.server import LARGEST_WISH
from tests.sandbox.page.conftest import Stage


async def status(stage: Stage, method: str, path: str, **more: Any) -> int:
    async with stage.looker._http.request(method, f"{stage.address}{path}", **more) as reply:
        return reply.status


WISH = {"act": "clear_faults"}


async def test_it_listens_on_loopback_under_a_path_that_nobody_guesses(stage: Stage):
    origin, secret = stage.address.rstrip("/").rsplit("/", 1)
    assert origin.startswith("http://127.0.0.1:")
    assert len(secret) >= 24
    for path in ("/", "/live", "/act", "/static/app.js", f"/{secret[:-1]}/"):
        async with stage.looker._http.get(origin + path) as reply:
            assert reply.status == 404
    other = Page(Scene(workspace=stage.world.workspace))
    assert (await other.start()).rstrip("/").rsplit("/", 1)[1] != secret
    await other.stop()


async def test_the_address_without_its_slash_leads_to_it(stage: Stage):
    async with stage.looker._http.get(stage.address.rstrip("/"), allow_redirects=False) as reply:
        assert (reply.status, str(reply.headers["Location"])) == (308, f"/{stage.address.rstrip('/').rsplit('/')[-1]}/")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost"])
async def test_another_sites_script_is_refused(stage: Stage, origin: str):
    headers = {"Origin": origin}
    assert await status(stage, "POST", "act", json=WISH, headers=headers) == 403
    assert await status(stage, "GET", "", headers=headers) == 403
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await stage.looker.open(headers=headers)
    assert refused.value.status == 403


async def test_the_pages_own_script_is_let_in(stage: Stage):
    headers = {"Origin": stage.address.rsplit("/", 2)[0]}
    assert await status(stage, "POST", "act", json=WISH, headers=headers) == 200
    await stage.looker.open(headers=headers)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8300", "127.0.0.1.evil.example", ""])
async def test_a_name_that_was_turned_to_this_machine_is_refused(stage: Stage, host: str):
    assert await status(stage, "GET", "", headers={"Host": host}) == 403


@pytest.mark.parametrize("host", ["localhost:8300", "127.0.0.1", "[::1]:8300"])
async def test_this_machines_own_names_are_let_in(stage: Stage, host: str):
    assert await status(stage, "GET", "", headers={"Host": host}) == 200


async def test_a_form_of_another_site_is_no_act(stage: Stage):
    assert await status(stage, "POST", "act", data={"act": "clear_faults"}) == 415
    assert (
        await status(stage, "POST", "act", data=b'{"act":"clear_faults"}', headers={"Content-Type": "text/plain"})
        == 415
    )


async def test_an_act_is_of_a_sensible_size_and_form(stage: Stage):
    assert await status(stage, "POST", "act", json={"act": "x" * LARGEST_WISH}) == 413
    headers = {"Content-Type": "application/json"}
    for body in (b"{", b"[]", b"\xff", b"1", b"[" * 100_000):
        async with stage.looker._http.post(f"{stage.address}act", data=body, headers=headers) as reply:
            assert (await reply.json())["ok"] is False


async def test_every_answer_says_what_a_browser_may_do_with_it(stage: Stage):
    for path in ("", "static/app.js", "deliveries/x", "nothing"):
        async with stage.looker._http.get(f"{stage.address}{path}") as reply:
            policy = reply.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'self';")
            assert "unsafe" not in policy
            assert reply.headers["X-Content-Type-Options"] == "nosniff"
            assert reply.headers["Referrer-Policy"] == "no-referrer"
            assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize(
    ("name", "shown_as"),
    [
        ("sheet.png", "image/png"), ("sheet.csv", "text/csv"),
        ("page.html", "application/octet-stream"), ("picture.svg", "application/octet-stream"), ("x", "application/octet-stream"),
    ],
)  # fmt: skip
async def test_a_file_is_shown_only_if_it_is_harmless(stage: Stage, name: str, shown_as: str):
    workspace = stage.world.workspace
    _, file = workspace.uploads.ask(name, 3, "")
    workspace.files[file.id] = replace(file, content=b"<b>", complete=True)
    async with stage.looker._http.get(f"{stage.address}files/{file.id}") as reply:
        assert (reply.status, reply.content_type, await reply.read()) == (200, shown_as, b"<b>")
        assert "sandbox" in reply.headers["Content-Security-Policy"]
        is_kept = reply.headers.get("Content-Disposition") == "attachment"
        assert is_kept is (shown_as == "application/octet-stream")


async def test_a_port_that_is_taken_is_an_error_unless_any_will_do(stage: Stage):
    port = int(stage.address.split(":")[2].split("/")[0])
    second = Page(Scene(workspace=stage.world.workspace))
    with pytest.raises(OSError, match=r"address already in use"):
        await second.start(port)
    await second.stop()
    third = Page(Scene(workspace=stage.world.workspace))
    assert f":{port}/" not in await third.start(port, or_any=True)
    await third.stop()
