"""Is there ink that no letter answers for? An engine never tells of a letter it dropped."""

import numpy as np

from ocr.cleaning import Ink

_REACH = 0.75


def letters_unread(inked: Ink, places: tuple[float, ...]) -> float:
    """Return how many letters' worth of ink lies out of reach of every letter read.

    A letter reaches three quarters of the writing's height to both sides of its place; `places` run from 0 to 1
    along it. The ink out of reach is counted against the average ink of a letter.
    """
    columns = inked.sum(axis=0)
    total = int(columns.sum())
    if total == 0:
        return 0.0
    if not places:
        return float("inf")
    rows = np.flatnonzero(inked.any(axis=1))
    reach = _REACH * (rows[-1] - rows[0] + 1)
    centres = np.array(places) * inked.shape[1]
    apart = np.abs(np.arange(inked.shape[1])[:, None] - centres[None, :]).min(axis=1)
    return float(columns[apart > reach].sum() / total * len(places))
