"""Sentences travel with their values and are only put together where they are read."""

from __future__ import annotations

import json

import pytest

from incentives.core.errors import Conflict, DomainError, Faults, NotAllowed, NotFound, from_plain, say


def test_a_sentence_fills_its_values_in() -> None:
    inner = say("{days} days", days=3)
    assert str(say("Due in {when}, {who}.", when=inner, who="Lin")) == "Due in 3 days, Lin."


def test_a_sentence_survives_storage_as_json() -> None:
    sentence = say("Due in {when}, {who}.", when=say("{days} days", days=3), who="Lin")
    assert from_plain(json.loads(json.dumps(sentence.as_plain()))) == sentence


def test_equal_sentences_are_equal_keys() -> None:
    assert len({say("{a} and {b}", a="1", b="2"), say("{a} and {b}", b="2", a="1")}) == 1


def test_a_stored_sentence_without_values_is_refused() -> None:
    with pytest.raises(TypeError):
        from_plain({"say": "x", "with": None})


@pytest.mark.parametrize(
    ("kind", "status"), [(DomainError, 422), (NotAllowed, 403), (NotFound, 404), (Conflict, 409)], ids=str
)
def test_a_refusal_says_its_sentence(kind: type[DomainError], status: int) -> None:
    refusal = kind(say("{month} is closed.", month="2026-10"))
    assert (str(refusal), refusal.status) == ("2026-10 is closed.", status)


def test_many_faults_are_kept_one_by_one() -> None:
    faults = Faults(say("The file has faults."), (say("Row {n}", n=n) for n in (2, 5)))
    assert [str(fault) for fault in faults.faults] == ["Row 2", "Row 5"]
