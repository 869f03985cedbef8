"""Which area of life is a program of, as people stop it? The sheet's fields, folded into those of the stops."""

from backoffice.reachability.workflow import Topic

_OF_FIELD = {
    "child": Topic.CHILDREN,
    "elderly": Topic.AGED,
    "disability": Topic.DISABILITY,
    "health": Topic.HEALTH,
    "welfare": Topic.DISABILITY,
    "moving": Topic.HOUSING,
}


def topic_of(field: str) -> Topic:
    """Give the area of a program, by the code of its field (分野)."""
    return _OF_FIELD.get(field, Topic.OTHER)
