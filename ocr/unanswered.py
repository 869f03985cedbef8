"""Is an empty box an answer? Where the form lets the question be left, and no stroke stands in the box."""

from forms.definition import FormDefinition


def may_stay_empty(definition: FormDefinition | None) -> frozenset[str]:
    """Return the keys of the questions that nobody ever has to answer; none of a form that is not known."""
    if definition is None:
        return frozenset()
    return frozenset(one.key for one in definition.questions if not one.required and one.required_if is None)
