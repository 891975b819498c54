"""What a position is measured by, from a month on."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from incentives.core.period import Month
from incentives.core.score import Part
from incentives.db import Base, IntPk, enum_column


class ScoreWeight(Base):
    """How much a part counts in a position's score from a month on. A position without any has the usual weights."""

    __tablename__ = "score_weight"
    __table_args__ = (
        UniqueConstraint("position_id", "from_month", "part"),
        CheckConstraint("weight >= 0 AND weight <= 100", name="weight"),
    )

    id: Mapped[IntPk]
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    from_month: Mapped[Month]
    part: Mapped[Part] = mapped_column(enum_column(Part))
    weight: Mapped[int]
