"""Train: choose a preset, change it, start a run, watch it learn."""

from dashboard.app import routing, services
from dashboard.train import page

routing.require("train")
page.show_page(services.worker())
