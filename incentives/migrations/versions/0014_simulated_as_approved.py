"""What a simulated month was approved with may be unknown: it is empty, not zero, while nothing was approved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incentives.db import MoneyType

revision = "0014"
down_revision = "0013"

TABLES = ("simulated_month", "simulated_pay")
SAYS = "what was approved then; none: nothing was yet"


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.alter_column("kept_fen", existing_type=MoneyType(), nullable=True, comment=SAYS)


def downgrade() -> None:
    for table in TABLES:
        op.execute(sa.text(f"UPDATE {table} SET kept_fen = 0 WHERE kept_fen IS NULL"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("kept_fen", existing_type=MoneyType(), nullable=False)
