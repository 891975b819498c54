"""Forms for the rules of points and scores."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from incentives.core.points import PointsFact
from incentives.core.score import Part
from incentives.web.forms import Between, ChoiceField, DayField, Form, MonthField, Needed, WholeField
from incentives.web.i18n import tell

WHOLE = 100
MOST_POINTS = 10_000


def _weight(label: object) -> WholeField:
    return WholeField(label, [Needed(), Between(least=0, most=WHOLE)])


class WeightsForm(Form):
    """How much each part counts in the score of a position."""

    from_month = MonthField(_l("From month"), [Needed()])
    revenue = _weight(_l("Revenue target"))
    accessories = _weight(_l("Accessories"))
    training = _weight(_l("Training attended"))
    six_s = _weight(_l("6S"))
    conduct = _weight(_l("Conduct and recognition"))

    def chosen(self) -> Iterator[tuple[Part, int]]:
        """The weights as typed."""
        return ((part, self[part.value].data) for part in Part)


class PointsRuleForm(Form):
    """So many points for so much of a kind of fact, from a day on."""

    fact = ChoiceField(_l("For what"))
    points = WholeField(_l("Points"), [Needed(), Between(least=1, most=MOST_POINTS)])
    per = WholeField(
        _l("For each"),
        [Needed(), Between(least=1, most=1_000_000)],
        default=1,
        description=_l("Yuan received of a sale; one of anything else."),
    )
    starts = DayField(_l("From day"))

    def offer(self) -> None:
        """Offer the kinds of facts that earn points."""
        self.fact.choices = [(fact.value, tell(fact.says)) for fact in PointsFact]
