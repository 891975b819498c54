"""Say who earned a sale for which a file named nobody known."""

from __future__ import annotations

from collections.abc import Sequence

from incentives.core.errors import Conflict, say
from incentives.core.period import Month
from incentives.db import db
from incentives.periods import service as periods
from incentives.sales.models import SaleLine
from incentives.sales.service.counting import count
from incentives.sales.service.lines import NOTHING, Credit, NewLine, Share, credited
from incentives.sales.service.lookup import article_of, movements_of, sale_to_change
from incentives.sales.service.record import in_order
from incentives.sales.service.writing import tell_trail, write_credits


def name_earners(store_id: int, line_id: int, earners: Sequence[Share], *, maker_id: int) -> None:
    """Say who earned a sale that a file named nobody known for. What came back of it goes along.

    Raises:
        DomainError: it has earners already, its month is being reviewed, or somebody did not work here that day.
        NotFound: no such sale here.
    """
    sale = sale_to_change(store_id, line_id)
    if sale.earners:
        raise Conflict(say("This sale has its earners already. Cancel it and enter it anew to change them."))
    shares = in_order(store_id, earners, sale.business_date)
    before, lines = NOTHING, []
    for line in [sale, *movements_of(sale)]:
        periods.require_takes_facts(store_id, Month.of(line.business_date))
        after = before + line.figures
        lines.append(_line_with_credits(line, sale, credited(shares, before, after)))
        before = after
    write_credits(store_id, lines)
    db.session.expire(sale, ["earners"])
    count(store_id, lines, f"earners of {sale.id}", maker_id=maker_id)
    tell_trail("sales.earners_named", store_id, maker_id, lines[0])


def _line_with_credits(line: SaleLine, sale: SaleLine, credits_: Sequence[Credit]) -> NewLine:
    return NewLine(
        id=line.id,
        document=line.document,
        line_number=line.line_number,
        business_date=line.business_date,
        sold_on=sale.business_date,
        article=article_of(sale),
        figures=line.figures,
        credits=credits_,
        kind=line.kind,
    )
