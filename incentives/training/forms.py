"""Sessions, rosters and quotas, from what was typed to the house's own types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField, TimeField, widgets
from wtforms.validators import ValidationError

from incentives.core.attendance import Attendance as State
from incentives.core.errors import DomainError, say
from incentives.training.models import TrainingSession
from incentives.training.service.quotas import MOST
from incentives.training.service.roster import Mark
from incentives.training.service.sessions import LARGEST_ROOM, Particulars
from incentives.web.forms import (
    Between,
    ChoiceField,
    DayField,
    Form,
    Needed,
    WholeField,
    id_or_none,
    note,
    optional_choices,
    text,
)
from incentives.web.i18n import tell
from incentives.web.sent import whole, whole_or


def _version(sent: object) -> int:
    """The version that was on the page; nonsense counts as an old one."""
    return whole_or(-1, sent)


class _Positions(SelectMultipleField):
    """Ticks for positions. An unknown id is refused in a sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the ids."""
        self.data = [number for value in valuelist if (number := whole(value)) is not None]
        if len(self.data) < len(valuelist):
            raise ValueError(_("Please choose one of the list."))

    def pre_validate(self, form: object) -> None:
        """Refuse what is not in the list."""
        offered = {choice[0] for choice in self.iter_choices()}
        if not set(self.data or ()) <= offered:
            raise ValidationError(_("Please choose one of the list."))


class SessionForm(Form):
    """A session to be planned or changed."""

    kind = ChoiceField(_l("Kind of training"), coerce=int)
    topic = text(_l("Topic"), most=120)
    day = DayField(_l("Day"))
    starts = TimeField(_l("From"), [Needed()])
    ends = TimeField(_l("To"), [Needed()])
    place = text(_l("Place"), needed=False, most=120)
    trainer = ChoiceField(_l("Trainer"), coerce=id_or_none)
    trainer_name = text(
        _l("Trainer from outside"), needed=False, most=60, description=_l("Only if nobody is chosen above.")
    )
    positions = _Positions(
        _l("Who is called"),
        coerce=int,
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
        description=_l("Lectures for customers need nobody."),
    )
    capacity = WholeField(_l("Places"), [Between(1, LARGEST_ROOM)])
    notes = note(_l("Notes"), needed=False)
    seen = HiddenField(default="0")

    def offer(
        self, kinds: Sequence[tuple[int, str]], people: Sequence[tuple[int, str]], positions: Sequence[tuple[int, str]]
    ) -> None:
        """Fill the lists."""
        self.kind.choices, self.positions.choices = list(kinds), list(positions)
        self.trainer.choices = optional_choices(people)

    def show(self, session: TrainingSession, zone: str) -> None:
        """Fill in a session as it stands."""
        begins, ends = session.starts_at.astimezone(ZoneInfo(zone)), session.ends_at.astimezone(ZoneInfo(zone))
        self.kind.data, self.topic.data, self.place.data = session.kind_id, session.topic, session.place
        self.day.data, self.starts.data, self.ends.data = begins.date(), begins.time(), ends.time()
        self.trainer.data, self.trainer_name.data = session.trainer_id, session.trainer_name
        self.positions.data, self.capacity.data = sorted(session.position_ids), session.capacity
        self.notes.data, self.seen.data = session.notes, str(session.version)

    def particulars(self, zone: str) -> Particulars:
        """The session as typed, its moments in the store's zone."""
        place = ZoneInfo(zone)
        return Particulars(
            kind_id=self.kind.data,
            topic=str(self.topic.data),
            starts_at=datetime.combine(self.day.data, self.starts.data, place),  # type: ignore[arg-type]  # filled in
            ends_at=datetime.combine(self.day.data, self.ends.data, place),  # type: ignore[arg-type]  # filled in
            trainer_id=self.trainer.data,
            trainer_name=self.trainer_name.data or "",
            position_ids=frozenset(self.positions.data or ()),
            place=self.place.data or "",
            capacity=self.capacity.data,
            notes=self.notes.data or "",
        )

    def seen_version(self) -> int:
        """The version of the session that was on the page."""
        return _version(self.seen.data)


