"""Runs: find them, open them, keep them in order, carry them elsewhere; and who trains next."""

from dashboard import session, shell
from dashboard.runs import page

shell.require("runs")
page.show(session.worker(), session.store().runs())
