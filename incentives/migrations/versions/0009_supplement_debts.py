"""The debts that the month settles before a supplement, kept with it so that its file stays the same."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column(
        "supplement",
        sa.Column(
            "carried",
            sa.JSON(),
            nullable=False,
            server_default=sa.text("'[]'"),
            comment="number, name and fen of each debt the month settles first",
        ),
    )


def downgrade() -> None:
    op.drop_column("supplement", "carried")
