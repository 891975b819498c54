"""Whole plans told to the last word: no sentence, figure or key of an explanation changes unseen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from incentives.commissions.format import dump, load
from incentives.core.explain import explanation_from_plain, recompute
from incentives.core.money import FEN_PER_YUAN, Money
from incentives.core.samples import run
from tests.core.transcripts import CATALOGUE, plans, transcript


def _title(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", plans(), ids=_title)
def test_every_sentence_of_a_plan_and_of_its_explanations_stands_as_it_was_read(path: Path) -> None:
    assert transcript(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", plans(), ids=_title)
def test_every_line_is_worked_out_again_from_what_was_stored_of_it(path: Path) -> None:
    document = load(path.read_text(encoding="utf-8"))
    for line in run(document.plan, document.examples[0], CATALOGUE).lines:
        if line.explanation is None:
            assert line.missing
            continue
        stored = json.loads(json.dumps(line.explanation.as_plain(), ensure_ascii=False))
        assert explanation_from_plain(stored) == line.explanation
        assert Money.rounded(recompute(explanation_from_plain(stored)) * FEN_PER_YUAN) == line.amount


@pytest.mark.parametrize("path", plans(), ids=_title)
def test_the_plan_is_written_without_loss(path: Path) -> None:
    document = load(path.read_text(encoding="utf-8"))
    assert load(dump(document)) == document
