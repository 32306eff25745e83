"""Latent: add and subtract seeds, bend the result under the finger, travel through training."""

from dashboard.app import routing, services
from dashboard.latent import page

routing.require("latent")
page.show(services.store().runs())
