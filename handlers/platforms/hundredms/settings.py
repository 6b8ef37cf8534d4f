"""What the environment says of 100ms."""

from typing import ClassVar

from pydantic import SecretStr

from bot.variables import PlatformVariables, Secrets, WebAddress, named


class HundredmsSettings(PlatformVariables):
    """100ms: its webhooks, and its API."""

    switched_on_by: ClassVar = "webhook_secret"
    credentials: ClassVar = ("app_access_key", "app_secret")
    credentials_from: ClassVar = "*Developer* in the dashboard"

    webhook_secret: Secrets = named(
        "HMS_WEBHOOK_SECRET",
        (),
        "switches 100ms on: the value of the header `X-Rollcall-Secret`; several, comma-separated, while rotating",
    )
    app_access_key: SecretStr | None = named(
        "HMS_APP_ACCESS_KEY", None, "of the 100ms app, for sessions, rooms and tokens; with the one below"
    )
    app_secret: SecretStr | None = named("HMS_APP_SECRET", None, "the same app's")
    api_url: WebAddress = named("HMS_API_URL", "https://api.100ms.live/v2", "where 100ms's API is")
