"""The form of an adoption, for whatever rule is adopted, and of further evidence."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, MultipleFileField

from incentives.adoptions.models import Way
from incentives.adoptions.service.adopting import Consultation
from incentives.exchange.papers import ACCEPT
from incentives.web.forms import ChoiceField, DayField, Form, note, text
from incentives.web.i18n import tell


class EvidenceForm(Form):
    """Pictures and PDF files."""

    files = MultipleFileField(
        _l("Evidence"),
        description=_l("Minutes, signatures, a photo of the notice board: pictures or PDF."),
        render_kw={"accept": ACCEPT},
    )

    @property
    def sent(self) -> list[tuple[str, bytes]]:
        """Name and content of each file that was chosen."""
        chosen: list[Any] = [each for each in self.files.data or [] if hasattr(each, "read") and each.filename]
        return [(str(each.filename), bytes(each.read())) for each in chosen]


class AdoptionForm(EvidenceForm):
    """Who was heard and how, when and where it was published, and from when it counts."""

    consulted = note(
        _l("Who was consulted"),
        description=_l("By name: staff, their representatives, the trade union; and what they said."),
    )
    way = ChoiceField(_l("How"))
    consulted_on = DayField(_l("Consulted on"))
    published_on = DayField(_l("Published on"))
    published_where = text(_l("Published where"), description=_l("Notice board, group chat, handed out …"))
    counts_from = DayField(_l("Counts from"), description=_l("Today at the earliest: a rule never reaches back."))

    def offer(self) -> None:
        """Fill the choices."""
        self.way.choices = [(each.value, tell(each.says)) for each in Way]

    def record(self) -> Consultation:
        """What was typed, once it was found in order."""
        return Consultation(
            consulted=str(self.consulted.data),
            way=Way(self.way.data),
            consulted_on=self.consulted_on.data,
            published_on=self.published_on.data,
            published_where=str(self.published_where.data),
            counts_from=self.counts_from.data,
        )


class AcknowledgeForm(Form):
    """One button, and the digest of the words that stood over it."""

    digest = HiddenField()
