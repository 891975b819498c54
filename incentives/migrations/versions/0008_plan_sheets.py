"""Sheets on which plans are written, with every change on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incentives.db import MonthType, UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "plan_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True, comment="of which it is a new version"),
        sa.Column("version_id", sa.Integer(), nullable=True, comment="the draft that it changes"),
        sa.Column("seen_revision", sa.Integer(), nullable=False, comment="of that draft, when it was copied"),
        sa.Column("text", sa.Text(), nullable=False, comment="what it began with; kept as written while nothing is changed"),
        sa.Column("from_month", MonthType(length=7), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False, comment="the step that is shown; later ones can be done again"),
        sa.Column(
            "sample", sa.JSON(), nullable=False, comment="who and which month it is tried on, and what was typed"
        ),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["employee.id"], name=op.f("fk_plan_sheet_owner_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["pay_plan.id"], name=op.f("fk_plan_sheet_plan_id")),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_plan_sheet_store_id")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_sheet_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sheet")),
    )
    op.create_index("ix_plan_sheet_owner", "plan_sheet", ["store_id", "owner_id"])
    op.create_table(
        "plan_sheet_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tree", sa.JSON(), nullable=False),
        sa.Column(
            "typed_only",
            sa.Boolean(),
            nullable=False,
            comment="nothing but figures and words; more typing joins the same step",
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["plan_sheet.id"], name=op.f("fk_plan_sheet_step_sheet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sheet_step")),
        sa.UniqueConstraint("sheet_id", "number", name=op.f("uq_plan_sheet_step_sheet_id_number")),
    )


def downgrade() -> None:
    op.drop_table("plan_sheet_step")
    op.drop_table("plan_sheet")
