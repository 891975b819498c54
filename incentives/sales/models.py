"""Sale lines, and who is credited with what of them. A line is never changed: it is taken back by a line of its own."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from incentives.core.credits import Figures
from incentives.core.errors import Sentence, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.db import Base, IntPk, enum_column
from incentives.people.models import Employee


class Category(StrEnum):
    """What is sold. A pay plan filters by these words, or by a line's own finer word (``subcategory``)."""

    ACCESSORIES = "accessories"
    CARE_PRODUCTS = "care_products"
    PARTS = "parts"
    LABOUR = "labour"
    INSURANCE_LABOUR = "insurance_labour"
    RENEWALS = "renewals"
    INSURANCE_REFERRALS = "insurance_referrals"
    OTHER = "other"

    @property
    def says(self) -> Sentence:
        """Its name on a page."""
        return _CATEGORY_NAMES[self]


_CATEGORY_NAMES = {
    Category.ACCESSORIES: say("accessories"),
    Category.CARE_PRODUCTS: say("care products"),
    Category.PARTS: say("parts"),
    Category.LABOUR: say("labour"),
    Category.INSURANCE_LABOUR: say("insurance labour"),
    Category.RENEWALS: say("renewals"),
    Category.INSURANCE_REFERRALS: say("new-car insurance"),
    Category.OTHER: say("other sales"),
}


class EarningRole(StrEnum):
    """In which role somebody earns a sale 提成角色, the one that comes first being the main one."""

    SELLER = "seller"
    ADVISER = "adviser"
    FITTER = "fitter"
    INTRODUCER = "introducer"

    @property
    def says(self) -> Sentence:
        """Its name on a page."""
        return _ROLE_NAMES[self]

    @property
    def order(self) -> int:
        """Its place; a person who holds several on one line is counted once, in the first."""
        return _ROLE_ORDER[self]


_ROLE_ORDER = {role: place for place, role in enumerate(EarningRole)}
_ROLE_NAMES = {
    EarningRole.SELLER: say("seller"),
    EarningRole.ADVISER: say("service adviser"),
    EarningRole.FITTER: say("fitter"),
    EarningRole.INTRODUCER: say("introducer"),
}


class LineKind(StrEnum):
    """A sale; a return of all or part of one; a sale cancelled; a return undone."""

    SALE = "sale"
    RETURN = "return"
    CANCELLATION = "cancellation"
    RETURN_UNDONE = "return_undone"

    @property
    def says(self) -> Sentence:
        """Its name on a page."""
        return _KIND_NAMES[self]


_KIND_NAMES = {
    LineKind.SALE: say("sale"),
    LineKind.RETURN: say("return"),
    LineKind.CANCELLATION: say("cancelled"),
    LineKind.RETURN_UNDONE: say("return undone"),
}


class Product(Base):
    """What was sold under a code before, in any store of the group: it fills in the form by hand. Prices may go stale."""

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("group_id", "code"), CheckConstraint("list_price_fen >= 0", name="list_price"))

    id: Mapped[IntPk]
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[Category] = mapped_column(enum_column(Category))
    subcategory: Mapped[str] = mapped_column(String(60), default="")
    list_price: Mapped[Money | None] = mapped_column("list_price_fen", comment="for one unit, as last seen")


