"""Latent: latent arithmetic, directions, interpolation, and the snapshots of a run."""

from dashboard.app import routing, services
from dashboard.latent.page import show_page

routing.require("latent")
show_page(services.store())
