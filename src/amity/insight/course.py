"""How strong some ties were on past days, each day judged by what was known by its end.

The card counts contacts by their age, so one count over copies of the contacts, each moved to the same end, judges all
days at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amity.insight.tie import judge
from amity.ledger.tally import DAY, Strands, tally

Real = NDArray[np.float64]


def strengths(
    strands: Strands,
    people: int,
    ago: Sequence[int],
    *,
    end: int,
    span: float,
    horizon_days: float = 90,
    utc_offset: int = 0,
) -> Real:
    """Return the strength (0 to 100) of each of `people` persons at the end of some past days: (people, len(ago)).

    `ago` are whole days before `end` (epoch seconds, exclusive), `span` the length of the owner's history at the end in
    horizons. Strands come sorted by person and time. Before the first contact the strength is 0.
    """
    if not len(ago) or not people:
        return np.zeros((people, len(ago)))
    days = np.array(ago, np.int64)
    column, row = np.nonzero(strands.at[None, :] < end - days[:, None] * DAY)
    ranks = np.argsort(strands.person[row] * len(ago) + column, kind="stable")
    column, row = column[ranks], row[ranks]
    laid = Strands(
        strands.person[row] * np.int32(len(ago)) + column.astype(np.int32),
        strands.at[row] + days[column] * DAY,
        strands.way[row],
        strands.group[row],
        strands.depth[row],
    )
    counted = tally(laid, people * len(ago), end=end, horizon_days=horizon_days, utc_offset=utc_offset)
    then = np.maximum(1.0, span - days / horizon_days)
    judged = judge(counted, horizon_days=horizon_days, span=np.tile(then, people))
    return judged.strength.reshape(people, len(ago))
