"""MNIST  (LeCun et al. 1998)."""

from gan_core.data.source import DIGITS, from_torchvision

SOURCE = from_torchvision("MNIST", title="handwritten digits of MNIST", classes=DIGITS, placed_as_mnist=True)
