"""Runs: find, open, rename, export, import and delete them; the queue of runs to train."""

from dashboard.app import routing, services
from dashboard.runs.page import show_page

routing.require("runs")
show_page(services.worker())
