"""Money is a whole number of fen (分, 1/100 yuan) in 64 bits; people write and read yuan with two places."""

import re

LARGEST_FEN = 2**63 - 1
WAN_FEN = 1_000_000
"""One 万元 in fen."""

_YUAN = re.compile(r"(-?)([0-9]{1,17})(?:\.([0-9]{1,2}))?")
_WAN = re.compile(r"(-?)([0-9]{1,13})(?:\.([0-9]{1,6}))?")


def fen(yuan: str) -> int:
    """The fen of a decimal string in yuan (`"7490000.00"`); ValueError for anything else."""
    found = _YUAN.fullmatch(yuan)
    if found is None:
        raise ValueError(f"not an amount in yuan with at most two places: {yuan!r}")
    sign, whole, part = found.groups()
    amount = int(whole) * 100 + int((part or "0").ljust(2, "0"))
    if amount > LARGEST_FEN:
        raise ValueError("an amount beyond 64 bits")
    return -amount if sign else amount


def yuan(amount_fen: int) -> str:
    """The decimal string of an amount: `749000000` is `"7490000.00"`."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02}"


def wan(text: str) -> int:
    """The fen of an amount in 万元 with up to six places, as policy texts write it (`"1599.99"`); else ValueError."""
    found = _WAN.fullmatch(text)
    if found is None:
        raise ValueError(f"not an amount in wan yuan with at most six places: {text!r}")
    sign, whole, part = found.groups()
    amount = int(whole) * WAN_FEN + int((part or "0").ljust(6, "0"))
    return -amount if sign else amount