class RosterForm(Form):
    """A whole roster: for each person ``seen-ID``, what the page showed, and ``state-ID``, what was chosen."""

    def marks(self, sent: Mapping[str, str]) -> list[Mark]:
        """What was chosen of each person. The button for everybody else turns *not recorded* into *present*.

        Raises:
            DomainError: a state is none, or an id is none.
        """
        chosen = {name: value for name, value in sent.items() if name.startswith("state-")}
        marks = [_mark(name.removeprefix("state-"), value, sent) for name, value in chosen.items()]
        return [_present(mark) for mark in marks] if "everybody" in sent else marks


def _mark(employee_id: str, chosen: str, sent: Mapping[str, str]) -> Mark:
    seen = sent.get(f"seen-{employee_id}", State.NOT_RECORDED.value)
    number = whole(employee_id)
    if number is None or not {chosen, seen} <= set(State):
        raise DomainError(say("This roster was not understood. Load the page again."))
    return Mark(number, State(seen), State(chosen))


def _present(mark: Mark) -> Mark:
    return mark if mark.chosen is not State.NOT_RECORDED else Mark(mark.employee_id, mark.seen, State.PRESENT)


class CorrectionForm(Form):
    """What is right, and why."""

    state = ChoiceField(_l("Attendance"))
    reason = text(_l("Reason"))
    seen = HiddenField()

    def offer_states(self) -> None:
        """Offer the five states."""
        self.state.choices = [(state.value, tell(state.says)) for state in State]

    def seen_state(self) -> State:
        """What the page showed; nonsense counts as not recorded."""
        sent = str(self.seen.data)
        return State(sent) if sent in set(State) else State.NOT_RECORDED


class WalkInForm(Form):
    """Somebody who was not called."""

    person = ChoiceField(_l("Person"), coerce=id_or_none)
    name = text(_l("Name"), needed=False, most=60, description=_l("Not in the list? Write the name; link it later."))


class LinkForm(Form):
    """Who a walk-in was."""

    person = ChoiceField(_l("Person"), coerce=int)


class ConfirmForm(Form):
    """Nothing but the button."""

    confirmed = HiddenField(default="yes")


class QuotaForm(Form):
    """Both sides of a kind's quota for a year."""

    held = WholeField(_l("Sessions held by the department"), [Needed(), Between(0, MOST)])
    seen = HiddenField(default="0")

    def seen_version(self) -> int:
        """The version of the quota that was on the page."""
        return _version(self.seen.data)

    @property
    def by_position(self) -> dict[int, Any]:
        """The field of each position."""
        named = [field for field in self if field.name.startswith(_POSITION)]
        return {int(field.name.removeprefix(_POSITION)): field for field in named}

    def asked(self) -> dict[int, int]:
        """What each position is asked; none and zero both ask nothing."""
        return {position_id: field.data for position_id, field in self.by_position.items() if field.data}


_POSITION = "position_"


def quota_form(positions: Sequence[tuple[int, str]], asked: Mapping[int, int], held: int, version: int) -> QuotaForm:
    """The form with a figure for each position of the group, filled with what is asked now."""
    fields = {
        f"{_POSITION}{position_id}": WholeField(name, [Between(0, MOST)], default=asked.get(position_id))
        for position_id, name in positions
    }
    made = type("PositionsQuotaForm", (QuotaForm,), fields)
    form: QuotaForm = made(held=held, seen=str(version))
    return form


class KindForm(Form):
    """A kind of training's particulars."""

    name = text(_l("Chinese name"), most=60)
    name_en = text(_l("English name"), needed=False, most=60)
    late_counts = BooleanField(_l("Late counts as attended"))
    active = BooleanField(_l("In use"))
    seen = HiddenField()

    def seen_version(self) -> int:
        """The version of the kind that was on the page."""
        return _version(self.seen.data)
