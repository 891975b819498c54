"""Figures that a month was worked out with, kept for what-ifs; months in work are worked out anew to have them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incentives.db import MonthType

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "plan_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("month", MonthType(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False, comment="id, number, position and days of each"),
        sa.Column("figures", sa.JSON(), nullable=False, comment="pairs of a key and its figure; fractions as text"),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_plan_figures_store_id_store")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_figures_version_id_plan_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_figures")),
        sa.UniqueConstraint("store_id", "month", "version_id", name=op.f("uq_plan_figures_store_id_month_version_id")),
    )
    op.execute(sa.text("UPDATE calculation SET stale = :stale").bindparams(sa.bindparam("stale", True, sa.Boolean())))


def downgrade() -> None:
    op.drop_table("plan_figures")
