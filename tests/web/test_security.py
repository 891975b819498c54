"""What the security page promises of every answer, of the session and of passwords."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm.exc import StaleDataError

from incentives.core.errors import DomainError
from incentives.people import passwords, signin
from incentives.web.guards import public


def test_each_page_carries_the_promised_headers(app: Flask) -> None:
    headers = app.test_client().get("/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"


def test_only_over_https_the_browser_is_told_to_stay_there(app: Flask) -> None:
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
    secure = client.get("/sign-in", base_url="https://localhost").headers
    assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_session_lives_as_long_as_the_security_page_says(app: Flask) -> None:
    assert app.permanent_session_lifetime == timedelta(hours=12)
    assert timedelta(days=7) == signin.ABSOLUTE_LIFE


@pytest.mark.parametrize("password", ["nine char", "x7" * 65, "1111111111", "abcabcabca", "lin xiaoyu 26"])
def test_a_password_that_is_short_endless_obvious_or_ones_own_name_is_refused(password: str) -> None:
    with pytest.raises(DomainError):
        passwords.require_decent(password, "xiaoyu")


def test_a_long_sentence_is_a_good_password() -> None:
    passwords.require_decent("green cars drive slowly", "xiaoyu")


def test_whoever_was_overtaken_between_reading_and_writing_is_told_so(app: Flask) -> None:
    def overtaken() -> str:
        raise StaleDataError

    app.add_url_rule("/overtaken", "overtaken", public(overtaken))
    answer = app.test_client().get("/overtaken")
    assert answer.status_code == 409
