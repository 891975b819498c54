"""Sheets keep the reasons of their warnings and the page that wrote last; adoption records, what the plan check said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column(
        "plan_sheet",
        sa.Column(
            "reasons",
            sa.JSON(),
            nullable=False,
            server_default="{}",
            comment="why a warning is meant, by the digest of the finding",
        ),
    )
    op.add_column(
        "plan_sheet",
        sa.Column(
            "page",
            sa.String(length=32),
            nullable=False,
            server_default="",
            comment="the window that wrote last; another one is told before it writes over it",
        ),
    )
    op.add_column(
        "adoption",
        sa.Column(
            "meant",
            sa.JSON(),
            nullable=False,
            server_default="[]",
            comment="what the plan check warned of and why it is meant, as sentences",
        ),
    )


def downgrade() -> None:
    op.drop_column("adoption", "meant")
    op.drop_column("plan_sheet", "page")
    op.drop_column("plan_sheet", "reasons")
