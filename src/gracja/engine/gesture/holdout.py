"""Who is held out of a policy, at random and for good: so that what a gesture does can be known at all."""

from __future__ import annotations

import hashlib
from typing import Final

from gracja.engine.errors import EngineInputError

_BITS: Final = 53  # what a float holds exactly


def draw_of(customer: str, policy: str, salt: bytes) -> float:
    """A customer's place in [0, 1) in a policy: the same for ever, and as good as random.

    customer, policy: ids that never change. salt: 16 to 64 secret bytes of the company, so that nobody can
    work out who is held out.
    Raises EngineInputError: salt_length (facts: given).
    Source: BLAKE2b with a key, RFC 7693.
    """
    if not 16 <= len(salt) <= hashlib.blake2b.MAX_KEY_SIZE:
        raise EngineInputError("salt_length", given=len(salt))
    named = policy.encode()
    # its length in front: ("ab", "c") and ("a", "bc") are two
    text = len(named).to_bytes(4, "big") + named + customer.encode()
    digest = hashlib.blake2b(text, key=salt, digest_size=8).digest()
    return float((int.from_bytes(digest, "big") >> (64 - _BITS)) / 2**_BITS)


def is_held_out(customer: str, policy: str, share: float, salt: bytes) -> bool:
    """Whether this customer is held out of this policy at this share.

    Raising the share never releases anybody, and policies hold out independently of each other. Keep the
    answer of the first time the customer is eligible. Remedies after a failure and promises are never held
    out: do not ask for them.
    Raises EngineInputError: held_share_out_of_range (facts: given), salt_length (facts: given).
    """
    if not 0 <= share <= 1:
        raise EngineInputError("held_share_out_of_range", given=share)
    return draw_of(customer, policy, salt) < share
