"""A finished simulation as a workbook: months, groups, what could not be compared, and how to read it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from incentives.core.money import Money, total
from incentives.simulations import pages
from incentives.simulations.models import Simulation
from incentives.simulations.pages import Result, name_of
from incentives.simulations.service.summing import Group, MonthTotal
from incentives.web.filters import shown
from incentives.web.i18n import tell
from incentives.web.tables import Table, as_xlsx


def as_workbook(simulation: Simulation, result: Result) -> bytes:
    """One sheet for each table of the page. The people, who may be many, are a file of their own."""
    groups = (_groups(title, heading, rows) for _name, title, heading, rows in result.groups)
    return as_xlsx(_months(result), *groups, _gaps(result), _reading(simulation))


def _months(result: Result) -> Table:
    return Table(
        _("Months"),
        [_("Month"), _("Old"), _("New"), _("Change"), _("As approved then"), _("People"), _("Months left out")],
        [(row.month, *row.sides, row.kept, row.people, row.left_out) for row in result.months],
        [(_("Total"), *_added_up(result.months), None, None, result.left_out)],
    )


def _added_up(rows: Iterable[MonthTotal | Group]) -> tuple[Money, Money, Money]:
    """The control total: the same from every sheet."""
    known = list(rows)
    return total(row.before for row in known), total(row.after for row in known), total(row.change for row in known)


def _groups(title: str, heading: str, rows: Sequence[tuple[str, Group]]) -> Table:
    return Table(
        title,
        [heading, _("People"), _("Winners"), _("Losers"), _("Old"), _("New"), _("Change"), _("Median of changes")],
        [
            (name, row.people, row.winners, row.losers, row.before, row.after, row.change, row.median)
            for name, row in rows
        ],
        # Whoever changed the position, or passed a year of service, is in two groups: people do not add up, amounts do.
        [(_("Total"), None, None, None, *_added_up(row for _name, row in rows))],
    )


def _gaps(result: Result) -> Table:
    return Table(
        _("What could not be compared"),
        [_("Month"), _("Store"), _("What is missing"), _("People")],
        [(gap.month, gap.store, tell(gap.sentence), gap.people) for gap in result.gaps],
    )


def _reading(simulation: Simulation) -> Table:
    facts = [
        (_("Plan"), name_of(simulation)),
        (_("Months"), f"{simulation.first_month} – {simulation.last_month}"),
        (_("By whom"), simulation.maker_name),
        (_("When"), shown(simulation.created_at)),
    ]
    return Table(_("How to read this"), ["", ""], [*facts, *(("", sentence) for sentence in pages.reading(simulation))])
