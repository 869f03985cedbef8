"""Does a server's enhanced status code speak of us, or of the person it was for? One answer, said at once or sent back.

RFC 3463: x.7 is policy, x.6 the content, x.1.7 and x.1.8 the sender's address, x.3.4 the size: all of them ours.
"""

import re

_OF_US = re.compile(r"[45]\.(?:7\.\d+|6\.\d+|1\.[78]|3\.4)")


def speaks_of_us(status: str) -> bool:
    """Say whether a code is about the city, or what it sends; an empty one is not."""
    return _OF_US.fullmatch(status) is not None
