"""Which old systems does the demonstration city have beside its school and its waterworks?"""

from collections.abc import Mapping
from typing import Final

from rpa_bots.fake_offices.arrears import ARREARS
from rpa_bots.fake_offices.care import CARE
from rpa_bots.fake_offices.grants import GRANTS
from rpa_bots.fake_offices.library import LIBRARY
from rpa_bots.fake_offices.office import OldOffice
from rpa_bots.fake_offices.petitions import PETITIONS
from rpa_bots.fake_offices.residents import RESIDENTS
from rpa_bots.fake_offices.rewards import REWARDS

OFFICES: Final[Mapping[str, OldOffice]] = {
    each.key: each for each in (LIBRARY, CARE, REWARDS, PETITIONS, RESIDENTS, ARREARS, GRANTS)
}
