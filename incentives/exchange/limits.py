"""How much of a file is taken in. Each limit is a promise of the security page, and tested."""

from __future__ import annotations

MEGABYTE = 1024 * 1024

MOST_BYTES = 40 * MEGABYTE
"""Of a file as sent; the web server refuses more before anything is read."""
MOST_UNPACKED = 200 * MEGABYTE
"""Of a workbook once unpacked: a bomb is refused before it goes off."""
MOST_PACKED_TIMES = 200
"""How many times larger a part may become when unpacked; the sheets of real exports stay below 50."""
SMALL_PART = MEGABYTE
"""Parts that unpack to no more than this may be packed as tightly as they like."""
MOST_PARTS = 2_000
"""Files inside a workbook."""
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_CELLS = 10_000_000
"""Rows × columns, gaps included, because a sheet is held in memory whole."""
LONGEST_CELL = 2_000
"""Characters of one cell; beyond it nothing that belongs in a list is meant."""
MOST_EXACT = 10**15
"""A workbook keeps 15 digits of a number; an order number of 18 digits has lost three of them."""
HEADING_WITHIN = 20
"""The heading stands in one of the first rows; titles may stand above it."""
MOST_FAULTS_KEPT = 2_000
"""Faults that are written down of one file; they are all counted."""
MOST_QUESTIONS = 300
"""Unknown names that are asked about; a file with more is not meant for this store."""
PREVIEW_ROWS = 10
MOST_STORED_OF_A_STORE = 2_048 * MEGABYTE
"""Files kept for one store."""
