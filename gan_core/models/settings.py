"""Settings that several families have, with the same bounds and words. A family takes one by `dropout: float = ...`."""

from typing import Any

from gan_core.config.fields import knob

# Any: a field of pydantic, where the class that takes it declares the type
OUTPUT: Any = knob("tanh", "Last nonlinearity; must fit data.value_range.")
ACTIVATION: Any = knob("leaky_relu", "Nonlinearity of the hidden layers (LeakyReLU with slope 0.2).")
UNIT_DROPOUT: Any = knob(0.0, "Share of hidden units dropped in training.", ge=0, le=0.9)
CHANNEL_DROPOUT: Any = knob(0.0, "Share of channels dropped after each hidden layer in training.", ge=0, le=0.9)
SPECTRAL_NORM: Any = knob(
    False, "Divide each weight by its largest singular value.", source="Miyato et al. 2018, eq. 8"
)
