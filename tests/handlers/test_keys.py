"""Keys come from ROLLCALL_SECRET_KEY, each for one purpose, and several are good while it is rotated."""

import pytest

from handlers.keys import Keys, SealBroken

OLD, NEW = "an old key of more than thirty-two letters", "a new key of more than thirty-two letters"


def test_what_is_sealed_is_read_again_and_shows_nothing() -> None:
    sealed = Keys([OLD]).seal("s3cret")
    assert "s3cret" not in sealed
    assert Keys([OLD]).unseal(sealed) == "s3cret"


def test_while_the_key_is_rotated_both_open_and_the_first_one_seals() -> None:
    both = Keys([NEW, OLD])
    assert both.unseal(Keys([OLD]).seal("s3cret")) == "s3cret"
    assert Keys([NEW]).unseal(both.seal("s3cret")) == "s3cret"


def test_a_key_that_is_gone_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        Keys([NEW]).unseal(Keys([OLD]).seal("s3cret"))


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = Keys([NEW, OLD])
    assert len({*keys.signing, NEW.encode(), OLD.encode()}) == 4
    assert all(len(key) == 32 for key in keys.signing)
