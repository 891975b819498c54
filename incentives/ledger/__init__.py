"""The append-only ledger of points and money, and the standings that follow from it."""
