"""What the environment says of Zoom."""

from typing import ClassVar

from pydantic import SecretStr

from bot.variables import PlatformVariables, Secrets, WebAddress, named


class ZoomSettings(PlatformVariables):
    """Zoom: its webhooks, and its API."""

    switched_on_by: ClassVar = "webhook_secret_token"
    credentials: ClassVar = ("account_id", "client_id", "client_secret")
    credentials_from: ClassVar = "*App Credentials* of the Server-to-Server OAuth app"

    webhook_secret_token: Secrets = named(
        "ZOOM_WEBHOOK_SECRET_TOKEN", (), "switches Zoom on; several, comma-separated, while rotating"
    )
    account_id: str = named(
        "ZOOM_ACCOUNT_ID", "", "of a Server-to-Server OAuth app, for reports and registrants; with the two below"
    )
    client_id: str = named("ZOOM_CLIENT_ID", "", "the same app's")
    client_secret: SecretStr | None = named("ZOOM_CLIENT_SECRET", None, "the same app's")
    api_url: WebAddress = named("ZOOM_API_URL", "https://api.zoom.us/v2", "where Zoom's API is")
    oauth_url: WebAddress = named("ZOOM_OAUTH_URL", "https://zoom.us/oauth/token", "where Zoom gives tokens")
