"""``python3 -m incentives …``: stand the environment up, then hand over to the command line."""

from __future__ import annotations

import sys

LOCKS = {"test": "test.txt", "check": "lint.txt"}
"""What a command needs beyond what the product needs to run."""


def main() -> int:
    """Run the command. Only the standard library is touched until the environment stands."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an older Python reads this far and deserves a sentence)
        sys.exit("incentives: this needs Python 3.11 or newer; here is " + sys.version.split()[0] + ".")
    from incentives import _bootstrap

    _bootstrap.ensure(LOCKS.get(sys.argv[1] if len(sys.argv) > 1 else "", "app.txt"))
    from incentives import cli

    return cli.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
