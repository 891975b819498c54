"""People who have left are on no board. Their closed months, their points and their statements stay."""

from __future__ import annotations
