"""A sale, its earners and its return, from what was typed to the house's own types."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from incentives.core.errors import DomainError, say
from incentives.core.money import ZERO, Money
from incentives.core.reading import THOUSANDTHS
from incentives.sales.models import Category, EarningRole, Product
from incentives.sales.service.lines import Article, Share
from incentives.sales.service.record import LARGEST_LINE, LARGEST_QUANTITY, Sale
from incentives.web.forms import (
    Between,
    ChoiceField,
    DayField,
    Form,
    MoneyField,
    Needed,
    NumberField,
    WholeField,
    id_or_none,
    optional_choices,
    text,
)
from incentives.web.i18n import tell

MOST_EARNERS = 6
SHOWN_EARNERS = 2
"""Rows that stand open; further ones are a tap away."""


class _Thousandths:
    """A quantity with at most three decimals."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None and (field.data * THOUSANDTHS).denominator != 1:
            raise ValidationError(_("At most three decimals."))


def _quantity(*, default: Fraction | None = None) -> NumberField:
    most = Fraction(LARGEST_QUANTITY, THOUSANDTHS)
    return NumberField(_l("Quantity"), [Needed(), Between(Fraction(0), most), _Thousandths()], default=default)


def thousandths(quantity: Fraction) -> int:
    """A quantity as it is stored."""
    return int(quantity * THOUSANDTHS)


class EarnerRow(PlainForm):
    """Who, in which role, and how much among those of the same role."""

    person = ChoiceField(_l("Person"), coerce=id_or_none)
    role = ChoiceField(_l("Role"), coerce=EarningRole, default=EarningRole.SELLER)
    weight = WholeField(_l("Share"), [Between(1, 10_000)])


class EarnersForm(Form):
    """Who earned a sale."""

    earners = FieldList(FormField(EarnerRow), min_entries=MOST_EARNERS, max_entries=MOST_EARNERS)

    def offer_people(self, people: Sequence[tuple[int, str]]) -> None:
        """Fill the lists of people and roles."""
        for row in self.earners:
            row.form.person.choices = optional_choices(people)
            row.form.role.choices = [(role.value, tell(role.says)) for role in EarningRole]

    @property
    def first_rows(self) -> list[FormField[EarnerRow]]:
        """The rows that stand open."""
        return list(self.earners)[:SHOWN_EARNERS]

    @property
    def further_rows(self) -> list[FormField[EarnerRow]]:
        """The rows for larger teams."""
        return list(self.earners)[SHOWN_EARNERS:]

    @property
    def further_used(self) -> bool:
        """Whether one of the further rows is filled in."""
        return any(row.form.person.data is not None or row.errors for row in self.further_rows)

    def shares(self) -> list[Share]:
        """The rows that name somebody.

        Raises:
            DomainError: some rows have a share and some have none.
        """
        rows = [row.form for row in self.earners if row.form.person.data is not None]
        for role in {row.role.data for row in rows}:
            if len({row.weight.data is None for row in rows if row.role.data is role}) > 1:
                raise DomainError(say("Give all earners of a role a share, or none of them."))
        return [Share(row.person.data, row.role.data, row.weight.data or 1) for row in rows]


class SaleForm(EarnersForm):
    """A sale by hand."""

    document = text(_l("Document"), most=60, description=_l("As on the bill or work order."))
    line_number = WholeField(_l("Line"), [Needed(), Between(1, 99_999)], default=1)
    day = DayField(_l("Day of the sale"))
    product_code = text(
        _l("Product code"), needed=False, most=60, render_kw={"list": "products", "autocomplete": "off"}
    )
    product_name = text(_l("Product"), needed=False, description=_l("A known code fills in name, category and price."))
    category = ChoiceField(_l("Category"))
    quantity = _quantity(default=Fraction(1))
    list_price = MoneyField(_l("List price of one"), [Between(ZERO, LARGEST_LINE)])
    received = MoneyField(_l("Received in all"), [Needed(), Between(ZERO, LARGEST_LINE)])
    cost = MoneyField(_l("Cost in all"), [Between(ZERO, LARGEST_LINE)])
    plate = text(_l("Number plate"), needed=False, most=20, description=_l("Only its beginning and end are kept."))
    campaign = text(_l("Campaign"), needed=False, most=40)

    def offer_categories(self) -> None:
        """Fill the list of categories."""
        known = [(category.value, tell(category.says)) for category in Category]
        self.category.choices = [("", _("as the product")), *known]

    def sale(self, product: Product | None) -> Sale:
        """The sale as typed; what was left empty is taken from the known product.

        Raises:
            DomainError: there is neither a name nor a known code, or no category.
        """
        return Sale(
            document=str(self.document.data),
            day=self.day.data,
            article=self._article(product),
            quantity=thousandths(self.quantity.data),
            received=self.received.data,
            cost=self.cost.data,
            plate=self.plate.data or "",
            line_number=self.line_number.data,
        )

    def _article(self, product: Product | None) -> Article:
        name = self.product_name.data or (product.name if product else "")
        if not name:
            raise DomainError(say("Say what was sold: a product, or a code that is known."))
        if not self.category.data and product is None:
            raise DomainError(say("Choose the category."))
        category = Category(self.category.data) if self.category.data else None
        price: Money | None = self.list_price.data
        return Article(
            name=name,
            category=category or (product.category if product else Category.OTHER),
            code=self.product_code.data or "",
            subcategory=product.subcategory if product else "",
            campaign=self.campaign.data or "",
            list_price=product.list_price if price is None and product else price,
        )


class ReturnForm(Form):
    """What is taken back of a sale."""

    day = DayField(_l("Day of the return"))
    quantity = _quantity()
    received = MoneyField(_l("Paid back"), [Needed(), Between(ZERO, LARGEST_LINE)])


class ConfirmForm(Form):
    """Nothing but the button."""

    confirmed = HiddenField(default="yes")
