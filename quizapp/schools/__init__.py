"""What schools get: a link of their own, things to hand out, and totals that no family can be read from."""


class Unavailable(Exception):
    """The database is away, or takes too long."""
