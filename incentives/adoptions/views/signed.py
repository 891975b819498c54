"""The list of who has acknowledged a rule, as a workbook and as a document: what a labour arbitration asks to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from incentives import clock
from incentives.adoptions.models import Adoption
from incentives.adoptions.service import acknowledging
from incentives.exchange.documents import as_pdf
from incentives.web import i18n
from incentives.web.filters import shown
from incentives.web.hooks import Place
from incentives.web.i18n import tell
from incentives.web.tables import Table, as_xlsx


@dataclass(frozen=True, slots=True)
class Signed:
    """What the list says, in the reader's language, read before it is written down that it was taken out."""

    title: str
    store: str
    at: datetime
    facts: Sequence[tuple[str, str]]
    rule: Sequence[str]
    done: Sequence[tuple[str, str, str]]
    """Number, name, when."""
    missing: Sequence[tuple[str, str, str]]
    """Number, name, since when it is waited for."""


def gather(here: Place, adoption: Adoption) -> Signed:
    """Everything that the list says; a handful of queries."""
    done = acknowledging.acknowledgements(adoption.id)
    missing = acknowledging.unacknowledged(here.id, clock.today(here.zone), adoption.id)
    return Signed(
        title=tell(adoption.says),
        store=here.name,
        at=clock.now(),
        facts=_facts(adoption),
        rule=[tell(sentence) for sentence in adoption.sentences],
        done=[(person.number, person.name, shown(each.at)) for each, person in done],
        missing=[(each.employee.number, each.employee.name, shown(each.since)) for each in missing],
    )


def _facts(adoption: Adoption) -> list[tuple[str, str]]:
    return [
        (_("Who was consulted"), adoption.consulted),
        (_("How"), tell(adoption.way.says)),
        (_("Consulted on"), shown(adoption.consulted_on)),
        (_("Published on"), shown(adoption.published_on)),
        (_("Published where"), adoption.published_where),
        (_("Counts from"), shown(adoption.counts_from)),
        (_("Recorded by"), adoption.recorder.name if adoption.recorder else "–"),
        (_("Digest of the words"), adoption.digest),
    ]


def as_workbook(found: Signed) -> bytes:
    """Two sheets: who has acknowledged (and who has not), and the rule with its record."""
    people = Table(
        name=_("Acknowledged"),
        heading=[_("Number"), _("Name"), _("Acknowledged"), _("Waiting since")],
        rows=[
            *([number, name, when, ""] for number, name, when in found.done),
            *([number, name, "", since] for number, name, since in found.missing),
        ],
    )
    record = Table(
        name=_("Adoption record"),
        heading=[found.title, found.store],
        rows=[*([word, value] for word, value in found.facts), *(["", sentence] for sentence in found.rule)],
    )
    return as_xlsx(people, record)


def as_document(found: Signed) -> bytes:
    """The same as a document with room to sign."""
    return as_pdf(
        "adoptions/signed",
        title=found.title,
        footer=f"{found.store} · {_('Adoption record')}",
        lang=i18n.language(),
        at=found.at,
        data={
            "facts": [list(each) for each in found.facts],
            "rule": list(found.rule),
            "rule_heading": _("The rule"),
            "done_heading": _("Acknowledged"),
            "missing_heading": _("Not yet acknowledged"),
            "columns": [_("Number"), _("Name"), _("Acknowledged")],
            "missing_columns": [_("Number"), _("Name"), _("Waiting since"), _("Signature")],
            "done": [list(each) for each in found.done],
            "missing": [[*each, ""] for each in found.missing],
            "sign": _("Recorded by, signature and date"),
        },
    )
