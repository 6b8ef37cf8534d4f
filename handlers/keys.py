"""What ROLLCALL_SECRET_KEY is good for: encrypting secrets at rest, and signing tokens. One key for each purpose."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Written into the keys, so that what is made for one purpose is of no use for another.
_SECRETS, _SIGNALING = b"rollcall: secrets at rest", b"rollcall: signaling tokens"
_JOIN_LINKS = b"rollcall: join links"


class SealBroken(Exception):
    """No key of ours opens it: the one that it was sealed with is not among ROLLCALL_SECRET_KEY any more."""


class Keys:
    """Keys derived from the secret keys of the settings: the first one makes, all of them are good."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        fernets = [Fernet(base64.urlsafe_b64encode(_derived(key, _SECRETS))) for key in secret_keys]
        self._newest, self._fernet = fernets[0], MultiFernet(fernets)
        #: for HS256; tokens are made with the first one
        self.signing = [_derived(key, _SIGNALING) for key in secret_keys]
        #: the moments of presence checks follow from it
        self.check_seeds = _derived(secret_keys[0], b"rollcall: moments of presence checks")
        #: the same for personal links
        self.join_links = [_derived(key, _JOIN_LINKS) for key in secret_keys]

    def seal(self, secret: str) -> str:
        """Encrypt with the newest key."""
        return self._fernet.encrypt(secret.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """Decrypt with whichever key fits. Raises `SealBroken`."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealBroken from None

    def is_newest(self, sealed: str) -> bool:
        """Whether it was sealed with the newest key."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True


def _derived(key: str, purpose: bytes) -> bytes:
    # The settings ask for 32 characters and say how to make them at random, so nothing needs to be slow here.
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
