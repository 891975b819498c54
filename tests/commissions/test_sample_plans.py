"""The sample plans that every group starts with pay what their own examples say."""

from __future__ import annotations

from pathlib import Path

import pytest

from incentives.commissions.format import PlanDocument, dump, load
from incentives.core.aloud import read_aloud
from incentives.core.samples import mismatches

FOLDER = Path(__file__).parents[2] / "seeds" / "reference" / "plans"
FILES = sorted(FOLDER.glob("*.yaml"))


def document(file: Path) -> PlanDocument:
    return load(file.read_text(encoding="utf-8"))


def test_there_are_samples_for_the_usual_positions() -> None:
    assert len(FILES) >= 8


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_plan_reproduces_its_own_examples(file: Path) -> None:
    sample = document(file)
    assert sample.plan.code == file.stem
    assert sample.examples
    for example in sample.examples:
        assert mismatches(sample.plan, example) == []
        assert any(person.total is not None for person in example.people)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_plan_survives_writing_with_its_examples(file: Path) -> None:
    sample = document(file)
    assert load(dump(sample)) == sample


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sample_plan_is_read_aloud_with_every_figure_it_names(file: Path) -> None:
    sample = document(file)
    told = " ".join(str(sentence) for sentence in read_aloud(sample.plan))
    assert "{" not in told
    for line in sample.plan.lines:
        assert line.label.en in told
