"""The second factor: a code of an authenticator or a security key, asked for after the password."""
