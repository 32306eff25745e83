"""Runs: find them, open them, keep them in order, carry them elsewhere; and who trains next."""

from dashboard.app import routing, services
from dashboard.runs import page

routing.require("runs")
page.show(services.worker(), services.store().runs())
