"""Questions to lines of pay, supplements, what is odd and looked at, and what was sent back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from incentives.db import MoneyType, MonthType, UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table('oddity_look',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('month', MonthType(length=7), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=True, comment="none: the store's month"),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='of what was odd: when that changes, it is looked at anew'),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('looked_by', sa.Integer(), nullable=False),
    sa.Column('looked_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("note <> ''", name=op.f('ck_oddity_look_has_a_note')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_oddity_look_employee_id')),
    sa.ForeignKeyConstraint(['looked_by'], ['employee.id'], name=op.f('fk_oddity_look_looked_by')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_oddity_look_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oddity_look'))
    )
    op.create_index('ix_oddity_look_month', 'oddity_look', ['store_id', 'month'], unique=False)
    op.create_table('question_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('answer_workdays', sa.Integer(), nullable=False),
    sa.Column('window_days', sa.Integer(), nullable=False, comment="after the month's last day"),
    sa.Column('hold_closing', sa.Boolean(), nullable=False, comment='a month with open questions is not closed'),
    sa.CheckConstraint('answer_workdays BETWEEN 1 AND 30', name=op.f('ck_question_rules_answer_workdays')),
    sa.CheckConstraint('window_days BETWEEN 5 AND 366', name=op.f('ck_question_rules_window_days')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_question_rules_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_rules')),
    sa.UniqueConstraint('store_id', name=op.f('uq_question_rules_store_id'))
    )
    op.create_table('statement_sent_back',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('month', MonthType(length=7), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False, comment='name and fen of each'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_statement_sent_back_employee_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_statement_sent_back_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_sent_back'))
    )
    op.create_index('ix_statement_sent_back_digest', 'statement_sent_back', ['store_id', 'month', 'digest'], unique=False)
    op.create_table('supplement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('month', MonthType(length=7), nullable=False, comment='the open month in which it is posted'),
    sa.Column('number', sa.Integer(), nullable=False, comment='counts from one in each month'),
    sa.Column('state', sa.String(32), nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('total_fen', MoneyType(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='of all lines: what the second person approves'),
    sa.Column('prepared_by', sa.Integer(), nullable=False),
    sa.Column('prepared_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False, comment='why it was refused'),
    sa.CheckConstraint('decided_by IS NULL OR decided_by <> prepared_by', name=op.f('ck_supplement_second_person')),
    sa.ForeignKeyConstraint(['decided_by'], ['employee.id'], name=op.f('fk_supplement_decided_by')),
    sa.ForeignKeyConstraint(['prepared_by'], ['employee.id'], name=op.f('fk_supplement_prepared_by')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_supplement_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplement')),
    sa.UniqueConstraint('store_id', 'month', 'number', name=op.f('uq_supplement_store_id_month_number'))
    )
    op.create_table('supplement_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('supplement_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False, comment='a sentence'),
    sa.Column('amount_fen', MoneyType(), nullable=False),
    sa.Column('for_month', MonthType(length=7), nullable=False),
    sa.Column('pay_line_id', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.Integer(), nullable=True, comment='the reward or penalty it pays'),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_supplement_line_employee_id')),
    sa.ForeignKeyConstraint(['pay_line_id'], ['pay_line.id'], name=op.f('fk_supplement_line_pay_line_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['supplement_id'], ['supplement.id'], name=op.f('fk_supplement_line_supplement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supplement_line')),
    sa.UniqueConstraint('supplement_id', 'place', name=op.f('uq_supplement_line_supplement_id_place'))
    )
    op.create_table('question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('store_id', sa.Integer(), nullable=False),
    sa.Column('employee_id', sa.Integer(), nullable=False),
    sa.Column('month', MonthType(length=7), nullable=False),
    sa.Column('line_key', sa.String(length=160), nullable=False, comment='which line; empty: the whole statement'),
    sa.Column('line_name', sa.JSON(), nullable=False, comment='a sentence, as it stood when it was asked'),
    sa.Column('amount_fen', MoneyType(), nullable=False, comment='as it stood when it was asked'),
    sa.Column('pay_line_id', sa.Integer(), nullable=True),
    sa.Column('estimate', sa.Boolean(), nullable=False, comment='the month was still open when it was asked'),
    sa.Column('cause', sa.String(32), nullable=False),
    sa.Column('document', sa.String(length=60), nullable=False, comment='the sale it is about, if it is about one'),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.Column('evidence', sa.String(length=200), nullable=False, comment='name of the kept picture'),
    sa.Column('state', sa.String(32), nullable=False),
    sa.Column('level', sa.String(32), nullable=False, comment='who answers first; it goes up after due_on'),
    sa.Column('times', sa.Integer(), nullable=False, comment='how often it was raised'),
    sa.Column('about_id', sa.Integer(), nullable=True, comment='whose decision it questions'),
    sa.Column('raised_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False, comment="the last day to answer, by the store's working days"),
    sa.Column('answer', sa.String(length=1000), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('again_until', sa.Date(), nullable=True, comment='the last day to raise it again'),
    sa.Column('settled_line_id', sa.Integer(), nullable=True),
    sa.Column('token', sa.String(length=64), nullable=False, comment='a button pressed twice asks once'),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("state NOT IN ('rejected', 'accepted', 'settled') OR answer <> ''", name=op.f('ck_question_answered')),
    sa.CheckConstraint("words <> ''", name=op.f('ck_question_has_words')),
    sa.CheckConstraint('answered_by IS NULL OR answered_by <> employee_id', name=op.f('ck_question_not_for_oneself')),
    sa.ForeignKeyConstraint(['about_id'], ['employee.id'], name=op.f('fk_question_about_id')),
    sa.ForeignKeyConstraint(['answered_by'], ['employee.id'], name=op.f('fk_question_answered_by')),
    sa.ForeignKeyConstraint(['employee_id'], ['employee.id'], name=op.f('fk_question_employee_id')),
    sa.ForeignKeyConstraint(['pay_line_id'], ['pay_line.id'], name=op.f('fk_question_pay_line_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['settled_line_id'], ['statement_line.id'], name=op.f('fk_question_settled_line_id')),
    sa.ForeignKeyConstraint(['store_id'], ['store.id'], name=op.f('fk_question_store_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('token', name=op.f('uq_question_token'))
    )
    op.create_index('ix_question_employee', 'question', ['employee_id', 'id'], unique=False)
    op.create_index('ix_question_month', 'question', ['store_id', 'month', 'state'], unique=False)
    op.create_index('ix_question_store', 'question', ['store_id', 'state', 'due_on'], unique=False)
    op.create_table('question_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.String(32), nullable=False),
    sa.Column('after', sa.String(32), nullable=False),
    sa.Column('escalated', sa.Boolean(), nullable=False, comment='it had gone up because nobody answered in time'),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['employee.id'], name=op.f('fk_question_event_actor_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_question_event_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_event'))
    )
    op.create_index(op.f('ix_question_event_question_id'), 'question_event', ['question_id'], unique=False)
    op.add_column('closing', sa.Column('open_questions', sa.Integer(), nullable=True, comment='as it was closed; none: before questions were kept'))


def downgrade() -> None:
    op.drop_column('closing', 'open_questions')
    op.drop_index(op.f('ix_question_event_question_id'), table_name='question_event')
    op.drop_table('question_event')
    op.drop_index('ix_question_store', table_name='question')
    op.drop_index('ix_question_month', table_name='question')
    op.drop_index('ix_question_employee', table_name='question')
    op.drop_table('question')
    op.drop_table('supplement_line')
    op.drop_table('supplement')
    op.drop_index('ix_statement_sent_back_digest', table_name='statement_sent_back')
    op.drop_table('statement_sent_back')
    op.drop_table('question_rules')
    op.drop_index('ix_oddity_look_month', table_name='oddity_look')
    op.drop_table('oddity_look')
