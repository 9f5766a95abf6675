"""The world that a test's docstring tells."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from world import world

__all__ = ["world"]
