"""The words for a tie's strength, since people think in bands and not in hundredths."""

from __future__ import annotations

BANDS = ((80, "very strong"), (60, "strong"), (35, "good"), (15, "light"), (0, "faint"))


def band(strength: float) -> str:
    """Return the word for a strength of 0 to 100."""
    return next(word for least, word in BANDS if strength >= least or least == 0)
