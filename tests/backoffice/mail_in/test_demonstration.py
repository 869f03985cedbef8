"""The demonstration's letters come by the door that a city's come by, and its rules sort them."""

from backoffice.demo import city as demonstration
from backoffice.demo import letters
from backoffice.mail_in import queries
from backoffice.mail_in.workflow import LetterState


def test_of_three_letters_one_waits_to_be_printed_one_is_kept_and_one_waits_for_a_person(city):
    demonstration.build(city.office)

    letters.bring(city.office)

    clerk = demonstration.actor_of(city.office, "tanaka")
    with city.look(clerk) as work:
        assert queries.count_by_state(work.session, clerk) == {
            LetterState.TO_PRINT: 1,
            LetterState.DONE: 1,
            LetterState.TO_SORT: 1,
        }
