"""Fashion-MNIST  (Xiao et al. 2017)."""

from gan_core.data.source import from_torchvision

CLASSES = ("T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")

SOURCE = from_torchvision("FashionMNIST", title="pieces of clothing of Fashion-MNIST", classes=CLASSES)
