"""How near many pairs of words are to one another, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WIDTH = 24  # letters of a word that count
BLOCK = 65_536  # pairs at a time, so that what is worked on stays in the cache

Letters = NDArray[np.uint8]
Numbers = NDArray[np.int64]
Nearness = NDArray[np.float32]


class Spelt(NamedTuple):
    """Words, ready to be compared."""

    codes: Letters
    lengths: NDArray[np.int8]
    signs: NDArray[np.uint64]  # a bit for each letter that occurs; several letters may share one


def spell(words: Sequence[str]) -> Spelt:
    """Return the words as `letters` does, with a sign of which letters occur in each."""
    codes, lengths = letters(words)
    bit = np.uint64(1) << ((codes & 31) + np.where(codes < 64, 32, 0)).astype(np.uint64)
    bit[codes == 0] = 0
    return Spelt(codes, lengths, np.bitwise_or.reduce(bit, axis=0))


def letters(words: Sequence[str]) -> tuple[Letters, NDArray[np.int8]]:
    """Return the words as a matrix (WIDTH, words) of letter codes, 0 past the end, and their lengths.

    A letter outside of ASCII gets a code from 128 up, which two different ones may share.
    """
    whole = "".join([word[:WIDTH].ljust(WIDTH, "\0") for word in words]).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(whole, np.uint32).reshape(len(words), WIDTH)
    codes = np.where(points < 128, points, 128 + points % 128).astype(np.uint8)
    lengths = np.fromiter((min(len(word), WIDTH) for word in words), np.int8, len(words))
    return np.ascontiguousarray(codes.T), lengths


def near(spelt: Spelt, left: Numbers, right: Numbers, least: float) -> Nearness:
    """Return the Jaro–Winkler nearness of each pair of words where it is `least` or more, else 0.

    Most pairs are ruled out by letters that only one of the two has: these can match nothing.
    """
    codes, lengths, signs = spelt
    a, b = signs[left], signs[right]
    length, other = lengths[left].astype(np.float32), lengths[right].astype(np.float32)
    most = np.minimum(length - np.bitwise_count(a & ~b), other - np.bitwise_count(b & ~a))
    jaro = (most / np.maximum(length, 1) + most / np.maximum(other, 1) + 1) / 3
    # With the same first letter, as many as four may be the same.
    start = np.where(codes[0][left] == codes[0][right], 0.4, 0.0)
    found = np.zeros(len(left), np.float32)
    try_ = np.flatnonzero((most > 0) & (jaro + start * (1 - jaro) >= least - 1e-6))
    value = jaro_winkler(codes, lengths, left[try_], right[try_])
    found[try_] = np.where(value >= least, value, 0)
    return found


def jaro_winkler(codes: Letters, lengths: NDArray[np.int8], left: Numbers, right: Numbers) -> Nearness:
    """Return the Jaro–Winkler nearness, 0 to 1, of each pair of words.

    `codes` and `lengths` are those of `letters`; `left` and `right` number its words. Source: Winkler (1990), String
    comparator metrics and enhanced decision rules in the Fellegi–Sunter model of record linkage, with a prefix of at
    most four letters weighing 0.1 each.
    """
    found = np.zeros(len(left), np.float32)
    if not len(left):
        return found
    longest = np.maximum(lengths[left], lengths[right])
    # Short words are done with short loops.
    order = np.argsort(longest, kind="stable")
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        found[rows] = _block(codes, lengths, left[rows], right[rows], int(longest[rows[-1]]))
    return found


def _block(codes: Letters, lengths: NDArray[np.int8], left: Numbers, right: Numbers, width: int) -> Nearness:
    n = len(left)
    ours, theirs = codes[:width, left], codes[:width, right]
    length, other = lengths[left].astype(np.int16), lengths[right].astype(np.int16)
    reach = np.maximum(np.maximum(length, other) // 2 - 1, 0)
    taken = np.zeros((width, n), bool)
    matched = np.zeros((width, n), bool)
    widest = int(reach.max(initial=0))
    for i in range(width):
        letter = ours[i]
        open_ = letter != 0
        for j in range(max(0, i - widest), min(width, i + widest + 1)):
            hit = (theirs[j] == letter) & open_ & ~taken[j]
            if i != j:
                hit &= reach >= abs(i - j)
            taken[j] |= hit
            open_ &= ~hit
            matched[i] |= hit
    count = matched.sum(axis=0)
    # The letters that match, in the order of either word; where these differ, letters have changed places.
    sequences = np.zeros((2, width + 1, n), np.uint8)
    for side, (word, marks) in enumerate(((ours, matched), (theirs, taken))):
        place = np.where(marks, np.cumsum(marks, axis=0) - 1, width)
        np.put_along_axis(sequences[side], place, word, axis=0)
    swapped = (sequences[0, :width] != sequences[1, :width]).sum(axis=0) // 2
    some = np.maximum(count, 1)
    jaro = (count / np.maximum(length, 1) + count / np.maximum(other, 1) + (count - swapped) / some) / 3
    jaro = np.where(count > 0, jaro, 0.0)
    same = np.cumprod((ours[:4] == theirs[:4]) & (ours[:4] != 0), axis=0).sum(axis=0)
    return np.asarray(jaro + same * 0.1 * (1 - jaro), np.float32)
