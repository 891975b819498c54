"""Rewards and penalties whole: losses, evidence, notices, terms by day, province profiles and base wages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0011"
down_revision = "0010"

COLUMNS = (
    "ALTER TABLE reason_code ADD COLUMN added_by INTEGER"
    " CONSTRAINT fk_reason_code_added_by REFERENCES employee (id)"
    " CONSTRAINT ck_reason_code_loss_takes CHECK (instrument <> 'loss' OR (direction = 'penalty' AND NOT conduct))",
    "ALTER TABLE reward_record ADD COLUMN loss_fen BIGINT"
    " CONSTRAINT ck_reward_record_loss_of_loss CHECK ((instrument = 'loss') = (loss_fen IS NOT NULL))"
    " CONSTRAINT ck_reward_record_conduct_is_no_loss CHECK (loss_fen IS NULL OR (loss_fen > 0 AND NOT conduct))",
    "ALTER TABLE reward_record ADD COLUMN cause VARCHAR(120) DEFAULT '' NOT NULL",
    "UPDATE reward_record SET cause = key",
    "ALTER TABLE reward_appeal ADD COLUMN answer_by DATE",
    "ALTER TABLE reason_code DROP COLUMN published_on",
    "ALTER TABLE reason_code DROP COLUMN published_where",
    "CREATE INDEX ix_reward_record_cause ON reward_record (store_id, cause)",
)
REASON = """INSERT INTO reason_code (group_id, code, name, name_en, direction, instrument, conduct, active)
SELECT id, 'proven_loss', '赔偿已证实的经济损失', 'Compensation of a proven loss', 'penalty', 'loss', FALSE, TRUE FROM "group" """
PICTURES = """INSERT INTO reward_evidence
(store_id, record_id, purpose, name, mime, stored_as, size, sha256, added_by, added_at)
SELECT store_id, id, 'proposal', 'picture.jpg', 'image/jpeg', evidence, 0, '', maker_id, created_at
FROM reward_record WHERE evidence <> ''"""
PURPOSE = sa.Enum("proposal", "appeal", "receipt", name="purpose", native_enum=False, length=32)


def upgrade() -> None:
    """Add what is new; a picture that was kept with its record becomes its first piece of evidence.

    Rules made known before have no record of who was consulted: they count again once they are adopted.
    """
    for statement in COLUMNS:
        op.execute(statement)
    op.execute(REASON)
    for table in (TERMS, EVIDENCE, CLAIM, DEDUCTION, NOTICE, PROFILE, WAGE):
        op.create_table(*table)
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    op.execute(PICTURES)
    op.execute("ALTER TABLE reward_record DROP COLUMN evidence")


def downgrade() -> None:
    raise NotImplementedError("evidence and notices are not thrown away")


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=conv(f"pk_{table}"))


def _link(table: str, column: str, to: str, *, needed: bool = True) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column(column, sa.Integer(), nullable=not needed),
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=conv(f"fk_{table}_{column}")),
    )


TERMS = (
    "reason_terms",
    *_key("reason_terms"),
    *_link("reason_terms", "reason_id", "reason_code"),
    sa.Column("starts", sa.Date(), nullable=False),
    sa.Column("points", sa.Integer(), nullable=True),
    sa.Column("amount_fen", sa.BigInteger(), nullable=True),
    *_link("reason_terms", "made_by", "employee", needed=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(points IS NULL) <> (amount_fen IS NULL)", name=conv("ck_reason_terms_one_figure")),
)
EVIDENCE = (
    "reward_evidence",
    *_key("reward_evidence"),
    *_link("reward_evidence", "store_id", "store"),
    *_link("reward_evidence", "record_id", "reward_record"),
    sa.Column("purpose", PURPOSE, nullable=False),
    sa.Column("name", sa.String(120), nullable=False, comment="as it was sent; shown, never used as a path"),
    sa.Column("mime", sa.String(40), nullable=False),
    sa.Column("stored_as", sa.String(200), nullable=False),
    sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
    sa.Column("sha256", sa.String(64), nullable=False),
    *_link("reward_evidence", "added_by", "employee", needed=False),
    sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    *_link("reward_evidence", "supersedes_id", "reward_evidence", needed=False),
    sa.UniqueConstraint("supersedes_id", name=conv("uq_reward_evidence_supersedes_id")),
    sa.CheckConstraint(
        "supersedes_id IS NULL OR supersedes_id <> id", name=conv("ck_reward_evidence_supersedes_another")
    ),
)
CLAIM = (
    "loss_claim",
    *_key("loss_claim"),
    *_link("loss_claim", "record_id", "reward_record"),
    sa.Column("what", sa.String(300), nullable=False),
    sa.Column("contract", sa.String(200), nullable=False, comment="which contract, with its day or number"),
    sa.Column("clause", sa.String(500), nullable=False, comment="the clause, word for word"),
    sa.UniqueConstraint("record_id", name=conv("uq_loss_claim_record_id")),
    sa.CheckConstraint(
        "what <> '' AND clause <> '' AND contract <> ''", name=conv("ck_loss_claim_says_what_and_why")
    ),
)
DEDUCTION = (
    "loss_deduction",
    *_key("loss_deduction"),
    *_link("loss_deduction", "store_id", "store"),
    *_link("loss_deduction", "record_id", "reward_record"),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("amount_fen", sa.BigInteger(), nullable=False),
    sa.Column("says", sa.JSON(), nullable=False, comment="a sentence: how it was worked out"),
    sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("amount_fen <> 0", name=conv("ck_loss_deduction_moves_something")),
)
NOTICE = (
    "reward_notice",
    *_key("reward_notice"),
    *_link("reward_notice", "store_id", "store"),
    *_link("reward_notice", "record_id", "reward_record"),
    sa.Column("issued_on", sa.Date(), nullable=False),
    sa.Column("last_day", sa.Date(), nullable=True, comment="to appeal, as the notice says"),
    sa.Column("stored_as", sa.String(200), nullable=False),
    sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("received_on", sa.Date(), nullable=True),
    sa.Column("received_how", sa.String(300), nullable=False),
    *_link("reward_notice", "recorded_by", "employee", needed=False),
    sa.UniqueConstraint("record_id", name=conv("uq_reward_notice_record_id")),
    sa.CheckConstraint(
        "(received_on IS NULL) = (received_how = '')", name=conv("ck_reward_notice_received_somehow")
    ),
)
PROFILE = (
    "province_profile",
    *_key("province_profile"),
    *_link("province_profile", "store_id", "store"),
    sa.Column("starts", sa.Date(), nullable=False),
    sa.Column("province", sa.String(40), nullable=False),
    sa.Column("city_class", sa.String(40), nullable=False, comment="of the minimum wage, such as 一类"),
    sa.Column("minimum_wage_fen", sa.BigInteger(), nullable=True, comment="a month; none: not known"),
    sa.Column("source", sa.String(200), nullable=False, comment="where the minimum wage was published, with its day"),
    sa.Column("loss_percent", sa.Integer(), nullable=False, comment="of the month's wage, at most"),
    sa.Column("appeal_workdays", sa.Integer(), nullable=False),
    sa.Column("pay_penalties", sa.Boolean(), nullable=False, comment="whether a rule may take variable pay at all"),
    sa.Column("consultation", sa.Boolean(), nullable=False, comment="whether such a rule needs the staff's representatives"),
    sa.Column("confirmed_by", sa.String(100), nullable=False, comment="the lawyer, by name"),
    sa.Column("confirmed_on", sa.Date(), nullable=True),
    sa.Column("confirmed_document", sa.String(200), nullable=False),
    *_link("province_profile", "made_by", "employee", needed=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("loss_percent BETWEEN 0 AND 20", name=conv("ck_province_profile_share_of_the_wage")),
    sa.CheckConstraint("appeal_workdays BETWEEN 1 AND 30", name=conv("ck_province_profile_days_to_appeal")),
    sa.CheckConstraint(
        "minimum_wage_fen IS NULL OR (minimum_wage_fen > 0 AND source <> '')",
        name=conv("ck_province_profile_has_a_source"),
    ),
    sa.CheckConstraint(
        "(confirmed_by = '') = (confirmed_on IS NULL)", name=conv("ck_province_profile_confirmed_whole")
    ),
)
WAGE = (
    "base_wage",
    *_key("base_wage"),
    *_link("base_wage", "employee_id", "employee"),
    sa.Column("starts", sa.String(7), nullable=False),
    sa.Column("amount_fen", sa.BigInteger(), nullable=False),
    sa.Column("source", sa.String(200), nullable=False, comment="the contract or file it comes from"),
    *_link("base_wage", "made_by", "employee", needed=False),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("amount_fen >= 0", name=conv("ck_base_wage_not_negative")),
)
INDEXES = (
    ("ix_reason_terms_reason", "reason_terms", ["reason_id", "starts"]),
    ("ix_reward_evidence_record", "reward_evidence", ["record_id"]),
    ("ix_loss_deduction_record", "loss_deduction", ["record_id"]),
    ("ix_loss_deduction_month", "loss_deduction", ["store_id", "month"]),
    ("ix_province_profile_store", "province_profile", ["store_id", "starts"]),
    ("ix_base_wage_employee", "base_wage", ["employee_id", "starts"]),
)
