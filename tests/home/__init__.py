"""The start page and what is played with from it."""
