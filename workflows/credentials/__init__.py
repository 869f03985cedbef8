"""How does a resident prove one thing about themselves and nothing else? Credentials: issued, shown, checked, revoked.

Rules of a checker work on plain claims (`rules`); SD-JWT (RFC 9901) is one way in which claims arrive (`sd_jwt`), and
another format would be a second module beside it. Only this package knows SD-JWT and status lists. Clock, keys, salts
and what revocation says are handed in.
"""
