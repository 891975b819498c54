"""Which plan line a statement line pays or corrects, why it comes to what it does, and closed months worked out again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NAMES_ITS_LINE = """
UPDATE statement_line SET
  version_id = (SELECT version_id FROM pay_line WHERE pay_line.id = statement_line.pay_line_id),
  code = (SELECT code FROM pay_line WHERE pay_line.id = statement_line.pay_line_id)
WHERE pay_line_id IS NOT NULL
"""


def upgrade() -> None:
    with op.batch_alter_table("statement_line") as table:
        table.add_column(
            sa.Column(
                "version_id",
                sa.Integer(),
                nullable=True,
                comment="with the code: which line of which plan it pays or corrects",
            )
        )
        table.add_column(sa.Column("code", sa.String(length=60), nullable=False, server_default=""))
        table.add_column(
            sa.Column(
                "explanation",
                sa.JSON(none_as_null=True),
                nullable=True,
                comment="of what is no line of a plan itself; that has its own",
            )
        )
        table.create_foreign_key(
            op.f("fk_statement_line_version_id"), "plan_version", ["version_id"], ["id"]
        )
    with op.batch_alter_table("statement_line") as table:
        table.alter_column("code", server_default=None)
    op.execute(NAMES_ITS_LINE)
    op.create_table(
        "restated_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("employee_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False, comment="a sentence"),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "explanation",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="none: nothing is earned for the line any more",
        ),
        sa.ForeignKeyConstraint(["store_id"], ["store.id"], name=op.f("fk_restated_line_store_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_restated_line_employee_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_restated_line_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restated_line")),
        sa.UniqueConstraint(
            "store_id",
            "month",
            "employee_id",
            "version_id",
            "code",
            name=op.f("uq_restated_line_store_id_month_employee_id_version_id_code"),
        ),
    )


def downgrade() -> None:
    op.drop_table("restated_line")
    with op.batch_alter_table("statement_line") as table:
        table.drop_column("explanation")
        table.drop_column("code")
        table.drop_column("version_id")
