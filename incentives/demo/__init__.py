"""One full year and the running month of three invented stores, told through the product's own verbs.

Everything is deterministic: the same day gives the same year. The facts stand in ``seeds/demo``.
"""

from incentives.demo.year import seed

__all__ = ["seed"]
