"""The guide's page of who may do what, written from the grants: ``python3 -m tests.house.access_guide``."""

from __future__ import annotations

from collections.abc import Iterator

from incentives.core.access import Role, table
from tests.house.source import ROOT

GUIDE = ROOT / "docs" / "guide" / "access.md"
HOW_TO_WRITE = "write docs/guide/access.md anew with: .venv/bin/python -m tests.house.access_guide"

INTRODUCTION = """\
# Who may do what

Written from the grants in `incentives/core/access.py`, which are what is enforced; a test holds the two together.
Roles are held per store, and a person may hold several. *own* reaches a person's own records, *store* the stores
where the role is held, *group* all stores.

Beyond the table: whoever made a record never approves it, nobody approves what pays him, and another store's
record looks exactly like one that does not exist.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_rows(), ""])


def _rows() -> Iterator[str]:
    yield _row("capability", *(str(role.says) for role in Role))
    yield _row(*["---"] * (len(Role) + 1))
    for row in table():
        yield _row(str(row.capability.says), *(str(row.cells[role]) for role in Role))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    GUIDE.parent.mkdir(parents=True, exist_ok=True)
    GUIDE.write_text(page(), encoding="utf-8")
