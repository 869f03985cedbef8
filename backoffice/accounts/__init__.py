"""Staff: how they sign in, where they belong, which roles they hold."""
