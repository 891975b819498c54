"""Every sentence has one Chinese translation, whole and sure, that names the same values."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import catalogues
from tests.house.source import none_of


def test_every_sentence_is_translated() -> None:
    missing = catalogues.missing(catalogues.said(), catalogues.translated())
    none_of(missing, "add these to incentives/locale/zh/<feature>.po:")


def test_no_translation_is_left_over() -> None:
    unused = catalogues.unused(catalogues.said(), catalogues.translated())
    none_of(unused, "nobody says these any more:")


def test_no_sentence_is_translated_twice() -> None:
    doubled = catalogues.doubled(catalogues.translated())
    none_of(doubled, "keep one of each:")


def test_no_translation_is_empty_unsure_or_short_of_a_value() -> None:
    spoilt = catalogues.spoilt(catalogues.translated())
    none_of(spoilt, "put these right:")


def test_every_sentence_is_written_out_where_it_is_said() -> None:
    unreadable = catalogues.unreadable()
    none_of(unreadable, "write the text out in the call, or translate it where it is made:")


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def small_house(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A package, templates and catalogues of a few lines, to plant faults in."""
    package, templates, locale = (tmp_path / name for name in ("package", "templates", "locale"))
    for folder in (package, templates, locale):
        folder.mkdir()
    (package / "service.py").write_text('say("{month} is closed.", month=m)\n_l("Name")\n', encoding="utf-8")
    (templates / "page.html").write_text(
        "{{ _('Save') }}{{ ngettext('%(num)s day', '%(num)s days', n) }}{% trans %}Name{% endtrans %}", encoding="utf-8"
    )
    return package, templates, locale


def test_sentences_are_found_in_code_and_in_templates(small_house: tuple[Path, Path, Path]) -> None:
    package, templates, _ = small_house
    assert set(catalogues.said(package, templates)) == {
        "{month} is closed.", "Name", "Save", ("%(num)s day", "%(num)s days"),
    }  # fmt: skip


def test_planted_faults_are_found(small_house: tuple[Path, Path, Path]) -> None:
    package, templates, locale = small_house
    (locale / "a.po").write_text(
        HEADER
        + 'msgid "Name"\nmsgstr "姓名"\n\nmsgid "Name"\nmsgstr "名称"\n\n'
        + 'msgid "{month} is closed."\nmsgstr "{moon}已结账"\n\nmsgid "Gone"\nmsgstr "没了"\n\n'
        + '#, fuzzy\nmsgid "Save"\nmsgstr ""\n',
        encoding="utf-8",
    )
    sentences, entries = catalogues.said(package, templates), catalogues.translated(locale)
    assert catalogues.missing(sentences, entries) == ["page.html: '%(num)s day'"]
    assert [finding.split(": ", 1)[1] for finding in catalogues.unused(sentences, entries)] == ["'Gone'"]
    assert [finding.split(" stands", 1)[0] for finding in catalogues.doubled(entries)] == ["'Name'"]
    assert [finding.split(": ", 2)[2] for finding in catalogues.spoilt(entries)] == [
        "values differ: month against moon", "empty", "fuzzy",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [("%(a)s of {b}", {"a", "b"}), ("{n:,} pieces", {"n"}), ("100 % {{x}}", set()), ("%(num)d", {"num"})],
)
def test_values_are_recognised_in_both_notations(text: str, names: set[str]) -> None:
    assert catalogues.placeholders(text) == names
