"""The blueprint of statements and months."""

from flask import Blueprint

bp = Blueprint("payroll", __name__)
