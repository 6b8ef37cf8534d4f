"""What the environment decides: checked once, every problem in one message, and no secret in any of them."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.errors import ConfigurationError
from bot.settings import Settings, environment_of
from handlers.platforms import SWITCHES, VARIABLES, missing_credentials, secrets_by_platform

KEY = "k" * 32
ENOUGH = {"SLACK_BOT_TOKEN": "xoxb-secret", "SLACK_SIGNING_SECRET": "shhh-secret", "ROLLCALL_SECRET_KEY": KEY}


EVERY_PLATFORM = {
    "zoom": {
        "webhook_secret_token": ["zoom-secret"],
        "account_id": "zoom-account",
        "client_id": "zoom-client",
        "client_secret": "zoom-client-secret",
        "api_url": "http://127.0.0.1:9001/zoom/v2",
        "oauth_url": "http://127.0.0.1:9001/zoom/oauth/token",
    },
    "100ms": {
        "webhook_secret": ["hms-secret"],
        "app_access_key": "hms-key",
        "app_secret": "hms-app-secret",
        "api_url": "http://127.0.0.1:9001/100ms/v2",
    },
    "vcaas": {
        "callback_token": ["vcaas-token"],
        "api_url": "https://vcaas.example.com",
        "api_header": "X-Key: vcaas-key",
    },
}


def refused(environment: dict[str, str], *, to_serve: bool = False) -> list[str]:
    """The lines of the one message."""
    with pytest.raises(ConfigurationError) as refusal:
        (Settings.to_serve if to_serve else Settings.from_env)(environment, platforms=VARIABLES.values())
    return str(refusal.value).splitlines()


def test_without_any_variable_the_defaults_stand():
    settings = Settings.from_env({})
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8080, "")
    assert (settings.database_url, settings.data_dir) == ("sqlite+aiosqlite:///rollcall.db", Path("rollcall-data"))
    assert (settings.slack_api_url, settings.log_format) == ("https://slack.com/api/", "console")
    assert (settings.slack_bot_token, settings.api_token, settings.secret_key) == (None, None, ())
    assert secrets_by_platform(settings) == {}


def test_every_variable_is_read():
    settings = Settings.from_env(
        {
            **ENOUGH,
            "SLACK_APP_TOKEN": "xapp-secret",
            "SLACK_API_URL": "http://127.0.0.1:9000/api/",
            "ZOOM_WEBHOOK_SECRET_TOKEN": "zoom-secret",
            "ZOOM_ACCOUNT_ID": "zoom-account",
            "ZOOM_CLIENT_ID": "zoom-client",
            "ZOOM_CLIENT_SECRET": "zoom-client-secret",
            "ZOOM_API_URL": "http://127.0.0.1:9001/zoom/v2",
            "ZOOM_OAUTH_URL": "http://127.0.0.1:9001/zoom/oauth/token",
            "HMS_WEBHOOK_SECRET": "hms-secret",
            "HMS_APP_ACCESS_KEY": "hms-key",
            "HMS_APP_SECRET": "hms-app-secret",
            "HMS_API_URL": "http://127.0.0.1:9001/100ms/v2",
            "VCAAS_CALLBACK_TOKEN": "vcaas-token",
            "VCAAS_API_URL": "https://vcaas.example.com",
            "VCAAS_API_HEADER": "X-Key: vcaas-key",
            "ROLLCALL_DATABASE_URL": "postgresql+asyncpg://bot:pass@db/rollcall",
            "ROLLCALL_HOST": "0.0.0.0",
            "ROLLCALL_PORT": "0",
            "ROLLCALL_PUBLIC_URL": "https://rollcall.example.com",
            "ROLLCALL_API_TOKEN": "api-secret",
            "ROLLCALL_DATA_DIR": "/var/lib/rollcall",
            "ROLLCALL_STORAGE_QUOTA": "500MB",
            "ROLLCALL_LOG_FORMAT": "json",
        }
    )
    told = [settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token, settings.api_token]
    assert [each and each.get_secret_value() for each in told] == [
        "xoxb-secret",
        "shhh-secret",
        "xapp-secret",
        "api-secret",
    ]
    assert (settings.slack_api_url, settings.public_url) == (
        "http://127.0.0.1:9000/api/",
        "https://rollcall.example.com",
    )
    assert (settings.host, settings.port, settings.log_format) == ("0.0.0.0", 0, "json")
    assert settings.database_url == "postgresql+asyncpg://bot:pass@db/rollcall"
    assert settings.data_dir == Path("/var/lib/rollcall")
    assert settings.storage_quota == 500_000_000
    for platform, told_of_platform in EVERY_PLATFORM.items():
        of_platform = settings.of(VARIABLES[platform])
        shown = {name: getattr(of_platform, name) for name in type(of_platform).model_fields}
        assert {name: _plain(value) for name, value in shown.items()} == told_of_platform
    assert secrets_by_platform(settings) == {
        "zoom": ["zoom-secret"],
        "100ms": ["hms-secret"],
        "vcaas": ["vcaas-token"],
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [each.get_secret_value() for each in value]
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def test_every_platform_is_switched_on_by_a_variable_of_its_own():
    for platform, variable in SWITCHES.items():
        assert list(secrets_by_platform(Settings.from_env({variable: "secret"}))) == [platform]


def test_several_secrets_are_good_at_once_while_they_are_rotated():
    settings = Settings.from_env({"ZOOM_WEBHOOK_SECRET_TOKEN": " new , old,"})
    assert secrets_by_platform(settings) == {"zoom": ["new", "old"]}


def test_an_empty_variable_is_not_set():
    settings = Settings.from_env({"ROLLCALL_PORT": " ", "SLACK_BOT_TOKEN": ""})
    assert (settings.port, settings.slack_bot_token) == (8080, None)


@pytest.mark.parametrize(
    ("given", "size"),
    [("500MB", 500_000_000), ("2 gb", 2_000_000_000), ("1TB", 1_000_000_000_000), ("0MB", 0), ("", 5_000_000_000)],
)
def test_a_quota_is_a_number_with_its_unit(given: str, size: int):
    assert Settings.from_env({"ROLLCALL_STORAGE_QUOTA": given}).storage_quota == size


def test_what_is_not_ours_is_left_alone():
    assert Settings.from_env({"PATH": "/bin", "port": "1"}).port == 8080


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("ROLLCALL_PORT", "http", 'ROLLCALL_PORT: "http" is no port: give a whole number from 0 to 65535'),
        ("ROLLCALL_PORT", "-1", 'ROLLCALL_PORT: "-1" is no port: give a whole number from 0 to 65535'),
        ("ROLLCALL_PORT", "65536", 'ROLLCALL_PORT: "65536" is no port: give a whole number from 0 to 65535'),
        (
            "ROLLCALL_STORAGE_QUOTA",
            "500",
            'ROLLCALL_STORAGE_QUOTA: "500" is no size: give a whole number with MB, GB or TB, such as 500MB',
        ),
        ("ROLLCALL_LOG_FORMAT", "xml", 'ROLLCALL_LOG_FORMAT: "xml" is no log format: give console or json'),
        (
            "SLACK_API_URL",
            "slack.com",
            'SLACK_API_URL: "slack.com" is no web address: it begins with https:// or http://',
        ),
        (
            "ROLLCALL_PUBLIC_URL",
            "ftp://bot",
            'ROLLCALL_PUBLIC_URL: "ftp://bot" is no web address: it begins with https:// or http://',
        ),
        (
            "ROLLCALL_DATABASE_URL",
            "postgres://bot:pass@db/rollcall",
            "ROLLCALL_DATABASE_URL: no database of ours: it begins with sqlite+aiosqlite:// or postgresql+asyncpg://",
        ),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_do(variable, value, line):
    assert refused({variable: value}) == [line]


def test_all_wrong_values_are_named_in_one_message():
    lines = refused({"ROLLCALL_PORT": "x", "ROLLCALL_LOG_FORMAT": "x", "SLACK_API_URL": "x"})
    assert {line.split(":")[0] for line in lines} == {"ROLLCALL_PORT", "ROLLCALL_LOG_FORMAT", "SLACK_API_URL"}


def test_to_serve_all_that_is_missing_is_named_with_where_to_get_it():
    bot, signing, key, demo = refused({}, to_serve=True)
    assert bot.startswith("SLACK_BOT_TOKEN is missing: ")
    assert signing.startswith("SLACK_SIGNING_SECRET is missing: ")
    assert key.startswith("ROLLCALL_SECRET_KEY is missing: make one with: ")
    assert "rollcall demo" in demo


def test_what_is_wrong_and_what_is_missing_stand_in_the_same_message():
    lines = refused({"ROLLCALL_PORT": "x"}, to_serve=True)
    assert [line.split(" ")[0].rstrip(":") for line in lines[:-1]] == [
        "ROLLCALL_PORT",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "ROLLCALL_SECRET_KEY",
    ]


def test_with_enough_it_serves():
    assert Settings.to_serve(ENOUGH).missing_to_serve() == []


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (["ZOOM_ACCOUNT_ID"], ["ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET"]),
        (["ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET"], ["ZOOM_ACCOUNT_ID"]),
        (["HMS_APP_SECRET"], ["HMS_APP_ACCESS_KEY"]),
        (["HMS_APP_ACCESS_KEY"], ["HMS_APP_SECRET"]),
        (["HMS_APP_ACCESS_KEY", "HMS_APP_SECRET"], []),
        (["VCAAS_API_URL"], ["VCAAS_API_HEADER"]),
        (["ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET"], []),
    ],
)
def test_credentials_of_an_api_that_are_not_complete_are_told_by_name(given, missing):
    settings = Settings.from_env({**ENOUGH, **dict.fromkeys(given, "https://given")})
    lines = missing_credentials(settings)
    assert [line.split(" is missing: ")[0] for line in lines] == missing
    assert all(f"nothing can be done with {' and '.join(given)} alone" in line for line in lines)


@pytest.mark.parametrize("header", ["hidden", "hidden:", ": hidden", "X Key: hidden", "X-Key: hid\nden: y"])
def test_a_header_that_is_none_is_refused_and_not_repeated(header):
    (line,) = refused({"VCAAS_API_HEADER": header})
    assert line.startswith("VCAAS_API_HEADER: no header: give its name, a colon and its value")
    assert "hid" not in line


def test_with_socket_mode_no_signing_secret_is_needed():
    socket = {"SLACK_BOT_TOKEN": "xoxb", "SLACK_APP_TOKEN": "xapp", "ROLLCALL_SECRET_KEY": KEY}
    assert Settings.from_env(socket).missing_to_serve() == []


@pytest.mark.parametrize("keys", ["k" * 31, f"{KEY},short"])
def test_a_secret_key_that_can_be_guessed_is_refused(keys):
    short, _ = refused({**ENOUGH, "ROLLCALL_SECRET_KEY": keys}, to_serve=True)
    assert short.startswith("ROLLCALL_SECRET_KEY is shorter than 32 characters: make one with: ")


def test_no_secret_is_ever_shown():
    secrets = {
        **ENOUGH,
        "SLACK_APP_TOKEN": "xapp-secret",
        "ZOOM_WEBHOOK_SECRET_TOKEN": "zoom-secret",
        "ZOOM_CLIENT_SECRET": "client-secret",
        "HMS_APP_ACCESS_KEY": "key-secret",
        "HMS_APP_SECRET": "app-secret",
        "ROLLCALL_API_TOKEN": "api-secret",
        "ROLLCALL_DATABASE_URL": "postgresql+asyncpg://bot:pass-secret@db/rollcall",
    }
    settings = Settings.from_env(secrets)
    wrong = refused({**secrets, "ROLLCALL_DATABASE_URL": "mysql://bot:pass-secret@db/x", "ROLLCALL_PORT": "x"})
    of_platforms = [repr(settings.of(kind)) for kind in VARIABLES.values()]
    for text in (repr(settings), str(settings), *of_platforms, "\n".join(wrong)):
        assert "secret@" not in text
        assert "-secret" not in text
        assert KEY not in text


def test_nothing_can_be_changed_later():
    with pytest.raises(ValidationError):
        Settings.from_env({}).port = 1  # type: ignore[misc]  # that is the point


# .env


def test_the_processs_environment_wins_over_the_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("ROLLCALL_PORT=1\nROLLCALL_HOST='::1'  # a comment\nEMPTY\nPRICE=$HOME\n", encoding="utf-8")
    assert environment_of({"ROLLCALL_PORT": "2"}, file) == {
        "ROLLCALL_PORT": "2",
        "ROLLCALL_HOST": "::1",
        "PRICE": "$HOME",
    }


def test_without_a_file_there_is_only_the_environment(tmp_path):
    assert environment_of({"A": "b"}, tmp_path / ".env") == {"A": "b"}


def test_lines_that_cannot_be_read_are_named_by_their_numbers_and_never_quoted(tmp_path):
    file = tmp_path / ".env"
    file.write_text('ROLLCALL_PORT=1\nxoxb secret\n\nexport SLACK_BOT_TOKEN="xoxb-secret\nA=b\n', encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        environment_of({}, file)
    assert str(refused.value).splitlines() == [
        ".env, line 2, cannot be read: write NAME=value, or # before a comment",
        ".env, line 4, cannot be read: write NAME=value, or # before a comment",
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    file = tmp_path / ".env"
    file.write_bytes(b"ROLLCALL_HOST=\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"^\.env cannot be read: UnicodeDecodeError$"):
        environment_of({}, file)
