"""Latent: add and subtract seeds, bend the result under the finger, travel through training."""

from dashboard import session, shell
from dashboard.latent import page

shell.require("latent")
page.show(session.store().runs())