class SaleLine(Base):
    """One line of a document. Quantity and amounts of what takes back are negative."""

    __tablename__ = "sale_line"
    __table_args__ = (
        UniqueConstraint("store_id", "document", "line_number"),
        UniqueConstraint("undoes_id"),
        CheckConstraint("line_number > 0", name="line_number"),
        CheckConstraint("list_price_fen >= 0", name="list_price"),
        CheckConstraint(
            "(kind = 'sale' AND quantity > 0 AND received_fen >= 0 AND returns_id IS NULL AND undoes_id IS NULL)"
            " OR (kind IN ('return', 'cancellation') AND quantity <= 0 AND received_fen <= 0"
            " AND returns_id IS NOT NULL AND undoes_id IS NULL)"
            " OR (kind = 'return_undone' AND quantity >= 0 AND received_fen >= 0"
            " AND returns_id IS NOT NULL AND undoes_id IS NOT NULL)",
            name="signs",
        ),
        CheckConstraint("quantity <> 0 OR received_fen <> 0", name="not_empty"),
        Index("ix_sale_line_counts", "store_id", "counts_in", "category"),
        Index("ix_sale_line_day", "store_id", "business_date", "id"),
        Index("ix_sale_line_returns", "returns_id"),
        Index("ix_sale_line_upload", "upload_id"),
    )

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    document: Mapped[str] = mapped_column(String(60))
    line_number: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind), default=LineKind.SALE)
    business_date: Mapped[date]
    counts_in: Mapped[Month] = mapped_column(
        comment="the month of the sale; a return counts in that of what it takes back"
    )
    product_code: Mapped[str] = mapped_column(String(60), default="")
    product_name: Mapped[str] = mapped_column(String(200))
    category: Mapped[Category] = mapped_column(enum_column(Category))
    subcategory: Mapped[str] = mapped_column(String(60), default="", comment="the store's or the file's own finer word")
    campaign: Mapped[str] = mapped_column(String(40), default="")
    quantity: Mapped[int] = mapped_column(BigInteger, comment="thousandths of a unit")
    list_price: Mapped[Money | None] = mapped_column("list_price_fen", comment="for one unit")
    received: Mapped[Money] = mapped_column("received_fen", comment="for the whole line")
    cost: Mapped[Money | None] = mapped_column("cost_fen", comment="of the whole line, as it was that day")
    plate: Mapped[str] = mapped_column(String(20), default="", comment="masked before it is stored")
    file_rate: Mapped[int | None] = mapped_column(
        comment="commission rate that a file names, in 0.01 %; pay follows plans"
    )
    named: Mapped[str] = mapped_column(String(200), default="", comment="whom a file named, while nobody is matched")
    returns_id: Mapped[int | None] = mapped_column(ForeignKey("sale_line.id"), comment="the sale it takes back")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("sale_line.id"), comment="the return it undoes")
    upload_id: Mapped[int | None] = mapped_column(comment="the file it came from; none: entered by hand")
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id"))
    created_at: Mapped[datetime]

    earners: Mapped[list[Earner]] = relationship(back_populates="line", order_by="Earner.id")

    @property
    def figures(self) -> Figures:
        """What is counted of it."""
        return Figures(self.received.fen, self.quantity, None if self.cost is None else self.cost.fen)


class Earner(Base):
    """Somebody's credit of a line in one role. The credits of a role add up to the line."""

    __tablename__ = "earner"
    __table_args__ = (
        UniqueConstraint("sale_line_id", "employee_id", "role"),
        CheckConstraint("weight > 0", name="weight"),
        Index("ix_earner_counts", "store_id", "counts_in", "employee_id"),
        Index("ix_earner_sold", "store_id", "sold_on", "employee_id"),
        Index("ix_earner_employee", "employee_id", "business_date"),
    )

    id: Mapped[IntPk]
    sale_line_id: Mapped[int] = mapped_column(ForeignKey("sale_line.id"))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id"))
    role: Mapped[EarningRole] = mapped_column(enum_column(EarningRole))
    weight: Mapped[int] = mapped_column(comment="relative to the other earners of the same role")
    main: Mapped[bool] = mapped_column(comment="the person's first role on the line: counts where no role is asked for")
    leads: Mapped[bool] = mapped_column(comment="in the line's first role: counts for boards, points and indicators")
    received: Mapped[Money] = mapped_column("received_fen")
    quantity: Mapped[int] = mapped_column(BigInteger, comment="thousandths of a unit")
    cost: Mapped[Money | None] = mapped_column("cost_fen")
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    business_date: Mapped[date]
    counts_in: Mapped[Month]
    sold_on: Mapped[date] = mapped_column(comment="the day of the sale, for a return too")

    line: Mapped[SaleLine] = relationship(back_populates="earners")
    employee: Mapped[Employee] = relationship()


class RememberedAnswer(Base):
    """What a name or word in this store's files was said to mean, so that the next file does not ask again."""

    __tablename__ = "sales_remembered_answer"
    __table_args__ = (UniqueConstraint("store_id", "kind", "token"),)

    id: Mapped[IntPk]
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    kind: Mapped[str] = mapped_column(String(20), comment="person, category or status")
    token: Mapped[str] = mapped_column(String(200))
    meaning: Mapped[str] = mapped_column(String(60))
