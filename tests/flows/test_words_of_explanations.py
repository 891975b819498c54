"""No code of the plan format stands in what people read: plans read aloud, explanations and payslips, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from incentives.commissions.format import load
from incentives.commissions.service.catalogue import catalogue_of
from incentives.core.aloud import read_aloud
from incentives.core.errors import Sentence
from incentives.core.period import Month
from incentives.core.rows_aloud import rows_aloud
from incentives.db import db
from incentives.payroll.service import explaining, reading
from incentives.people.models import Position, Store
from incentives.web.i18n import tell
from tests.conftest import NOW

SAMPLES = sorted((Path(__file__).parents[2] / "seeds" / "reference" / "plans").glob("*.yaml"))
CODE = re.compile(r"\$\w+|\b[A-Za-z]+_\w+|\{\w*\}")
"""A parameter's name, a code with underscores, a gap that nothing filled."""
LATIN = re.compile(r"[A-Za-z][A-Za-z-]+")
AS_IN_CHINESE = {"CSI", "NPS", "PDI", "SKU", "VIN"}
"""Shortenings that a Chinese dealership says in Latin letters."""
PLANS = {file.stem for file in SAMPLES}
MONTHS = (Month(2026, 9), Month(2026, 10), Month(2026, 11))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_a_sample_plan_is_read_aloud_without_codes(demo: Flask, file: Path, language: str) -> None:
    plan = load(file.read_text(encoding="utf-8")).plan
    with demo.app_context(), force_locale(language):
        catalogue = catalogue_of(_store(), [plan])
        aloud = [*read_aloud(plan, catalogue), *(each for row in rows_aloud(plan, catalogue).values() for each in row)]
        assert aloud
        assert _codes(aloud, language) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("month", MONTHS, ids=str)
def test_the_explanations_of_a_month_are_told_without_codes(demo: Flask, month: Month, language: str) -> None:
    """Every line of everybody's statement, closed or estimated, as its page and the payslip tell it."""
    with time_machine.travel(NOW, tick=False), demo.test_request_context(), force_locale(language):
        store_id = _store()
        told = [each for statement in reading.of_store(store_id, month) for each in _told(store_id, statement)]
        db.session.rollback()
    assert told
    with demo.test_request_context(), force_locale(language):
        assert _codes(told, language) == []


def _told(store_id: int, statement: reading.ReadStatement) -> Iterator[Sentence]:
    for opened in explaining.open_all(store_id, statement):
        yield opened.answer.name
        yield from opened.answer.sentences()
        yield from (figure.sentence for figure in opened.behind)


def _store() -> int:
    return db.session.scalars(select(Store.id).where(Store.code == "HY01")).one()


def _codes(sentences: list[Sentence], language: str) -> list[str]:
    """The sentences that no reader of the language should have to read, each once."""
    codes = PLANS | set(db.session.scalars(select(Position.code)))
    hyphened = {code for code in codes if "-" in code}
    found = dict.fromkeys(tell(each) for each in sentences)
    return [
        each
        for each in found
        if CODE.search(each) or hyphened & set(LATIN.findall(each)) or (language == "zh" and _foreign(each))
    ]


def _foreign(told: str) -> set[str]:
    return set(LATIN.findall(told)) - AS_IN_CHINESE


@pytest.mark.parametrize(
    "told", ["用 $base_rate 计算", "six_s_score 达到 90%", "按 service-adviser 计", "共 {amount} 元"]
)
def test_codes_are_found(told: str) -> None:
    assert CODE.search(told) or _foreign(told)
