"""What ends a command with a plain sentence instead of marks."""


class GraderError(Exception):
    """Something stopped the grader: what and where, what was found, what to do."""


class RequestError(GraderError):
    """What was asked for cannot be done: what was found, what is allowed."""
