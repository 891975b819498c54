"""What the import pages show: the list of files, the words for their states, and faults page by page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select

from incentives.exchange.interface import Importer
from incentives.exchange.models import Upload, UploadState
from incentives.exchange.report import Report, SeenFault
from incentives.web.i18n import tell
from incentives.web.lists import Column, Filter, Listing
from incentives.web.sent import whole_or
from incentives.web.tables import Table

FAULTS_A_PAGE = 50
STATES: Mapping[UploadState, tuple[LazyString, str]] = MappingProxyType(
    {
        UploadState.UPLOADED: (_l("waiting"), "quiet"),
        UploadState.CHECKING: (_l("being checked"), "info"),
        UploadState.FAULTY: (_l("needs you"), "warn"),
        UploadState.READY: (_l("ready"), "brand"),
        UploadState.APPLYING: (_l("being taken in"), "info"),
        UploadState.APPLIED: (_l("taken in"), "good"),
        UploadState.FAILED: (_l("failed"), "bad"),
        UploadState.DISCARDED: (_l("discarded"), "quiet"),
    }
)
"""Word and tone of each state."""


def listing(store_id: int, kinds: Sequence[Importer], start: tuple[str, str] | None) -> Listing[Upload]:
    """The files of a store of the kinds that somebody may import, the latest first."""
    titles = {kind.key: tell(kind.title) for kind in kinds}
    return Listing(
        name="imports",
        columns=(
            Column("file", _("File"), lambda row: row.file_name, sort=Upload.file_name),
            Column("kind", _("Kind"), lambda row: titles[row.importer]),
            Column(
                "state",
                _("State"),
                lambda row: str(STATES[row.state][0]),
                kind="badge",
                tone=lambda row: STATES[row.state][1],
                sort=Upload.state,
            ),
            Column("rows", _("Rows"), lambda row: row.rows_total, kind="number", sort=Upload.rows_total),
            Column("maker", _("Sent by"), lambda row: row.maker_name, sort=Upload.maker_name),
            Column("sent", _("Sent"), lambda row: row.created_at, kind="date", sort=Upload.created_at),
        ),
        statement=select(Upload).where(Upload.store_id == store_id, Upload.importer.in_(titles)),
        order=(Upload.created_at.desc(), Upload.id.desc()),
        search_in=(Upload.file_name, Upload.maker_name),
        filters=(
            Filter("state", _("State"), _state_choices(), lambda value: Upload.state == UploadState(value)),
            Filter("kind", _("Kind"), [("", _("all")), *titles.items()], lambda value: Upload.importer == value),
        ),
        link=lambda row: url_for("exchange.show", upload_id=row.id),
        empty_title=_("No file has been sent yet"),
        empty_text=_("Choose what you want to import; before anything is written you see what would happen."),
        empty_action=start,
    )


def _state_choices() -> list[tuple[str, str]]:
    return [("", _("all")), *((state.value, str(word)) for state, (word, _tone) in STATES.items())]


@dataclass(frozen=True, slots=True)
class FaultPages:
    """The faults of a file, some at a time."""

    faults: Sequence[SeenFault]

    @property
    def total(self) -> int:
        """How many there are to be shown."""
        return len(self.faults)

    @property
    def pages(self) -> int:
        """How many pages that makes."""
        return max(1, -(-self.total // FAULTS_A_PAGE))

    @property
    def page(self) -> int:
        """The page asked for, within what there is."""
        return min(self.pages, max(1, whole_or(1, request.args.get("page", "1"))))

    @property
    def first(self) -> int:
        """Number of the first fault shown."""
        return (self.page - 1) * FAULTS_A_PAGE + 1

    @property
    def last(self) -> int:
        """Number of the last fault shown."""
        return min(self.total, self.page * FAULTS_A_PAGE)

    @property
    def shown(self) -> Sequence[SeenFault]:
        """The faults of this page."""
        return self.faults[self.first - 1 : self.last]

    def url(self, page: int) -> str:
        """The address of another page."""
        return url_for("exchange.show", **(request.view_args or {}), page=page)


def fault_table(report: Report) -> Table:
    """The faults as a file, to be worked through beside the original."""
    return Table(
        name="faults",
        heading=[_("Row"), _("Column"), _("Heading"), _("What is wrong")],
        rows=([fault.row, fault.letter, fault.heading, tell(fault.sentence)] for fault in report.faults),
    )


def template_table(importer: Importer) -> Table:
    """An empty file of the kind: its headings in the reader's language and an example."""
    return Table(
        name=importer.key,
        heading=[tell(field.label) for field in importer.fields],
        rows=[[field.example for field in importer.fields]],
    )
