"""Measurements. Each module is one command: ``python3 -m bench.board``."""
