"""The house rules for Python code, and that each of them catches what it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.house import rules
from tests.house.rules import Module
from tests.house.source import PACKAGE, ROOT, none_of

Rule = Callable[[Module], Iterator[str]]

FOR_THE_PRODUCT: tuple[Rule, ...] = (
    rules.commits_out_of_place,
    rules.floats_in_the_core,
    rules.foreign_imports_in_the_core,
    rules.clocks_of_their_own,
    rules.too_long,
    rules.names_that_say_nothing,
    rules.exceptions_without_a_reason,
    rules.pages_of_other_features,
)
FOR_TESTS: tuple[Rule, ...] = (
    rules.names_that_say_nothing,
    rules.exceptions_without_a_reason,
    rules.tests_that_are_no_sentences,
)


@cache
def below(folder: str) -> list[Module]:
    found = (path for path in sorted((ROOT / folder).rglob("*.py")) if "versions" not in path.parts)
    return [Module(PurePosixPath(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in found]


def title(rule: Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", FOR_THE_PRODUCT, ids=title)
def test_the_product_keeps_the_rule(rule: Rule) -> None:
    none_of((finding for module in below(PACKAGE.name) for finding in rule(module)), str(rule.__doc__))


@pytest.mark.parametrize("rule", FOR_TESTS, ids=title)
def test_the_tests_keep_the_rule(rule: Rule) -> None:
    none_of((finding for module in below("tests") for finding in rule(module)), str(rule.__doc__))


FAULTS: tuple[tuple[Rule, str, str], ...] = (
    (rules.commits_out_of_place, "incentives/sales/service.py", "db.session.commit()"),
    (rules.floats_in_the_core, "incentives/core/pay.py", "rate = 0.5"),
    (rules.floats_in_the_core, "incentives/core/pay.py", "def pay(base: float) -> int: ..."),
    (rules.foreign_imports_in_the_core, "incentives/core/pay.py", "import flask"),
    (rules.foreign_imports_in_the_core, "incentives/core/pay.py", "from incentives.db import db"),
    (rules.clocks_of_their_own, "incentives/sales/service.py", "datetime.now(UTC)"),
    (rules.clocks_of_their_own, "incentives/sales/service.py", "datetime.date.today()"),
    (rules.clocks_of_their_own, "incentives/sales/service.py", "time.time()"),
    (rules.too_long, "incentives/sales/service.py", "x = 1\n" * (rules.LONGEST_MODULE + 1)),
    (rules.names_that_say_nothing, "incentives/sales/utils.py", ""),
    (rules.names_that_say_nothing, "incentives/helpers/sales.py", ""),
    (rules.exceptions_without_a_reason, "incentives/sales/views.py", "x = 1  # no" + "qa: E501"),
    (rules.exceptions_without_a_reason, "incentives/sales/views.py", "x = 1  # no" + "qa"),
    (rules.exceptions_without_a_reason, "incentives/sales/views.py", "x = 1  # type: " + "ignore[misc]"),
    (rules.pages_of_other_features, "incentives/sales/views.py", 'render_template("training/index.html")'),
    (rules.tests_that_are_no_sentences, "tests/sales/test_import.py", "def test_import(): ..."),
)
FINE: tuple[tuple[Rule, str, str], ...] = (
    (rules.commits_out_of_place, "incentives/sales/views.py", "db.session.commit()"),
    (rules.commits_out_of_place, "incentives/cli/ledger.py", "db.session.commit()"),
    (rules.floats_in_the_core, "incentives/web/charts.py", "width = 0.5"),
    (rules.foreign_imports_in_the_core, "incentives/core/pay.py", "from incentives.core.money import Money"),
    (rules.clocks_of_their_own, "incentives/clock.py", "datetime.now(UTC)"),
    (rules.clocks_of_their_own, "incentives/sales/service.py", "clock.now()"),
    (rules.exceptions_without_a_reason, "incentives/sales/views.py", "x = 1  # noqa: E501 (an address)"),
    (
        rules.exceptions_without_a_reason,
        "incentives/sales/views.py",
        "x = 1  # type: ignore[misc]  # it ships no types",
    ),
    (rules.pages_of_other_features, "incentives/sales/views.py", 'render_template("sales/index.html")'),
    (rules.pages_of_other_features, "incentives/web/errors.py", 'render_template("errors/page.html")'),
)


@pytest.mark.parametrize(("rule", "path", "text"), FAULTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_is_found(rule: Rule, path: str, text: str) -> None:
    assert len(list(rule(Module(PurePosixPath(path), text)))) == 1


@pytest.mark.parametrize(("rule", "path", "text"), FINE, ids=lambda value: getattr(value, "__name__", None))
def test_what_is_as_it_should_be_is_left_alone(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Module(PurePosixPath(path), text))) == []
