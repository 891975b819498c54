"""The sales of a store, and one's own."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _

from incentives.core.access import Capability
from incentives.core.period import Month
from incentives.core.reading import THOUSANDTHS
from incentives.sales.models import Category, Earner, LineKind, SaleLine
from incentives.sales.service import listing as service
from incentives.sales.views.blueprint import bp
from incentives.web.filters import month_name, number
from incentives.web.guards import actor, allows, guarded, place
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing

TONES = {LineKind.RETURN: "warn", LineKind.CANCELLATION: "bad", LineKind.RETURN_UNDONE: "info"}


@bp.get("/stores/<store_code>/sales")
@guarded(Capability.READ_FACTS)
def index() -> str | Response:
    """Every sale and return of the store."""
    here, may_enter = place(), allows(Capability.IMPORT_FACTS, place().id)
    listing = Listing[SaleLine](
        name=f"sales-{here.code}",
        columns=_columns(),
        statement=service.lines_of(here.id),
        order=[SaleLine.business_date.desc(), SaleLine.id.desc()],
        search_in=(
            SaleLine.document,
            SaleLine.product_name,
            SaleLine.product_code,
            SaleLine.plate,
            SaleLine.named,
            service.earned_by,
        ),
        filters=_filters(here.id),
        link=lambda line: url_for("sales.line", line_id=line.id),
        empty_title=_("No sales found"),
        empty_text=_("Enter a sale, or import a file from the dealer management system."),
        empty_action=(_("Enter a sale"), url_for("sales.record")) if may_enter else None,
    )
    return listing.respond("sales/index.html", may_enter=may_enter)


def _columns() -> list[Column[SaleLine]]:
    return [
        Column("product", _("Product"), lambda line: line.product_name, sort=SaleLine.product_name),
        Column("day", _("Day"), lambda line: line.business_date, kind="date", sort=SaleLine.business_date),
        Column("document", _("Document"), lambda line: f"{line.document} #{line.line_number}", sort=SaleLine.document),
        Column("kind", _("Sale or return"), kind_of, kind="badge", tone=tone_of),
        Column("category", _("Category"), lambda line: tell(line.category.says), sort=SaleLine.category),
        Column(
            "quantity", _("Quantity"), lambda line: quantity_text(line.quantity), kind="number", sort=SaleLine.quantity
        ),
        Column("received", _("Received"), lambda line: line.received, kind="money", sort=SaleLine.received),
        Column("earners", _("Earned by"), earners_text, tone=lambda line: "" if line.earners else "bad"),
        Column("plate", _("Number plate"), lambda line: line.plate),
    ]


def kind_of(line: SaleLine) -> str:
    """The kind of a line in a word; an ordinary sale needs none."""
    return "" if line.kind is LineKind.SALE else tell(line.kind.says)


def tone_of(line: SaleLine) -> str:
    """How the kind is coloured."""
    return TONES.get(line.kind, "quiet")


def quantity_text(thousandths: int) -> str:
    """A quantity with its sign and no idle zeros."""
    whole, rest = divmod(abs(thousandths), THOUSANDTHS)
    text = number(whole) + (f".{rest:03d}".rstrip("0") if rest else "")
    return f"-{text}" if thousandths < 0 else text


def earners_text(line: SaleLine) -> str:
    """Who earned it, each once; or whom the file named."""
    names = dict.fromkeys(earner.employee.name for earner in line.earners)
    return "、".join(names) or _("nobody yet: %(named)s", named=line.named or "–")


def _filters(store_id: int) -> list[Filter]:
    months = service.months_with_sales(store_id)
    return [
        Filter(
            "month",
            _("Month"),
            [("", _("all months")), *((str(month), month_name(month)) for month in months)],
            lambda chosen: SaleLine.counts_in == Month.parse(chosen),
        ),
        Filter(
            "category",
            _("Category"),
            [("", _("all categories")), *((each.value, tell(each.says)) for each in Category)],
            lambda chosen: SaleLine.category == Category(chosen),
        ),
        Filter(
            "show",
            _("Show"),
            [("", _("everything")), ("returns", _("what was taken back")), ("unmatched", _("sales nobody earned yet"))],
            lambda chosen: service.is_unmatched() if chosen == "unmatched" else SaleLine.kind != LineKind.SALE,
        ),
    ]


@bp.get("/me/sales")
@guarded(Capability.READ_OWN)
def mine() -> str | Response:
    """What one has sold or earned oneself, wherever."""
    listing = Listing[Earner](
        name="my-sales",
        columns=[
            Column("day", _("Day"), lambda mine: mine.business_date, kind="date", sort=Earner.business_date),
            Column("document", _("Document"), lambda mine: mine.line.document, sort=SaleLine.document),
            Column(
                "kind",
                _("Sale or return"),
                lambda mine: kind_of(mine.line),
                kind="badge",
                tone=lambda mine: tone_of(mine.line),
            ),
            Column("product", _("Product"), lambda mine: mine.line.product_name, sort=SaleLine.product_name),
            Column("role", _("Role"), lambda mine: tell(mine.role.says)),
            Column("quantity", _("Quantity"), lambda mine: quantity_text(mine.quantity), kind="number"),
            Column("credit", _("Credited to me"), lambda mine: mine.received, kind="money", sort=Earner.received),
            Column("received", _("Received in all"), lambda mine: mine.line.received, kind="money"),
        ],
        statement=service.credits_of_person(actor().employee_id),
        order=[Earner.business_date.desc(), Earner.id.desc()],
        search_in=(SaleLine.document, SaleLine.product_name, SaleLine.plate),
        filters=[
            Filter(
                "category",
                _("Category"),
                [("", _("all categories")), *((each.value, tell(each.says)) for each in Category)],
                lambda chosen: SaleLine.category == Category(chosen),
            )
        ],
        link=lambda mine: url_for("sales.my_line", line_id=mine.sale_line_id),
        empty_title=_("No sales of yours yet"),
        empty_text=_("What you sell or fit stands here as soon as it is entered or imported."),
    )
    return listing.respond("sales/mine.html")
