"""An area with somebody who answers for it, and inspections of it."""

from __future__ import annotations

import io
import secrets
from collections.abc import Mapping
from datetime import date

import pytest
from PIL import Image

from incentives.core.inspection import Level
from incentives.db import db
from incentives.inspections.models import Area, Checklist, ChecklistItem, ChecklistVersion, Inspection, Section
from incentives.inspections.service import areas, inspecting
from incentives.inspections.service.inspecting import Given
from incentives.ledger import service as ledger
from tests.conftest import Cast

TODAY = date(2026, 11, 16)
MUST = "extinguisher"


@pytest.fixture
def wash(cast: Cast) -> Area:
    """The wash bay of the east store: Gang answers for it, Min leads; five items of five points, the last one a must."""
    checklist = Checklist(group_id=cast.group.id, code="short", name="短表", name_en="Short")
    db.session.add(checklist)
    db.session.flush()
    sections = [Section.SORT, Section.SORT, Section.SHINE, Section.SHINE, Section.SAFETY]
    codes = ["tools", "scrap", "floor", "windows", MUST]
    items = [
        ChecklistItem(
            code=code, place=place, section=sections[place], text=code, maximum=5, weight=1, must=code == MUST
        )
        for place, code in enumerate(codes)
    ]
    db.session.add(ChecklistVersion(checklist_id=checklist.id, number=1, published_from=date(2026, 1, 1), items=items))
    area = Area(store_id=cast.east.id, checklist_id=checklist.id, code="bay", name="洗车区", name_en="Wash bay")
    db.session.add(area)
    db.session.flush()
    for person, level in ((cast.gang, Level.OWNER), (cast.min, Level.TEAM_LEAD)):
        areas.make_responsible(area, person.id, level=level, day=date(2026, 1, 1), actor_id=cast.ma.id)
    ledger.ensure_default_rules(cast.group.id, date(2026, 1, 1))
    db.session.commit()
    return area


def inspected(
    cast: Cast,
    area: Area,
    points: Mapping[str, int | None] | None = None,
    *,
    day: date = TODAY,
    corrects: Inspection | None = None,
) -> Inspection:
    """An inspection by Sun in which everything is met but what is named."""
    told = points or {}
    version = areas.version_on(area, day)
    given = {item.code: Given(told.get(item.code, item.maximum)) for item in version.items}
    row = inspecting.submit(
        area, given, token=secrets.token_hex(16), inspector_id=cast.sun.id, day=day, corrects=corrects
    )
    db.session.commit()
    return row


def form_of(area: Area, *points: str, token: str = "t" * 32) -> dict[str, str]:
    """What the page sends when each item is given so."""
    items = areas.version_on(area, TODAY).items
    return {"token": token} | {f"points_{item.id}": told for item, told in zip(items, points, strict=True)}


def picture_bytes(kind: str = "PNG") -> bytes:
    """A small picture that carries where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "taken behind the paint shop"
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(drawn, kind, exif=exif)
    return drawn.getvalue()
