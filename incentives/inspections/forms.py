"""Forms of 6S: an inspection with a card for each item, findings, areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FileField, FormField, HiddenField, StringField
from wtforms.validators import ValidationError

from incentives.core.inspection import Level
from incentives.exchange.pictures import ACCEPT
from incentives.inspections.models import ChecklistItem, ChecklistVersion, ConductFault, Section
from incentives.inspections.service.checklists import MOST_ITEMS, Line
from incentives.inspections.service.inspecting import Given
from incentives.web.forms import Between, ChoiceField, DayField, Form, Needed, WholeField, longest, note, text
from incentives.web.i18n import tell
from incentives.web.sent import whole_or

LONGEST_WORDS = 500
LONGEST_ITEM = 200
LONGEST_GUIDANCE = 300
LONGEST_CODE = 40
MOST_POINTS = 10
EMPTY_LINES = 3
NOT_APPLICABLE = "na"
_PICTURE = {"accept": ACCEPT, "capture": "environment"}


def sent_picture(field: Any) -> bytes:
    """The bytes of a file field; none if nothing was chosen."""
    return field.data.read() if hasattr(field.data, "read") else b""


def _picture(label: Any) -> FileField:
    return FileField(label, render_kw=_PICTURE)


class _Points:
    """An answer is "not applicable" or whole points up to the item's maximum; none at all is refused."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse everything else."""
        if not field.data:
            raise ValidationError(_("Please choose an answer."))
        allowed = {NOT_APPLICABLE, *map(str, range(self.maximum + 1))}
        if field.data not in allowed:
            raise ValidationError(_("Choose 0 to %(maximum)d points, or “not applicable”.", maximum=self.maximum))


class InspectionForm(Form):
    """The token that lets it out once; the items' fields come with :func:`inspection_form`."""

    token = HiddenField()

    def given(self, item: ChecklistItem, photo_id: int | None) -> Given:
        """What an item was given on the page."""
        told = str(self[f"points_{item.id}"].data)
        points = None if told == NOT_APPLICABLE else int(told)
        return Given(points, self[f"note_{item.id}"].data or "", photo_id)

    def picture(self, item: ChecklistItem) -> bytes:
        """The photograph that was sent with an item."""
        return sent_picture(self[f"photo_{item.id}"])


def inspection_form(version: ChecklistVersion, words: Mapping[int, str], **values: Any) -> InspectionForm:
    """A form with points, note and photograph for each item; ``words`` are the items' texts by id."""
    fields: dict[str, Any] = {}
    for item in version.items:
        fields[f"points_{item.id}"] = StringField(words[item.id], [_Points(item.maximum)])
        fields[f"note_{item.id}"] = StringField(_l("Note"), [longest(LONGEST_WORDS)])
        fields[f"photo_{item.id}"] = _picture(_l("Photo"))
    kind: type[InspectionForm] = type("FilledInspectionForm", (InspectionForm,), fields)
    return kind(**values)


class _SeenForm(Form):
    seen = HiddenField()

    def seen_version(self) -> int:
        """The version of the finding that was on the page; nonsense counts as an old one."""
        return whole_or(0, self.seen.data)


class AnswerForm(_SeenForm):
    """What was done about a finding."""

    words = note(_l("What was done"), most=LONGEST_WORDS)
    photo = _picture(_l("Photo after"))


class RecheckForm(_SeenForm):
    """How an inspector found it."""

    words = note(_l("How you found it"), most=LONGEST_WORDS)
    outcome = ChoiceField(_l("Outcome"), choices=[("close", _l("put right: close it")), ("back", _l("send it back"))])


class ConductForm(Form):
    """A fault in somebody's conduct."""

    person = ChoiceField(_l("Person"), coerce=int)
    fault = ChoiceField(_l("What it is about"))
    reason = note(_l("What was seen"), most=LONGEST_WORDS, description=_l("When, where, which car or job."))
    photo = _picture(_l("Photo"))

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Offer the store's people and the faults the plan names."""
        self.person.choices = people
        self.fault.choices = [(fault.value, tell(fault.says)) for fault in ConductFault]


class AreaForm(Form):
    """A new area."""

    name = text(_l("Chinese name"), most=60)
    name_en = text(_l("English name"), needed=False, most=60)


class ResponsibleForm(Form):
    """Who answers for an area from a day on."""

    person = ChoiceField(_l("Person"), coerce=int)
    level = ChoiceField(_l("As"))
    day = DayField(_l("From"))

    def offer(self, people: list[tuple[int, str]]) -> None:
        """Offer the store's people, and both levels."""
        self.person.choices = people
        self.level.choices = [(level.value, tell(level.says)) for level in (Level.OWNER, Level.TEAM_LEAD)]


def _words(label: Any, most: int) -> StringField:
    return text(label, needed=False, most=most)


class LineForm(Form):
    """An item of a checklist that is being revised."""

    class Meta(Form.Meta):
        """Part of a form that has the token."""

        csrf = False

    code = HiddenField(validators=[longest(LONGEST_CODE)])
    section = ChoiceField(_l("Section"))
    text = _words(_l("Item"), LONGEST_ITEM)
    text_en = _words(_l("Item in English"), LONGEST_ITEM)
    guidance = _words(_l("Guidance"), LONGEST_GUIDANCE)
    guidance_en = _words(_l("Guidance in English"), LONGEST_GUIDANCE)
    maximum = WholeField(_l("Most points"), [Needed(), Between(1, MOST_POINTS)], default=2)
    weight = WholeField(_l("Weight"), [Needed(), Between(1, MOST_POINTS)], default=1)
    must = BooleanField(_l("Must: fails its section if it is not met"))

    def line(self) -> Line:
        """The item as typed."""
        return Line(
            code=str(self.code.data or ""),
            section=Section(self.section.data),
            text=str(self.text.data),
            text_en=self.text_en.data or "",
            guidance=self.guidance.data or "",
            guidance_en=self.guidance_en.data or "",
            maximum=self.maximum.data,
            weight=self.weight.data,
            must=bool(self.must.data),
        )


class ChecklistForm(Form):
    """A new version of the checklist. A line without a text is left out; the last lines are for new items."""

    seen = HiddenField()
    day = DayField(_l("First day of the version"))
    lines = FieldList(FormField(LineForm), max_entries=MOST_ITEMS)

    def show(self, version: ChecklistVersion) -> None:
        """Fill in a copy of a version, and some empty lines."""
        self.seen.data = str(version.number)
        for item in version.items:
            self.lines.append_entry(item)
        for _number in range(EMPTY_LINES):
            self.lines.append_entry()

    def offer(self) -> None:
        """Offer the six S."""
        for entry in self.lines:
            entry.form.section.choices = [(section.value, tell(section.says)) for section in Section]

    def published(self) -> list[Line]:
        """The items that have a text, in order."""
        return [entry.form.line() for entry in self.lines if entry.form.text.data]

    def seen_number(self) -> int:
        """The number of the version that was copied."""
        return whole_or(0, self.seen.data)
